package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// worksheet reads the rows of a worksheet as the texts that they show: numbers without their format, except that those
// shown as a date come out as 2006-01-02, with 15:04:05 behind it when there is a time of day; booleans as true and false;
// of a formula its last value; an error as #N/A and the like.
type worksheet struct {
	content  io.ReadCloser
	xml      *xml.Decoder
	budget   *budget
	texts    *sharedTexts
	dates    []bool // by style
	date1904 bool
	header   []string
	line     int // of the row that was read last, or is being read
	within   bool
}

// open finds the header.
func (w *worksheet) open(content io.ReadCloser) error {
	w.content, w.budget = content, &budget{r: content}
	w.xml = xml.NewDecoder(w.budget)
	if err := w.find("sheetData"); err != nil {
		return err
	}
	for {
		cells, err := w.cells()
		if errors.Is(err, io.EOF) {
			return errEmpty()
		}
		if err != nil {
			return err
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) > 0 {
			w.header, err = checkHeader(cells)
			return err
		}
	}
}

func (w *worksheet) close() error {
	if w.content != nil {
		_ = w.content.Close() // it is only read
	}
	return w.texts.close()
}

func (w *worksheet) next() (Row, error) {
	cells, err := w.cells()
	if err != nil {
		return Row{}, err
	}
	return rowOf(w.header, cells, w.line), nil
}

// token returns the next token, which is never io.EOF.
func (w *worksheet) token() (xml.Token, error) {
	token, err := w.xml.Token()
	switch {
	case errors.Is(err, errBudget):
		return nil, errRowTooLong(w.reading())
	case errors.Is(err, io.EOF):
		return nil, damaged(io.ErrUnexpectedEOF)
	case err != nil:
		return nil, damaged(err)
	}
	return token, nil
}

// reading returns the line of the row that is being read.
func (w *worksheet) reading() int {
	if w.within {
		return w.line
	}
	return w.line + 1
}

func (w *worksheet) find(element string) error {
	w.budget.left = maxPart
	for {
		token, err := w.token()
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == element {
			return nil
		}
	}
}

// cells returns the cells of the next row, or io.EOF after the last one.
func (w *worksheet) cells() ([]string, error) {
	w.budget.left, w.within = maxRowXML, false
	for {
		token, err := w.token()
		if err != nil {
			return nil, err
		}
		switch element := token.(type) {
		case xml.StartElement:
			if element.Name.Local == "row" {
				if err := w.setLine(element); err != nil {
					return nil, err
				}
				return w.row()
			}
		case xml.EndElement:
			if element.Name.Local == "sheetData" {
				return nil, w.finish()
			}
		}
	}
}

func (w *worksheet) setLine(row xml.StartElement) error {
	line, err := strconv.Atoi(attribute(row, "r"))
	if err != nil {
		line = w.line + 1
	}
	if line <= w.line {
		return damaged(errors.New("sheet: the rows are not in order"))
	}
	w.line, w.within = line, true
	return nil
}

// finish reads the part to its end, where the archive finds out whether it is whole.
func (w *worksheet) finish() error {
	if _, err := io.Copy(io.Discard, w.content); err != nil {
		return damaged(err)
	}
	return io.EOF
}

func (w *worksheet) row() ([]string, error) {
	var cells []string
	size, column := 0, -1
	for {
		token, err := w.token()
		if err != nil {
			return nil, err
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "row" {
			return cells, nil
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "c" {
			continue
		}
		column = columnOf(attribute(start, "r"), column+1)
		cell, err := w.cell(start)
		if err != nil {
			return nil, err
		}
		if size += len(cell); size > MaxRow {
			return nil, errRowTooLong(w.line)
		}
		if cell == "" {
			continue
		}
		if column >= MaxColumns {
			return nil, errTooManyColumns()
		}
		for len(cells) <= column {
			cells = append(cells, "")
		}
		cells[column] = cell
	}
}

// cell returns what a cell shows. Its value is in <v>, or in <is> when the text is not shared.
func (w *worksheet) cell(start xml.StartElement) (string, error) {
	value, inline := "", ""
	for {
		token, err := w.token()
		if err != nil {
			return "", err
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch element.Name.Local {
			case "v":
				value, err = textWithin(w.token, false)
			case "is":
				inline, err = textWithin(w.token, true)
			default:
				_, err = textWithin(w.token, false)
			}
			if err != nil {
				return "", err
			}
		case xml.EndElement:
			if kind := attribute(start, "t"); kind != "inlineStr" {
				return w.shown(kind, attribute(start, "s"), value)
			}
			return unescape(inline), nil
		}
	}
}

func (w *worksheet) shown(kind, style, value string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(value)
		if err != nil {
			return "", damaged(err)
		}
		return w.texts.get(n)
	case "str":
		return unescape(value), nil
	case "b":
		return strconv.FormatBool(isTrue(value)), nil
	case "d":
		return strings.TrimSuffix(strings.Replace(value, "T", " ", 1), " 00:00:00"), nil
	case "e":
		return value, nil
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value, nil
	}
	if s, err := strconv.Atoi(style); err == nil && s >= 0 && s < len(w.dates) && w.dates[s] {
		if date, ok := dateOf(number, w.date1904); ok {
			return date, nil
		}
	}
	if math.IsInf(number, 0) || math.IsNaN(number) || math.Abs(number) >= 1e21 {
		return value, nil
	}
	return strconv.FormatFloat(number, 'f', -1, 64), nil // a file has 1.1 as 1.1000000000000001
}

// textWithin returns the text up to the end of the element that has just begun. Of a rich text, it is all that is within
// <t> and not a reading aid.
func textWithin(token func() (xml.Token, error), rich bool) (string, error) {
	var b strings.Builder
	var within []string
	for {
		next, err := token()
		if err != nil {
			return "", err
		}
		switch t := next.(type) {
		case xml.StartElement:
			within = append(within, t.Name.Local)
		case xml.EndElement:
			if len(within) == 0 {
				return b.String(), nil
			}
			within = within[:len(within)-1]
		case xml.CharData:
			if !rich || len(within) > 0 && within[0] != "rPh" && within[len(within)-1] == "t" {
				b.Write(t)
			}
		}
	}
}

func attribute(element xml.StartElement, name string) string {
	for _, attr := range element.Attr {
		if attr.Name.Local == name && attr.Name.Space == "" {
			return attr.Value
		}
	}
	return ""
}

// columnOf returns the column of a reference such as AB12, from 0 on.
func columnOf(reference string, otherwise int) int {
	n := 0
	for _, c := range reference {
		if c < 'A' || c > 'Z' || n > 1<<16 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	if n == 0 {
		return otherwise
	}
	return n - 1
}

// isDateFormat tells of the number formats that Excel does not write down (ECMA-376, part 1, 18.8.30) whether they show dates.
func isDateFormat(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// isDateCode tells of a number format whether it shows dates: it then has one of their letters, outside of literal text.
func isDateCode(code string) bool {
	skip := false // the next character is literal
	closing := rune(0)
	for _, c := range strings.ToLower(code) {
		switch {
		case closing != 0:
			if c == closing {
				closing = 0
			}
		case skip:
			skip = false
		case c == '\\' || c == '_' || c == '*':
			skip = true
		case c == '"':
			closing = '"'
		case c == '[':
			closing = ']'
		case strings.ContainsRune("ymdhs", c):
			return true
		}
	}
	return false
}

// dateOf reads a date as Excel counts it: in days, of which the sixtieth of the calendar of 1900, 29 February, never was.
func dateOf(days float64, date1904 bool) (string, bool) {
	if days < 0 || days >= 2_958_466 { // 10000-01-01
		return "", false
	}
	whole := math.Floor(days)
	seconds := math.Round((days - whole) * 86_400)
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case whole < 60:
		base = base.AddDate(0, 0, 1)
	}
	t := base.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second)
	switch {
	case whole == 0 && !date1904:
		return t.Format(time.TimeOnly), true
	case seconds == 0:
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// unescape reads _x000D_ and the like, by which XLSX writes characters that XML cannot (ECMA-376, part 1, 22.9.2.19).
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, "_x")
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		text = text[i:]
		if c, ok := escaped(text); ok {
			b.WriteRune(c)
			text = text[len("_x0000_"):]
		} else {
			b.WriteString(text[:2])
			text = text[2:]
		}
	}
}

// escaped returns the character that text begins with an escape of.
func escaped(text string) (rune, bool) {
	if len(text) < len("_x0000_") || text[6] != '_' || text[:2] != "_x" {
		return 0, false
	}
	c, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(c), err == nil
}

// errNoText is for a cell that names a shared text that is not there.
func errNoText(n int) error { return damaged(fmt.Errorf("sheet: there is no shared text %d", n)) }
