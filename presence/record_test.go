package presence

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// runOn runs a service on db until stop is called, which leaves everything as a crash does.
func runOn(t *testing.T, db *sqldb.DB) (s *Service, b *board, stop func()) {
	t.Helper()
	s, err := New(Config{DB: db, TTL: time.Second})
	ok(t, err)
	ok(t, s.Restore(t.Context()))
	b = &board{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, b) }()
	return s, b, func() {
		cancel()
		ok(t, <-done)
	}
}

// heard waits until as many joins and leaves were sent as are wanted, and compares.
func (b *board) heard(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	eventually(t, "all is heard", func() bool {
		got = append(got, lines(b.take(callboard.ViewerJoined.Name, callboard.ViewerLeft.Name))...)
		return len(got) >= len(want)
	})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("heard %q, want %q", got, want)
	}
}

// eventually waits until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(15 * time.Second); !cond(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

// After a crash nobody joins twice, everybody who does not come back leaves, and those who left before stay away.
func TestViewersOutliveACrash(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		ctx, a := t.Context(), episode("a")
		s, b, crash := runOn(t, db)
		ok(t, s.Track(ctx, a, user("requests")))
		ok(t, s.Join(ctx, a, user("tab"), "1"))
		ok(t, s.Join(ctx, a, user("lost"), "2"))
		ok(t, s.Track(ctx, a, user("gone")))
		ok(t, s.Remove(ctx, "gone", a))
		ok(t, s.SetStatus(ctx, user("unseen"), StatusChoice{Status: StatusOffline}))
		ok(t, s.Track(ctx, a, user("unseen")))
		ok(t, s.SetStatus(ctx, user("tab"), StatusChoice{Status: StatusDND, Text: "old"}))
		ok(t, s.SetStatus(ctx, user("tab"), StatusChoice{Status: StatusBusy, Text: "on air"}))
		b.heard(t, "viewer_joined by gone to episode:a", "viewer_joined by lost to episode:a", "viewer_joined by requests to episode:a",
			"viewer_joined by tab to episode:a", "viewer_left by gone to episode:a")
		before, _, err := s.Viewers(ctx, a)
		ok(t, err)
		eventually(t, "the leave is recorded", func() bool {
			list, err := record{db, nil}.all(ctx)
			ok(t, err)
			return len(list) == len(before)
		})
		crash()

		s, b, crash = runOn(t, db)
		defer crash()
		after, total, err := s.Viewers(ctx, a)
		ok(t, err)
		if !cmp.Equal(before, after) || total != 3 {
			t.Errorf("viewers %v after the restart, and %v before", after, before)
		}
		ok(t, s.Track(ctx, a, user("unseen"))) // is still not seen
		if choice, err := s.Status(ctx, "tab"); err != nil || choice != (StatusChoice{Status: StatusBusy, Text: "on air"}) {
			t.Errorf("status after the restart: %+v, %v", choice, err)
		}
		stop := make(chan struct{})
		defer close(stop)
		for _, session := range []string{restSession, "3"} {
			who := map[string]string{restSession: "requests", "3": "tab"}[session]
			ok(t, s.Join(ctx, a, user(who), session))
			go func() { // the others stay for as long as it takes
				tick := time.NewTicker(100 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-tick.C:
						_ = s.Refresh(ctx, a, user(who), session)
					case <-stop:
						return
					}
				}
			}()
		}
		b.heard(t, "viewer_left by lost to episode:a")
	}, Migrations())
}
