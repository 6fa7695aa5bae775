package value

import (
	"strconv"
	"strings"
	"time"
)

const (
	notDate    = "is not a date; write it as 1963-11-23"
	noDay      = "has no day; write the whole date, such as 1963-11-23, or leave the cell empty"
	noYear     = "has no year; write the whole date, such as 1963-11-23"
	oddYear    = "has a year that is not of four digits; write it as 1963-11-23"
	badTime    = "has a time that no clock shows; write the date alone, such as 1963-11-23"
	noSuchDay  = "is no day of the calendar; write it as 1963-11-23"
	twoDates   = "names two dates; leave the one that is meant, such as 1963-11-23"
	badWeekday = "has a weekday that this date does not fall on; correct one of them"
)

// reading is what a cell can mean.
type reading struct {
	dates   [orders]Date // by order; at UnknownOrder one that needs none
	none    bool         // the cell says that there is no date
	rule    Rule
	fault   string
	dashed  bool // the year may stand in front, as in ISO 8601
	timed   bool // a time was read
	weekday weekday
}

// weekday is a day of the week plus 1, 0 is none.
type weekday int

// clear returns the date that needs no order.
func (r *reading) clear() Date { return r.dates[UnknownOrder] }

// choose returns what the cell means in a column of the given order, or, if that stays open, two of the dates.
func (r *reading) choose(order DateOrder) (d, other Date) {
	if d = r.clear(); !d.IsZero() || r.none {
		return d, Date{}
	}
	if d = r.dates[order]; !d.IsZero() {
		return d, Date{}
	}
	for o := DayFirst; o < orders; o++ {
		candidate := r.dates[o]
		switch {
		case candidate.IsZero() || candidate.same(d):
		case d.IsZero():
			d = candidate
		case o == YearFirst && !r.dashed: // 25.12.08 and 12/25/08 are not written for 2025
		default:
			return d, candidate
		}
	}
	if order != UnknownOrder && d.Rule == "" {
		d.Rule = OtherOrder
	}
	return d, Date{}
}

// readDate reads a cell: a date, with brackets around it or behind it.
func readDate(cell string) reading {
	text := plain(cell)
	if !strings.ContainsAny(text, "([") {
		return readPart(text)
	}
	outside, groups, ok := cutBrackets(text)
	switch {
	case !ok:
		return reading{fault: notDate}
	case outside == "" && len(groups) == 1:
		outside, groups = strings.TrimSpace(groups[0][1:]), nil
	}
	r := readPart(outside)
	if outside == "" {
		r.fault = notDate
	}
	for _, group := range groups {
		r.bracketed(group[0], strings.TrimSpace(group[1:]))
	}
	return r
}

func readPart(text string) reading {
	switch {
	case text == "":
		return reading{none: true}
	case noDate(text):
		return reading{none: true, rule: NoValue}
	}
	return scanDate(text)
}

// bracketed takes in what stands in brackets behind a date: "December 17, 1989 (1989-12-17)", "17 December 1989[1]",
// "17 December 1989 (UK)".
func (r *reading) bracketed(bracket byte, text string) {
	day, isWeekday := bracketedWeekday(text)
	zone := scanner{text: text}
	zone.zone(r.timed)
	switch {
	case zone.done() && text != "" && r.timed: // (GMT+1)
	case r.fault != "" || bracket == '[' && isFootnote(text):
	case isWeekday:
		r.weekday = day
		r.checkWeekday()
	case strings.ContainsAny(text, "0123456789") && r.none:
		r.fault = notDate
	case strings.ContainsAny(text, "0123456789"):
		*r = r.agree(scanDate(text))
	case r.rule == "":
		r.rule = NoteLeftOut
	}
}

// agree returns what both readings of one cell can mean.
func (r *reading) agree(other reading) reading {
	if other.fault != "" {
		return other
	}
	a, b := *r, other
	if a.clear().IsZero() {
		a, b = b, a
	}
	if a.rule == "" {
		a.rule = b.rule
	}
	if a.clear().IsZero() { // neither is clear: the orders must be the same
		if a.dates != b.dates {
			a.fault = twoDates
		}
		return a
	}
	for _, d := range b.dates {
		if d.same(a.clear()) {
			return a
		}
	}
	a.fault = twoDates
	return a
}

// checkWeekday leaves those dates that fall on the weekday of the cell.
func (r *reading) checkWeekday() {
	if r.weekday == 0 || r.fault != "" {
		return
	}
	fits := false
	var last Date
	for i, d := range r.dates {
		switch {
		case d.IsZero():
		case weekday(d.time().Weekday())+1 == r.weekday:
			fits = true
		default:
			last, r.dates[i] = d, Date{}
		}
	}
	if !fits {
		r.fault = badWeekday
		if !last.IsZero() {
			r.fault = "has a weekday, but " + last.String() + " is a " + last.time().Weekday().String() + "; correct one of them"
		}
	}
}

// cutBrackets returns the text outside of all brackets, and that of each with its opening bracket. Brackets within brackets
// are not ok.
func cutBrackets(text string) (outside string, groups []string, ok bool) {
	var b strings.Builder
	for {
		open := strings.IndexAny(text, "([")
		if open < 0 {
			b.WriteString(text)
			return strings.TrimSpace(b.String()), groups, !strings.ContainsAny(text, ")]")
		}
		closing := byte(')')
		if text[open] == '[' {
			closing = ']'
		}
		end := strings.IndexByte(text[open:], closing)
		if end < 0 || strings.ContainsAny(text[open+1:open+end], "([") {
			return "", nil, false
		}
		b.WriteString(text[:open])
		b.WriteByte(' ')
		groups = append(groups, text[open:open+end])
		text = text[open+end+1:]
	}
}

// scanDate reads a text without brackets.
func scanDate(text string) reading {
	s := scanner{text: text}
	var r reading
	s.filler()
	s.weekday(&r)
	if s.leadingTime(&r) {
		s.weekday(&r)
	}
	if r.fault == "" {
		s.date(&r)
	}
	if r.fault == "" {
		s.tail(&r)
	}
	r.checkWeekday()
	return r
}

func (s *scanner) date(r *reading) {
	digits := s.digits()
	if digits == "" {
		s.monthFirst(r)
		return
	}
	switch {
	case len(digits) == len("19891217"), len(digits) == len("198912172000"), len(digits) == len("19891217200000"):
		s.compact(r, digits)
		return
	case len(digits) == len("32859"):
		s.serial(r, digits)
		return
	case s.take("年") || s.take("년"):
		s.cjk(r, digits)
		return
	case len(digits) > len("1989"):
		r.fault = notDate
		return
	}
	if s.takeWord("st", "nd", "rd", "th", "er", "º", "ª") && len(digits) > 2 {
		r.fault = notDate
		return
	}
	separator := s.separator()
	start := s.at
	if month := s.month(); month > 0 {
		s.separator()
		s.dayOrYearFirst(r, digits, month)
		return
	}
	s.at = start
	s.numeric(r, digits, separator)
}

// separator skips what stands between the parts of a date, and returns its sign: one of . / - and comma, or a space; 0 if
// there is nothing.
func (s *scanner) separator() (sign byte) {
	if s.peek() == ' ' {
		sign = ' '
	}
	s.spaces()
	s.take("'") // 17 Dec '89
	for c := s.peek(); c == '.' || c == '/' || c == '-' || c == ','; c = s.peek() {
		if sign != 0 && sign != ' ' && !(sign == '.' && c != '.') { // 17-Dec.-1989
			return 0
		}
		sign = c
		s.at++
	}
	s.spaces()
	s.filler()
	s.take("'")
	return sign
}

// filler skips the words that languages put around and between the parts of a date.
func (s *scanner) filler() {
	for s.takeWord("the", "of", "de", "del", "d", "le", "el", "am", "den", "on") {
		s.skip(" ")
		s.take("'")
	}
}

func (s *scanner) month() time.Month {
	word := s.word()
	return monthOf(word)
}

// dayOrYearFirst reads the last part of 17 December 1989 or 1989 December 17.
func (s *scanner) dayOrYearFirst(r *reading, first string, month time.Month) {
	last := s.digits()
	if s.peek() == ':' { // 17 Dec 20:00
		s.at -= len(last)
		last = ""
	}
	switch {
	case last == "" && !s.done() && (s.peek() < '0' || s.peek() > '9'):
		r.fault = notDate
	case last == "" && (len(first) > 2 || atoi(first) > 31):
		r.fault = noDay
	case last == "":
		r.fault = noYear
	case len(first) > 2 || atoi(first) > 31:
		s.takeWord("st", "nd", "rd", "th")
		r.set(UnknownOrder, first, int(month), last)
	default:
		r.set(UnknownOrder, last, int(month), first)
	}
}

// monthFirst reads December 17, 1989, and Dec 17 20:00:00 UTC 1989.
func (s *scanner) monthFirst(r *reading) {
	month := s.month()
	if month == 0 {
		r.fault = notDate
		return
	}
	s.separator()
	day := s.digits()
	switch {
	case day == "":
		r.fault = notDate
		return
	case len(day) > 2 || atoi(day) > 31:
		r.fault = noDay
		return
	}
	s.takeWord("st", "nd", "rd", "th")
	s.separator()
	start := s.at
	if s.month() > 0 { // the mar of "mar. 17 déc. 1989" is a Tuesday
		r.fault = notDate
		return
	}
	s.at = start
	if s.leadingTime(r); r.fault != "" {
		return
	}
	year := s.digits()
	if year == "" {
		r.fault = noYear
		return
	}
	r.set(UnknownOrder, year, int(month), day)
}

// numeric reads the rest of 17.12.1989, 12/17/1989, 1989-12-17, 17-12-89.
func (s *scanner) numeric(r *reading, first string, separator byte) {
	second := s.digits()
	if second == "" {
		if r.fault = notDate; s.done() && len(first) == 4 {
			r.fault = noDay
		}
		return
	}
	separator2 := s.separator()
	third := s.digits()
	switch {
	case len(second) == 4 && len(first) <= 2 && third == "" && s.done(), len(first) == 4 && len(second) <= 2 && third == "" && s.done():
		r.fault = noDay
	case third == "" && s.done() && len(first) <= 2 && (separator == '.' || separator == '/' || separator == '-'):
		r.fault = noYear
	case third == "" || separator == 0 || separator == ',' || separator2 != separator || len(second) > 2:
		r.fault = notDate
	case len(first) == 4:
		r.set(UnknownOrder, first, atoi(second), third)
	case len(third) == 4 || len(third) == 2 || len(first) == 2:
		r.dashed = separator == '-'
		r.anyOrder(first, second, third)
	default:
		r.fault = oddYear
	}
}

// anyOrder sets what three numbers mean in each order that makes a date of them.
func (r *reading) anyOrder(first, second, third string) {
	var faults [orders]string
	try := func(order DateOrder, year string, month int, day string) {
		r.set(order, year, month, day)
		faults[order], r.fault = r.fault, ""
	}
	if len(third) != 1 && len(first) <= 2 {
		try(DayFirst, third, atoi(second), first)
		try(MonthFirst, third, atoi(first), second)
	}
	if len(first) == 2 && len(third) <= 2 {
		try(YearFirst, first, atoi(second), third)
	}
	if !r.dates[DayFirst].IsZero() || !r.dates[MonthFirst].IsZero() || !r.dates[YearFirst].IsZero() {
		return
	}
	// Where one number is no month, one order alone can be meant.
	switch a, b := atoi(first) > 12, atoi(second) > 12; {
	case a && !b:
		r.fault = faults[DayFirst]
	case b && !a:
		r.fault = faults[MonthFirst]
	}
	if r.fault == "" {
		r.fault = noSuchDay
	}
}

// set takes three parts for a date, or says why they are none.
func (r *reading) set(order DateOrder, year string, month int, day string) {
	d := Date{Year: atoi(year), Month: time.Month(month), Day: atoi(day)}
	switch len(year) {
	case 4:
	case 2: // as POSIX has it in strptime, %y
		if d.Rule = TwoDigitYear; d.Year >= 69 {
			d.Year += 1900
		} else {
			d.Year += 2000
		}
	default:
		r.fault = oddYear
		return
	}
	if len(day) > 2 {
		r.fault = notDate
		return
	}
	if r.fault = d.fault(); r.fault == "" {
		r.dates[order] = d
	}
}

// compact reads 19891217, 19891217T200000 and 19891217200000; the last is how XMLTV writes a time.
func (s *scanner) compact(r *reading, digits string) {
	clock := digits[len("19891217"):]
	r.timed = clock != ""
	if !r.timed && s.take("t") {
		r.timed, clock = true, s.digits()
	}
	r.set(UnknownOrder, digits[:4], atoi(digits[4:6]), digits[6:8])
	switch {
	case r.fault != "":
		r.fault = notDate // eight digits can be anything
	case !r.timed:
	case len(clock) != len("2000") && len(clock) != len("200000"):
		r.fault = notDate
	case clock[:2] > "23" || clock[2:4] > "59" || clock[4:] > "60":
		r.fault = badTime
	}
}

func (s *scanner) serial(r *reading, digits string) {
	if s.take(".") {
		s.digits()
	}
	d, err := SerialDate(float64(atoi(digits)), false)
	if err != nil || digits[0] == '0' || !s.done() {
		r.fault = notDate
		return
	}
	d.Rule = DayNumber
	r.dates[UnknownOrder] = d
}

// cjk reads the rest of 1989年12月17日.
func (s *scanner) cjk(r *reading, year string) {
	s.spaces()
	month := s.digits()
	if !s.take("月") && !s.take("월") || month == "" || len(month) > 2 {
		r.fault = noDay
		return
	}
	s.spaces()
	day := s.digits()
	if !s.take("日") && !s.take("일") && !s.take("号") || day == "" {
		r.fault = noDay
		return
	}
	r.set(UnknownOrder, year, atoi(month), day)
	if r.fault == "" && !s.done() && s.peek() != ' ' {
		if d, ok := bracketedWeekday(s.rest()); ok {
			r.weekday, s.at = d, len(s.text)
		}
	}
}

// weekday skips the name of a weekday, which must be that of the date.
func (s *scanner) weekday(r *reading) {
	start := s.at
	day, ok := weekdayOf(s.word())
	if !ok {
		s.at = start
		return
	}
	s.take("-feira")
	s.skip(" .,")
	s.filler()
	r.weekday = day
}

// atoi is for digits that a scanner has found; too many of them are no part of a date.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
