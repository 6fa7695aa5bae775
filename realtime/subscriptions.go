package realtime

import (
	"strings"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

// subscriptions tracks which channels have subscribers.
//
// Few of the resources that change are looked at. A message for a channel without subscribers is not sent, so that it costs
// neither time nor memory, unless somebody left within HistoryTTL: a client that comes back in that time gets what it missed.
//
// A client that comes back later must learn that it may have missed something. So the channel's position is kept no longer
// than its messages, and messages are left out only once the position is gone.
type subscriptions struct {
	node *centrifuge.Node
	keep time.Duration // messages, and the position of a channel without subscribers

	mu       sync.Mutex
	channels map[string]*subscribers
	users    map[string]int // how many of the channels each user was the first to listen to
	swept    time.Time
}

// subscribers counts those of a channel. The node's own count is not enough: it drops a subscriber a moment before the
// callback, and a message in that moment must not be left out.
type subscribers struct {
	count int
	left  time.Time // when the last one left
	first string    // user who was the first
}

const (
	// retentionSlack is how much longer messages are sent than a position is kept: positions are removed every second or so.
	retentionSlack     = 15 * time.Second
	subscriptionsSweep = time.Minute
	// channelsPerUser is how many channels are remembered because of one user. Each takes a kilobyte, also after it was left; all
	// sockets of a user together can listen to 6,400.
	channelsPerUser = 10_000
)

func newSubscriptions(node *centrifuge.Node, keep time.Duration) *subscriptions {
	return &subscriptions{node: node, keep: keep, channels: map[string]*subscribers{}, users: map[string]int{}}
}

// add counts a subscriber of a channel, perhaps a moment after the node does. It is false when the user has listened to too many
// within the time that channels are remembered.
func (t *subscriptions) add(name, userID string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(now)
	subs := t.channels[name]
	if subs == nil {
		if t.users[userID] >= channelsPerUser {
			return false
		}
		t.users[userID]++
		subs = &subscribers{first: userID}
		t.channels[strings.Clone(name)] = subs // it comes from a client's message
	}
	subs.count++
	return true
}

// remove counts a subscriber that is gone.
func (t *subscriptions) remove(name string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if subs := t.channels[name]; subs != nil {
		subs.count--
		subs.left = now
	}
	t.sweep(now)
}

// sweep forgets, once in a while, the channels that nobody will come back to. It is called with the lock held.
func (t *subscriptions) sweep(now time.Time) {
	if now.Sub(t.swept) < subscriptionsSweep {
		return
	}
	t.swept = now
	for name, subs := range t.channels {
		if subs.count > 0 || now.Sub(subs.left) <= t.keep+retentionSlack {
			continue
		}
		delete(t.channels, name)
		if t.users[subs.first]--; t.users[subs.first] == 0 {
			delete(t.users, subs.first)
		}
	}
}

// HasSubscribers reports whether a message to the user's channel would be sent.
func (s *Service) HasSubscribers(userID string) bool {
	_, ok := s.retention(callboard.UserChannel(userID))
	return ok
}

// retention reports whether a message for the channel must be sent, and for how long its position is kept from now on.
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
