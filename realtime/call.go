package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
)

// MaxCallData bounds the data of a socket call, in bytes.
const MaxCallData = 64 << 10

// How far the time that a caller gives may lie from now.
const (
	maxCallAge  = 24 * time.Hour
	maxCallLead = time.Minute
)

// Call is a message of the caller's own. It is written like any other event: durable, ordered, with a position, seen in
// GET /events; unless it is ephemeral.
type Call struct {
	Event     string          // the caller's own name; those of the catalog are taken
	Data      json.RawMessage // a JSON object of at most MaxCallData bytes; empty means {}
	Timestamp time.Time       // default: now
	// Ephemeral sends the message straight to those who are connected now: at most once, without a position.
	Ephemeral bool
}

// Broadcast sends a message to every client and returns its ID.
func (s *Service) Broadcast(ctx context.Context, call Call) (string, error) {
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.BroadcastTx(ctx, tx, call) })
}

// BroadcastTx is Broadcast as part of tx: the message is sent if and when tx commits.
func (s *Service) BroadcastTx(ctx context.Context, tx *sqldb.Tx, call Call) (string, error) {
	return s.call(ctx, tx, call, callboard.Resource{}, callboard.BroadcastChannel)
}

// SendToUser sends a message to all sockets of one user and returns its ID.
func (s *Service) SendToUser(ctx context.Context, userID string, call Call) (string, error) {
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.SendToUserTx(ctx, tx, userID, call) })
}

// SendToUserTx is SendToUser as part of tx.
func (s *Service) SendToUserTx(ctx context.Context, tx *sqldb.Tx, userID string, call Call) (string, error) {
	var v callboard.Invalid
	v.Check(callboard.ValidResourceID(userID), "user_id", "must be the ID of a user")
	if err := v.Err(); err != nil {
		return "", err
	}
	return s.call(ctx, tx, call, callboard.Resource{Type: "user", ID: userID}, callboard.UserChannel(userID))
}

// SendToRoom sends a message to all clients that joined the room and returns its ID.
func (s *Service) SendToRoom(ctx context.Context, room string, call Call) (string, error) {
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.SendToRoomTx(ctx, tx, room, call) })
}

// SendToRoomTx is SendToRoom as part of tx.
func (s *Service) SendToRoomTx(ctx context.Context, tx *sqldb.Tx, room string, call Call) (string, error) {
	var v callboard.Invalid
	v.Check(callboard.ValidName(room), "room", "must be a name of 1 to %d letters, digits, _ - .", callboard.MaxName)
	if err := v.Err(); err != nil {
		return "", err
	}
	return s.call(ctx, tx, call, callboard.Resource{Type: "room", ID: room}, callboard.RoomChannel(room))
}

func (s *Service) write(ctx context.Context, fn func(context.Context, *sqldb.Tx) (string, error)) (id string, err error) {
	if s.cfg.DB == nil {
		return "", callboard.Errorf(callboard.CodeUnavailable, "this server keeps no events")
	}
	err = s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		id, err = fn(ctx, tx)
		return err
	})
	return id, err
}

func (s *Service) call(ctx context.Context, tx *sqldb.Tx, call Call, res callboard.Resource, channel string) (string, error) {
	ev, err := call.event(ctx, res, channel)
	if err != nil {
		return "", err
	}
	if call.Ephemeral {
		tx.OnCommit(func() { s.sendNow(ctx, ev) })
		return ev.ID, nil
	}
	return ev.ID, outbox.Append(ctx, tx, ev)
}

// sendNow sends an ephemeral call after its commit, when there is nobody left to report an error to.
func (s *Service) sendNow(ctx context.Context, ev callboard.Event) {
	if err := s.Ephemeral(context.WithoutCancel(ctx), ev); err != nil {
		s.log.Warn("an ephemeral message was not sent", "error", err)
	}
}

func (call Call) event(ctx context.Context, res callboard.Resource, channel string) (callboard.Event, error) {
	if err := call.check(); err != nil {
		return callboard.Event{}, err
	}
	data := call.Data
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	ev := callboard.NewEvent(ctx, call.Event, res, data)
	ev.Channels = []string{channel}
	if !call.Timestamp.IsZero() {
		ev.CreatedAt = call.Timestamp.UTC().Truncate(time.Microsecond)
	}
	return ev, ev.Err()
}

func (call Call) check() error {
	if len(call.Data) > MaxCallData {
		return callboard.Errorf(callboard.CodeTooLarge, "the data is larger than %d KB", MaxCallData>>10)
	}
	var v callboard.Invalid
	v.Check(callboard.ValidName(call.Event), "event", "must be a name of 1 to %d letters, digits, _ - .", callboard.MaxName)
	v.Check(!callboard.ReservedEvent(call.Event), "event", "is an event of Callboard itself; choose a name of your own")
	v.Check(len(call.Data) == 0 || isObject(call.Data), "data", "must be a JSON object")
	if !call.Timestamp.IsZero() {
		age := time.Since(call.Timestamp)
		v.Check(age <= maxCallAge && age >= -maxCallLead, "timestamp", "must lie within the last %d hours", int(maxCallAge.Hours()))
	}
	return v.Err()
}

func isObject(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(data)
}
