package episode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/callboard/callboard/internal/sheet"
)

// namedRow is a row by the names of its columns.
type namedRow struct {
	Line  int
	Cells map[string]string
	Err   error
}

// namedRows reads a sheet whose first row names its columns.
type namedRows struct {
	*sheet.Reader
	header []string
	close  func() error
}

func openNamed(r io.ReaderAt, size int64) (*namedRows, error) {
	s, err := sheet.Open(r, size, sheet.ReadOptions{})
	if err != nil {
		return nil, err
	}
	rows := &namedRows{Reader: s, header: s.Info().Names, close: s.Close}
	if rows.header != nil {
		return rows, nil
	}
	first, err := s.Next()
	if err == nil {
		err = first.Err
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, cell := range first.Cells {
		rows.header = append(rows.header, strings.TrimSpace(cell.Text))
	}
	return rows, nil
}

func openStream(r io.Reader) (*namedRows, error) {
	file, size, remove, err := sheet.Spool(r)
	if err != nil {
		return nil, err
	}
	rows, err := openNamed(file, size)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	rows.close = func() error { return errors.Join(rows.Reader.Close(), remove()) }
	return rows, nil
}

func (s *namedRows) Header() []string { return s.header }

func (s *namedRows) Close() error { return s.close() }

func (s *namedRows) Next() (namedRow, error) {
	row, err := s.Reader.Next()
	if err != nil {
		return namedRow{}, err
	}
	named := namedRow{Line: row.Line, Cells: map[string]string{}, Err: row.Err}
	for i, cell := range row.Cells {
		switch text := strings.TrimSpace(cell.Text); {
		case text == "":
		case i < len(s.header):
			named.Cells[s.header[i]] = text
		default:
			named.Err = fmt.Errorf("has %d cells where the header names %d columns", len(row.Cells), len(s.header))
		}
	}
	return named, nil
}

func (s *namedRows) Count(ctx context.Context) (rows int, err error) {
	for ; ctx.Err() == nil; rows++ {
		if _, err := s.Next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return 0, err
		}
	}
	return 0, ctx.Err()
}
