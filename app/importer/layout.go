package importer

import (
	"fmt"
	"strings"

	"github.com/callboard/callboard"
)

// Layout says how a file is read.
type Layout struct {
	Format    callboard.Format `json:"format" enum:"csv,ndjson,xlsx" doc:"What the file is."`
	Encoding  string           `json:"encoding,omitempty" doc:"Encoding of a text file, such as UTF-8 or windows-1252." example:"UTF-8"`
	Delimiter string           `json:"delimiter,omitempty" doc:"What stands between the cells of CSV: a comma, a semicolon, a tab or a bar." example:";"`
	Sheet     string           `json:"sheet,omitempty" doc:"Worksheet of a workbook." example:"Season 1"`
	Others    []Worksheet      `json:"other_sheets,omitempty" doc:"Worksheets that have rows and are not read."`
	Header    int              `json:"header" doc:"Line of the header; 0 when there is none."`
	DateOrder Order            `json:"date_order,omitempty" enum:"day-first,month-first,year-first" doc:"Order of day and month, as asked for or as the column decides it; absent when no date needs one."`
	Columns   []Column         `json:"columns" doc:"All columns, in their order."`
	Notes     []string         `json:"notes" doc:"What else there is to know: rows above the header, numbers in a column that is not used." example:"line 1 stands above the header"`
}

// Column says what a column is used for.
type Column struct {
	Position int      `json:"position" doc:"Counts from 1."`
	Name     string   `json:"name" doc:"As the header has it." example:"Episode Title"`
	Field    string   `json:"field,omitempty" doc:"The field of an episode that it fills; absent when the column is ignored." example:"title"`
	Why      string   `json:"why" doc:"By name, by content, as asked for; or why it is ignored." example:"by name"`
	Samples  []string `json:"samples" doc:"Up to three of its values, shortened." example:"The Lamp Room,Low Water"`
}

// Worksheet is a worksheet of a workbook.
type Worksheet struct {
	Name   string `json:"name" doc:"Name of the worksheet." example:"Notes"`
	Rows   int    `json:"rows" doc:"Rows that are not empty."`
	Hidden bool   `json:"hidden" doc:"Whether the worksheet is hidden."`
}

// String describes the file and its parts in a line.
func (l Layout) String() string {
	parts := []string{strings.ToUpper(string(l.Format))}
	if l.Encoding != "" {
		parts = append(parts, l.Encoding)
	}
	if name, ok := map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[l.Delimiter]; ok {
		parts = append(parts, name+" between cells")
	}
	if l.Sheet != "" {
		parts = append(parts, fmt.Sprintf("sheet %q", l.Sheet))
	}
	if l.Header > 0 {
		parts = append(parts, fmt.Sprintf("header on line %d", l.Header))
	} else if l.Format != callboard.NDJSON {
		parts = append(parts, "no header")
	}
	if l.DateOrder != "" {
		parts = append(parts, "dates "+string(l.DateOrder))
	}
	return strings.Join(parts, ", ")
}
