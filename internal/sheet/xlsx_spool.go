package sheet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// spool holds what was read of a workbook: in memory while it is small, then in a temporary file.
type spool struct {
	mem  []byte
	file *os.File
	w    *bufio.Writer
	size int64
}

// spoolError is one of the temporary file, and not of the workbook.
type spoolError struct{ error }

func (e spoolError) Unwrap() error { return e.error }

func (s *spool) write(p []byte) error {
	s.size += int64(len(p))
	if s.file == nil && len(s.mem)+len(p) <= maxInMemory {
		s.mem = append(s.mem, p...)
		return nil
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "callboard-sheet-*")
		if err != nil {
			return spoolError{fmt.Errorf("unpack workbook: %w", err)}
		}
		s.file, s.w = file, bufio.NewWriterSize(file, 64<<10)
		_, _ = s.w.Write(s.mem) // the first error stays
		s.mem = nil
	}
	if _, err := s.w.Write(p); err != nil {
		return spoolError{fmt.Errorf("unpack workbook: %w", err)}
	}
	return nil
}

// flush makes all readable.
func (s *spool) flush() error {
	if s.w == nil {
		return nil
	}
	if err := s.w.Flush(); err != nil {
		return spoolError{fmt.Errorf("unpack workbook: %w", err)}
	}
	return nil
}

// reader returns one that begins at the first byte.
func (s *spool) reader() *bufio.Reader {
	var at io.ReaderAt = bytes.NewReader(s.mem)
	if s.file != nil {
		at = s.file
	}
	return bufio.NewReaderSize(io.NewSectionReader(at, 0, s.size), 64<<10)
}

func (s *spool) close() error {
	s.mem, s.size = nil, 0
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}

// spooledRow is a row on its way through a spool. It has only the cells that are not empty.
type spooledRow struct {
	line   int
	hidden bool
	cells  []spooledCell
	texts  []byte // of all cells, one after the other
}

type spooledCell struct {
	column int // from 0 on
	kind   CellKind
	size   int // of its text
}

// append adds the row as bytes, which begin with their number.
func (r *spooledRow) append(dst []byte) []byte {
	flags := byte(0)
	if r.hidden {
		flags = 1
	}
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0, flags)
	dst = binary.AppendUvarint(dst, uint64(r.line))
	dst = binary.AppendUvarint(dst, uint64(len(r.cells)))
	for _, c := range r.cells {
		dst = binary.AppendUvarint(dst, uint64(c.column))
		dst = append(dst, byte(c.kind))
		dst = binary.AppendUvarint(dst, uint64(c.size))
	}
	dst = append(dst, r.texts...)
	binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}
