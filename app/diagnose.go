package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"callboard/sqldb"
)

// Finding is a line of a diagnosis.
type Finding struct {
	Text    string
	Trouble bool
}

// Diagnose looks for trouble in the data. The error says that there is some; the findings say what.
func (a *App) Diagnose(ctx context.Context) ([]Finding, error) {
	var findings []Finding
	note := func(trouble bool, format string, args ...any) {
		findings = append(findings, Finding{Text: fmt.Sprintf(format, args...), Trouble: trouble})
	}
	states, err := sqldb.MigrationStatus(ctx, a.DB, Migrations()...)
	if err != nil {
		return nil, err
	}
	note(false, "database: %s, answers, %d migrations applied", a.DB.Dialect(), len(states))
	if err := a.canary(ctx); err != nil {
		note(true, "writes: a test write failed%s", reason(err))
	} else {
		note(false, "writes: a test write succeeded")
	}
	free, err := a.freeDisk()
	if disk := diskPart(free, err, a.DB.Dialect() == sqldb.SQLite); disk.Detail != "" {
		note(true, "disk: %s", disk.Detail)
	} else {
		note(false, "disk: %d MB are free", free>>20)
	}
	stats, err := a.Outbox.Stats(ctx)
	if err != nil {
		return findings, err
	}
	note(stats.DepthLag > maxReadyLag, "events: position %d, %d without a position", stats.LastPos, stats.Depth)
	for _, c := range stats.Consumers {
		note(c.Lag > maxReadyLag, "consumer %s: at position %d, %d events behind, the oldest for %s",
			c.Name, c.Pos, c.LagEvents, c.Lag.Round(time.Second))
		if c.Failures > 0 {
			note(true, "consumer %s stands still; it failed %d times: %s", c.Name, c.Failures, c.Error)
		}
		if c.DeadLetters > 0 {
			note(true, "consumer %s has %d dead letters, which it retries: %s", c.Name, c.DeadLetters, c.LetterError)
		}
	}
	if err := a.Files.Ready(ctx); err != nil {
		note(true, "files: %v", err)
	} else {
		note(false, "files: storage answers")
	}
	if detail := a.pausedJobs(ctx); detail != "" {
		note(true, "jobs: %s", detail)
	} else {
		note(false, "jobs: no kind is paused")
	}
	for _, f := range findings {
		if f.Trouble {
			return findings, errors.New("there is trouble")
		}
	}
	return findings, nil
}
