package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/callboard/callboard"
)

// csvRows reads CSV.
type csvRows struct {
	csv    *csv.Reader
	limit  *byteLimit
	breaks *breaks
	header []string
}

// readAhead is what the buffers above a byteLimit may hold of the next row, in bytes.
const readAhead = 16 << 10

func openCSV(text *bufio.Reader, head []byte) (*csvRows, []string, error) {
	comma := delimiterOf(head)
	b := &breaks{r: text, comma: byte(comma), line: 1}
	limited := &byteLimit{r: b}
	s := &csvRows{csv: csv.NewReader(limited), limit: limited, breaks: b}
	s.csv.Comma = comma
	s.csv.FieldsPerRecord = -1 // rows of another width are reported, not the end
	s.csv.LazyQuotes = true
	s.csv.ReuseRecord = true
	header, _, err := s.record()
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil, errEmpty()
	case err != nil && callboard.CodeOf(err) != callboard.CodeInvalid:
		return nil, nil, callboard.Wrap(err, callboard.CodeInvalid, "the first line cannot be read as names of columns")
	case err != nil:
		return nil, nil, err
	}
	s.header = append([]string(nil), header...)
	return s, s.header, nil
}

func (s *csvRows) next() (Row, error) {
	record, line, err := s.record()
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		return Row{Line: parse.StartLine, Err: errors.New("cannot be read: its quotes do not match")}, nil
	}
	if err != nil {
		return Row{}, err
	}
	return rowOf(s.header, record, line), nil
}

func (s *csvRows) record() (record []string, line int, err error) {
	s.limit.left = MaxRow + readAhead
	record, err = s.csv.Read()
	if errors.Is(err, errByteLimit) {
		return nil, 0, errRowTooLong(s.breaks.record)
	}
	if err != nil {
		if _, ok := errors.AsType[*csv.ParseError](err); !ok && !errors.Is(err, io.EOF) {
			err = fmt.Errorf("read sheet: %w", err)
		}
		return nil, 0, err
	}
	line, _ = s.csv.FieldPos(0)
	size := 0
	for _, cell := range record {
		size += len(cell)
	}
	if size > MaxRow {
		return nil, 0, errRowTooLong(line)
	}
	return record, line, nil
}

// breaks doubles the \r of each \r\n inside of quotes: encoding/csv takes one away, and what is inside of quotes is to
// stay as it is. It also knows on which line the last row began, also of one that never ends.
type breaks struct {
	r      io.Reader
	comma  byte
	in     [4 << 10]byte
	out    []byte // not read yet
	space  [8 << 10]byte
	err    error
	state  quoting
	cr     bool // the last byte was a \r
	line   int  // of the next byte
	record int  // line on which the row began
}

// quoting is where in a row of CSV a byte stands.
type quoting int

const (
	betweenRows quoting = iota
	fieldStart
	plain
	quoted
	afterQuote   // which ends the cell, unless another follows
	afterQuoteCR // and a \r, which ends it if a \n follows
)

func (b *breaks) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		var n int
		n, b.err = b.r.Read(b.in[:])
		b.out = b.space[:0]
		for _, c := range b.in[:n] {
			b.put(c)
		}
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

func (b *breaks) put(c byte) {
	if b.state == betweenRows && c != '\n' {
		b.state, b.record = fieldStart, b.line
	}
	b.state = b.after(c)
	if c == '\n' {
		b.line++
		if b.state == quoted && b.cr {
			b.out = append(b.out, '\r')
		}
	}
	b.cr = c == '\r'
	b.out = append(b.out, c)
}

// after returns the state after c. It takes quotes as encoding/csv does when it is lazy.
func (b *breaks) after(c byte) quoting {
	switch b.state {
	case quoted, afterQuoteCR:
		switch {
		case c == '\n' && b.state == afterQuoteCR:
			return betweenRows
		case c == '"':
			return afterQuote
		}
		return quoted
	case afterQuote:
		switch c {
		case b.comma:
			return fieldStart
		case '\n':
			return betweenRows
		case '\r':
			return afterQuoteCR
		}
		return quoted
	case betweenRows: // only line breaks stay here
		return betweenRows
	case fieldStart, plain:
	}
	switch {
	case c == '\n':
		return betweenRows
	case c == b.comma:
		return fieldStart
	case c == '"' && b.state == fieldStart:
		return quoted
	}
	return plain
}
