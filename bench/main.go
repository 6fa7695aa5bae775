// Command bench measures Callboard against its targets and against what a team would run instead: see README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
	"github.com/callboard/callboard/bench/suite"
)

const description = `Measures Callboard: rates, latencies and cost, beside peers, against targets.

With --before, an older binary of Callboard runs beside this one in the same rounds, and a table says before, after and ratio. For
that, build the older commit elsewhere, and name the groups that a change is about: --before /tmp/old/callboard --only create,jobs`

// options are the flags.
type options struct {
	suite.Options
	Only []string `help:"Groups to measure, by default all: ${enum}." placeholder:"GROUP,…" enum:"${groups}"`
	Out  string   `help:"Folder to write results to. Default: results, or a temporary folder when not all was measured in full." type:"path"`
}

func main() {
	var o options
	var names []string
	for _, g := range new(suite.Suite).Groups() {
		names = append(names, g.Name)
	}
	kong.Parse(&o, kong.Description(description), kong.Vars{"groups": strings.Join(names, ",")})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "callboard-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(folder)
	start := time.Now()
	s := &suite.Suite{
		Options: o.Options, Root: "..", Binary: filepath.Join(folder, "built"), Folder: folder,
		Log: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%6.1f  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
		},
	}
	if s.Rounds == 0 {
		s.Rounds = map[bool]int{false: 3, true: 1}[o.Quick]
	}
	if err := process.Command(ctx, s.Root, "go", "build", "-o", s.Binary, "./cmd/callboard"); err != nil {
		return err
	}
	var results report.Results
	var failed error
	for _, g := range s.Groups() {
		if len(o.Only) > 0 && !slices.Contains(o.Only, g.Name) {
			continue
		}
		s.Log("── %s", g.Name)
		measured := &report.Group{Name: g.Name}
		if err := g.Measure(ctx, measured); err != nil { // it has no figures, and the others are measured
			s.Log("FAILED: %s: %v", g.Name, err)
			failed = errors.Join(failed, fmt.Errorf("%s: %w", g.Name, err))
			continue
		}
		results.Groups = append(results.Groups, measured)
	}
	failed = errors.Join(failed, s.Missing)
	return errors.Join(failed, o.report(ctx, s, results, failed == nil))
}

// report shows the results and writes them. Those that are kept come from runs that have measured all of this Callboard alone.
func (o *options) report(ctx context.Context, s *suite.Suite, r report.Results, all bool) (err error) {
	fmt.Println()
	if err := r.WriteTables(os.Stdout); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if r.Machine, err = report.Describe(ctx, s.Root); err != nil {
		return err
	}
	out := o.Out
	switch {
	case out != "":
	case !all || o.Quick || len(o.Only) > 0 || o.Rounds > 0 || o.Before != "":
		if out, err = os.MkdirTemp("", "callboard-bench-results-"); err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
	default:
		out = "results"
	}
	if err := r.Write(out); err != nil {
		return err
	}
	fmt.Printf("\nResults are in %s\n", out)
	return nil
}
