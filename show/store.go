package show

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const columns = `id, title, description, thumbnail_url, version, created_by, created_at, updated_at`

// titleKey is the sort key of a list by title.
type titleKey struct {
	Title string `json:"t"`
	ID    string `json:"i"`
}

func insertShow(ctx context.Context, tx *sqldb.Tx, s Show) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_shows (`+columns+`, title_folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.Title, s.Description, s.ThumbnailURL, s.Version, s.CreatedBy,
		sqldb.Time{Time: s.CreatedAt}, sqldb.Time{Time: s.UpdatedAt}, sqltext.Fold(s.Title))
	if err != nil {
		return fmt.Errorf("insert show: %w", err)
	}
	return nil
}

func updateShow(ctx context.Context, tx *sqldb.Tx, s Show, deleted *time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_shows SET title = $2, title_folded = $3, description = $4, thumbnail_url = $5,
		version = $6, updated_at = $7, deleted_at = $8 WHERE id = $1`,
		s.ID, s.Title, sqltext.Fold(s.Title), s.Description, s.ThumbnailURL, s.Version,
		sqldb.Time{Time: s.UpdatedAt}, sqldb.OptionalTime(deleted))
	if err != nil {
		return fmt.Errorf("update show: %w", err)
	}
	return nil
}

// selectShow returns a living show; lock is the suffix that locks its row.
func selectShow(ctx context.Context, q sqldb.Querier, id, lock string) (Show, error) {
	return scanOne(q.QueryRowContext(ctx, `SELECT `+columns+` FROM callboard_shows WHERE id = $1 AND deleted_at IS NULL`+lock, id))
}

// maxWanted is how many keys one statement looks for.
const maxWanted = 512

// selectBy returns the living shows that have one of the values in a column, in no order.
func selectBy(ctx context.Context, q sqldb.Querier, column string, values []string) ([]Show, error) {
	var found []Show
	for chunk := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(values))), maxWanted) {
		args := make([]any, 1<<bits.Len(uint(len(chunk)-1))) // so that there are few texts to be prepared; NULL equals nothing
		for i, value := range chunk {
			args[i] = value
		}
		rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM callboard_shows
			WHERE `+column+` IN (`+sqltext.Placeholders(1, len(args))+`) AND deleted_at IS NULL`, sqldb.PlannedAnew(q, args...)...)
		part, err := sqldb.Collect(rows, err, "find shows", scanShow)
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	return found, nil
}

func scanOne(row *sql.Row) (Show, error) {
	s, err := scanShow(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Show{}, callboard.NotFound("show")
	}
	if err != nil {
		return Show{}, fmt.Errorf("read show: %w", err)
	}
	return s, nil
}

func selectShows(ctx context.Context, q sqldb.Querier, after titleKey, limit int) ([]Show, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM callboard_shows
		WHERE deleted_at IS NULL AND (title_folded, id) > ($1, $2) ORDER BY title_folded, id LIMIT $3`,
		after.Title, after.ID, limit)
	return sqldb.Collect(rows, err, "read shows", scanShow)
}

func scanShow(row sqldb.Scanner) (Show, error) {
	var (
		s                Show
		created, updated sqldb.Time
	)
	err := row.Scan(&s.ID, &s.Title, &s.Description, &s.ThumbnailURL, &s.Version, &s.CreatedBy, &created, &updated)
	s.CreatedAt, s.UpdatedAt = created.Time, updated.Time
	return s, err
}
