package sheet

import (
	"slices"
	"strings"
	"unicode"

	"github.com/callboard/callboard"
)

// ReadOptions say how a file is read where its content is not to decide. The zero value lets it decide.
type ReadOptions struct {
	Encoding string // of text, by its IANA name or a common alias such as "latin1" or "sjis"
	Sheet    string // name of a worksheet of a workbook; empty: the first visible one that has rows
	Hidden   bool   // rows of a workbook that are hidden or filtered out are rows like others
}

// Info says what a file is and how it is read.
type Info struct {
	Format    callboard.Format
	Encoding  string      // of text: UTF-8, UTF-16LE, UTF-16BE, windows-1252 …
	Delimiter rune        // of CSV
	Sheet     string      // the worksheet that is read
	Sheets    []Worksheet // all of the workbook, in its order
	Date1904  bool        // numbers of days count from 1904-01-01 on
	Names     []string    // NDJSON: the names of the columns. Nil for tables, whose header is a row like others.
}

// Worksheet is a worksheet of a workbook.
type Worksheet struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`   // that are not empty
	Hidden bool   `json:"hidden"` // the worksheet itself
}

// Row is one row. Empty rows are not given out.
type Row struct {
	Line   int    // of the file, where the row begins, from 1 on; of the worksheet in a workbook
	Cells  []Cell // by column, up to the last one that is not empty
	Width  int    // how many cells there are, with the empty ones behind these
	Hidden bool   // hidden or filtered out in a workbook
	Err    error  // the row cannot be read; the next one may
	Raw    string // of a row of text that cannot be read: what its line holds, with U+FFFD for what cannot be decoded
}

// Cell is a cell as a reader of the file sees it, neither cleaned nor trimmed.
type Cell struct {
	Text string
	Kind CellKind
}

// CellKind says what a cell is where the format tells.
type CellKind uint8

// The kinds.
const (
	Text       CellKind = iota // all cells of CSV; of a workbook also times of day and durations, such as 36:00:00
	Number                     // shown without format: 35000, 8.5
	Date                       // 2006-01-02, with 15:04:05 behind it when there is a time of day
	Bool                       // true, false
	List                       // a JSON array of texts
	CellError                  // #N/A, #NAME? and the like
	Uncomputed                 // a formula whose value the file does not hold; Text is the formula
	Nested                     // a JSON object, or an array of other than texts; Text is it, as written
)

// empty reports whether a cell holds nothing but spaces, or NUL and the end of file of DOS, which some systems fill up with.
func (c Cell) empty() bool { return strings.IndexFunc(c.Text, isVisible) < 0 }

func isVisible(r rune) bool { return r != 0 && r != '\x1a' && !unicode.IsSpace(r) }

func emptyCells(cells []Cell) bool {
	return !slices.ContainsFunc(cells, func(c Cell) bool { return !c.empty() })
}
