// Package outbox carries every change from the transaction that made it to all that follows from it.
//
// A service appends events in the transaction of its own write, so that the change and its event commit together or not
// at all. The Relay of the one leading process then gives each event the next position and hands it to the handlers
// (activity, notification), all in one transaction per batch, and after the commit to the publishers (the sockets).
//
// The guarantees:
//
//   - Durable: when the write has returned, its event is on disk.
//   - One gapless order: positions run 1, 2, 3 … in the order in which the leader saw the events commit. Two changes of
//     the same resource, whose transactions exclude each other, keep their order if Append is called after the change.
//   - Exactly once in the database: positions, the handlers' rows and the cursor move in one transaction.
//   - At least once on the wire, in order: a publisher may see an event again after a crash; its ID tells.
//   - Nothing is dropped: an event that a handler cannot take is parked and tried again until it succeeds.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"callboard"
	"callboard/sqldb"
)

// Topic is the signal that Append raises after the commit. It wakes the relay of the same process.
const Topic = "outbox"

// MaxPayload bounds the payload of one event, in bytes. It keeps a batch in memory small.
const MaxPayload = 256 << 10

// Append writes events to the outbox as part of tx. They are durable and will take effect if and only if tx commits;
// nothing is sent or handled before that. Call it after the change itself, so that the row locks of the change also
// order its events.
//
// The error is a *callboard.Error with CodeTooLarge when a payload exceeds MaxPayload. On PostgreSQL one of the database may
// come with the next statement or the commit instead.
func Append(ctx context.Context, tx *sqldb.Tx, events ...callboard.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([][]any, len(events))
	now := sqldb.Time{Time: callboard.Now()}
	for i := range events {
		row, err := rowOf(&events[i], now)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	if err := sqldb.QueueInsert(ctx, tx, "outbox", insertColumns(), rows, ""); err != nil {
		return fmt.Errorf("append to outbox: %w", err)
	}
	tx.Signal(Topic)
	return nil
}

func insertColumns() []string {
	return []string{
		"event_id", "name", "actor_id", "actor_name", "resource_type", "resource_id", "resource_name",
		"channels", "audience", "payload", "ip", "user_agent", "created_at", "appended_at",
	}
}

func rowOf(e *callboard.Event, now sqldb.Time) ([]any, error) {
	if err := e.Err(); err != nil {
		return nil, err
	}
	if len(e.Data) > MaxPayload {
		return nil, callboard.Errorf(callboard.CodeTooLarge, "the data is larger than %d KB", MaxPayload>>10)
	}
	if len(e.Data) > 0 && !json.Valid(e.Data) {
		return nil, fmt.Errorf("append to outbox: the data of event %s is not JSON", e.Name) // it would stop the publishers
	}
	channels, audience := encodeNames(e.Channels), encodeNames(e.Audience)
	return []any{
		e.ID, e.Name, e.Actor.ID, e.Actor.Name, e.Resource.Type, e.Resource.ID, e.Resource.Name,
		channels, audience, string(e.Data), e.IP, e.UserAgent, sqldb.Time{Time: e.CreatedAt}, now,
	}, nil
}

// encodeNames makes a JSON array of names. Names that come in were checked, so most lists are one or two short tokens.
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
