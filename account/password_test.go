package account

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/callboard/callboard"
)

// The hash that stands in for users who do not exist must be compared with at full cost, or the time tells who exists.
func TestDummyHashCostsAsMuch(t *testing.T) {
	t.Parallel()
	p := newPasswords(nil)
	ok, params, err := argon2id.CheckHash("", p.dummy)
	if ok || err != nil || *params != *p.params {
		t.Errorf("%v, %+v, %v", ok, params, err)
	}
	if ok, err := p.match("", ""); ok || err != nil {
		t.Errorf("an empty password fits no password: %v, %v", ok, err)
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for password, ok := range map[string]bool{
		"correct horse": true, "ninechars": false, "          ": false, "\u3000\u2003\t         ": false, strings.Repeat("é", 256): true,
		strings.Repeat("é", 257): false, "1234567890": false, strings.Repeat("\u200b", 12): false, "qwertyuiop": false, " QWERTYuiop": false, "password123": false,
		"qwertyuiop, and more": true, "a \xff broken one": false,
	} {
		var v callboard.Validator
		checkPassword(&v, "password", password)
		if (v.Err() == nil) != ok {
			t.Errorf("%q: %v", password, v.Err())
		}
	}
}

func TestLoginLimitIsBounded(t *testing.T) {
	t.Parallel()
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range limitPair {
		if err := s.limit.take(limitRules("victim", "192.0.2.1", "")); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 * limitEntries {
		_ = s.limit.take([]limitRule{{key: keyOf("flood", strconv.Itoa(i)), free: limitPair}})
	}
	if n := len(s.limit.counts); n > limitEntries {
		t.Errorf("%d counters", n)
	}
	if s.limit.take(limitRules("victim", "192.0.2.1", "")) == nil {
		t.Error("a flood from elsewhere makes the limit forget")
	}
}

// From many addresses one account is guessed at with a delay that grows, and from one address many accounts in a generous number.
func TestLoginLimits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := &loginLimit{now: func() time.Time { return now }, counts: map[limitKey]failures{}}
	guess := func(email string, network int, known string) time.Duration {
		err := l.take(limitRules(email, fmt.Sprintf("192.0.%d.%d", network>>8, network&255), known))
		if limited, ok := errors.AsType[*callboard.Error](err); ok {
			return limited.RetryAfter
		}
		return 0
	}
	for i := range limitAccount {
		if wait := guess("victim", i, ""); wait > 0 {
			t.Fatalf("guess %d has to wait %s", i, wait)
		}
	}
	for i := range 12 {
		want := min(time.Second<<i, maxDelay)
		if wait := guess("victim", 100+i, ""); wait != want {
			t.Errorf("after %d failures: wait %s, want %s", limitAccount+i, wait, want)
		}
		now = now.Add(want)
		if wait := guess("victim", 100+i, ""); wait > 0 {
			t.Errorf("after the delay: wait %s", wait)
		}
	}
	if wait := guess("victim", 1, "device"); wait > 0 {
		t.Errorf("a known device waits %s", wait)
	}
	l.forgive(limitRules("victim", "192.0.2.1", ""))
	if wait := guess("victim", 200, ""); wait > 0 {
		t.Errorf("after the right password: wait %s", wait)
	}
	for i := range limitNetwork {
		if wait := guess(strconv.Itoa(i), 1000, ""); wait > 0 {
			t.Fatalf("guess %d of a network has to wait %s", i, wait)
		}
	}
	if wait := guess("another", 1000, ""); wait != limitWindow {
		t.Errorf("a network that floods waits %s", wait)
	}
}
