package outbox

import (
	"context"
	"fmt"
	"time"

	"callboard/sqldb"
)

// On PostgreSQL transactions commit in another order than that of their ids, so "id > the last one seen" would skip the
// late ones. The sequencer gives every event that is committed and has no position yet the next one. On SQLite one writer at a time
// appends, so the id of an event is its position and there is nothing to do.

// sequencerName names the row of consumers that holds the newest position given, on PostgreSQL.
const sequencerName = "sequencer"

// sequencedTopic is the signal that events have got positions, on PostgreSQL.
const sequencedTopic = "outbox_sequenced"

// sequenceBatch is how many events get their positions in one transaction, at most.
const sequenceBatch = 1000

// minSequenceInterval is the least time from one transaction of the sequencer to the next. Everything waits for it, so it is short.
const minSequenceInterval = 5 * time.Millisecond

// sequence gives positions until ctx ends.
func (l *Log) sequence(ctx context.Context) {
	wake, stop := l.cfg.DB.Listen(Topic)
	defer stop()
	ticker := time.NewTicker(l.cfg.Poll) // finds what other processes appended
	defer ticker.Stop()
	failures := 0
	for ctx.Err() == nil {
		began := time.Now()
		n, err := l.sequenceOnce(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			failures++
			l.log.Error("sequencer failed", "error", err, "failures", failures)
			sqldb.Wait(ctx, l.backoff(failures, maxStall))
			continue
		case n == sequenceBatch:
			continue
		}
		failures = 0
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-wake:
			sqldb.Wait(ctx, minSequenceInterval-time.Since(began))
		}
	}
}

// sequenceOnce gives up to sequenceBatch events their positions and returns how many there were. Two processes cannot
// both give the same position: the row that holds the newest one moves only from where it was read, and the statement sees
// all events that had a position by then.
func (l *Log) sequenceOnce(ctx context.Context) (int, error) {
	var last int64
	var some bool
	err := l.cfg.DB.QueryRowContext(ctx, `SELECT pos, EXISTS (SELECT 1 FROM outbox WHERE pos IS NULL) FROM consumers
		WHERE name = '`+sequencerName+`'`).Scan(&last, &some)
	if err != nil || !some {
		return 0, err
	}
	return sqldb.WriteValue(ctx, l.cfg.DB, func(ctx context.Context, tx *sqldb.Tx) (int, error) {
		// A plan that was cached while the table was empty would read all of it.
		if err := tx.Queue(ctx, `SELECT set_config($1, 'force_custom_plan', true)`, "plan_cache_mode"); err != nil {
			return 0, err
		}
		result, err := tx.ExecContext(ctx, `WITH oldest AS (
				SELECT id, row_number() OVER (ORDER BY id) AS nth
				FROM (SELECT id FROM outbox WHERE pos IS NULL ORDER BY id LIMIT $2) AS ids
			), moved AS (
				UPDATE consumers SET pos = pos + (SELECT count(*) FROM oldest)
				WHERE name = '`+sequencerName+`' AND pos = $1 RETURNING name
			)
			UPDATE outbox SET pos = $1 + nth FROM oldest, moved WHERE outbox.id = oldest.id`, last, sequenceBatch)
		if err != nil {
			return 0, fmt.Errorf("give positions: %w", err)
		}
		n, err := result.RowsAffected()
		tx.Signal(sequencedTopic)
		return int(n), err
	})
}

// lastPos returns the newest position given, or 0.
func lastPos(ctx context.Context, q sqldb.Querier) (int64, error) {
	query := `SELECT pos FROM consumers WHERE name = '` + sequencerName + `'`
	if q.Dialect() == sqldb.SQLite {
		query = `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)`
	}
	var pos int64
	if err := q.QueryRowContext(ctx, query).Scan(&pos); err != nil {
		return 0, fmt.Errorf("read the newest position: %w", err)
	}
	return pos, nil
}
