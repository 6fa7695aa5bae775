// Package outbox is the log of events: one log, many consumers.
//
// A service appends events in the transaction of its own write, so that a change and its event commit together or not at
// all. The sequencer gives each committed event the next position. Consumers (the activity log, the inboxes, the sockets)
// read the log in that order, each by itself, and keep a cursor in the database.
//
// The guarantees:
//
//   - Durable: when the write has returned, its event is on disk.
//   - One gapless order: positions run 1, 2, 3 … Two changes of the same resource, whose transactions exclude each other,
//     keep their order if Append is called after the change.
//   - Exactly once in the database: a consumer's rows and its cursor commit in one transaction.
//   - At least once on the wire: a consumer that sends may send an event again after a crash; its ID tells.
//   - Nothing is dropped, and no consumer holds up another: one that fails for everything stops at its cursor; an event
//     that fails alone goes to the consumer's dead letters and is retried until it succeeds.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Topic is the signal that Append raises after the commit. It wakes who reads the log in the same process.
const Topic = "outbox"

// MaxPayload bounds the payload of one event, in bytes. It keeps a batch in memory small.
const MaxPayload = 256 << 10

// Append writes events to the log as part of tx. They are durable and take effect if and only if tx commits; nothing is
// sent or handled before that. Call it after the change itself, so that the row locks of the change also order its events.
//
// The error is a *callboard.Error with CodeTooLarge when a payload exceeds MaxPayload.
func Append(ctx context.Context, tx *sqldb.Tx, events ...callboard.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([][]any, len(events))
	now := sqldb.Time{Time: callboard.Now()}
	for i := range events {
		e := &events[i]
		if err := checkPayload(e); err != nil {
			return err
		}
		rows[i] = []any{
			e.ID, e.Name, e.Actor.ID, e.Actor.Name, e.Resource.Type, e.Resource.ID, e.Resource.Name,
			encodeNames(e.Channels), encodeNames(e.Audience), string(e.Data), e.IP, e.UserAgent,
			sqldb.Time{Time: e.CreatedAt}, now,
		}
	}
	columns := []string{
		"event_id", "name", "actor_id", "actor_name", "resource_type", "resource_id", "resource_name",
		"channels", "audience", "payload", "ip", "user_agent", "created_at", "appended_at",
	}
	if err := sqldb.QueueInsert(ctx, tx, "outbox", columns, rows, ""); err != nil {
		return fmt.Errorf("append to outbox: %w", err)
	}
	tx.Signal(Topic)
	return nil
}

func checkPayload(e *callboard.Event) error {
	switch {
	case e.Err() != nil:
		return e.Err()
	case len(e.Data) > MaxPayload:
		return callboard.Errorf(callboard.CodeTooLarge, "the data is larger than %d KB", MaxPayload>>10)
	case len(e.Data) > 0 && !json.Valid(e.Data):
		return fmt.Errorf("append to outbox: the data of event %s is not JSON", e.Name) // nobody could read it
	}
	return nil
}

// encodeNames makes a JSON array of names.
func encodeNames(names []string) string {
	if len(names) == 0 {
		return "[]"
	}
	b, err := json.Marshal(names)
	if err != nil {
		panic(err) // strings always encode
	}
	return string(b)
}
