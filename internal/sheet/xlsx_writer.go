package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"github.com/callboard/callboard"
)

// xlsxWriter writes a workbook with one worksheet. All of it goes out at the end: until then, rows beyond 16 MB are in a
// temporary file.
type xlsxWriter struct {
	book      *excelize.File
	rows      *excelize.StreamWriter
	columns   []string
	values    []any // of the row that is being written
	dayStyle  int
	timeStyle int
	escapes   bool // there are escapes behind an escapeMark
}

func newXLSXWriter(w io.Writer, columns []string) (*xlsxWriter, error) {
	book := excelize.NewFile()
	dayStyle, err := book.NewStyle(&excelize.Style{CustomNumFmt: new(`yyyy\-mm\-dd`)})
	if err != nil {
		return nil, err
	}
	timeStyle, err := book.NewStyle(&excelize.Style{CustomNumFmt: new(`yyyy\-mm\-dd\ hh:mm:ss\ "UTC"`)})
	if err != nil {
		return nil, err
	}
	rows, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	s := &xlsxWriter{
		book: book, rows: rows, columns: columns, values: make([]any, len(columns)), dayStyle: dayStyle, timeStyle: timeStyle,
	}
	// Without this, excelize gathers the whole file in memory before it writes.
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return xlsxZip{zip.NewWriter(w), s.escapes} })
	header := make([]any, len(columns))
	for i, name := range columns {
		header[i] = name
	}
	return s, s.row(1, header)
}

func (s *xlsxWriter) row(line int, cells []any) error {
	if line > excelize.TotalRows {
		return callboard.Errorf(callboard.CodeTooLarge,
			"an XLSX sheet holds at most %d rows below its header; choose another format, or fewer rows", excelize.TotalRows-1)
	}
	for i, cell := range cells {
		value, err := s.value(cell)
		if err != nil {
			return err
		}
		text, ok := value.(string)
		if ok && len(text) > excelize.TotalCellChars && len(utf16.Encode([]rune(text))) > excelize.TotalCellChars {
			return callboard.Errorf(callboard.CodeTooLarge,
				"row %d, column %s: the text is longer than the %d characters that a cell of XLSX can hold; choose another format",
				line, s.columns[i], excelize.TotalCellChars)
		}
		s.values[i] = value
	}
	return s.rows.SetRow("A"+strconv.Itoa(line), s.values)
}

// value returns a cell as excelize takes it.
func (s *xlsxWriter) value(cell any) (any, error) {
	switch v := cell.(type) {
	case int, int64, bool:
		return v, nil
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, nil
		}
	case time.Time:
		if at := v.UTC().Truncate(time.Second); isXLSXDate(at) {
			return excelize.Cell{StyleID: s.timeStyle, Value: at}, nil
		}
	case Day:
		if day, err := time.Parse(time.DateOnly, string(v)); err == nil && isXLSXDate(day) {
			return excelize.Cell{StyleID: s.dayStyle, Value: day}, nil
		}
	}
	text, err := plainText(cell)
	if text == "" {
		return nil, err
	}
	return s.escape(text), err
}

// isXLSXDate reports whether a date can be one in a workbook. Spreadsheets do not agree on those before March 1900.
func isXLSXDate(date time.Time) bool { return date.Year() > 1900 && date.Year() < 10_000 }

// escapeMark stands for the first and the last character of an escape, such as _x000B_ (see decodeEscapes), on the way through excelize:
// that has no way to write characters that XML cannot hold, and does not escape all that looks like an escape.
const escapeMark = '\U0010FFFF'

func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == escapeMark
}

func (s *xlsxWriter) escape(text string) string {
	if strings.IndexFunc(text, unwritable) < 0 && !strings.Contains(text, "_x") {
		return text
	}
	s.escapes = true
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == '_' && beginsEscape(text[i:]), unwritable(r) && r != escapeMark:
			fmt.Fprintf(&b, "%cx%04X%[1]c", escapeMark, r)
		case r == escapeMark: // each half of its surrogate pair
			fmt.Fprintf(&b, "%cxDBFF%[1]c%[1]cxDFFF%[1]c", escapeMark)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// beginsEscape reports whether a text is read as an escape, or would be if one followed that begins with the last character of this one.
func beginsEscape(text string) bool {
	_, ok := escapedUnit(text[:min(escapeSize-1, len(text))] + "_")
	return ok
}

// xlsxZip writes the parts of a workbook, with _ in the place of each escapeMark if there are any.
type xlsxZip struct {
	*zip.Writer
	escapes bool
}

func (z xlsxZip) Create(name string) (io.Writer, error) {
	w, err := z.Writer.Create(name)
	if err != nil || !z.escapes {
		return w, err
	}
	return transform.NewWriter(w, runes.Map(func(r rune) rune {
		if r == escapeMark {
			return '_'
		}
		return r
	})), nil
}

func (*xlsxWriter) flush() error { return nil }

func (s *xlsxWriter) close() error {
	err := s.rows.Flush()
	if err == nil {
		err = s.book.Write(io.Discard) // to the writer that SetZipWriter names
	}
	return errors.Join(err, s.discard())
}

func (s *xlsxWriter) discard() error { return s.book.Close() }
