package realtime

import (
	"slices"
	"sync"
	"time"
)

// histories keeps the history of each channel within a number of bytes, where the library knows only a number of messages.
// A client that comes back gets all that it missed in one answer, which has to fit into its queue: what is more would be cut
// off at each attempt. Beyond the limit the client is told of a gap instead, and catches up by position.
type histories struct {
	perChannel int           // bytes
	inAll      int           // bytes; beyond it a channel keeps its newest message alone
	ttl        time.Duration // after which the library drops the messages of a channel

	mu       sync.Mutex
	channels map[string]*history
	bytes    int
	swept    time.Time
}

// history is what is kept of a channel.
type history struct {
	sizes []int // of the messages in bytes, oldest first
	bytes int
	last  time.Time // when the newest came
}

const (
	// maxHistories bounds the histories of all channels together, in bytes.
	maxHistories = 256 << 20
	// messageOverhead is what the protocol adds to a message in an answer, about, in bytes.
	messageOverhead = 64
)

func newHistories(perChannel int, ttl time.Duration) *histories {
	return &histories{perChannel: perChannel, inAll: maxHistories, ttl: ttl, channels: map[string]*history{}}
}

// fit notes a message that is about to be published, and returns how many messages the channel may keep from now on, this one
// included: at most limit.
func (t *histories) fit(name string, size, limit int, now time.Time) int {
	size += messageOverhead
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(now)
	h := t.channels[name]
	if h == nil {
		h = &history{}
		t.channels[name] = h
	}
	h.sizes, h.last = append(h.sizes, size), now
	h.bytes += size
	t.bytes += size
	full, drop := t.bytes > t.inAll, 0
	for kept := len(h.sizes); kept > 1 && (full || kept > limit || h.bytes > t.perChannel); kept-- {
		h.bytes -= h.sizes[drop]
		t.bytes -= h.sizes[drop]
		drop++
	}
	h.sizes = slices.Delete(h.sizes, 0, drop)
	return len(h.sizes)
}

func (t *histories) knows(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.channels[name] != nil
}

// sweep forgets, once in a while, the channels whose messages are gone.
func (t *histories) sweep(now time.Time) {
	if now.Sub(t.swept) < subscriptionsSweep {
		return
	}
	t.swept = now
	for name, h := range t.channels {
		if now.Sub(h.last) > t.ttl {
			t.bytes -= h.bytes
			delete(t.channels, name)
		}
	}
}

// slowUsers remembers whose connection was cut off because it did not take what was sent. Their next connections recover
// nothing from the histories, which together may be more than a queue holds, but catch up by position: else they would be
// cut off again at each attempt.
type slowUsers struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// slowFor is longer than clients wait between two attempts.
const slowFor = time.Minute

func (u *slowUsers) add(userID string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, until := range u.until {
		if now.After(until) {
			delete(u.until, id)
		}
	}
	u.until[userID] = now.Add(slowFor)
}

func (u *slowUsers) has(userID string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return now.Before(u.until[userID])
}
