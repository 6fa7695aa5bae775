package realtime

import (
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"callboard"
)

// subscriptions tracks which channels have subscribers.
//
// Something happens to every resource, and few are looked at. A message for a channel that nobody listens to, or has listened
// to lately, is not sent, so that it costs neither time nor memory. "Lately" is as long as the channel keeps its messages: a
// client that comes back within that time gets what it missed.
//
// A client that comes back later must not be told that it missed nothing. Its place in the channel is kept from when it left
// for as long as messages are, and no longer, and only after that are messages left out. Since the place is gone, the
// client is told that it may have missed something.
type subscriptions struct {
	node *centrifuge.Node
	keep time.Duration // messages, and the place of a channel without listeners

	mu       sync.Mutex
	channels map[string]*subscribers
	swept    time.Time
}

// subscribers are who listens to a channel, or did. It is counted here, since the node forgets a listener a moment before it
// tells so, and a message in that moment must not be left out.
type subscribers struct {
	count int
	left  time.Time // when the last one left
}

const (
	// retentionSlack is how much longer messages are sent than a place is kept, since places are removed every second or so.
	retentionSlack     = 15 * time.Second
	subscriptionsSweep = time.Minute
)

func newSubscriptions(node *centrifuge.Node, keep time.Duration) *subscriptions {
	return &subscriptions{node: node, keep: keep, channels: map[string]*subscribers{}}
}

// add notes a subscriber of a channel. It may come a moment after the node knows.
func (t *subscriptions) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	subs := t.channels[name]
	if subs == nil {
		subs = &subscribers{}
		t.channels[name] = subs
	}
	subs.count++
}

// remove notes that a subscriber of a channel is gone.
func (t *subscriptions) remove(name string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if subs := t.channels[name]; subs != nil {
		subs.count--
		subs.left = now
	}
	if now.Sub(t.swept) < subscriptionsSweep {
		return
	}
	t.swept = now
	for name, subs := range t.channels {
		if subs.count <= 0 && now.Sub(subs.left) > t.keep+retentionSlack {
			delete(t.channels, name)
		}
	}
}

// HasSubscribers reports whether a message to the user's channel would be sent: somebody listens, or has done so lately.
func (s *Service) HasSubscribers(userID string) bool {
	_, ok := s.subscriptions.retention(callboard.UserChannel(userID), time.Now())
	return ok
}

// retention reports whether a message for the channel must be sent, and for how long its place is kept from now on.
func (t *subscriptions) retention(name string, now time.Time) (time.Duration, bool) {
	if t.node.Hub().NumSubscribers(name) > 0 {
		return t.keep, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	subs := t.channels[name]
	switch {
	case subs == nil:
		return 0, false
	case subs.count > 0:
		return t.keep, true
	}
	away := now.Sub(subs.left)
	return max(t.keep-away, time.Second), away <= t.keep+retentionSlack
}
