package systemtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func withoutLimit(cfg *app.Config) { cfg.NotificationRateLimit = 1_000_000 }

// While the table of the log is away, people write, hear live events and are notified as always; the server says
// who is behind. Once the table is back, the log gets what it missed.
func TestActivityTableAway(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		s := apptest.Start(t, apptest.Options{Kind: kind, Config: withoutLimit})
		viewer, admin := s.Dial(s.Users.Viewer.Token), s.Dial(s.Users.Admin.Token)
		acked := createEpisodes(t, s, "Before", 3)
		s.Settle()
		sqldbtest.RenameTable(t, s.DB, "callboard_activity", "callboard_activity_away")
		acked = append(acked, createEpisodes(t, s, "Meanwhile", 8)...)

		hearEach(t, viewer, callboard.EpisodeCreated.Name, acked)
		hearEach(t, admin, notification.EventNotification, acked)
		awaitBehind(t, s, "activity", 8)
		if got := s.Do(http.MethodGet, "/api/v1/notifications?limit=200", s.Users.Admin.Token, nil); got.Status != http.StatusOK {
			t.Errorf("reading the inbox: %d %s", got.Status, got.Body)
		}

		sqldbtest.RenameTable(t, s.DB, "callboard_activity_away", "callboard_activity")
		verify(t, &s.Site, s.DB, acked)
		if ready, _ := s.Ready(); ready.Status != "ready" {
			t.Errorf("afterwards /readyz says %q", ready.Status)
		}
		searchable(t, s, "Meanwhile", 8)
	})
}

// While the table of the inboxes is away, people write, the log goes on and live events are heard without delay. Once it
// is back, each recipient gets one notification per event, live too.
func TestNotificationsTableAway(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		s := apptest.Start(t, apptest.Options{Kind: kind, Config: withoutLimit})
		viewer, admin := s.Dial(s.Users.Viewer.Token), s.Dial(s.Users.Admin.Token)
		acked := createEpisodes(t, s, "Before", 3)
		hearEach(t, admin, notification.EventNotification, acked)
		sqldbtest.RenameTable(t, s.DB, "callboard_notifications", "callboard_notifications_away")
		during := createEpisodes(t, s, "Meanwhile", 5)
		awaitBehind(t, s, "inbox", 5)
		more := createEpisodes(t, s, "Meanwhile, later", 3) // by now the inboxes stand still, and must not hold these back
		during = append(during, more...)
		acked = append(acked, during...)

		hearEach(t, viewer, callboard.EpisodeCreated.Name, acked)
		awaitEntries(t, s.DB, len(acked))
		awaitBehind(t, s, "inbox", len(during))

		sqldbtest.RenameTable(t, s.DB, "callboard_notifications_away", "callboard_notifications")
		hearEach(t, admin, notification.EventNotification, during)
		verify(t, &s.Site, s.DB, acked)
	})
}

// The sockets must not wait for the notifications: not for those that come late, and neither when more events pile up
// than are published at once.
func TestNotificationsTableAwayForLong(t *testing.T) {
	needLong(t)
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withoutLimit})
	viewer := s.Dial(s.Users.Viewer.Token)
	sqldbtest.RenameTable(t, s.DB, "callboard_notifications", "callboard_notifications_away")
	var calls []callboard.Message
	for n := range 700 {
		var sent struct {
			ID string `json:"id"`
		}
		s.Want(http.StatusAccepted, http.MethodPost, "/api/v1/socket/broadcast", s.Users.Service,
			map[string]any{"event": "piled_up", "data": map[string]int{"n": n}}, &sent)
		calls = append(calls, callboard.Message{ID: sent.ID})
		if n == 0 { // makes the notifications fail from here on
			createEpisodes(t, s, "Meanwhile", 1)
			awaitBehind(t, s, "inbox", 1)
		}
	}
	for _, call := range calls {
		if got := hear(t, viewer, "piled_up"); got.ID != call.ID {
			t.Fatalf("heard of %s, want %s", got.ID, call.ID)
		}
	}
	sqldbtest.RenameTable(t, s.DB, "callboard_notifications_away", "callboard_notifications")
	s.Settle()
}

// createEpisodes creates n episodes as the editor, each of which must succeed.
func createEpisodes(t *testing.T, s *apptest.Server, title string, n int) []write {
	t.Helper()
	acked := make([]write, n)
	for i := range n {
		var e struct {
			ID      string `json:"id"`
			Version int64  `json:"version"`
		}
		s.Want(http.StatusCreated, http.MethodPost, episodesPath, s.Users.Editor.Token,
			map[string]any{"title": fmt.Sprintf("%s %d", title, i)}, &e)
		acked[i] = write{episode: e.ID, event: callboard.EpisodeCreated.Name, version: e.Version}
	}
	return acked
}

// hear returns the next message of an event.
func hear(t *testing.T, socket *realtimetest.Client, event string) callboard.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p, err := socket.NextOf(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	return p.Message
}

// next returns the next message of any event.
func next(t *testing.T, socket *realtimetest.Client) realtimetest.Push {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	push, err := socket.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return push
}

// hearEach waits for a message about each of the episodes, exactly one and in their order.
func hearEach(t *testing.T, socket *realtimetest.Client, event string, about []write) {
	t.Helper()
	var want, got []string
	last := int64(0)
	for _, w := range about {
		m := hear(t, socket, event)
		want, got = append(want, w.episode), append(got, m.Resource.ID)
		if m.Pos <= last {
			t.Errorf("%s at position %d after %d", event, m.Pos, last)
		}
		last = m.Pos
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s heard (-want +got):\n%s", event, diff)
	}
}

// hearAll waits until there was a message about each of the episodes, in any order.
func hearAll(t *testing.T, socket *realtimetest.Client, event string, about []string) {
	t.Helper()
	missing := map[string]bool{}
	for _, id := range about {
		missing[id] = true
	}
	for len(missing) > 0 {
		delete(missing, hear(t, socket, event).Resource.ID)
	}
}

// awaitBehind waits until a consumer is n events behind because it fails, and holds the server to how it tells of that.
func awaitBehind(t *testing.T, s *apptest.Server, consumer string, n int) {
	t.Helper()
	apptest.Eventually(t, "the server says who is behind", func() error {
		ready, status := s.Ready()
		c := ready.Parts["outbox"].Consumers[consumer]
		if status != http.StatusOK || ready.Status != "degraded" || !c.Stalled || c.LagEvents+c.DeadLetters != n {
			return fmt.Errorf("answer %d: %+v", status, ready)
		}
		return nil
	})
	metrics := s.Do(http.MethodGet, "/metrics", s.Users.Service, nil)
	line := fmt.Sprintf("callboard_consumer_stalled{consumer=%q} 1", consumer)
	if !slices.Contains(strings.Split(string(metrics.Body), "\n"), line) {
		t.Errorf("/metrics does not say %q", line)
	}
}

// awaitEntries waits until the log tells of n new episodes.
func awaitEntries(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	apptest.Eventually(t, "the log goes on", func() error {
		got := sqldbtest.Column[int](t, db, `SELECT count(*) FROM callboard_activity WHERE action = 'created_episode'`)[0]
		if got != n {
			return fmt.Errorf("%d entries, want %d", got, n)
		}
		return nil
	})
}

// searchable proves that the search finds n entries, each once.
func searchable(t *testing.T, s *apptest.Server, word string, n int) {
	t.Helper()
	var found []struct {
		ID string `json:"id"`
	}
	s.Want(http.StatusOK, http.MethodGet, "/api/v1/activity/search?limit=200&q="+url.QueryEscape(word), s.Users.Viewer.Token, nil, &found)
	ids := map[string]bool{}
	for _, entry := range found {
		ids[entry.ID] = true
	}
	if len(found) != n || len(ids) != n {
		t.Errorf("the search finds %d entries, %d different ones; want %d", len(found), len(ids), n)
	}
}
