package importer

import (
	"context"
	"errors"
	"io"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/internal/sheet"
)

// fillDown finds out whether a season or a show stands in the first row of each group of episodes alone, as merged cells leave it: never twice
// in a row, with a number in each row below it, which is greater than the one above unless the season is another one. It reads the file once more, when cells are empty.
func (t *table) fillDown(ctx context.Context) error {
	if t.own || t.info.Format == sheet.NDJSON { // where what is missing is meant to be
		return nil
	}
	t.filled = map[int]bool{}
	for _, field := range []string{fieldSeason, fieldShow} {
		at := t.fields[field]
		if len(at) != 1 || t.columns[at[0]].filled == 0 || t.columns[at[0]].filled >= t.rows {
			continue
		}
		group := group{table: t, column: at[0], anew: field == fieldShow}
		if err := t.eachRow(ctx, group.add); err != nil {
			return err
		}
		if group.broken || group.empty == 0 {
			continue
		}
		t.filled[at[0]] = group.counts
		note := "is empty in rows below a value, whose numbers do not go on; write the value into those that are refused"
		if group.counts {
			note = "an empty cell has the value above it"
		}
		t.Layout.Notes = append(t.Layout.Notes, t.columns[at[0]].label()+": "+note)
	}
	return nil
}

// eachRow calls each with the rows that may be episodes.
func (t *table) eachRow(ctx context.Context, each func(sheet.Row)) error {
	if err := t.reader.Rewind(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		row, err := t.reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		const often = 1024
		if n%often == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if row.Line > t.Layout.Header && row.Err == nil && t.skip(row) == "" {
			each(row)
		}
	}
}

// group looks at the rows below each value of a column.
type group struct {
	table  *table
	column int
	anew   bool // numbers may begin anew within a group, as with the seasons of a show

	begun, broken, counts bool // counts: the numbers of the rows below a value go on
	value                 string
	last                  int
	empty                 int // rows without a value
}

func (g *group) add(row sheet.Row) {
	text := value.CleanLine(cellAt(row, g.column).Text)
	n, err := value.ParseNumber(g.table.first(row, fieldNumber).Text)
	number, known := 0, err == nil && n.Number != nil
	if known {
		number = *n.Number
	}
	switch {
	case !g.begun && text == "", text != "" && text == g.value:
		g.broken = true
	case !g.begun:
		g.begun, g.counts = true, true
	case text == "":
		g.empty++
		if len(g.table.fields[fieldNumber]) > 0 && (!known || number <= g.last && !g.anew) {
			g.counts = false
		}
	}
	if text != "" {
		g.value = text
	}
	if known {
		g.last = number
	}
}

// fill puts the values of the rows above into a row whose column is filled down. They are those of above, which it keeps.
func (t *table) fill(row *sheet.Row, above map[int]sheet.Cell) {
	for column, sure := range t.filled {
		switch cell := cellAt(*row, column); {
		case !callboard.Blank(cell.Text):
			above[column] = cell
		case sure:
			for len(row.Cells) <= column {
				row.Cells = append(row.Cells, sheet.Cell{})
			}
			row.Cells[column] = above[column]
		}
	}
}

// checkFilled refuses a row whose season or show may be that of a row above.
func (r *rowReader) checkFilled(field string) {
	for _, i := range r.table.fields[field] {
		if sure, is := r.table.filled[i]; is && !sure && callboard.Blank(cellAt(r.row, i).Text) {
			r.errs.Add(field, "is empty, and may be that of a row above; write it (%s)", r.table.columns[i].label())
		}
	}
}
