package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"
)

// Before is what the name of a server ends with when it is of an older Callboard.
const Before = " before"

// Results are all that a run has measured.
type Results struct {
	Machine string
	Groups  []*Group
}

// Write writes latest.md into a folder.
func (r Results) Write(folder string) error {
	var page strings.Builder
	page.WriteString("# Results\n\nWritten by `make bench`. What the figures mean is told in [performance.md](../../docs/performance.md).\n\n" +
		r.Machine + "\n\n")
	if err := r.WriteTables(&page); err != nil {
		return err
	}
	page.WriteString("\n## What they are made of\n\nMedians of the rounds.\n\n")
	var rows [][]string
	for _, g := range r.Groups {
		for _, s := range g.Samples {
			rows = append(rows, []string{g.Name, s.Server, s.Metric, Number(Median(s.Rounds)), numbers(s.Rounds)})
		}
	}
	err := writeTable(&page, rows, "group", "server", "metric", "median", "rounds")
	return errors.Join(err, os.MkdirAll(folder, 0o750), os.WriteFile(filepath.Join(folder, "latest.md"), []byte(page.String()), 0o644))
}

// WriteTables writes the figures, and an older Callboard beside this one if there was one.
func (r Results) WriteTables(w io.Writer) error {
	rows, before, notes := [][]string{}, [][]string{}, []string{}
	for _, g := range r.Groups {
		for _, f := range g.Figures {
			rows = append(rows, []string{f.Name, f.Shown(), f.Target.String(), f.Verdict(), numbers(f.Rounds)})
			if f.Note != "" {
				notes = append(notes, "- "+f.Name+": "+f.Note+"\n")
			}
		}
		before = append(before, g.beside()...)
	}
	if err := writeTable(w, rows, "figure", "value", "target", "verdict", "rounds"); err != nil {
		return err
	}
	fmt.Fprint(w, "\n", strings.Join(notes, ""))
	if len(before) == 0 {
		return nil
	}
	fmt.Fprint(w, "\n## Before and after\n\n")
	return writeTable(w, before, "group", "server", "metric", "before", "after", "ratio")
}

// beside returns rows of what was measured of an older Callboard and of this one. The ratio is the median of those of the rounds.
func (g *Group) beside() (rows [][]string) {
	for _, s := range g.Samples {
		before, ratio := g.Rounds(s.Server+Before, s.Metric), none
		if ratios := Ratios(s.Rounds, before); len(ratios) > 0 {
			ratio = Number(Median(ratios)) + "×"
		}
		if len(before) > 0 {
			rows = append(rows, []string{g.Name, s.Server, s.Metric, Number(Median(before)), Number(Median(s.Rounds)), ratio})
		}
	}
	return rows
}

// writeTable writes Markdown, aligned for those who read it as it is.
func writeTable(w io.Writer, rows [][]string, columns ...string) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	rules := strings.Split(strings.Repeat(" ---", len(columns))[1:], " ")
	for _, row := range append([][]string{columns, rules}, rows...) {
		fmt.Fprintln(t, "| "+strings.Join(row, "\t| ")+"\t|")
	}
	return t.Flush()
}

const none = "—"

// Verdict tells whether the target is met.
func (f Figure) Verdict() string {
	switch {
	case f.Target == Target{}:
		return none
	case f.Target.AtLeast != 0 && f.Value < f.Target.AtLeast, f.Target.AtMost != 0 && f.Value > f.Target.AtMost:
		return "MISSED"
	default:
		return "met"
	}
}

// String writes the bound.
func (t Target) String() string {
	switch {
	case t.AtLeast != 0:
		return "≥ " + Number(t.AtLeast)
	case t.AtMost != 0:
		return "≤ " + Number(t.AtMost)
	default:
		return none
	}
}

// Shown writes the value with its unit.
func (f Figure) Shown() string {
	if f.Unit == "×" || f.Unit == "%" || f.Unit == "/s" {
		return Number(f.Value) + f.Unit
	}
	return Number(f.Value) + " " + f.Unit
}

// Number writes a number with three digits that count, and groups those of a large one.
func Number(v float64) string {
	if math.Abs(v) >= 999.5 {
		return humanize.Comma(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// numbers writes the first rounds: there is no point in a table of more.
func numbers(values []float64) string {
	var shown []string
	for _, v := range values[:min(5, len(values))] {
		shown = append(shown, Number(v))
	}
	return strings.Join(shown, ", ")
}
