package value

// leadingTime skips a time in front of a date, or in its middle: 20:00 17 Dec 1989.
func (s *scanner) leadingTime(r *reading) bool {
	start := s.at
	digits := s.digits()
	if digits == "" || len(digits) > 2 || s.peek() != ':' {
		s.at = start
		return false
	}
	s.at = start
	s.clock(r)
	s.zone(true)
	s.skip(" ,")
	s.filler()
	return true
}

// tail reads what may follow a date: a weekday, a time, a zone.
func (s *scanner) tail(r *reading) {
	s.skip(" .,")
	if s.weekday(r); s.done() {
		return
	}
	if s.takeWord("t", "at", "um", "à", "a", "om") || s.take("@") || s.take("- ") {
		s.skip(" ")
	}
	if c := s.peek(); c >= '0' && c <= '9' {
		s.clock(r)
		r.timed = true
	}
	s.zone(r.timed)
	s.skip(" .")
	if s.footnotes(); !s.done() && r.fault == "" {
		r.fault = notDate
	}
}

// clock reads 20:00, 20:00:00.000, 8:00 pm, 8 p.m., 20.00, 20h00, 20 Uhr.
func (s *scanner) clock(r *reading) {
	hour := s.digits()
	parts := [3]int{atoi(hour)}
	signs := false
	for n := 1; n < len(parts) && len(hour) <= 2; n++ {
		start := s.at
		if !s.take(":") && !s.take("h") && !s.take(".") {
			break
		}
		digits := s.digits()
		if signs = true; digits == "" {
			if s.text[start] != 'h' {
				s.at = start
			}
			break
		}
		if len(digits) != 2 {
			r.fault = notDate
			return
		}
		parts[n] = atoi(digits)
	}
	if s.take(".") || s.take(",") {
		s.digits()
	}
	s.spaces()
	half := s.half()
	if !half && s.takeWord("uhr", "h", "hrs") {
		signs = true
	}
	switch {
	case !signs && !half || len(hour) > 2:
		r.fault = notDate
	case half && (parts[0] < 1 || parts[0] > 12), parts[0] > 23, parts[1] > 59, parts[2] > 60:
		r.fault = badTime
	}
}

// half skips am or pm.
func (s *scanner) half() bool {
	if s.takeWord("am", "pm") {
		return true
	}
	return s.take("a.m.") || s.take("p.m.")
}

// zone skips what says in which zone a date or a time is: the date stays as it is written there. Behind a date alone an
// offset needs its minutes, since 1989-12-10-12 is two days.
func (s *scanner) zone(timed bool) {
	for {
		s.spaces()
		start := s.at
		switch sign := s.peek(); {
		case sign == '+' || sign == '-':
			s.at++
			hours := s.digits()
			minutes := s.take(":") && len(s.digits()) == 2
			named := start > 0 && s.text[start-1] >= 'a' && s.text[start-1] <= 'z' && len(hours) == 1 // GMT+1
			if len(hours) != 2 && !minutes && len(hours) != 4 && !named || !timed && !minutes {
				s.at = start
				return
			}
		case !isZone(s.word()):
			s.at = start
			return
		}
	}
}

func isZone(word string) bool {
	switch word {
	case "z", "utc", "gmt", "wet", "west", "bst", "ist", "cet", "cest", "mez", "mesz", "eet", "eest", "msk", "sast",
		"et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt", "akst", "akdt", "hst", "ast", "adt", "nst", "ndt",
		"jst", "kst", "hkt", "sgt", "aest", "aedt", "acst", "acdt", "awst", "nzst", "nzdt", "brt", "art":
		return true
	}
	return false
}
