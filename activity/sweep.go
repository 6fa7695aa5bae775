package activity

import (
	"context"
	"fmt"
	"time"

	"callboard/sqldb"
)

// sweepChunk is how many entries one transaction deletes.
const sweepChunk = 1000

// mergePages is how many pages of the full text one transaction merges, which takes a few milliseconds.
const mergePages = 16

// Sweep deletes the entries that are older than the retention, with their words and counts, and returns how many. It
// deletes nothing when entries are kept for ever. It also puts the full text in order.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	deleted := 0
	if s.cfg.Retention > 0 {
		cutoff := s.cfg.Now().Add(-s.cfg.Retention)
		for n := sweepChunk; n == sweepChunk; deleted += n {
			var err error
			if n, err = s.sweepChunk(ctx, cutoff); err != nil {
				return deleted, err
			}
		}
	}
	return deleted, s.mergeWords(ctx)
}

// mergeWords merges the parts of SQLite's full text, each of which a search has to look into. Writing leaves some twenty;
// this leaves at most one of each size.
func (s *Service) mergeWords(ctx context.Context) error {
	if s.db.Dialect() != sqldb.SQLite {
		return nil
	}
	for merged := true; merged; {
		err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) (err error) {
			merged, err = mergeSome(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("merge words of activity: %w", err)
		}
	}
	return nil
}

// mergeSome tells whether there was something to merge: https://www.sqlite.org/fts5.html#the_merge_command
func mergeSome(ctx context.Context, tx *sqldb.Tx) (bool, error) {
	var before, after int
	if err := tx.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&before); err != nil {
		return false, err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO activity_words (activity_words, rank) VALUES ('merge', $1)`, mergePages)
	if err != nil {
		return false, err
	}
	err = tx.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&after)
	return after-before >= 2, err
}

// sweepChunk looks at the oldest entries only, and deletes those of them that are too old. Entries that an application
// dated back are deleted when their turn comes by position.
func (s *Service) sweepChunk(ctx context.Context, cutoff time.Time) (int, error) {
	const oldest = `SELECT pos FROM (SELECT pos, created_at FROM activity ORDER BY pos LIMIT $1) AS oldest WHERE created_at < $2`
	var deleted int64
	err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		args := []any{sweepChunk, sqldb.Time{Time: cutoff}}
		if tx.Dialect() == sqldb.SQLite {
			if _, err := tx.ExecContext(ctx, `DELETE FROM activity_words WHERE rowid IN (`+oldest+`)`, args...); err != nil {
				return fmt.Errorf("sweep words of activity: %w", err)
			}
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM activity WHERE pos IN (`+oldest+`)`, args...)
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
	if _, err := tx.ExecContext(ctx, `DELETE FROM activity_daily WHERE day < $1`, day); err != nil {
		return fmt.Errorf("sweep counts of activity: %w", err)
	}
	for _, days := range userSpans() {
		if _, err := tx.ExecContext(ctx, `DELETE FROM activity_user_days WHERE days = $1 AND first <= $2`, days, day-days); err != nil {
			return fmt.Errorf("sweep counts of activity: %w", err)
		}
	}
	return nil
}
