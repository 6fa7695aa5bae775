package outbox

import (
	"context"
	"sync"
	"time"
)

// waiters are those who wait for a position to be published.
type waiters struct {
	mu   sync.Mutex
	next chan struct{}
	pos  int64
}

// release tells all who wait that pos is published.
func (w *waiters) release(pos int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pos = max(w.pos, pos)
	if w.next != nil {
		close(w.next)
		w.next = nil
	}
}

// changed returns a channel that is closed at the next release.
func (w *waiters) changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
	}
	return w.next
}

// Drain returns when every event that was appended before the call has been handled and published by this process, or
// with the error of ctx. It is for a server that stops and for tests; on a process that does not lead it waits in vain.
func (r *Relay) Drain(ctx context.Context) error {
	for {
		changed := r.waiters.changed()
		stats, err := r.Stats(ctx)
		if err != nil {
			return err
		}
		if stats.Depth == 0 && stats.PublishedPos >= stats.LastPos {
			return nil
		}
		timer := time.NewTimer(r.cfg.Poll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}
