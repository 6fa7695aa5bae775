package notification_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestAudiences(t *testing.T) {
	t.Parallel()
	role := callboard.AudienceRole
	cases := map[string]struct {
		actor    string
		to       []string
		watchers []string
		want     []string
	}{
		"one user":                 {callboard.SystemID, []string{vic}, nil, []string{"Vic"}},
		"a user twice":             {callboard.SystemID, []string{vic, vic, role(callboard.RoleViewer)}, nil, []string{"Vic", "Val"}},
		"the actor by itself":      {vic, []string{vic}, nil, []string{}},
		"a role":                   {callboard.SystemID, []string{role(callboard.RoleAdmin)}, nil, []string{"Ada"}},
		"two roles, not the actor": {ada, []string{role(callboard.RoleAdmin), role(callboard.RoleEditor)}, nil, []string{"Eve"}},
		"all, not the actor":       {vic, []string{callboard.AudienceAll}, nil, []string{"Ada", "Eve", "Val"}},
		"watchers, not the actor":  {eve, []string{callboard.AudienceWatchers(episode(1))}, []string{eve, vic}, []string{"Vic"}},
		"no watchers":              {eve, []string{callboard.AudienceWatchers(episode(1))}, nil, []string{}},
		"a disabled watcher":       {eve, []string{callboard.AudienceWatchers(episode(1))}, []string{dis, val}, []string{"Val"}},
		"disabled and unknown":     {eve, []string{dis, nobody, ada}, nil, []string{"Ada"}},
		"an unreadable audience":   {eve, []string{"role:king", "watchers:episode", vic}, nil, []string{"Vic"}},
		"nobody":                   {eve, nil, nil, []string{}},
	}
	forEach(t, func(t *testing.T, f *fixture) {
		for name, c := range cases {
			f.clear()
			for _, id := range c.watchers {
				f.watch(id, 1)
			}
			e := f.event(callboard.EpisodePublished.New(as(c.actor), episode(1), callboard.EpisodeData{}))
			e.Audience = c.to
			f.handle(e)
			if diff := cmp.Diff(c.want, f.receivers()); diff != "" {
				t.Errorf("%s: receivers (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestSenderNamedByID(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("to all", callboard.AudienceAll), f.note("to myself", ada))
		if diff := cmp.Diff([]string{"to myself ×1"}, f.texts(ada)); diff != "" {
			t.Errorf("the sender's inbox (-want +got):\n%s", diff)
		}
	})
}

// An application is no person: whom it notifies, it notifies, also the user whose token it has; and it watches nothing.
func TestApplicationsAreNobody(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		owner := callboard.Actor{ID: ada, Name: "Ada", Role: callboard.RoleAdmin, Service: true, Application: "Render farm", Credential: callboard.NewID()}
		ctx := callboard.WithActor(t.Context(), owner)
		f.watch(ada, 1)
		for name, e := range map[string]callboard.Event{
			"to a role":   callboard.NotificationCreated.New(ctx, callboard.Resource{}, callboard.NotificationData{Type: "note", Message: "m"}),
			"to watchers": callboard.EpisodeUpdated.New(ctx, episode(1), callboard.EpisodeData{Title: "T"}),
		} {
			if len(e.Audience) == 0 {
				e.Audience = []string{"role:admin"}
			}
			f.exec(`DELETE FROM callboard_notifications`)
			f.handle(f.event(e))
			inbox := f.inbox(ada)
			if len(inbox) != 1 || inbox[0].ActorID == ada || inbox[0].ActorName != "Render farm" {
				t.Errorf("%s: the inbox of the token's owner is %+v", name, inbox)
			}
		}
		f.handle(f.event(callboard.EpisodeCreated.New(ctx, episode(2), callboard.EpisodeData{Title: "T"})))
		if watchers, err := f.Watchers(t.Context(), episode(2)); err != nil || len(watchers) > 0 {
			t.Errorf("the episode that an application made is watched by %v, %v", watchers, err)
		}
	})
}

func TestWatchersWithinOneBatch(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		create := f.event(callboard.EpisodeCreated.New(as(eve), episode(1), callboard.EpisodeData{}))
		create.Audience = nil
		f.handle(
			f.updated(vic, 1), // before anybody watches
			create,            // eve watches from here on, vic does since the first
			f.updated(ada, 1), // eve and vic hear of it
			f.updated(eve, 1), // ada and vic
			f.updated(callboard.SystemID, 2),
		)
		for id, want := range map[string][]string{
			eve: {"Ada updated Episode 1 ×1"},
			vic: {"Eve updated Episode 1 ×2"},
			ada: {"Eve updated Episode 1 ×1"},
		} {
			if diff := cmp.Diff(want, f.texts(id)); diff != "" {
				t.Errorf("inbox of %s (-want +got):\n%s", nameOf(id), diff)
			}
		}
		watchers, err := f.Watchers(t.Context(), episode(1))
		if diff := cmp.Diff([]string{ada, eve, vic}, watchers); diff != "" || err != nil {
			t.Errorf("watchers (-want +got), %v:\n%s", err, diff)
		}
		if watchers, _ := f.Watchers(t.Context(), episode(2)); len(watchers) > 0 {
			t.Errorf("the system became a watcher: %v", watchers)
		}
	})
}

func TestContentOfEvents(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.handle(f.updated(eve, 1))
		got := f.inbox(vic)[0]
		want := notification.Notification{
			ID: got.ID, UserID: vic, Type: "episode_updated", Message: "Eve updated Episode 1", Data: got.Data,
			Priority: "normal", ActorID: eve, ActorName: "Eve", ResourceType: "episode", ResourceID: "ep-1",
			EventID: got.EventID, Pos: 1, Count: 1, CreatedAt: noon().Add(time.Millisecond),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("entry (-want +got):\n%s", diff)
		}
		data := decode[callboard.EpisodeData](t, got.Data)
		if data.Changes["title"].New != "T" {
			t.Errorf("data without the changes: %s", got.Data)
		}
	})
}

func TestContentOfOddEvents(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3000)
	cases := map[string]struct {
		actor   string
		res     callboard.Resource
		payload any
		message string
		data    string
	}{
		"no names": {nobody, callboard.Resource{Type: "episode", ID: "1"}, struct{}{}, "Someone published the episode", `{}`},
		"names like placeholders": {eve, callboard.Resource{Type: "episode", ID: "1", Name: "{actor}\x00"}, struct{}{},
			"Eve published {actor}", `{}`},
		"large changes": {eve, episode(1), map[string]any{"title": "T", "changes": callboard.Changes{"b": {Old: long, New: long}, "a": {}}},
			"Eve published Episode 1", `{"changed":["a","b"],"title":"T"}`},
		"large everything": {eve, episode(1), map[string]any{"title": long + long}, "Eve published Episode 1", `{}`},
		"not an object":    {eve, episode(1), nil, "Eve published Episode 1", `{}`},
	}
	forEach(t, func(t *testing.T, f *fixture) {
		for name, c := range cases {
			f.clear()
			e := callboard.NewEvent(as(c.actor), callboard.EpisodePublished.Name, c.res, c.payload)
			e.Audience = []string{vic}
			f.handle(f.event(e))
			n := f.inbox(vic)[0]
			if n.Message != c.message || string(n.Data) != c.data {
				t.Errorf("%s: entry says %q with %s, want %q with %s", name, n.Message, n.Data, c.message, c.data)
			}
		}
	})
}

// Fields of the payload go into the message as one line of text, cut where they are long; what is missing or no text is a dash.
func TestFieldsInMessages(t *testing.T) {
	t.Parallel()
	approved := callboard.EventType{
		Name: "cut_approved", Summary: "A cut was approved.", Notify: []string{callboard.AudienceAll},
		Message: "{actor}: {data.title}, {data.round}, {data.done}, {data.none}, {data.list}",
	}
	registry, err := callboard.NewRegistry(approved)
	if err != nil {
		t.Fatal(err)
	}
	db := sqldbtest.Open(t, sqldbtest.SQLite, sets()...)
	f := newFixture(t, db, func(cfg *notification.Config) { cfg.Log = outbox.New(outbox.Config{DB: db, Events: registry}) })
	for title, want := range map[string]string{
		"{actor}\n of\x00 dawn":  "Eve: {actor} of dawn, 3, true, –, –",
		" ":                      "Eve: –, 3, true, –, –",
		strings.Repeat("é", 300): "Eve: " + strings.Repeat("é", 254) + "…, 3, true, –, –",
	} {
		f.clear()
		e := approved.Event(as(eve), episode(1), callboard.Relations{}, map[string]any{"title": title, "round": 3, "done": true, "list": []int{1}})
		f.handle(f.event(e))
		if got := f.inbox(vic)[0].Message; got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestEventsThatNotifyNobody(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		own := f.event(callboard.NewEvent(as(eve), "my_own_event", episode(1), struct{}{}))
		own.Audience = []string{vic}
		past := f.now().Add(-time.Second)
		expired := f.sent(callboard.NotificationData{Type: "note", Message: "late", ExpiresAt: &past}, callboard.Resource{}, vic)
		f.handle(own, expired)
		if got := f.receivers(); len(got) > 0 {
			t.Errorf("notified %v", got)
		}
	})
}

func TestRedoAfterRollback(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.handle(f.updated(eve, 1))
		batch := []callboard.Event{f.updated(eve, 1), f.note("a", vic), f.updated(ada, 1), f.note("b", vic)}
		f.handleAndUndo("", batch...)
		f.handle(batch...)
		want := []string{"b ×1", "Ada updated Episode 1 ×3", "a ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
	})
}

func TestManyRecipients(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		users := 10_000
		if testing.Short() {
			users = 1000 // with the race detector
		}
		f.people.addViewers(users)
		e := f.event(callboard.EpisodePublished.New(as(eve), episode(1), callboard.EpisodeData{Title: "T"}))
		f.handle(e)
		f.handle(f.event(callboard.EpisodePublished.New(as(eve), episode(1), callboard.EpisodeData{Title: "T"})))
		want := users + 3 // and Ada, Vic, Val
		if n := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE count = 2 AND pos = 2`); n != want {
			t.Errorf("%d entries that tell of both events, want %d", n, want)
		}
	})
}

func (p *people) addViewers(n int) {
	for i := range n {
		p.roles[viewer(i)] = callboard.RoleViewer
	}
}

func viewer(i int) string { return fmt.Sprintf("01970000-0000-7000-9000-%012x", i) }

// countingContext counts how often somebody asks it for its end. On PostgreSQL the database layer does so a fixed number
// of times per statement; on SQLite, which gets the same statements, it does not ask.
type countingContext struct {
	context.Context
	asked atomic.Int64
}

func (c *countingContext) Done() <-chan struct{} {
	c.asked.Add(1)
	return c.Context.Done()
}

// TestStatementsPerBatch holds the number of statements to be the same for small and large batches, but for those of a
// bulk insert, which takes one per power of two.
func TestStatementsPerBatch(t *testing.T) {
	t.Parallel()
	limit := func(c *notification.Config) { c.RateLimit = 4 }
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.Postgres, sets()...), limit)
	f.people.addViewers(600)
	for i := range 400 {
		f.watch(viewer(i), i%100)
	}
	for range 3 { // there are entries to join, some users have used up their limit, and statements are prepared
		f.statements(f.mixture(100))
		f.statements(f.mixture(10))
	}
	small, calls := f.statements(f.mixture(10))
	large, moreCalls := f.statements(f.mixture(100))
	if small == 0 || large > small+small/4 {
		t.Errorf("the database was asked %d times for 30 events and %d times for 300", small, large)
	}
	if calls != moreCalls {
		t.Errorf("accounts were asked %d times for 30 events and %d times for 300", calls, moreCalls)
	}
	if perEvent, _ := f.statements([]callboard.Event{f.updated(eve, 1)}); perEvent == 0 || large > 4*perEvent {
		t.Errorf("the database was asked %d times for one event and %d times for 300", perEvent, large)
	}
}

// mixture returns an urgent note, n updates, n notes to named users and n notes to roles.
func (f *fixture) mixture(n int) []callboard.Event {
	urgent := callboard.NotificationData{Type: "note", Message: "u", Priority: "urgent"} // always an entry of its own
	events := []callboard.Event{f.sent(urgent, callboard.Resource{}, vic)}
	for i := range n {
		events = append(events, f.updated(eve, i%100), f.note("n", viewer(i), viewer(i+1)),
			f.note("r", callboard.AudienceRole(callboard.RoleAdmin), callboard.AudienceRole(callboard.RoleEditor)))
	}
	return events
}

func (f *fixture) statements(events []callboard.Event) (asked int64, accountCalls int) {
	f.t.Helper()
	before := f.people.calls
	err := f.db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
		counting := &countingContext{Context: ctx}
		taken, _, err := f.Consumers()[0].HandlePart(counting, tx, events, "")
		if taken != len(events) {
			f.t.Errorf("%d of %d events were taken", taken, len(events))
		}
		asked = counting.asked.Load()
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return asked, f.people.calls - before
}

// A row of one user that cannot be read keeps nobody else from being notified, and that user only until it is mended.
func TestUnreadablePreferencesConcernOneUser(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		if _, err := f.SetPreferences(t.Context(), val, notification.Preferences{MuteAll: false}); err != nil {
			t.Fatal(err)
		}
		f.exec(`UPDATE callboard_notification_preferences SET settings = '{'`)
		for _, to := range []string{val, vic} {
			if _, err := f.Create(as(ada), notification.Input{To: []string{to}, Type: "note", Message: "m"}); err != nil {
				t.Fatal(err)
			}
		}
		log := outbox.New(outbox.Config{DB: f.db, RetryFirst: time.Millisecond, Poll: 10 * time.Millisecond})
		log.Add(f.Consumers()...)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- log.Run(ctx) }()
		defer func() { cancel(); <-ended }()
		if err := log.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(f.inbox(vic)); got != 1 {
			t.Errorf("the other user has %d notifications", got)
		}
		f.exec(`UPDATE callboard_notification_preferences SET settings = '{}'`)
		for len(f.inbox(val)) == 0 && t.Context().Err() == nil {
			<-f.sockets.arrived // first what the other got, then what comes late
		}
	})
}
