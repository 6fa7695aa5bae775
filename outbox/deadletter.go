package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// A dead letter is an event that a consumer failed to take, while it took others. It is retried with backoff until it
// succeeds: never dropped, and its event is kept for as long.
type deadLetter struct {
	pos      int64
	sub      string // of an event that is taken in parts
	attempts int

	event callboard.Event
	next  string // sub after this attempt
	err   error  // of this attempt
}

// maxErrorText bounds the error text that is kept, in bytes.
const maxErrorText = 500

// errorText cuts the text to what every database takes: one that PostgreSQL refuses could not be kept at all.
func errorText(err error) string {
	text := err.Error()
	text = strings.ToValidUTF8(text[:min(len(text), maxErrorText)], "")
	return strings.ReplaceAll(text, "\x00", "")
}

// insertDeadLetters sets events aside for a consumer.
func (l *Log) insertDeadLetters(ctx context.Context, tx *sqldb.Tx, consumer string, failed []failure) error {
	rows := make([][]any, len(failed))
	now := l.cfg.Now()
	for i, f := range failed {
		next := now.Add(l.backoff(1, l.cfg.RetryMax))
		rows[i] = []any{consumer, f.event.ID, f.event.Pos, f.sub, 1, sqldb.Time{Time: next}, errorText(f.err), sqldb.Time{Time: now}}
	}
	columns := []string{"consumer", "event_id", "pos", "sub", "attempts", "next_at", "error", "created_at"}
	err := sqldb.BulkInsert(ctx, tx, "callboard_dead_letters", columns, rows, "ON CONFLICT (consumer, pos) DO NOTHING")
	if err != nil {
		return fmt.Errorf("set events of %s aside: %w", consumer, err)
	}
	return nil
}

// retryDeadLetters tries the dead letters that are due, each alone, and reports whether there may be more.
func (c *consumer) retryDeadLetters(ctx context.Context) (more bool, err error) {
	letters, err := c.dueDeadLetters(ctx)
	if err != nil || len(letters) == 0 {
		return false, err
	}
	if c.Send != nil {
		c.retryEach(context.WithValue(ctx, lateKey{}, true), nil, letters)
	}
	failed := 0
	err = c.write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if c.Send == nil {
			c.retryEach(ctx, tx, letters)
		}
		failed = 0
		for i := range letters {
			if letters[i].err != nil {
				failed++
			}
			if err := c.settle(ctx, tx, &letters[i]); err != nil {
				return err
			}
		}
		if failed > 0 {
			return nil
		}
		return retryAllNow(ctx, tx, c.Name, c.log.cfg.Now())
	})
	for i := range letters {
		if l := &letters[i]; err == nil && l.err == nil && l.next == "" {
			c.taken([]callboard.Event{l.event})
		}
	}
	return failed == 0, err
}

type lateKey struct{}

// Late reports whether a Send is for a dead letter: an event that comes after later ones.
func Late(ctx context.Context) bool { return ctx.Value(lateKey{}) != nil }

func (c *consumer) retryEach(ctx context.Context, tx *sqldb.Tx, letters []deadLetter) {
	for i := range letters {
		l := &letters[i]
		l.next, l.err = c.tryOne(ctx, tx, []callboard.Event{l.event}, l.sub)
	}
}

// settle keeps the outcome of an attempt. The row is matched as it was read: where another process has retried it
// meanwhile, all of this transaction is undone.
func (c *consumer) settle(ctx context.Context, tx *sqldb.Tx, l *deadLetter) error {
	now := c.log.cfg.Now()
	var result sql.Result
	var err error
	switch {
	case l.err != nil:
		next := now.Add(c.log.backoff(l.attempts+1, c.log.cfg.RetryMax))
		result, err = tx.ExecContext(ctx, `UPDATE callboard_dead_letters SET attempts = attempts + 1, next_at = $5, error = $6
			WHERE consumer = $1 AND pos = $2 AND attempts = $3 AND sub = $4`,
			c.Name, l.pos, l.attempts, l.sub, sqldb.Time{Time: next}, errorText(l.err))
	case l.next != "":
		result, err = tx.ExecContext(ctx, `UPDATE callboard_dead_letters SET sub = $5
			WHERE consumer = $1 AND pos = $2 AND attempts = $3 AND sub = $4`, c.Name, l.pos, l.attempts, l.sub, l.next)
	default:
		result, err = tx.ExecContext(ctx, `DELETE FROM callboard_dead_letters
			WHERE consumer = $1 AND pos = $2 AND attempts = $3 AND sub = $4`, c.Name, l.pos, l.attempts, l.sub)
		if err == nil {
			err = c.passOn(ctx, tx, l, now)
		}
	}
	if err != nil {
		return fmt.Errorf("settle a dead letter of %s: %w", c.Name, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errCursorMoved
}

// passOn gives an event that was taken late to those consumers that wait for this one however long it takes: they have
// passed it already, and found nothing. One that is retrying it at this moment has to do so once more.
func (c *consumer) passOn(ctx context.Context, tx *sqldb.Tx, l *deadLetter, now time.Time) error {
	for _, o := range c.log.consumers {
		if len(o.followed([]*consumer{c})) == 0 || o.MaxWait > 0 {
			continue
		}
		if o.EveryNode {
			tx.OnCommit(func() { c.log.passOnHere(o.Name, l.pos) })
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_dead_letters (consumer, event_id, pos, attempts, next_at, error, created_at)
			VALUES ($1, $2, $3, 0, $4, '', $4) ON CONFLICT (consumer, pos) DO UPDATE SET attempts = callboard_dead_letters.attempts + 1, next_at = excluded.next_at`,
			o.Name, l.event.ID, l.pos, sqldb.Time{Time: now})
		if err != nil {
			return err
		}
	}
	tx.Signal(cursorTopic)
	return nil
}

// retryAllNow makes the other dead letters of a consumer due, since it evidently works again.
func retryAllNow(ctx context.Context, tx *sqldb.Tx, consumer string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_dead_letters SET next_at = $2 WHERE consumer = $1 AND next_at > $2`,
		consumer, sqldb.Time{Time: now})
	if err != nil {
		return fmt.Errorf("make dead letters due: %w", err)
	}
	return nil
}

// dueDeadLetters reads those whose time has come, with their events, in the order of positions.
func (c *consumer) dueDeadLetters(ctx context.Context) ([]deadLetter, error) {
	rows, err := c.log.cfg.DB.QueryContext(ctx, `SELECT pos, sub, attempts FROM callboard_dead_letters
		WHERE consumer = $1 AND next_at <= $2 ORDER BY pos LIMIT $3`,
		c.Name, sqldb.Time{Time: c.log.cfg.Now()}, isolateBatch)
	letters, err := sqldb.Collect(rows, err, "read dead letters", func(row sqldb.Scanner) (l deadLetter, err error) {
		err = row.Scan(&l.pos, &l.sub, &l.attempts)
		return l, err
	})
	if err != nil || len(letters) == 0 {
		return nil, err
	}
	positions := make([]int64, len(letters))
	for i := range letters {
		positions[i] = letters[i].pos
	}
	events, err := eventsAt(ctx, c.log.cfg.DB, positions)
	if err != nil {
		return nil, err
	}
	byPos := make(map[int64]callboard.Event, len(events))
	for _, e := range events {
		byPos[e.Pos] = e
	}
	for i := range letters { // no event of a dead letter is ever deleted
		letters[i].event = byPos[letters[i].pos]
	}
	return letters, nil
}

// firstDeadLetter returns the lowest position that is set aside, or false.
func firstDeadLetter(ctx context.Context, q sqldb.Querier) (int64, bool, error) {
	var pos sql.NullInt64
	if err := q.QueryRowContext(ctx, `SELECT min(pos) FROM callboard_dead_letters`).Scan(&pos); err != nil {
		return 0, false, fmt.Errorf("read the first dead letter: %w", err)
	}
	return pos.Int64, pos.Valid, nil
}
