// Package suite measures: one file per group of figures.
package suite

import (
	"context"
	"time"

	"callboard/bench/process"
	"callboard/bench/report"
)

// Suite is what all groups share.
type Suite struct {
	Quick    bool   // the whole run in about a minute
	Rounds   int    // of each comparison, interleaved: A B A B …
	Root     string // folder of the product's module
	Binary   string // path of the built callboard
	Folder   string // a temporary folder of the run
	Postgres string // URL of a PostgreSQL server on which databases may be made
	Log      func(format string, args ...any)

	Express    string // folder of the Express peer with its packages in place, or "" when it cannot be had
	PocketBase string // path of the built PocketBase peer, or "" when it cannot be had
	Centrifuge string // path of the built Centrifuge peer
	NoOp       string // path of the built Callboard with a kind of jobs that do nothing
	Incomplete bool   // something could not be measured here

	accounts process.Accounts // of the population on SQLite; none until it is made
}

// Group is a group of figures: it measures, and returns them with the material of charts.
type Group func(ctx context.Context) ([]report.Figure, []report.Series, error)

// NotMeasured tells that something cannot be had here, which is no failure.
func (s *Suite) NotMeasured(what string, err error) {
	s.Log("NOT MEASURED: %s: %v", what, err)
	s.Incomplete = true
}

// pick returns full, or quick in a quick run.
func (s *Suite) pick(full, quick time.Duration) time.Duration {
	if s.Quick {
		return quick
	}
	return full
}
