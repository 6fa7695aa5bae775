package value

import "strings"

// ParseHeading reads a line that stands above the episodes of a season: "Season 2", "2. Staffel (2002)", "S2 - The Return". The season is nil
// when it is a heading that names none, such as "Season II" or "Specials".
func ParseHeading(cell string) (number *int, isHeading bool) {
	const longest = 200
	if len(cell) > longest {
		return nil, false
	}
	if n, err := ParseNumber(cell); err == nil && n.Number != nil {
		return nil, false
	}
	text := plain(cell)
	s := scanner{text: text}
	if first := s.item(); first.fault == "" && first.kind == season && first.number <= MaxSeason {
		s.footnotes()
		switch rest := strings.TrimLeft(s.rest(), " "); {
		case s.done():
			return &first.number, true
		case strings.HasPrefix(rest, "(") || strings.IndexByte(":-,|/", rest[0]) >= 0 && isName(strings.TrimLeft(rest, " :-,|/")):
			return &first.number, true
		}
	}
	switch text {
	case "special", "specials", "extra", "extras", "bonus", "webisodes", "shorts":
		return nil, true
	}
	s.at = 0
	if s.digits() != "" { // 2nd season of
		s.takeWord("st", "nd", "rd", "th")
		s.skip(". ")
	}
	word := s.word()
	return nil, len(word) > 1 && kindOf(word) == season || word == "seasons"
}

// isName reports whether text can be the name of a season, or its years, rather than another number: Season 1-2, S01: Episode 5.
func isName(text string) bool {
	s := scanner{text: text}
	if digits := s.digits(); digits != "" {
		const year = 4
		return len(digits) == year && (s.done() || strings.IndexByte(" -/", s.peek()) >= 0)
	}
	word := s.word()
	return text != "" && (kindOf(word) != episode || strings.HasSuffix(word, "s"))
}
