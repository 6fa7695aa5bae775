package presence

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callboard/callboard"
)

// Limits bounds what a store in memory holds.
type Limits struct {
	Viewers     int // users per resource, summed up; online users count too
	PerResource int // users of one resource; does not apply to online users
	PerUser     int // resources that one user looks at
}

const (
	// maxSessions bounds the sessions of one user on one resource. Beyond it, the one that would expire first makes room.
	maxSessions = 64
	// sweepEvery is how often expired sessions are removed, and so how much longer than its TTL one may last.
	sweepEvery = time.Second
)

// MemoryStore holds everything in the memory of this process. One lock is enough: a join or a refresh holds it for less
// than a microsecond, and nothing under it concerns more than the viewers of one resource.
type MemoryStore struct {
	limits  Limits
	notify  func(Change)
	spread  func(*viewer) // for sharedStore: what this node has of a viewer has changed
	linked  func() bool   // for sharedStore: whether other nodes are heard
	started time.Time     // times are counted from here, which a change of the system's clock does not move

	mu        sync.Mutex
	resources map[callboard.Resource]*audience
	statuses  map[string]*status
	users     map[string]map[*viewer]struct{} // what each looks at, but for online
	nodes     map[string]*node                // others of which something is held
	counts    Stats
	calendar  calendar
}

// status is what a user chose. Of two choices the later one holds. The one without a Status says that none does: who was removed.
type status struct {
	StatusChoice
	userID    string
	at, until time.Time
	expires   time.Duration
	due       int64
}

// removedFor is for how long an earlier choice of somebody who was removed is kept from coming back.
const removedFor = time.Minute

// NewMemoryStore returns an empty store. Limits of 0 are replaced by the defaults.
func NewMemoryStore(limits Limits) *MemoryStore {
	return &MemoryStore{
		limits: Limits{
			Viewers:     cmp.Or(limits.Viewers, DefaultMaxViewers),
			PerResource: cmp.Or(limits.PerResource, DefaultMaxPerResource),
			PerUser:     cmp.Or(limits.PerUser, DefaultMaxPerUser),
		},
		notify:    func(Change) {},
		spread:    func(*viewer) {},
		linked:    func() bool { return true },
		started:   time.Now(),
		resources: map[callboard.Resource]*audience{},
		statuses:  map[string]*status{},
		users:     map[string]map[*viewer]struct{}{},
		nodes:     map[string]*node{},
		calendar:  calendar{seconds: map[int64]map[expirer]struct{}{}},
	}
}

// Watch implements Store.
func (m *MemoryStore) Watch(notify func(Change)) { m.notify = notify }

// find returns nil for a user who does not look at the resource.
func (m *MemoryStore) find(res callboard.Resource, userID string) *viewer {
	res.Name = ""
	if a := m.resources[res]; a != nil {
		return a.viewers[userID]
	}
	return nil
}

// Touch implements Store.
func (m *MemoryStore) Touch(
	_ context.Context, res callboard.Resource, user callboard.UserRef, id string, ttl time.Duration, revive bool,
) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(res, user.ID)
	if v == nil {
		var err error
		if v, err = m.add(res, user); err != nil {
			return err
		}
	}
	if user.Name != "" && user.Name != v.Name {
		v.Name, v.of.head = user.Name, nil
		m.spread(v)
	}
	if len(v.sessions) == 0 {
		v.since = v.Since
	}
	v.extend(session{id: id, expires: time.Since(m.started) + ttl}, revive)
	m.settle(v)
	return nil
}

// Edit implements Store.
func (m *MemoryStore) Edit(_ context.Context, res callboard.Resource, userID, field string, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(res, userID)
	if v == nil {
		return nil
	}
	if ttl > 0 {
		m.edit(v, edit{strings.Clone(field), time.Since(m.started) + ttl})
		return nil
	}
	for i := range v.parts {
		v.parts[i].editing = slices.DeleteFunc(slices.Clone(v.parts[i].editing), func(f string) bool { return f == field })
	}
	m.endEdit(v, field, math.MaxInt64)
	return nil
}

func (m *MemoryStore) edit(v *viewer, e edit) {
	at := slices.IndexFunc(v.edits, func(old edit) bool { return old.field == e.field })
	if at >= 0 {
		v.edits = slices.Delete(v.edits, at, at+1)
	} else {
		m.spread(v)
	}
	v.edits = append(v.edits, e)
	v.edits = v.edits[max(0, len(v.edits)-MaxEditing):]
	m.settle(v)
}

// endEdit ends it on this node, unless it lasts for longer than a time, and has the others told again what this node has.
func (m *MemoryStore) endEdit(v *viewer, field string, lasts time.Duration) {
	v.edits = slices.DeleteFunc(v.edits, func(e edit) bool { return e.field == field && e.expires <= lasts })
	m.spread(v)
	m.settle(v)
}

// Leave implements Store.
func (m *MemoryStore) Leave(_ context.Context, res callboard.Resource, userID, id string, grace time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(res, userID)
	if v == nil {
		return nil
	}
	at := slices.IndexFunc(v.sessions, func(s session) bool { return s.id == id })
	if at < 0 {
		return nil
	}
	now := time.Since(m.started)
	v.sessions[at].leave(now + grace)
	v.leaveRequests(now + grace)
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.expires <= now })
	m.settle(v)
	return nil
}

// Remove implements Store.
func (m *MemoryStore) Remove(_ context.Context, res callboard.Resource, userID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v := m.find(res, userID); v != nil {
		for _, p := range slices.Clone(v.parts) {
			if p.editing = nil; p.hold == holdSocket {
				v.put(p)
			} else {
				v.drop(p.of)
			}
		}
		v.edits = nil
		m.removeOwn(v, math.MaxInt64)
	}
	return nil
}

// removeOwn ends what this node has of v beside live sockets, unless it lasts for longer than a time, and has the others told again what
// it still has.
func (m *MemoryStore) removeOwn(v *viewer, lasts time.Duration) {
	if len(v.sessions) > 0 {
		m.spread(v)
	}
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.leaving || s.id == restSession && s.expires <= lasts })
	m.settle(v)
}

// RemoveUser implements Store.
func (m *MemoryStore) RemoveUser(_ context.Context, userID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.all(userID) {
		for _, p := range slices.Clone(v.parts) {
			v.drop(p.of)
		}
	}
	m.removeUserOwn(userID)
	return m.setStatus(userID, StatusChoice{}, callboard.Now(), removedFor)
}

// removeUserOwn ends what this node has of the user, and has the others told again that it has nothing.
func (m *MemoryStore) removeUserOwn(userID string) {
	for _, v := range m.all(userID) {
		if len(v.sessions) > 0 {
			m.spread(v)
		}
		v.sessions, v.edits = nil, nil
		m.settle(v)
	}
}

// all returns what is held of the user.
func (m *MemoryStore) all(userID string) []*viewer {
	all := slices.Collect(maps.Keys(m.users[userID]))
	if v := m.find(online, userID); v != nil {
		all = append(all, v)
	}
	return all
}

// Viewers implements Store. The beginning of the list is kept until it changes: every reader of an episode asks for it.
func (m *MemoryStore) Viewers(_ context.Context, res callboard.Resource, after Viewer, limit int) ([]Viewer, int, error) {
	res.Name = ""
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.resources[res]
	if a == nil {
		return []Viewer{}, 0, nil
	}
	if after.UserID == "" && limit > 0 && limit <= MaxAnswered {
		if a.head == nil {
			a.head = viewersOf(a.order, MaxAnswered)
		}
		return slices.Clip(a.head[:min(limit, len(a.head))]), len(a.order), nil
	}
	at, found := slices.BinarySearchFunc(a.order, after, (*viewer).compare)
	if found {
		at++
	}
	return viewersOf(a.order[at:], cmp.Or(limit, math.MaxInt)), len(a.order), nil
}

func viewersOf(order []*viewer, limit int) []Viewer {
	list := make([]Viewer, min(len(order), limit))
	for i := range list {
		list[i] = order[i].Viewer
	}
	return list
}

// Viewer implements Store.
func (m *MemoryStore) Viewer(_ context.Context, res callboard.Resource, userID string) (Viewer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v := m.find(res, userID); v != nil {
		return v.Viewer, nil
	}
	return Viewer{}, callboard.NotFound("viewer")
}

// SetStatus implements Store. There are at most as many statuses as viewers may be.
func (m *MemoryStore) SetStatus(_ context.Context, userID string, choice StatusChoice, at, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.setStatus(userID, choice, at, until.Sub(at))
}

// setStatus takes up a choice that was made here, which is the latest, also where the clock of another node is ahead of this one's.
func (m *MemoryStore) setStatus(userID string, choice StatusChoice, at time.Time, ttl time.Duration) error {
	if st := m.statuses[userID]; st != nil && !at.After(st.at) {
		at = st.at.Add(time.Microsecond)
	}
	return m.choose(userID, choice, at, at.Add(ttl))
}

// choose takes up a choice, unless a later one is known.

func (m *MemoryStore) choose(userID string, choice StatusChoice, at, until time.Time) error {
	st := m.statuses[userID]
	if st != nil && !st.before(choice, at) {
		return nil
	}
	if st == nil {
		if len(m.statuses) >= m.limits.Viewers {
			return full(callboard.CodeUnavailable, "too many statuses are kept already")
		}
		st = &status{userID: strings.Clone(userID), due: math.MaxInt64}
		m.statuses[st.userID] = st
	}
	choice.Text = strings.Clone(choice.Text)
	st.StatusChoice, st.at, st.until, st.expires = choice, at, until, time.Since(m.started)+time.Until(until)
	m.reveal(userID, choice.Status != StatusOffline, at)
	st.due = m.calendar.file(st, st.due, st.expires)
	return nil
}

// before reports whether st gives way to a choice. Of two at one time all nodes take the same.
func (st *status) before(choice StatusChoice, at time.Time) bool {
	return cmp.Or(st.at.Compare(at), cmp.Compare(st.Status, choice.Status), cmp.Compare(st.Text, choice.Text)) < 0
}

// visible reports whether others may see the user.
func (m *MemoryStore) visible(userID string) bool {
	st := m.statuses[userID]
	return st == nil || st.Status != StatusOffline
}

// Statuses implements Store.
func (m *MemoryStore) Statuses(_ context.Context, userIDs []string) (map[string]StatusChoice, error) {
	chosen := map[string]StatusChoice{}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Since(m.started)
	for _, id := range userIDs {
		if st := m.statuses[id]; st != nil && st.Status != "" && st.expires > now {
			chosen[id] = st.StatusChoice
		}
	}
	return chosen, nil
}

// Stats implements Store. The counts that are kept include those of online.
func (m *MemoryStore) Stats(context.Context) (Stats, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	st := m.counts
	st.Resources = len(m.resources)
	if a := m.resources[online]; a != nil {
		st.Resources--
		st.Online = len(a.order)
		st.Viewers -= st.Online
		st.Sessions -= a.sessions
	}
	return st, nil
}

// Run implements Store.
func (m *MemoryStore) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			m.sweep(time.Since(m.started))
			m.letGo(time.Since(m.started))
		}
	}
}

// sweep removes what has expired. It takes the lock for each anew, so that a crowd that leaves at once holds up nobody.
func (m *MemoryStore) sweep(now time.Duration) {
	m.mu.Lock()
	due := m.calendar.due(now)
	m.mu.Unlock()
	for _, e := range due {
		m.mu.Lock()
		e.expire(m, now)
		m.mu.Unlock()
	}
}

func (st *status) expire(m *MemoryStore, now time.Duration) {
	if st.expires > now {
		st.due = m.calendar.file(st, math.MaxInt64, st.expires)
		return
	}
	delete(m.statuses, st.userID)
	if st.Status == "" {
		return
	}
	m.reveal(st.userID, true, st.until)
	m.notify(Change{User: callboard.UserRef{ID: st.userID}, Status: true})
}

// Degraded implements Store: one node knows all.
func (m *MemoryStore) Degraded() string { return "" }
