package httpapi

import (
	"fmt"
	"sync"
	"time"
)

// crowd counts what each user has under way of one operation.
type crowd struct {
	mu    sync.Mutex
	users map[string]int
}

// enter counts a request until leave is called. Beyond limit the error has CodeRateLimited.
func (c *crowd) enter(user string, limit int) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users[user] >= limit {
		return nil, busy(fmt.Sprintf("you have %d of these under way, and may not have more; wait until one has ended", limit))
	}
	if c.users == nil {
		c.users = map[string]int{}
	}
	c.users[user]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.users[user]--; c.users[user] == 0 {
			delete(c.users, user)
		}
	}, nil
}

// warnings keeps what is logged of a user who is turned away within limits: who asks a thousand times a second for what is
// refused could fill the log.
type warnings struct {
	mu    sync.Mutex
	since time.Time
	users map[string]int
}

const (
	warningsPerUser = 20
	warningsEvery   = time.Minute
)

// wanted reports whether another line about the user is.
func (w *warnings) wanted(user string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users == nil || now.Sub(w.since) >= warningsEvery {
		w.since, w.users = now, map[string]int{}
	}
	w.users[user]++
	return w.users[user] <= warningsPerUser
}
