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
	errNotFlat   = errors.New("holds more than texts, numbers, booleans and lists of texts")
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
func objectNames(t *text) (*columnNames, error) {
	s := &objectLines{text: t, line: 1, names: &columnNames{index: map[string]int{}}}
	for {
		line, err := s.read()
		if errors.Is(err, io.EOF) {
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
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file begins as NDJSON does, but none of its lines is a JSON object that has names")
	}
	return s.names, nil
}

// objectLines reads NDJSON. Texts are taken as they are, not trimmed; numbers and booleans as they are written, null as an
// empty cell, and a list of texts as its JSON.
type objectLines struct {
	text  *text
	names *columnNames
	line  int // of what comes next
	json  jsontext.Decoder
	seen  []int // by column, the last line that has it
}

func (s *objectLines) next() (Row, error) {
	line, err := s.read()
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: s.line - 1}
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

// read returns the next line. A last one without an end counts.
func (s *objectLines) read() ([]byte, error) {
	var long []byte // the beginning of a line that is too long to be held
	for {
		data, last := s.text.rest()
		if len(data) == 0 && last {
			if long != nil {
				s.line++
				return long, nil
			}
			return nil, io.EOF
		}
		if i := bytes.IndexByte(data, '\n'); i >= 0 || last {
			if i < 0 {
				i = len(data) - 1
			}
			s.text.skip(i + 1)
			s.line++
			if long != nil {
				return long, nil
			}
			return data[:i+1], nil
		}
		more, err := s.text.more()
		if err != nil {
			return nil, err
		}
		if !more {
			if long == nil {
				long = bytes.Clone(data)
			}
			s.text.skip(len(data))
		}
	}
}

func (s *objectLines) cells(line []byte) ([]Cell, error) {
	cells := make([]Cell, len(s.names.list))
	err := s.members(line, func(column int, value jsontext.Value) (err error) {
		if s.seen[column] == s.line {
			return errTwice
		}
		s.seen[column] = s.line
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
		return Cell{}, errNotFlat
	case '"':
		text, err := jsontext.AppendUnquote(nil, raw)
		return Cell{Text: string(text)}, err
	case '[':
		list, ok := listOf(raw)
		if !ok {
			return Cell{}, errNotFlat
		}
		return Cell{Text: encodeList(list), Kind: List}, nil
	case '0':
		return Cell{Text: string(raw), Kind: Number}, nil
	default:
		return Cell{Text: string(raw), Kind: Bool}, nil
	}
}
