package value

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The highest season, and the highest number of an episode in it. The lowest is 0.
const (
	MaxSeason = 9_999
	MaxNumber = 99_999
)

// Numbering is what a cell says about the place of an episode.
type Numbering struct {
	Season, Number *int // nil: the cell does not say it
	Rule           Rule
}

// ParseSeason reads a cell of a column of seasons: 7, 7.0, S07, "Season 7", "7. Staffel". A cell such as 1x05 fills both
// fields, and one that says "E05" fills the other one. An empty cell, and one of NoNumber, fills none. The error says why the
// cell is no number, as the end of a sentence that begins with the name of the column.
func ParseSeason(cell string) (Numbering, error) { return parseNumbering(cell, season) }

// ParseNumber is ParseSeason for a column of episode numbers: 5, E05, "Ep. 5", "Episode 5", #5, 第5話.
func ParseNumber(cell string) (Numbering, error) { return parseNumbering(cell, episode) }

// kind is what a number counts.
type kind int

const (
	unnamed kind = iota
	season
	episode
)

func parseNumbering(cell string, column kind) (Numbering, error) {
	text := plain(cell)
	if noNumber(text) {
		if text == "" {
			return Numbering{}, nil
		}
		return Numbering{Rule: NoValue}, nil
	}
	n, fault := scanNumbering(text, column)
	if bare, ok := withoutNote(text); ok && fault != "" {
		if n, fault = scanNumbering(bare, column); fault == "" {
			n.Rule = NoteLeftOut
		}
	}
	if fault == "" {
		fault = n.overLimit()
	}
	if fault != "" {
		return Numbering{}, fmt.Errorf("%s %s", Show(cell), fault)
	}
	return n, nil
}

// withoutNote takes off what is in brackets at the end, such as "5 (final)", unless it has a number other than a year.
func withoutNote(text string) (bare string, ok bool) {
	open := strings.LastIndexByte(text, '(')
	if open < 1 || text[len(text)-1] != ')' {
		return text, false
	}
	s := scanner{text: text[open+1 : len(text)-1]}
	const year = 4
	if digits := s.digits(); len(digits) == year && s.done() || !strings.ContainsAny(s.text, "0123456789") {
		return text[:open], true
	}
	return text, false
}

const (
	notWhole    = "is not a whole number; write one such as 7"
	tooLarge    = "is too large; seasons go up to 9999 and episodes to 99999"
	negative    = "is below 0; write a whole number such as 7"
	grouped     = "can mean thousands or a fraction; write digits alone, such as 7 or 7000"
	hexadecimal = "can be an episode of season 0 or a number to base 16; write it as S00E07 or 7"
	twoEpisodes = "names more than one episode; give each a row of its own, with a number such as 7"
	twoSeasons  = "names more than one season; give each episode the one that it is in, such as 7"
)

// item is one number with what it is said to count.
type item struct {
	kind   kind
	number int
	fault  string
	bare   bool // it is digits alone
}

func scanNumbering(text string, column kind) (n Numbering, fault string) {
	s := scanner{text: text}
	first := s.item()
	if first.fault != "" {
		return n, first.fault
	}
	if s.footnotes(); s.done() {
		return n.with(first, column), ""
	}
	if s.ofTotal() {
		n.Rule = TotalLeftOut
		return n.with(first, column), ""
	}
	if first.bare && (s.take("x") || s.take("×")) {
		return s.episodeOf(first.number)
	}
	start := s.at
	s.skip(" .,:;_/-")
	second := s.item()
	if second.fault != "" || first.kind == unnamed || second.kind == unnamed || first.kind == second.kind {
		s.at = start
		return s.ending(n, first.kind, column)
	}
	return s.ending(n.with(first, column).with(second, column), second.kind, column)
}

// episodeOf reads what follows the x of 1x05.
func (s *scanner) episodeOf(seasonNumber int) (Numbering, string) {
	s.spaces()
	it := s.item()
	if it.fault != "" || !it.bare {
		return Numbering{}, notWhole
	}
	if seasonNumber == 0 {
		return Numbering{}, hexadecimal
	}
	return s.ending(Numbering{Season: &seasonNumber, Number: &it.number}, episode, episode)
}

// ending sees to it that nothing follows the last number, which was said to count kind.
func (s *scanner) ending(n Numbering, kind, column kind) (Numbering, string) {
	for more := false; ; more = true {
		if s.footnotes(); s.done() {
			switch {
			case !more:
				return n, ""
			case kind == season || kind == unnamed && column == season:
				return Numbering{}, twoSeasons
			}
			return Numbering{}, twoEpisodes
		}
		start := s.at
		s.skip(" -&+/,~")
		apart := strings.Trim(s.text[start:s.at], " ") != "" && s.text[s.at-1:s.at] != ","
		if s.takeWord("and", "to", "und", "et", "y") || kind != unnamed && s.takeWord("e", "ep", "s", "x") {
			apart = true
		}
		if s.spaces(); !apart || s.digits() == "" {
			return Numbering{}, notWhole
		}
	}
}

func (n Numbering) with(it item, column kind) Numbering {
	kind := it.kindIn(column)
	if kind == season {
		n.Season = &it.number
	} else {
		n.Number = &it.number
	}
	if kind != column && (n.Season == nil || n.Number == nil) {
		n.Rule = OtherColumn
	} else if n.Rule == OtherColumn {
		n.Rule = ""
	}
	return n
}

func (it item) kindIn(column kind) kind {
	if it.kind == unnamed {
		return column
	}
	return it.kind
}

func (n Numbering) overLimit() string {
	switch {
	case n.Season != nil && *n.Season > MaxSeason:
		return "is over 9999, the highest season; write a whole number such as 7"
	case n.Number != nil && *n.Number > MaxNumber:
		return "is over 99999, the highest number of an episode; write a whole number such as 7"
	}
	return ""
}

// item reads "7", "S07", "Season 7", "Episode No. 7", "7th season", "7. Staffel", "第7話".
func (s *scanner) item() item {
	var it item
	named := s.names(&it.kind)
	if s.peek() == '-' {
		s.at++
		if s.digits() == "" {
			return item{fault: notWhole}
		}
		return item{fault: negative}
	}
	s.take("+")
	if it.number, it.fault = s.whole(); it.fault != "" {
		return it
	}
	if it.kind != unnamed {
		return it
	}
	ordinal := s.takeWord("st", "nd", "rd", "th", "ª", "º")
	end := s.at
	if !ordinal {
		s.take(".")
	}
	s.spaces()
	if word := s.word(); len(word) > len("ep") { // not the e of 1e3
		it.kind = kindOf(word)
	}
	if it.kind == unnamed {
		s.at = end
	}
	it.bare = !named && !ordinal && it.kind == unnamed
	return it
}

// names skips what stands before a number, and reports whether there was something.
func (s *scanner) names(k *kind) (named bool) {
	for {
		start := s.at
		if s.take("#") || s.take("№") || s.take("第") {
			named = true
			s.spaces()
			continue
		}
		word := s.word()
		switch kind := kindOf(word); {
		case kind != unnamed && *k == unnamed:
			*k = kind
		case word == "no" || word == "nr" || word == "num" || word == "number" || word == "nº" || word == "n" && s.take("°"):
		default:
			s.at = start
			return named
		}
		named = true
		s.skip(".: ")
	}
}

func kindOf(word string) kind {
	switch word {
	case "s", "season", "series", "staffel", "saison", "temporada", "stagione", "seizoen", "シーズン", "季", "期":
		return season
	case "e", "ep", "eps", "episode", "episodes", "épisode", "episodio", "episódio", "folge", "capítulo", "capitulo", "aflevering",
		"話", "话", "集", "回":
		return episode
	}
	return unnamed
}

// ofTotal skips the total of "3 of 6".
func (s *scanner) ofTotal() bool {
	start := s.at
	if s.takeWord("of", "von") {
		if s.spaces(); s.digits() != "" && s.done() {
			return true
		}
	}
	s.at = start
	return false
}

// whole reads the digits of a whole number, which spreadsheets like to write as 7.0, or as one of the words to twelve.
func (s *scanner) whole() (int, string) {
	start := s.at
	digits := s.digits()
	if digits == "" {
		if n := numberWord(s.word()); n > 0 {
			return n, ""
		}
		return 0, notWhole
	}
	end := s.at
	fraction := ""
	if thousands(s.rest()) {
		return 0, grouped
	}
	if s.take(",") { // 1,0, as where commas are decimal points
		if zeros := s.digits(); zeros != "0" && zeros != "00" || s.peek() == ',' {
			s.at = end
		}
	} else if s.take(".") {
		if fraction = s.digits(); fraction == "" {
			s.at = end
			if s.rest() == "." {
				s.at++
			}
		}
	}
	zeros := strings.Trim(fraction, "0") == ""
	if zeros && len(fraction) == 3 && len(digits) <= 3 && digits[0] != '0' {
		return 0, grouped
	}
	if !zeros {
		const noise = 1e-9 // what is left over when a spreadsheet computes with fractions
		f, err := strconv.ParseFloat(s.text[start:s.at], 64)
		if err != nil || math.Abs(f-math.Round(f)) > noise {
			return 0, notWhole
		}
		digits = strconv.FormatFloat(math.Round(f), 'f', 0, 64)
	}
	digits = strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:]
	if len(digits) > len("99999")+1 {
		return 0, tooLarge
	}
	return atoi(digits), ""
}

// thousands reports whether rest begins as that of 1,000 does.
func thousands(rest string) bool {
	group := scanner{text: rest}
	return group.take(",") && len(group.digits()) == 3
}

// numberWord returns 0 for a word that is no number.
func numberWord(word string) int {
	words := [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	return slices.Index(words[:], word) + 1
}
