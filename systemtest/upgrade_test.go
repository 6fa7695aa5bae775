package systemtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// balancer is a proxy that asks nodes whether they are ready, and sends nobody to one that is not.
type balancer struct {
	*apptest.Site

	mu    sync.Mutex
	ready map[*apptest.Binary]*url.URL
	next  int
}

// askPatience is how long a node may take to say that it is ready: less than DRAIN_DELAY by what a busy machine takes.
const askPatience = 2 * time.Second

func newBalancer(t *testing.T, nodes []*apptest.Binary) *balancer {
	t.Helper()
	b := &balancer{ready: map[*apptest.Binary]*url.URL{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(b.pick()) },
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil { // else the client has gone away
				t.Errorf("a node that was ready gave no answer to %s %s: %v", r.Method, r.URL.Path, err)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 16},
	}
	server := httptest.NewServer(proxy)
	b.Site = nodes[0].Through(server.URL)
	ctx, cancel := context.WithCancel(context.Background())
	var asking sync.WaitGroup
	for _, n := range nodes {
		asking.Go(func() {
			for ctx.Err() == nil {
				b.ask(ctx, n)
				wait(ctx, 20*time.Millisecond)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		asking.Wait()
		server.CloseClientConnections()
		server.Close()
	})
	return b
}

// ask finds out whether a node is ready.
func (b *balancer) ask(ctx context.Context, n *apptest.Binary) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	at, err := url.Parse(n.URL())
	var r apptest.Response
	if err == nil {
		r, err = n.Try(ctx, http.MethodGet, "/readyz", "", nil)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if delete(b.ready, n); err == nil && r.Status == http.StatusOK {
		b.ready[n] = at
	}
}

func (b *balancer) pick() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ready) == 0 {
		return &url.URL{Scheme: "http", Host: "127.0.0.1:0"}
	}
	b.next++
	turn := b.next % len(b.ready)
	for _, at := range b.ready { // in any order: it is a turn all the same
		if turn--; turn < 0 {
			return at
		}
	}
	return nil
}

// awaitNodes waits until n nodes are used.
func (b *balancer) awaitNodes(t *testing.T, n int) {
	t.Helper()
	apptest.Eventually(t, fmt.Sprintf("%d nodes are used", n), func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.ready) != n {
			return fmt.Errorf("there are %d", len(b.ready))
		}
		return nil
	})
}

// listener hears what is sent to all, as clients do: it comes back whenever it is told to, asks for what it missed, and reads it from the
// events where the server cannot tell.
type listener struct {
	t    *testing.T
	site *apptest.Site
	done sync.WaitGroup
	stop func()

	mu        sync.Mutex
	first     int64          // position of the first event that it must hear
	positions map[int64]bool // heard
	last      int64
	moved     int // times that it was told to come back
}

func startListener(t *testing.T, site *apptest.Site) *listener {
	t.Helper()
	l := &listener{t: t, site: site, positions: map[int64]bool{}}
	ctx, cancel := context.WithCancel(context.Background())
	first, err := l.connect(ctx, realtimetest.Position{})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	l.first = newestPos(t, site) + 1
	l.done.Go(func() { l.listen(ctx, first) })
	l.stop = func() {
		cancel()
		l.done.Wait()
	}
	t.Cleanup(l.stop)
	return l
}

func (l *listener) connect(ctx context.Context, since realtimetest.Position) (*realtimetest.Client, error) {
	options := realtimetest.Options{Token: l.site.Users.Viewer.Token}
	if since.Epoch != "" {
		options.Since = map[string]realtimetest.Position{callboard.BroadcastChannel: since}
	}
	return realtimetest.Connect(ctx, l.site.URL()+realtime.PathWebSocket, options)
}

func (l *listener) listen(ctx context.Context, socket *realtimetest.Client) {
	for ctx.Err() == nil {
		sub := socket.Subs[callboard.BroadcastChannel]
		at := sub.Position
		heard := map[int64]bool{} // by this socket
		for _, p := range sub.Missed {
			l.note(p.Message, heard)
		}
		if sub.WasAsked && !sub.Recovered {
			l.catchUp()
		}
		for {
			p, err := socket.Next(ctx)
			if ctx.Err() != nil {
				socket.Close()
				return
			}
			if closed, ok := errors.AsType[*realtimetest.Closed](err); err != nil && (!ok || closed.Code != realtime.CodeShutdown) {
				l.t.Errorf("a socket ended with %v, want %d", err, realtime.CodeShutdown)
			}
			if err != nil {
				break
			}
			if p.Channel == callboard.BroadcastChannel {
				at.Offset = max(at.Offset, p.Offset)
				l.note(p.Message, heard)
			}
		}
		socket.Close()
		l.mu.Lock()
		l.moved++
		l.mu.Unlock()
		var err error
		if socket, err = l.connect(ctx, at); err != nil { // the first try must do: who is told to come back is awaited
			if ctx.Err() == nil {
				l.t.Errorf("a socket that was told to come back was refused: %v", err)
			}
			return
		}
	}
}

// note keeps what was heard. One socket brings nothing twice; what it brings may have been read from the events before.
func (l *listener) note(m callboard.Message, socket map[int64]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Resource.Type != "episode" || m.Pos == 0 {
		return
	}
	if socket[m.Pos] {
		l.t.Errorf("position %d came again", m.Pos)
	}
	socket[m.Pos] = true
	l.positions[m.Pos] = true
	l.last = max(l.last, m.Pos)
}

func (l *listener) catchUp() {
	l.mu.Lock()
	after := l.last
	l.mu.Unlock()
	for {
		var page struct {
			Data []callboard.Message `json:"data"`
			Pos  int64               `json:"pos"`
			Last int64               `json:"last_pos"`
		}
		r, err := l.site.Try(context.Background(), http.MethodGet, fmt.Sprintf("/api/v1/events?limit=200&after=%d", after), l.site.Users.Viewer.Token, nil)
		if err == nil {
			err = r.JSON(&page)
		}
		if err != nil || r.Status != http.StatusOK {
			l.t.Errorf("catch up: %d %s (%v)", r.Status, r.Body, err)
			return
		}
		for _, m := range page.Data {
			l.note(m, map[int64]bool{})
		}
		if after = page.Pos; after >= page.Last {
			return
		}
	}
}

func newestPos(t *testing.T, site *apptest.Site) int64 {
	t.Helper()
	var newest struct {
		Last int64 `json:"last_pos"`
	}
	if err := site.Do(http.MethodGet, "/api/v1/events?latest=true", site.Users.Admin.Token, nil).JSON(&newest); err != nil {
		t.Fatal(err)
	}
	return newest.Last
}

// awaitAll waits until the listener has heard all events of episodes since it was there.
func (l *listener) awaitAll(events []callboard.Message) {
	l.t.Helper()
	apptest.Eventually(l.t, "all was heard", func() error {
		l.mu.Lock()
		defer l.mu.Unlock()
		var missing []int64
		for _, e := range events {
			if e.Resource.Type == "episode" && e.Pos >= l.first && !l.positions[e.Pos] {
				missing = append(missing, e.Pos)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("%d of %d were not, such as %d", len(missing), len(events), missing[0])
		}
		return nil
	})
}

// Nodes are restarted one after the other while people work and listen: no request fails, nothing is lost, and sockets go to another
// node at once.
func TestRollingRestart(t *testing.T) {
	needLong(t)
	eachLink(t, func(t *testing.T, nodes []*apptest.Binary) {
		for i, n := range nodes {
			nodes[i] = n.Beside("DRAIN_DELAY=3s")
			nodes[i].Start()
		}
		proxy := newBalancer(t, nodes)
		proxy.awaitNodes(t, len(nodes))
		listeners := make([]*listener, 9)
		for i := range listeners {
			listeners[i] = startListener(t, proxy.Site)
		}
		work := startLoad(t, proxy.Site, 3)
		for _, n := range nodes {
			work.awaitMore(20)
			leads := leading(t, n)
			if code := n.Stop(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			if leads {
				awaitLeader(t, nodes, n)
			}
			proxy.awaitNodes(t, len(nodes)-1)
			work.awaitMore(20)
			n.Start()
			proxy.awaitNodes(t, len(nodes))
		}
		work.awaitMore(20)
		work.wantNoRefusals()
		work.stop()
		verify(t, proxy.Site, nodes[0].OpenDB(), work.acked)
		moved := 0
		for _, l := range listeners {
			l.awaitAll(allEvents(t, proxy.Site))
			moved += l.moved
		}
		if moved < len(listeners) {
			t.Errorf("%d sockets moved %d times", len(listeners), moved)
		}
	})
}

// A node that leads and is stopped is replaced. When it goes on, it finds that it no longer leads, and does nothing twice.
func TestLeaderStoppedForAWhile(t *testing.T) {
	needLong(t)
	t.Parallel()
	first := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, noLimit)
	second := first.Beside()
	first.Start()
	if !first.Await("leads the consumers") {
		t.Fatal("the first node does not lead")
	}
	second.Start()
	works := []*load{startLoad(t, &first.Site, 2), startLoad(t, &second.Site, 2)}
	for _, work := range works {
		work.awaitMore(20)
	}
	first.Signal(syscall.SIGSTOP)
	stopped := time.Now()
	if !second.Await("leads the consumers") {
		t.Fatal("nobody takes over")
	}
	took := time.Since(stopped)
	t.Logf("another node led %s after the one that led was stopped", took.Round(time.Millisecond))
	works[1].awaitMore(40)
	first.Signal(syscall.SIGCONT)
	if !first.Await("no longer leads the consumers") {
		t.Error("the node that was stopped does not notice")
	}
	var acked []write
	for _, work := range works {
		work.awaitMore(20)
		work.stop()
		acked = append(acked, work.acked...)
	}
	apptest.Eventually(t, "one node leads", func() error { // on a busy machine it may be the first again
		if one, two := leading(t, first), leading(t, second); one == two {
			return fmt.Errorf("each says %t", one)
		}
		return nil
	})
	verify(t, &second.Site, second.OpenDB(), acked)
	provenBy(t, second)
}

func leading(t *testing.T, n *apptest.Binary) bool {
	t.Helper()
	var ready struct {
		Parts struct{ Outbox struct{ Leading bool } }
	}
	if err := n.Do(http.MethodGet, "/readyz", "", nil).JSON(&ready); err != nil {
		t.Fatal(err)
	}
	return ready.Parts.Outbox.Leading
}

// awaitLeader waits until another node leads than one that does not any more.
func awaitLeader(t *testing.T, nodes []*apptest.Binary, gone *apptest.Binary) {
	t.Helper()
	ended := time.Now()
	apptest.Eventually(t, "another node leads", func() error {
		if slices.ContainsFunc(nodes, func(n *apptest.Binary) bool { return n != gone && leading(t, n) }) {
			return nil
		}
		return errors.New("none does")
	})
	t.Logf("another node led %s after the one that led had ended", time.Since(ended).Round(time.Millisecond))
}

// Nodes of which each has a secret of its own say so, and how to mend it. None of them tells the secret.
func TestNodesWithDifferentSecrets(t *testing.T) {
	t.Parallel()
	const secret = "a secret of thirty-two bytes, or of more"
	first := apptest.NewBinary(t, apptest.Options{Kind: "postgres"})
	key, err := activity.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	second := first.Beside("JWT_SECRET="+secret, "LOG_SIGNING_KEY="+key)
	first.Start()
	second.Start()
	first.AwaitPart("nodes", "degraded")
	second.AwaitPart("nodes", "degraded")
	for n, fix := range map[*apptest.Binary]string{first: "jwt_secret", second: "which this one has in JWT_SECRET"} {
		for _, words := range []string{"signs with another JWT_SECRET", fix, "signs the activity log with another key"} {
			apptest.Eventually(t, "the log tells of the other node", func() error {
				if log := n.Log.String(); !strings.Contains(log, words) {
					return fmt.Errorf("no %q in\n%s", words, log)
				}
				return nil
			})
		}
		if log := n.Log.String(); strings.Contains(log, secret) || strings.Contains(log, key) {
			t.Errorf("the log has a secret:\n%s", log)
		}
	}
	second.Stop()
	first.AwaitPart("nodes", "ready")
	third := first.Beside()
	third.Start()
	third.Stop()
	if n := strings.Count(first.Log.String(), "signs with another JWT_SECRET"); n != 1 {
		t.Errorf("one node with another secret was named %d times", n)
	}
}
