package value_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	s := func(n int) value.Numbering { return value.Numbering{Season: &n} }
	e := func(n int) value.Numbering { return value.Numbering{Number: &n} }
	both := func(season, number int) value.Numbering { return value.Numbering{Season: &season, Number: &number} }
	by := func(rule value.Rule, n value.Numbering) value.Numbering { n.Rule = rule; return n }
	none := value.Numbering{Rule: value.NoValue}
	for _, tt := range []struct {
		cell           string
		season, number value.Numbering // as a column of either has it
	}{
		{"7", s(7), e(7)},
		{"7.0", s(7), e(7)},
		{"07", s(7), e(7)},
		{"007", s(7), e(7)},
		{"7.00", s(7), e(7)},
		{"+7", s(7), e(7)},
		{"0", s(0), e(0)},
		{"0.000", s(0), e(0)},
		{"5.", s(5), e(5)},
		{"1 ", s(1), e(1)},
		{"\u00a08", s(8), e(8)},
		{"9\u200b", s(9), e(9)},
		{"５", s(5), e(5)},
		{"٥", s(5), e(5)},
		{"1.0000000001", s(1), e(1)},
		{"10.000000000000002", s(10), e(10)},
		{"6.9999999999999996", s(7), e(7)},
		{"2005", s(2005), e(2005)},
		{"9999", s(9999), e(9999)},
		{"101", s(101), e(101)}, // perhaps a production code, but that is not for us to know
		{"#5", s(5), e(5)},
		{"No. 5", s(5), e(5)},
		{"n° 5", s(5), e(5)},
		{"№5", s(5), e(5)},
		{"5[1]", s(5), e(5)},
		{"5 [a]", s(5), e(5)},
		{"5*", s(5), e(5)},
		{"5†", s(5), e(5)},
		{"5th", s(5), e(5)},
		{"'05", s(5), e(5)},
		{`="007"`, s(7), e(7)},
		{"Seven", s(7), e(7)},

		{"5 (final)", by(value.NoteLeftOut, s(5)), by(value.NoteLeftOut, e(5))},
		{"Season 5 (final)", by(value.NoteLeftOut, s(5)), by(value.NoteLeftOut, s(5))},
		{"5 (2004)", by(value.NoteLeftOut, s(5)), by(value.NoteLeftOut, e(5))},

		{"S01", s(1), by(value.OtherColumn, s(1))},
		{"Season 1", s(1), by(value.OtherColumn, s(1))},
		{"SEASON ONE", s(1), by(value.OtherColumn, s(1))},
		{"Series 1", s(1), by(value.OtherColumn, s(1))},
		{"Staffel 1", s(1), by(value.OtherColumn, s(1))},
		{"7. Staffel", s(7), by(value.OtherColumn, s(7))},
		{"2nd Season", s(2), by(value.OtherColumn, s(2))},
		{"第2季", s(2), by(value.OtherColumn, s(2))},
		{"E05", by(value.OtherColumn, e(5)), e(5)},
		{"Ep. 5", by(value.OtherColumn, e(5)), e(5)},
		{"Ep5", by(value.OtherColumn, e(5)), e(5)},
		{"Episode 5", by(value.OtherColumn, e(5)), e(5)},
		{"Episode No. 5", by(value.OtherColumn, e(5)), e(5)},
		{"Episode #5", by(value.OtherColumn, e(5)), e(5)},
		{"Folge 5", by(value.OtherColumn, e(5)), e(5)},
		{"5. Folge", by(value.OtherColumn, e(5)), e(5)},
		{"第5話", by(value.OtherColumn, e(5)), e(5)},
		{"5話", by(value.OtherColumn, e(5)), e(5)},

		{"1x05", both(1, 5), both(1, 5)},
		{"1×05", both(1, 5), both(1, 5)},
		{"1 x 05", both(1, 5), both(1, 5)},
		{"S01E05", both(1, 5), both(1, 5)},
		{"S00E10", both(0, 10), both(0, 10)},
		{"s1e5", both(1, 5), both(1, 5)},
		{"S1 E5", both(1, 5), both(1, 5)},
		{"S01.E05", both(1, 5), both(1, 5)},
		{"S1:E5", both(1, 5), both(1, 5)},
		{"S01 - E05", both(1, 5), both(1, 5)},
		{"Season 1, Episode 5", both(1, 5), both(1, 5)},
		{"Staffel 1 Folge 5", both(1, 5), both(1, 5)},
		{"Episode 5, Season 1", both(1, 5), both(1, 5)},

		{"3 of 6", by(value.TotalLeftOut, s(3)), by(value.TotalLeftOut, e(3))},

		{"", value.Numbering{}, value.Numbering{}},
		{"\u200b", value.Numbering{}, value.Numbering{}},
		{"Special", none, none},
		{"N/A", none, none},
		{"-", none, none},
		{"?", none, none},
		{"TBA", none, none},
	} {
		if got, err := value.ParseSeason(tt.cell); err != nil || !cmp.Equal(got, tt.season) {
			t.Errorf("ParseSeason(%q): %v %s", tt.cell, err, cmp.Diff(tt.season, got))
		}
		if got, err := value.ParseNumber(tt.cell); err != nil || !cmp.Equal(got, tt.number) {
			t.Errorf("ParseNumber(%q): %v %s", tt.cell, err, cmp.Diff(tt.number, got))
		}
	}
}

func TestNumbersRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ cell, reason string }{
		{"7.5", "is not a whole number; write one such as 7"},
		{"7,5", "is not a whole number"},
		{".5", "is not a whole number"},
		{".0", "is not a whole number"},
		{"5a", "is not a whole number"},
		{"VII", "is not a whole number"},
		{"Ⅶ", "is not a whole number"},
		{"7½", "is not a whole number"},
		{"5²", "is not a whole number"},
		{"Pilot", "is not a whole number"},
		{"1e3", "is not a whole number"},
		{"1.0e0", "is not a whole number"},
		{"1_000", "is not a whole number"},
		{"1 000", "is not a whole number"},
		{"Season", "is not a whole number"},
		{"S01E", "is not a whole number"},
		{"Season 1: Pilot", "is not a whole number"},
		{"Part 2", "is not a whole number"},
		{"1x05 Pilot", "is not a whole number"},
		{"#", "is not a whole number"},
		{"--1", "is not a whole number"},
		{"1989-12-17", "names more than one"},
		{"-1", "is below 0"},
		{"−1", "is below 0"},
		{"S-1", "is below 0"},
		{"1,000", "can mean thousands or a fraction"},
		{"1.000", "can mean thousands or a fraction"},
		{"12.000", "can mean thousands or a fraction"},
		{"1,234,567", "can mean thousands or a fraction"},
		{"0x10", "season 0 or a number to base 16"},
		{"1-2", "names more than one"},
		{"1/2", "names more than one"},
		{"1&2", "names more than one"},
		{"1, 2", "names more than one"},
		{"1 and 2", "names more than one"},
		{"S01E05-E06", "names more than one episode"},
		{"S01E05E06", "names more than one episode"},
		{"S01E05-S01E06", "names more than one episode"},
		{"1x05-06", "names more than one episode"},
		{"1x05-1x06", "names more than one episode"},
		{"E05/E06", "names more than one episode"},
		{"S1-S2", "names more than one season"},
		{"100000", "is over 99"},
		{"100001", "is over 99"},
		{"S10000E5", "is over 9999, the highest season"},
		{"S1E100000", "is over 99999, the highest number"},
		{"2147483648", "is too large"},
		{"9999999999999999999", "is too large"},
		{"9999999999999999999.5", "is too large"},
	} {
		for column, parse := range map[string]func(string) (value.Numbering, error){"season": value.ParseSeason, "number": value.ParseNumber} {
			got, err := parse(tt.cell)
			if err == nil {
				t.Errorf("%s %q is read as %v", column, tt.cell, got)
				continue
			}
			want := value.Show(tt.cell) + " "
			if msg := err.Error(); !strings.HasPrefix(msg, want) || !strings.Contains(msg, tt.reason) {
				t.Errorf("%s %q: %s, want %s%s", column, tt.cell, msg, want, tt.reason)
			}
		}
	}
}
