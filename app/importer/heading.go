package importer

import (
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/internal/sheet"
)

// heading is a row that says alone which season the rows below it are of.
type heading struct {
	line, column int // counted from 1 and from 0
	text         string
	season       *int // nil when it is not understood
}

// headingOf returns the heading that a row is by its words.
func headingOf(row sheet.Row) (heading, bool) {
	h, alone := aloneIn(row)
	if !alone {
		return h, false
	}
	var is bool
	h.season, is = value.ParseHeading(h.text)
	return h, is
}

// aloneIn returns the only cell of a row that holds something.
func aloneIn(row sheet.Row) (heading, bool) {
	h := heading{line: row.Line}
	for i, cell := range row.Cells {
		if callboard.Blank(cell.Text) {
			continue
		}
		if h.text != "" {
			return heading{}, false
		}
		h.column, h.text = i, cell.Text
	}
	return h, h.text != ""
}

// heading returns the heading that a row is in this file: what stands alone where others of its headings are, too, unless it may be an
// episode.
func (t *table) heading(row sheet.Row) (heading, bool) {
	if !t.grouped || t.own || row.Hidden || row.Err != nil {
		return heading{}, false
	}
	if h, is := headingOf(row); is && (h.season != nil || len(t.fields[fieldSeason]) == 0) {
		return h, true
	}
	h, alone := aloneIn(row)
	if !alone || len(t.fields[fieldSeason]) > 0 || !slices.Contains(t.heads, h.column) || slices.Contains(t.fields[fieldTitle], h.column) || isComment(row) || isRule(row) || t.isTotal(row) {
		return heading{}, false
	}
	repeated, err := t.repeats(row)
	class, _ := classOf(h.text)
	return h, class == classText && !repeated && err == nil
}
