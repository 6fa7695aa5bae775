package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// sweepChunk is how many events one transaction deletes, so that a sweep never holds up the writes beside it for long.
const sweepChunk = 1000

// Sweep deletes the events that are older than the retention, and returns how many. It deletes from the oldest position
// on and never leaves a gap: it stops before the first event that is too young, that a consumer has not taken yet, or that
// is a dead letter.
func (l *Log) Sweep(ctx context.Context) (int, error) {
	for _, c := range l.consumers {
		if c.EveryNode {
			if err := c.keepPlace(ctx, c.pos.Load()); err != nil {
				return 0, err
			}
		}
	}
	end, err := l.sweepEnd(ctx) // once: it looks at every event that is about to go
	if err != nil {
		return 0, err
	}
	total := 0
	for {
		n, err := l.sweepChunk(ctx, end)
		total += n
		if err != nil || n < sweepChunk {
			return total, err
		}
	}
}

func (l *Log) sweepChunk(ctx context.Context, end int64) (int, error) {
	var deleted int64
	err := l.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM callboard_outbox WHERE id IN (
			SELECT id FROM callboard_outbox WHERE `+posColumn(tx)+` < $1 ORDER BY `+posColumn(tx)+` LIMIT $2)`, end, sweepChunk)
		if err != nil {
			return fmt.Errorf("sweep outbox: %w", err)
		}
		deleted, err = result.RowsAffected()
		return err
	})
	return int(deleted), err
}

// sweepEnd returns the first position that must stay. Consumers that are switched off hold nothing but their dead letters:
// an event must not be kept for years for one that nobody runs.
func (l *Log) sweepEnd(ctx context.Context) (int64, error) {
	stats, err := l.Stats(ctx)
	if err != nil {
		return 0, err
	}
	end := stats.LastPos + 1
	for _, c := range stats.Consumers {
		if !c.Off {
			end = min(end, c.Pos+1)
		}
	}
	if letter, ok, err := firstDeadLetter(ctx, l.cfg.DB); err != nil {
		return 0, err
	} else if ok {
		end = min(end, letter)
	}
	young, ok, err := firstSince(ctx, l.cfg.DB, l.cfg.Now().Add(-l.cfg.Retention))
	if ok {
		end = min(end, young)
	}
	return end, err
}

// firstSince returns the lowest position of an event that was appended at or after t. It walks the old events in order,
// which are those that the sweep is about to delete.
func firstSince(ctx context.Context, q sqldb.Querier, t time.Time) (int64, bool, error) {
	var pos int64
	column := posColumn(q)
	err := q.QueryRowContext(ctx, `SELECT `+column+` FROM callboard_outbox WHERE `+column+` IS NOT NULL AND appended_at >= $1
		ORDER BY `+column+` LIMIT 1`, sqldb.Time{Time: t}).Scan(&pos)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find first young event: %w", err)
	}
	return pos, true, nil
}
