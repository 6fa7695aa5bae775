package notification_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// whyFixture is a fixture whose events go through a log that works, once it is started.
type whyFixture struct {
	*fixture
	log    *outbox.Log
	broken atomic.Bool // editors cannot be listed
}

// Members fails for editors while that is broken.
func (f *whyFixture) Members(ctx context.Context, a callboard.Audience, after string, limit int) ([]string, error) {
	if f.broken.Load() && a.Role == callboard.RoleEditor {
		return nil, errors.New("password=hunter2 refused")
	}
	return f.people.Members(ctx, a, after, limit)
}

// Resolve implements callboard.Users.
func (f *whyFixture) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	return f.people.Resolve(ctx, ids)
}

// SocketsOf stands for two open pages of everybody.
func (s *sockets) SocketsOf(context.Context, string) (int, error) { return 2, nil }

func forEachWhy(t *testing.T, test func(t *testing.T, f *whyFixture), change ...func(*notification.Config)) {
	t.Helper()
	forEach(t, func(t *testing.T, base *fixture) {
		f := &whyFixture{fixture: base}
		f.log = outbox.New(outbox.Config{DB: base.db, Poll: 20 * time.Millisecond, RetryFirst: 5 * time.Millisecond, RetryMax: 20 * time.Millisecond})
		cfg := notification.Config{DB: base.db, Log: f.log, Users: f, Publisher: base.sockets}
		for _, c := range change {
			c(&cfg)
		}
		f.Service = notification.New(cfg)
		f.log.Add(f.Consumers()...)
		t.Cleanup(func() {
			if err := f.Close(context.Background()); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		test(t, f)
	})
}

// start has the consumers work until the test ends.
func (f *whyFixture) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.log.Run(ctx) }()
	f.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Errorf("run: %v", err)
		}
	})
}

// write appends events, in one transaction, and returns the ID of the first.
func (f *whyFixture) write(events ...callboard.Event) string {
	f.t.Helper()
	err := f.db.Write(f.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return f.log.Append(ctx, tx, events...) })
	if err != nil {
		f.t.Fatal(err)
	}
	return events[0].ID
}

// put appends events and waits until all consumers have taken them.
func (f *whyFixture) put(events ...callboard.Event) string {
	f.t.Helper()
	id := f.write(events...)
	for _, consumer := range []string{notification.ConsumerInbox, notification.ConsumerLive} {
		err := f.log.Await(f.t.Context(), consumer)
		for errors.Is(err, outbox.ErrNotTaken) { // a busy machine
			err = f.log.Await(f.t.Context(), consumer)
		}
		if err != nil {
			f.t.Fatalf("await %s: %v", consumer, err)
		}
	}
	return id
}

func (f *whyFixture) set(userID string, p notification.Preferences) {
	f.t.Helper()
	if _, err := f.SetPreferences(f.t.Context(), userID, p); err != nil {
		f.t.Fatal(err)
	}
}

// until waits until the last step for the user is the given one.
func (f *whyFixture) until(id, userID, step string) {
	f.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for last(f.why(id, userID)) != step {
		select {
		case <-tick.C:
		case <-deadline:
			f.t.Fatalf("never %q: %s", step, encodeWhy(f.t, f.why(id, userID)))
		}
	}
}

func (f *whyFixture) only(userID string) notification.Notification {
	f.t.Helper()
	inbox := f.inbox(userID)
	if len(inbox) == 0 {
		f.t.Fatal("the inbox is empty")
	}
	return inbox[0]
}

func (f *whyFixture) why(eventID, userID string) notification.Why {
	f.t.Helper()
	ctx := callboard.WithActor(f.t.Context(), callboard.Actor{ID: ada, Role: callboard.RoleAdmin})
	why, err := f.WhyEvent(ctx, eventID, userID)
	if err != nil {
		f.t.Fatalf("why: %v", err)
	}
	return why
}

func updatedBy(by string, n int) callboard.Event {
	return callboard.EpisodeUpdated.New(as(by), episode(n), callboard.EpisodeData{Title: "T"})
}

func createdBy(by string, n int) callboard.Event {
	return callboard.EpisodeCreated.New(as(by), episode(n), callboard.EpisodeData{Title: "T"})
}

func noteTo(priority notification.Priority, to ...string) callboard.Event {
	e := callboard.NotificationCreated.New(as(ada), callboard.Resource{}, callboard.NotificationData{Type: "note", Message: "m", Priority: string(priority)})
	e.Audience = to
	return e
}

func off(typ string, c notification.Channels) notification.Preferences {
	return notification.Preferences{Types: map[string]notification.Channels{typ: c}}
}

func allDay() *notification.QuietHours {
	return &notification.QuietHours{Start: "00:00", End: "00:00", TimeZone: "Europe/Berlin"}
}

func last(why notification.Why) string {
	s := why.Steps[len(why.Steps)-1]
	return fmt.Sprintf("%s %s %s %s", s.Step, s.Outcome, s.Reason, s.Basis)
}

// Each reason why somebody gets a notification, or gets none, as it really comes about.
func TestWhy(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		do      func(f *whyFixture) string // returns the event
		user    string
		outcome notification.WhyOutcome
		last    string // step, its outcome, reason and basis
	}{
		{"an editor is told of a new episode", func(f *whyFixture) string { return f.put(createdBy(ada, 1)) }, eve, "passed", "socket unknown sent now"},
		{"who did it", func(f *whyFixture) string { return f.put(createdBy(eve, 1)) }, eve, "stopped", "actor stopped own recorded"},
		{"who sent it to a role of its own", func(f *whyFixture) string { return f.put(noteTo("", "role:admin")) }, ada, "stopped", "actor stopped own recorded"},
		{"who sent it to itself by name", func(f *whyFixture) string { return f.put(noteTo("", ada)) }, ada, "passed", "socket unknown sent now"},
		{"another role", func(f *whyFixture) string { return f.put(noteTo("", "role:admin")) }, vic, "stopped", "audience stopped not_member now"},
		{"somebody else by name", func(f *whyFixture) string { return f.put(noteTo("", val)) }, vic, "stopped", "audience stopped not_member recorded"},
		{"who does not watch", func(f *whyFixture) string { return f.put(updatedBy(ada, 1)) }, vic, "stopped", "watch stopped not_watching now"},
		{"who watches", func(f *whyFixture) string {
			f.watch(vic, 1)
			return f.put(updatedBy(ada, 1))
		}, vic, "passed", "socket unknown sent now"},
		{"who watched then", func(f *whyFixture) string {
			f.watch(vic, 1)
			id := f.put(updatedBy(ada, 1))
			if err := f.Unwatch(f.t.Context(), vic, episode(1)); err != nil {
				f.t.Fatal(err)
			}
			return id
		}, vic, "passed", "socket unknown sent now"},
		{"who began to watch afterwards", func(f *whyFixture) string {
			id := f.put(updatedBy(ada, 1))
			f.watch(vic, 1)
			return id
		}, vic, "unknown", "inbox unknown gone now"},
		{"nobody is told", func(f *whyFixture) string {
			return f.put(callboard.EpisodeRestored.New(as(ada), episode(1), callboard.EpisodeData{Title: "T"}))
		}, vic, "stopped", "event stopped notifies_nobody recorded"},
		{"a disabled user", func(f *whyFixture) string { return f.put(noteTo("", dis)) }, dis, "stopped", "user stopped disabled now"},
		{"an unknown user", func(f *whyFixture) string { return f.put(noteTo("", "all")) }, nobody, "stopped", "user stopped unknown now"},
		{"everything muted", func(f *whyFixture) string {
			f.set(vic, notification.Preferences{MuteAll: true})
			return f.put(noteTo("", vic))
		}, vic, "stopped", "mute stopped mute_all recorded"},
		{"muted since", func(f *whyFixture) string {
			id := f.put(noteTo("", vic))
			if err := f.Delete(f.t.Context(), vic, f.only(vic).ID); err != nil {
				f.t.Fatal(err)
			}
			f.set(vic, notification.Preferences{MuteAll: true})
			return id
		}, vic, "stopped", "mute stopped mute_all now"},
		{"the type switched off", func(f *whyFixture) string {
			f.set(vic, off("note", notification.Channels{Live: true}))
			return f.put(noteTo("", vic))
		}, vic, "stopped", "preference stopped type_off recorded"},
		{"live switched off", func(f *whyFixture) string {
			f.set(vic, off("note", notification.Channels{InApp: true}))
			return f.put(noteTo("", vic))
		}, vic, "passed", "live stopped type_off recorded"},
		{"quiet hours", func(f *whyFixture) string {
			f.set(vic, notification.Preferences{QuietHours: allDay()})
			return f.put(noteTo("", vic))
		}, vic, "passed", "quiet_hours stopped inside recorded"},
		{"quiet hours set since", func(f *whyFixture) string {
			id := f.put(noteTo("", vic))
			f.set(vic, notification.Preferences{QuietHours: allDay()})
			return id
		}, vic, "passed", "quiet_hours stopped inside now"},
		{"urgent in quiet hours", func(f *whyFixture) string {
			f.set(vic, notification.Preferences{QuietHours: allDay()})
			return f.put(noteTo(notification.PriorityUrgent, vic))
		}, vic, "passed", "socket unknown sent now"},
		{"beyond the limit", func(f *whyFixture) string {
			f.put(noteTo("", vic), noteTo("", vic))
			return f.put(noteTo("", vic))
		}, vic, "joined", "socket unknown sent now"},
		{"within a digest", func(f *whyFixture) string {
			f.put(noteTo("", vic), noteTo("", vic))
			id := f.put(noteTo("", vic))
			f.put(noteTo("", vic))
			return id
		}, vic, "joined", "socket unknown sent now"},
		{"joined by a later event", func(f *whyFixture) string {
			f.watch(vic, 1)
			id := f.put(updatedBy(ada, 1))
			f.put(updatedBy(ada, 1), updatedBy(eve, 1))
			return id
		}, vic, "joined", "socket unknown sent now"},
		{"read before the next", func(f *whyFixture) string {
			f.watch(vic, 1)
			id := f.put(updatedBy(ada, 1))
			if _, err := f.MarkRead(f.t.Context(), vic, f.only(vic).ID); err != nil {
				f.t.Fatal(err)
			}
			f.put(updatedBy(ada, 1))
			return id
		}, vic, "passed", "socket unknown sent now"},
		{"archived", func(f *whyFixture) string {
			id := f.put(noteTo("", vic))
			if _, err := f.Archive(f.t.Context(), vic, f.only(vic).ID); err != nil {
				f.t.Fatal(err)
			}
			return id
		}, vic, "passed", "socket unknown sent now"},
		{"deleted", func(f *whyFixture) string {
			id := f.put(noteTo("", vic))
			if err := f.Delete(f.t.Context(), vic, f.only(vic).ID); err != nil {
				f.t.Fatal(err)
			}
			return id
		}, vic, "unknown", "inbox unknown gone now"},
		{"a dead letter", func(f *whyFixture) string {
			f.broken.Store(true)
			return f.put(noteTo("", "role:editor"), noteTo("", vic))
		}, eve, "waiting", "consumer waiting failing now"},
		{"a dead letter that succeeded", func(f *whyFixture) string {
			f.watch(eve, 1)
			f.broken.Store(true)
			bad := updatedBy(ada, 1)
			bad.Audience = append(bad.Audience, "role:editor")
			id := f.put(bad, updatedBy(ada, 1))
			f.broken.Store(false)
			if _, err := f.log.RetryDeadLetters(f.t.Context(), "", 0); err != nil {
				f.t.Fatal(err)
			}
			f.until(id, eve, "socket unknown sent now")
			return id
		}, eve, "joined", "socket unknown sent now"},
		{"the inbox stands still", func(f *whyFixture) string {
			f.broken.Store(true)
			id := f.write(noteTo("", "role:editor"))
			f.until(id, eve, "consumer waiting stalled now")
			return id
		}, eve, "waiting", "consumer waiting stalled now"},
	}
	forEachWhy(t, func(t *testing.T, f *whyFixture) {
		f.start()
		for _, c := range cases {
			id := c.do(f)
			why := f.why(id, c.user)
			if nameOf(c.user) != "" && why.UserName != nameOf(c.user) {
				t.Errorf("%s: the user is called %q", c.name, why.UserName)
			}
			if why.Outcome != c.outcome || last(why) != c.last {
				t.Errorf("%s: %s, %q, want %s, %q:\n%s", c.name, why.Outcome, last(why), c.outcome, c.last, encodeWhy(t, why))
			}
			for _, s := range why.Steps {
				if s.Text == "" {
					t.Errorf("%s: %s %s has no words", c.name, s.Step, s.Reason)
				}
			}
			if has := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE id = $1 AND user_id = $2`, why.NotificationID, c.user) == 1; has != (why.Outcome == notification.WhyPassed || why.Outcome == notification.WhyJoined) {
				t.Errorf("%s: %s, and it is %v that there is an entry", c.name, why.Outcome, has)
			}
			f.reset()
		}
	}, limitOf(2))
}

// reset brings everything back but the log.
func (f *whyFixture) reset() {
	f.broken.Store(false)
	if _, err := f.log.RetryDeadLetters(f.t.Context(), "", 0); err != nil {
		f.t.Fatal(err)
	}
	f.put(createdBy(ada, 99)) // so that what stood still goes on
	f.clear()
	f.exec(`DELETE FROM callboard_notification_preferences`)
	f.exec(`DELETE FROM callboard_notification_rates`)
}

func encodeWhy(t testing.TB, why notification.Why) string {
	t.Helper()
	b, err := json.MarshalIndent(why, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What nobody has taken yet waits, and what the retention took may have been it.
func TestWhyBeforeAndAfter(t *testing.T) {
	t.Parallel()
	forEachWhy(t, func(t *testing.T, f *whyFixture) {
		id := f.write(noteTo("", vic))
		if why := f.why(id, vic); why.Outcome != notification.WhyWaiting {
			t.Errorf("before the consumers run: %s", encodeWhy(t, why))
		}
		f.start()
		f.put(noteTo("", val))
		if why := f.why(id, vic); why.Outcome != notification.WhyPassed || why.NotificationID == "" {
			t.Errorf("afterwards: %s", encodeWhy(t, why))
		}
		if _, err := f.MarkRead(t.Context(), vic, f.only(vic).ID); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		why := f.why(id, vic)
		if got := fmt.Sprint(why.Outcome, why.Steps[len(why.Steps)-1].Facts.Possible); got != "unknown[deleted retention]" {
			t.Errorf("after the sweep: %s", got)
		}
	}, func(c *notification.Config) { c.Retention = time.Nanosecond })
}

// Who may ask, and about whom.
func TestWhyRights(t *testing.T) {
	t.Parallel()
	forEachWhy(t, func(t *testing.T, f *whyFixture) {
		f.start()
		a := httpapi.New(httpapi.Config{Authenticate: f.people.actorOf})
		f.Routes(a)
		h := a.Handler()
		f.watch(vic, 1)
		open, sent, toMany := f.put(updatedBy(ada, 1)), f.put(noteTo("", vic)), f.put(noteTo("", vic, val, "role:editor"))
		private := f.put(callboard.CredentialRevoked.New(as(ada), callboard.Resource{Type: "user", ID: val}, callboard.UserData{Name: "Val"}))
		f.broken.Store(true)
		failing := f.put(noteTo("", "role:editor", vic), noteTo("", vic))
		entry := f.inbox(vic)[len(f.inbox(vic))-1].ID
		gone := "01970000-0000-7000-8000-00000000000a"
		for _, c := range []struct {
			name, user, path string
			service          bool
			status           int
			contains, lacks  string
		}{
			{name: "nobody", path: "/events/" + open + "/why", status: 401},
			{name: "oneself", user: vic, path: "/events/" + open + "/why", status: 200, contains: `"outcome":"passed"`},
			{name: "oneself by name", user: vic, path: "/events/" + open + "/why?user=" + vic, status: 200, contains: `"outcome":"passed"`},
			{name: "another", user: vic, path: "/events/" + open + "/why?user=" + val, status: 403},
			{name: "another, as an editor", user: eve, path: "/events/" + open + "/why?user=" + val, status: 403},
			{name: "another, as an admin", user: ada, path: "/events/" + open + "/why?user=" + val, status: 200, contains: `"reason":"not_watching"`},
			{name: "an application", user: val, service: true, path: "/events/" + open + "/why?user=" + vic, status: 200, contains: `"outcome":"passed"`},
			{name: "an application about nobody", user: val, service: true, path: "/events/" + open + "/why", status: 422, contains: `user`},
			{name: "no user", user: ada, path: "/events/" + open + "/why?user=all", status: 422, contains: `user`},
			{name: "an event for admins that is one's own", user: vic, path: "/events/" + sent + "/why", status: 200, contains: `"outcome":"passed"`},
			{name: "an event for admins that is not", user: val, path: "/events/" + sent + "/why", status: 404},
			{name: "an event that an application may not read", user: vic, service: true, path: "/events/" + sent + "/why?user=" + vic, status: 404},
			{name: "an event of another user's", user: vic, path: "/events/" + private + "/why", status: 404},
			{name: "who else it went to", user: vic, path: "/events/" + toMany + "/why", status: 200, contains: "role:editor", lacks: val},
			{name: "who else it went to, as an admin", user: ada, path: "/events/" + toMany + "/why?user=" + vic, status: 200, contains: val},
			{name: "why it fails", user: vic, path: "/events/" + failing + "/why", status: 200, contains: `"reason":"failing"`, lacks: "refused"},
			{name: "why it fails, as an admin", user: ada, path: "/events/" + failing + "/why?user=" + vic, status: 200, contains: "refused", lacks: "hunter2"},
			{name: "no event", user: ada, path: "/events/" + callboard.NewID() + "/why", status: 404},
			{name: "an event of long ago", user: ada, path: "/events/" + gone + "/why", status: 410},
			{name: "no ID", user: ada, path: "/events/x/why", status: 422},
			{name: "no ID of its kind", user: ada, path: "/events/6ba7b810-9dad-11d1-80b4-00c04fd430c8/why", status: 404},
			{name: "an entry", user: vic, path: "/notifications/" + entry + "/why", status: 200, contains: `"outcome":"passed"`},
			{name: "the entry of another", user: val, path: "/notifications/" + entry + "/why", status: 404},
			{name: "the entry of another, as an admin", user: ada, path: "/notifications/" + entry + "/why", status: 404},
		} {
			r := httptest.NewRequest(http.MethodGet, "/api/v1"+c.path, nil)
			r.Header.Set("X-User", c.user)
			if c.service {
				r.Header.Set("X-Service", "1")
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			body := w.Body.String()
			if w.Code != c.status || !strings.Contains(body, c.contains) || c.lacks != "" && strings.Contains(body, c.lacks) {
				t.Errorf("%s: %d %s, want %d with %q, without %q", c.name, w.Code, body, c.status, c.contains, c.lacks)
			}
		}
		f.exec(`DELETE FROM callboard_outbox WHERE event_id = '` + open + `'`) // as a sweep does
		why, err := f.WhyNotification(as(vic), vic, entry)
		if err != nil || why.Outcome != notification.WhyPassed || why.Steps[0].Reason != "not_kept" {
			t.Errorf("an entry whose event is gone: %v %s", err, encodeWhy(t, why))
		}
	})
}
