package outbox_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// An event that nobody registered is refused, and its transaction with it. A message of the socket calls has whatever name it likes.
func TestUnregisteredEventsAreRefused(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, _ := start(t, outbox.Config{DB: db})
		e := newEvent("curtain_up", callboard.Resource{Type: "stage", ID: "1"}, nil)
		write := func() error {
			return db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, e) })
		}
		if err := write(); callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "curtain_up") {
			t.Errorf("not registered: %v", err)
		}
		e.Direct = true
		if err := write(); err != nil {
			t.Errorf("a message: %v", err)
		}
		drain(t, log)
		feed, err := log.Events(callboard.WithActor(t.Context(), callboard.System("test")), 0, 10)
		if err != nil || len(feed.Events) != 1 || !feed.Events[0].Direct {
			t.Errorf("%+v, %v", feed.Events, err)
		}
	}, outbox.Migrations())
}

// Types that this process does not know, of an application that has removed them, are passed over, with one warning each.
func TestUnknownTypesAreHarmless(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations())
	appendEvents(t, db, 3)
	registry, err := callboard.NewRegistry() // which does not know them
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	sent := &recorder{}
	log, stop := start(t, outbox.Config{DB: db, Events: registry, Logger: slog.New(slog.NewTextHandler(&out, nil))}, sent.consumer())
	drain(t, log)
	stop()
	if !slices.Equal(sent.positions(), upTo(3)) || len(log.Known(sent.events)) != 0 {
		t.Errorf("sent %v, of which it knows %d", sent.positions(), len(log.Known(sent.events)))
	}
	if n := strings.Count(out.String(), "event=tested"); n != 1 {
		t.Errorf("%d warnings: %s", n, &out)
	}
}
