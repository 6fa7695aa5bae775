//go:build linux

package faults

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
)

// line is what is told of a fault on a backend: the sums of its rounds, and the worst of their times.
type line struct {
	fault, backend         string
	rounds                 int
	sum                    count
	unavailable, recovered time.Duration
}

// report is the table of all that was broken.
type report struct{ lines []*line }

func (r *report) add(f fault, backend string, n count, unavailable, recovered time.Duration) {
	var at *line
	for _, l := range r.lines {
		if l.fault == f.name && l.backend == backend {
			at = l
		}
	}
	if at == nil {
		at = &line{fault: f.name, backend: backend}
		r.lines = append(r.lines, at)
	}
	at.rounds++
	at.sum.acknowledged += n.acknowledged
	at.sum.lost += n.lost
	at.sum.doubled += n.doubled
	at.sum.reordered += n.reordered
	at.sum.missing += n.missing
	at.sum.unsure += n.unsure
	at.sum.repeated += n.repeated
	at.sum.wrong, at.sum.late = append(at.sum.wrong, n.wrong...), append(at.sum.late, n.late...)
	at.unavailable, at.recovered = max(at.unavailable, unavailable), max(at.recovered, recovered)
}

// print writes the table in Markdown, with columns that a terminal shows as such.
func (r *report) print(out io.Writer) {
	rows := [][]string{{"fault", "backend", "rounds", "acknowledged", "lost", "doubled", "reordered", "missing", "unavailable", "recovered in", "promises"}}
	for _, l := range r.lines {
		kept := "kept"
		switch {
		case len(l.sum.wrong) > 0:
			kept = "**broken**"
		case len(l.sum.late) > 0:
			kept = fmt.Sprintf("late %d times", len(l.sum.late))
		}
		row := []string{l.fault, l.backend}
		for _, n := range []int{l.rounds, l.sum.acknowledged, l.sum.lost, l.sum.doubled, l.sum.reordered, l.sum.missing} {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, append(row, seconds(l.unavailable), seconds(l.recovered), kept))
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for i, row := range rows {
		for k, cell := range row {
			fmt.Fprintf(out, "| %-*s ", widths[k], cell)
		}
		fmt.Fprintln(out, "|")
		if i == 0 {
			for _, w := range widths {
				fmt.Fprint(out, "| ", cmp.Or(strings.Repeat("-", w), "-"), " ")
			}
			fmt.Fprintln(out, "|")
		}
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
