package sheet

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Blank reports whether a cell stands for "no value": sheets often say so with a dash.
func Blank(cell string) bool {
	if len(cell) > len("none") {
		return false
	}
	return slices.Contains([]string{"", "-", "–", "—", "n/a", "na", "null", "none", "?"}, strings.ToLower(cell))
}

// Mark writes a text so that Unmark reads the same one from a cell of any format. One that would be taken for a blank, or for
// marked, gets an apostrophe in front; one that is empty, or begins or ends with a space, gets two.
func Mark(text string) string {
	switch {
	case text == "" || padded(text) && !formula(text):
		return "''" + text
	case padded(text) || Blank(text) || marked(text):
		return "'" + text
	}
	return text
}

// Unmark takes off what Mark, or a Writer that is Inert, has put in front of a text, and nothing else.
func Unmark(cell string) string {
	switch {
	case markedTwice(cell):
		return cell[2:]
	case marked(cell):
		return cell[1:]
	}
	return cell
}

func markedTwice(cell string) bool {
	text, ok := strings.CutPrefix(cell, "''")
	return ok && (text == "" || padded(text) && !formula(text))
}

// marked reports whether Unmark takes something off. An apostrophe is a mark in front of all that needs one, which may be an
// apostrophe that is a mark.
func marked(cell string) bool {
	for !markedTwice(cell) {
		text, ok := strings.CutPrefix(cell, "'")
		if !ok || text == "" {
			return false
		}
		if formula(text) || Blank(text) {
			return true
		}
		cell = text
	}
	return true
}

func padded(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsSpace(first) || unicode.IsSpace(last)
}

// trim takes the spaces off around a cell, but for those behind a mark that keeps them.
func trim(cell string) string {
	cell = strings.TrimLeftFunc(cell, unicode.IsSpace)
	if strings.HasPrefix(cell, "''") || strings.HasPrefix(cell, "'") && formula(cell[1:]) {
		return cell
	}
	return strings.TrimRightFunc(cell, unicode.IsSpace)
}

// inert keeps a spreadsheet from taking a cell for a formula (OWASP, "CSV Injection"): such a cell gets an apostrophe in
// front.
func inert(cell string) string {
	if formula(cell) {
		return "'" + cell
	}
	return cell
}

func formula(cell string) bool { return cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 }

// Join writes a list as one cell: "a; b", or as JSON when Split would else read another list.
func Join(list []string) string {
	for _, item := range list {
		if item == "" || padded(item) || Blank(item) || strings.ContainsAny(item, ",;|") || item[0] == '[' || item[0] == '\'' {
			return encodeList(list)
		}
	}
	return strings.Join(list, "; ")
}

// Split reads a list of texts from a cell: a JSON array, or items with comma, semicolon or bar between them. The latter
// are trimmed, and taken once.
func Split(cell string) []string {
	if Blank(cell) {
		return nil
	}
	if list, ok := listOf([]byte(cell)); ok {
		return list
	}
	var list []string
	for item := range strings.FieldsFuncSeq(Unmark(cell), func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// listOf reads a JSON array of texts.
func listOf(raw []byte) ([]string, bool) {
	if len(raw) == 0 || raw[0] != '[' || !jsontext.Value(raw).IsValid() { // that also refuses half of a surrogate pair
		return nil, false
	}
	var items []*string
	if json.Unmarshal(raw, &items) != nil || slices.Contains(items, nil) {
		return nil, false
	}
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = *item
	}
	return list, true
}

func encodeList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	return string(encodeJSON(list))
}

// encodeJSON leaves < > & as they are, since nothing of it goes into HTML.
func encodeJSON(value any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // texts, booleans and finite numbers always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
