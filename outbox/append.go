package outbox

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Topic is the signal that Append raises after the commit. It wakes who reads the log in the same process.
const Topic = "outbox"

// MaxPayload bounds the payload of one event, in bytes. It keeps a batch in memory small.
const MaxPayload = 256 << 10

// Tx is a transaction on the database of the log: that of a Write, or one that an application opened by itself, on a pool of its
// own. A *sqldb.Tx and a *sql.Tx are one, and sqldb.Pgx makes one of a pgx.Tx. The transaction of an application has no part
// in the group commit of SQLite, and on SQLite it has to be opened with a driver that shares the locks of this one
// (modernc.org/sqlite), a busy timeout, and _txlock=immediate.
type Tx = sqldb.Execer

// Append writes events to the log as part of tx. They are durable and take effect if and only if tx commits; nothing is
// sent or handled before that. Call it after the change itself, so that the row locks of the change also order its events.
//
// The error is a *callboard.Error with CodeForbidden when nobody acts, with CodeInvalid when the type of an event is not registered, or
// the event does not go together with it (see callboard.Registry.Check), and with CodeTooLarge when a payload exceeds MaxPayload. What
// is no transaction, such as nil, is CodeInvalid too; one of an application that is on another database is sqldb.ErrOtherDatabase.
func (l *Log) Append(ctx context.Context, tx Tx, events ...callboard.Event) error {
	if err := sqldb.CheckExecer(tx); err != nil {
		return fmt.Errorf("append to outbox: %w", err)
	}
	if len(events) == 0 {
		return nil
	}
	rows, err := l.rows(events)
	if err != nil {
		return err
	}
	columns := appendColumns()
	if slices.ContainsFunc(events, func(e callboard.Event) bool { return e.Trace != "" }) {
		columns = append(columns, "trace")
		for i := range rows {
			rows[i] = append(rows[i], sql.NullString{String: events[i].Trace, Valid: events[i].Trace != ""})
		}
	}
	switch tx := tx.(type) {
	case *sqldb.Tx:
		err = sqldb.QueueInsert(ctx, tx, "callboard_outbox", columns, rows, "")
		tx.Signal(Topic)
	default:
		err = l.cfg.DB.InsertForeign(ctx, tx, "callboard_outbox", columns, rows, "")
		l.foreign.Raise()
	}
	if err != nil {
		return fmt.Errorf("append to outbox: %w", err)
	}
	return nil
}

// firstLook is when what was appended in a transaction of an application is first looked for.
const firstLook = time.Millisecond

// lookForForeign wakes the log after what was appended in transactions of applications, of whose commits nobody tells it: after
// pauses that double, until they are as long as the time after which it looks anyway.
func (l *Log) lookForForeign(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.foreign:
		}
		for pause := firstLook; pause < l.cfg.Poll && ctx.Err() == nil; pause *= 2 {
			sqldb.Wait(ctx, pause)
			l.cfg.DB.Raise(Topic)
			select {
			case <-l.foreign: // another one
				pause = firstLook / 2
			default:
			}
		}
	}
}

func appendColumns() []string {
	return []string{
		"event_id", "name", "actor_id", "actor_name", "resource_type", "resource_id", "resource_name",
		"channels", "audience", "payload", "ip", "user_agent", "direct", "created_at", "appended_at",
	}
}

// rows returns the events as appendColumns has them, once all of them may be appended.
func (l *Log) rows(events []callboard.Event) ([][]any, error) {
	rows := make([][]any, len(events))
	now := sqldb.Time{Time: callboard.Now()}
	for i := range events {
		e := &events[i]
		if err := checkPayload(e); err != nil {
			return nil, err
		}
		if err := l.cfg.Events.Check(e); err != nil {
			return nil, err
		}
		if t, _ := l.cfg.Events.TypeOf(e); t.Ephemeral {
			return nil, callboard.Wrap(errors.New(e.Name), callboard.CodeInvalid, "an ephemeral event goes to the sockets, and has no place in the log")
		}
		rows[i] = []any{
			e.ID, e.Name, e.Actor.ID, e.Actor.Name, e.Resource.Type, e.Resource.ID, e.Resource.Name,
			encodeNames(e.Channels), encodeNames(e.Audience), cmp.Or(string(e.Data), "{}"), e.IP, e.UserAgent, e.Direct,
			sqldb.Time{Time: e.CreatedAt}, now,
		}
	}
	return rows, nil
}

func checkPayload(e *callboard.Event) error {
	switch {
	case e.Err() != nil:
		return e.Err()
	case len(e.Data) > MaxPayload:
		return callboard.Errorf(callboard.CodeTooLarge, "the data is larger than %d KB", MaxPayload>>10)
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
