package apptest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Missing ends a test for want of something that it needs, such as a program: it is skipped, or fails where
// CALLBOARD_TEST_REQUIRE, a list with commas, names that.
func Missing(t testing.TB, what string, err error) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("CALLBOARD_TEST_REQUIRE"), ","), what) {
		t.Fatalf("%s is required, and not there: %v", what, err)
	}
	t.Skipf("SKIPPED: there is no %s: %v", what, err)
}
