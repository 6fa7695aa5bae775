// Package sheet reads and writes tables of rows as CSV, NDJSON and XLSX. It holds one row at a time, whatever the size of
// the file, and takes every file for hostile.
package sheet

import "github.com/callboard/callboard"

// Format is a file format.
type Format = callboard.Format

// The formats.
const (
	CSV    = callboard.CSV
	NDJSON = callboard.NDJSON
	XLSX   = callboard.XLSX
)

// Limits of what is read.
const (
	MaxColumns = 500
	MaxRow     = 1 << 20 // bytes of a row, as UTF-8
	MaxSpool   = 2 << 30 // bytes of what is read from a stream

	MaxArchive  = 100 << 20 // bytes of an XLSX file
	MaxUnzipped = 1 << 30   // bytes that an XLSX file may unzip to

	// An XLSX file may unzip to minUnzipped, or else to maxRatio times its size: reading takes as long as there is to unzip, and
	// sheets that people make shrink to a tenth or a thirtieth.
	minUnzipped = 64 << 20
	maxRatio    = 100

	// The cells of its rows, also empty ones in front of others, are as many as minCells, or else maxCellRatio to a byte of the file.
	minCells     = 10_000_000
	maxCellRatio = 3
)

// errOption says what is wrong with an option of a reader, or that it is needed.
func errOption(option, format string, args ...any) error {
	var v callboard.Validator
	v.Add(option, format, args...)
	return v.Err()
}

func errTooManyColumns() error {
	return callboard.Errorf(callboard.CodeInvalid, "the file has more than %d columns", MaxColumns)
}

func errEmpty() error { return callboard.Errorf(callboard.CodeInvalid, "the file is empty") }
