package realtime

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// MaxSendData bounds the data of a message, in bytes.
const MaxSendData = 64 << 10

// How far the time that a caller gives may lie from now.
const (
	maxSendAge  = 24 * time.Hour
	maxSendLead = time.Minute
)

// SendRequest is a message of the caller's own. It is written like any other event: durable, ordered, with a position, seen in
// GET /events; unless it is ephemeral. Clients tell it from an event by its mark (callboard.Message.Direct). A ctx without an actor is
// CodeForbidden.
type SendRequest struct {
	Event     string          // the caller's own name, which an event may have too
	Data      json.RawMessage // a JSON object of at most MaxSendData bytes; empty means {}
	Timestamp time.Time       // default: now
	// Ephemeral sends the message straight to those who are connected now: at most once, without a position.
	Ephemeral bool
}

// Broadcast sends a message to every client and returns its ID.
func (s *Service) Broadcast(ctx context.Context, req SendRequest) (string, error) {
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.BroadcastTx(ctx, tx, req) })
}

// BroadcastTx is Broadcast as part of tx, which may be the application's own: the message is sent if and when tx commits. In a
// transaction of an application an ephemeral message is CodeInvalid: nobody would know when to send it.
func (s *Service) BroadcastTx(ctx context.Context, tx outbox.Tx, req SendRequest) (string, error) {
	return s.send(ctx, tx, req, callboard.Resource{}, callboard.BroadcastChannel)
}

// SendToUser sends a message to all sockets of one user and returns its ID. A user whom nobody knows is CodeInvalid.
func (s *Service) SendToUser(ctx context.Context, userID string, req SendRequest) (string, error) {
	if err := s.checkUser(ctx, userID); err != nil {
		return "", err
	}
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.SendToUserTx(ctx, tx, userID, req) })
}

// checkUser refuses what is not the ID of a user, and a user whom nobody knows.
func (s *Service) checkUser(ctx context.Context, userID string) error {
	var v callboard.Validator
	v.UserID("user_id", userID)
	if err := v.Err(); err != nil || s.cfg.Users == nil {
		return err
	}
	known, err := s.cfg.Users.Resolve(ctx, []string{userID})
	if err != nil {
		return fmt.Errorf("look up a user: %w", err)
	}
	_, ok := known[userID]
	v.Check(ok, "user_id", "no such user")
	return v.Err()
}

// SendToUserTx is SendToUser as part of tx; see BroadcastTx. It does not look the user up, who may be new in tx.
func (s *Service) SendToUserTx(ctx context.Context, tx outbox.Tx, userID string, req SendRequest) (string, error) {
	var v callboard.Validator
	v.UserID("user_id", userID)
	if err := v.Err(); err != nil {
		return "", err
	}
	return s.send(ctx, tx, req, callboard.Resource{Type: "user", ID: userID}, callboard.UserChannel(userID))
}

// SendToRoom sends a message to all clients that joined the room and returns its ID.
func (s *Service) SendToRoom(ctx context.Context, room string, req SendRequest) (string, error) {
	return s.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.SendToRoomTx(ctx, tx, room, req) })
}

// SendToRoomTx is SendToRoom as part of tx; see BroadcastTx.
func (s *Service) SendToRoomTx(ctx context.Context, tx outbox.Tx, room string, req SendRequest) (string, error) {
	var v callboard.Validator
	v.Name("room", room)
	if err := v.Err(); err != nil {
		return "", err
	}
	return s.send(ctx, tx, req, callboard.Resource{Type: callboard.RoomType, ID: room}, callboard.RoomChannel(room))
}

func (s *Service) write(ctx context.Context, fn func(context.Context, *sqldb.Tx) (string, error)) (string, error) {
	if s.cfg.DB == nil {
		return "", errNoEvents()
	}
	return sqldb.WriteValue(ctx, s.cfg.DB, fn)
}

func errNoEvents() error {
	return callboard.Errorf(callboard.CodeUnavailable, "this server keeps no events")
}

func (s *Service) send(ctx context.Context, tx outbox.Tx, req SendRequest, res callboard.Resource, channel string) (string, error) {
	if s.cfg.Log == nil {
		return "", errNoEvents()
	}
	if _, err := callboard.Acting(ctx); err != nil {
		return "", err
	}
	if err := cmp.Or(s.check(req), sqldb.CheckExecer(tx)); err != nil {
		return "", err
	}
	if len(req.Data) == 0 {
		req.Data = json.RawMessage("{}")
	}
	ev := callboard.NewEvent(ctx, req.Event, res, req.Data)
	ev.Channels, ev.Direct = []string{channel}, true
	if !req.Timestamp.IsZero() {
		ev.CreatedAt = req.Timestamp.UTC().Truncate(time.Microsecond)
	}
	if !req.Ephemeral {
		return ev.ID, s.cfg.Log.Append(ctx, tx, ev)
	}
	own, ok := tx.(*sqldb.Tx)
	if !ok {
		return "", callboard.Errorf(callboard.CodeInvalid,
			"an ephemeral message cannot be part of a transaction that the application commits; send it after the commit")
	}
	own.OnCommit(func() {
		if err := s.Ephemeral(context.WithoutCancel(ctx), ev); err != nil { // nobody is left to report it to
			s.log.Warn("an ephemeral message was not sent", "error", err)
		}
	})
	return ev.ID, ev.Err()
}

func (s *Service) check(req SendRequest) error {
	if len(req.Data) > MaxSendData {
		return callboard.Errorf(callboard.CodeTooLarge, "the data is larger than %d KB", MaxSendData>>10)
	}
	var v callboard.Validator
	v.Name("event", req.Event)
	v.Check(!slices.Contains(callboard.ClientEvents(), req.Event), "event",
		"is what clients call an inbox, a list of viewers or the state of their connection; choose another name")
	isObject := bytes.HasPrefix(bytes.TrimLeft(req.Data, " \t\r\n"), []byte("{")) && json.Valid(req.Data) && utf8.Valid(req.Data)
	v.Check(len(req.Data) == 0 || isObject, "data", "must be a JSON object in UTF-8")
	if !req.Timestamp.IsZero() {
		age := time.Since(req.Timestamp)
		v.Check(age <= maxSendAge && age >= -maxSendLead, "timestamp", "must lie within the last %d hours", int(maxSendAge.Hours()))
	}
	return v.Err()
}
