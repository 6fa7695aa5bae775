package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/callboard/callboard"
)

// Reader reads a sheet row by row.
type Reader struct {
	info   Info
	begin  func() (source, error) // at the first row
	source source
	close  func() error
}

// source reads the rows of one format.
type source interface {
	// next returns the next row, which may be empty, or io.EOF.
	next() (Row, error)
}

// Open begins to read the file that r holds in its first size bytes. What it is, its content says: a workbook, JSON objects
// (one a line), or else CSV. Text is read to its end for its encoding, and objects for the names of their columns.
//
// A file that is none of these is CodeInvalid, with what it is and how to save it instead, as is a text whose encoding cannot be told for
// sure, with what it may be. One that is beyond MaxArchive or MaxUnzipped is CodeTooLarge. The reader must be closed.
func Open(r io.ReaderAt, size int64, opts ReadOptions) (*Reader, error) {
	isWorkbook, err := checkKind(r, size)
	if err != nil {
		return nil, err
	}
	if isWorkbook {
		return openXLSX(r, size, opts)
	}
	return openText(io.NewSectionReader(r, 0, size), opts)
}

// Spool copies r, which may be standard input, to a temporary file that Open can read. Closing removes it. More than MaxSpool is
// CodeTooLarge.
func Spool(r io.Reader) (file io.ReaderAt, size int64, closeFile func() error, err error) {
	temp, err := os.CreateTemp("", "callboard-sheet-*")
	if err != nil {
		return nil, 0, nil, fmt.Errorf("spool sheet: %w", err)
	}
	closeFile = func() error { return errors.Join(temp.Close(), os.Remove(temp.Name())) }
	size, err = io.Copy(temp, io.LimitReader(r, MaxSpool+1))
	switch {
	case err != nil:
		return nil, 0, nil, errors.Join(fmt.Errorf("spool sheet: %w", err), closeFile())
	case size > MaxSpool:
		err = callboard.Errorf(callboard.CodeTooLarge, "the file has more than %d GB; split it", MaxSpool>>30)
		return nil, 0, nil, errors.Join(err, closeFile())
	}
	return temp, size, closeFile, nil
}

// Info says what the file is and how it is read.
func (s *Reader) Info() Info { return s.info }

// Next returns the next row that is not empty, or io.EOF. A workbook that is damaged is CodeInvalid and the end.
func (s *Reader) Next() (Row, error) {
	for {
		row, err := s.source.next()
		if err != nil {
			return Row{}, err
		}
		row.Width = len(row.Cells)
		for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1].empty() {
			row.Cells = row.Cells[:len(row.Cells)-1]
		}
		if row.Err == nil && len(row.Cells) == 0 {
			continue
		}
		return row, nil
	}
}

// Rewind goes back to the first row. It costs next to nothing: what Open has found out is kept, and a workbook, which Open reads to its end,
// is not read again.
func (s *Reader) Rewind() (err error) {
	s.source, err = s.begin()
	return err
}

// Close removes what temporary files there are.
func (s *Reader) Close() error { return s.close() }
