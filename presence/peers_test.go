package presence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
)

// wire links nodes in memory. It keeps the order between two nodes, and loses what a test wants it to lose.
type wire struct {
	mu     sync.Mutex
	nodes  map[string]*wirePeer
	delay  time.Duration
	lose   func(from, to string, kind string) bool // may be nil
	cut    map[string]bool                         // "from>to"
	queues map[string][]func()
	sent   []int      // bytes of each message
	mess   *rand.Rand // when not nil, messages are lost, doubled, delayed and overtake each other
}

type wirePeer struct {
	*wire
	id   string
	fn   func(from string, data []byte)
	dead bool // cut off, and it knows
}

var errCutOff = errors.New("cut off")

func newWire() *wire {
	return &wire{nodes: map[string]*wirePeer{}, cut: map[string]bool{}, queues: map[string][]func(){}}
}

func (w *wire) join(id string) *wirePeer {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nodes[id] = &wirePeer{wire: w, id: id}
	return w.nodes[id]
}

func (p *wirePeer) ID() string { return p.id }

func (p *wirePeer) Receive(fn func(string, []byte)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fn = fn
}

func (p *wirePeer) Linked() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.dead
}

func (p *wirePeer) Send(to string, data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errCutOff
	}
	p.sent = append(p.sent, len(data))
	h, _, _, _ := readMessage(data)
	for _, other := range p.nodes {
		if other == p || to != "" && to != other.id || p.cut[p.id+">"+other.id] || p.lose != nil && p.lose(p.id, other.id, h.Kind) {
			continue
		}
		if p.mess == nil {
			p.deliver(other, data)
			continue
		}
		for range []int{0, 1, 1, 1, 1, 1, 1, 1, 1, 2}[p.mess.IntN(10)] {
			time.AfterFunc(time.Duration(p.mess.IntN(300))*time.Millisecond, func() {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.deliver(other, data)
			})
		}
	}
	return nil
}

// deliver needs the lock.
func (p *wirePeer) deliver(to *wirePeer, data []byte) {
	data = bytes.Clone(data)
	pair := p.id + ">" + to.id
	p.queues[pair] = append(p.queues[pair], func() {
		if to.fn != nil && !to.dead {
			to.fn(p.id, data)
		}
	})
	next := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		first := p.queues[pair][0]
		p.queues[pair] = p.queues[pair][1:]
		first()
	}
	if p.delay > 0 {
		time.AfterFunc(p.delay, next)
		return
	}
	first := p.queues[pair][0]
	p.queues[pair] = p.queues[pair][1:]
	first()
}

// setDead cuts a node off from all others, or links it again.
func (p *wirePeer) setDead(dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = dead
}

func (w *wire) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// testNode is a node of a cluster in virtual time.
type testNode struct {
	*Service
	*board
	t      *testing.T
	peer   *wirePeer
	store  *sharedStore
	log    bytes.Buffer
	cancel context.CancelFunc
	ended  chan error
}

type cluster struct {
	t    *testing.T
	wire *wire
}

// inCluster runs a test over the nodes a, b and c.
func inCluster(t *testing.T, test func(t *testing.T, c *cluster, a, b, d *testNode)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cluster{t, newWire()}
		a, b, d := c.start("a"), c.start("b"), c.start("c")
		pause()
		test(t, c, a, b, d)
		for _, n := range []*testNode{a, b, d} {
			n.stop()
		}
	})
}

func (c *cluster) start(id string, prepare ...func(n *testNode)) *testNode {
	c.t.Helper()
	n := &testNode{t: c.t, peer: c.wire.join(id), board: &board{}, ended: make(chan error, 1)}
	svc, err := New(Config{Peers: n.peer, Logger: slog.New(slog.NewTextHandler(&n.log, nil))})
	ok(c.t, err)
	n.Service, n.store = svc, svc.store.(*sharedStore)
	for _, p := range prepare {
		p(n)
	}
	var ctx context.Context
	ctx, n.cancel = context.WithCancel(c.t.Context())
	go func() { n.ended <- svc.Run(ctx, n.board) }()
	return n
}

// stop ends a node, which says good-bye. It may be called again.
func (n *testNode) stop() {
	if n.cancel == nil {
		return
	}
	n.cancel()
	n.cancel = nil
	ok(n.t, <-n.ended)
}

// kill ends a node without a word.
func (n *testNode) kill() {
	n.peer.setDead(true)
	n.stop()
}

// pause is longer than a change takes to be everywhere, and its messages to be sent.
func pause() {
	<-time.After(gatherFor + 2*emitDelay)
	synctest.Wait()
}

func (n *testNode) wantViewers(res callboard.Resource, want ...string) {
	n.t.Helper()
	viewers, total, err := n.Viewers(n.t.Context(), res)
	ok(n.t, err)
	got := []string{}
	for _, v := range viewers {
		got = append(got, v.UserID)
	}
	if !slices.Equal(got, want) || total != len(want) {
		n.t.Errorf("viewers on %s: %v, of %d; want %v", n.peer.id, got, total, want)
	}
}

// wantSent compares the joins and leaves that the node has sent to its sockets since it was asked last.
func (n *testNode) wantSent(want ...string) {
	n.t.Helper()
	got := []string{}
	for _, ev := range n.take() {
		switch ev.Name {
		case callboard.ViewerJoined.Name:
			got = append(got, "+"+ev.Actor.ID)
		case callboard.ViewerLeft.Name:
			got = append(got, "-"+ev.Actor.ID)
		}
	}
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		n.t.Errorf("sent on %s: %v, want %v", n.peer.id, got, want)
	}
}

func each(nodes []*testNode, do func(n *testNode)) {
	for _, n := range nodes {
		do(n)
	}
}

func TestViewersAreTheSameOnAllNodes(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res, all := t.Context(), episode("e"), []*testNode{a, b, c}
		ok(t, a.Join(ctx, res, user("u"), "tab"))
		a.wantViewers(res, "u")
		pause()
		ok(t, b.Join(ctx, res, user("v"), "tab"))
		ok(t, b.Edit(ctx, res, user("v"), "title"))
		b.wantViewers(res, "v", "u")
		pause()
		want, _, err := b.Viewers(ctx, res)
		ok(t, err)
		each(all, func(n *testNode) {
			got, _, err := n.Viewers(ctx, res)
			ok(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("on %s (-want +got):\n%s", n.peer.id, diff)
			}
			n.wantSent("+u", "+v")
		})
		<-time.After(EditingTTL + sweepEvery)
		pause()
		each(all, func(n *testNode) { n.wantViewers(res, "u", "v") })

		ok(t, a.Join(ctx, res, user("v"), "tab2")) // one user on two nodes
		ok(t, b.Leave(ctx, res, user("v"), "tab"))
		<-time.After(2 * DefaultGrace)
		each(all, func(n *testNode) {
			n.wantViewers(res, "u", "v")
			n.wantSent()
		})
		ok(t, a.Leave(ctx, res, user("v"), "tab2"))
		<-time.After(DefaultGrace + 2*sweepEvery)
		each(all, func(n *testNode) {
			n.wantViewers(res, "u")
			n.wantSent("-v")
		})
	})
}

func TestOnlineUsersOfAllNodes(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx := t.Context()
		ok(t, a.Connected(ctx, user("u"), "tab"))
		pause()
		ok(t, b.Connected(ctx, user("v"), "tab"))
		pause()
		ok(t, c.SetStatus(ctx, user("u"), StatusChoice{Status: StatusBusy, Text: "on air"}))
		each([]*testNode{a, b, c}, func(n *testNode) {
			wantStatuses(t, n.board, "u online", "v online", "u busy on air")
			wantOnline(t, n.Service, "u busy on air", "v online")
		})
	})
}

// A tab on one node and requests on another: what a page has read goes with the page.
func TestRequestsLeaveWithTheTabOfAnotherNode(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		ok(t, b.Track(ctx, res, user("u")))
		ok(t, a.Join(ctx, res, user("u"), "tab"))
		pause()
		ok(t, a.Leave(ctx, res, user("u"), "tab"))
		<-time.After(DefaultGrace - sweepEvery)
		c.wantViewers(res, "u")
		<-time.After(3 * sweepEvery)
		each([]*testNode{a, b, c}, func(n *testNode) {
			n.wantViewers(res)
			n.wantSent("+u", "-u")
		})
	})
}

func TestRemovingOnAnotherNode(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, c *testNode) {
		ctx, res, all := t.Context(), episode("e"), []*testNode{a, b, c}
		ok(t, a.Edit(ctx, res, user("u"), "title"))
		ok(t, a.Join(ctx, res, user("tab"), "1"))
		ok(t, a.Edit(ctx, res, user("tab"), "title"))
		pause()
		ok(t, b.EndEdit(ctx, "tab", res, "title"))
		ok(t, b.Remove(ctx, "u", res))
		ok(t, b.Remove(ctx, "tab", res)) // has a live socket
		b.wantViewers(res, "tab")        // at once
		pause()
		each(all, func(n *testNode) {
			n.wantViewers(res, "tab")
			if v, err := n.store.Viewer(ctx, res, "tab"); err != nil || v.Editing != nil {
				t.Errorf("on %s: %+v, %v", n.peer.id, v, err)
			}
		})
		ok(t, a.Track(ctx, res, user("u")))
		pause()
		each(all, func(n *testNode) { n.take() })
		cl.wire.set(func() { cl.wire.lose = func(from, _, kind string) bool { return from == "b" && kind == kindChanges } })
		ok(t, b.Remove(ctx, "u", res))
		ok(t, b.RemoveUser(ctx, "tab"))
		pause()
		b.wantViewers(res)
		a.wantViewers(res, "tab", "u")
		cl.wire.set(func() { cl.wire.lose = nil })
		<-time.After(3 * time.Second)
		each(all, func(n *testNode) { n.wantViewers(res) })
		a.wantSent("-u", "-tab")
	})
}

func TestInvisibleOnAllNodes(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res, all := t.Context(), episode("e"), []*testNode{a, b, c}
		ok(t, a.Join(ctx, res, user("u"), "tab"))
		pause()
		ok(t, b.SetStatus(ctx, user("u"), StatusChoice{Status: StatusOffline}))
		ok(t, c.SetStatus(ctx, user("v"), StatusChoice{Status: StatusOffline}))
		pause()
		ok(t, b.Join(ctx, res, user("v"), "tab"))
		pause()
		each(all, func(n *testNode) {
			n.wantViewers(res)
			n.wantSent("+u", "-u")
		})
		ok(t, c.SetStatus(ctx, user("u"), StatusChoice{Status: StatusAway}))
		pause()
		each(all, func(n *testNode) {
			n.wantViewers(res, "u")
			n.wantSent("+u")
		})
		wantAgreement(t, a, b, c)
	})
}

func TestViewersOfADeadNodeLeave(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		ok(t, b.Track(ctx, res, user("both")))
		ok(t, a.Join(ctx, res, user("ghost"), "tab"))
		ok(t, c.Join(ctx, res, user("both"), "tab"))
		ok(t, a.Join(ctx, res, user("back"), "tab"))
		ok(t, a.Connected(ctx, user("ghost"), "tab"))
		pause()
		a.kill()
		<-time.After(deadAfter)
		c.wantViewers(res, "back", "both", "ghost")
		ok(t, b.Join(ctx, res, user("back"), "tab2")) // within the grace
		<-time.After(30*time.Second - deadAfter)
		each([]*testNode{b, c}, func(n *testNode) {
			n.wantViewers(res, "back", "both")
			wantOnline(t, n.Service)
			if n.Degraded() != "" {
				t.Errorf("%s is degraded: %s", n.peer.id, n.Degraded())
			}
		})
		var left []string
		for _, ev := range c.take(callboard.ViewerLeft.Name) {
			left = append(left, ev.Actor.ID)
		}
		if !slices.Equal(left, []string{"ghost"}) {
			t.Errorf("left: %v", left)
		}
	})
}

func TestNodeSaysGoodbye(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		for _, id := range []string{"comes", "goes"} {
			ok(t, a.Join(ctx, res, user(id), "tab"))
		}
		pause()
		for _, id := range []string{"comes", "goes"} {
			ok(t, a.Leave(ctx, res, user(id), "tab"))
		}
		a.stop()
		<-time.After(DefaultGrace / 2)
		ok(t, b.Join(ctx, res, user("comes"), "tab2"))
		next := cl.start("a2")
		<-time.After(2 * DefaultGrace)
		each([]*testNode{b, c}, func(n *testNode) {
			n.wantViewers(res, "comes")
			n.wantSent("+comes", "+goes", "-goes")
		})
		next.wantViewers(res, "comes")
		next.stop()
	})
}

func TestLostMessagesAreMadeGood(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, c *testNode) {
		ctx, res, all := t.Context(), episode("e"), []*testNode{a, b, c}
		ok(t, a.Join(ctx, res, user("u"), "tab"))
		pause()
		lost := map[string]int{}
		cl.wire.set(func() {
			cl.wire.lose = func(_, to, kind string) bool { // the change, the first ask and the first snapshot
				if to == "c" && kind == kindChanges || to != "c" && kind == kindAsk || kind == kindSnapshot {
					lost[kind]++
					return lost[kind] == 1
				}
				return false
			}
		})
		ok(t, a.Join(ctx, res, user("v"), "tab"))
		ok(t, a.Leave(ctx, res, user("u"), "tab"))
		<-time.After(beatEvery + askEvery + 2*time.Second)
		ok(t, a.Join(ctx, res, user("w"), "tab"))
		<-time.After(2 * DefaultGrace)
		each(all, func(n *testNode) {
			n.wantViewers(res, "v", "w")
			n.wantSent("+u", "+v", "+w", "-u")
		})
		if lost[kindSnapshot] < 2 {
			t.Errorf("lost and sent again: %v", lost)
		}
		wantAgreement(t, a, b, c)
	})
}

func TestCutOffNode(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		alive := func(n *testNode, id string) { ok(t, n.Refresh(ctx, res, user(id), "tab")) }
		ok(t, a.Join(ctx, res, user("on a"), "tab"))
		pause()
		ok(t, b.Join(ctx, res, user("on b"), "tab"))
		ok(t, b.Edit(ctx, res, user("on b"), "title"))
		pause()
		each([]*testNode{a, b}, func(n *testNode) { n.take() })
		a.peer.setDead(true)
		<-time.After(DefaultTTL / 2)
		alive(a, "on a")
		alive(b, "on b")
		if a.Degraded() == "" || b.Degraded() != "" {
			t.Errorf("degraded: a %q, b %q", a.Degraded(), b.Degraded())
		}
		a.wantViewers(res, "on a", "on b") // as it was, and nobody edits
		a.wantSent()
		b.wantViewers(res, "on b")
		b.wantSent("-on a")
		ok(t, c.Join(ctx, res, user("on c"), "tab"))
		a.peer.setDead(false)
		<-time.After(2 * sweepEvery)
		each([]*testNode{a, b, c}, func(n *testNode) { n.wantViewers(res, "on a", "on b", "on c") })
		a.wantSent("+on c")
		if a.Degraded() != "" {
			t.Errorf("degraded after all: %s", a.Degraded())
		}
		wantAgreement(t, a, b, c)

		a.peer.setDead(true)
		for range 3 {
			<-time.After(DefaultTTL / 2)
			alive(a, "on a")
			alive(b, "on b")
			alive(c, "on c")
		}
		a.wantViewers(res, "on a")
		a.peer.setDead(false)
		<-time.After(2 * sweepEvery)
		a.wantViewers(res, "on a", "on b", "on c")
		wantAgreement(t, a, b, c)
	})
}

// A node that hears the others, and is not heard by one of them, comes right by itself when it is heard again.
func TestCutOneWay(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		for _, id := range []string{"u", "w"} {
			ok(t, a.Edit(ctx, res, user(id), "title"))
		}
		<-time.After(EditingTTL + 2*sweepEvery)
		ok(t, a.Join(ctx, res, user("tab"), "1"))
		pause()
		cl.wire.set(func() { cl.wire.cut["b>a"] = true })
		ok(t, b.Join(ctx, res, user("v"), "1"))
		ok(t, b.Remove(ctx, "u", res))
		ok(t, b.Remove(ctx, "w", res))
		<-time.After(DefaultTTL / 2)
		ok(t, a.Track(ctx, res, user("u"))) // came again
		a.wantViewers(res, "u", "w", "tab")
		b.wantViewers(res, "tab", "v")
		c.wantViewers(res, "u", "w", "tab", "v")
		if a.Degraded() != "" || b.Degraded() != "" {
			t.Errorf("degraded: a %q, b %q", a.Degraded(), b.Degraded())
		}
		cl.wire.set(func() { delete(cl.wire.cut, "b>a") })
		<-time.After(beatEvery + 2*askEvery)
		wantAgreement(t, a, b, c)
		each([]*testNode{a, b, c}, func(n *testNode) { n.wantViewers(res, "u", "tab", "v") })
	})
}

func TestSnapshotThatNeverComes(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, c *testNode) {
		cl.wire.set(func() { cl.wire.lose = func(_, _, kind string) bool { return kind == kindAsk } })
		late := cl.start("late")
		<-time.After(deadAfter + 4*sweepEvery)
		synctest.Wait()
		if late.Degraded() == "" {
			t.Error("a node whom nobody tells who is there is not degraded")
		}
		cl.wire.set(func() { cl.wire.lose = nil })
		<-time.After(askEvery + 2*sweepEvery)
		each([]*testNode{a, b, c, late}, func(n *testNode) {
			if n.Degraded() != "" {
				t.Errorf("%s is still degraded: %s", n.peer.id, n.Degraded())
			}
		})
		late.stop()
	})
}

func TestLargeSnapshot(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, cl *cluster, a, b, _ *testNode) {
		ctx := t.Context()
		const crowd = 10_000
		for i := range crowd {
			ok(t, a.Join(ctx, episode(fmt.Sprint(i%100)), user(fmt.Sprint("u", i)), "tab"))
		}
		<-time.After(time.Second)
		cl.wire.set(func() {
			cl.wire.sent = nil
			cl.wire.delay = 20 * time.Millisecond
		})
		late := cl.start("late")
		<-time.After(200 * time.Millisecond) // the snapshot is on its way: what changes now is in order all the same
		ok(t, a.Join(ctx, episode("0"), user("new"), "tab"))
		ok(t, a.RemoveUser(ctx, "u0"))
		<-time.After(beatEvery)
		stats, err := late.Stats(ctx)
		ok(t, err)
		if stats.Viewers != crowd {
			t.Errorf("%d viewers, want %d", stats.Viewers, crowd)
		}
		wantAgreement(t, a, b, late)
		cl.wire.set(func() {
			if largest := slices.Max(cl.wire.sent); largest > maxMessage || len(cl.wire.sent) < 5 {
				t.Errorf("the largest of %d messages has %d bytes", len(cl.wire.sent), largest)
			}
		})
		late.stop()
	})
}

// What the record has is there at once. Those whom another node has stay, and those whom nobody has leave after the grace, or after the
// TTL where nobody knows.
func TestRestoreBesideOtherNodes(t *testing.T) {
	t.Parallel()
	restore := func(ids ...string) func(n *testNode) {
		return func(n *testNode) {
			for _, id := range ids {
				ok(n.t, n.store.Restore(n.t.Context(), "node of "+id, episode("e"), Viewer{UserID: id, Since: callboard.Now()}, DefaultTTL))
			}
			ok(n.t, n.store.Restore(n.t.Context(), "a", episode("e"), Viewer{UserID: "on a", Since: callboard.Now()}, DefaultTTL))
		}
	}
	inCluster(t, func(t *testing.T, cl *cluster, a, _, _ *testNode) {
		ctx, res := t.Context(), episode("e")
		ok(t, a.Join(ctx, res, user("on a"), "tab"))
		pause()
		late := cl.start("late", restore("back", "ghost"))
		late.wantViewers(res, "back", "ghost", "on a")
		pause()
		ok(t, late.Join(ctx, res, user("back"), "tab"))
		<-time.After(DefaultGrace + 2*sweepEvery)
		late.wantViewers(res, "on a", "back")
		late.wantSent("-ghost")
		late.stop()
	})
	synctest.Test(t, func(t *testing.T) { // one after the other, each before the last one knows who is there
		cl, res := &cluster{t, newWire()}, episode("e")
		a := cl.start("a")
		pause()
		second := cl.start("y", restore("ghost"))
		pause()
		a.stop()
		third := cl.start("z", restore("ghost"))
		<-time.After(2*DefaultGrace + beatEvery + 2*sweepEvery)
		each([]*testNode{second, third}, func(n *testNode) {
			n.wantViewers(res)
			n.stop()
		})
	})
	synctest.Test(t, func(t *testing.T) { // all nodes start
		cl, res := &cluster{t, newWire()}, episode("e")
		first, second := cl.start("x", restore("back", "ghost")), cl.start("y", restore("back", "ghost"))
		<-time.After(DefaultTTL / 2)
		second.wantViewers(res, "back", "ghost", "on a")
		ok(t, first.Join(t.Context(), res, user("back"), "tab"))
		<-time.After(DefaultTTL / 2)
		ok(t, first.Refresh(t.Context(), res, user("back"), "tab"))
		<-time.After(DefaultTTL / 2)
		each([]*testNode{first, second}, func(n *testNode) {
			n.wantViewers(res, "back")
			n.wantSent("-ghost", "-on a")
			n.stop()
		})
	})
}

func TestGarbageFromOtherNodes(t *testing.T) {
	t.Parallel()
	inCluster(t, func(t *testing.T, _ *cluster, a, b, c *testNode) {
		ctx, res := t.Context(), episode("e")
		ok(t, a.Join(ctx, res, user("u"), "tab"))
		pause()
		good := item{Type: "episode", ID: "e", User: "x", Hold: holdSocket, Since: time.Now().UnixMicro()}
		bad := func(change func(it *item)) []byte {
			it := good
			change(&it)
			p := newParcel(header{Kind: kindChanges, Seq: 1})
			p.add(it)
			return p.Bytes()
		}
		for name, data := range map[string][]byte{
			"nothing":            {},
			"no header":          {messageVersion},
			"no JSON":            append([]byte{messageVersion}, "\xff{{"...),
			"too large":          append([]byte{messageVersion}, bytes.Repeat([]byte("x"), maxReceived)...),
			"an unknown kind":    newParcel(header{Kind: "else"}).Bytes(),
			"a type":             bad(func(it *item) { it.Type = "a:b" }),
			"no user":            bad(func(it *item) { it.User = "" }),
			"a hold":             bad(func(it *item) { it.Hold = 9 }),
			"a time":             bad(func(it *item) { it.Since = 1 << 62 }),
			"a field":            bad(func(it *item) { it.Editing = []string{"a b"} }),
			"fields":             bad(func(it *item) { it.Editing = slices.Repeat([]string{"f"}, MaxEditing+1) }),
			"an unknown act":     bad(func(it *item) { it.Do = "else" }),
			"an end of no edit":  bad(func(it *item) { it.Do = doEndEdit }),
			"an unknown status":  bad(func(it *item) { it.Do, it.Status = doStatus, "asleep" }),
			"a status of no day": bad(func(it *item) { it.Do, it.Status = doStatus, StatusBusy }),
			"a name":             bad(func(it *item) { it.Name = string(bytes.Repeat([]byte("x"), maxUserName+1)) }),
		} {
			before := a.store.count.refused.Load()
			a.store.receive("stranger", data)
			synctest.Wait()
			if a.store.count.refused.Load() != before+1 {
				t.Errorf("%s was not counted", name)
			}
		}
		for _, from := range []string{"", "a", string(bytes.Repeat([]byte("x"), 1000))} { // nobody, itself, no ID
			a.store.receive(from, newParcel(header{Kind: kindBeat, Seq: 7}).Bytes())
		}
		a.store.receive("b", newParcel(header{Kind: kindSnapshot, Snapshot: 9, Last: true}).Bytes()) // nobody has asked
		pause()
		a.wantViewers(res, "u")
		if sent := lines(a.take()); len(sent) != 2 {
			t.Errorf("sent: %v", sent)
		}
		for range 2 {
			a.store.receive("newer", []byte{messageVersion + 1, '{', '}'})
		}
		synctest.Wait()
		if n := bytes.Count(a.log.Bytes(), []byte("another version")); n != 1 {
			t.Errorf("the log names the unknown version %d times:\n%s", n, a.log.String())
		}
		for i := range 2 * maxNodes {
			a.store.receive(fmt.Sprint("many", i), newParcel(header{Kind: kindBeat}).Bytes())
		}
		ok(t, b.Join(ctx, res, user("v"), "tab"))
		<-time.After(askEvery)
		a.wantViewers(res, "u", "v")
		wantAgreement(t, a, b, c)
	})
}

// truth is what all nodes should say: the union of what each has of its own.
type truth struct {
	viewers  map[string][]string // fields, by resource and user
	statuses map[string]StatusChoice
}

func truthOf(nodes ...*testNode) truth {
	all := truth{map[string][]string{}, map[string]StatusChoice{}}
	for _, n := range nodes {
		n.store.eachOwn(func(v *viewer) {
			key := v.of.resource.Type + ":" + v.of.resource.ID + " " + v.UserID
			if v.of.resource != online && !n.store.visible(v.UserID) {
				return
			}
			for _, e := range v.edits {
				all.viewers[key] = append(all.viewers[key], e.field)
			}
			if all.viewers[key] == nil {
				all.viewers[key] = []string{}
			}
		})
	}
	for key, fields := range all.viewers {
		slices.Sort(fields)
		all.viewers[key] = slices.Compact(fields)
		if len(fields) > MaxEditing {
			all.viewers[key] = all.viewers[key][:MaxEditing]
		}
	}
	return all
}

// shown is what a node says, in its order.
func shown(n *testNode) (list map[string][]Viewer, all truth) {
	list, all = map[string][]Viewer{}, truth{map[string][]string{}, map[string]StatusChoice{}}
	n.store.mu.Lock()
	resources := slices.Collect(maps.Keys(n.store.resources))
	for id, st := range n.store.MemoryStore.statuses {
		if st.Status != "" {
			all.statuses[id] = st.StatusChoice
		}
	}
	n.store.mu.Unlock()
	for _, res := range resources {
		viewers, _, _ := n.store.Viewers(n.t.Context(), res, Viewer{}, 0)
		for _, v := range viewers {
			all.viewers[res.Type+":"+res.ID+" "+v.UserID] = append([]string{}, v.Editing...)
		}
		if len(viewers) > 0 {
			list[res.Type+":"+res.ID] = viewers
		}
	}
	return list, all
}

func wantAgreement(t *testing.T, nodes ...*testNode) {
	t.Helper()
	want := truthOf(nodes...)
	first, firstTruth := shown(nodes[0])
	for _, n := range nodes {
		list, got := shown(n)
		if diff := cmp.Diff(want.viewers, got.viewers); diff != "" {
			t.Errorf("%s does not say what is true (-true +said):\n%s", n.peer.id, diff)
		}
		if diff := cmp.Diff(first, list); diff != "" {
			t.Errorf("%s and %s do not list the same (-first +other):\n%s", nodes[0].peer.id, n.peer.id, diff)
		}
		if diff := cmp.Diff(firstTruth.statuses, got.statuses); diff != "" {
			t.Errorf("%s and %s do not know the same statuses (-first +other):\n%s", nodes[0].peer.id, n.peer.id, diff)
		}
	}
}
