package importer

import (
	"context"
	"errors"
	"io"
)

// table is a file whose layout is known. Each pass over its rows opens the file anew.
type table struct {
	Layout Layout
	header []string // as the file has it, for the file of refused rows; without one, what the columns were taken for
	rows   int      // below the header, as entries gives them out
	file   io.ReaderAt
	size   int64
	opts   Options
}

// openTable reads a file to its end and finds out how it is to be read. What cannot be used is CodeInvalid or CodeTooLarge.
func openTable(ctx context.Context, file io.ReaderAt, size int64, opts Options) (*table, error) {
	return nil, errors.New("importer: tables are not built yet")
}
