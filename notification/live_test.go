package notification_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// payload is the data of a live message of either kind.
type payload struct {
	Notification notification.Notification `json:"notification"`
	UnreadCount  int64                     `json:"unread_count"`
}

func TestPublish(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.watch(val, 1)
		first, second := f.updated(eve, 1), f.note("n", vic)
		f.handle(first, second)
		sent := f.publish(first, second, f.updated(eve, 2))
		var got [][3]string
		for _, m := range sent {
			got = append(got, [3]string{m.UserID, m.Message.ID, m.Key})
		}
		want := [][3]string{
			{vic, first.ID, first.ID + "/" + vic}, {val, first.ID, first.ID + "/" + val},
			{vic, second.ID, second.ID + "/" + vic},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("messages (-want +got):\n%s", diff)
		}
		data := decode[payload](t, sent[0].Message.Data)
		if diff := cmp.Diff(payload{f.inbox(vic)[1], 2}, data); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
		message := sent[0].Message
		message.Data = nil
		if diff := cmp.Diff(callboard.Message{
			ID: first.ID, Pos: 1, Event: "notification", Timestamp: noon().Add(time.Millisecond),
			Actor: callboard.UserRef{ID: eve, Name: "Eve"}, Resource: callboard.MessageResource{Type: "episode", ID: "ep-1"},
		}, message); diff != "" {
			t.Errorf("message (-want +got):\n%s", diff)
		}
	})
}

func TestPublishOnlyTheNewestOfJoinedEvents(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		first, second := f.updated(eve, 1), f.updated(eve, 1)
		f.handle(first, second)
		if sent := f.publish(first); len(sent) != 0 {
			t.Errorf("published an event that a newer one has joined: %+v", sent)
		}
		sent := f.publish(second)
		if len(sent) != 1 || decode[payload](t, sent[0].Message.Data).Notification.Count != 2 {
			t.Errorf("published %+v", sent)
		}
	})
}

func TestPublishWhatIsStillUnread(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		read, brief := f.note("n", vic), f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, val)
		f.handle(read, brief)
		if _, err := f.MarkAllRead(t.Context(), vic, 0); err != nil {
			t.Fatal(err)
		}
		<-f.sockets.arrived
		f.sockets.take()
		f.pass(time.Hour)
		if sent := f.publish(read, brief); len(sent) > 0 {
			t.Errorf("published %+v", sent)
		}
	})
}

func TestPushFailureIsTheLogsToRepeat(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		e := f.note("n", vic)
		f.handle(e)
		away := errors.New("away")
		f.sockets.fail = away
		if err := f.push(e); !errors.Is(err, away) {
			t.Errorf("error %v", err)
		}
		f.sockets.fail = nil
		if sent := f.publish(e); len(sent) != 1 {
			t.Errorf("published %+v", sent)
		}
	})
}

func TestPreferencesDecide(t *testing.T) {
	t.Parallel()
	quiet := &notification.QuietHours{Start: "11:00", End: "13:00", TimeZone: "UTC"} // the clock of the fixture says noon
	off := func(c notification.Channels) map[string]notification.Channels {
		return map[string]notification.Channels{"note": c}
	}
	cases := map[string]struct {
		set           notification.Preferences
		priority      string
		inbox, pushed int
	}{
		"nothing set":             {notification.Preferences{}, "normal", 1, 1},
		"mute all":                {notification.Preferences{MuteAll: true}, "urgent", 0, 0},
		"mute the type":           {notification.Preferences{Types: off(notification.Channels{Live: true})}, "normal", 0, 0},
		"not live":                {notification.Preferences{Types: off(notification.Channels{InApp: true})}, "urgent", 1, 0},
		"both on":                 {notification.Preferences{Types: off(notification.Channels{InApp: true, Live: true})}, "normal", 1, 1},
		"quiet hours":             {notification.Preferences{QuietHours: quiet}, "high", 1, 0},
		"quiet hours, but urgent": {notification.Preferences{QuietHours: quiet}, "urgent", 1, 1},
	}
	forEach(t, func(t *testing.T, f *fixture) {
		for name, c := range cases {
			f.clear()
			if _, err := f.SetPreferences(t.Context(), vic, c.set); err != nil {
				t.Fatal(err)
			}
			<-f.sockets.arrived // what counts may be another number now
			if sent := f.sockets.take(); len(sent) != 1 || sent[0].Message.Event != "unread_count" {
				t.Errorf("%s: pushed %+v", name, sent)
			}
			e := f.sent(callboard.NotificationData{Type: "note", Message: "m", Priority: c.priority}, callboard.Resource{}, vic, val)
			f.handle(e)
			pushed, counted := -1, 0 // the other user is not affected
			for _, m := range f.publish(e) {
				if m.Message.Event == "notification" {
					pushed++
				}
				if m.UserID == vic {
					counted += int(decode[payload](t, m.Message.Data).UnreadCount)
				}
			}
			<-f.sockets.arrived
			if got := len(f.inbox(vic)); got != c.inbox || pushed != c.pushed || counted != c.inbox {
				t.Errorf("%s: %d in the inbox, %d pushed and a count of %d, want %d, %d and as many as in the inbox",
					name, got, pushed, counted, c.inbox, c.pushed)
			}
		}
	})
}

func TestUnreadCountIsPushedAfterTheCommit(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Hour)
		brief := f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, vic)
		f.handle(f.note("a", vic), f.note("b", vic), f.note("c", vic), f.note("d", vic), brief)
		entries := f.inbox(vic)[1:]
		for _, step := range []struct {
			left int64
			do   func() error
		}{
			{4, func() error { _, err := f.MarkRead(t.Context(), vic, entries[0].ID); return err }},
			{5, func() error { _, err := f.MarkUnread(t.Context(), vic, entries[0].ID); return err }},
			{4, func() error { _, err := f.Archive(t.Context(), vic, entries[0].ID); return err }},
			{5, func() error { _, err := f.MarkUnread(t.Context(), vic, entries[0].ID); return err }},
			{4, func() error { _, err := f.Archive(t.Context(), vic, entries[1].ID); return err }},
			{4, func() error { _, err := f.Unarchive(t.Context(), vic, entries[1].ID); return err }},
			{3, func() error { return f.Delete(t.Context(), vic, entries[2].ID) }},
			{3, func() error { _, err := f.SetPreferences(t.Context(), vic, notification.Preferences{}); return err }},
			{2, func() error { f.set(soon); _, err := f.Sweep(t.Context()); return err }},
			{0, func() error { _, err := f.MarkAllRead(t.Context(), vic, 0); return err }},
		} {
			left := step.left
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			<-f.sockets.arrived
			sent := f.sockets.take()
			if len(sent) != 1 || sent[0].UserID != vic || sent[0].Message.Event != "unread_count" ||
				sent[0].Message.Pos != 0 || decode[payload](t, sent[0].Message.Data).UnreadCount != left {
				t.Errorf("pushed %+v, want a count of %d", sent, left)
			}
		}
		if err := f.Delete(t.Context(), vic, entries[2].ID); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("deleting twice: %v", err)
		}
		if err := f.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sent := f.sockets.take(); len(sent) > 0 {
			t.Errorf("pushed after a write that failed: %+v", sent)
		}
	})
}

func TestPublishBoundsMemory(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const users, events = 90, 70
		f.people.addViewers(users)
		var all []callboard.Event
		for i := range events {
			all = append(all, f.event(callboard.EpisodePublished.New(as(eve), episode(i), callboard.EpisodeData{Title: "T"})))
		}
		f.handle(all...)
		sent := f.publish(all...)
		if want := events * (users + 3); len(sent) != want { // and Ada, Vic, Val
			t.Errorf("%d messages, want %d", len(sent), want)
		}
		if !slices.IsSortedFunc(sent, func(a, b notification.LiveMessage) int { return int(a.Message.Pos - b.Message.Pos) }) {
			t.Error("the messages are not in the order of their positions")
		}
		if f.sockets.most > 1000 {
			t.Errorf("%d messages were published at once", f.sockets.most)
		}
	})
}

// gate is a LivePublisher that holds up its first call until it is opened.
type gate struct {
	mu            sync.Mutex
	counts        []int64
	held          atomic.Bool
	entered, open chan struct{}
}

func (*gate) HasSubscribers(string) bool { return true }

func (g *gate) PublishToUsers(_ context.Context, messages []notification.LiveMessage) error {
	if g.held.CompareAndSwap(false, true) {
		close(g.entered)
		<-g.open
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range messages {
		var p payload
		if err := json.Unmarshal(m.Message.Data, &p); err != nil {
			return err
		}
		g.counts = append(g.counts, p.UnreadCount)
	}
	return nil
}

// A count that was read earlier never arrives later: the last one that a client hears is right.
func TestUnreadCountsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	g := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, sets()...), func(c *notification.Config) { c.Publisher = g })
	f.handle(f.note("a", vic))
	if _, err := f.MarkAllRead(t.Context(), vic, 0); err != nil {
		t.Fatal(err)
	}
	<-g.entered // with a count of 0
	note := f.note("b", vic)
	f.handle(note)
	published := make(chan struct{})
	go func() {
		defer close(published)
		if err := f.push(note); err != nil {
			t.Error(err)
		}
	}()
	select {
	case <-published:
		t.Error("a newer count has overtaken one on its way")
	case <-time.After(50 * time.Millisecond):
	}
	close(g.open)
	<-published
	if err := f.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if diff := cmp.Diff([]int64{0, 1}, g.counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
