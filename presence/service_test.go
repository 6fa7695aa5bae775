package presence

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
)

// board collects what is sent to the sockets.
type board struct {
	mu   sync.Mutex
	sent []callboard.Event
	hang chan struct{} // while not nil and open, Ephemeral waits for it
}

func (b *board) Ephemeral(ctx context.Context, ev callboard.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, ev)
	if b.hang != nil {
		select {
		case <-b.hang:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ev.Err()
}

func (b *board) take(names ...string) []callboard.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var taken []callboard.Event
	for _, ev := range b.sent {
		if len(names) == 0 || slices.Contains(names, ev.Name) {
			taken = append(taken, ev)
		}
	}
	b.sent = nil
	return taken
}

func lines(events []callboard.Event) []string {
	out := []string{}
	for _, ev := range events {
		out = append(out, ev.Name+" by "+ev.Actor.ID+" to "+strings.Join(ev.Channels, ","))
	}
	return out
}

// inBubble runs a service in virtual time.
func inBubble(t *testing.T, cfg Config, test func(t *testing.T, s *Service, b *board)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		b := &board{}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx, b) }()
		test(t, s, b)
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestViewersAreBroadcast(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		ctx, a := t.Context(), callboard.Resource{Type: "episode", ID: "a", Name: "Pilot"}
		ok(t, s.Track(ctx, a, user("u")))
		ok(t, s.Track(ctx, a, user("u")))
		ok(t, s.Join(ctx, a, user("u"), "tab"))
		ok(t, s.Join(ctx, a, user("v"), "tab2"))
		<-time.After(time.Second)
		got := b.take()
		if diff := cmp.Diff([]string{
			"viewer_joined by u to episode:a", "viewer_joined by v to episode:a", "viewers by  to viewers:episode:a",
		}, lines(got)); diff != "" {
			t.Fatalf("sent (-want +got):\n%s", diff)
		}
		var list ViewerList
		ok(t, json.Unmarshal(got[2].Data, &list))
		if list.Total != 2 || list.Viewers[0].Name != "Name of u" {
			t.Errorf("list %+v", list)
		}
		ok(t, s.Leave(ctx, a, user("v"), "tab2"))
		<-time.After(DefaultGrace - time.Second)
		if got := lines(b.take()); len(got) != 0 {
			t.Errorf("within the grace: %v", got)
		}
		<-time.After(2 * time.Second)
		if diff := cmp.Diff([]string{"viewer_left by v to episode:a", "viewers by  to viewers:episode:a"}, lines(b.take())); diff != "" {
			t.Errorf("after the grace (-want +got):\n%s", diff)
		}
		<-time.After(DefaultTTL)
		if diff := cmp.Diff([]string{"viewer_left by u to episode:a", "viewers by  to viewers:episode:a"}, lines(b.take())); diff != "" {
			t.Errorf("after the TTL (-want +got):\n%s", diff)
		}
	})
}

func TestStormOfJoinsSendsFewLists(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		const crowd = 1000
		for i := range crowd {
			ok(t, s.Track(t.Context(), episode("a"), user(fmt.Sprint(i))))
		}
		<-time.After(time.Second)
		got := b.take(ViewersEvent)
		if len(got) > 2 {
			t.Errorf("%d lists for one storm", len(got))
		}
		var list ViewerList
		ok(t, json.Unmarshal(got[len(got)-1].Data, &list))
		if list.Total != crowd || len(list.Viewers) != MaxListed {
			t.Errorf("list of %d, total %d", len(list.Viewers), list.Total)
		}
		s.Announce(episode("a"))
		<-time.After(time.Second)
		if got := lines(b.take()); len(got) != 1 {
			t.Errorf("announced: %v", got)
		}
	})
}

func TestBroadcasterThatHangsBlocksNobody(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		b.hang = make(chan struct{})
		ok(t, s.Track(t.Context(), episode("a"), user("first")))
		synctest.Wait() // it hangs now
		start := time.Now()
		for i := range maxWaiting + 10 {
			ok(t, s.Track(t.Context(), episode("b"), user(fmt.Sprint(i))))
		}
		if got := time.Since(start); got != 0 {
			t.Errorf("tracking took %s of waiting", got)
		}
		stats, err := s.Stats(t.Context())
		ok(t, err)
		if stats.Dropped != 10 || stats.Viewers != maxWaiting+11 {
			t.Errorf("stats %+v, want 10 dropped joins and no dropped viewer", stats)
		}
		close(b.hang)
		<-time.After(time.Second)
		lists := b.take(ViewersEvent)
		if len(lists) != 2 {
			t.Errorf("%d lists after it went on, want one per resource", len(lists))
		}
	})
}

func TestOnlineStatus(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		ctx := t.Context()
		ok(t, s.SetStatus(ctx, user("u"), StatusChoice{Status: StatusAway})) // before connecting: seen by nobody
		ok(t, s.Connected(ctx, user("u"), "tab"))
		ok(t, s.Connected(ctx, user("v"), "tab2"))
		wantStatuses(t, b, "u away", "v online")
		ok(t, s.SetStatus(ctx, user("v"), StatusChoice{Status: StatusDND, Text: "on air"}))
		wantStatuses(t, b, "v dnd on air")
		ok(t, s.SetStatus(ctx, user("u"), StatusChoice{Status: StatusOffline}))
		wantStatuses(t, b, "u offline")
		wantOnline(t, s, "v dnd on air")
		ok(t, s.Disconnected(ctx, user("v"), "tab2"))
		ok(t, s.Connected(ctx, user("v"), "tab3")) // a reload
		<-time.After(DefaultGrace)
		wantStatuses(t, b)
		ok(t, s.Disconnected(ctx, user("v"), "tab3"))
		<-time.After(DefaultGrace)
		wantStatuses(t, b, "v offline")
		wantOnline(t, s)
		ok(t, s.Connected(ctx, user("v"), "tab4"))
		wantStatuses(t, b, "v dnd on air")
		ok(t, s.Alive(ctx, user("v"), "tab4"))
		<-time.After(DefaultTTL / 2)
		ok(t, s.Alive(ctx, user("v"), "tab4"))
		<-time.After(DefaultTTL * 3 / 4)
		wantOnline(t, s, "v dnd on air")
	})
}

func TestChosenStatusLapses(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{StatusTTL: time.Hour, TTL: 3 * time.Hour}, func(t *testing.T, s *Service, b *board) {
		ok(t, s.SetStatus(t.Context(), user("u"), StatusChoice{Status: StatusBusy}))
		ok(t, s.Connected(t.Context(), user("u"), "tab"))
		wantStatuses(t, b, "u busy")
		<-time.After(time.Hour)
		wantStatuses(t, b, "u online")
	})
}

func wantStatuses(t *testing.T, b *board, want ...string) {
	t.Helper()
	<-time.After(time.Second)
	got := []string{}
	for _, ev := range b.take(callboard.PresenceStatusChanged.Name) {
		var d callboard.StatusData
		ok(t, json.Unmarshal(ev.Data, &d))
		if d.Name != "Name of "+d.UserID || !slices.Equal(ev.Channels, []string{callboard.BroadcastChannel}) {
			t.Errorf("status of %q to %v", d.Name, ev.Channels)
		}
		got = append(got, strings.TrimSpace(d.UserID+" "+d.Status+" "+d.Text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("statuses sent: %v, want %v", got, want)
	}
}

func wantOnline(t *testing.T, s *Service, want ...string) {
	t.Helper()
	users, err := s.OnlineUsers(t.Context(), callboard.Page{})
	ok(t, err)
	got := []string{}
	for _, u := range users.Items {
		got = append(got, strings.TrimSpace(u.UserID+" "+string(u.Status)+" "+u.Text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("online: %v, want %v", got, want)
	}
}

func TestManyComingOnlineAreSpreadOut(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		const crowd = 300
		for i := range crowd {
			ok(t, s.Connected(t.Context(), user(fmt.Sprint(i)), "tab"))
		}
		<-time.After(time.Second)
		first := len(b.take())
		<-time.After(DefaultTTL / 2)
		if rest := len(b.take()); first == 0 || first > 120 || first+rest != crowd {
			t.Errorf("%d statuses in the first second and %d later, of %d", first, rest, crowd)
		}
	})
}

func TestInputIsChecked(t *testing.T) {
	t.Parallel()
	s, err := New(Config{})
	ok(t, err)
	ctx := t.Context()
	long := strings.Repeat("é", MaxStatusText+1)
	for name, err := range map[string]error{
		"type":       s.Track(ctx, callboard.Resource{Type: "a:b", ID: "x"}, user("u")),
		"online":     s.Track(ctx, online, user("u")),
		"id":         s.Join(ctx, callboard.Resource{Type: "a", ID: ""}, user("u"), "s"),
		"user":       s.Track(ctx, episode("a"), callboard.UserRef{}),
		"remove":     s.Remove(ctx, "", episode("a")),
		"status":     s.SetStatus(ctx, user("u"), StatusChoice{Status: "asleep"}),
		"text":       s.SetStatus(ctx, user("u"), StatusChoice{Status: StatusAway, Text: long}),
		"not a text": s.SetStatus(ctx, user("u"), StatusChoice{Status: StatusAway, Text: "\xff"}),
	} {
		if callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%s: %v, want CodeInvalid", name, err)
		}
	}
	ok(t, s.SetStatus(ctx, user("u"), StatusChoice{Status: StatusAway, Text: long[:2*MaxStatusText]}))
}

// What somebody edits is told with the list: when it begins and ends, and not while it goes on. However many look, who edits is listed.
func TestEditingIsTold(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{TTL: time.Hour}, func(t *testing.T, s *Service, b *board) {
		ctx, a := t.Context(), episode("a")
		for i := range MaxListed + 5 {
			ok(t, s.Track(ctx, a, user(fmt.Sprint(i))))
			<-time.After(time.Millisecond)
		}
		<-time.After(time.Second)
		b.take()
		last := user(fmt.Sprint(MaxListed + 4))
		for range 5 {
			ok(t, s.Edit(ctx, a, last, "title"))
			<-time.After(EditingTTL / 2)
		}
		first := func(lists []callboard.Event) ViewerList {
			t.Helper()
			if len(lists) != 1 {
				t.Fatalf("%d messages, want one list: %v", len(lists), lines(lists))
			}
			var list ViewerList
			ok(t, json.Unmarshal(lists[0].Data, &list))
			return list
		}
		began := first(b.take())
		if v := began.Viewers[0]; v.UserID != last.ID || !slices.Equal(v.Editing, []string{"title"}) || began.Total != MaxListed+5 {
			t.Errorf("first of %d: %+v", began.Total, v)
		}
		<-time.After(EditingTTL)
		if ended := first(b.take()); ended.Viewers[0].UserID != "0" || ended.Viewers[0].Editing != nil {
			t.Errorf("after the last key: %+v", ended.Viewers[0])
		}
		ok(t, s.Edit(ctx, a, last, "title"))
		<-time.After(time.Second)
		b.take()
		ok(t, s.EndEdit(ctx, last.ID, a, "title"))
		<-time.After(time.Second)
		if ended := first(b.take()); ended.Viewers[0].UserID != "0" {
			t.Errorf("after the field was left: %+v", ended.Viewers[0])
		}
	})
}
