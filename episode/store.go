package episode

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const columns = `id, show_id, season_number, episode_number, title, description, air_date, status, categories, ` +
	`thumbnail_url, version, created_by, created_at, updated_at, deleted_at`

func insertEpisode(ctx context.Context, tx *sqldb.Tx, e Episode) error {
	const query = `INSERT INTO callboard_episodes (` + columns + `, title_folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	if e.ShowID == nil { // outside of shows nothing can clash, so nobody needs to know at once
		return writeError(tx.Queue(ctx, query, insertRow(e)...), "insert")
	}
	_, err := tx.ExecContext(ctx, query, insertRow(e)...)
	return writeError(err, "insert")
}

func insertRow(e Episode) []any {
	return []any{
		e.ID, e.ShowID, e.SeasonNumber, e.EpisodeNumber, e.Title, e.Description, e.AirDate, e.Status,
		encodeCategories(e.Categories), e.ThumbnailURL, e.Version, e.CreatedBy,
		sqldb.Time{Time: e.CreatedAt}, sqldb.Time{Time: e.UpdatedAt}, sqldb.OptionalTime(e.DeletedAt), sqltext.Fold(e.Title),
	}
}

func insertColumns() []string { return strings.Split(columns+", title_folded", ", ") }

func updateEpisode(ctx context.Context, tx *sqldb.Tx, e Episode) error {
	query, args := updateStatement(e)
	_, err := tx.ExecContext(ctx, query, args...)
	return writeError(err, "update")
}

func updateStatement(e Episode) (query string, args []any) {
	return `UPDATE callboard_episodes SET show_id = $2, season_number = $3, episode_number = $4, title = $5,
		title_folded = $6, description = $7, air_date = $8, status = $9, categories = $10, thumbnail_url = $11,
		version = $12, updated_at = $13, deleted_at = $14 WHERE id = $1`, []any{
			e.ID, e.ShowID, e.SeasonNumber, e.EpisodeNumber, e.Title, sqltext.Fold(e.Title), e.Description, e.AirDate, e.Status,
			encodeCategories(e.Categories), e.ThumbnailURL, e.Version, sqldb.Time{Time: e.UpdatedAt}, sqldb.OptionalTime(e.DeletedAt),
		}
}

// writeError names the only rule that the database itself keeps for episodes.
func writeError(err error, verb string) error {
	switch {
	case err == nil:
		return nil
	case sqldb.IsUniqueViolation(err):
		return errNumberTaken(err)
	}
	return fmt.Errorf("%s episode: %w", verb, err)
}

func errNumberTaken(cause error) error {
	return &callboard.Error{
		Code: callboard.CodeConflict, Message: "the show already has an episode with this number", Err: cause,
		Fields: []callboard.FieldError{{Field: "episode_number", Message: "is taken in this season of the show"}},
	}
}

func encodeCategories(categories []string) string {
	b, err := json.Marshal(categories)
	if err != nil {
		panic(err) // strings always encode
	}
	return string(b)
}

// selectEpisode returns an episode, deleted or not; lock is the suffix that locks its row.
func selectEpisode(ctx context.Context, q sqldb.Querier, id, lock string) (Episode, error) {
	e, err := scanEpisode(q.QueryRowContext(ctx, `SELECT `+columns+` FROM callboard_episodes WHERE id = $1`+lock, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Episode{}, callboard.NotFound("episode")
	}
	if err != nil {
		return Episode{}, fmt.Errorf("read episode: %w", err)
	}
	return e, nil
}

// selectLiving is selectEpisode for one that is not deleted.
func selectLiving(ctx context.Context, q sqldb.Querier, id, lock string) (Episode, error) {
	e, err := selectEpisode(ctx, q, id, lock)
	if err == nil && e.DeletedAt != nil {
		return Episode{}, callboard.NotFound("episode")
	}
	return e, err
}

// nextNumber returns the number after the highest of a season, from the right-hand end of the unique index. The caller
// holds the show exclusively.
func nextNumber(ctx context.Context, q sqldb.Querier, showID string, season *int) (int, error) {
	var highest int
	err := q.QueryRowContext(ctx, `SELECT episode_number FROM callboard_episodes
		WHERE show_id = $1 AND coalesce(season_number, -1) = $2 AND episode_number IS NOT NULL AND deleted_at IS NULL
		ORDER BY episode_number DESC LIMIT 1`, showID, orMinusOne(season)).Scan(&highest)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find next episode number: %w", err)
	}
	return highest + 1, nil
}

// CountInShow returns how many living episodes a show has.
func (s *Service) CountInShow(ctx context.Context, tx *sqldb.Tx, showID string) (int, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM callboard_episodes WHERE show_id = $1 AND deleted_at IS NULL`, showID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count episodes: %w", err)
	}
	return n, nil
}

func scanEpisode(row sqldb.Scanner) (Episode, error) {
	var (
		e                         Episode
		categories                string
		created, updated, deleted sqldb.Time
	)
	err := row.Scan(&e.ID, &e.ShowID, &e.SeasonNumber, &e.EpisodeNumber, &e.Title, &e.Description, &e.AirDate, &e.Status,
		&categories, &e.ThumbnailURL, &e.Version, &e.CreatedBy, &created, &updated, &deleted)
	if err != nil {
		return e, err
	}
	e.CreatedAt, e.UpdatedAt, e.DeletedAt = created.Time, updated.Time, deleted.Ptr()
	if err := json.Unmarshal([]byte(categories), &e.Categories); err != nil {
		return e, fmt.Errorf("categories of episode %s: %w", e.ID, err)
	}
	return e, nil
}

// DeletedAmong returns those of the episodes that were deleted before t and not restored since. Within a transaction it also
// keeps them from being restored until that ends.
func (s *Service) DeletedAmong(ctx context.Context, q sqldb.Querier, ids []string, t time.Time) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{sqldb.Time{Time: t}}
	for _, id := range ids {
		args = append(args, id)
	}
	lock := ""
	if _, within := q.(*sqldb.Tx); within {
		lock = sqldb.ForUpdate(q)
	}
	rows, err := q.QueryContext(ctx, `SELECT id FROM callboard_episodes
		WHERE deleted_at < $1 AND id IN (`+sqltext.Placeholders(2, len(ids))+`) ORDER BY id`+lock, args...)
	return sqldb.CollectValues[string](rows, err, "read deleted episodes")
}
