package realtime_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

func TestSubscribe(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c := s.dial("anna")
	for channel, code := range map[string]int{
		"episode:0197":                        0,
		"job:a.b-c_d":                         0,
		"room:green":                          0,
		"user:" + benID:                       103,
		"user:" + annaID:                      105, // by the server already
		"broadcast":                           105,
		"episode:forbidden":                   103,
		"episode:absent":                      404,
		"episode:away":                        503,
		"viewers:episode:0197":                108, // presence is off
		"viewers:episode":                     102,
		"viewers:episode:a:b":                 102,
		"viewers:x":                           102,
		"user:":                               102,
		"user:auth0|abc":                      103,
		"user:a:b/../$c#d&e,f":                103,
		"user:" + strings.Repeat("日", 128):    103,
		"user:all":                            102,
		"user:role:admin":                     102,
		"user: 42":                            102,
		"room:":                               102,
		"room:a b":                            102,
		"room:a:b":                            102,
		"room:" + strings.Repeat("x", 65):     102,
		"episode":                             102,
		"episode:":                            102,
		":x":                                  102,
		"episode:../x":                        102,
		"episode:a:b":                         102,
		"episode:" + strings.Repeat("x", 129): 102,
		"$private":                            102,
		"*":                                   102,
		strings.Repeat("x", 300):              102,
		strings.Repeat("x", 1025):             107,
	} {
		_, err := c.Subscribe(within(t), channel, realtimetest.SubscribeOptions{})
		switch {
		case code == 0 && err != nil:
			t.Errorf("%s: %v", channel, err)
		case code != 0 && codeOf(err) != code:
			t.Errorf("%s: %v, want code %d", channel, err, code)
		}
	}
	if err := c.Err(); err != nil {
		t.Errorf("the connection did not survive it: %v", err)
	}
}

func TestClientsOnlyListen(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c := s.dial("anna")
	_, err := c.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)
	for method, params := range map[string]any{
		"publish":        map[string]any{"channel": "room:green", "data": map[string]any{}},
		"history":        map[string]any{"channel": "room:green", "limit": 10},
		"presence":       map[string]any{"channel": "room:green"},
		"presence_stats": map[string]any{"channel": "room:green"},
		"rpc":            map[string]any{"method": "x", "data": map[string]any{}},
	} {
		if err := c.Command(within(t), method, params); codeOf(err) != 108 {
			t.Errorf("%s: %v, want code 108", method, err)
		}
	}
	for _, kind := range []int{1, 2, 3, 4} { // other kinds of subscriptions that the library knows
		err := c.Command(within(t), "subscribe", map[string]any{"channel": "room:other", "type": kind})
		if codeOf(err) <= 0 {
			t.Errorf("subscription of type %d: %v, want a refusal", kind, err)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	anna, ben := s.dial("anna"), s.dial("ben")
	for _, channel := range []string{"room:green", "episode:e"} {
		_, err := anna.Subscribe(within(t), channel, realtimetest.SubscribeOptions{})
		must(t, err)
	}
	ev := event(1, "broadcast", "episode:e")
	ev.Actor = callboard.UserRef{ID: annaID, Name: "Anna"}
	must(t, s.Publish(t.Context(), []callboard.Event{ev, event(2, "room:green"), event(3, "user:"+benID), event(4, "broadcast")}))
	heard := nextInOrder(t, anna, 4)
	for i, want := range []struct {
		channel string
		pos     int64
	}{{"broadcast", 1}, {"episode:e", 1}, {"room:green", 2}, {"broadcast", 4}} {
		p := heard[i]
		if p.Channel != want.channel || p.Message.Pos != want.pos {
			t.Fatalf("message %d: pos %d on %s, want pos %d on %s", i, p.Message.Pos, p.Channel, want.pos, want.channel)
		}
		if i == 0 {
			want, err := json.Marshal(ev.Message())
			must(t, err)
			if string(p.Raw) != string(want) {
				t.Errorf("message\n%s\nwant\n%s", p.Raw, want)
			}
		}
	}
	for i, p := range nextInOrder(t, ben, 3) {
		if want := []int64{1, 3, 4}[i]; p.Message.Pos != want {
			t.Errorf("position %d, want %d", p.Message.Pos, want)
		}
	}
}

// nextInOrder returns the next n messages in the order of their positions. From Redis those of different channels come side by side.
func nextInOrder(t *testing.T, c *realtimetest.Client, n int) []realtimetest.Push {
	t.Helper()
	heard := make([]realtimetest.Push, n)
	for i := range heard {
		var err error
		heard[i], err = c.Next(within(t))
		must(t, err)
	}
	if onRedis {
		slices.SortFunc(heard, func(a, b realtimetest.Push) int {
			return cmp.Or(cmp.Compare(a.Message.Pos, b.Message.Pos), cmp.Compare(a.Channel, b.Channel))
		})
	}
	return heard
}

// What nobody hears is not kept, except for those who may come back.
func TestRecoveryOfAChannelThatNobodyHears(t *testing.T) {
	t.Parallel()
	if onRedis {
		t.Skip("a node does not know who listens to others, and has Redis keep everything for a while")
	}
	s := start(t, nil)
	must(t, s.Publish(t.Context(), events(1, 3, "room:green", "user:"+annaID)))
	c := s.dial("anna")
	place := c.Subs["user:"+annaID].Position
	room, err := c.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)
	if place.Offset != 0 || room.Position.Offset != 0 {
		t.Errorf("messages that nobody heard are kept: %+v, %+v", place, room.Position)
	}
	c.Close()
	must(t, s.Publish(t.Context(), events(4, 6, "room:green", "user:"+annaID)))
	back := realtimetest.Dial(t, s.url(), realtimetest.Options{
		Token: "anna", Since: map[string]realtimetest.Position{"user:" + annaID: place}})
	sub, err := back.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{Since: &room.Position})
	must(t, err)
	for name, got := range map[string]realtimetest.Subscription{"user": back.Subs["user:"+annaID], "room": sub} {
		if !got.Recovered || len(got.Missed) != 3 || got.Missed[0].Message.Pos != 4 {
			t.Errorf("%s: recovered %v with %d messages, want the 3 since the client left", name, got.Recovered, len(got.Missed))
		}
	}
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.BroadcastHistory, c.ChannelHistory = 20, 5 })
	c := s.dial("anna")
	room, err := c.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)
	must(t, s.Publish(t.Context(), events(1, 2, "broadcast", "room:green")))
	for range 4 {
		_, err := c.Next(within(t))
		must(t, err)
	}
	since := c.Subs["broadcast"].Position
	since.Offset += 2
	c.Close()

	must(t, s.Publish(t.Context(), events(3, 12, "broadcast", "room:green")))
	must(t, s.Ephemeral(t.Context(), event(0, "broadcast")))
	back := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: "anna", Since: map[string]realtimetest.Position{"broadcast": since}})
	got := back.Subs["broadcast"]
	if !got.Recovered || len(got.Missed) != 10 {
		t.Fatalf("recovered %v with %d messages, want 10", got.Recovered, len(got.Missed))
	}
	for i, p := range got.Missed {
		if p.Message.Pos != int64(3+i) {
			t.Errorf("missed message %d has position %d", i, p.Message.Pos)
		}
	}
	position := room.Position
	position.Offset += 2
	sub, err := back.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{Since: &position})
	must(t, err)
	if sub.Recovered || !sub.WasAsked {
		t.Errorf("ten messages recovered from a history of five")
	}
	must(t, s.Publish(t.Context(), events(13, 13, "room:green")))
	wantPositions(t, back, 13, 13)
}

func TestRepeatsArriveOnce(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c := s.dial("anna")
	_, err := c.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)
	batch := events(1, 5, "broadcast", "room:green", "user:"+annaID)
	must(t, s.Publish(t.Context(), batch))
	must(t, s.Publish(t.Context(), batch[2:]))
	must(t, s.Publish(t.Context(), batch))
	note := callboard.Message{ID: "n1", Pos: 3, Event: "notification", Data: json.RawMessage(`{"x":1}`)}
	for range 2 {
		must(t, s.PublishAll(t.Context(), []realtime.ChannelMessage{{Channel: "user:" + annaID, Message: note, Key: "n1"}}))
	}
	must(t, s.Publish(t.Context(), events(6, 6, "broadcast")))
	seen := map[string]int{}
	for {
		p, err := c.Next(within(t))
		must(t, err)
		seen[p.Channel+" "+p.Message.ID]++
		if p.Message.Pos == 6 {
			break
		}
	}
	if len(seen) != 3*5+1+1 {
		t.Errorf("%d different messages, want 17", len(seen))
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", what, n)
		}
	}
}

func TestChannelMessageMessages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	anna, ben := s.dial("anna"), s.dial("ben")
	var batch []realtime.ChannelMessage
	for i := range 40 {
		user := annaID
		if i%2 == 1 {
			user = benID
		}
		batch = append(batch, realtime.ChannelMessage{Channel: "user:" + user, Key: callboard.NewID(),
			Message: callboard.Message{ID: callboard.NewID(), Event: "notification", Pos: int64(i + 1)}})
	}
	must(t, s.PublishAll(t.Context(), batch))
	for offset, c := range []*realtimetest.Client{anna, ben} {
		for i := offset; i < len(batch); i += 2 {
			p, err := c.Next(within(t))
			must(t, err)
			if p.Message.Pos != int64(i+1) || p.Message.Event != "notification" {
				t.Fatalf("message %s, want position %d", p.Raw, i+1)
			}
		}
	}
}

func TestPublishStopsWithItsContext(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	ctx, cancel := contextThatEnded(t)
	defer cancel()
	if err := s.Publish(ctx, events(1, 1, "broadcast")); err == nil {
		t.Error("published after its context had ended")
	}
}

// Who missed more than fits into its queue is told of a gap, and not cut off at each attempt.
func TestRecoveryEndsHoweverMuchWasMissed(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	left := s.dial("anna")
	since := map[string]realtimetest.Position{"broadcast": left.Subs["broadcast"].Position}
	left.Close()
	pos := int64(0)
	large := func(n int) {
		for range n {
			pos++
			ev := callboard.NewEvent(t.Context(), "episode_updated", callboard.Resource{Type: "episode", ID: "e"}, strings.Repeat("x", 8000))
			ev.Pos, ev.Channels = pos, []string{"broadcast"}
			must(t, s.Publish(t.Context(), []callboard.Event{ev}))
		}
	}
	large(20)
	c := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: "anna", Since: since})
	if got := c.Subs["broadcast"]; !got.Recovered || len(got.Missed) != 20 {
		t.Errorf("recovered %v with %d messages, want all 20", got.Recovered, len(got.Missed))
	}
	c.Close()
	large(150)
	c = realtimetest.Dial(t, s.url(), realtimetest.Options{Token: "anna", Since: since})
	if got := c.Subs["broadcast"]; got.Recovered || !got.WasAsked || len(got.Missed) != 0 {
		t.Errorf("recovered %v with %d messages, want to be told of the gap", got.Recovered, len(got.Missed))
	}
	large(1)
	wantPositions(t, c, pos, pos)
}

// A user who was cut off as slow recovers nothing the next time: many channels together may be too much again.
func TestSlowUserRecoversNothing(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxQueue = 64 << 10 })
	ben := s.dial("ben")
	anna := s.dial("anna")
	sinceOf := func(c *realtimetest.Client) map[string]realtimetest.Position {
		return map[string]realtimetest.Position{"broadcast": c.Subs["broadcast"].Position}
	}
	ben.Close()
	eventually(t, "the server has noticed that ben has left", func() bool { return open(t, s) == 1 })
	flood := callboard.NewEvent(t.Context(), "big", callboard.Resource{}, strings.Repeat("x", 100<<10))
	flood.Channels = []string{"broadcast"}
	eventually(t, "the end of the slow connection", func() bool {
		must(t, s.Ephemeral(t.Context(), flood))
		return anna.Err() != nil
	})
	must(t, s.Publish(t.Context(), events(1, 3, "broadcast")))
	for _, tt := range []struct {
		token     string
		left      *realtimetest.Client
		recovered bool
	}{{"ben", ben, true}, {"anna", anna, false}} {
		c := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: tt.token, Since: sinceOf(tt.left)})
		if got := c.Subs["broadcast"]; got.Recovered != tt.recovered || !got.WasAsked {
			t.Errorf("%s: recovered %v, want %v", tt.token, got.Recovered, tt.recovered)
		}
	}
}
