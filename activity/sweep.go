package activity

import (
	"context"
	"fmt"
	"time"

	"callboard/sqldb"
)

// sweepChunk is how many entries one transaction deletes.
const sweepChunk = 1000

// Sweep deletes the entries that are older than the retention, with their words and counts, and returns how many. It
// does nothing when entries are kept for ever.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	if s.cfg.Retention <= 0 {
		return 0, nil
	}
	cutoff := s.cfg.Now().Add(-s.cfg.Retention)
	total := 0
	for {
		n, err := s.sweepChunk(ctx, cutoff)
		total += n
		if err != nil || n < sweepChunk {
			return total, err
		}
	}
}

// sweepChunk looks at the oldest entries only, and deletes those of them that are too old. Entries that an application
// dated back are deleted when their turn comes by position.
func (s *Service) sweepChunk(ctx context.Context, cutoff time.Time) (int, error) {
	const oldest = `SELECT pos FROM (SELECT pos, created_at FROM activity ORDER BY pos LIMIT $1) AS oldest WHERE created_at < $2`
	var deleted int64
	err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		args := []any{sweepChunk, sqldb.Time{Time: cutoff}}
		if _, err := tx.ExecContext(ctx, `DELETE FROM activity_words WHERE `+wordsKey(tx.Dialect())+` IN (`+oldest+`)`, args...); err != nil {
			return fmt.Errorf("sweep words of activity: %w", err)
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM activity WHERE pos IN (`+oldest+`)`, args...)
		if err != nil {
			return fmt.Errorf("sweep activity: %w", err)
		}
		if deleted, err = result.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM activity_daily WHERE day < $1`, dayOf(cutoff))
		return err
	})
	return int(deleted), err
}
