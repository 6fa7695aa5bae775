package report

import (
	"fmt"
	"maps"
	"slices"
)

const (
	tolerance = 0.2 // by how much a figure may be worse before it is told
	tiny      = 0.1 // what is below this share of its bound is not compared: it is mostly noise
)

// Change is a figure that has become worse.
type Change struct {
	Figure Figure
	Before float64
	Worse  float64 // by which share: 0.5 is half as fast again, or half as long again
}

func (c Change) String() string {
	before := c.Figure
	before.Value = c.Before
	return fmt.Sprintf("%s: %s before, %s now (%.0f%% worse)", c.Figure.Name, before.Shown(), c.Figure.Shown(), 100*c.Worse)
}

// Compare returns the figures that are worse than before by more than the tolerance. A figure with a lower bound is worse
// when it is lower, any other when it is higher.
func Compare(before, now []Figure) []Change {
	var changes []Change
	for _, f := range now {
		i := slices.IndexFunc(before, func(b Figure) bool { return b.ID == f.ID })
		if i < 0 || before[i].Value <= 0 || f.Value <= 0 || f.Value < tiny*f.Target.AtMost {
			continue
		}
		ratio := f.Value / before[i].Value
		if f.Target.AtLeast != 0 {
			ratio = 1 / ratio
		}
		if worse := ratio - 1; worse > tolerance {
			changes = append(changes, Change{Figure: f, Before: before[i].Value, Worse: worse})
		}
	}
	return changes
}

func sortedNames(parts map[string]float64) []string { return slices.Sorted(maps.Keys(parts)) }
