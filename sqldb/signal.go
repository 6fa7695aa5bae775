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

// signals are the wake-ups that follow commits: no data, no queue, never blocking.
type signals struct {
	mu        sync.Mutex
	listeners map[string]map[Wakeup]struct{}
	notices   map[string]*Notices // by topic; they bring it to other nodes too
}

// Signal raises topic once tx has committed. Several signals before a listener looks are one.
func (tx *Tx) Signal(topic string) { tx.OnCommit(func() { tx.db.Raise(topic) }) }

// Raise signals topic at once, for what follows from no commit.
func (db *DB) Raise(topic string) {
	if n := db.signals.raise(topic); n != nil {
		n.signal(topic)
	}
}

// raise wakes those who listen in this process. It returns the notices by which the topic goes on to other nodes, or nil.
func (s *signals) raise(topic string) *Notices {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners[topic] {
		c.Raise()
	}
	return s.notices[topic]
}

func (s *signals) forward(n *Notices, topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notices == nil {
		s.notices = map[string]*Notices{}
	}
	for _, topic := range topics {
		s.notices[topic] = n
	}
}

// Listen returns a channel that receives after each commit in this process that signalled topic, and a function that
// ends the listening. It is a hint to look at once: of commits of other processes only topics of Notices.Forward are raised here.
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
