package account

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"callboard"
)

// The limits on guessing passwords, per node.
const (
	limitWindow  = 15 * time.Minute
	limitAccount = 10     // failures per e-mail address and network
	limitNetwork = 100    // failures per network, over all addresses
	limitEntries = 20_000 // counters that are kept; about 2 MB
)

// loginLimit counts failed logins in fixed windows. It is bounded: under a flood of different names the oldest counters
// make room, and the counter of the network still holds.
type loginLimit struct {
	now func() time.Time

	mu     sync.Mutex
	counts map[limitKey]failures
}

type limitKey [sha256.Size]byte

type failures struct {
	n     int
	since time.Time
}

// networkOf returns the part of an address that one caller can hold: all of an IPv4 address, 64 bits of an IPv6 one.
func networkOf(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	prefix, _ := addr.WithZone("").Prefix(64) // fails only for more bits than an address has
	return prefix.String()
}

func limitKeys(email, ip string) (account, network limitKey) {
	where := networkOf(ip)
	return sha256.Sum256([]byte("account\x00" + where + "\x00" + email)), sha256.Sum256([]byte("network\x00" + where))
}

// check returns an error with CodeRateLimited when there were too many failures.
func (l *loginLimit) check(email, ip string) error {
	account, network := limitKeys(email, ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := max(l.wait(account, limitAccount), l.wait(network, limitNetwork)); wait > 0 {
		return &callboard.Error{
			Code: callboard.CodeRateLimited, Message: "too many failed attempts; try again later", RetryAfter: wait,
		}
	}
	return nil
}

func (l *loginLimit) wait(key limitKey, limit int) time.Duration {
	f := l.counts[key]
	if f.n < limit {
		return 0
	}
	return limitWindow - l.now().Sub(f.since)
}

func (l *loginLimit) fail(email, ip string) {
	account, network := limitKeys(email, ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range []limitKey{network, account} {
		f := l.counts[key]
		if now := l.now(); now.Sub(f.since) >= limitWindow {
			f = failures{since: now}
		}
		f.n++
		l.counts[key] = f
	}
	if len(l.counts) > limitEntries {
		l.makeRoom()
	}
}

// forgive forgets the failures of the account: its owner is here. Those of the network stay.
func (l *loginLimit) forgive(email, ip string) {
	account, _ := limitKeys(email, ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.counts, account)
}

// makeRoom drops counters that ran out and, when that is not enough, those with few failures, down to half.
func (l *loginLimit) makeRoom() {
	now := l.now()
	for key, f := range l.counts {
		if now.Sub(f.since) >= limitWindow {
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
