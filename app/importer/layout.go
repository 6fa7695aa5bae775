package importer

import "github.com/callboard/callboard/internal/sheet"

// Layout says how a file is read.
type Layout struct {
	Format    sheet.Format      `json:"format" enum:"csv,ndjson,xlsx"`
	Encoding  string            `json:"encoding,omitempty"`     // of text, such as UTF-8 or windows-1252
	Delimiter string            `json:"delimiter,omitempty"`    // of CSV: "," ";" "\t" "|"
	Sheet     string            `json:"sheet,omitempty"`        // of a workbook
	Others    []sheet.Worksheet `json:"other_sheets,omitempty"` // which have rows that are not read
	Header    int               `json:"header"`                 // line of the header; 0 when there is none
	DateOrder Order             `json:"date_order,omitempty"`   // as settled by the column, or as asked for
	Columns   []Column          `json:"columns"`
	Notes     []string          `json:"notes"` // what else a reader should know: rows above the header, numbers in a column that is not used
}

// Column says what a column is used for.
type Column struct {
	Position int      `json:"position"`        // from 1 on
	Name     string   `json:"name"`            // as the header has it, cleaned
	Field    string   `json:"field,omitempty"` // empty: ignored
	Why      string   `json:"why"`             // "by name", "by content", "as asked for", or why it is ignored
	Samples  []string `json:"samples"`         // up to three values, shortened
}
