package app

import (
	"context"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// sweepEvery is how often what is too old is deleted. Each sweep works in small chunks.
const sweepEvery = 10 * time.Minute

// sweepLoop runs the sweeps on the node that leads the consumers, so that nodes do not do it twice.
func (a *App) sweepLoop(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if a.Outbox.Leading() {
				a.sweep(sqldb.LowPriority(ctx))
			}
		}
	}
}

// sweep deletes what is past its retention, everywhere. A sweep that fails is tried again at the next turn.
func (a *App) sweep(ctx context.Context) {
	sweeps := map[string]func(context.Context) error{
		"accounts":     a.Accounts.Sweep,
		"events":       func(ctx context.Context) error { _, err := a.Outbox.Sweep(ctx); return err },
		"activity":     func(ctx context.Context) error { _, err := a.Activity.Sweep(ctx); return err },
		"notification": func(ctx context.Context) error { _, err := a.Notifications.Sweep(ctx); return err },
		"files":        a.Files.Sweep,
		"jobs":         func(ctx context.Context) error { _, err := a.Jobs.Sweep(ctx); return err },
		"idempotency":  func(ctx context.Context) error { _, err := a.api.SweepIdempotency(ctx); return err },
	}
	for name, sweep := range sweeps {
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("sweep failed", "of", name, "error", err)
		}
	}
}
