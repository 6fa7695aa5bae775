package value_test

import (
	"html"
	"testing"
	"time"
	"unicode"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func FuzzClean(f *testing.F) {
	for _, cell := range []string{"", "a&amp;b", "\u200dA\u200c", "می\u200cخواهم", "שלום\u200f!", "👨\u200d👩\u200d👧", "a\r\nb", "\x1b[0m\u0085\xff", "&notit;"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		text, line := value.Clean(cell), value.CleanLine(cell)
		if html.UnescapeString(text) == text { // entities are decoded once
			if again := value.Clean(text); again != text {
				t.Errorf("Clean(%q) = %q, and once more %q", cell, text, again)
			}
			if again := value.CleanLine(line); again != line {
				t.Errorf("CleanLine(%q) = %q, and once more %q", cell, line, again)
			}
		}
		for _, r := range text {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Errorf("Clean(%q) = %q", cell, text)
			}
		}
		for _, r := range line + value.Show(cell) {
			if unicode.IsControl(r) {
				t.Errorf("CleanLine(%q) = %q, Show %s", cell, line, value.Show(cell))
			}
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, cell := range []string{"7", "7.0", "S01E05", "1x05-06", "Season 1, Episode 5", "第5話", "1,000", "10.000000000000002", "Ep. #5 of 6[1]"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, parse := range []func(string) (value.Numbering, error){value.ParseSeason, value.ParseNumber} {
			n, err := parse(cell)
			if err != nil && n != (value.Numbering{}) {
				t.Errorf("%q is both %v and %v", cell, n, err)
			}
			if n.Season != nil && (*n.Season < 0 || *n.Season > value.MaxSeason) ||
				n.Number != nil && (*n.Number < 0 || *n.Number > value.MaxNumber) {
				t.Errorf("%q is out of the limits", cell)
			}
			if none := n.Season == nil && n.Number == nil; err == nil && none != value.NoNumber(cell) {
				t.Errorf("%q: none is %t", cell, none)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, cell := range []string{"1989-12-17", "17 December 1989", "Sun, Dec 17, '89", "03/04/1985", "01-02-03", "1989年12月17日(日)",
		"December 17, 1989 (1989-12-17)[1]", "1989-12-17T20:00:00.5-05:00", "8:00 pm ET 17 Dec 1989", "32859.5", "19891217200000 +0100"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var column value.DateColumn
		column.Observe(cell)
		_, _ = column.Order()
		for _, order := range []value.DateOrder{value.UnknownOrder, value.DayFirst, value.MonthFirst, value.YearFirst} {
			d, err := value.ParseDate(cell, order)
			if err != nil || d.IsZero() {
				if err == nil && d.Rule == "" && !value.NoText(cell) {
					t.Errorf("%q vanishes", cell)
				}
				continue
			}
			if at, err := time.Parse(time.DateOnly, d.String()); err != nil || at.Year() < value.MinYear || at.Year() > value.MaxYear {
				t.Errorf("%q is %s: %v", cell, d, err)
			}
			if again, err := value.ParseDate(d.String(), order); err != nil || again.String() != d.String() {
				t.Errorf("%q is %s, which is %s: %v", cell, d, again, err)
			}
		}
	})
}
