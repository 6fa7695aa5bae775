package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/internal/sheet"
)

// entry is what a row says of an episode.
type entry struct {
	line  int
	table *table    // that it is in
	row   sheet.Row // as the file has it
	above []string  // what it says of the row outside of it, in the order in which header has that behind the columns
	skip  string    // why the row is no episode, such as "repeats the header"; empty when it is one
	err   error     // *callboard.Error with a field error for each column that is wrong; nil when the row is good
	notes []string  // what was not taken, or was taken by a rule that a reader should know

	id        string        // of the episode; empty when the row does not say
	showTitle string        // the same
	showID    string        // the same
	patch     episode.Patch // the fields that the row has; never ShowID. An empty cell leaves its field alone.
}

// size returns how many bytes the cells have.
func (e entry) size() int {
	n := 0
	for _, cell := range e.row.Cells {
		n += len(cell.Text)
	}
	return n
}

// entries calls yield with each row below the header that is not empty, in the order of the file, until one call fails. It may be
// called again, but not by two at a time.
func (t *table) entries(ctx context.Context, yield func(entry) error) error {
	if err := t.reader.Rewind(); err != nil {
		return err
	}
	above, values := heading{season: t.section}, map[int]sheet.Cell{}
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
		if row.Line <= t.Layout.Header {
			continue
		}
		if h, is := t.heading(row); is {
			above = h
		}
		if len(t.filled) > 0 && row.Err == nil && t.skip(row) == "" {
			t.fill(&row, values)
		}
		if err := yield(t.entry(row, above)); err != nil {
			return err
		}
	}
}

// entry reads a row that has a heading above it, or is one.
func (t *table) entry(row sheet.Row, above heading) entry {
	e := entry{line: row.Line, table: t, row: row}
	if e.skip = t.skip(row); e.skip != "" {
		return e
	}
	if t.seasonAbove() {
		e.above = []string{""}
		if above.season != nil {
			e.above[0] = strconv.Itoa(*above.season)
		}
	}
	switch {
	case row.Err != nil:
		e.err = callboard.Errorf(callboard.CodeInvalid, "%v", row.Err)
		return e
	case t.strict(row) && len(row.Cells) > t.named && filledBehind(row, t.named):
		e.err = callboard.Errorf(callboard.CodeInvalid,
			"has %d cells where the header has %d; put a text that holds the delimiter in quotes", row.Width, t.width)
		return e
	}
	if above.line == row.Line && above.season == nil {
		e.err = callboard.Errorf(callboard.CodeInvalid,
			"%s names no season that is understood, and gives none to the rows below it; write it such as \"Season 2\"", value.Show(above.text))
		return e
	}
	r := rowReader{table: t, row: row, entry: &e}
	r.texts()
	r.place(above)
	r.date()
	r.rest()
	r.belongs()
	e.err = r.errs.Err()
	return e
}

func filledBehind(row sheet.Row, width int) bool {
	return slices.ContainsFunc(row.Cells[width:], func(c sheet.Cell) bool { return !callboard.Blank(c.Text) })
}

// skip says why a row is no episode, or "".
func (t *table) skip(row sheet.Row) string {
	if row.Hidden {
		return "the row is hidden; the option hidden_rows takes it in"
	}
	if row.Err != nil || t.own {
		return ""
	}
	if again, _ := t.repeats(row); again {
		return "repeats the header"
	}
	if isComment(row) {
		return "is a comment"
	}
	if isRule(row) {
		return "is a line between rows"
	}
	if h, is := t.heading(row); is && h.season != nil {
		return "names the season of the rows below it"
	}
	if t.isTotal(row) {
		return "is a total"
	}
	if t.isUnchecked(row) {
		return "has nothing but check boxes"
	}
	return ""
}

var comment = regexp.MustCompile(`^(#+|//)\s+[^\d\s]`)

// isComment reports whether a row is a remark such as "# checked by Ann". One that has a number, or a date, is an episode.
func isComment(row sheet.Row) bool {
	text := row.Cells
	for len(text) > 0 && text[0].Text == "" {
		text = text[1:]
	}
	return len(text) > 0 && (text[0].Text[0] == '#' || text[0].Text[0] == '/') && comment.MatchString(text[0].Text) &&
		!hasValues(sheet.Row{Cells: text[1:]})
}

var rule = regexp.MustCompile(`^:?([-–—]{3,}|={3,}|_{3,}):?$`)

// isRule reports whether a row is a line that is drawn below the header, as tables in Markdown have it.
func isRule(row sheet.Row) bool {
	drawn := 0
	for _, cell := range row.Cells {
		switch text := strings.TrimSpace(cell.Text); {
		case text == "":
		case !rule.MatchString(text):
			return false
		default:
			drawn++
		}
	}
	return drawn > 1
}

// hasMore reports whether rows hold more than a title.
func (t *table) hasMore() bool {
	return len(t.fields[fieldNumber])+len(t.fields[fieldAirDate])+len(t.fields[fieldSeason])+len(t.fields[fieldDescription]) > 0
}

var (
	total   = regexp.MustCompile(`(?i)^(grand |sub-?)?(total|totals|sum|count|average|durchschnitt|moyenne|promedio|média|平均|summe|gesamt|insgesamt|anzahl|somme|suma|soma|合計|計)\s*([:=]\s*)?[\d.,]*\s*(episodes?|rows?|items?|entries|episoden|folgen|épisodes?|episodios?|episódios?|話)?$`)
	figures = regexp.MustCompile(`^[\d\s.,:%h€$£¥+-]*$`)
	counted = regexp.MustCompile(`(?i)^\d+ (episodes|episoden|folgen|épisodes|episodios|episódios)( in total| total)?$`)
)

// isTotal reports whether a row is a sum of those above it: it says so where others have a title, or in front, has neither number nor
// date beside a title, and nothing else but figures.
func (t *table) isTotal(row sheet.Row) bool {
	title := t.first(row, fieldTitle)
	if title.Text != "" && (t.first(row, fieldNumber).Text != "" || t.first(row, fieldAirDate).Text != "") || !t.hasMore() {
		return false
	}
	label := title
	for i := 0; label.Text == "" && i < len(row.Cells); i++ {
		label = row.Cells[i]
	}
	const longest = 60
	if len(label.Text) > longest {
		return false
	}
	if text := value.CleanLine(label.Text); !total.MatchString(text) && !counted.MatchString(text) {
		return false
	}
	return !slices.ContainsFunc(row.Cells, func(c sheet.Cell) bool {
		return c != label && c.Kind != sheet.Uncomputed && !figures.MatchString(c.Text)
	})
}

var checkBox = regexp.MustCompile(`(?i)^(true|false|wahr|falsch|vrai|faux|verdadero|verdadeiro|vero|falso)$`)

// isUnchecked reports whether a row has nothing but check boxes in columns that are not used, as they go on below a list in a spreadsheet.
func (t *table) isUnchecked(row sheet.Row) bool {
	boxes := 0
	for i, cell := range row.Cells {
		switch {
		case callboard.Blank(cell.Text):
		case i >= len(t.columns) || t.columns[i].field != "" || !checkBox.MatchString(cell.Text):
			return false
		default:
			boxes++
		}
	}
	return boxes > 0
}

// first returns the first cell of a field's columns that is not empty.
func (t *table) first(row sheet.Row, field string) sheet.Cell {
	for _, i := range t.fields[field] {
		if cell := cellAt(row, i); !callboard.Blank(cell.Text) {
			return cell
		}
	}
	return sheet.Cell{}
}

// columnOf names the column that a row has a field in, of one that the file has.
func (t *table) columnOf(row sheet.Row, field string) string {
	for _, i := range t.fields[field] {
		if !callboard.Blank(cellAt(row, i).Text) {
			return t.columns[i].label()
		}
	}
	return t.columns[t.fields[field][0]].label()
}

// located returns an error of the rules of episodes as those of cells are: with the cell in front, and its column behind.
func (e entry) located(err error) error {
	broken, ok := errors.AsType[*callboard.Error](err)
	if !ok || len(broken.Fields) == 0 {
		return err
	}
	var v callboard.Validator
	for _, f := range broken.Fields {
		field, _, _ := strings.Cut(f.Field, "[") // of one of the categories
		message := f.Message
		if len(e.table.fields[field]) > 0 {
			if strings.HasPrefix(message, "must ") {
				message = value.Show(e.table.first(e.row, field).Text) + " " + message
			}
			message += " (" + e.table.columnOf(e.row, field) + ")"
		}
		v.Add(f.Field, "%s", message)
	}
	return v.Err()
}

// rowReader reads the cells of a row into an entry.
type rowReader struct {
	table *table
	row   sheet.Row
	entry *entry
	errs  callboard.Validator
}

// cell returns the first cell of a field's columns that is not empty. One that holds no value because a spreadsheet could not
// compute it is an error.
func (r *rowReader) cell(field string) (sheet.Cell, bool) {
	cell := r.table.first(r.row, field)
	switch {
	case cell.Text == "":
		return cell, false
	case cell.Kind == sheet.Uncomputed:
		r.wrong(field, fmt.Errorf("%s is a formula whose value the file does not hold; save the file in a spreadsheet, or write the value",
			value.Show(cell.Text)))
		return cell, false
	case cell.Kind == sheet.Nested:
		r.wrong(field, fmt.Errorf("%s holds more than texts, numbers, booleans and lists of texts", value.Show(cell.Text)))
		return cell, false
	case (cell.Kind == sheet.CellError || value.SheetError(cell.Text)) && !value.NoText(cell.Text):
		r.wrong(field, fmt.Errorf("%s is the error of a formula; write the value", value.Show(cell.Text)))
		return cell, false
	}
	return cell, true
}

// wrong notes an error that begins with the cell, and names its column.
func (r *rowReader) wrong(field string, err error) {
	r.errs.Add(field, "%v (%s)", err, r.table.columnOf(r.row, field))
}

// rule notes by which rule a cell was read, if there is one.
func (r *rowReader) rule(field string, cell sheet.Cell, rule value.Rule) {
	if rule != "" {
		r.entry.notes = append(r.entry.notes, field+" "+value.Show(cell.Text)+" "+string(rule))
	}
}

// text returns a text as it is meant. It is missing where the cell says so, unless that is marked as a text.
func (r *rowReader) text(field string, clean func(string) string) (string, bool) {
	cell, ok := r.cell(field)
	if !ok {
		return "", false
	}
	isEmpty := empty
	if r.table.own { // which marks what else would be taken for no value
		isEmpty = sheet.Blank
	}
	text := sheet.Unmark(cell.Text)
	if text == cell.Text && isEmpty(text) {
		r.rule(field, cell, value.NoValue)
		return "", false
	}
	if !r.table.own {
		if text != cell.Text {
			r.rule(field, cell, value.MarkLeftOut)
		}
		text = clean(text)
	}
	return text, text != "" || cell.Text == sheet.Mark("")
}

func (r *rowReader) texts() {
	t, p := r.table, &r.entry.patch
	if title, ok := r.text(fieldTitle, value.CleanLine); ok && !callboard.Blank(title) {
		if t.quoted {
			title, _ = unquoted(title)
		}
		if n, rest, is := value.CutCode(title); t.coded && is {
			title = rest
			p.SeasonNumber, p.EpisodeNumber = callboard.Some(n.Season), callboard.Some(n.Number)
		}
		p.Title = callboard.Some(title)
	} else if len(t.fields[fieldTitle]) > 0 && len(t.fields[fieldID]) == 0 && r.errs.Err() == nil {
		cell := t.first(r.row, fieldTitle)
		if cell.Text == "" {
			cell = cellAt(r.row, t.fields[fieldTitle][0])
		}
		if cell.Text == "" {
			r.errs.Add(fieldTitle, "is missing (%s)", t.columnOf(r.row, fieldTitle))
		} else {
			r.errs.Add(fieldTitle, "is missing: %s shows nothing that can be one (%s)", value.Show(cell.Text), t.columnOf(r.row, fieldTitle))
		}
	}
	if text, ok := r.text(fieldDescription, value.Clean); ok {
		p.Description = callboard.Some(&text)
	}
	if link, ok := r.text(fieldThumbnail, value.CleanLine); ok {
		p.ThumbnailURL = callboard.Some(&link)
	}
	r.entry.showTitle, _ = r.text(fieldShow, value.CleanLine)
	r.checkFilled(fieldShow)
}

// belongs notes where a row names no show although others can. What has an ID belongs where its episode does.
func (r *rowReader) belongs() {
	t, e := r.table, r.entry
	if len(t.fields[fieldShow]) > 0 && e.showTitle == "" && e.showID == "" && e.id == "" && t.opts.ShowID == nil && t.opts.ShowTitle == nil {
		e.notes = append(e.notes, "names no show ("+t.columns[t.fields[fieldShow][0]].label()+"), and belongs to none")
	}
}

// place reads season and number. A cell such as S01E02 gives both, and must not contradict the other one.
func (r *rowReader) place(above heading) {
	season := r.numbering(fieldSeason, value.ParseSeason)
	number := r.numbering(fieldNumber, value.ParseNumber)
	p := &r.entry.patch
	if n := r.agree(fieldSeason, season.Season, number.Season); n != nil {
		p.SeasonNumber = callboard.Some(n)
		r.entry.above = slices.Repeat([]string{""}, len(r.entry.above)) // it has its own
	} else if len(r.table.fields[fieldSeason]) > 0 {
		r.checkFilled(fieldSeason)
	} else {
		switch {
		case above.season != nil:
			p.SeasonNumber = callboard.Some(above.season)
		case above.text != "":
			r.errs.Add(fieldSeason, "is not known: the heading on line %d, %s, names none that is understood; write it such as \"Season 2\"",
				above.line, value.Show(above.text))
		}
	}
	if n := r.agree(fieldNumber, number.Number, season.Number); n != nil {
		p.EpisodeNumber = callboard.Some(n)
	}
}

func (r *rowReader) numbering(field string, parse func(string) (value.Numbering, error)) value.Numbering {
	cell, ok := r.cell(field)
	if !ok {
		return value.Numbering{}
	}
	n, err := parse(cell.Text)
	if err != nil {
		r.wrong(field, err)
	}
	r.rule(field, cell, n.Rule)
	return n
}

func (r *rowReader) agree(field string, own, other *int) *int {
	switch {
	case own == nil:
		return other
	case other != nil && *own != *other:
		r.errs.Add(field, "is %s in one column and %s in another; make them the same", strconv.Itoa(*own), strconv.Itoa(*other))
	}
	return own
}

func (r *rowReader) date() {
	cell, ok := r.cell(fieldAirDate)
	if !ok {
		return
	}
	if _, err := time.Parse(time.DateOnly, cell.Text); err == nil && r.table.own { // of any year, as Callboard keeps it
		r.entry.patch.AirDate = callboard.Some(&cell.Text)
		return
	}
	var d value.Date
	var err error
	if cell.Kind == sheet.Number {
		if serial, bad := strconv.ParseFloat(cell.Text, 64); bad == nil && isSerial(cell.Text) {
			d, err = value.SerialDate(serial, r.table.info.Date1904)
			d.Rule = value.DayNumber
		} else {
			d, err = value.ParseDate(cell.Text, r.table.order)
		}
	} else {
		d, err = value.ParseDate(cell.Text, r.table.order)
	}
	if err != nil {
		r.wrong(fieldAirDate, err)
		return
	}
	r.rule(fieldAirDate, cell, d.Rule)
	if !d.IsZero() {
		day := d.String()
		r.entry.patch.AirDate = callboard.Some(&day)
	}
}

// isSerial reports whether a number of a workbook can be the number of a day: those of five digits are. Smaller ones are
// rather years or counts.
func isSerial(text string) bool {
	whole, _, _ := strings.Cut(text, ".")
	return len(whole) == 5
}

// rest reads what is a choice, a list or an ID.
func (r *rowReader) rest() {
	p := &r.entry.patch
	if cell, ok := r.cell(fieldStatus); ok {
		choices := make([]string, 0, len(episode.Statuses()))
		for _, status := range episode.Statuses() {
			choices = append(choices, string(status))
		}
		if status, err := value.ParseChoice(cell.Text, choices); err != nil {
			r.wrong(fieldStatus, err)
		} else if status != "" {
			p.Status = callboard.Some(episode.Status(status))
		} else {
			r.rule(fieldStatus, cell, value.NoValue)
		}
	}
	if cell, ok := r.cell(fieldCategories); ok {
		if list, err := r.list(cell); err != nil {
			r.wrong(fieldCategories, err)
		} else if len(list) > 0 {
			p.Categories = callboard.Some(list)
		} else if value.NoText(cell.Text) && !r.table.own {
			r.rule(fieldCategories, cell, value.NoValue)
		}
	}
	r.entry.id, r.entry.showID = r.identifier(fieldID), r.identifier(fieldShowID)
}

func (r *rowReader) list(cell sheet.Cell) ([]string, error) {
	if r.table.own {
		return sheet.Split(cell.Text), nil
	}
	return value.ParseList(sheet.Unmark(cell.Text))
}

func (r *rowReader) identifier(field string) string {
	cell, ok := r.cell(field)
	if !ok || value.NoText(cell.Text) {
		return ""
	}
	id := strings.ToLower(value.CleanLine(cell.Text))
	if !callboard.ValidID(id) {
		r.wrong(field, fmt.Errorf("%s is no ID; leave the cell empty for a new episode", value.Show(cell.Text)))
		return ""
	}
	return id
}
