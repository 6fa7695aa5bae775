package value

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The years in which an episode can air. What spreadsheets and databases show for an empty date lies outside: 0000-00-00,
// 0001-01-01, 1899-12-30, 1900-01-00, 9999-12-31.
const (
	MinYear = 1901
	MaxYear = 2100
)

// Date is a day as it is written, in the time zone that it is written in. The zero value, apart from its Rule, is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
	Rule  Rule
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.Year == 0 }

// String returns d as 1963-11-23, or "" when it is no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// same reports whether a and b are one day.
func (d Date) same(other Date) bool {
	return d.Year == other.Year && d.Month == other.Month && d.Day == other.Day
}

// DateOrder is the order of day, month and year in dates that are digits alone, where the year does not have four of them
// in front.
type DateOrder int

// The orders. Without one, a date that can mean two days is refused.
const (
	UnknownOrder DateOrder = iota
	DayFirst
	MonthFirst
	YearFirst // 89-12-17

	orders
)

// String returns "day-first", "month-first" or "year-first", and "" for no order.
func (o DateOrder) String() string {
	switch o {
	case DayFirst:
		return "day-first"
	case MonthFirst:
		return "month-first"
	case YearFirst:
		return "year-first"
	}
	return ""
}

// ParseDateOrder reads what DateOrder.String returns.
func ParseDateOrder(text string) (DateOrder, error) {
	for o := range orders {
		if o.String() == text {
			return o, nil
		}
	}
	return UnknownOrder, fmt.Errorf("%s is no order of dates; write day-first, month-first or year-first", Show(text))
}

// AmbiguousDateError is of a date that can mean two days, as 03/04/1985 can.
type AmbiguousDateError struct {
	Cell          string
	First, Second Date // what it can mean
}

func (e *AmbiguousDateError) Error() string {
	return fmt.Sprintf("%s can mean %s or %s; write the one that is meant, or choose an order of dates: day-first or month-first",
		Show(e.Cell), e.First, e.Second)
}

// ParseDate reads a cell of a column whose dates have the given order, for which see DateColumn. It reads ISO 8601 dates,
// dates in digits with points, slashes, dashes or spaces, and those with the name of a month in English, German, French, Spanish,
// Portuguese, Italian or Dutch; 1989年12月17日; and the day number of a spreadsheet, if it has five digits. A weekday, a time
// with its zone, footnotes, and the same date once more in brackets may stand beside. An empty cell, and one of NoDate, is
// the zero Date. Errors are an *AmbiguousDateError, or say why the cell is no date.
func ParseDate(cell string, order DateOrder) (Date, error) {
	if d, ok := isoDate(cell); ok {
		return d, nil
	}
	r := readDate(cell)
	if r.fault != "" {
		return Date{}, fmt.Errorf("%s %s", Show(cell), r.fault)
	}
	d, other := r.choose(order)
	if !other.IsZero() {
		return Date{}, &AmbiguousDateError{Cell: cell, First: d, Second: other}
	}
	if d.Rule == "" {
		d.Rule = r.rule
	}
	return d, nil
}

// isoDate reads 1963-11-23, which most cells are.
func isoDate(cell string) (Date, bool) {
	if len(cell) != len(time.DateOnly) || cell[4] != '-' || cell[7] != '-' {
		return Date{}, false
	}
	number := func(digits string) (n int) {
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				return 0
			}
			n = n*10 + int(digits[i]-'0')
		}
		return n
	}
	d := Date{Year: number(cell[:4]), Month: time.Month(number(cell[5:7])), Day: number(cell[8:])}
	return d, d.fault() == ""
}

// fault returns why d is no day on which an episode can air, or "".
func (d Date) fault() string {
	switch {
	case d.Year < MinYear || d.Year > MaxYear:
		return fmt.Sprintf("is not in the years %d to %d; leave the cell empty when there is no date", MinYear, MaxYear)
	case d.Month < 1 || d.Month > 12:
		return fmt.Sprintf("has %d for a month; write a date such as 1963-11-23", int(d.Month))
	}
	if days := time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Day(); d.Day < 1 || d.Day > days {
		return fmt.Sprintf("is no day of the calendar: %s %d has days 1 to %d", d.Month, d.Year, days)
	}
	return ""
}

// SerialDate reads the number by which XLSX counts days, whose fraction is a time: from 1899-12-30, or in workbooks with
// date1904 from 1904-01-01.
func SerialDate(serial float64, date1904 bool) (Date, error) {
	const most = 100_000 // beyond MaxYear in both
	if !(serial >= 0 && serial <= most) {
		return Date{}, fmt.Errorf("%v is not the day number of a date; write a date such as 1963-11-23", serial)
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	t := epoch.AddDate(0, 0, int(math.Floor(serial)))
	d := Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	if fault := d.fault(); fault != "" {
		return Date{}, fmt.Errorf("%v, which is %s, %s", serial, d, fault)
	}
	return d, nil
}

// DateColumn finds out the order of a column's dates: of those that its values allow, only one may be left. Its zero value is
// ready to use.
type DateColumn struct {
	excludes  [orders]string // by order, the first cell that does not allow it
	dashed    bool           // there are cells such as 01-02-03
	ambiguous string         // the first cell that needs an order
	first     Date
	second    Date
}

// Observe takes in a cell of the column. Those that are no date, and those that have no order, tell nothing.
func (c *DateColumn) Observe(cell string) {
	if _, ok := isoDate(cell); ok {
		return
	}
	r := readDate(cell)
	if r.fault != "" || !r.clear().IsZero() || r.none {
		return
	}
	c.dashed = c.dashed || r.dashed
	for o := DayFirst; o < orders; o++ {
		if r.dates[o].IsZero() && c.excludes[o] == "" {
			c.excludes[o] = cell
		}
	}
	if c.ambiguous == "" {
		if d, other := r.choose(UnknownOrder); !other.IsZero() {
			c.ambiguous, c.first, c.second = cell, d, other
		}
	}
}

// Order returns the order of the column. The error names a cell that needs one, when the others do not settle it; the rest of
// the column can be read with UnknownOrder then.
func (c *DateColumn) Order() (DateOrder, error) {
	var left []DateOrder
	for o := DayFirst; o < orders; o++ {
		if c.excludes[o] == "" && (o != YearFirst || c.dashed || len(left) == 0) {
			left = append(left, o)
		}
	}
	switch {
	case len(left) == 1:
		return left[0], nil
	case c.ambiguous == "":
		return UnknownOrder, nil
	case len(left) == 0 && c.excludes[DayFirst] != c.excludes[MonthFirst]:
		return UnknownOrder, fmt.Errorf("%s can mean %s or %s, and the column has both orders: %s is not day-first, %s is not month-first; "+
			"write the dates of the column in one way, or choose day-first or month-first",
			Show(c.ambiguous), c.first, c.second, Show(c.excludes[DayFirst]), Show(c.excludes[MonthFirst]))
	}
	choice := "day-first or month-first"
	if slices.Contains(left, YearFirst) {
		choice = "day-first, month-first or year-first"
	}
	return UnknownOrder, fmt.Errorf("%s can mean %s or %s, and no date of the column tells which; choose %s",
		Show(c.ambiguous), c.first, c.second, choice)
}
