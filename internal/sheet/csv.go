package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvRows reads CSV.
type csvRows struct {
	dialect
	text   *text
	line   int // of what comes next
	inside int // so many lines of what comes next are inside of quotes that may be stray
	quote  int // the line on which these quotes open
}

func openCSV(t *text) (*csvRows, error) {
	sample, last, err := t.peek(sampleSize)
	if err != nil {
		return nil, err
	}
	c := &csvRows{text: t, line: 1, dialect: dialect{swapped: isSwapped(sample)}}
	if end, next, ok := c.lineEnd(sample, last); ok {
		if delimiter, ok := separatorLine(sample[:end]); ok {
			c.delimiter = delimiter
			t.skip(next)
			sample, c.line = sample[next:], 2
		}
	}
	c.dialect = c.detect(sample)
	return c, nil
}

func (c *csvRows) next() (Row, error) {
	for {
		data, last := c.text.rest()
		if last && len(data) == 0 {
			return Row{}, io.EOF
		}
		if end, next, ok := c.lineEnd(data, last); ok && c.inside > 0 {
			c.inside--
			err := fmt.Errorf("is inside of quotes that open on line %d and may be stray: it may be a row of its own", c.quote)
			return c.give(Row{Err: err, Raw: readable(data[:end])}, next, 1), nil
		}
		rec, ok := c.record(data, last)
		if !ok {
			more, err := c.text.more()
			if err != nil {
				return Row{}, err
			}
			if more {
				continue
			}
			if rec, ok = c.record(data, true); !ok || rec.size == len(data) {
				return c.longLine()
			}
		}
		return c.row(data, rec), nil
	}
}

func (c *csvRows) row(data []byte, rec record) Row {
	row := Row{Cells: rec.cells, Err: rec.err}
	switch {
	case rec.doubtful:
		c.quote, c.inside = c.line, rec.lines-1
		_, rec.size, _ = c.lineEnd(data, true)
		rec.lines = 1
		row = Row{Err: fmt.Errorf("has a quote that may be stray: it closes on line %d only, and lines between look like rows of their own", c.line+c.inside)}
	case rec.size > MaxRow:
		row = Row{Err: errLongRow()}
	case len(rec.cells) > MaxColumns && !emptyCells(rec.cells[MaxColumns:]):
		row = Row{Err: fmt.Errorf("has %d cells; more than %d columns cannot be read", len(rec.cells), MaxColumns)}
	case row.Err == nil:
		row.Err = c.text.check(rec.cells)
	}
	if row.Err != nil {
		row.Cells = nil
		row.Raw = readable(bytes.TrimRight(data[:min(rec.size, MaxRow)], "\r\n"))
	}
	return c.give(row, rec.size, rec.lines)
}

// give ends a row that begins on the next line.
func (c *csvRows) give(row Row, size, lines int) Row {
	row.Line = c.line
	c.line += lines
	c.text.skip(size)
	return row
}

// longLine passes over a line that is longer than what is held of a file.
func (c *csvRows) longLine() (Row, error) {
	data, _ := c.text.rest()
	row := Row{Line: c.line, Err: errLongRow(), Raw: readable(data[:rawLimit])}
	for {
		data, last := c.text.rest()
		if _, next, ok := c.lineEnd(data, last); ok {
			c.text.skip(next)
			c.line++
			return row, nil
		}
		c.text.skip(max(len(data)-1, 0)) // the last byte may be half of a line break
		if _, err := c.text.more(); err != nil {
			return Row{}, err
		}
	}
}

func errLongRow() error { return fmt.Errorf("is longer than %d MB", MaxRow>>20) }

// rawLimit is how much of a line is kept that is too long.
const rawLimit = 1 << 10

func readable(raw []byte) string { return strings.ToValidUTF8(string(raw), "\uFFFD") }

// dialect is how a CSV file is written.
type dialect struct {
	delimiter byte
	width     int  // cells that most rows have; 0 when that is not known
	swapped   bool // lines end with \n\r
	shape
}

// record is a row as a dialect reads it from the beginning of a text.
type record struct {
	cells    []Cell
	size     int // in bytes, with its line break
	lines    int
	err      error // the line cannot be read; what follows it is not part of it
	doubtful bool  // lines inside of its quotes look like rows
}

// lineEnd returns where the first line of data ends and the next one begins. It is not ok when that is not in data, which is the
// last part of a file or not. Lines end with \n, \r\n or \r, whatever their neighbours do.
func (d dialect) lineEnd(data []byte, last bool) (end, next int, ok bool) {
	for i, c := range data {
		if c != '\n' && c != '\r' {
			continue
		}
		if pair := c == '\r' != d.swapped; pair {
			if i+1 == len(data) && !last {
				return 0, 0, false
			}
			if i+1 < len(data) && data[i+1] == '\r'+'\n'-c {
				return i, i + 2, true
			}
		}
		return i, i + 1, true
	}
	return len(data), len(data), last
}

// record reads the first row of data. It is not ok when data does not hold all of it and is not the last of the file.
func (d dialect) record(data []byte, last bool) (record, bool) {
	end, next, ok := d.lineEnd(data, last)
	if !ok {
		return record{}, false
	}
	line := data[:end]
	if bytes.IndexByte(line, '"') < 0 {
		return record{cells: d.split(string(line)), size: next, lines: 1}, true
	}
	row, state := d.quoted(data, last, false)
	if state == broken && bytes.Contains(line, []byte(`\"`)) {
		if escaped, s := d.quoted(data, last, true); s != broken && (s == cut || len(escaped.cells) == d.width) {
			row, state = escaped, s
		}
	}
	if state == cut && !last {
		return record{}, false
	}
	tooLong := state == whole && row.lines > 1 && row.size > MaxRow
	if state == whole && !tooLong {
		if len(row.cells) == d.width || row.lines == 1 || !d.areRows(data[:row.size]) {
			return row, true
		}
	}
	row = record{size: next, lines: 1}
	row.cells = d.literals(string(line))
	switch {
	case row.cells != nil:
	case state == cut || tooLong:
		row.err = errors.New("has a quote that is never closed, or only far below")
	default:
		row.err = errors.New(`has a quote that is not closed where its cell ends; quotes inside of a quoted cell are doubled: "say ""hi"""`)
	}
	return row, true
}

// split splits a line at each delimiter.
func (d dialect) split(line string) []Cell {
	cells := make([]Cell, 0, max(d.width, 4))
	for {
		i := strings.IndexByte(line, d.delimiter)
		if i < 0 {
			return append(cells, Cell{Text: line})
		}
		cells = append(cells, Cell{Text: line[:i]})
		line = line[i+1:]
	}
}

// literals returns the cells of a line whose quotes are part of its texts, or nil when there is a doubt: the line must have as many cells
// as others.
func (d dialect) literals(line string) []Cell {
	cells := d.split(line)
	if len(cells) != d.width {
		return nil
	}
	for i, cell := range cells {
		text, ok := literal(cell.Text)
		if !ok {
			return nil
		}
		cells[i].Text = text
	}
	return cells
}

// literal understands a cell that begins with a quote by where its quotes open and close: "Weird Al" Yankovic is a text with quotes, and "He
// said "hi" to me" is one inside of quotes.
func literal(cell string) (text string, ok bool) {
	trimmed := strings.Trim(cell, " ")
	if !strings.HasPrefix(trimmed, `"`) {
		return cell, true
	}
	open, deepest, closed := 0, 0, 0
	for i := range len(trimmed) {
		if trimmed[i] != '"' {
			continue
		}
		opens := i == 0 || strings.IndexByte(" ([", trimmed[i-1]) >= 0
		closes := i == len(trimmed)-1 || strings.IndexByte(" )].,;:!?'-", trimmed[i+1]) >= 0
		switch {
		case opens == closes:
			return "", false
		case opens:
			open++
			deepest = max(deepest, open)
		case open == 0:
			return "", false
		default:
			if open--; open == 0 {
				closed++
			}
		}
	}
	switch {
	case open > 0 || deepest > 2:
		return "", false
	case deepest == 1:
		return cell, true
	}
	return trimmed[1 : len(trimmed)-1], closed == 1 && strings.HasSuffix(trimmed, `"`)
}

// areRows reports whether each line of a row that has more than one would be a row by itself: it has as many cells as other rows, and
// is no sentence.
func (d dialect) areRows(data []byte) bool {
	for len(data) > 0 {
		end, next, _ := d.lineEnd(data, true)
		line := data[:end]
		if d.cells(line) != d.width || d.width < 2 || d.isSentence(line) {
			return false
		}
		data = data[next:]
	}
	return true
}

// state is how far a row with quotes could be read.
type state int

const (
	whole  state = iota
	cut          // a quote is not closed in the data
	broken       // behind a closing quote stands neither a delimiter nor the end of the line
)

// quoted reads the first row of data by RFC 4180, but that there may be spaces around quotes and, with backslash, quotes inside of them are
// escaped as \" and not doubled.
func (d dialect) quoted(data []byte, last, backslash bool) (row record, s state) {
	cells := make([]Cell, 0, max(d.width, 4))
	var talls []tall
	at := 0
	for {
		start := at
		for start < len(data) && data[start] == ' ' {
			start++
		}
		if start < len(data) && data[start] == '"' {
			inside := data[start+1:]
			length, ok := closingQuote(inside, backslash)
			if !ok {
				return record{}, cut
			}
			if bytes.ContainsAny(inside[:length], "\r\n") {
				talls = append(talls, tall{len(cells), inside[:length]})
			}
			cells = append(cells, Cell{Text: unescape(inside[:length], backslash)})
			at = start + 1 + length + 1
			for at < len(data) && data[at] == ' ' {
				at++
			}
		} else {
			start = at
			for at < len(data) && data[at] != d.delimiter && data[at] != '\n' && data[at] != '\r' {
				at++
			}
			cells = append(cells, Cell{Text: string(data[start:at])})
		}
		if at < len(data) && data[at] == d.delimiter {
			at++
			continue
		}
		if at < len(data) && data[at] != '\n' && data[at] != '\r' {
			return record{}, broken
		}
		_, next, ok := d.lineEnd(data[at:], last)
		if !ok {
			return record{}, cut
		}
		at += next
		doubtful := slices.ContainsFunc(talls, func(cell tall) bool { return d.looksLikeRows(cell, len(cells) != d.width) })
		return record{cells: cells, size: at, lines: d.lines(data[:at]), doubtful: doubtful}, whole
	}
}

// closingQuote returns where the quote is that ends a cell.
func closingQuote(inside []byte, backslash bool) (int, bool) {
	for i := 0; i < len(inside); i++ {
		switch {
		case backslash && inside[i] == '\\':
			i++
		case inside[i] != '"':
		case !backslash && i+1 < len(inside) && inside[i+1] == '"':
			i++
		default:
			return i, true
		}
	}
	return 0, false
}

func unescape(inside []byte, backslash bool) string {
	if backslash {
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(string(inside))
	}
	return strings.ReplaceAll(string(inside), `""`, `"`)
}

func (d dialect) lines(data []byte) int {
	n := 0
	for len(data) > 0 {
		_, next, _ := d.lineEnd(data, true)
		data = data[next:]
		n++
	}
	return n
}

// isSwapped reports whether lines end with \n\r, as those of some old systems.
func isSwapped(sample []byte) bool {
	breaks := bytes.Count(sample, []byte("\n"))
	i := bytes.IndexAny(sample, "\r\n")
	return i >= 0 && sample[i] == '\n' && bytes.Count(sample, []byte("\n\r")) >= max(breaks-1, 1)
}

// separatorLine reads the line "sep=;", by which Excel is told of the delimiter.
func separatorLine(line []byte) (delimiter byte, ok bool) {
	line = bytes.Trim(line, `"`)
	if len(line) != 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || !strings.ContainsRune("\t ,;|:!#^~", rune(line[4])) {
		return 0, false
	}
	return line[4], true
}

// detect returns the delimiter that splits most of the sample's rows into the same number of cells, and that number. Titles above the
// header, and cells that hold delimiters without quotes, do not sway it as they would if the first line decided.
func (d dialect) detect(sample []byte) dialect {
	delimiters := []byte{'\t', ',', ';', '|'}
	if d.delimiter != 0 {
		delimiters = []byte{d.delimiter}
	}
	best, most := dialect{delimiter: ',', width: 1, swapped: d.swapped}, 0.0
	if d.delimiter != 0 {
		best.delimiter = d.delimiter
	}
	for _, delimiter := range delimiters {
		try := dialect{delimiter: delimiter, swapped: d.swapped}
		width, share := try.measure(sample)
		if score := share + 0.02*float64(min(width, 10)); width > 1 && score > most {
			most, try.width = score, width
			best = try
		}
	}
	return best.withShape(sample)
}

// measure returns the width that most rows of the sample have, and their share.
func (d dialect) measure(sample []byte) (width int, share float64) {
	widths := map[int]int{}
	rows := 0
	for len(sample) > 0 {
		rec, _ := d.record(sample, true)
		if rec.err != nil { // what it would have without quotes is better than nothing
			rec.cells = d.split(string(sample[:rec.size]))
		}
		sample = sample[rec.size:]
		if !emptyCells(rec.cells) {
			weight := 2
			if rec.lines > 1 { // its quotes may be stray
				weight = 1
			}
			rows += weight
			widths[len(rec.cells)] += weight
		}
	}
	for w, n := range widths {
		if n > widths[width] || n == widths[width] && w > width {
			width = w
		}
	}
	return width, float64(widths[width]) / float64(max(rows, 1))
}
