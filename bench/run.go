package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"callboard/bench/report"
	"callboard/bench/suite"
)

// options are the flags.
type options struct {
	Quick   bool     `help:"About a minute in all: one short round. Its results are not kept."`
	Only    []string `help:"Groups of figures to measure; all by default." placeholder:"GROUP,…"`
	Rounds  int      `help:"Rounds of each comparison. Default: 3, or 1 in a quick run."`
	Out     string   `help:"Folder to write results to. Default: results, or a temporary folder when not all was measured in full." type:"path"`
	Compare string   `help:"Results to compare with." type:"path" default:"results/latest.json"`
	Strict  bool     `help:"End with 1 when a figure is more than a fifth worse than in the results before."`

	Postgres string `help:"PostgreSQL server on which databases may be made and dropped." env:"BENCH_POSTGRES" default:"postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"`
}

var errWorse = errors.New("figures have become worse")

func (o *options) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "callboard-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(folder)
	s := &suite.Suite{Quick: o.Quick, Rounds: o.rounds(), Folder: folder, Log: logger(time.Now())}
	chosen, err := o.groups(s)
	if err != nil {
		return err
	}
	if err := o.prepare(ctx, s); err != nil {
		return err
	}
	figures, series, failed := measure(ctx, s, chosen)
	out, err := o.out(failed == nil && !s.Incomplete)
	if err != nil {
		return err
	}
	return errors.Join(failed, o.report(ctx, s, out, figures, series))
}

func (o *options) rounds() int {
	switch {
	case o.Rounds > 0:
		return o.Rounds
	case o.Quick:
		return 1
	default:
		return 3
	}
}

// logger prints what is going on, with the seconds since the start.
func logger(start time.Time) func(format string, args ...any) {
	return func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%6.1f  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
}

// group is a named group of figures.
type group struct {
	name    string
	measure suite.Group
}

// groups returns those that were asked for, in the order of the table.
func (o *options) groups(s *suite.Suite) ([]group, error) {
	all := []group{
		{"create", s.Create},
		{"switches", s.Switches},
		{"openloop", s.OpenLoop},
		{"drain", s.Drain},
		{"activity", s.Activity},
		{"sockets", s.Sockets},
		{"read", s.Read},
		{"scale", s.Scale},
		{"fanout", s.FanOut},
		{"jobs", s.Jobs},
		{"import", s.Import},
		{"files", s.Files},
		{"process", s.Process},
		{"gobench", s.GoBench},
	}
	if len(o.Only) == 0 {
		return all, nil
	}
	var chosen []group
	for _, name := range o.Only {
		i := slices.IndexFunc(all, func(g group) bool { return g.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no group %q; there are %s", name, names(all))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func names(groups []group) string {
	var list []string
	for _, g := range groups {
		list = append(list, g.name)
	}
	return strings.Join(list, ", ")
}

// measure runs the groups one after the other. One that fails has no figures, and the others run.
func measure(ctx context.Context, s *suite.Suite, groups []group) (figures []report.Figure, series []report.Series, failed error) {
	for _, g := range groups {
		if ctx.Err() != nil {
			return figures, series, errors.Join(failed, ctx.Err())
		}
		s.Log("── %s", g.name)
		f, lines, err := g.measure(ctx)
		if suite.Missing(err) {
			s.NotMeasured(g.name, err)
			continue
		}
		if err != nil {
			s.Log("FAILED: %s: %v", g.name, err)
			failed = errors.Join(failed, fmt.Errorf("%s: %w", g.name, err))
			continue
		}
		figures, series = append(figures, f...), append(series, lines...)
	}
	return figures, series, failed
}

// report shows the figures, compares them with those before, and writes them.
func (o *options) report(ctx context.Context, s *suite.Suite, out string, figures []report.Figure, series []report.Series) error {
	fmt.Println()
	if err := report.WriteTable(os.Stdout, figures); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	before, err := report.Read(o.Compare) // before it is overwritten
	if err != nil {
		return err
	}
	now := report.Results{Figures: figures}
	if now.Machine, err = report.Describe(ctx, s.Folder, s.Root, s.Postgres); err != nil {
		return err
	}
	changes := report.Compare(before.Figures, figures)
	tellChanges(before.Machine, now.Machine, changes)
	if err := now.Write(out, series, changes); err != nil {
		return err
	}
	fmt.Printf("\nResults are in %s\n", out)
	if o.Strict && len(changes) > 0 {
		return errWorse
	}
	return nil
}

func tellChanges(before, now report.Machine, changes []report.Change) {
	if len(changes) == 0 {
		return
	}
	fmt.Printf("\nWorse than at %s by more than a fifth:\n", before.Commit)
	for _, c := range changes {
		fmt.Printf("  %s\n", c)
	}
	if before.CPU != now.CPU || before.Cores != now.Cores {
		fmt.Println("Those were taken on another machine: only the ratios can be compared.")
	}
}

// out returns the folder of the results. Those that are kept come from runs alone that have measured all.
func (o *options) out(all bool) (string, error) {
	switch {
	case o.Out != "":
		return o.Out, nil
	case !all || o.Quick || len(o.Only) > 0 || o.Rounds > 0:
		folder, err := os.MkdirTemp("", "callboard-bench-results-")
		if err != nil {
			return "", fmt.Errorf("make a folder: %w", err)
		}
		return folder, nil
	default:
		return "results", nil
	}
}
