package sqldb

import "sync"

// signals are the in-process wake-ups that follow commits: no data, no queue, never blocking.
type signals struct {
	mu        sync.Mutex
	listeners map[string]map[chan struct{}]struct{}
}

// Signal raises topic once tx has committed. Several signals before a listener looks are one.
func (tx *Tx) Signal(topic string) {
	tx.OnCommit(func() { tx.db.signals.raise(topic) })
}

// Listen returns a channel that receives after each commit in this process that signalled topic, and a function that
// ends the listening. It is a hint to look at once: commits of other processes raise nothing here.
func (db *DB) Listen(topic string) (<-chan struct{}, func()) {
	return db.signals.listen(topic)
}

func (s *signals) raise(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners[topic] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (s *signals) listen(topic string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners == nil {
		s.listeners = map[string]map[chan struct{}]struct{}{}
	}
	if s.listeners[topic] == nil {
		s.listeners[topic] = map[chan struct{}]struct{}{}
	}
	s.listeners[topic][c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners[topic], c)
	}
}
