package sheet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"
)

// Options say how a sheet is written.
type Options struct {
	// Inert keeps spreadsheets, whatever separates cells in their locale, from taking a text in CSV, or a part of it, for a formula: an
	// apostrophe is put in front of that. Unmark takes it off again. The other formats know a text from a formula.
	Inert bool
	// NoBOM leaves out the byte order mark at the beginning of CSV, without which Excel takes it for the encoding of its locale.
	NoBOM bool
}

// Day is a date without time, as 2006-01-02: a date in XLSX, and text in the other formats.
type Day string

// Writer writes a sheet row by row. Memory does not grow with the number of rows.
type Writer struct {
	out     rowWriter
	columns []string
	rows    int
	err     error // the file cannot be finished any more
}

// rowWriter writes the rows of one format.
type rowWriter interface {
	row(line int, cells []any) error
	flush() error
	close() error
}

// NewWriter begins a sheet with the given columns. It must be closed or discarded.
func NewWriter(w io.Writer, format Format, columns []string, opts Options) (*Writer, error) {
	s := &Writer{columns: columns}
	var err error
	switch format {
	case CSV:
		s.out, err = newCSVWriter(w, columns, opts)
	case NDJSON:
		s.out = newObjectWriter(w, columns)
	case XLSX:
		s.out, err = newXLSXWriter(w, columns)
	default:
		err = callboard.Errorf(callboard.CodeInvalid, "the format must be csv, ndjson or xlsx")
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Write adds a row with a cell for each column: nil, string, bool, int, int64, float64, time.Time, Day, or []string, which CSV
// and XLSX get as Join writes it. A time has its zone; in XLSX, whose dates have none, it is in UTC and shows that. What the format cannot hold is CodeInvalid or CodeTooLarge. No row can follow an error.
func (s *Writer) Write(cells []any) error {
	if s.err != nil {
		return s.err
	}
	if len(cells) != len(s.columns) {
		s.err = fmt.Errorf("sheet: %d cells for %d columns", len(cells), len(s.columns))
		return s.err
	}
	s.rows++
	s.err = s.out.row(s.rows+1, cells)
	return s.err
}

// Flush writes what is buffered. XLSX has to wait for the end.
func (s *Writer) Flush() error {
	if s.err == nil {
		s.err = s.out.flush()
	}
	return s.err
}

// Close finishes the file. After an error it does not, so that nobody takes the file for whole, and returns the error.
func (s *Writer) Close() error {
	if s.err == nil {
		s.err = s.out.close()
	}
	return s.err
}

// Discard removes what temporary files there are of a sheet that is not to be finished. After Close it does nothing.
func (s *Writer) Discard() {
	if s.err == nil {
		s.err = errors.New("sheet: the file is closed")
	}
	if x, ok := s.out.(*xlsxWriter); ok {
		_ = x.discard()
	}
}

// plainText writes a cell as text, as CSV and, where they are no numbers, XLSX have it.
func plainText(cell any) (string, error) {
	switch v := cell.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case Day:
		return string(v), nil
	case []string:
		if len(v) == 0 {
			return "", nil
		}
		return Join(v), nil
	}
	return "", fmt.Errorf("sheet: a cell cannot be a %T", cell)
}

// csvWriter writes CSV. It quotes more than encoding/csv does: what separates cells in some locale.
type csvWriter struct {
	w     *bufio.Writer
	inert bool
}

func newCSVWriter(w io.Writer, columns []string, opts Options) (*csvWriter, error) {
	s := &csvWriter{bufio.NewWriter(w), opts.Inert}
	if !opts.NoBOM {
		_, _ = s.w.WriteString("\ufeff") // the first error stays, and flush returns it
	}
	header := make([]any, len(columns))
	for i, name := range columns {
		header[i] = name
	}
	return s, s.row(1, header)
}

func (s *csvWriter) row(_ int, cells []any) error {
	for i, cell := range cells {
		text, err := plainText(cell)
		if err != nil {
			return err
		}
		switch cell.(type) {
		case string, []string: // a number such as -1 is no formula
			if s.inert {
				text = inert(text)
			}
		}
		if i > 0 {
			_ = s.w.WriteByte(',')
		}
		if strings.ContainsAny(text, ",;\t\r\n\"") || text != "" && padded(text) {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		_, _ = s.w.WriteString(text)
	}
	return s.w.WriteByte('\n')
}

func (s *csvWriter) flush() error { return s.w.Flush() }
func (s *csvWriter) close() error { return s.w.Flush() }

// objectWriter writes NDJSON.
type objectWriter struct {
	w     *bufio.Writer
	names [][]byte // encoded
}

func newObjectWriter(w io.Writer, columns []string) *objectWriter {
	s := &objectWriter{w: bufio.NewWriter(w)}
	for _, name := range columns {
		s.names = append(s.names, encodeJSON(name))
	}
	return s
}

func (s *objectWriter) row(_ int, cells []any) error {
	before := byte('{')
	for i, cell := range cells {
		value, err := jsonValue(cell)
		if err != nil {
			return err
		}
		_ = s.w.WriteByte(before) // the first error stays, and flush returns it
		_, _ = s.w.Write(s.names[i])
		_ = s.w.WriteByte(':')
		_, _ = s.w.Write(value)
		before = ','
	}
	_, err := s.w.WriteString("}\n")
	return err
}

func jsonValue(cell any) ([]byte, error) {
	switch v := cell.(type) {
	case nil, string, bool, int, int64:
		return encodeJSON(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return encodeJSON(nil), nil
		}
		return encodeJSON(v), nil
	case time.Time:
		return encodeJSON(v.Format(time.RFC3339Nano)), nil
	case Day:
		return encodeJSON(string(v)), nil
	case []string:
		return []byte(encodeList(v)), nil
	}
	return nil, fmt.Errorf("sheet: a cell cannot be a %T", cell)
}

func (s *objectWriter) flush() error { return s.w.Flush() }
func (s *objectWriter) close() error { return s.w.Flush() }
