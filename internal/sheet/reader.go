package sheet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// Row is one row of data.
type Row struct {
	Line  int               // of the file, where the row begins; of the worksheet in XLSX. The header of a table is line 1
	Cells map[string]string // by the name of their column; empty cells are not in it
	Err   error             // the row cannot be read; the next one may
}

// Reader reads a sheet row by row.
type Reader struct {
	format Format
	header []string
	source source
	close  func() error
	rows   int
}

// source reads the rows of one format.
type source interface {
	// next returns the next row, which may have no cells, or io.EOF.
	next() (Row, error)
}

// Open reads the header of the file that r holds in its first size bytes. The format is detected from the content: a ZIP archive
// is XLSX, a text that begins as a JSON object does is NDJSON, and all else is CSV, with comma, semicolon, tab or bar between
// cells, in UTF-8 with or without a byte order mark, UTF-16 with one, or Windows-1252.
//
// The header of CSV and XLSX is the first row that is not empty. NDJSON has none: there it is the names in the lines that
// begin within the first 64 KB, in the order in which they appear; later lines may have further names.
//
// A file that cannot be read is CodeInvalid, and one that is beyond MaxArchive or MaxUnzipped CodeTooLarge. The reader
// must be closed.
func Open(r io.ReaderAt, size int64) (*Reader, error) {
	head := make([]byte, len(magicOLE))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	if binary, err := isArchive(head[:n]); err != nil {
		return nil, err
	} else if binary {
		return openXLSX(r, size)
	}
	return openText(io.NewSectionReader(r, 0, size))
}

// OpenStream is Open for what can be read only once. XLSX is copied to a temporary file first.
func OpenStream(r io.Reader) (*Reader, error) {
	buffered := bufio.NewReaderSize(r, peek)
	head, err := buffered.Peek(len(magicOLE))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	if binary, err := isArchive(head); err != nil {
		return nil, err
	} else if binary {
		return openSpooled(buffered)
	}
	return openText(buffered)
}

func openSpooled(r io.Reader) (*Reader, error) {
	file, err := os.CreateTemp("", "callboard-sheet-*.xlsx")
	if err != nil {
		return nil, fmt.Errorf("spool sheet: %w", err)
	}
	discard := func() error { return errors.Join(file.Close(), os.Remove(file.Name())) }
	size, err := io.Copy(file, io.LimitReader(r, MaxArchive+1))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("spool sheet: %w", err), discard())
	}
	s, err := openXLSX(file, size)
	return s, errors.Join(err, discard())
}

// magicOLE begins the files of old versions of Excel, and the new ones that are locked with a password.
const magicOLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

func isArchive(head []byte) (bool, error) {
	if bytes.Equal(head, []byte(magicOLE)) {
		return false, callboard.Errorf(callboard.CodeInvalid,
			"the workbook is locked with a password or in the format of Excel 97; save it as XLSX without a password")
	}
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")), nil
}

func openText(r io.Reader) (*Reader, error) {
	text, err := decodeText(r)
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(peek)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	if first, _, _ := bytes.Cut(head, []byte("\n")); bytes.IndexByte(first, 0) >= 0 {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file is neither text nor an XLSX workbook")
	}
	s := &Reader{format: CSV, close: func() error { return nil }}
	names, isObjects, err := objectNames(head)
	if err == nil && isObjects {
		s.format, s.header, s.source = NDJSON, names, &objectLines{r: text}
	} else if err == nil {
		s.source, s.header, err = openCSV(text, head)
	}
	if err != nil {
		return nil, err
	}
	if s.header, err = checkHeader(s.header); err != nil {
		return nil, err
	}
	return s, nil
}

func checkHeader(header []string) ([]string, error) {
	if len(header) > MaxColumns {
		return nil, errTooManyColumns()
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

// Format returns the format of the file.
func (s *Reader) Format() Format { return s.format }

// Header returns the names of the columns.
func (s *Reader) Header() []string { return s.header }

// Next returns the next row that is not empty, or io.EOF. A row beyond MaxRow, or more rows than MaxRows, or a file that
// is damaged, is CodeInvalid and the end.
func (s *Reader) Next() (Row, error) {
	for {
		row, err := s.source.next()
		if err != nil {
			return Row{}, err
		}
		if row.Err == nil && len(row.Cells) == 0 {
			continue
		}
		if s.rows++; s.rows > MaxRows {
			return Row{}, callboard.Errorf(callboard.CodeInvalid, "the file has more than %d rows; split it", MaxRows)
		}
		return row, nil
	}
}

// Close removes what temporary files there are.
func (s *Reader) Close() error { return s.close() }

// Count reads the file to its end and returns the number of its rows, bad ones included. Its errors are those of Next, and
// that of ctx.
func (s *Reader) Count(ctx context.Context) (rows int, err error) {
	for ctx.Err() == nil {
		if _, err := s.Next(); errors.Is(err, io.EOF) {
			return s.rows, nil
		} else if err != nil {
			return 0, err
		}
	}
	return 0, ctx.Err()
}

var errByteLimit = errors.New("sheet: more was read for one row than a row may have")

// byteLimit gives out a limited number of bytes, until it is set again: what is above it cannot gather more than that for
// one row.
type byteLimit struct {
	r    io.Reader
	left int
}

func (l *byteLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errByteLimit
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// rowOf names the cells of a row, trimmed. Missing ones at the end are empty; additional ones must be.
func rowOf(header, record []string, line int) Row {
	row := Row{Line: line, Cells: map[string]string{}} // most cells may be empty
	for i, cell := range record {
		cell = trim(cell)
		switch {
		case cell == "":
		case !utf8.ValidString(cell):
			row.Err = errors.New("holds characters that are not UTF-8")
			return row
		case i >= len(header):
			row.Err = fmt.Errorf("has %d cells where the header names %d columns", len(record), len(header))
			return row
		default:
			row.Cells[header[i]] = cell
		}
	}
	return row
}
