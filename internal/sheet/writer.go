package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/callboard/callboard"
)

// Options say how a sheet is written.
type Options struct {
	// Inert keeps spreadsheets from taking a text in CSV for a formula: an apostrophe is put in front of it. Unmark takes it
	// off again. The other formats know a text from a formula.
	Inert bool
}

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
		s.out, err = newCSVWriter(w, columns, opts.Inert)
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

// Write adds a row with a cell for each column: nil, string, bool, int, int64, float64, time.Time, or []string, which CSV
// and XLSX get as Join writes it. What the format cannot hold is CodeInvalid or CodeTooLarge. No row can follow an error.
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
	case []string:
		if len(v) == 0 {
			return "", nil
		}
		return Join(v), nil
	}
	return "", fmt.Errorf("sheet: a cell cannot be a %T", cell)
}

type csvWriter struct {
	w      *csv.Writer
	inert  bool
	record []string
}

func newCSVWriter(w io.Writer, columns []string, inert bool) (*csvWriter, error) {
	s := &csvWriter{w: csv.NewWriter(w), inert: inert, record: make([]string, len(columns))}
	return s, s.w.Write(columns)
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
		s.record[i] = text
	}
	return s.w.Write(s.record)
}

func (s *csvWriter) flush() error {
	s.w.Flush()
	return s.w.Error()
}

func (s *csvWriter) close() error { return s.flush() }

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
	case []string:
		return []byte(encodeList(v)), nil
	}
	return nil, fmt.Errorf("sheet: a cell cannot be a %T", cell)
}

func (s *objectWriter) flush() error { return s.w.Flush() }
func (s *objectWriter) close() error { return s.w.Flush() }
