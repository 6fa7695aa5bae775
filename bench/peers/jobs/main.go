// Command jobs is Callboard with a kind of jobs of its own, as an application that embeds it adds one: jobs that do nothing,
// so that what is measured is all that a job costs by itself.
//
// It takes the settings of the server from the environment. The accounts are made by Callboard's own command line, on the
// same data.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"callboard/app"
	"callboard/job"
)

// gcPercent is that of Callboard's own server.
const gcPercent = 200

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := serve(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	debug.SetGCPercent(gcPercent)
	cfg, err := app.FromEnv()
	if err != nil {
		return err
	}
	cfg.Kinds = func(*app.App) []job.Kind { return []job.Kind{noOp()} }
	cfg.Ready = func(url string) { fmt.Printf("Callboard is at %s\n", url) }
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// noOpArgs are the arguments of a job that does nothing.
type noOpArgs struct{}

// Kind implements job.Args.
func (noOpArgs) Kind() string { return "no-op" }

// concurrency is how many run at the same time: most of them wait for their turn to commit, and share one.
const concurrency = 64

func noOp() job.Kind {
	return job.Define(job.Definition[noOpArgs]{
		Settings: job.Settings{Title: "Nothing", Summary: "Does nothing.", Concurrency: concurrency},
		Work:     func(context.Context, *job.Run, noOpArgs) (any, error) { return nil, nil },
	})
}
