// Package systemtest breaks what the product stands on, and watches it recover: the process is killed, the disk is full,
// tables and the database are away, handlers misbehave, clients are hostile or stuck.
//
// Every test has a short form, which is what runs by default, and a long one with more of everything, which runs where
// CALLBOARD_SYSTEMTEST is "long".
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

// size is how much of something a test has in its short and its long form.
func size(short, long int) int {
	if os.Getenv("CALLBOARD_SYSTEMTEST") == "long" {
		return long
	}
	return short
}
