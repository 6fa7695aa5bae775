package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard/sqldb"
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

// sequenceOnce gives up to sequenceBatch events their positions and returns how many there were. Two processes cannot both give
// the same position: the row that holds the newest one moves only from where it was read, and all that has been given since
// then would have moved it.
func (l *Log) sequenceOnce(ctx context.Context) (n int, err error) {
	var last int64
	var ids string // an array in PostgreSQL's notation
	err = l.cfg.DB.QueryRowContext(ctx, `SELECT pos, cardinality(ids), ids::text
		FROM callboard_consumers, (SELECT ARRAY(SELECT id FROM callboard_outbox WHERE pos IS NULL ORDER BY id LIMIT $1) AS ids) AS oldest
		WHERE name = '`+sequencerName+`'`, sequenceBatch).Scan(&last, &n, &ids)
	if err != nil {
		return 0, fmt.Errorf("read what has no position: %w", err)
	}
	if n == 0 {
		l.newest.Store(last)
		return 0, nil
	}
	err = l.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockCursor(ctx, tx, sequencerName, cursor{pos: last}); err != nil {
			return err
		}
		err := tx.Queue(ctx, `UPDATE callboard_outbox SET pos = $1 + nth FROM unnest($2::bigint[]) WITH ORDINALITY AS late(late_id, nth)
			WHERE id = late_id`, last, ids)
		if err != nil {
			return fmt.Errorf("give positions: %w", err)
		}
		tx.OnCommit(func() { l.newest.Store(last + int64(n)) })
		tx.Signal(sequencedTopic)
		return moveCursor(ctx, tx, sequencerName, cursor{pos: last + int64(n)})
	})
	if errors.Is(err, errCursorMoved) {
		return 0, nil // another process gives them
	}
	return n, err
}

// LastPos returns the newest position given, or 0.
func LastPos(ctx context.Context, q sqldb.Querier) (int64, error) {
	query := `SELECT pos FROM callboard_consumers WHERE name = '` + sequencerName + `'`
	if q.Dialect() == sqldb.SQLite {
		query = `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'callboard_outbox'), 0)`
	}
	var pos int64
	if err := q.QueryRowContext(ctx, query).Scan(&pos); err != nil {
		return 0, fmt.Errorf("read the newest position: %w", err)
	}
	return pos, nil
}

// newestID returns the highest id of an event that is committed, or 0.
func newestID(ctx context.Context, q sqldb.Querier) (id int64, err error) {
	if err := q.QueryRowContext(ctx, `SELECT COALESCE(max(id), 0) FROM callboard_outbox`).Scan(&id); err != nil {
		return 0, fmt.Errorf("read the newest event: %w", err)
	}
	return id, nil
}

// posWhenSequenced returns a position at or after those of all events up to an id, or -1 while one of them has none.
func posWhenSequenced(ctx context.Context, q sqldb.Querier, id int64) (int64, error) {
	if q.Dialect() == sqldb.SQLite {
		return id, nil
	}
	var pos int64
	err := q.QueryRowContext(ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM callboard_outbox WHERE pos IS NULL AND id <= $1) THEN -1
		ELSE (SELECT pos FROM callboard_consumers WHERE name = '`+sequencerName+`') END`, id).Scan(&pos)
	if err != nil {
		return 0, fmt.Errorf("read the newest position: %w", err)
	}
	return pos, nil
}
