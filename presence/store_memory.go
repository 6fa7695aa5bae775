package presence

import (
	"cmp"
	"container/heap"
	"context"
	"hash/maphash"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"callboard"
)

// Limits bounds what a store in memory holds.
type Limits struct {
	Viewers     int // users per resource, summed up; online users count too
	PerResource int // users of one resource; does not apply to online users
}

const (
	shardCount = 64
	// maxSessions bounds the sessions of one user on one resource. Beyond it, the one that would expire first makes room.
	maxSessions = 64
	// sweepPause keeps sweeps apart, so that a crowd that leaves one by one costs few of them.
	sweepPause = 20 * time.Millisecond
	// statusSweep is how often lapsed statuses are looked for.
	statusSweep = time.Minute
)

// MemoryStore holds everything in the memory of this process.
//
// Resources are spread over shards with a lock each. Every viewer stands in its shard's heap once, at a time not later
// than the expiry of its first session; a refresh only moves the session's expiry, and the sweeper puts the viewer back
// where it belongs when its time comes. So a refresh costs two look-ups and no allocation.
type MemoryStore struct {
	limits  Limits
	seed    maphash.Seed
	shards  [shardCount]shard
	notify  func(Change)
	viewers atomic.Int64
	refused atomic.Int64

	planned atomic.Int64  // when the sweeper looks next, in Unix nanoseconds
	wake    chan struct{} // it must look earlier

	statusMu sync.RWMutex
	statuses map[string]kept
}

type kept struct {
	Choice
	until int64
}

type shard struct {
	mu        sync.RWMutex
	resources map[callboard.Resource]*watched
	due       dueHeap
}

type watched struct {
	res     callboard.Resource
	viewers map[string]*viewer
	list    []Viewer // as of the last change; nil when not built yet
}

type viewer struct {
	of       *watched
	user     callboard.Ref
	since    time.Time
	sessions []session
	due      int64 // not later than the first expiry
	index    int   // in the heap
}

type session struct {
	id      string
	expires int64 // Unix nanoseconds
	leaving bool
}

// NewMemoryStore returns an empty store. Limits of 0 are replaced by the defaults.
func NewMemoryStore(limits Limits) *MemoryStore {
	m := &MemoryStore{
		limits: Limits{
			Viewers:     orDefault(limits.Viewers, DefaultMaxViewers),
			PerResource: orDefault(limits.PerResource, DefaultMaxPerResource),
		},
		seed:     maphash.MakeSeed(),
		notify:   func(Change) {},
		wake:     make(chan struct{}, 1),
		statuses: map[string]kept{},
	}
	for i := range m.shards {
		m.shards[i].resources = map[callboard.Resource]*watched{}
	}
	return m
}

// Watch implements Store.
func (m *MemoryStore) Watch(notify func(Change)) { m.notify = notify }

func (m *MemoryStore) shard(res callboard.Resource) *shard {
	h := maphash.String(m.seed, res.ID) ^ maphash.String(m.seed, res.Type)
	return &m.shards[h%shardCount]
}

// Touch implements Store.
func (m *MemoryStore) Touch(_ context.Context, res callboard.Resource, user callboard.Ref, id string, ttl time.Duration) error {
	return m.extend(res, user, id, ttl, true)
}

// Refresh implements Store.
func (m *MemoryStore) Refresh(_ context.Context, res callboard.Resource, user callboard.Ref, id string, ttl time.Duration) error {
	return m.extend(res, user, id, ttl, false)
}

func (m *MemoryStore) extend(res callboard.Resource, user callboard.Ref, id string, ttl time.Duration, revive bool) error {
	now := time.Now()
	expires := now.Add(ttl).UnixNano()
	sh := m.shard(res)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	w := sh.resources[res]
	if w != nil {
		if v := w.viewers[user.ID]; v != nil {
			v.rename(user.Name)
			v.extend(id, expires, revive)
			m.reschedule(sh, v)
			return nil
		}
	}
	if err := m.admit(res, w); err != nil {
		return err
	}
	if w == nil {
		w = &watched{res: res, viewers: map[string]*viewer{}}
		sh.resources[res] = w
	}
	m.add(sh, w, &viewer{of: w, user: user, since: now.UTC().Truncate(time.Microsecond),
		sessions: []session{{id: id, expires: expires}}, due: expires})
	return nil
}

// admit reserves room for one more viewer. w is nil for a resource that has none.
func (m *MemoryStore) admit(res callboard.Resource, w *watched) error {
	if w != nil && res != online && len(w.viewers) >= m.limits.PerResource {
		m.refused.Add(1)
		return full("too many users look at this already")
	}
	if m.viewers.Add(1) > int64(m.limits.Viewers) {
		m.viewers.Add(-1)
		m.refused.Add(1)
		return full("too many viewers are tracked already")
	}
	return nil
}

func full(message string) error {
	return &callboard.Error{Code: callboard.CodeUnavailable, Message: message, RetryAfter: DefaultTTL}
}

func (m *MemoryStore) add(sh *shard, w *watched, v *viewer) {
	w.viewers[v.user.ID] = v
	w.list = nil
	heap.Push(&sh.due, v)
	m.plan(v.due)
	m.notify(Change{Resource: w.res, User: v.user, Joined: true})
}

// rename takes the name that the user has by now. An unknown name does not replace a known one.
func (v *viewer) rename(name string) {
	if name != "" && name != v.user.Name {
		v.user.Name = name
		v.of.list = nil
	}
}

func (v *viewer) extend(id string, expires int64, revive bool) {
	for i := range v.sessions {
		s := &v.sessions[i]
		if s.id != id {
			continue
		}
		if revive || !s.leaving {
			s.expires, s.leaving = expires, false
		}
		return
	}
	added := session{id: id, expires: expires}
	if len(v.sessions) < maxSessions {
		v.sessions = append(v.sessions, added)
		return
	}
	*v.first() = added
}

// first returns the session that expires first, or nil.
func (v *viewer) first() *session {
	var first *session
	for i := range v.sessions {
		if s := &v.sessions[i]; first == nil || s.expires < first.expires {
			first = s
		}
	}
	return first
}

// reschedule moves v forward in the heap if a session now expires before v's time.
func (m *MemoryStore) reschedule(sh *shard, v *viewer) {
	if first := v.first().expires; first < v.due {
		v.due = first
		heap.Fix(&sh.due, v.index)
		m.plan(first)
	}
}

// Leave implements Store.
func (m *MemoryStore) Leave(_ context.Context, res callboard.Resource, userID, id string, grace time.Duration) error {
	m.change(res, userID, func(v *viewer) {
		now := time.Now()
		for i := range v.sessions {
			if s := &v.sessions[i]; s.id == id {
				s.expires, s.leaving = min(s.expires, now.Add(grace).UnixNano()), true
			}
		}
		if grace <= 0 {
			v.expire(now.UnixNano())
		}
	})
	return nil
}

// Remove implements Store.
func (m *MemoryStore) Remove(_ context.Context, res callboard.Resource, userID string) error {
	m.change(res, userID, func(v *viewer) {
		v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.id == restSession || s.leaving })
	})
	return nil
}

// change applies fn to a viewer, if there is one, and drops it when no session is left.
func (m *MemoryStore) change(res callboard.Resource, userID string, fn func(*viewer)) {
	sh := m.shard(res)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	w := sh.resources[res]
	if w == nil {
		return
	}
	v := w.viewers[userID]
	if v == nil {
		return
	}
	fn(v)
	if len(v.sessions) == 0 {
		m.drop(sh, v)
		return
	}
	m.reschedule(sh, v)
}

func (v *viewer) expire(now int64) {
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.expires <= now })
}

func (m *MemoryStore) drop(sh *shard, v *viewer) {
	w := v.of
	delete(w.viewers, v.user.ID)
	w.list = nil
	if len(w.viewers) == 0 {
		delete(sh.resources, w.res)
	}
	heap.Remove(&sh.due, v.index)
	m.viewers.Add(-1)
	m.notify(Change{Resource: w.res, User: v.user})
}

// Viewers implements Store. The list is kept until the viewers change, so it is exact whatever maxAge allows.
func (m *MemoryStore) Viewers(_ context.Context, res callboard.Resource, _ time.Duration) ([]Viewer, error) {
	sh := m.shard(res)
	sh.mu.RLock()
	w := sh.resources[res]
	if w == nil {
		sh.mu.RUnlock()
		return []Viewer{}, nil
	}
	list := w.list
	sh.mu.RUnlock()
	if list != nil {
		return list, nil
	}
	return m.rebuild(sh, res), nil
}

func (m *MemoryStore) rebuild(sh *shard, res callboard.Resource) []Viewer {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	w := sh.resources[res]
	if w == nil {
		return []Viewer{}
	}
	if w.list != nil {
		return w.list
	}
	list := make([]Viewer, 0, len(w.viewers))
	for _, v := range w.viewers {
		list = append(list, Viewer{UserID: v.user.ID, Name: v.user.Name, Since: v.since})
	}
	slices.SortFunc(list, func(a, b Viewer) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.UserID, b.UserID))
	})
	w.list = list
	return list
}

// SetStatus implements Store. There are at most as many statuses as viewers may be.
func (m *MemoryStore) SetStatus(_ context.Context, userID string, status Choice, ttl time.Duration) error {
	m.statusMu.Lock()
	defer m.statusMu.Unlock()
	if _, known := m.statuses[userID]; !known && len(m.statuses) >= m.limits.Viewers {
		return full("too many statuses are kept already")
	}
	m.statuses[userID] = kept{Choice: status, until: time.Now().Add(ttl).UnixNano()}
	return nil
}

// Statuses implements Store.
func (m *MemoryStore) Statuses(_ context.Context, userIDs []string) (map[string]Choice, error) {
	m.statusMu.RLock()
	defer m.statusMu.RUnlock()
	now := time.Now().UnixNano()
	found := map[string]Choice{}
	for _, id := range userIDs {
		if k, ok := m.statuses[id]; ok && k.until > now {
			found[id] = k.Choice
		}
	}
	return found, nil
}

// Stats implements Store.
func (m *MemoryStore) Stats(context.Context) (Stats, error) {
	st := Stats{Refused: m.refused.Load()}
	for i := range m.shards {
		sh := &m.shards[i]
		sh.mu.RLock()
		for res, w := range sh.resources {
			if res == online {
				st.Online += len(w.viewers)
				continue
			}
			st.Resources++
			st.Viewers += len(w.viewers)
			for _, v := range w.viewers {
				st.Sessions += len(v.sessions)
			}
		}
		sh.mu.RUnlock()
	}
	return st, nil
}

// plan has the sweeper look at the given time, if it would look later.
func (m *MemoryStore) plan(at int64) {
	if at >= m.planned.Load() {
		return
	}
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Run implements Store.
func (m *MemoryStore) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	nextStatuses := time.Now().Add(statusSweep)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-m.wake:
		case <-timer.C:
		}
		// Whoever comes while shards are swept wakes the sweeper again: until the sweep is over, any time is earlier.
		m.planned.Store(math.MaxInt64)
		now := time.Now()
		if !now.Before(nextStatuses) {
			m.sweepStatuses(now.UnixNano())
			nextStatuses = now.Add(statusSweep)
		}
		next := min(m.sweep(now.UnixNano()), nextStatuses.UnixNano())
		m.planned.Store(next)
		timer.Reset(max(time.Duration(next-time.Now().UnixNano()), sweepPause))
	}
}

// sweep drops what has expired and returns when something expires next.
func (m *MemoryStore) sweep(now int64) int64 {
	next := int64(math.MaxInt64)
	for i := range m.shards {
		sh := &m.shards[i]
		sh.mu.Lock()
		m.sweepShard(sh, now)
		if len(sh.due) > 0 {
			next = min(next, sh.due[0].due)
		}
		sh.mu.Unlock()
	}
	return next
}

func (m *MemoryStore) sweepShard(sh *shard, now int64) {
	for len(sh.due) > 0 && sh.due[0].due <= now {
		v := sh.due[0]
		v.expire(now)
		if len(v.sessions) == 0 {
			m.drop(sh, v)
			continue
		}
		v.due = v.first().expires
		heap.Fix(&sh.due, v.index)
	}
}

func (m *MemoryStore) sweepStatuses(now int64) {
	m.statusMu.Lock()
	defer m.statusMu.Unlock()
	for id, k := range m.statuses {
		if k.until <= now {
			delete(m.statuses, id)
			m.notify(Change{User: callboard.Ref{ID: id}, Status: true})
		}
	}
}

// dueHeap orders viewers by when they must be looked at.
type dueHeap []*viewer

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].due < h[j].due }
func (h dueHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *dueHeap) Push(x any) {
	v := x.(*viewer) //nolint:forcetypeassert // nothing else is pushed
	v.index = len(*h)
	*h = append(*h, v)
}

// Pop implements heap.Interface.
func (h *dueHeap) Pop() any {
	old := *h
	v := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return v
}
