package presence

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callboard/callboard"
)

// tab is a socket that somebody looks at something through.
type tab struct {
	on      *testNode
	res     callboard.Resource
	user    string
	session string
}

// crowd does at random what users and networks do, and keeps book of who is there.
type crowd struct {
	*rand.Rand
	t       *testing.T
	cluster *cluster
	nodes   []*testNode
	tabs    map[tab]bool
	users   []string
	count   int // of nodes and tabs, for names
}

// Whatever happens to nodes and to the messages between them: a while after it has ended all nodes say that those are there who are.
func TestNodesAgreeAfterAnything(t *testing.T) {
	t.Parallel()
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &crowd{Rand: rand.New(rand.NewPCG(seed, 1)), t: t, cluster: &cluster{t, newWire()}, tabs: map[tab]bool{}}
				for i := range 12 {
					c.users = append(c.users, fmt.Sprint("u", i))
				}
				for range 4 {
					c.start()
				}
				c.cluster.wire.set(func() { c.cluster.wire.mess = rand.New(rand.NewPCG(seed, 2)) })
				for range 250 {
					c.act()
					<-time.After(time.Duration(c.IntN(600)) * time.Millisecond)
				}
				c.calm()
				for _, n := range c.nodes {
					n.stop()
				}
			})
		})
	}
}

func (c *crowd) start() {
	c.count++
	c.nodes = append(c.nodes, c.cluster.start(fmt.Sprint("n", c.count)))
}

func (c *crowd) resource() callboard.Resource { return episode(fmt.Sprint("e", c.IntN(4))) }

// act does one thing.
func (c *crowd) act() {
	ctx, n, u, res := c.t.Context(), c.nodes[c.IntN(len(c.nodes))], c.users[c.IntN(len(c.users))], c.resource()
	switch c.IntN(20) {
	case 0, 1, 2, 3, 4:
		c.count++
		at := tab{n, res, u, fmt.Sprint("tab", c.count)}
		ok(c.t, n.Join(ctx, res, user(u), at.session))
		c.tabs[at] = true
	case 5, 6, 7, 8:
		for at := range c.tabs {
			ok(c.t, at.on.Leave(ctx, at.res, user(at.user), at.session))
			delete(c.tabs, at)
			break
		}
	case 9, 10:
		ok(c.t, n.Track(ctx, res, user(u)))
	case 11:
		ok(c.t, n.Edit(ctx, res, user(u), "title"))
	case 12:
		ok(c.t, n.EndEdit(ctx, u, res, "title"))
	case 13:
		ok(c.t, n.Remove(ctx, u, res))
	case 14:
		ok(c.t, n.SetStatus(ctx, user(u), StatusChoice{Status: StatusBusy, Text: fmt.Sprint(c.count)}))
	case 15:
		c.retire(u)
	case 16:
		c.die(n)
	case 17:
		n.peer.setDead(true) // it loses its link, and knows
	case 18:
		c.cut(n)
	case 19:
		c.heal()
	}
	c.refresh()
}

// retire takes a user's account away, which each node hears of by the log.
func (c *crowd) retire(u string) {
	if len(c.users) < 6 {
		return
	}
	c.users = slices.DeleteFunc(c.users, func(other string) bool { return other == u })
	for _, n := range c.nodes {
		ok(c.t, n.RemoveUser(c.t.Context(), u))
	}
	maps.DeleteFunc(c.tabs, func(at tab, _ bool) bool { return at.user == u })
}

// die kills a node, and its sockets with it, or stops it; another one comes in its place.
func (c *crowd) die(n *testNode) {
	if c.IntN(2) == 0 {
		n.kill()
	} else {
		n.stop()
	}
	c.nodes = slices.DeleteFunc(c.nodes, func(other *testNode) bool { return other == n })
	maps.DeleteFunc(c.tabs, func(at tab, _ bool) bool { return at.on == n })
	c.start()
}

// cut has another node hear nothing of this one, which neither of them knows.
func (c *crowd) cut(n *testNode) {
	other := c.nodes[c.IntN(len(c.nodes))]
	c.cluster.wire.set(func() { c.cluster.wire.cut[n.peer.id+">"+other.peer.id] = true })
}

func (c *crowd) heal() {
	c.cluster.wire.set(func() { clear(c.cluster.wire.cut) })
	for _, n := range c.nodes {
		n.peer.setDead(false)
	}
}

// refresh does what the sockets that are open do.
func (c *crowd) refresh() {
	for at := range c.tabs {
		ok(c.t, at.on.Refresh(c.t.Context(), at.res, user(at.user), at.session))
	}
}

// calm lets the messages come through again, waits until what was only requested is over, and compares.
func (c *crowd) calm() {
	c.t.Helper()
	c.cluster.wire.set(func() { c.cluster.wire.mess = nil })
	c.heal()
	for range 8 {
		<-time.After(DefaultTTL / 4)
		c.refresh()
	}
	pause()
	for i := range 4 {
		res, want := episode(fmt.Sprint("e", i)), map[string]bool{}
		for at := range c.tabs {
			if at.res == res {
				want[at.user] = true
			}
		}
		for _, n := range c.nodes {
			viewers, total, err := n.Viewers(c.t.Context(), res)
			ok(c.t, err)
			got := map[string]bool{}
			for _, v := range viewers {
				got[v.UserID] = true
			}
			if !maps.Equal(got, want) || total != len(want) {
				c.t.Errorf("on %s %s has %v, %d in all; there are %v", n.peer.id, res.ID, slices.Sorted(maps.Keys(got)), total, slices.Sorted(maps.Keys(want)))
			}
		}
	}
	wantAgreement(c.t, c.nodes...)
}

// FuzzReadMessage has a node take in whatever another one may send.
func FuzzReadMessage(f *testing.F) {
	changes := newParcel(header{Kind: kindChanges, Seq: 2})
	changes.add(item{Type: "episode", ID: "e", User: "u", Name: "U", Hold: holdSocket, Since: 1_700_000_000_000_000, Editing: []string{"title"}})
	changes.add(item{Do: doRemove, Type: "episode", ID: "e", User: "u"})
	snapshot := newParcel(header{Kind: kindSnapshot, Seq: 2, Snapshot: 1, Last: true})
	snapshot.add(item{Do: doStatus, User: "u", Status: StatusBusy, At: 1_700_000_000_000_000, Until: 1_900_000_000_000_000})
	for _, p := range []*parcel{changes, snapshot, newParcel(header{Kind: kindBeat, Seq: 7}), newParcel(header{Kind: kindAsk}), newParcel(header{Kind: kindBye})} {
		f.Add(p.Bytes())
	}
	f.Add([]byte("\x01{\"k\":\"snapshot\",\"c\":-1,\"l\":true}\n[]\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, items, refused, err := readMessage(data)
		if lines := len(data) + 1; err == nil && len(items)+refused > lines {
			t.Errorf("%d items of %d bytes", len(items)+refused, len(data))
		}
		w := newWire()
		s := newSharedStore(Limits{}, sharedConfig{peers: w.join("a"), ttl: DefaultTTL, grace: DefaultGrace, log: slog.New(slog.DiscardHandler)})
		s.Watch(func(Change) {})
		for range 2 {
			s.take(envelope{"b", data})
		}
		s.watch(time.Since(s.started))
	})
}
