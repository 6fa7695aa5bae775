package sqldb

import (
	"context"
	"sync"
	"time"
)

// Wakeup wakes one goroutine that waits on it; raising it twice before it is seen wakes it once.
type Wakeup chan struct{}

// NewWakeup returns a Wakeup that has not been raised.
func NewWakeup() Wakeup { return make(Wakeup, 1) }

// Raise wakes the goroutine that waits, or the next one that does. It never blocks.
func (w Wakeup) Raise() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// Wait returns after d, at once if that is not positive, or when ctx ends.
func Wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// signals are the in-process wake-ups that follow commits: no data, no queue, never blocking.
type signals struct {
	mu        sync.Mutex
	listeners map[string]map[Wakeup]struct{}
}

// Signal raises topic once tx has committed. Several signals before a listener looks are one.
func (tx *Tx) Signal(topic string) { tx.OnCommit(func() { tx.db.Raise(topic) }) }

// Raise signals topic at once, for what follows from no commit.
func (db *DB) Raise(topic string) {
	s := &db.signals
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners[topic] {
		c.Raise()
	}
}

// Listen returns a channel that receives after each commit in this process that signalled topic, and a function that
// ends the listening. It is a hint to look at once: commits of other processes raise nothing here.
func (db *DB) Listen(topic string) (<-chan struct{}, func()) {
	s, c := &db.signals, NewWakeup()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners == nil {
		s.listeners = map[string]map[Wakeup]struct{}{}
	}
	if s.listeners[topic] == nil {
		s.listeners[topic] = map[Wakeup]struct{}{}
	}
	s.listeners[topic][c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners[topic], c)
	}
}
