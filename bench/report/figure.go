// Package report holds what was measured and shows it: a table, the files of the last results, a comparison with the
// results before, and charts.
package report

import (
	"slices"
)

// Figure is one line of the table.
type Figure struct {
	ID     string             `json:"id"`   // stable, snake_case
	Name   string             `json:"name"` // what people read
	Unit   string             `json:"unit"` // "×", "ms", "KB", "%", "/s", "MB", "s"
	Value  float64            `json:"value"`
	Rounds []float64          `json:"rounds"` // one per round; Value is their median
	Target Target             `json:"target"`
	Parts  map[string]float64 `json:"parts,omitempty"` // medians it was made of
	Note   string             `json:"note,omitempty"`
}

// Target bounds a figure. A bound that is 0 is none.
type Target struct {
	AtLeast float64 `json:"at_least,omitempty"`
	AtMost  float64 `json:"at_most,omitempty"`
}

// Series is one line of a chart.
type Series struct {
	Chart string
	Name  string
	X, Y  []float64
}

// Met tells whether the value is within the target.
func (f Figure) Met() bool {
	return (f.Target.AtLeast == 0 || f.Value >= f.Target.AtLeast) && (f.Target.AtMost == 0 || f.Value <= f.Target.AtMost)
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

// Ratios divides the rounds of one by those of the other, pair by pair: what disturbs the machine disturbs both.
func Ratios(a, b []float64) []float64 {
	ratios := make([]float64, 0, len(a))
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			ratios = append(ratios, a[i]/b[i])
		}
	}
	return ratios
}
