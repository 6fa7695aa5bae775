package report

import (
	"encoding/json"
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
	Machine string   `json:"machine"`
	Groups  []*Group `json:"groups"`
}

// Write writes latest.json and latest.md into a folder.
func (r Results) Write(folder string) error {
	var page strings.Builder
	page.WriteString("# Results\n\nWritten by `make bench`. What the figures mean is told in [performance.md](../../docs/performance.md).\n\n" +
		r.Machine + "\n\n")
	if err := r.WriteTables(&page); err != nil {
		return err
	}
	page.WriteString("\n## What they are made of\n\nMedians of the rounds.\n\n")
	if err := r.writeSamples(&page); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	for name, text := range map[string]string{"latest.json": string(text) + "\n", "latest.md": page.String()} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
	}
	return nil
}

// WriteTables writes the figures, and an older Callboard beside this one if there was one.
func (r Results) WriteTables(w io.Writer) error {
	t := newTable(w, "figure", "value", "target", "verdict", "rounds")
	for _, g := range r.Groups {
		for _, f := range g.Figures {
			t.row(f.Name, f.Shown(), f.Target.String(), f.Verdict(), numbers(f.Rounds))
			if f.Note != "" {
				t.notes = append(t.notes, "- "+f.Name+": "+f.Note)
			}
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	return r.writeBefore(w)
}

// writeBefore writes what was measured of both, in the same rounds. The ratio is the median of those of the rounds.
func (r Results) writeBefore(w io.Writer) error {
	var t *table
	for _, g := range r.Groups {
		for _, s := range g.Samples {
			before := g.Rounds(s.Server+Before, s.Metric)
			if len(before) == 0 {
				continue
			}
			if t == nil {
				fmt.Fprint(w, "\n## Before and after\n\n")
				t = newTable(w, "group", "server", "metric", "before", "after", "ratio")
			}
			ratio := none
			if ratios := Ratios(s.Rounds, before); len(ratios) > 0 {
				ratio = Number(Median(ratios)) + "×"
			}
			t.row(g.Name, s.Server, s.Metric, Number(Median(before)), Number(Median(s.Rounds)), ratio)
		}
	}
	if t == nil {
		return nil
	}
	return t.end()
}

func (r Results) writeSamples(w io.Writer) error {
	t := newTable(w, "group", "server", "metric", "median", "rounds")
	for _, g := range r.Groups {
		for _, s := range g.Samples {
			t.row(g.Name, s.Server, s.Metric, Number(Median(s.Rounds)), numbers(s.Rounds))
		}
	}
	return t.end()
}

// table is one of Markdown, which is aligned for those who read it as it is.
type table struct {
	w     *tabwriter.Writer
	notes []string
}

func newTable(w io.Writer, columns ...string) *table {
	t := &table{w: tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)}
	t.row(columns...)
	rules := make([]string, len(columns))
	for i := range rules {
		rules[i] = "---"
	}
	t.row(rules...)
	return t
}

func (t *table) row(cells ...string) { fmt.Fprintln(t.w, "| "+strings.Join(cells, "\t| ")+"\t|") }

func (t *table) end() error {
	if len(t.notes) > 0 {
		fmt.Fprintln(t.w, "\n"+strings.Join(t.notes, "\n"))
	}
	return t.w.Flush()
}

// Verdicts of a figure.
const (
	met    = "met"
	missed = "MISSED"
	none   = "—" // it has no target
)

// Verdict tells whether the target is met.
func (f Figure) Verdict() string {
	switch {
	case f.Target == Target{}:
		return none
	case f.Target.AtLeast != 0 && f.Value < f.Target.AtLeast, f.Target.AtMost != 0 && f.Value > f.Target.AtMost:
		return missed
	default:
		return met
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

const roundsShown = 5 // of more there is no point in a table

func numbers(values []float64) string {
	var shown []string
	for i, v := range values {
		if i == roundsShown {
			shown = append(shown, fmt.Sprintf("… of %d", len(values)))
			break
		}
		shown = append(shown, Number(v))
	}
	return strings.Join(shown, ", ")
}
