package value_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func TestDates(t *testing.T) {
	t.Parallel()
	const d17, d07 = "1989-12-17", "1989-01-07"
	for _, tt := range []struct {
		cell, want string
		rule       value.Rule
	}{
		{"1989-12-17", d17, ""},
		{"1989-1-7", d07, ""},
		{"1989/1/7", d07, ""},
		{"1989.12.17", d17, ""},
		{"1989 12 17", d17, ""},
		{"1989. 12. 17.", d17, ""},
		{"１９８９／１２／１７", d17, ""},
		{"1989‐12‐17", d17, ""}, // hyphens of Unicode
		{"1989–12–17", d17, ""},
		{"19891217", d17, ""},
		{"17.12.1989", d17, ""},
		{"17. 12. 1989", d17, ""},
		{"17/12/1989", d17, ""},
		{"17-12-1989", d17, ""},
		{"17 12 1989", d17, ""},
		{"12/17/1989", d17, ""},
		{"12-17-1989", d17, ""},
		{"05/05/1989", "1989-05-05", ""},
		{"١٧/١٢/١٩٨٩", d17, ""},

		{"17 December 1989", d17, ""},
		{"17 DECEMBER 1989", d17, ""},
		{"17 Dec. 1989", d17, ""},
		{"17 Dec, 1989", d17, ""},
		{"17-Dec-1989", d17, ""},
		{"17.Dec.1989", d17, ""},
		{"17/Dec/1989", d17, ""},
		{"17Dec1989", d17, ""},
		{"17th December 1989", d17, ""},
		{"17th of December, 1989", d17, ""},
		{"the 17th of December 1989", d17, ""},
		{"17 Sept 1989", "1989-09-17", ""},
		{"December 17, 1989", d17, ""},
		{"December 17 1989", d17, ""},
		{"December 17th, 1989", d17, ""},
		{"Dec 17, 1989", d17, ""},
		{"Dec-17-1989", d17, ""},
		{"1989 December 17", d17, ""},
		{"1989-Dec-17", d17, ""},
		{"Mar 17, 1989", "1989-03-17", ""},
		{"February 29, 2000", "2000-02-29", ""},

		{"17. Dezember 1989", d17, ""},
		{"am 17. März 1989", "1989-03-17", ""},
		{"17 décembre 1989", d17, ""},
		{"17 de\u0301cembre 1989", d17, ""}, // an accent of its own
		{"le 1er janvier 1990", "1990-01-01", ""},
		{"17 août 1989", "1989-08-17", ""},
		{"17 de diciembre de 1989", d17, ""},
		{"17 de dezembro de 1989", d17, ""},
		{"17 dicembre 1989", d17, ""},
		{"1989年12月17日", d17, ""},
		{"1989年1月7日", d07, ""},
		{"1989년 12월 17일", d17, ""},

		{"Sunday, December 17, 1989", d17, ""},
		{"Sun 17 Dec 1989", d17, ""},
		{"Sun, 17 Dec 1989 20:00:00 +0000", d17, ""},
		{"17 Dec 1989 (Sun)", d17, ""},
		{"1989-12-17 Sunday", d17, ""},
		{"Sonntag, 17.12.1989", d17, ""},
		{"dimanche 17 décembre 1989", d17, ""},
		{"domingo, 17 de dezembro de 1989", d17, ""},
		{"segunda-feira, 18 de dezembro de 1989", "1989-12-18", ""},
		{"1989年12月17日(日)", d17, ""},
		{"1989年12月17日日曜日", d17, ""},
		{"Sun 12/11/1989", "1989-11-12", ""}, // 11 December was a Monday

		{"17 Dec 1989 20:00", d17, ""},
		{"1989-12-17T20:00:00", d17, ""},
		{"1989-12-17T20:00:00Z", d17, ""},
		{"1989-12-17t20:00z", d17, ""},
		{"1989-12-17T23:30:00-05:00", d17, ""},
		{"1989-12-17T20:00-0500", d17, ""},
		{"1989-12-17 20:00", d17, ""},
		{"1989-12-17 20:00:00 UTC", d17, ""},
		{"1989-12-17 20:00:00+00:00", d17, ""},
		{"1989-12-17 20:00:00.000", d17, ""},
		{"1989-12-17 20:00:00 +0000 UTC", d17, ""},
		{"1989-12-17 00:00:00", d17, ""},
		{"1989-12-17 8:00 pm ET", d17, ""},
		{"1989-12-17Z", d17, ""},
		{"1989-12-17+01:00", d17, ""},
		{"19891217T200000Z", d17, ""},
		{"19891217200000 +0100", d17, ""},
		{"December 17, 1989 at 8pm", d17, ""},
		{"December 17, 1989, 8:00 p.m. EST", d17, ""},
		{"17.12.1989 20.15", d17, ""},
		{"17.12.1989, 20:15 Uhr", d17, ""},
		{"17.12.1989 20 Uhr", d17, ""},
		{"17 décembre 1989 à 20h15", d17, ""},
		{"8:00 pm ET, 17 Dec 1989", d17, ""},
		{"Sun Dec 17 20:00:00 UTC 1989", d17, ""},

		{"17\u00a0December\u00a01989", d17, ""},
		{"17&nbsp;December 1989", d17, ""},
		{"1989-12-17\u200b", d17, ""},
		{"\u200e17 December 1989", d17, ""},
		{"(1989-12-17)", d17, ""},
		{`="1989-12-17"`, d17, ""},
		{"[1989-12-17]", d17, ""},
		{"December 17, 1989 (1989-12-17)", d17, ""},
		{"December 17, 1989\n(1989-12-17)", d17, ""},
		{"03/04/1985 (1985-04-03)", "1985-04-03", ""},
		{"17 December 1989[1]", d17, ""},
		{"17 December 1989 [a][note 2]", d17, ""},
		{"17 December 1989*", d17, ""},
		{"03/04/1985 (3.4.1985) (1985-04-03)", "1985-04-03", ""},

		{"17-Dec-89", d17, value.TwoDigitYear},
		{"17 Dec '89", d17, value.TwoDigitYear},
		{"Dec 17, ’89", d17, value.TwoDigitYear},
		{"12/17/89", d17, value.TwoDigitYear},
		{"17.12.89", d17, value.TwoDigitYear},
		{"89-12-17", d17, value.TwoDigitYear},
		{"17-Dec-68", "2068-12-17", value.TwoDigitYear},
		{"17-Dec-69", "1969-12-17", value.TwoDigitYear},
		{"25.12.08", "2008-12-25", value.TwoDigitYear},
		{"32859", d17, value.DayNumber},
		{"32859.8333", d17, value.DayNumber},
		{"17 December 1989 (UK)", d17, value.NoteLeftOut},
		{"1989-12-17T20:00-05:00[America/New_York]", d17, value.NoteLeftOut},

		{"", "", ""},
		{"\u00a0", "", ""},
		{"TBA", "", value.NoValue},
		{"TBD", "", value.NoValue},
		{"tbc", "", value.NoValue},
		{"unaired", "", value.NoValue},
		{"(TBA)", "", value.NoValue},
		{"TBA[1]", "", value.NoValue},
		{"n/a", "", value.NoValue},
		{"—", "", value.NoValue},
	} {
		got, err := value.ParseDate(tt.cell, value.UnknownOrder)
		if err != nil || got.String() != tt.want || got.Rule != tt.rule {
			t.Errorf("ParseDate(%q) = %s, %q, %v; want %s, %q", tt.cell, got, got.Rule, err, tt.want, tt.rule)
		}
	}
}

func TestDatesRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ cell, reason string }{
		{"1989", "has no day"},
		{"1989-12", "has no day"},
		{"12/1989", "has no day"},
		{"1989/90", "has no day"},
		{"December 1989", "has no day"},
		{"1989 December", "has no day"},
		{"Dec-89", "has no day"},
		{"89-Dec", "has no day"},
		{"1989年12月", "has no day"},
		{"17 December", "has no year"},
		{"December 17", "has no year"},
		{"17/12", "has no year"},
		{"17 Dec 20:00", "has no year"},
		{"1/2/3", "has a year that is not of four digits"},
		{"17 December 989", "has a year that is not of four digits"},
		{"Winter 2020", "is not a date"},
		{"Q4 1989", "is not a date"},
		{"1989-W50-7", "is not a date"},
		{"1989-351", "is not a date"},
		{"c. 1989", "is not a date"},
		{"17 Dec 1989?", "is not a date"},
		{"17–24 December 1989", "is not a date"},
		{"17 Dec 1989 – 24 Dec 1989", "is not a date"},
		{"17 Dec 1989 5 Jan 1990", "is not a date"},
		{"17/12-1989", "is not a date"},
		{"10000-01-01", "is not a date"},
		{"1234567", "is not a date"},
		{"17121989", "is not a date"},
		{"629856000", "is not a date"},
		{"99999", "is not a date"},
		{"yesterday", "is not a date"},
		{"20:00", "is not a date"},
		{"8/7c", "is not a date"},
		{"1989-12-10-12", "is not a date"},
		{"1989-12-17 -18", "is not a date"},
		{"01234", "is not a date"},
		{"17 December 1989 (2)", "is not a date"},
		{"TBA (2025)", "is not a date"},
		{"(UK) (US)", "is not a date"},
		{"[]", "is not a date"},
		{"17 Dec 1989 20", "is not a date"},
		{"17 Dec 1989 20:1", "is not a date"},
		{"17 Dec 1989 200:10", "is not a date"},
		{"19891217T20", "is not a date"},
		{"19891217T", "is not a date"},
		{"198912172561", "has a time that no clock shows"},
		{"December (1989-12-17)", "is not a date"},
		{"1989 Dec Jan", "is not a date"},
		{"17 Dec Jan 1989", "is not a date"},
		{"Mon, Sun 17 Dec 1989", "is not a date"},
		{"Mon, 17 Dec 1989 (Sun)", "1989-12-17 is a Sunday"},
		{"Sun, 17 Dec 1989 (Mon)", "1989-12-17 is a Sunday"},
		{"17 Foo 1989", "is not a date"},
		{"((1989-12-17))", "is not a date"},
		{"(1989-12-17", "is not a date"},
		{"December 17, 1989 (1989-12-18)", "names two dates"},
		{"03/04/1985 (1985-05-03)", "names two dates"},
		{"Monday, 17 December 1989", "1989-12-17 is a Sunday"},
		{"1989年12月17日(月)", "1989-12-17 is a Sunday"},
		{"1989-02-30", "February 1989 has days 1 to 28"},
		{"30/02/1989", "February 1989 has days 1 to 28"},
		{"02/30/1989", "February 1989 has days 1 to 28"},
		{"31 April 1989", "April 1989 has days 1 to 30"},
		{"February 29, 1900", "is not in the years 1901 to 2100"},
		{"1989-12-00", "December 1989 has days 1 to 31"},
		{"1989-17-12", "has 17 for a month"},
		{"13/13/1989", "is no day of the calendar"},
		{"0000-00-00", "is not in the years"},
		{"0001-01-01", "is not in the years"},
		{"1899-12-30", "is not in the years"},
		{"9999-12-31", "is not in the years"},
		{"1989-12-17 24:00:00", "has a time that no clock shows"},
		{"1989-12-17 20:61", "has a time that no clock shows"},
		{"1989-12-17 13:00 pm", "has a time that no clock shows"},
	} {
		got, err := value.ParseDate(tt.cell, value.UnknownOrder)
		if err == nil {
			t.Errorf("ParseDate(%q) = %s", tt.cell, got)
			continue
		}
		if msg := err.Error(); !strings.HasPrefix(msg, value.Show(tt.cell)+" ") || !strings.Contains(msg, tt.reason) {
			t.Errorf("ParseDate(%q): %s, want %s", tt.cell, msg, tt.reason)
		}
	}
}

func TestDateOrder(t *testing.T) {
	t.Parallel()
	const ambiguous = "ambiguous"
	for _, tt := range []struct {
		cell                         string
		unknown, day, month, year    string
		dayRule, monthRule, yearRule value.Rule
	}{
		{cell: "03/04/1985", unknown: ambiguous, day: "1985-04-03", month: "1985-03-04", year: ambiguous},
		{cell: "3.4.1985", unknown: ambiguous, day: "1985-04-03", month: "1985-03-04", year: ambiguous},
		{cell: "17/12/1989", unknown: "1989-12-17", day: "1989-12-17", month: "1989-12-17", year: "1989-12-17",
			monthRule: value.OtherOrder, yearRule: value.OtherOrder},
		{cell: "12/17/1989", unknown: "1989-12-17", day: "1989-12-17", month: "1989-12-17", year: "1989-12-17",
			dayRule: value.OtherOrder, yearRule: value.OtherOrder},
		{cell: "01/02/03", unknown: ambiguous, day: "2003-02-01", month: "2003-01-02", year: "2001-02-03",
			dayRule: value.TwoDigitYear, monthRule: value.TwoDigitYear, yearRule: value.TwoDigitYear},
		{cell: "17-12-15", unknown: ambiguous, day: "2015-12-17", month: ambiguous, year: "2017-12-15",
			dayRule: value.TwoDigitYear, yearRule: value.TwoDigitYear},
		{cell: "1985-03-04", unknown: "1985-03-04", day: "1985-03-04", month: "1985-03-04", year: "1985-03-04"},
		{cell: "1985/03/04", unknown: "1985-03-04", day: "1985-03-04", month: "1985-03-04", year: "1985-03-04"},
		{cell: "Wed 03/04/1985", unknown: "1985-04-03", day: "1985-04-03", month: "1985-04-03", year: "1985-04-03",
			monthRule: value.OtherOrder, yearRule: value.OtherOrder},
	} {
		for order, want := range map[value.DateOrder]struct {
			date string
			rule value.Rule
		}{
			value.UnknownOrder: {tt.unknown, ""}, value.DayFirst: {tt.day, tt.dayRule},
			value.MonthFirst: {tt.month, tt.monthRule}, value.YearFirst: {tt.year, tt.yearRule},
		} {
			got, err := value.ParseDate(tt.cell, order)
			var open *value.AmbiguousDateError
			switch {
			case want.date == ambiguous:
				if !errors.As(err, &open) || open.First == open.Second {
					t.Errorf("ParseDate(%q, %q) = %s, %v, want it to be ambiguous", tt.cell, order, got, err)
				}
			case err != nil || got.String() != want.date || got.Rule != want.rule:
				t.Errorf("ParseDate(%q, %q) = %s, %q, %v; want %v", tt.cell, order, got, got.Rule, err, want)
			}
		}
	}
	_, err := value.ParseDate("03/04/1985", value.UnknownOrder)
	want := `"03/04/1985" can mean 1985-04-03 or 1985-03-04; write the one that is meant, or choose an order of dates: day-first or month-first`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDateColumn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		cells []string
		want  value.DateOrder
		fault []string // parts of the error
	}{
		{name: "empty"},
		{name: "no order needed", cells: []string{"1989-12-17", "17 Dec 1989", "TBA", "", "what", "32859"}},
		{name: "day first", cells: []string{"03/04/1985", "17/04/1985"}, want: value.DayFirst},
		{name: "month first", cells: []string{"03/04/1985", "", "04/17/1985"}, want: value.MonthFirst},
		{name: "year first", cells: []string{"01-02-03", "89-12-17"}, want: value.YearFirst},
		{name: "a weekday settles it", cells: []string{"03/04/1985", "Wed 03/04/1985"}, want: value.DayFirst},
		{name: "two-digit years with points are last", cells: []string{"01.02.09", "25.12.08"}, want: value.DayFirst},
		{name: "clear alone, though they contradict each other", cells: []string{"17/12/1989", "12/17/1989"}},
		{name: "the same day in both orders", cells: []string{"05/05/1985"}},
		{name: "undecidable", cells: []string{"05/05/1985", "03/04/1985", "01/02/1985"},
			fault: []string{`"03/04/1985" can mean 1985-04-03 or 1985-03-04`, "no date of the column tells which", "choose day-first or month-first"}},
		{name: "undecidable with dashes", cells: []string{"01-02-03"}, fault: []string{"choose day-first, month-first or year-first"}},
		{name: "contradiction", cells: []string{"03/04/1985", "17/12/1989", "12/18/1989"},
			fault: []string{`"03/04/1985" can mean`, `"12/18/1989" is not day-first`, `"17/12/1989" is not month-first`, "choose day-first or month-first"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var column value.DateColumn
			for _, cell := range tt.cells {
				column.Observe(cell)
			}
			got, err := column.Order()
			if got != tt.want || (err != nil) != (tt.fault != nil) {
				t.Fatalf("order %q, %v; want %q", got, err, tt.want)
			}
			for _, part := range tt.fault {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestParseDateOrder(t *testing.T) {
	t.Parallel()
	for _, o := range []value.DateOrder{value.UnknownOrder, value.DayFirst, value.MonthFirst, value.YearFirst} {
		if got, err := value.ParseDateOrder(o.String()); err != nil || got != o {
			t.Errorf("ParseDateOrder(%q) = %v, %v", o, got, err)
		}
	}
	if got, err := value.ParseDateOrder("dmy"); err == nil {
		t.Errorf(`ParseDateOrder("dmy") = %v`, got)
	}
}

func TestSerialDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		serial   float64
		date1904 bool
		want     string
	}{
		{32859, false, "1989-12-17"},
		{32859.999988, false, "1989-12-17"},
		{31397, true, "1989-12-17"},
		{0, true, "1904-01-01"},
		{367, false, "1901-01-01"},
		{73415, false, "2100-12-31"},
	} {
		if got, err := value.SerialDate(tt.serial, tt.date1904); err != nil || got.String() != tt.want {
			t.Errorf("SerialDate(%v, %t) = %s, %v; want %s", tt.serial, tt.date1904, got, err, tt.want)
		}
	}
	for _, serial := range []float64{-1, 0, 1, 60, 366, 73416, 1e300, nan()} {
		if got, err := value.SerialDate(serial, false); err == nil {
			t.Errorf("SerialDate(%v) = %s", serial, got)
		}
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestDateString(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff("", value.Date{}.String()); diff != "" {
		t.Error(diff)
	}
	if !(value.Date{Rule: value.NoValue}).IsZero() {
		t.Error("a rule alone is no date")
	}
}
