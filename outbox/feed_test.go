package outbox_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// The schema can be changed while a server leads: the two locks are not one.
func TestLeaderDoesNotLockTheSchema(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	log, _ := start(t, outbox.Config{DB: db})
	eventually(t, "the process leads", log.Leading)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := sqldb.Locked(ctx, db, func(context.Context) error { return nil }); err != nil {
		t.Errorf("the schema is locked: %v", err)
	}
}

// A page that a sweep overtook says so, rather than leaving out what is gone.
func TestEventsNeverSkip(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, stop := start(t, outbox.Config{DB: db})
		appendEvents(t, db, 10)
		drain(t, log)
		stop()
		exec(t, db, `DELETE FROM callboard_outbox WHERE pos BETWEEN 4 AND 6`) // what a sweep does, seen from a reader at 3
		admin := callboard.WithActor(t.Context(), callboard.System("test"))
		if feed, err := log.Events(admin, 3, 100); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("events after 3: %v, %v, want CodeGone", positionsOf(feed.Events), err)
		}
		if feed, err := log.Events(admin, 6, 100); err != nil || !slices.Equal(positionsOf(feed.Events), []int64{7, 8, 9, 10}) {
			t.Errorf("events after 6: %v, %v", positionsOf(feed.Events), err)
		}
	}, outbox.Migrations())
}

// A page of large events is short, and leads on to the others.
func TestLargeEventsMakeShortPages(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, stop := start(t, outbox.Config{DB: db})
		defer stop()
		const n = 120
		text := strings.Repeat("x", 60<<10)
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for range n {
				ev := newEvent("large", callboard.Resource{}, map[string]string{"text": text})
				if err := log.Append(ctx, tx, ev); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		drain(t, log)
		admin := callboard.WithActor(t.Context(), callboard.System("test"))
		var seen []int64
		pages := 0
		for pos := int64(0); pos < n; pages++ {
			feed, err := log.Events(admin, pos, 200)
			if err != nil || feed.Pos <= pos || feed.Last != n {
				t.Fatalf("after %d: up to %d of %d, %v", pos, feed.Pos, feed.Last, err)
			}
			seen, pos = append(seen, positionsOf(feed.Events)...), feed.Pos
		}
		for i, pos := range seen {
			if pos != int64(i+1) {
				t.Fatalf("position %d in the place of %d", pos, i+1)
			}
		}
		if len(seen) != n || pages < 2 {
			t.Errorf("%d events on %d pages", len(seen), pages)
		}
	}, outbox.Migrations())
}

func TestEventsByReader(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		ada, bob := callboard.NewID(), callboard.NewID()
		channels := [][]string{
			{callboard.BroadcastChannel}, {callboard.UserChannel(ada)}, {callboard.UserChannel(bob)},
			{"episode:1"}, {callboard.RoomChannel("writers")}, nil,
		}
		log, _ := start(t, outbox.Config{DB: db})
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for _, c := range channels {
				e := newEvent("tested", callboard.Resource{}, nil)
				e.Channels = c
				if err := log.Append(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		drain(t, log)
		tests := []struct {
			name  string
			actor callboard.Actor
			want  []int64
		}{
			{"nobody", callboard.Actor{}, nil},
			{"a viewer", callboard.Actor{ID: ada, Role: callboard.RoleViewer}, []int64{1, 2, 4, 5}},
			{"another", callboard.Actor{ID: bob, Role: callboard.RoleEditor}, []int64{1, 3, 4, 5}},
			{"an admin", callboard.Actor{ID: bob, Role: callboard.RoleAdmin}, []int64{1, 2, 3, 4, 5, 6}},
		}
		for _, tt := range tests {
			for _, limit := range []int{1, 2, 100} {
				var got []int64
				for pos, more := int64(0), true; more; {
					feed, err := log.Events(callboard.WithActor(t.Context(), tt.actor), pos, limit)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, positionsOf(feed.Events)...)
					pos, more = feed.Pos, feed.More()
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s, %d at a time, reads %v, want %v", tt.name, limit, got, tt.want)
				}
			}
		}
	}, outbox.Migrations())
}

// Events that nobody gives a position are late too, although no consumer is behind.
func TestEventsWithoutPositionAreLate(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	log := outbox.New(outbox.Config{DB: db}) // and nobody runs it
	log.Add(tables("log")...)
	appendEvents(t, db, 2)
	eventually(t, "it says so", func() bool {
		s, err := log.Stats(t.Context())
		return err == nil && s.Depth == 2 && s.LagEvents() == 2 && s.Lag() > 0
	})
}
