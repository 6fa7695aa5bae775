package realtime

import (
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"callboard"
)

// Something happens to every resource, and few are looked at. A message for a channel that nobody listens to, or has listened
// to lately, is not sent, so that it costs neither time nor memory. "Lately" is as long as the channel keeps its messages: a
// client that comes back within that time gets what it missed.
//
// A client that comes back later must not be told that it missed nothing. Its place in the channel is kept from when it left
// for as long as messages are, and no longer, and only after that are messages left out. Since the place is gone, the
// client is told that it may have missed something.
type heard struct {
	node *centrifuge.Node
	keep time.Duration // messages, and the place of a channel without listeners

	mu       sync.Mutex
	channels map[string]*audience
	swept    time.Time
}

// audience is who listens to a channel, or did. It is counted here, since the node forgets a listener a moment before it
// tells so, and a message in that moment must not be left out.
type audience struct {
	listeners int
	left      time.Time // when the last one left
}

const (
	// heardSlack is how much longer messages are sent than a place is kept, since places are removed every second or so.
	heardSlack = 15 * time.Second
	heardSweep = time.Minute
)

func newHeard(node *centrifuge.Node, keep time.Duration) *heard {
	return &heard{node: node, keep: keep, channels: map[string]*audience{}}
}

// join notes that somebody listens to a channel. It may come a moment after the node knows.
func (h *heard) join(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.channels[name]
	if a == nil {
		a = &audience{}
		h.channels[name] = a
	}
	a.listeners++
}

// leave notes that one who listened to a channel does not any more.
func (h *heard) leave(name string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.channels[name]; a != nil {
		a.listeners--
		a.left = now
	}
	if now.Sub(h.swept) < heardSweep {
		return
	}
	h.swept = now
	for name, a := range h.channels {
		if a.listeners <= 0 && now.Sub(a.left) > h.keep+heardSlack {
			delete(h.channels, name)
		}
	}
}

// Hears reports whether a message to the user's channel would be sent: somebody listens, or has done so lately.
func (s *Service) Hears(userID string) bool {
	_, ok := s.heard.keeps(callboard.UserChannel(userID), time.Now())
	return ok
}

// keeps reports whether a message for the channel must be sent, and for how long its place is kept from now on.
func (h *heard) keeps(name string, now time.Time) (time.Duration, bool) {
	if h.node.Hub().NumSubscribers(name) > 0 {
		return h.keep, true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.channels[name]
	switch {
	case a == nil:
		return 0, false
	case a.listeners > 0:
		return h.keep, true
	}
	away := now.Sub(a.left)
	return max(h.keep-away, time.Second), away <= h.keep+heardSlack
}
