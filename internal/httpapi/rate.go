package httpapi

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/callboard/callboard"
)

// maxRateCallers is how many callers of one operation are remembered, who have called it within the last minute.
const maxRateCallers = 10_000

// callRate limits how often each caller calls one operation: limit at once, and as many within each minute from then on.
type callRate struct {
	limit int // 0 is none

	mu      sync.Mutex
	callers map[string]*rate.Limiter
}

// take counts a call. Beyond the limit it is an error with CodeRateLimited, and not counted.
func (c *callRate) take(caller string, now time.Time) error {
	if c.limit == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.callers[caller]
	if l == nil {
		if len(c.callers) >= maxRateCallers {
			c.makeRoom(now)
		}
		if c.callers == nil {
			c.callers = map[string]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Limit(float64(c.limit)/60), c.limit)
		c.callers[caller] = l
	}
	if l.AllowN(now, 1) {
		return nil
	}
	seconds := math.Ceil((1 - l.TokensAt(now)) * 60 / float64(c.limit))
	return &callboard.Error{
		Code: callboard.CodeRateLimited, Message: "you call this too often; wait for a moment", RetryAfter: time.Duration(seconds) * time.Second,
	}
}

// makeRoom forgets the callers whose minute is over: to them it makes no difference. Where that is not enough, as from many addresses at
// once, it forgets all, which lets each call anew, and takes no more memory.
func (c *callRate) makeRoom(now time.Time) {
	for caller, l := range c.callers {
		if l.TokensAt(now) >= float64(c.limit) {
			delete(c.callers, caller)
		}
	}
	if len(c.callers) >= maxRateCallers {
		clear(c.callers)
	}
}
