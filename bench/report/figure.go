// Package report holds what was measured, and shows it beside targets and beside an older Callboard.
package report

import (
	"slices"
)

// Figure is one line of the table.
type Figure struct {
	Name   string // what people read
	Unit   string // "×", "ms", "KB", "%", "/s", "MB", "s"
	Value  float64
	Rounds []float64 // one per round; Value is their median
	Target Target
	Note   string
}

// Target bounds a figure. A bound that is 0 is none.
type Target struct {
	AtLeast float64
	AtMost  float64
}

// AtLeast is a lower bound.
func AtLeast(v float64) Target { return Target{AtLeast: v} }

// AtMost is an upper bound.
func AtMost(v float64) Target { return Target{AtMost: v} }

// Sample is one metric of one server, one value per round.
type Sample struct {
	Server string
	Metric string // with its unit
	Rounds []float64
}

// Group is what one group of the benchmark has measured.
type Group struct {
	Name    string
	Figures []Figure
	Samples []*Sample

	silent bool // the last figure was not measured
}

// Add notes one value of one round.
func (g *Group) Add(server, metric string, value float64) {
	i := slices.IndexFunc(g.Samples, func(s *Sample) bool { return s.Server == server && s.Metric == metric })
	if i < 0 {
		i = len(g.Samples)
		g.Samples = append(g.Samples, &Sample{Server: server, Metric: metric})
	}
	g.Samples[i].Rounds = append(g.Samples[i].Rounds, value)
}

// Rounds returns the values of a metric, none where it was not measured.
func (g *Group) Rounds(server, metric string) []float64 {
	for _, s := range g.Samples {
		if s.Server == server && s.Metric == metric {
			return s.Rounds
		}
	}
	return nil
}

// Median adds a figure that is the median of its rounds, unless it was not measured.
func (g *Group) Median(name, unit string, target Target, server, metric string) {
	rounds := g.Rounds(server, metric)
	g.figure(Figure{Name: name, Unit: unit, Target: target, Rounds: rounds, Value: Median(rounds)})
}

// Worst adds a figure that is the 99th percentile of its values, which is the worst of less than a hundred.
func (g *Group) Worst(name, unit string, target Target, server, metric string) {
	rounds := g.Rounds(server, metric)
	g.figure(Figure{Name: name, Unit: unit, Target: target, Rounds: rounds, Value: Percentile99(rounds)})
}

// Ratio adds a figure that divides a metric of one server by that of another, unless either was not measured.
func (g *Group) Ratio(name string, target Target, a, b, metric string) {
	ratios := Ratios(g.Rounds(a, metric), g.Rounds(b, metric))
	g.figure(Figure{Name: name, Unit: "×", Target: target, Rounds: ratios, Value: Median(ratios)})
}

func (g *Group) figure(f Figure) {
	if g.silent = len(f.Rounds) == 0; !g.silent {
		g.Figures = append(g.Figures, f)
	}
}

// Note says something to the figure that was added last.
func (g *Group) Note(text string) {
	if !g.silent {
		g.Figures[len(g.Figures)-1].Note = text
	}
}

// Median returns the middle of the values, and 0 when there are none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// Percentile99 returns the smallest of the values that no more than a hundredth of them exceed, and 0 when there are none.
func Percentile99(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*99+99)/100-1]
}

// Ratios divides the rounds of one by those of the other, pair by pair: what disturbs the machine disturbs both.
func Ratios(a, b []float64) []float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			ratios = append(ratios, a[i]/b[i])
		}
	}
	return ratios
}
