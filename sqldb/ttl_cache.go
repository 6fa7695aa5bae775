package sqldb

import (
	"hash/maphash"
	"sync"
	"time"
)

const recentShards = 16

// TTLCache keeps what was read from the database for a moment, so that reading it again at once costs nothing. Who changes a
// value calls Forget after the commit; what another process changes is seen when the moment is over. It is safe for concurrent
// use. The values are shared, and must not be changed.
type TTLCache[V any] struct {
	moment time.Duration
	max    int // per shard
	seed   maphash.Seed
	shards [recentShards]recentShard[V]
}

type recentShard[V any] struct {
	mu         sync.RWMutex
	values     map[string]recentValue[V]
	generation int // counts the changes, so that nothing is kept that was read before one
}

type recentValue[V any] struct {
	value V
	until time.Time
}

// NewTTLCache returns a TTLCache that keeps at most max values, each for a moment.
func NewTTLCache[V any](moment time.Duration, max int) *TTLCache[V] {
	r := &TTLCache[V]{moment: moment, max: max/recentShards + 1, seed: maphash.MakeSeed()}
	for i := range r.shards {
		r.shards[i].values = map[string]recentValue[V]{}
	}
	return r
}

func (r *TTLCache[V]) shard(key string) *recentShard[V] {
	return &r.shards[maphash.String(r.seed, key)%recentShards]
}

// Get returns the value of key, or a generation under which Put takes what is read from now on.
func (r *TTLCache[V]) Get(key string, now time.Time) (value V, generation int, ok bool) {
	s := r.shard(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.values[key]
	return v.value, s.generation, ok && now.Before(v.until)
}

// Put keeps what was read, unless something was forgotten since Get gave the generation: it may be from before that change.
func (r *TTLCache[V]) Put(key string, generation int, value V, now time.Time) {
	s := r.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if generation != s.generation {
		return
	}
	if len(s.values) >= r.max {
		clear(s.values)
	}
	s.values[key] = recentValue[V]{value, now.Add(r.moment)}
}

// Forget is called when the value of key has changed.
func (r *TTLCache[V]) Forget(key string) {
	s := r.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	delete(s.values, key)
}

// ForgetAll is called when any value may have changed.
func (r *TTLCache[V]) ForgetAll() {
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		s.generation++
		clear(s.values)
		s.mu.Unlock()
	}
}
