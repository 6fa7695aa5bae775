package outbox

import (
	"context"
	"errors"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	// isolateBatch is how many events at the most are tried one by one after a batch failed. On PostgreSQL each takes a savepoint,
	// and more than 64 of them in a transaction slow every reader down.
	isolateBatch = 32

	// maxStraightFailures is how many events in a row may fail before the consumer is taken to be broken, not the events.
	maxStraightFailures = 3
)

// isolate takes the events one by one. Those that fail become dead letters, if any other succeeds; if none does, it is the
// consumer that fails, and its cursor stays. Several failures in a row at the end may be the beginning of that: those events
// stay before the cursor. What has failed is tried once more, with all others, before it is set aside: the cause may have passed
// amid the first pass, and then the order is kept.
func (c *consumer) isolate(ctx context.Context, events []callboard.Event) (taken int, err error) {
	var next cursor
	var failed []failure
	if c.Send != nil { // what goes out does not wait in a transaction, for which on SQLite everybody would wait
		if taken, next, failed, err = c.tryEach(ctx, nil, events); err != nil {
			return 0, err
		}
	}
	if c.EveryNode {
		if err := c.hold(failed); err != nil {
			return 0, err
		}
		c.taken(events[:taken], failed...)
		c.moved(next)
		return taken, nil
	}
	pass := func(sure bool) error {
		return c.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (err error) {
			if c.Send == nil {
				if taken, next, failed, err = c.tryEach(ctx, tx, events); err != nil {
					return err
				}
			}
			if len(failed) > 0 && !sure {
				return errNotSure
			}
			if err := c.log.insertDeadLetters(ctx, tx, c.Name, failed); err != nil {
				return err
			}
			return moveCursor(ctx, tx, c.Name, next)
		})
	}
	if err = pass(c.Send != nil); errors.Is(err, errNotSure) {
		err = pass(true)
	}
	if err != nil {
		return 0, err
	}
	c.taken(events[:taken], failed...)
	c.committed(next)
	return taken, nil
}

// errNotSure undoes a pass in which some events failed, and others did not.
var errNotSure = errors.New("some events failed")

// failure is an event that a consumer did not take.
type failure struct {
	event callboard.Event
	sub   string // from where it was tried
	err   error
}

// tryEach has the consumer take each of the events alone, and returns how far it came and which failed. Events that do not concern it
// say nothing of its health. The error is that of the first event when none succeeded, or that of the transaction.
func (c *consumer) tryEach(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) (int, cursor, []failure, error) {
	var failed []failure
	next, tried, straight := c.at, 0, 0
	for i := range events {
		if c.Wants == nil || next.sub != "" || c.Wants(&events[i]) {
			sub, err := c.tryOne(ctx, tx, events[i:i+1], next.sub)
			if ctx.Err() != nil {
				return 0, c.at, nil, ctx.Err()
			}
			if err == nil && sub != "" { // a large event has begun: it goes on in the transactions to come
				return i, cursor{next.pos, sub}, failed, nil
			}
			tried++
			straight++
			if err == nil {
				straight = 0
			} else {
				failed = append(failed, failure{events[i], next.sub, err})
			}
		}
		next = cursor{pos: events[i].Pos}
		if straight == maxStraightFailures || tried == isolateBatch {
			break
		}
	}
	alone := tried == 1 && len(events) == c.log.cfg.BatchSize // nothing near it can tell whose fault it is
	if tried > 0 && len(failed) == tried && !alone {
		return 0, c.at, nil, failed[0].err
	}
	if straight == maxStraightFailures { // these stay before the cursor
		next = cursor{pos: failed[len(failed)-straight].event.Pos - 1}
		failed = failed[:len(failed)-straight]
	}
	return int(next.pos - c.at.pos), next, failed, nil
}

// tryOne has the consumer take one event: all that it wrote stays, or nothing.
func (c *consumer) tryOne(ctx context.Context, tx *sqldb.Tx, event []callboard.Event, sub string) (next string, err error) {
	if c.Send != nil {
		return "", c.send(ctx, event)
	}
	err = tx.Savepoint(ctx, func(ctx context.Context) error {
		_, next, err = c.handle(ctx, tx, event, sub)
		return err
	})
	return next, err
}
