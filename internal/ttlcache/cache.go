// Package ttlcache keeps what was read from the database for a short time.
package ttlcache

import (
	"hash/maphash"
	"strings"
	"sync"
	"time"
)

const cacheShards = 16

// Cache keeps what was read from the database for a short time, so that reading it again at once costs nothing. Who changes a
// value calls Hold before the commit, or Forget after it; what another process changes is seen when that time is over. It is safe for concurrent
// use. The values are shared, and must not be changed.
type Cache[V any] struct {
	ttl    time.Duration
	max    int // values of a shard
	bytes  int // of a shard
	size   func(V) int
	seed   maphash.Seed
	shards [cacheShards]cacheShard[V]
}

type cacheShard[V any] struct {
	mu         sync.RWMutex
	values     map[string]cacheValue[V]
	held       map[string]int // how often each key is held
	bytes      int
	generation int // counts the changes, so that nothing is kept that was read before one
}

type cacheValue[V any] struct {
	value V
	bytes int
	until time.Time
}

// cacheOverhead is what keeping a value takes beside it, about, in bytes.
const cacheOverhead = 128

// New returns a Cache that keeps at most max values of at most maxBytes together, each for ttl. size returns what the
// texts of a value take, in bytes.
func New[V any](ttl time.Duration, max, maxBytes int, size func(V) int) *Cache[V] {
	c := &Cache[V]{ttl: ttl, max: max/cacheShards + 1, bytes: maxBytes / cacheShards, size: size, seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].values, c.shards[i].held = map[string]cacheValue[V]{}, map[string]int{}
	}
	return c
}

func (c *Cache[V]) shard(key string) *cacheShard[V] {
	return &c.shards[maphash.String(c.seed, key)%cacheShards]
}

// Get returns the value of key, or a generation under which Put takes what is read from now on.
func (c *Cache[V]) Get(key string, now time.Time) (value V, generation int, ok bool) {
	s := c.shard(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.values[key]
	return v.value, s.generation, ok && now.Before(v.until)
}

// Put keeps what was read, unless the key is held, or something was forgotten since Get gave the generation: it may be from before that
// change.
func (c *Cache[V]) Put(key string, generation int, value V, now time.Time) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if generation != s.generation || s.held[key] > 0 {
		return
	}
	size := c.size(value) + len(key) + cacheOverhead
	if size > c.bytes {
		return
	}
	s.remove(key)
	if len(s.values) >= c.max || s.bytes+size > c.bytes {
		s.clear()
	}
	s.bytes += size
	s.values[strings.Clone(key)] = cacheValue[V]{value, size, now.Add(c.ttl)} // or the key would keep the whole request that it is from
}

func (s *cacheShard[V]) remove(key string) {
	s.bytes -= s.values[key].bytes
	delete(s.values, key)
}

func (s *cacheShard[V]) clear() {
	clear(s.values)
	s.bytes = 0
}

// Forget is called when the value of key has changed.
func (c *Cache[V]) Forget(key string) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.remove(key)
}

// Hold is called by a transaction that changes the value of key. Nothing is kept of it until release is called, after the end of the
// transaction: else the old value would be given out between the commit, which others can see, and Forget.
func (c *Cache[V]) Hold(key string) (release func()) {
	c.hold(key, 1)
	return func() { c.hold(key, -1) }
}

func (c *Cache[V]) hold(key string, by int) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.remove(key)
	if s.held[key] += by; s.held[key] == 0 {
		delete(s.held, key)
	}
}

// ForgetAll is called when any value may have changed.
func (c *Cache[V]) ForgetAll() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.generation++
		s.clear()
		s.mu.Unlock()
	}
}
