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

// oldEvent is how old an event without position may be while a server runs.
const oldEvent = time.Minute

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
	stats, err := a.Relay.Stats(ctx)
	if err != nil {
		return findings, err
	}
	note(false, "events: position %d, published up to %d", stats.LastPos, stats.PublishedPos)
	note(stats.Lag > oldEvent, "waiting: %d events, the oldest for %s", stats.LagEvents(), stats.Lag.Round(time.Second))
	parked, err := a.Relay.Parked(ctx)
	if err != nil {
		return findings, err
	}
	for _, p := range parked {
		note(true, "%s still owes %d events, from position %d on; tried %d times, next at %s: %s",
			p.Handler, p.Events, p.FirstPos, p.Attempts, p.NextAt.Format(time.RFC3339), p.Error)
	}
	note(false, "owed to handlers: %d kinds of trouble", len(parked))
	deliveries, err := a.Notifications.Deliveries(ctx)
	if err != nil {
		return findings, err
	}
	note(deliveries.Oldest > oldEvent, "on their way to large audiences: %d notifications, the oldest for %s",
		deliveries.Count, deliveries.Oldest.Round(time.Second))
	if err := a.Files.Ready(ctx); err != nil {
		note(true, "files: %v", err)
	} else {
		note(false, "files: storage answers")
	}
	for _, f := range findings {
		if f.Trouble {
			return findings, errors.New("there is trouble")
		}
	}
	return findings, nil
}
