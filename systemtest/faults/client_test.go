//go:build linux

package faults

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// client is somebody with the board open: it looks at an episode, listens to all that happens, comes back when it is cut off, and
// gets what it missed as docs/realtime.md says: from the history of the channel, and where that has a gap from the record of events.
type client struct {
	c    *cluster
	user apptest.User
	home int           // number of the node that it prefers
	done chan struct{} // closed when it has ended

	mu       sync.Mutex
	changed  chan struct{} // closed at the next change of what follows
	socket   *realtimetest.Client
	at       *node // where it is connected, nil while it is not
	began    int64 // the position that it began at
	handled  int64 // the greatest position that it has handled
	seen     map[int64]bool
	episodes map[string]bool // made, that it knows of

	repeated, reordered int // since counts
}

// newClient connects a client to the node of that number, and returns when it listens.
func newClient(c *cluster, user apptest.User, home int) *client {
	l := &client{c: c, user: user, home: home, done: make(chan struct{}), changed: make(chan struct{}), seen: map[int64]bool{}, episodes: map[string]bool{}}
	ctx, cancel := context.WithCancel(context.Background())
	go l.run(ctx)
	c.t.Cleanup(func() {
		cancel()
		<-l.done
	})
	if err := l.await(c.t.Context(), func() bool { return l.at != nil }); err != nil {
		c.t.Fatal(err)
	}
	return l
}

// How long a client waits that was refused: longer each time.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = time.Second
)

// run keeps the client connected until ctx ends: at its own node, or where that does not take it at the next.
func (l *client) run(ctx context.Context) {
	defer close(l.done)
	place := map[string]realtimetest.Position{}
	pause := firstPause
	for tried := 0; ctx.Err() == nil; tried++ {
		if l.listen(ctx, l.c.nodes[(l.home+tried)%len(l.c.nodes)], place) {
			tried, pause = -1, firstPause
			continue
		}
		wait(ctx, pause)
		pause = min(2*pause, lastPause)
	}
}

// goHome has the client connect to its own node again, and returns when it has.
func (l *client) goHome() {
	home := l.c.nodes[l.home]
	err := l.await(l.c.t.Context(), func() bool {
		if l.at != nil && l.at != home {
			l.socket.Close()
		}
		return l.at == home
	})
	if err != nil {
		l.c.t.Errorf("%s does not come back to %s", l.user.Name, home.name)
	}
}

// beginAnew has the client forget all that it has heard, once it has lost its connection.
func (l *client) beginAnew() {
	if err := l.await(l.c.t.Context(), func() bool { return l.at == nil }); err != nil {
		l.c.t.Fatalf("%s does not notice that the server has gone", l.user.Name)
	}
	l.set(func() { l.handled, l.began, l.seen = 0, 0, map[int64]bool{} })
}

// stuck reports whether the client is at a node that was stopped, and has not noticed. The caller holds the lock.
func (l *client) stuck() bool { return l.at != nil && l.at.away.Load() }

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// listen connects to a node and takes what comes until the connection ends. It returns whether it came that far.
func (l *client) listen(ctx context.Context, n *node, place map[string]realtimetest.Position) bool {
	socket, err := l.connect(ctx, n, place)
	if err != nil {
		return false
	}
	defer socket.Close()
	broadcast := socket.Subs[callboard.BroadcastChannel]
	if !broadcast.Recovered {
		if l.catchUp(ctx, n) != nil {
			return false
		}
	}
	for _, p := range broadcast.Missed {
		l.take(p.Message)
	}
	here := broadcast.Position
	place[callboard.BroadcastChannel] = here
	l.set(func() { l.at, l.socket = n, socket })
	defer l.set(func() { l.at = nil })
	for {
		p, err := socket.Next(ctx)
		if err != nil {
			return true
		}
		if p.Channel == callboard.BroadcastChannel {
			l.take(p.Message)
			if p.Offset > 0 {
				here.Offset = p.Offset
				place[callboard.BroadcastChannel] = here
			}
		}
	}
}

func (l *client) connect(ctx context.Context, n *node, place map[string]realtimetest.Position) (*realtimetest.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	socket, err := realtimetest.Connect(ctx, n.URL()+realtime.PathWebSocket, realtimetest.Options{Token: l.user.Token, Since: place})
	if err != nil {
		return nil, err
	}
	if _, err := socket.Subscribe(ctx, "viewers:episode:"+l.c.viewed, realtimetest.SubscribeOptions{}); err != nil {
		socket.Close()
		return nil, err
	}
	return socket, nil
}

// catchUp reads the record of events from the greatest position that was handled, or where the client begins asks for the newest.
func (l *client) catchUp(ctx context.Context, n *node) error {
	for {
		l.mu.Lock()
		path := fmt.Sprintf("/api/v1/events?after=%d&limit=200", l.handled)
		first := l.handled == 0
		l.mu.Unlock()
		if first {
			path = "/api/v1/events?latest=true"
		}
		var page struct {
			Data []callboard.Message `json:"data"`
			Pos  int64               `json:"pos"`
			Last int64               `json:"last_pos"`
		}
		r, err := n.try(ctx, http.MethodGet, path, l.user.Token, nil)
		if err == nil && r.Status != http.StatusOK {
			err = fmt.Errorf("answer %d", r.Status)
		}
		if err == nil {
			err = r.JSON(&page)
		}
		if err != nil {
			return err
		}
		for _, m := range page.Data {
			l.take(m)
		}
		l.set(func() {
			l.handled = max(l.handled, page.Pos)
			if first {
				l.began = page.Pos
			}
		})
		if page.Pos >= page.Last {
			return nil
		}
	}
}

// take handles a message. One that was handled already is dropped.
func (l *client) take(m callboard.Message) {
	if m.Pos == 0 || m.Pos <= l.began {
		return
	}
	l.set(func() {
		switch {
		case l.seen[m.Pos]:
			l.repeated++
			return
		case m.Pos < l.handled:
			l.reordered++
		}
		l.seen[m.Pos] = true
		l.handled = max(l.handled, m.Pos)
		if m.Event == callboard.EpisodeCreated.Name {
			l.episodes[m.Resource.ID] = true
		}
	})
}

func (l *client) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	close(l.changed)
	l.changed = make(chan struct{})
}

// await waits until something holds of the client, which ok looks at under its lock.
func (l *client) await(ctx context.Context, ok func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		l.mu.Lock()
		holds, changed := ok(), l.changed
		l.mu.Unlock()
		if holds {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
