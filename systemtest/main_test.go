// Package systemtest breaks what the product stands on, and watches it recover: the process is killed, the disk is full,
// tables and the database are away, handlers misbehave, clients are hostile or stuck.
//
// Most tests have a short form, which is what runs by default, and a long one with more of everything, which runs where
// CALLBOARD_SYSTEMTEST is "long". Those that keep several servers busy for long run there alone.
package systemtest

import (
	"os"
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

func TestMain(m *testing.M) {
	if told := os.Getenv(embeddingVariable); told != "" {
		os.Exit(runEmbedding(told))
	}
	os.Exit(apptest.Main(m))
}

type obj = map[string]any

// isLong reports whether tests run in their long form.
func isLong() bool { return os.Getenv("CALLBOARD_SYSTEMTEST") == "long" }

// needLong skips a test that has a long form only.
func needLong(t *testing.T) {
	t.Helper()
	if !isLong() {
		t.Skip("SKIPPED: it is long; make systemtest runs it")
	}
}

// size is how much of something a test has in its short and its long form.
func size(short, long int) int {
	if isLong() {
		return long
	}
	return short
}
