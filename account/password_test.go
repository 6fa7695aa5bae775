package account

import (
	"testing"

	"github.com/alexedwards/argon2id"
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

func TestLoginLimitIsBounded(t *testing.T) {
	t.Parallel()
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		s.limit.fail("victim", "192.0.2.1")
	}
	for i := range 3 * limitEntries {
		s.limit.fail(string(rune('a'+i%26))+string(rune(i)), "2001:db8::1")
	}
	if n := len(s.limit.counts); n > limitEntries {
		t.Errorf("%d counters", n)
	}
	if s.limit.check("victim", "192.0.2.1") == nil {
		t.Error("a flood from elsewhere makes the limit forget")
	}
	if s.limit.check("anyone", "2001:db8::ffff") == nil {
		t.Error("the network that floods is not limited")
	}
}
