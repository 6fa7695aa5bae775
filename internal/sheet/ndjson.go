package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/callboard/callboard"
)

var (
	errNotObject = errors.New("is not a JSON object")
	errNotFlat   = errors.New("holds more than texts, numbers, booleans and lists of texts")
	errTwice     = errors.New("has the same name twice")
	errSurrogate = errors.New("holds half of a surrogate pair, such as \\ud800 alone")
)

// objectLines reads NDJSON. Texts are taken as they are, not trimmed; numbers and booleans as they are written, null as an
// empty cell, and a list of texts as its JSON.
type objectLines struct {
	r    *bufio.Reader
	line int
	buf  []byte
}

func (s *objectLines) next() (Row, error) {
	s.line++
	line, err := s.read()
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: s.line}
	if line = bytes.TrimSpace(line); len(line) > 0 {
		row.Cells, row.Err = objectCells(line)
	}
	if len(row.Cells) > MaxColumns {
		return Row{}, callboard.Errorf(callboard.CodeInvalid, "line %d has more than %d columns", s.line, MaxColumns)
	}
	return row, nil
}

// read returns the next line. A last one without an end counts.
func (s *objectLines) read() ([]byte, error) {
	s.buf = s.buf[:0]
	for {
		part, err := s.r.ReadSlice('\n')
		s.buf = append(s.buf, part...)
		switch {
		case len(s.buf) > MaxRow:
			return nil, errRowTooLong(s.line)
		case err == nil, errors.Is(err, io.EOF) && len(s.buf) > 0:
			return s.buf, nil
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("read sheet: %w", err)
		}
	}
}

var (
	objectStart = regexp.MustCompile(`^\s*\{\s*["}]`)
	arrayStart  = regexp.MustCompile(`^\s*\[\s*\{`)
)

// objectNames returns the names that the lines in head have, in order, and whether head begins as an object does. Lines that
// are none, the first one too, are reported by the reader of the rows.
func objectNames(head []byte) (names []string, ok bool, err error) {
	if arrayStart.Match(head) {
		return nil, false, callboard.Errorf(callboard.CodeInvalid, "the file is a JSON array; write one object on each line, without brackets and commas around them")
	}
	if !objectStart.Match(head) {
		return nil, false, nil
	}
	for line := range bytes.Lines(head) {
		_ = eachMember(bytes.TrimSpace(line), func(name string, _ json.RawMessage) error { // as far as it goes: the last one may be cut
			if !slices.Contains(names, name) && len(names) <= MaxColumns {
				names = append(names, name)
			}
			return nil
		})
	}
	if len(names) == 0 {
		return nil, false, callboard.Errorf(callboard.CodeInvalid, "the file begins as NDJSON does, but no line in its beginning is a JSON object that has names")
	}
	return names, true, nil
}

func objectCells(line []byte) (map[string]string, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("holds characters that are not UTF-8")
	}
	if json.Valid(line) && !jsontext.Value(line).IsValid(jsontext.AllowDuplicateNames(true)) { // json would put another character there
		return nil, errSurrogate
	}
	cells := map[string]string{}
	seen := map[string]bool{}
	err := eachMember(line, func(name string, raw json.RawMessage) error {
		if seen[name] {
			return errTwice
		}
		seen[name] = true
		cell, err := cellOf(raw)
		if err == nil && cell != "" {
			cells[name] = cell
		}
		return err
	})
	return cells, err
}

// eachMember calls fn for each member of the one JSON object that line is.
func eachMember(line []byte, fn func(name string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return errNotObject
	}
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return errNotObject
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return errNotObject
		}
		if err := fn(strings.TrimSpace(name), value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return errNotObject
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errNotObject
	}
	return nil
}

func cellOf(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case 'n':
		return "", nil
	case '{':
		return "", errNotFlat
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	case '[':
		list, ok := listOf(raw)
		if !ok {
			return "", errNotFlat
		}
		return encodeList(list), nil
	default:
		return string(raw), nil
	}
}
