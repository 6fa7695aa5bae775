package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"callboard"
)

// xlsxWriter writes a workbook with one worksheet. All of it goes out at the end: until then, rows beyond 16 MB are in a
// temporary file.
type xlsxWriter struct {
	book      *excelize.File
	rows      *excelize.StreamWriter
	columns   []string
	values    []any // of the row that is being written
	dateStyle int
}

func newXLSXWriter(w io.Writer, columns []string) (*xlsxWriter, error) {
	book := excelize.NewFile()
	// Without this, excelize gathers the whole file in memory before it writes.
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	dateStyle, err := book.NewStyle(&excelize.Style{CustomNumFmt: new(`yyyy\-mm\-dd\ hh:mm:ss`)})
	if err != nil {
		return nil, err
	}
	rows, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	s := &xlsxWriter{book: book, rows: rows, columns: columns, values: make([]any, len(columns)), dateStyle: dateStyle}
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
		if ok && len(text) > excelize.TotalCellChars && utf16Length(text) > excelize.TotalCellChars {
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
		// Dates that spreadsheets do not agree on, before March 1900, stay text.
		if v.Year() > 1900 && v.Year() < 10_000 {
			return excelize.Cell{StyleID: s.dateStyle, Value: v.UTC().Truncate(time.Second)}, nil
		}
	}
	text, err := plainText(cell)
	if text == "" {
		return nil, err
	}
	return text, err
}

func utf16Length(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
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
