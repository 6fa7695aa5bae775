package activity

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// sweepChunk is how many entries one transaction deletes.
const sweepChunk = 1000

// Sweep deletes the entries that are older than the retention, with their words and counts, and returns how many. It
// deletes nothing when entries are kept for ever.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	if err := s.sweepCheckpoints(ctx); err != nil || s.cfg.Retention <= 0 {
		return 0, err
	}
	cutoff, deleted := s.cfg.Now().Add(-s.cfg.Retention), 0
	for n := sweepChunk; n == sweepChunk; deleted += n {
		var err error
		if n, err = s.sweepChunk(ctx, cutoff); err != nil {
			return deleted, err
		}
	}
	return deleted, nil
}

// sweepChunk looks at the oldest entries only, and deletes those of them that are too old. Entries that an application
// dated back are deleted when their turn comes by position.
func (s *Service) sweepChunk(ctx context.Context, cutoff time.Time) (int, error) {
	const oldest = `SELECT pos FROM (SELECT pos, created_at FROM callboard_activity ORDER BY pos LIMIT $1) AS oldest WHERE created_at < $2`
	var deleted int64
	err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		args := []any{sweepChunk, sqldb.Time{Time: cutoff}}
		if err := notePruned(ctx, tx, oldest, args); err != nil {
			return err
		}
		if tx.Dialect() == sqldb.SQLite {
			if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_activity_words WHERE rowid IN (`+oldest+`)`, args...); err != nil {
				return fmt.Errorf("sweep words of activity: %w", err)
			}
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM callboard_activity WHERE pos IN (`+oldest+`)`, args...)
		if err != nil {
			return fmt.Errorf("sweep activity: %w", err)
		}
		if deleted, err = result.RowsAffected(); err != nil {
			return err
		}
		return sweepCounts(ctx, tx, dayOf(cutoff))
	})
	return int(deleted), err
}

// notePruned records what is about to be deleted, so that it is told from what somebody has removed, and takes the salts away, without which
// nobody can guess it from the hashes that stay.
func notePruned(ctx context.Context, tx *sqldb.Tx, oldest string, args []any) error {
	var upto sql.NullInt64
	if err := tx.QueryRowContext(ctx, `SELECT max(pos) FROM (`+oldest+`) AS pruned`, args...).Scan(&upto); err != nil || !upto.Valid {
		return err
	}
	for _, change := range []struct {
		query string
		args  []any
	}{
		{`UPDATE callboard_activity_tree SET salt = $3 WHERE pos IN (` + oldest + `)`, append(args[:2:2], []byte{})},
		{`INSERT INTO callboard_activity_pruned (upto, cutoff) SELECT -1, 0 WHERE NOT EXISTS (SELECT 1 FROM callboard_activity_pruned)`, nil},
		// Where fewer go than before, those beyond were older than the cutoff of then.
		{`UPDATE callboard_activity_pruned SET upto = $1, cutoff = $2 WHERE upto <= $1`, []any{upto.Int64, args[1]}},
	} {
		if _, err := tx.ExecContext(ctx, change.query, change.args...); err != nil {
			return fmt.Errorf("record what is swept of activity: %w", err)
		}
	}
	return nil
}

// sweepCounts deletes the counts of the days before the given one.
func sweepCounts(ctx context.Context, tx *sqldb.Tx, day int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_activity_daily WHERE day < $1`, day); err != nil {
		return fmt.Errorf("sweep counts of activity: %w", err)
	}
	for _, days := range userSpans() {
		if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_activity_user_days WHERE days = $1 AND first <= $2`, days, day-days); err != nil {
			return fmt.Errorf("sweep counts of activity: %w", err)
		}
	}
	return nil
}
