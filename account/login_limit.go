package account

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/callboard/callboard"
)

// The limits on guessing passwords, per node.
const (
	limitWindow  = 15 * time.Minute
	limitPair    = 10     // failures per e-mail address and network, and of a known device
	limitKnown   = 30     // failures of all known devices of an account, before there is a delay
	limitNetwork = 1000   // failures per network, over all addresses: an office is behind one
	limitAccount = 10     // failures per e-mail address from all networks, before there is a delay
	limitNoted   = 3000   // failures that become events, and refusals that are logged
	limitRefused = 20     // refusals of one network that are logged
	limitEntries = 20_000 // counters that are kept; about 2 MB

	// The delay begins with a second after limitAccount or limitKnown failures, doubles with each further one up to maxDelay, and ends when
	// there was none for accountWindow.
	maxDelay      = limitWindow
	accountWindow = 24 * time.Hour
)

// loginLimit counts failed logins. It is bounded: under a flood of different names the counters with few failures make room, and
// that of the network still holds.
type loginLimit struct {
	now func() time.Time

	mu     sync.Mutex
	counts map[limitKey]failures
}

type limitKey [sha256.Size]byte

type failures struct {
	n           int
	last, until time.Time // of the last one, and when all are forgotten
	before      time.Time // of the one before the last
}

// limitRule says how many failures of one kind are free, and what follows then: the end of the window is waited for, or a delay
// that grows. A counter that many share is not forgotten for one who succeeds.
type limitRule struct {
	key    limitKey
	free   int
	grow   bool
	shared bool
}

// limitRules returns the limits on a guess. One from a device of the user, or in a session, has a limit of its own: it is not shut
// out by what others do, neither those who try the same user nor those behind the same address. But each sign-in makes a device, so who had
// the password once may have collected hundreds: together they have a limit, too.
func limitRules(email, ip, known string) []limitRule {
	if known != "" {
		return []limitRule{{key: keyOf("known", known), free: limitPair}, {key: keyOf("devices", email), free: limitKnown, grow: true}}
	}
	network := callboard.Request{IP: ip}.Network()
	return []limitRule{
		{key: keyOf("pair", network, email), free: limitPair},
		{key: keyOf("account", email), free: limitAccount, grow: true},
		{key: keyOf("network", network), free: limitNetwork, shared: true},
	}
}

// refusedRules returns the limits on what is logged of refused attempts.
func refusedRules(ip string) []limitRule {
	return []limitRule{{key: keyOf("refused", callboard.Request{IP: ip}.Network()), free: limitRefused}, {key: keyOf("refused"), free: limitNoted, shared: true}}
}

func keyOf(parts ...string) limitKey {
	var b []byte
	for _, p := range parts {
		b = append(append(b, p...), 0)
	}
	return sha256.Sum256(b)
}

// check is an error with CodeRateLimited when there were too many failures.
func (l *loginLimit) check(rules []limitRule) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused(rules, l.now())
}

func (l *loginLimit) refused(rules []limitRule, now time.Time) error {
	var wait time.Duration
	for _, r := range rules {
		wait = max(wait, l.counts[r.key].wait(r, now))
	}
	if wait <= 0 {
		return nil
	}
	return &callboard.Error{Code: callboard.CodeRateLimited, Message: "too many failed attempts; try again later", RetryAfter: wait}
}

// take counts an attempt as a failure, until forgive. When there were too many it is the error of check, and not counted.
func (l *loginLimit) take(rules []limitRule) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if err := l.refused(rules, now); err != nil {
		return err
	}
	for _, r := range rules {
		f := l.counts[r.key]
		if !now.Before(f.until) {
			f = failures{until: now.Add(limitWindow)}
		}
		if r.grow {
			f.until = now.Add(accountWindow)
		}
		f.n, f.before, f.last = f.n+1, f.last, now
		l.counts[r.key] = f
	}
	if len(l.counts) > limitEntries {
		l.makeRoom(now)
	}
	return nil
}

// wait returns how long the next attempt has to wait.
func (f failures) wait(r limitRule, now time.Time) time.Duration {
	switch {
	case f.n < r.free || !now.Before(f.until):
		return 0
	case r.grow:
		return f.last.Add(min(time.Second<<min(f.n-r.free, 20), maxDelay)).Sub(now)
	}
	return f.until.Sub(now)
}

// forgive takes back the attempt, which was none of guessing, and what came before it: the owner of the account is here. Of what
// many share it takes back only the attempt itself.
func (l *loginLimit) forgive(rules []limitRule) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range rules {
		if f := l.counts[r.key]; r.shared && f.n > 1 {
			f.n--
			l.counts[r.key] = f
		} else {
			delete(l.counts, r.key)
		}
	}
}

// takeBack takes back the attempt alone, which was none of guessing: what came before it still counts.
func (l *loginLimit) takeBack(rules []limitRule) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range rules {
		if f := l.counts[r.key]; f.n > 1 {
			f.n, f.last = f.n-1, f.before
			l.counts[r.key] = f
		} else {
			delete(l.counts, r.key)
		}
	}
}

// makeRoom drops counters that ran out and, when that is not enough, those with few failures, down to half.
func (l *loginLimit) makeRoom(now time.Time) {
	for key, f := range l.counts {
		if !now.Before(f.until) {
			delete(l.counts, key)
		}
	}
	for enough := 1; len(l.counts) > limitEntries/2; enough++ {
		for key, f := range l.counts {
			if f.n <= enough {
				delete(l.counts, key)
			}
			if len(l.counts) <= limitEntries/2 {
				return
			}
		}
	}
}
