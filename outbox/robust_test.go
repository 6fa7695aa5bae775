package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// The schema can be changed while a server leads: the two locks are not one.
func TestLeaderDoesNotLockTheSchema(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	relay, _ := start(t, outbox.Config{DB: db})
	eventually(t, "the relay leads", relay.Leading)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := sqldb.Locked(ctx, db, func(context.Context) error { return nil }); err != nil {
		t.Errorf("the schema is locked: %v", err)
	}
}

// Whatever the text of an error holds, its event is parked and the relay goes on.
func TestRelayParksWithAnyErrorText(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "odd")
		createTable(t, db, "healthy")
		odd := &tableHandler{table: "odd", err: func(callboard.Event) error {
			return errors.New("a\x00\xff" + strings.Repeat("é", 500)) // cut in the middle of a letter, too
		}}
		relay, _ := start(t, outbox.Config{DB: db, Handlers: []outbox.Handler{odd, &tableHandler{table: "healthy"}}})
		appendEvents(t, db, 3)
		drain(t, relay)
		if n := parked(t, relay, "odd"); n != 3 {
			t.Errorf("%d events are parked, want 3", n)
		}
		if got, _ := tableRows(t, db, "healthy"); !slices.Equal(got, upTo(3)) {
			t.Errorf("the healthy handler has %v", got)
		}
	}, outbox.Migrations())
}

// What a handler owes that is switched off is kept, and keeps nobody busy.
func TestRelayRestsBesideDebtsOfOthers(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "off")
		broken := &tableHandler{table: "off", err: func(callboard.Event) error { return errors.New("broken") }}
		relay, stop := start(t, outbox.Config{DB: db, Handlers: []outbox.Handler{broken}})
		appendEvents(t, db, 1)
		drain(t, relay)
		stop()

		later := func() time.Time { return callboard.Now().Add(time.Hour) } // the debt is due
		without, stop := start(t, outbox.Config{DB: db, Now: later})
		eventually(t, "the relay rests", func() bool {
			idle, err := without.Idle(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return idle && without.Leading()
		})
		stop()
		broken.err = nil
		again, _ := start(t, outbox.Config{DB: db, Now: later, Handlers: []outbox.Handler{broken}})
		eventually(t, "the debt is paid", func() bool { return parked(t, again, "off") == 0 })
	}, outbox.Migrations())
}

// A page that a sweep overtook says so, rather than leaving out what is gone.
func TestEventsNeverSkip(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		relay, stop := start(t, outbox.Config{DB: db})
		appendEvents(t, db, 10)
		drain(t, relay)
		stop()
		exec(t, db, `DELETE FROM outbox WHERE pos BETWEEN 4 AND 6`) // what a sweep does, seen from a reader at 3
		admin := callboard.WithActor(t.Context(), callboard.System("test"))
		if feed, err := relay.Events(admin, 3, 100); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("events after 3: %v, %v, want CodeGone", positionsOf(feed.Events), err)
		}
		if feed, err := relay.Events(admin, 6, 100); err != nil || !slices.Equal(positionsOf(feed.Events), []int64{7, 8, 9, 10}) {
			t.Errorf("events after 6: %v, %v", positionsOf(feed.Events), err)
		}
	}, outbox.Migrations())
}

func TestBatchesAdapt(t *testing.T) {
	t.Parallel()
	relay := outbox.New(outbox.Config{BatchSize: 100})
	for i, step := range []struct {
		events int
		took   time.Duration
		want   int
	}{
		{8, time.Millisecond, 16}, // cheap: twice as many
		{16, time.Millisecond, 32},
		{32, 9 * time.Millisecond, 64},
		{64, 9 * time.Millisecond, 100}, // never more than configured
		{0, time.Minute, 100},           // nothing was done: nothing is known
		{100, 40 * time.Millisecond, 25},
		{4, 10 * time.Second, 1}, // ten thousand recipients each
		{1, time.Second, 1},
		{1, time.Millisecond, 4},
	} {
		if got := relay.Adapt(step.events, step.took); got != step.want {
			t.Errorf("step %d: %d events in %s lead to %d, want %d", i, step.events, step.took, got, step.want)
		}
	}
}
