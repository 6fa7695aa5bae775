package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const columns = `id, episode_id, job_id, variant_of, variant, name, size, content_type, sha256, storage_key, created_by,
	created_at, expires_at, min_role`

func insertFile(ctx context.Context, tx *sqldb.Tx, f File) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_files (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		f.ID, f.EpisodeID, f.JobID, f.VariantOf, sql.NullString{String: f.Variant, Valid: f.Variant != ""}, f.Name, f.Size, f.ContentType, f.SHA256, f.key,
		f.CreatedBy, sqldb.Time{Time: f.CreatedAt}, sqldb.OptionalTime(f.ExpiresAt), f.MinRole)
	if err != nil {
		return fmt.Errorf("insert file: %w", err)
	}
	return nil
}

// selectFile returns a file; lock is the suffix that locks its row.
func selectFile(ctx context.Context, q sqldb.Querier, id, lock string) (File, error) {
	f, err := scanFile(q.QueryRowContext(ctx, `SELECT `+columns+` FROM callboard_files WHERE id = $1`+lock, id))
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, callboard.NotFound("file")
	}
	if err != nil {
		return File{}, fmt.Errorf("read file: %w", err)
	}
	return f, nil
}

// selectFiles returns the files that rest, the end of the query, asks for.
func selectFiles(ctx context.Context, q sqldb.Querier, rest string, args ...any) ([]File, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM callboard_files`+rest, args...)
	return sqldb.Collect(rows, err, "read files", scanFile)
}

func scanFile(row sqldb.Scanner) (File, error) {
	var (
		f                File
		variant          sql.NullString
		created, expires sqldb.Time
	)
	err := row.Scan(&f.ID, &f.EpisodeID, &f.JobID, &f.VariantOf, &variant, &f.Name, &f.Size, &f.ContentType, &f.SHA256,
		&f.key, &f.CreatedBy, &created, &expires, &f.MinRole)
	f.Variant, f.CreatedAt, f.ExpiresAt = variant.String, created.Time, expires.Ptr()
	return f, err
}

// loadVariants fills in the variants of files.
func loadVariants(ctx context.Context, q sqldb.Querier, files []File) error {
	if len(files) == 0 {
		return nil
	}
	place := make(map[string]int, len(files))
	ids := make([]any, len(files))
	for i, f := range files {
		ids[i], place[f.ID] = f.ID, i
	}
	rows, err := q.QueryContext(ctx, `SELECT variant_of, variant, id FROM callboard_files
		WHERE variant_of IN (`+sqltext.Placeholders(1, len(ids))+`)`, ids...)
	variants, err := sqldb.Collect(rows, err, "read variants", func(row sqldb.Scanner) (v File, err error) {
		err = row.Scan(&v.VariantOf, &v.Variant, &v.ID)
		return v, err
	})
	for _, v := range variants {
		f := &files[place[*v.VariantOf]]
		if f.Variants == nil {
			f.Variants = map[string]string{}
		}
		f.Variants[v.Variant] = v.ID
	}
	return err
}

// deleteFiles deletes the files that the condition picks, and notes their contents as garbage that is due now.
func deleteFiles(ctx context.Context, tx *sqldb.Tx, where string, args []any, now time.Time) error {
	due := sqltext.Placeholders(len(args)+1, 1)
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_file_garbage (storage_key, due_at)
		SELECT storage_key, CAST(`+due+` AS BIGINT) FROM callboard_files WHERE `+where, append(slices.Clone(args), sqldb.Time{Time: now})...)
	if err != nil {
		return fmt.Errorf("note the contents of deleted files: %w", err)
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM callboard_files WHERE `+where, args...); err != nil {
		return fmt.Errorf("delete files: %w", err)
	}
	return nil
}

// insertMarker notes that something may be stored under key, to be removed at due unless it becomes a file.
func insertMarker(ctx context.Context, tx *sqldb.Tx, key string, due time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_file_garbage (storage_key, due_at) VALUES ($1, $2)`, key, sqldb.Time{Time: due})
	if err != nil {
		return fmt.Errorf("insert staging marker: %w", err)
	}
	return nil
}

// takeMarker deletes a staging marker that is not due before the given time, and reports whether it was there.
func takeMarker(ctx context.Context, tx *sqldb.Tx, key string, notBefore time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM callboard_file_garbage WHERE storage_key = $1 AND due_at >= $2`,
		key, sqldb.Time{Time: notBefore})
	return affected(result, err, "take staging marker")
}

// makeDue makes a staging marker due, and reports whether it is there.
func makeDue(ctx context.Context, tx *sqldb.Tx, key string, due time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `UPDATE callboard_file_garbage SET due_at = $2 WHERE storage_key = $1`, key, sqldb.Time{Time: due})
	return affected(result, err, "make staging marker due")
}

func affected(result sql.Result, err error, what string) (bool, error) {
	if err != nil {
		return false, fmt.Errorf("%s: %w", what, err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// garbage is a content that no file has.
type garbage struct {
	key string
	due sqldb.Time
}

// selectGarbage returns what was due at the given time, in the order of time, from after last on.
func selectGarbage(ctx context.Context, q sqldb.Querier, at time.Time, last garbage, limit int) ([]garbage, error) {
	rows, err := q.QueryContext(ctx, `SELECT storage_key, due_at FROM callboard_file_garbage
		WHERE due_at <= $1 AND (due_at, storage_key) > ($2, $3) ORDER BY due_at, storage_key LIMIT $4`,
		sqldb.Time{Time: at}, last.due.UnixMicro(), last.key, limit)
	return sqldb.Collect(rows, err, "read garbage", func(row sqldb.Scanner) (g garbage, err error) {
		err = row.Scan(&g.key, &g.due)
		return g, err
	})
}

// deleteGarbage forgets contents that are gone.
func deleteGarbage(ctx context.Context, tx *sqldb.Tx, keys []any) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM callboard_file_garbage WHERE storage_key IN (`+sqltext.Placeholders(1, len(keys))+`)`, keys...)
	if err != nil {
		return fmt.Errorf("delete garbage: %w", err)
	}
	return nil
}

// postponeGarbage puts garbage that could not be removed behind all other.
func postponeGarbage(ctx context.Context, tx *sqldb.Tx, keys []any, due time.Time) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE callboard_file_garbage SET due_at = $1 WHERE storage_key IN (`+sqltext.Placeholders(2, len(keys))+`)`,
		append([]any{sqldb.Time{Time: due}}, keys...)...)
	if err != nil {
		return fmt.Errorf("postpone garbage: %w", err)
	}
	return nil
}

// selectEpisodeIDs returns the IDs of episodes that have files, in their order, after the given one.
func selectEpisodeIDs(ctx context.Context, q sqldb.Querier, after string, limit int) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT episode_id FROM callboard_files
		WHERE episode_id IS NOT NULL AND variant_of IS NULL AND episode_id > $1 ORDER BY episode_id LIMIT $2`, after, limit)
	return sqldb.CollectValues[string](rows, err, "read episodes with files")
}
