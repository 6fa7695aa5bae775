package presence

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/callboard/callboard"
)

// hold is by what a node has a viewer.
type hold int8

const (
	holdNothing  hold = iota
	holdRequests      // requests, and sockets that have just dropped: what Remove ends
	holdSocket        // a live socket
)

// part is what another node has of a viewer. It does not expire here: it is as that node says, for as long as that node is heard.
type part struct {
	of      *node
	hold    hold
	since   time.Time
	editing []string
}

// node is another node of which something is held.
type node struct {
	id       string
	viewers  map[*viewer]uint64 // that have a part of it, with the number of the snapshot in which they came last
	deadline time.Duration      // after which it is let go, unless it is heard before; 0 is none
	restored bool               // known from the record alone: whoever is heard knows better
}

// node returns the node of an ID. The lock is held.
func (m *MemoryStore) node(id string) *node {
	n := m.nodes[id]
	if n == nil {
		n = &node{id: id, viewers: map[*viewer]uint64{}}
		m.nodes[id] = n
	}
	return n
}

// hold returns by what this node has v.
func (v *viewer) hold() hold {
	switch {
	case len(v.sessions) == 0:
		return holdNothing
	case slices.ContainsFunc(v.sessions, session.live):
		return holdSocket
	default:
		return holdRequests
	}
}

func (s session) live() bool { return s.id != restSession && !s.leaving }

// leaveRequests has this node's sessions end at a time where no live socket is left on any node. What shows a resource reads it with a
// request too: with the last socket, the session of requests goes as well.
func (v *viewer) leaveRequests(at time.Duration) {
	if v.hold() == holdSocket || slices.ContainsFunc(v.parts, func(p part) bool { return p.hold == holdSocket }) {
		return
	}
	for i := range v.sessions {
		v.sessions[i].leave(at)
	}
}

// put takes what a node has of v in the place of what was known, and returns that.
func (v *viewer) put(p part) (before hold) {
	for i := range v.parts {
		if v.parts[i].of == p.of {
			before = v.parts[i].hold
			v.parts[i] = p
			return before
		}
	}
	v.parts = append(v.parts, p)
	return holdNothing
}

// drop forgets what a node has of v, and returns by what it had it.
func (v *viewer) drop(n *node) (before hold) {
	delete(n.viewers, v)
	at := slices.IndexFunc(v.parts, func(p part) bool { return p.of == n })
	if at < 0 {
		return holdNothing
	}
	before = v.parts[at].hold
	if v.parts = slices.Delete(v.parts, at, at+1); len(v.parts) == 0 {
		v.parts = nil
	}
	return before
}

// forgetRestored drops what is known from the record alone where something better is known.
func (v *viewer) forgetRestored() {
	if len(v.parts) == 0 || len(v.sessions) == 0 && !slices.ContainsFunc(v.parts, func(p part) bool { return !p.of.restored }) {
		return
	}
	for _, p := range slices.Clone(v.parts) {
		if p.of.restored {
			v.drop(p.of)
		}
	}
}

// sum returns since when v is there and what it edits, over all nodes. Of more than MaxEditing fields on several nodes the first by
// name are listed, so that all nodes list the same.
func (v *viewer) sum() (since time.Time, editing []string) {
	if len(v.sessions) > 0 {
		since = v.since
	}
	for _, e := range v.edits {
		editing = append(editing, e.field)
	}
	for _, p := range v.parts {
		if since.IsZero() || p.since.Before(since) {
			since = p.since
		}
		editing = append(editing, p.editing...)
	}
	if since.IsZero() {
		since = v.Since
	}
	slices.Sort(editing) // a refresh changes the order of edits, and nothing that others see
	editing = slices.Compact(editing)
	return since, editing[:min(len(editing), MaxEditing)]
}

// arrive has v be there since a time at the earliest.
func (v *viewer) arrive(at time.Time) {
	later := func(t time.Time) time.Time {
		if t.Before(at) {
			return at
		}
		return t
	}
	v.since = later(v.since)
	for i := range v.parts {
		v.parts[i].since = later(v.parts[i].since)
	}
	v.Since, v.Editing = v.sum()
}

// Restore implements Store.
func (m *MemoryStore) Restore(_ context.Context, id string, res callboard.Resource, who Viewer, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.node(id)
	if len(n.viewers) == 0 {
		n.restored, n.deadline = true, time.Since(m.started)+ttl
	}
	v := m.find(res, who.UserID)
	if v == nil {
		v = m.seat(res, who)
		if m.visible(who.UserID) { // else the end came between the choice and the announcement
			v.list()
		}
	}
	v.put(part{of: n, hold: holdRequests, since: who.Since})
	n.viewers[v] = 0
	m.settle(v)
	return nil
}

// Own implements Store.
func (m *MemoryStore) Own(context.Context) ([]Recorded, error) {
	var own []Recorded
	m.eachOwn(func(v *viewer) {
		if v.recorded && v.of.resource != online {
			own = append(own, Recorded{Resource: v.of.resource, Viewer: v.Viewer})
		}
	})
	return own, nil
}

// breath is after how many viewers a walk over all of them lets others have the lock.
const breath = 500

// eachOwn calls fn, with the lock held, for each viewer whom this node has. It takes a breath now and then: whoever comes or goes
// meanwhile may be left out.
func (m *MemoryStore) eachOwn(fn func(*viewer)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := 0
	for _, a := range m.resources {
		for _, v := range a.viewers {
			if len(v.sessions) > 0 {
				fn(v)
			}
			if seen++; seen%breath == 0 {
				m.mu.Unlock()
				m.mu.Lock()
			}
		}
	}
}

// letGo lets go the nodes whose deadline is over. Like sweep it takes the lock for each viewer anew.
func (m *MemoryStore) letGo(now time.Duration) {
	m.mu.Lock()
	var over []*node
	for _, n := range m.nodes {
		if n.deadline > 0 && n.deadline <= now {
			over = append(over, n)
			delete(m.nodes, n.id) // should it be heard yet, it begins anew
		}
	}
	m.mu.Unlock()
	for _, n := range over {
		m.drop(n, 0, 0)
		if m.linked() { // else it may well live
			m.notify(Change{Gone: n.id})
		}
	}
}

// drop drops what is held of a node, but for what came with the given snapshot. Requests whose sockets were there leave after grace.
func (m *MemoryStore) drop(n *node, but uint64, grace time.Duration) {
	m.mu.Lock()
	viewers := maps.Clone(n.viewers)
	m.mu.Unlock()
	for v, snapshot := range viewers {
		if but > 0 && snapshot == but {
			continue
		}
		m.mu.Lock()
		if now, is := n.viewers[v]; is && now == snapshot {
			m.dropPart(v, n, grace)
		}
		m.mu.Unlock()
	}
}

func (m *MemoryStore) dropPart(v *viewer, n *node, grace time.Duration) {
	if v.drop(n) == holdSocket {
		v.leaveRequests(time.Since(m.started) + grace)
	}
	m.settle(v)
}
