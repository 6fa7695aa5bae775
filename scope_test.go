package callboard_test

import (
	"slices"
	"testing"

	"github.com/callboard/callboard"
)

func TestScopesAllow(t *testing.T) {
	for _, tt := range []struct {
		scopes  string
		service string
		write   bool
		want    bool
	}{
		{"", "users", true, true},
		{"read", "users", false, true},
		{"read", "episodes", true, false},
		{"write", "episodes", true, true},
		{"write", "episodes", false, true},
		{"write", "sign-in", false, true},
		{"write", "sign-in", true, false},
		{"write", "users", true, false},
		{"write users:write", "users", true, true},
		{"episodes:read", "episodes", false, true},
		{"episodes:read", "episodes", true, false},
		{"episodes:read", "episode", false, false},
		{"episodes:write", "episodes", false, true},
		{"episodes:write", "shows", false, false},
		{"files:read shows:write", "shows", true, true},
		{"files:read shows:write", "files", true, false},
	} {
		if got := callboard.Scopes(tt.scopes).Allows(tt.service, tt.write); got != tt.want {
			t.Errorf("%q allows %s, write %t: %t", tt.scopes, tt.service, tt.write, got)
		}
	}
}

func TestScopesWithin(t *testing.T) {
	for _, tt := range []struct {
		inner, outer string
		want         bool
	}{
		{"", "", true},
		{"", "read", false},
		{"", "write users:write sign-in:write", false},
		{"read", "", true},
		{"read", "write", true},
		{"write", "read", false},
		{"episodes:read", "read", true},
		{"episodes:write", "episodes:read", false},
		{"users:write", "write", false},
		{"read", "episodes:read files:read", false},
	} {
		if got := callboard.Scopes(tt.inner).Within(callboard.Scopes(tt.outer)); got != tt.want {
			t.Errorf("%q within %q: %t", tt.inner, tt.outer, got)
		}
	}
}

func TestParseScopes(t *testing.T) {
	scopes, err := callboard.ParseScopes("scopes", []string{"files:read", "episodes:write", "files:read"})
	if err != nil || !slices.Equal(scopes.List(), []string{"episodes:write", "files:read"}) {
		t.Errorf("got %q, %v", scopes, err)
	}
	for _, wrong := range []string{"", "admin", "Episodes:read", "episodes", "episodes:", ":read", "episodes:read ", "read write", "episodes:read:write", "READ"} {
		if _, err := callboard.ParseScopes("scopes", []string{wrong}); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := callboard.ParseScopes("scopes", slices.Repeat([]string{"read"}, 31)); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("too many: %v", err)
	}
}
