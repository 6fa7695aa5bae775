package notification

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// unreadPusher sends unread counts in the background, each user's once however often it changed meanwhile. Its goroutine
// runs only while there is something to send.
type unreadPusher struct {
	send func(userIDs []string)

	mu      sync.Mutex
	pending map[string]bool
	running chan struct{} // closed when the goroutine ends; nil when there is none
	closed  bool
}

func newUnreadPusher(send func([]string)) *unreadPusher {
	return &unreadPusher{send: send, pending: map[string]bool{}}
}

func (p *unreadPusher) push(userID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.pending[userID] = true
	if p.running == nil {
		p.running = make(chan struct{})
		go p.run(p.running)
	}
}

func (p *unreadPusher) run(done chan struct{}) {
	defer close(done)
	for userIDs := p.take(); len(userIDs) > 0; userIDs = p.take() {
		p.send(userIDs)
	}
}

// take returns the users to send to. When there are none, the goroutine has ended as far as others can see.
func (p *unreadPusher) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	userIDs := slices.Sorted(maps.Keys(p.pending))
	clear(p.pending)
	if len(userIDs) == 0 {
		p.running = nil
	}
	return userIDs
}

// close refuses further users and waits for those that are pending, or until ctx ends.
func (p *unreadPusher) close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	running := p.running
	p.mu.Unlock()
	if running == nil {
		return nil
	}
	select {
	case <-running:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
