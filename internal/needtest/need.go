// Package needtest says what becomes of a test for want of something that it needs: a server, a program, a privilege.
package needtest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Required reports whether CALLBOARD_TEST_REQUIRE, a list with commas, names what a test needs.
func Required(what string) bool {
	return slices.Contains(strings.Split(os.Getenv("CALLBOARD_TEST_REQUIRE"), ","), what)
}

// Missing ends a test for want of something: it is skipped, or fails where that is required.
func Missing(t testing.TB, what string, err error) {
	t.Helper()
	if Required(what) {
		t.Fatalf("%s is required, and not there: %v", what, err)
	}
	t.Skipf("SKIPPED: there is no %s: %v", what, err)
}
