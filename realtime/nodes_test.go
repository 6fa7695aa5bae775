package realtime_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/faultproxy"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// bus is the notices of some nodes in one process.
type bus struct {
	mu        sync.Mutex
	receivers map[string][]func([]byte)
	queue     chan func()
}

func newBus(t *testing.T) *bus {
	t.Helper()
	b := &bus{receivers: map[string][]func([]byte){}, queue: make(chan func(), 1000)}
	go func() {
		for deliver := range b.queue {
			deliver()
		}
	}()
	return b
}

func (b *bus) Send(topic string, payload []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	payload = slices.Clone(payload)
	for _, fn := range b.receivers[topic] {
		b.queue <- func() { fn(payload) }
	}
	return true
}

func (b *bus) Receive(topic string, fn func([]byte)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receivers[topic] = append(b.receivers[topic], fn)
}

func (b *bus) Alive() bool { return true }

// forEachLink runs a test with two nodes that are linked in each of the ways that there are.
func forEachLink(t *testing.T, test func(t *testing.T, a, b *server)) {
	t.Helper()
	t.Parallel()
	nodes := func(t *testing.T, link func(*realtime.Config)) (a, b *server) {
		t.Helper()
		a = start(t, func(c *realtime.Config) { link(c); c.Name = "a" })
		b = start(t, func(c *realtime.Config) { link(c); c.Name = "b" })
		b.accounts.known = a.accounts.known
		eventually(t, "both nodes know of each other", func() bool {
			st, err := a.Stats(t.Context())
			return err == nil && len(st.Nodes) == 2
		})
		return a, b
	}
	if onRedis {
		prefix := "test-" + uuid.NewString()
		a, b := nodes(t, func(c *realtime.Config) { c.RedisURL, c.RedisPrefix = redisURL, prefix })
		test(t, a, b)
		return
	}
	notices := newBus(t)
	a, b := nodes(t, func(c *realtime.Config) { c.Notices = notices })
	test(t, a, b)
}

func TestEphemeralMessagesReachAllNodes(t *testing.T) {
	forEachLink(t, func(t *testing.T, a, b *server) {
		anna, ben := a.dial("anna"), b.dial("ben")
		for _, c := range []*realtimetest.Client{anna, ben} {
			_, err := c.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
			must(t, err)
		}
		must(t, a.Ephemeral(t.Context(), event(0, "room:green")))
		for _, c := range []*realtimetest.Client{anna, ben} {
			if p, err := c.Next(within(t)); err != nil || p.Channel != "room:green" {
				t.Errorf("got %+v, %v", p, err)
			}
		}
		here, everywhere := event(0, "room:green"), event(0, "room:green")
		must(t, a.EphemeralHere(t.Context(), here))
		must(t, b.Ephemeral(t.Context(), everywhere))
		if p, err := ben.Next(within(t)); err != nil || p.Message.ID != everywhere.ID {
			t.Errorf("a message for one node has reached another: %+v, %v", p, err)
		}
	})
}

func TestNodesSendToEachOther(t *testing.T) {
	forEachLink(t, func(t *testing.T, a, b *server) {
		type letter struct{ from, data string }
		got := make(chan letter, 10)
		a.ReceiveFromNodes(func(from string, data []byte) { t.Errorf("a node got what it sent itself: %s", data) })
		b.ReceiveFromNodes(func(from string, data []byte) { got <- letter{from, string(data)} })
		eventually(t, "linked", func() bool { return a.Linked() && b.Linked() })
		must(t, a.SendToNodes("", []byte("to all")))
		must(t, a.SendToNodes("somebody else", []byte("not for b")))
		must(t, a.SendToNodes(b.NodeID(), nil))
		for _, want := range []string{"to all", ""} {
			select {
			case l := <-got:
				if l.data != want || l.from != a.NodeID() {
					t.Errorf("got %+v, want %q", l, want)
				}
			case <-within(t).Done():
				t.Fatal("nothing came")
			}
		}
	})
}

func TestConnectionsOfAllNodes(t *testing.T) {
	forEachLink(t, func(t *testing.T, a, b *server) {
		a.dial("anna")
		b.dial("anna2")
		b.dial("ben")
		eventually(t, "each node tells its connections", func() bool {
			var found []string
			var cursor string
			for {
				list, err := a.Connections(t.Context(), callboard.Page{Limit: 1, Cursor: cursor})
				must(t, err)
				for _, c := range list.Items {
					found = append(found, c.UserID+" "+c.Node)
				}
				if cursor = list.NextCursor; cursor == "" {
					break
				}
			}
			slices.Sort(found)
			return slices.Equal(found, []string{annaID + " a", annaID + " b", benID + " b"})
		})
		eventually(t, "the counts say the same", func() bool {
			st, err := a.Stats(t.Context())
			return err == nil && st.Connections == 3
		})
	})
}

func TestDisconnectOnAllNodes(t *testing.T) {
	forEachLink(t, func(t *testing.T, a, b *server) {
		here, there := a.dial("anna"), b.dial("anna2")
		must(t, a.Disconnect(t.Context(), annaID))
		for _, c := range []*realtimetest.Client{here, there} {
			if code, err := c.Wait(within(t)); code != realtime.CodeEndedByAdmin {
				t.Errorf("ended with %d (%v)", code, err)
			}
		}
	})
}

// redisNodes starts two nodes with Redis, of which the second reaches it by the proxy that is returned.
func redisNodes(t *testing.T) (a, b *server, line *faultproxy.Proxy) {
	t.Helper()
	t.Parallel()
	if !onRedis {
		t.Skip("runs with Redis")
	}
	line = faultproxy.New(t, redisAddr)
	prefix := "test-" + uuid.NewString()
	a = start(t, func(c *realtime.Config) { c.RedisURL, c.RedisPrefix, c.Name = redisURL, prefix, "a" })
	b = start(t, func(c *realtime.Config) { c.RedisURL, c.RedisPrefix, c.Name = "redis://"+line.Addr()+"/9", prefix, "b" })
	eventually(t, "linked", func() bool { return a.Linked() && b.Linked() })
	return a, b, line
}

// What a client missed while it changed from one node to the other comes from the history, in order and once.
func TestRecoveryOnAnotherNode(t *testing.T) {
	a, b, _ := redisNodes(t)
	c := a.dial("anna")
	must(t, a.Publish(t.Context(), events(1, 3, "broadcast", "user:"+annaID)))
	var last realtimetest.Push
	for range 6 {
		p, err := c.Next(within(t))
		must(t, err)
		if p.Channel == "broadcast" {
			last = p
		}
	}
	c.Close()
	must(t, a.Publish(t.Context(), events(4, 5, "broadcast")))
	must(t, b.Publish(t.Context(), events(5, 6, "broadcast"))) // that node leads now, and sends one again
	back := realtimetest.Dial(t, b.url(), realtimetest.Options{Token: "anna", Since: map[string]realtimetest.Position{
		"broadcast": {Offset: last.Offset, Epoch: c.Subs["broadcast"].Position.Epoch}}})
	sub := back.Subs["broadcast"]
	var missed []int64
	for _, p := range sub.Missed {
		missed = append(missed, p.Message.Pos)
	}
	if !sub.Recovered || !slices.Equal(missed, []int64{4, 5, 6}) {
		t.Errorf("recovered %v: %v, want 4, 5, 6", sub.Recovered, missed)
	}
}

// A node that takes over publishing keeps what the one before it has left in the histories.
func TestHistoryOutlivesTheNodeThatPublished(t *testing.T) {
	a, b, _ := redisNodes(t)
	first := a.dial("anna")
	must(t, a.Publish(t.Context(), events(1, 50, "broadcast")))
	must(t, b.Publish(t.Context(), events(51, 51, "broadcast")))
	back := realtimetest.Dial(t, b.url(), realtimetest.Options{Token: "anna", Since: map[string]realtimetest.Position{"broadcast": first.Subs["broadcast"].Position}})
	if sub := back.Subs["broadcast"]; !sub.Recovered || len(sub.Missed) != 51 {
		t.Errorf("recovered %v, %d messages; want 51", sub.Recovered, len(sub.Missed))
	}
}

// A node that loses its Redis says so, though others have theirs; its sockets stay, and when the line is mended they get what they missed.
func TestNodeThatLosesRedis(t *testing.T) {
	for name, broken := range map[string]faultproxy.State{
		"cut off": {Refuse: true}, "silent": {HoldUp: true, HoldDown: true}, "deaf": {HoldDown: true},
	} {
		t.Run(name, func(t *testing.T) {
			a, b, line := redisNodes(t)
			c := b.dial("anna")
			must(t, a.Publish(t.Context(), events(1, 1, "broadcast")))
			at, err := c.Next(within(t))
			must(t, err)
			line.Set(broken)
			eventually(t, "the node says that its link is broken", func() bool { return !b.Linked() })
			if !a.Linked() {
				t.Error("the other node says so, too")
			}
			must(t, a.Publish(t.Context(), events(2, 3, "broadcast")))
			if err := b.Publish(t.Context(), events(4, 4, "broadcast")); name != "deaf" && callboard.CodeOf(err) != callboard.CodeUnavailable {
				t.Errorf("publishing without Redis: %v, want %s", err, callboard.CodeUnavailable)
			}
			if c.Err() != nil {
				t.Errorf("the socket ended: %v", c.Err())
			}
			line.Set(faultproxy.State{})
			eventually(t, "linked", b.Linked)
			if p, err := c.Next(within(t)); err == nil { // nothing was lost on the line
				if next, err := c.Next(within(t)); err != nil || p.Message.Pos != 2 || next.Message.Pos != 3 {
					t.Errorf("after the outage: %+v, %+v, %v", p, next, err)
				}
				return
			}
			if code, err := c.Wait(within(t)); code != 3010 { // or it would not know that there is something to get
				t.Fatalf("ended with %d (%v), want 3010, after which clients recover", code, err)
			}
			back := realtimetest.Dial(t, b.url(), realtimetest.Options{Token: "anna", Since: map[string]realtimetest.Position{
				"broadcast": {Offset: at.Offset, Epoch: c.Subs["broadcast"].Position.Epoch}}})
			if sub := back.Subs["broadcast"]; !sub.Recovered || len(sub.Missed) < 2 || sub.Missed[0].Message.Pos != 2 || sub.Missed[1].Message.Pos != 3 {
				t.Errorf("after the outage: %+v", sub)
			}
		})
	}
}

// A node starts without Redis, refuses sockets for as long, and goes on by itself.
func TestStartWithoutRedis(t *testing.T) {
	t.Parallel()
	if !onRedis {
		t.Skip("runs with Redis")
	}
	line := faultproxy.New(t, redisAddr)
	line.Set(faultproxy.State{Refuse: true})
	s := start(t, func(c *realtime.Config) { c.RedisURL = "redis://" + line.Addr() + "/9" })
	_, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "anna"})
	if codeOf(err) != 503 {
		t.Errorf("connecting: %v, want a 503", err)
	}
	for what, err := range map[string]error{
		"publish": s.Publish(t.Context(), events(1, 1, "broadcast")), "ephemeral": s.Ephemeral(t.Context(), event(0, "broadcast")),
		"disconnect": s.Disconnect(t.Context(), annaID),
	} {
		if callboard.CodeOf(err) != callboard.CodeUnavailable {
			t.Errorf("%s: %v, want %s", what, err, callboard.CodeUnavailable)
		}
	}
	if s.Linked() {
		t.Error("says that it is linked")
	}
	line.Set(faultproxy.State{})
	eventually(t, "linked", s.Linked)
	c := s.dial("anna")
	must(t, s.Publish(t.Context(), events(1, 1, "broadcast")))
	if _, err := c.Next(within(t)); err != nil {
		t.Error(err)
	}
}

func TestRedisURLs(t *testing.T) {
	t.Parallel()
	for address, valid := range map[string]bool{
		"redis://127.0.0.1:6379/1": true, "rediss://user:secret@redis.example:6380": true, "unix:///run/redis.sock": true,
		"redis+sentinel://a:26379?sentinel_master_name=m&addr=b:26379": true, "redis+cluster://a:6379?addr=b:6379": true,
		"127.0.0.1:6379": false, "http://redis": false, "redis://": false, "://": false, "redis://127.0.0.1:6379/x": false, "redis://127.0.0.1:6379/": true,
	} {
		if realtime.ValidRedisURL(address) != valid {
			t.Errorf("%s: valid %v, want %v", address, !valid, valid)
		}
	}
	_, err := realtime.New(realtime.Config{Authenticator: newAccounts(), RedisURL: "http://user:secret@redis"})
	if err == nil {
		t.Error("took a wrong address")
	}
}

// Redis knows positions of a log that is gone: the database is another one, or came from a backup. Its events are heard all the same, and
// those that are published again by the next node are not heard twice.
func TestAnotherLogOnTheSameRedis(t *testing.T) {
	t.Parallel()
	if !onRedis {
		t.Skip("runs with Redis")
	}
	prefix := "test-" + uuid.NewString()
	admin := callboard.WithActor(t.Context(), callboard.Actor{ID: annaID, Name: "Anna", Role: callboard.RoleAdmin})
	node := func(db *sqldb.DB) *server {
		s := start(t, func(c *realtime.Config) { c.DB, c.RedisURL, c.RedisPrefix = db, redisURL, prefix })
		eventually(t, "linked", s.Linked)
		return s
	}
	write := func(s *server, db *sqldb.DB, n int) []callboard.Event {
		for range n {
			_, err := s.Broadcast(admin, realtime.SendRequest{Event: "hello"})
			must(t, err)
		}
		feed, err := outbox.New(outbox.Config{DB: db}).Events(admin, 0, 100)
		must(t, err)
		return feed.Events
	}
	gone, restored := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations()), sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations())
	before := node(gone)
	must(t, before.Publish(t.Context(), write(before, gone, 5)))
	after := node(restored)
	c := after.dial("anna")
	events := write(after, restored, 3)
	must(t, after.Publish(t.Context(), events[:2]))
	wantPositions(t, c, 1, 2)
	must(t, node(restored).Publish(t.Context(), events)) // it leads next, and its cursor was not saved
	wantPositions(t, c, 3, 3)
}
