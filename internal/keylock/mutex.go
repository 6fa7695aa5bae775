// Package keylock locks by key.
package keylock

import (
	"context"
	"sync"
)

// Mutex is one lock per key; keys that nobody holds take no memory. The zero value is ready.
type Mutex[K comparable] struct {
	mu   sync.Mutex
	held map[K]chan struct{} // closed when the key is free
}

// Lock waits until nobody else holds the key, or for the end of ctx, whose error it returns.
func (m *Mutex[K]) Lock(ctx context.Context, key K) (unlock func(), err error) {
	for {
		m.mu.Lock()
		other, busy := m.held[key]
		if !busy {
			if m.held == nil {
				m.held = map[K]chan struct{}{}
			}
			free := make(chan struct{})
			m.held[key] = free
			m.mu.Unlock()
			return func() {
				m.mu.Lock()
				defer m.mu.Unlock()
				delete(m.held, key)
				close(free)
			}, nil
		}
		m.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
