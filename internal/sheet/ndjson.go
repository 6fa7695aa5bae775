package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/callboard/callboard"
)

var (
	errNotObject = errors.New("is not a JSON object")
	errCutOff    = errors.New("would be the end of the JSON array, which is missing: the file may be cut off")
	errTwice     = errors.New("has the same name twice")
	errSurrogate = errors.New("holds half of a surrogate pair, such as \\ud800 alone")
)

// columnNames are the names of the columns of NDJSON, in the order in which they appear.
type columnNames struct {
	list  []string
	index map[string]int // by the name as JSON
}

// column returns the place of a name, which it adds if it is new.
func (n *columnNames) column(name jsontext.Value) int {
	if i, known := n.index[string(name)]; known {
		return i
	}
	plain, _ := jsontext.AppendUnquote(nil, name) // the decoder has checked it
	text := strings.TrimSpace(string(plain))
	i := slices.Index(n.list, text)
	if i < 0 {
		i = len(n.list)
		n.list = append(n.list, text)
	}
	if len(n.index) < 4*MaxColumns { // a name can be written in many ways
		n.index[string(name)] = i
	}
	return i
}

// objectNames returns the names that the objects of a text have, which it reads to its end. Lines that are no object, the first
// one too, are reported by the reader of the rows.
func objectNames(t *text, array bool) (*columnNames, error) {
	s := &objectLines{text: t, array: array, line: 1, names: &columnNames{index: map[string]int{}}}
	for {
		_, line, err := s.read()
		if errors.Is(err, io.EOF) || errors.Is(err, errCutOff) {
			break
		}
		if err != nil {
			return nil, err
		}
		_ = s.members(line, func(column int, _ jsontext.Value) error {
			if column >= MaxColumns {
				return errTooManyColumns()
			}
			return nil
		})
		if len(s.names.list) > MaxColumns {
			return nil, errTooManyColumns()
		}
	}
	if len(s.names.list) == 0 {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file begins as JSON does, but holds no objects that have names; write one object on each line, or a list of them in brackets")
	}
	return s.names, nil
}

// objectLines reads NDJSON, or the objects of a JSON array. Texts are taken as they are, not trimmed; numbers and booleans as they are written,
// null as an empty cell, and a list of texts as its JSON.
type objectLines struct {
	text   *text
	array  bool
	closed bool // the array
	names  *columnNames
	line   int // of what comes next
	json   jsontext.Decoder
	row    int
	seen   []int // by column, the last row that has it
}

func (s *objectLines) next() (Row, error) {
	number, line, err := s.read()
	if errors.Is(err, errCutOff) {
		return Row{Line: number, Err: errCutOff}, nil
	}
	if err != nil {
		return Row{}, err
	}
	s.row++
	row := Row{Line: number}
	switch line = bytes.TrimSpace(line); {
	case len(line) > MaxRow:
		row.Err, line = errLongRow(), line[:rawLimit]
	case len(line) > 0:
		row.Cells, row.Err = s.cells(line)
	}
	if row.Err != nil {
		row.Cells, row.Raw = nil, readable(line)
	}
	return row, nil
}

// read returns the next object, and the line on which it begins.
func (s *objectLines) read() (number int, object []byte, err error) {
	for {
		data, last := s.text.rest()
		if len(data) == 0 && last {
			return s.end()
		}
		start, size := 0, bytes.IndexByte(data, '\n')+1
		if s.array {
			start, size = s.element(data)
		}
		if size == 0 && !last {
			more, err := s.text.more()
			if err != nil {
				return 0, nil, err
			}
			if more {
				continue
			}
			return s.skipLong(data)
		}
		if size == 0 {
			size = len(data)
		}
		number = s.line + bytes.Count(data[:start], []byte("\n"))
		s.line += bytes.Count(data[:size], []byte("\n"))
		s.text.skip(size)
		if len(bytes.TrimSpace(data[start:size])) > 0 {
			return number, data[start:size], nil
		}
	}
}

// end is io.EOF, but for an array that is cut off.
func (s *objectLines) end() (int, []byte, error) {
	if !s.array || s.closed {
		return 0, nil, io.EOF
	}
	s.closed = true
	return s.line, nil, errCutOff
}

// skipLong passes over the rest of a line that is too long, or of an object after which no other can be found.
func (s *objectLines) skipLong(data []byte) (number int, object []byte, err error) {
	number, object = s.line, bytes.Clone(data)
	for {
		data, last := s.text.rest()
		end := bytes.IndexByte(data, '\n') + 1
		if last && (end == 0 || s.array) {
			end = len(data)
		}
		if last || end > 0 && !s.array {
			s.line += bytes.Count(data[:end], []byte("\n"))
			s.text.skip(end)
			return number, object, nil
		}
		s.line += bytes.Count(data, []byte("\n"))
		s.text.skip(len(data))
		if _, err := s.text.more(); err != nil {
			return 0, nil, err
		}
	}
}

// element returns where the next element of an array stands in data; size is 0 when its end is not there. What is no object ends with its
// line.
func (s *objectLines) element(data []byte) (start, size int) {
	for start < len(data) && strings.IndexByte(" \t\r\n,[]", data[start]) >= 0 {
		s.closed = s.closed || data[start] == ']'
		start++
	}
	if start == len(data) {
		return start, start
	}
	if data[start] != '{' {
		if i := bytes.IndexByte(data[start:], '\n'); i >= 0 {
			return start, start + i
		}
		return start, 0
	}
	depth, quoted := 0, false
	for i := start; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return start, i + 1
			}
		}
	}
	return start, 0
}

func (s *objectLines) cells(line []byte) ([]Cell, error) {
	cells := make([]Cell, len(s.names.list))
	err := s.members(line, func(column int, value jsontext.Value) (err error) {
		if s.seen[column] == s.row {
			return errTwice
		}
		s.seen[column] = s.row
		cells[column], err = cellOf(value)
		return err
	})
	if err == nil {
		err = s.text.check(cells)
	}
	return cells, err
}

// members calls fn for each member of the one JSON object that line is.
func (s *objectLines) members(line []byte, fn func(column int, value jsontext.Value) error) error {
	s.json.Reset(bytes.NewBuffer(line))
	if open, err := s.json.ReadToken(); err != nil || open.Kind() != '{' {
		return errNotObject
	}
	for s.json.PeekKind() != '}' {
		name, err := s.json.ReadValue()
		if err != nil {
			return objectError(line, err)
		}
		column := s.names.column(name)
		value, err := s.json.ReadValue()
		if err != nil {
			return objectError(line, err)
		}
		if err := fn(column, value); err != nil {
			return err
		}
	}
	_, _ = s.json.ReadToken() // the brace
	if _, err := s.json.ReadToken(); !errors.Is(err, io.EOF) {
		return errNotObject
	}
	return nil
}

func objectError(line []byte, err error) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return errTwice
	case json.Valid(line): // which passes over it, and would put another character there
		return errSurrogate
	}
	return errNotObject
}

func cellOf(raw jsontext.Value) (Cell, error) {
	switch raw.Kind() {
	case 'n':
		return Cell{}, nil
	case '{':
		return Cell{Text: string(raw), Kind: Nested}, nil
	case '"':
		text, err := jsontext.AppendUnquote(nil, raw)
		return Cell{Text: string(text)}, err
	case '[':
		list, ok := listOf(raw)
		if !ok {
			return Cell{Text: string(raw), Kind: Nested}, nil
		}
		return Cell{Text: encodeList(list), Kind: List}, nil
	case '0':
		return Cell{Text: string(raw), Kind: Number}, nil
	default:
		return Cell{Text: string(raw), Kind: Bool}, nil
	}
}
