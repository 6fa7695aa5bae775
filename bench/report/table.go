package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
)

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
	case f.Met():
		return met
	default:
		return missed
	}
}

// String writes the bounds.
func (t Target) String() string {
	switch {
	case t.AtLeast != 0 && t.AtMost != 0:
		return Number(t.AtLeast) + " to " + Number(t.AtMost)
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
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	text := strconv.FormatFloat(v, 'f', min(decimals, 6), 64)
	if decimals > 0 {
		return trimZeros(text)
	}
	return grouped(text)
}

func trimZeros(text string) string {
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

func grouped(digits string) string {
	start := 0
	if digits[0] == '-' {
		start = 1
	}
	for at := len(digits) - 3; at > start; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// WriteTable writes the figures for a terminal.
func WriteTable(w io.Writer, figures []Figure) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FIGURE\tVALUE\tTARGET\tVERDICT")
	for _, f := range figures {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.Name, f.Shown(), f.Target, f.Verdict())
	}
	return t.Flush()
}
