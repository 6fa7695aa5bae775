package activity

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// sweepChunk is how many entries one transaction deletes.
const sweepChunk = 1000

// Sweep deletes the entries that are older than the retention, with their words and counts, and returns how many. It
// deletes nothing when entries are kept for ever.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	if s.cfg.Retention <= 0 {
		return 0, nil
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
