// Command bench measures Callboard against its targets and against what a team would run instead: see README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// How the program ends when not all is well.
const (
	exitWorse = 1 // with --strict
	exitError = 2
)

func main() {
	var o options
	kong.Parse(&o, kong.Description("Measures Callboard: rates, latencies and cost, beside peers, against targets."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := o.run(ctx)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	if errors.Is(err, errWorse) {
		os.Exit(exitWorse)
	}
	os.Exit(exitError)
}
