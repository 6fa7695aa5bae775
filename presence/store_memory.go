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
	started time.Time // times are counted from here, which a change of the system's clock does not move

	mu        sync.Mutex
	resources map[callboard.Resource]*audience
	statuses  map[string]*status
	users     map[string]map[*viewer]struct{} // what each looks at, but for online
	counts    Stats
	calendar  calendar
}

type status struct {
	StatusChoice
	userID  string
	expires time.Duration
	due     int64
}

// NewMemoryStore returns an empty store. Limits of 0 are replaced by the defaults.
func NewMemoryStore(limits Limits) *MemoryStore {
	return &MemoryStore{
		limits: Limits{
			Viewers:     cmp.Or(limits.Viewers, DefaultMaxViewers),
			PerResource: cmp.Or(limits.PerResource, DefaultMaxPerResource),
			PerUser:     cmp.Or(limits.PerUser, DefaultMaxPerUser),
		},
		notify:    func(Change) {},
		started:   time.Now(),
		resources: map[callboard.Resource]*audience{},
		statuses:  map[string]*status{},
		users:     map[string]map[*viewer]struct{}{},
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
	}
	before := len(v.sessions)
	v.extend(session{id: id, expires: time.Since(m.started) + ttl}, revive)
	m.settle(v, before)
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
	v.edits = slices.DeleteFunc(v.edits, func(e edit) bool { return e.field == field })
	if ttl > 0 {
		v.edits = append(v.edits, edit{strings.Clone(field), time.Since(m.started) + ttl})
		v.edits = v.edits[max(0, len(v.edits)-MaxEditing):]
	}
	m.settle(v, len(v.sessions))
	return nil
}

// Restore implements Store.
func (m *MemoryStore) Restore(_ context.Context, res callboard.Resource, who Viewer, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.resources[res]
	if a == nil {
		a = &audience{resource: res, viewers: map[string]*viewer{}}
		m.resources[res] = a
	}
	if a.viewers[who.UserID] == nil {
		v := m.seat(a, who)
		v.list()
		v.extend(session{id: restSession, expires: time.Since(m.started) + ttl}, true)
		m.settle(v, 0)
		if st := m.statuses[who.UserID]; st != nil && st.Status == StatusOffline {
			m.hide(v) // the end came between the choice and the announcement
		}
	}
	return nil
}

// Leave implements Store.
func (m *MemoryStore) Leave(_ context.Context, res callboard.Resource, userID, id string, grace time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(res, userID)
	if v == nil {
		return nil
	}
	before := len(v.sessions)
	at := slices.IndexFunc(v.sessions, func(s session) bool { return s.id == id })
	if at < 0 {
		return nil
	}
	now := time.Since(m.started)
	v.sessions[at].leave(now + grace)
	// What shows a resource reads it with a request too: with the last socket, the session of requests goes as well.
	if !slices.ContainsFunc(v.sessions, func(s session) bool { return s.id != restSession && !s.leaving }) {
		for i := range v.sessions {
			v.sessions[i].leave(now + grace)
		}
	}
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.expires <= now })
	m.settle(v, before)
	return nil
}

// Remove implements Store.
func (m *MemoryStore) Remove(_ context.Context, res callboard.Resource, userID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v := m.find(res, userID); v != nil {
		before := len(v.sessions)
		v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.id == restSession || s.leaving })
		v.edits = nil
		m.settle(v, before)
	}
	return nil
}

// RemoveUser implements Store.
func (m *MemoryStore) RemoveUser(_ context.Context, userID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	gone := slices.Collect(maps.Keys(m.users[userID]))
	if v := m.find(online, userID); v != nil {
		gone = append(gone, v)
	}
	for _, v := range gone {
		before := len(v.sessions)
		v.sessions = nil
		m.settle(v, before)
	}
	if st := m.statuses[userID]; st != nil {
		delete(m.statuses, userID)
		m.calendar.remove(st, st.due)
	}
	return nil
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
func (m *MemoryStore) SetStatus(_ context.Context, userID string, choice StatusChoice, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	st := m.statuses[userID]
	if st == nil {
		if len(m.statuses) >= m.limits.Viewers {
			return full(callboard.CodeUnavailable, "too many statuses are kept already")
		}
		st = &status{userID: strings.Clone(userID), due: math.MaxInt64}
		m.statuses[st.userID] = st
	}
	choice.Text = strings.Clone(choice.Text)
	st.StatusChoice, st.expires = choice, time.Since(m.started)+ttl
	m.reveal(userID, choice.Status != StatusOffline)
	st.due = m.calendar.file(st, st.due, st.expires)
	return nil
}

// Statuses implements Store.
func (m *MemoryStore) Statuses(_ context.Context, userIDs []string) (map[string]StatusChoice, error) {
	chosen := map[string]StatusChoice{}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Since(m.started)
	for _, id := range userIDs {
		if st := m.statuses[id]; st != nil && st.expires > now {
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
	m.reveal(st.userID, true)
	m.notify(Change{User: callboard.UserRef{ID: st.userID}, Status: true})
}
