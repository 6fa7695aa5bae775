// Command jobs is Callboard with a kind of jobs of its own, as an application that embeds it adds one: jobs that do nothing,
// so that what is measured is all that a job costs by itself. It takes the settings of the server from the environment.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/job"
)

// noOpArgs are the arguments of a job that does nothing.
type noOpArgs struct{}

// Kind implements job.Args.
func (noOpArgs) Kind() string { return "no-op" }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	debug.SetGCPercent(200) // as Callboard's own server
	if err := serve(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	cfg, err := app.FromEnv()
	if err != nil {
		return err
	}
	cfg.Kinds = func(*app.App) []job.Kind {
		return []job.Kind{job.Define(job.Definition[noOpArgs]{
			// Most of those that run at the same time wait for their turn to commit, and share one.
			Settings: job.Settings{Title: "Nothing", Summary: "Does nothing.", Concurrency: 64},
			Work:     func(context.Context, *job.Run, noOpArgs) (any, error) { return nil, nil },
		})}
	}
	cfg.Ready = func(url string) { fmt.Printf("Callboard is at %s\n", url) }
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	return a.Run(ctx)
}
