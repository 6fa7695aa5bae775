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

// formulaError reports whether a text looks like what spreadsheets show in place of a value that cannot be computed: #REF!, #NAME?, ####.
func formulaError(text string) bool {
	return len(text) > 1 && text[0] == '#' && text == strings.ToUpper(text) && !strings.ContainsRune(text, ' ') &&
		(strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || text == "#N/A" || text == "#GETTING_DATA" || strings.Trim(text, "#") == "")
}

// Mark writes a text so that Unmark reads the same one from a cell of any format. One that would be taken for a blank, an error or for
// marked, gets an apostrophe in front; one that is empty, or begins or ends with a space, gets two.
func Mark(text string) string {
	text = atBreaks(text, func(part string) string {
		if strings.HasPrefix(part, "'") && beginsFormula(strings.TrimLeft(part, "'")) {
			return "'" + part
		}
		return part
	})
	switch {
	case text == "" || padded(text) && !formula(text):
		return "''" + text
	case padded(text) || Blank(text) || formulaError(text) || marked(text):
		return "'" + text
	}
	return text
}

// Unmark takes off what Mark, or a Writer that is Inert, has put into a text, and nothing else.
func Unmark(cell string) string {
	cell = atBreaks(cell, func(part string) string {
		if strings.HasPrefix(part, "'") && beginsFormula(strings.TrimLeft(part, "'")) {
			return part[1:]
		}
		return part
	})
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

// marked reports whether Unmark takes something off the beginning. An apostrophe is a mark in front of all that needs one, which may be
// an apostrophe that is a mark.
func marked(cell string) bool {
	for !markedTwice(cell) {
		text, ok := strings.CutPrefix(cell, "'")
		if !ok || text == "" {
			return false
		}
		if formula(text) || Blank(text) || formulaError(text) {
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

// inert keeps a spreadsheet from taking a cell, or what is behind a break in it, for a formula (OWASP, "CSV Injection"): that gets an
// apostrophe in front.
func inert(cell string) string {
	cell = atBreaks(cell, func(part string) string {
		if beginsFormula(part) {
			return "'" + part
		}
		return part
	})
	if formula(cell) {
		return "'" + cell
	}
	return cell
}

// atBreaks rewrites what stands behind each break within a cell. Where lists are separated by semicolons, or by tabs, a spreadsheet
// takes our commas for text: then only quotes at the beginning of a line count, and these characters begin a cell or a line wherever they
// stand. A comma does so only where it is the separator, and there the quotes around the cell count.
func atBreaks(cell string, rewrite func(part string) string) string {
	i := strings.IndexAny(cell, ";\t\r\n")
	if i < 0 {
		return cell
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexAny(cell, ";\t\r\n") {
		b.WriteString(cell[:i+1])
		cell = rewrite(cell[i+1:])
	}
	b.WriteString(cell)
	return b.String()
}

// formula reports whether a spreadsheet may take a cell for a formula.
func formula(cell string) bool {
	return strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || beginsFormula(cell)
}

// beginsFormula passes over spaces and quotes, as some spreadsheets do. The last four characters are for those in Japanese.
func beginsFormula(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, ` "`))
	return strings.ContainsRune("=+-@＝＋－＠", r)
}

// Join writes a list as one cell: "a; b", or as JSON when Split would else read another list.
func Join(list []string) string {
	for _, item := range list {
		if item == "" || padded(item) || Blank(item) || formulaError(item) || strings.ContainsAny(item, ",;|") || item[0] == '[' || item[0] == '\'' {
			text := encodeList(list)
			if inert(text) != text { // nothing may be put into JSON
				text = strings.ReplaceAll(text, ";", `\u003b`)
			}
			return text
		}
	}
	if text := strings.Join(list, "; "); Unmark(text) == text {
		return text
	}
	return encodeList(list)
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
