//go:build linux

package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The kinds of writes.
const (
	creates   = "create"   // an episode
	updates   = "update"   // its description
	logs      = "log"      // an entry of an application in the log
	notifies  = "notify"   // a notification of an application
	bareTries = "creation" // an episode, without a key
)

// write is one change that somebody wants made. Its tag is found in what it leaves.
type write struct {
	kind, tag          string
	method, path, user string
	body               map[string]any
	keyed              bool // sent with an Idempotency-Key, and again until it is answered

	id    string    // of the answer
	acked time.Time // zero: it never was
	tried int
	wrong string // an answer that it must not get
}

// load is people and applications at work at all nodes. Each stays at a node until that fails a request, and goes on at the next. What
// has no answer, or is asked to come again, is sent again where it has a key; an update and a creation without are given up.
type load struct {
	c       *cluster
	round   string // what the tags of its writes begin with
	stopped chan struct{}
	workers sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{}
	writes  []*write // that are over
	acked   int
}

const (
	people = 6
	// workPause leaves the machine room: what is asked is whether work is lost, not how much of it is done.
	workPause = 50 * time.Millisecond
)

func startLoad(c *cluster, round string) *load {
	l := &load{c: c, round: round, stopped: make(chan struct{}), changed: make(chan struct{})}
	for person := range people {
		l.workers.Go(func() { l.work(person) })
	}
	return l
}

// stop has everybody finish what they are at.
func (l *load) stop() []*write {
	close(l.stopped)
	l.workers.Wait()
	return l.writes
}

func (l *load) work(person int) {
	users := l.c.nodes[0].Users
	at := person
	for n := 0; ; n++ {
		tag := func(kind string) string { return fmt.Sprintf("%s-%d-%d-%s", l.round, person, n, kind) }
		made := &write{kind: creates, keyed: true, method: http.MethodPost, path: "/api/v1/episodes", user: users.Editor.Token}
		made.tag, made.body = tag(made.kind), map[string]any{"title": tag(made.kind)}
		logged := &write{kind: logs, keyed: true, method: http.MethodPost, path: "/api/v1/activity", user: users.Service}
		logged.tag, logged.body = tag(logged.kind), map[string]any{"action": "tried", "resource_type": "fault", "resource_id": tag(logged.kind)}
		told := &write{kind: notifies, keyed: true, method: http.MethodPost, path: "/api/v1/notifications", user: users.Service}
		told.tag, told.body = tag(told.kind), map[string]any{"user_id": users.Viewer.ID, "type": "fault", "message": "Break a leg",
			"resource_type": "fault", "resource_id": tag(told.kind)}
		bare := &write{kind: bareTries, method: http.MethodPost, path: "/api/v1/episodes", user: users.Editor.Token}
		bare.tag, bare.body = tag(bare.kind), map[string]any{"title": tag(bare.kind)}
		for _, w := range []*write{made, logged, told, bare} {
			l.carryOut(w, &at)
			if w == made && made.id != "" {
				change := &write{kind: updates, method: http.MethodPatch, path: "/api/v1/episodes/" + made.id, user: users.Admin.Token}
				change.tag, change.body = tag(change.kind), map[string]any{"description": tag(change.kind)}
				l.carryOut(change, &at)
			}
			select {
			case <-l.stopped:
				return
			case <-time.After(workPause):
			}
		}
	}
}

// carryOut sends a write until it is answered, or once where it has no key, and enters it into the ledger.
func (l *load) carryOut(w *write, at *int) {
	encoded, err := json.Marshal(w.body)
	if err != nil {
		panic(err) // of strings
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if w.keyed {
		header.Set("Idempotency-Key", w.tag)
	}
	deadline := time.Now().Add(2 * patience)
	for {
		w.tried++
		again := l.send(w, l.c.nodes[*at%len(l.c.nodes)], header, string(encoded))
		if !again {
			break
		}
		*at++
		if !w.keyed {
			break
		}
		if time.Now().After(deadline) {
			w.wrong = "no answer, however often it was sent"
			break
		}
		wait(context.Background(), firstPause)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = append(l.writes, w)
	if !w.acked.IsZero() {
		l.acked++
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// send makes one attempt, and returns whether another one may help.
func (l *load) send(w *write, n *node, header http.Header, body string) (again bool) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	r, err := n.TryRaw(ctx, w.method, w.path, w.user, header, strings.NewReader(body))
	switch {
	case err != nil, r.Status == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
		return true
	case r.Status == http.StatusConflict && r.Header.Get("Retry-After") != "": // the same is under way elsewhere
		return true
	case r.Status/100 != 2 || r.ID() == "":
		w.wrong = "answer " + strconv.Itoa(r.Status) + " " + string(r.Body)
		return false
	}
	w.id, w.acked = r.ID(), time.Now()
	return false
}

// awaitMore waits until n more writes are acknowledged.
func (l *load) awaitMore(n int) {
	l.c.t.Helper()
	deadline := time.After(patience)
	l.mu.Lock()
	for want := l.acked + n; l.acked < want; {
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			l.c.t.Fatal("no work is done any more")
		}
		l.mu.Lock()
	}
	l.mu.Unlock()
}

// longestStretch returns for how long nothing was acknowledged at most, between two moments.
func longestStretch(writes []*write, from, to time.Time) (longest time.Duration) {
	last := from
	for _, w := range writes { // in the order in which they were acknowledged, nearly
		if w.acked.After(last) && w.acked.Before(to) {
			longest = max(longest, w.acked.Sub(last))
			last = w.acked
		}
	}
	return max(longest, to.Sub(last))
}
