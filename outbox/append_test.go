package outbox_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// What is no transaction is refused, and never panics.
func TestAppendWithoutTransaction(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log := outbox.New(outbox.Config{DB: db, Events: testEvents(t)})
		e := newEvent("tested", callboard.Resource{Type: "test", ID: "1"}, nil)
		for name, tx := range map[string]outbox.Tx{
			"nil": nil, "a nil sqldb.Tx": (*sqldb.Tx)(nil), "a nil sql.Tx": (*sql.Tx)(nil), "a nil pgx.Tx": sqldb.Pgx(nil), "a connection": (*sql.Conn)(nil), "a pool": (*sql.DB)(nil),
		} {
			if err := log.Append(t.Context(), tx, e); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}, outbox.Migrations())
}

// What nobody did, or is about nothing where its type refers to it, is refused with the reason, in whatever transaction; so is what
// has no place in the log.
func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	approved := callboard.EventType{Name: "cut_approved", Summary: "A cut was approved.", Channels: []string{"{resource}"}}
	typing := callboard.EventType{Name: "typing", Summary: "Somebody types.", Ephemeral: true}
	registry, err := callboard.NewRegistry(approved, typing)
	if err != nil {
		t.Fatal(err)
	}
	ada := callboard.WithActor(t.Context(), callboard.Actor{ID: "42", Name: "Ada"})
	cut := callboard.Resource{Type: "cut", ID: "7"}
	around := callboard.Relations{}
	message := callboard.NewEvent(t.Context(), "hello", callboard.Resource{}, nil)
	message.Direct = true
	broken := func(breaks func(e *callboard.Event)) callboard.Event {
		e := approved.Event(ada, cut, around, nil)
		breaks(&e)
		return e
	}
	for name, tt := range map[string]struct {
		event callboard.Event
		code  callboard.Code
		says  string
	}{
		"nobody":                    {approved.Event(t.Context(), cut, around, nil), callboard.CodeForbidden, "WithActor"},
		"nobody, of Callboard's":    {callboard.EpisodeCreated.New(t.Context(), cut, callboard.EpisodeData{}), callboard.CodeForbidden, "WithActor"},
		"nobody, a message":         {message, callboard.CodeForbidden, "WithActor"},
		"about nothing":             {approved.Event(ada, callboard.Resource{}, around, nil), callboard.CodeInvalid, "about nothing"},
		"about nothing of a type":   {approved.Event(ada, callboard.Resource{Type: "cut"}, around, nil), callboard.CodeInvalid, "an ID that cannot be"},
		"no ID":                     {broken(func(e *callboard.Event) { e.ID = "" }), callboard.CodeInvalid, "UUID"},
		"no time":                   {broken(func(e *callboard.Event) { e.CreatedAt = time.Time{} }), callboard.CodeInvalid, "CreatedAt"},
		"a time without a form":     {broken(func(e *callboard.Event) { e.CreatedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) }), callboard.CodeInvalid, "CreatedAt"},
		"half a character":          {broken(func(e *callboard.Event) { e.Resource.Name = "Caf\xc3" }), callboard.CodeInvalid, "Resource.Name"},
		"NUL":                       {broken(func(e *callboard.Event) { e.Actor.Name = "Ada\x00" }), callboard.CodeInvalid, "Actor.Name"},
		"an endless name":           {broken(func(e *callboard.Event) { e.Resource.Name = strings.Repeat("n", 1<<20) }), callboard.CodeInvalid, "Resource.Name"},
		"a user agent of any bytes": {broken(func(e *callboard.Event) { e.UserAgent = "\xff" }), callboard.CodeInvalid, "UserAgent"},
		"an actor who cannot be":    {broken(func(e *callboard.Event) { e.Actor.ID = "role:admin" }), callboard.CodeInvalid, "Actor"},
		"data of no object":         {approved.Event(ada, cut, around, []string{"a"}), callboard.CodeInvalid, "JSON object"},
		"data in another encoding":  {broken(func(e *callboard.Event) { e.Data = json.RawMessage("{\"a\":\"\xff\"}") }), callboard.CodeInvalid, "JSON object"},
		"the list of viewers":       {broken(func(e *callboard.Event) { e.Channels = []string{"viewers:cut:7"} }), callboard.CodeInvalid, "Channels[0]"},
		"a placeholder":             {broken(func(e *callboard.Event) { e.Channels = []string{"broadcast", "{resource}"} }), callboard.CodeInvalid, "Channels[1]"},
		"nobody to notify":          {broken(func(e *callboard.Event) { e.Audience = []string{"watchers:"} }), callboard.CodeInvalid, "Audience[0]"},
		"ephemeral":                 {typing.Event(ada, cut, around, nil), callboard.CodeInvalid, "no place in the log"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations())
			log := outbox.New(outbox.Config{DB: db, Events: registry})
			foreign, err := db.SQL().BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			inForeign := log.Append(t.Context(), foreign, tt.event)
			if err := foreign.Rollback(); err != nil {
				t.Fatal(err)
			}
			inOwn := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, tt.event) })
			for _, err := range []error{inForeign, inOwn} {
				if callboard.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%v, want %s with %q", err, tt.code, tt.says)
				}
			}
		})
	}
}

// An event without data has an empty object: what is stored has to be read by everybody.
func TestAppendWithoutData(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, _ := start(t, outbox.Config{DB: db})
		bare := newEvent("tested", callboard.Resource{Type: "test", ID: "1"}, nil)
		bare.Data = nil
		events := []callboard.Event{bare, newEvent("tested", bare.Resource, map[string]any(nil))}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, events...) })
		if err != nil {
			t.Fatal(err)
		}
		drain(t, log)
		feed, err := log.Events(callboard.WithActor(t.Context(), callboard.System("test")), 0, 10)
		if err != nil || len(feed.Events) != len(events) {
			t.Fatalf("%+v, %v", feed.Events, err)
		}
		for _, e := range feed.Events {
			if string(e.Data) != "{}" {
				t.Errorf("data %q", e.Data)
			}
		}
	}, outbox.Migrations())
}
