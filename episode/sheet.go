package episode

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"callboard"
)

// sheetPeek is how much of a file is looked at to tell its encoding and delimiter, in bytes.
const sheetPeek = 64 << 10

// maxColumns bounds the width of a sheet.
const maxColumns = 500

// sheet reads a spreadsheet export row by row: comma, semicolon, tab or bar between cells; UTF-8 with or without a byte
// order mark, UTF-16 with one, or Windows-1252.
type sheet struct {
	csv    *csv.Reader
	header []string
}

// row is one line of data. Line is that of the file, where the row begins, with the header on line 1.
type row struct {
	line  int
	cells map[string]string
	err   error // the row cannot be read; the next one may
}

// openSheet reads the header. Errors are CodeInvalid.
func openSheet(r io.Reader) (*sheet, error) {
	text, err := decodeText(r)
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(sheetPeek)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	s := &sheet{csv: csv.NewReader(text)}
	s.csv.Comma = delimiterOf(head)
	s.csv.FieldsPerRecord = -1 // rows of another width are reported, not the end
	s.csv.LazyQuotes = true
	header, err := s.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file is empty")
	case err != nil:
		return nil, callboard.Wrap(err, callboard.CodeInvalid, "the first line cannot be read as names of columns")
	}
	s.header, err = checkHeader(header)
	return s, err
}

func checkHeader(header []string) ([]string, error) {
	if len(header) > maxColumns {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file has more than %d columns", maxColumns)
	}
	seen := map[string]bool{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if !utf8.ValidString(name) {
			return nil, callboard.Errorf(callboard.CodeInvalid, "the names of the columns are not UTF-8")
		}
		if name != "" && seen[name] {
			return nil, callboard.Errorf(callboard.CodeInvalid, "two columns have the same name")
		}
		seen[name], header[i] = true, name
	}
	return header, nil
}

// next returns the next row that is not empty, or io.EOF.
func (s *sheet) next() (row, error) {
	for {
		record, err := s.csv.Read()
		if errors.Is(err, io.EOF) {
			return row{}, io.EOF
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return row{line: parse.StartLine, err: errors.New("cannot be read: its quotes do not match")}, nil
		}
		if err != nil {
			return row{}, fmt.Errorf("read sheet: %w", err)
		}
		line, _ := s.csv.FieldPos(0)
		if r := s.rowOf(record, line); r.err != nil || len(r.cells) > 0 {
			return r, nil
		}
	}
}

// rowOf names the cells. Missing cells at the end are empty; additional ones must be.
func (s *sheet) rowOf(record []string, line int) row {
	r := row{line: line, cells: make(map[string]string, len(record))}
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
		case !utf8.ValidString(cell):
			r.err = errors.New("holds characters that are not UTF-8")
			return r
		case i >= len(s.header):
			r.err = fmt.Errorf("has %d cells where the header names %d columns", len(record), len(s.header))
			return r
		default:
			r.cells[s.header[i]] = cell
		}
	}
	return r
}

// decodeText returns r as UTF-8 without byte order mark.
func decodeText(r io.Reader) (*bufio.Reader, error) {
	raw := bufio.NewReaderSize(r, sheetPeek)
	head, err := raw.Peek(sheetPeek)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	var decoder encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		decoder = unicode.UTF8BOM
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		decoder = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case validHead(head):
		return raw, nil
	default:
		decoder = charmap.Windows1252 // what spreadsheets on Windows write when they do not write UTF-8
	}
	return bufio.NewReaderSize(decoder.NewDecoder().Reader(raw), sheetPeek), nil
}

// validHead reports whether head is UTF-8, but for a character that its end may have cut.
func validHead(head []byte) bool {
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRune(head); len(head) == 0 || r != utf8.RuneError || size != 1 {
			break
		}
		head = head[:len(head)-1]
	}
	return utf8.Valid(head)
}

// delimiterOf returns the delimiter that occurs most in the first line, outside of quotes; a comma when none does.
func delimiterOf(head []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(head) {
		if c == '\n' && !quoted {
			break
		}
		if c == '"' {
			quoted = !quoted
		}
		if !quoted && strings.ContainsRune(",;\t|", c) {
			counts[c]++
		}
	}
	best := ','
	for _, c := range ",;\t|" {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}
