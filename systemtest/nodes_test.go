package systemtest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/faultproxy"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

const redisAddr = "127.0.0.1:6379"

// redisAt returns the settings with which nodes meet in a Redis of their own, at an address.
func redisAt(t *testing.T, addr, prefix string) string {
	t.Helper()
	return fmt.Sprintf("REDIS_URL=redis://%s/9\x00REDIS_PREFIX=%s", addr, prefix)
}

func needRedis(t *testing.T) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", redisAddr)
	if err == nil {
		_ = conn.Close()
		return
	}
	needtest.Missing(t, "redis", err)
}

// eachLink runs a test with three nodes on one PostgreSQL, which meet there, and again with Redis. They are not started.
func eachLink(t *testing.T, test func(t *testing.T, nodes []*apptest.Binary)) {
	t.Helper()
	t.Parallel()
	for _, link := range []string{"postgres", "redis"} {
		t.Run(link, func(t *testing.T) {
			settings := []string{noLimit}
			if link == "redis" {
				needRedis(t)
				settings = append(settings, strings.Split(redisAt(t, redisAddr, "test-"+uuid.NewString()), "\x00")...)
			}
			first := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, settings...)
			test(t, []*apptest.Binary{first, first.Beside(), first.Beside()})
		})
	}
}

// What is done on one node is heard, seen and ended on the others, and when the one that leads is killed they go on.
func TestNodes(t *testing.T) {
	eachLink(t, func(t *testing.T, nodes []*apptest.Binary) {
		for _, n := range nodes {
			n.Start()
		}
		a, b, c := nodes[0], nodes[1], nodes[2]
		users := a.Users
		viewer, admin, app := b.Dial(users.Viewer.Token), c.Dial(users.Admin.Token), b.Dial(users.Service)
		id := createOn(t, a, "Made on one node")
		hearAll(t, viewer, callboard.EpisodeCreated.Name, []string{id})
		hearAll(t, admin, notification.EventNotification, []string{id})

		_, err := viewer.Subscribe(t.Context(), "viewers:episode:"+id, realtimetest.SubscribeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range nodes {
			awaitViewers(t, n, id, "Vera")
		}

		c.Want(http.StatusAccepted, http.MethodPost, "/api/v1/socket/broadcast", users.Service,
			map[string]any{"event": "curtain_up", "ephemeral": true}, nil)
		hear(t, viewer, "curtain_up")

		from := a.Do(http.MethodGet, "/api/v1/socket/connections", users.Admin.Token, nil)
		for _, who := range []string{users.Viewer.ID, users.Admin.ID} {
			if !strings.Contains(string(from.Body), who) {
				t.Errorf("a node does not tell the connections of another: %s", from.Body)
			}
		}

		a.Kill()
		started := time.Now()
		works := []*load{startLoad(t, &b.Site, 2), startLoad(t, &c.Site, 2)}
		var acked []write
		for _, work := range works {
			work.awaitMore(20)
			work.stop()
			acked = append(acked, work.acked...)
		}
		later := createOn(t, b, "Made after a node was killed")
		hearAll(t, admin, callboard.EpisodeCreated.Name, []string{later})
		t.Logf("changes on one node were heard on another, and followed, %s after the kill", time.Since(started).Round(time.Millisecond))

		b.Settle() // who is disabled gets no notification any more, of what was before either
		disabled := c.Do(http.MethodDelete, "/api/v1/users/"+users.Viewer.ID, users.Admin.Token, nil)
		if disabled.Status >= 300 {
			t.Fatalf("disable a user: %d %s", disabled.Status, disabled.Body)
		}
		if code, err := viewer.Wait(t.Context()); code != realtime.CodeRightsChanged {
			t.Errorf("the socket of a user who was disabled on another node ended with %d (%v)", code, err)
		}
		awaitViewers(t, c, id)
		app.Close()
		verify(t, &b.Site, b.OpenDB(), acked)
	})
}

// A node that is killed takes its viewers along, on all other nodes.
func TestViewersOfANodeThatIsKilled(t *testing.T) {
	eachLink(t, func(t *testing.T, nodes []*apptest.Binary) {
		a, b := nodes[0], nodes[1]
		a.Start()
		b.Start()
		id := createOn(t, a, "Looked at")
		for _, who := range []struct {
			node  *apptest.Binary
			token string
		}{{a, a.Users.Viewer.Token}, {b, a.Users.Editor.Token}} {
			socket := who.node.Dial(who.token)
			if _, err := socket.Subscribe(t.Context(), "viewers:episode:"+id, realtimetest.SubscribeOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		awaitViewers(t, b, id, "Ben", "Vera")
		a.Kill()
		killed := time.Now()
		awaitViewers(t, b, id, "Ben")
		t.Logf("its viewers were gone %s after the kill", time.Since(killed).Round(100*time.Millisecond))
		nodes[2].Start() // one that comes later learns who is there
		awaitViewers(t, nodes[2], id, "Ben")
	})
}

// Nothing but the sockets needs Redis. What is published while it is away comes when it is back, in order and once.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	needRedis(t)
	line := faultproxy.New(t, redisAddr)
	settings := append([]string{noLimit}, strings.Split(redisAt(t, line.Addr(), "test-"+uuid.NewString()), "\x00")...)
	a := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, settings...)
	b := a.Beside()
	a.Start()
	b.Start()
	sockets := map[*apptest.Binary]*realtimetest.Client{a: a.Dial(a.Users.Viewer.Token), b: b.Dial(b.Users.Viewer.Token)}
	want := []string{createOn(t, a, "Heard")}
	places := map[*apptest.Binary]realtimetest.Position{}
	for n, socket := range sockets {
		p, err := socket.NextOf(t.Context(), callboard.EpisodeCreated.Name)
		if err != nil || p.Message.Resource.ID != want[0] {
			t.Fatalf("heard %+v (%v), want %s", p, err, want[0])
		}
		places[n] = realtimetest.Position{Offset: p.Offset, Epoch: socket.Subs["broadcast"].Position.Epoch}
	}
	line.Set(faultproxy.State{Refuse: true})
	for _, n := range []*apptest.Binary{a, b} {
		apptest.Eventually(t, "the node says that it lost Redis", func() error {
			ready, status := n.Ready()
			if status != http.StatusOK || ready.Parts["nodes"].Status != "degraded" {
				return fmt.Errorf("answer %d, nodes %+v", status, ready.Parts["nodes"])
			}
			return nil
		})
	}
	want = nil
	for i := range 20 {
		want = append(want, createOn(t, []*apptest.Binary{a, b}[i%2], fmt.Sprintf("While Redis was away, %d", i)))
	}
	for _, socket := range sockets {
		if socket.Err() != nil {
			t.Errorf("a socket ended while Redis was away: %v", socket.Err())
		}
	}
	line.Set(faultproxy.State{})
	for n, socket := range sockets {
		var heard []string
		note := func(p realtimetest.Push) {
			if p.Channel == callboard.BroadcastChannel && p.Message.Event == callboard.EpisodeCreated.Name {
				heard = append(heard, p.Message.Resource.ID)
				places[n] = realtimetest.Position{Offset: p.Offset, Epoch: places[n].Epoch}
			}
		}
		for len(heard) < len(want) {
			p, err := socket.Next(t.Context())
			if err == nil {
				note(p)
				continue
			}
			if t.Context().Err() != nil {
				t.Fatalf("heard %d of %d: %v", len(heard), len(want), err)
			}
			apptest.Eventually(t, "sockets are taken again", func() (err error) {
				socket, err = realtimetest.Connect(t.Context(), n.URL()+realtime.PathWebSocket, realtimetest.Options{
					Token: n.Users.Viewer.Token, Since: map[string]realtimetest.Position{callboard.BroadcastChannel: places[n]}})
				return err
			})
			if sub := socket.Subs[callboard.BroadcastChannel]; !sub.Recovered {
				t.Fatal("what was missed was not recovered")
			} else {
				for _, p := range sub.Missed {
					note(p)
				}
			}
		}
		if !slices.Equal(heard, want) {
			t.Errorf("heard\n%v, want\n%v", heard, want)
		}
	}
}

func createOn(t *testing.T, n *apptest.Binary, title string) (id string) {
	t.Helper()
	r := n.Do(http.MethodPost, episodesPath, n.Users.Editor.Token, map[string]any{"title": title})
	if r.Status != http.StatusCreated {
		t.Fatalf("create an episode: %d %s", r.Status, r.Body)
	}
	return r.ID()
}

// awaitViewers waits until a node says that those people look at an episode, and nobody else does.
func awaitViewers(t *testing.T, n *apptest.Binary, episode string, names ...string) {
	t.Helper()
	apptest.Eventually(t, "viewers are "+strings.Join(names, ", "), func() error {
		r := n.Do(http.MethodGet, "/api/v1/presence/resource-viewers/episode/"+episode, n.Users.Admin.Token, nil)
		var list struct {
			Data struct {
				Viewers []struct{ Name string }
			}
		}
		if err := json.Unmarshal(r.Body, &list); err != nil {
			return err
		}
		var found []string
		for _, v := range list.Data.Viewers {
			found = append(found, v.Name)
		}
		if slices.Sort(found); !slices.Equal(found, names) {
			return fmt.Errorf("they are %v", found)
		}
		return nil
	})
}
