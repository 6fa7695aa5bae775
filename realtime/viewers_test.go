package realtime_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/presence"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

func TestPresenceIsTold(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	s := start(t, func(c *realtime.Config) { c.Viewers, c.AliveEvery = r, 50*time.Millisecond })
	c := s.dial("anna")
	sub, err := c.Subscribe(within(t), "viewers:episode:e", realtimetest.SubscribeOptions{})
	must(t, err)
	if string(sub.Data) != `{"viewers":[],"total":0}` {
		t.Errorf("the reply holds %s", sub.Data)
	}
	_, err = c.Subscribe(within(t), "viewers:episode:quiet", realtimetest.SubscribeOptions{Data: map[string]bool{"track": false}})
	must(t, err)
	for _, data := range []any{"x", map[string]bool{"trak": false}} {
		if _, err = c.Subscribe(within(t), "viewers:episode:bad", realtimetest.SubscribeOptions{Data: data}); codeOf(err) != 107 {
			t.Errorf("data %v: %v, want code 107", data, err)
		}
	}
	if _, err = c.Subscribe(within(t), "viewers:episode:forbidden", realtimetest.SubscribeOptions{}); codeOf(err) != 103 {
		t.Errorf("viewers of what may not be read: %v", err)
	}
	for _, call := range []string{"connected Anna", "join e Anna", "announce e", "announce quiet", "refresh e Anna", "alive Anna"} {
		eventually(t, call, func() bool { return r.count(call) > 0 })
	}
	must(t, c.Unsubscribe(within(t), "viewers:episode:e"))
	eventually(t, "the leave", func() bool { return r.count("leave e Anna") == 1 })
	_, err = c.Subscribe(within(t), "viewers:episode:e", realtimetest.SubscribeOptions{})
	must(t, err)
	c.Close()
	eventually(t, "the end", func() bool { return r.count("disconnected Anna") == 1 })
	if n := r.count("leave e Anna"); n != 2 {
		t.Errorf("%d leaves for two subscriptions", n)
	}
	for _, call := range []string{"join quiet Anna", "leave quiet Anna", "join bad Anna", "join forbidden Anna"} {
		if r.count(call) != 0 {
			t.Errorf("told: %s", call)
		}
	}
}

func TestPresenceThatIsFullBreaksNothing(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) {
		c.Viewers = &recorder{fail: callboard.Errorf(callboard.CodeUnavailable, "full")}
	})
	c := s.dial("anna")
	_, err := c.Subscribe(within(t), "viewers:episode:e", realtimetest.SubscribeOptions{})
	must(t, err)
}

// TestViewersOverSockets has the real presence follow real sockets.
func TestViewersOverSockets(t *testing.T) {
	t.Parallel()
	here, err := presence.New(presence.Config{Grace: 300 * time.Millisecond, TTL: 10 * time.Second})
	must(t, err)
	s := start(t, func(c *realtime.Config) { c.Viewers = here })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- here.Run(ctx, s) }()
	t.Cleanup(func() { cancel(); must(t, <-ended) })

	const viewers = "viewers:episode:e"
	anna, ben := s.dial("anna"), s.dial("ben")
	_, err = anna.Subscribe(within(t), "episode:e", realtimetest.SubscribeOptions{})
	must(t, err)
	sub, err := anna.Subscribe(within(t), viewers, realtimetest.SubscribeOptions{})
	must(t, err)
	wantViewers(t, sub.Data, "Anna")
	_, err = ben.Subscribe(within(t), viewers, realtimetest.SubscribeOptions{})
	must(t, err)
	wantEvent(t, anna, "viewer_joined", benID)

	ben.Close() // and comes back within the grace: nobody notices
	ben = s.dial("ben")
	sub, err = ben.Subscribe(within(t), viewers, realtimetest.SubscribeOptions{})
	must(t, err)
	wantViewers(t, sub.Data, "Anna", "Ben")
	awaitList(t, ben, "Anna", "Ben")
	ben.Close()
	wantEvent(t, anna, "viewer_left", benID)
	awaitList(t, anna, "Anna")
}

// wantEvent waits for the next join or leave, which must be the given one.
func wantEvent(t *testing.T, c *realtimetest.Client, name, userID string) {
	t.Helper()
	for {
		p, err := c.Next(within(t))
		must(t, err)
		if p.Message.Event != "viewer_joined" && p.Message.Event != "viewer_left" {
			continue
		}
		if p.Message.Actor.ID == annaID { // her own
			continue
		}
		if p.Message.Event != name || p.Message.Actor.ID != userID || p.Message.Pos != 0 || p.Offset != 0 {
			t.Fatalf("%s of %s at %d, want %s", p.Message.Event, p.Message.Actor.Name, p.Message.Pos, name)
		}
		return
	}
}

func names(t *testing.T, data json.RawMessage) []string {
	t.Helper()
	var list presence.ViewerList
	must(t, json.Unmarshal(data, &list))
	got := []string{}
	for _, v := range list.Viewers {
		got = append(got, v.Name)
	}
	return got
}

func wantViewers(t *testing.T, data json.RawMessage, want ...string) {
	t.Helper()
	if got := names(t, data); !equal(got, want) {
		t.Errorf("viewers %v, want %v", got, want)
	}
}

func awaitList(t *testing.T, c *realtimetest.Client, want ...string) {
	t.Helper()
	for {
		p, err := c.NextOf(within(t), presence.ViewersEvent)
		must(t, err)
		if equal(names(t, p.Message.Data), want) {
			return
		}
	}
}
