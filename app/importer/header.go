package importer

import (
	"fmt"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/internal/sheet"
)

// headRows is how many rows may come before the header, and are looked at to tell whether there is one.
const headRows = 50

// findHeader returns the index of the row of head that names the columns, or -1 when the first row is data already: the first
// row with two names or more that are known, and as many unknown ones at most; else the one with the most. Names of a mapping
// are known.
//
// A row of labels with values beside them, such as "Season:" and "2", is no header when one below it has as many known names.
//
// A row with one known name is no header when others above it have as many cells: it may be an episode of that title.
func findHeader(head []sheet.Row, words vocabulary, m Mapping) int {
	mapped := map[string]bool{}
	for _, names := range m {
		for _, name := range names {
			mapped[value.CleanLine(name)] = true
		}
	}
	best, most, widest := -1, 0, 0
	labelled := false // best is a row of labels
	for i, row := range head {
		if row.Err != nil {
			continue
		}
		filled, known, labels := 0, 0, 0
		for _, cell := range row.Cells {
			name := value.CleanLine(cell.Text)
			if strings.HasSuffix(name, ":") || strings.HasSuffix(name, "：") {
				labels++
			}
			if name == "" {
				continue
			}
			filled++
			switch meaning := words.meaning(name); {
			case mapped[name]:
				known += 2
			case meaning.field != "":
				known++
			}
		}
		switch {
		case known >= 2 && 2*known >= filled && !labelled && (labels > 0 || hasValues(row)):
			best, most, labelled = i, known, true
		case known >= 2 && 2*known >= filled && (!labelled || known >= most && labels == 0):
			return i
		case labelled:
		case known > most && filled > widest && !hasValues(row):
			best, most = i, known
		}
		widest = max(widest, filled)
	}
	if best < 0 && len(head) > 0 && !continues(head) {
		return 0
	}
	return best
}

// hasValues reports whether a row has a number or a date, as no header has.
func hasValues(row sheet.Row) bool {
	for _, cell := range row.Cells {
		if class, _ := classOf(cell.Text); class > classText {
			return true
		}
	}
	return false
}

// continues reports whether the first row, whose cells are no known names, is of one kind with those below it: it has a
// number, a date or an ID where they have one, and nowhere a text above them.
func continues(head []sheet.Row) bool {
	alike := false
	for i, cell := range head[0].Cells {
		first, _ := classOf(cell.Text)
		below := classEmpty
		for _, row := range head[1:] {
			class, _ := classOf(cellAt(row, i).Text)
			if class == classEmpty {
				continue
			}
			if below != classEmpty && class != below {
				below = classText
				break
			}
			below = class
		}
		switch {
		case below <= classText || first == classEmpty:
		case first == below:
			alike = true
		case first == classText:
			return false
		}
	}
	return alike
}

// class is what kind of value a cell holds.
type class int

const (
	classEmpty class = iota
	classText
	classNumber
	classCode // S01E02
	classDate
	classID
)

// classOf returns the class of a cell, and with classNumber the number, if it is one of an episode.
func classOf(text string) (class, *int) {
	if n, ok := digits(text); ok {
		return classNumber, &n
	}
	switch {
	case empty(text):
		return classEmpty, nil
	case isID(text):
		return classID, nil
	case !strings.ContainsAny(text, "0123456789０１２３４５６７８９"):
		return classText, nil
	}
	if n, err := value.ParseNumber(text); err == nil {
		if n.Season != nil && n.Number != nil {
			return classCode, nil
		}
		return classNumber, n.Number
	}
	for _, order := range []value.DateOrder{value.DayFirst, value.MonthFirst} {
		if d, err := value.ParseDate(text, order); err == nil && !d.IsZero() {
			return classDate, nil
		}
	}
	return classText, nil
}

// digits reads a number that is digits alone, as nearly all are, and too few of them for a date.
func digits(text string) (n int, ok bool) {
	const most = len("1989121")
	if text == "" || len(text) > most {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}

// empty is value.NoText, quick for what begins with another character than all that it is true of.
func empty(text string) bool {
	if text == "" {
		return true
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9', c >= 'A' && c <= 'Z' && c != 'N', c >= 'a' && c <= 'z' && c != 'n':
		return false
	}
	return value.NoText(text)
}

// isID reports whether text is an ID as Callboard gives them.
func isID(text string) bool {
	const length = len("018f3c5e-7d1a-7000-8000-000000000000")
	return len(text) == length && callboard.ValidID(text)
}

func cellAt(row sheet.Row, i int) sheet.Cell {
	if i < len(row.Cells) {
		return row.Cells[i]
	}
	return sheet.Cell{}
}

// above says what stands above the header, so that nobody misses it.
func above(rows []sheet.Row) string {
	const most = 3
	var b strings.Builder
	for i, row := range rows {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(rows)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		var texts []string
		for _, cell := range row.Cells {
			if text := value.CleanLine(cell.Text); text != "" {
				texts = append(texts, text)
			}
		}
		fmt.Fprintf(&b, "line %d %s", row.Line, value.Show(strings.Join(texts, " ")))
	}
	return "above the header, and not read: " + b.String()
}

// repeats reports whether a row names columns as the header does. It is an error when they are in another order.
func (t *table) repeats(row sheet.Row) (bool, error) {
	if t.Layout.Header == 0 {
		return false, nil
	}
	filled, named, same := 0, 0, 0
	for i, cell := range row.Cells {
		if cell.Text == "" {
			continue
		}
		const longest = 200
		if len(cell.Text) > longest {
			return false, nil
		}
		name := strings.ToLower(value.CleanLine(cell.Text))
		if name == "" {
			continue
		}
		if filled++; !t.names[name] {
			return false, nil
		}
		named++
		if i < len(t.columns) && strings.ToLower(t.columns[i].name) == name {
			same++
		}
	}
	const least = 2 // names; one alone may be a title
	switch {
	case filled < min(least, len(t.names)) || filled == 0:
		return false, nil
	case same == filled && filled*2 >= len(t.names):
		return true, nil
	case named > least:
		return false, callboard.Errorf(callboard.CodeInvalid,
			"line %d is another header, with its columns in another order; make the tables files of their own", row.Line)
	}
	return false, nil
}
