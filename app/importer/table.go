package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/internal/sheet"
)

const maxRows = 1_000_000 // below the header

// table is a file whose layout is known.
type table struct {
	Layout  Layout
	header  []string         // as the file has it, for the file of refused rows; without one, what the columns were taken for
	named   int              // cells of the header up to its last name
	width   int              // with the empty ones behind that
	rows    int              // below the header, as entries gives them out
	columns []*column        // those of the layout
	names   map[string]bool  // of the header, in lower case
	fields  map[string][]int // the columns that fill each field, as indexes
	order   value.DateOrder
	quoted  bool            // all titles are in quotes
	coded   bool            // titles begin with season and number
	own     bool            // the file was written by Callboard, so that its texts are exact
	above   []sheet.Row     // rows above the header
	section *int            // the season that one of these says alone
	grouped bool            // headings such as "Season 2" stand above the episodes of a season
	heads   []int           // the columns that they are in
	both    map[string]bool // fields for which an object has values under two names
	filled  map[int]bool    // columns whose empty cells have the value above them: for sure, or perhaps

	reader *sheet.Reader
	opts   Options
	info   sheet.Info
}

// openTable reads a file to its end and finds out how it is to be read. What cannot be used is CodeInvalid or CodeTooLarge. The table
// must be closed.
func openTable(ctx context.Context, file io.ReaderAt, size int64, opts Options) (*table, error) {
	if err := opts.Mapping.Check(); err != nil {
		return nil, err
	}
	reader, err := sheet.Open(file, size, sheet.ReadOptions{Encoding: opts.Encoding, Sheet: opts.Sheet, Hidden: opts.HiddenRows})
	if err != nil {
		return nil, err
	}
	if err := fitting(opts, reader.Info()); err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	names := worksheets(reader.Info(), opts)
	if len(names) == 1 {
		t := &table{opts: opts, reader: reader}
		if err := t.open(ctx, false); err != nil {
			return nil, errors.Join(err, t.close())
		}
		return t, nil
	}
	if err := reader.Close(); err != nil {
		return nil, err
	}
	// A worksheet without a header that is known, such as a cover with "Title: My Show", is read only if there is none with one, and one of
	// titles alone, which may be names of anything, if there is none with numbers or dates.
	var refused []string
	for _, needHeader := range []bool{true, false} {
		var unsure []*table // with titles, but nothing else of an episode
		for _, name := range names {
			reader, err := sheet.Open(file, size, sheet.ReadOptions{Sheet: name, Hidden: opts.HiddenRows})
			if err != nil {
				return nil, err
			}
			t := &table{opts: opts, reader: reader}
			if err = t.open(ctx, needHeader); err == nil && t.hasMore() {
				return t, closeAll(unsure)
			} else if err == nil {
				unsure = append(unsure, t)
				continue
			}
			reason, ok := errors.AsType[*callboard.Error](err)
			if err = errors.Join(err, t.close()); !ok || reason.Code != callboard.CodeInvalid {
				return nil, errors.Join(err, closeAll(unsure))
			}
			if !needHeader {
				refused = append(refused, value.Show(name)+": "+sentence(reason))
			}
		}
		switch len(unsure) {
		case 0:
		case 1:
			return unsure[0], nil
		default:
			err := fieldError("sheet", "the worksheets %s and %s can both hold the episodes, and nothing decides; choose one",
				value.Show(unsure[0].info.Sheet), value.Show(unsure[1].info.Sheet))
			return nil, errors.Join(err, closeAll(unsure))
		}
	}
	return nil, fieldError("sheet", "no worksheet holds a list of episodes that is understood; choose one. %s",
		strings.Join(refused, ". "))
}

func closeAll(tables []*table) (err error) {
	for _, t := range tables {
		err = errors.Join(err, t.close())
	}
	return err
}

// sentence returns what an error says of a file, without the option that would help.
func sentence(err *callboard.Error) string {
	if len(err.Fields) > 0 {
		return err.Fields[0].Message
	}
	return err.Message
}

// fitting refuses options that say nothing of a file of this format, rather than passing over them in silence.
func fitting(opts Options, info sheet.Info) error {
	var v callboard.Validator
	v.Check(opts.Sheet == "" || info.Format == sheet.XLSX, "sheet", "is for workbooks; the file is a text")
	v.Check(opts.Encoding == "" || info.Format != sheet.XLSX, "encoding", "is for texts; the file is a workbook")
	return v.Err()
}

// worksheets returns the names of those that may hold the episodes, or one, which may be empty, when there is no choice.
func worksheets(info sheet.Info, opts Options) []string {
	names := []string{info.Sheet}
	for _, other := range info.Sheets {
		if opts.Sheet == "" && other.Name != info.Sheet && other.Rows > 0 && !other.Hidden {
			names = append(names, other.Name)
		}
	}
	return names
}

func (t *table) close() error { return t.reader.Close() }

// open is the first pass.
func (t *table) open(ctx context.Context, needHeader bool) error {
	t.info = t.reader.Info()
	t.describe()
	head, err := t.readHeader(needHeader)
	if err != nil {
		return err
	}
	asked, err := t.opts.Mapping.resolve(t.columns)
	if err != nil {
		return err
	}
	for field, at := range asked {
		for _, i := range at {
			t.columns[i].means = meaning{field: field}
		}
	}
	if err := t.observe(ctx, head, asked); err != nil {
		return err
	}
	ch := chooser{columns: t.columns, rows: t.rows, header: t.Layout.Header > 0 || t.info.Format == sheet.NDJSON, asked: asked, opts: t.opts, apart: t.apart}
	if err := ch.choose(); err != nil {
		return err
	}
	t.fields = ch.chosen
	if err := t.finish(); err != nil {
		return err
	}
	return t.fillDown(ctx)
}

func (t *table) describe() {
	t.Layout = Layout{Format: t.info.Format, Encoding: t.info.Encoding, Sheet: t.info.Sheet, Notes: []string{}}
	if t.info.Delimiter != 0 {
		t.Layout.Delimiter = string(t.info.Delimiter)
	}
	for _, other := range t.info.Sheets {
		if other.Name != t.info.Sheet && other.Rows > 0 {
			t.Layout.Others = append(t.Layout.Others, Worksheet(other))
		}
	}
}

// readHeader reads the first rows, finds the header in them, and returns those below it.
func (t *table) readHeader(needHeader bool) ([]sheet.Row, error) {
	words := newVocabulary()
	if t.info.Format == sheet.NDJSON {
		t.both = map[string]bool{}
		for _, name := range t.info.Names {
			t.addColumn(name, words)
		}
		return nil, nil
	}
	var head []sheet.Row
	for len(head) < headRows {
		row, err := t.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		head = append(head, row)
	}
	if len(head) == 0 {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file is empty")
	}
	at := findHeader(head, words, t.opts.Mapping)
	if at >= 0 && head[at].Err != nil {
		return nil, callboard.Errorf(callboard.CodeInvalid, "no header can be read: line %d %v", head[at].Line, head[at].Err)
	}
	if at < 0 {
		if needHeader {
			return nil, errNoHeader()
		}
		for range widest(head) {
			t.addColumn("", words)
		}
		t.named, t.width = len(t.columns), len(t.columns)
		return head, nil
	}
	t.Layout.Header, t.width = head[at].Line, head[at].Width
	for _, cell := range head[at].Cells {
		t.addColumn(cell.Text, words)
	}
	t.named = len(t.columns)
	if needHeader && t.known() < min(len(t.columns), 2) {
		return nil, errNoHeader()
	}
	t.above = head[:at]
	for _, row := range t.above {
		if h, is := headingOf(row); is && h.season != nil && !row.Hidden {
			t.section, t.grouped = h.season, true
		}
	}
	return head[at+1:], nil
}

func errNoHeader() error {
	return callboard.Errorf(callboard.CodeInvalid, "the worksheet has no header that is known")
}

// known returns how many columns have a name that is known.
func (t *table) known() int {
	n := 0
	for _, c := range t.columns {
		if c.means.field != "" {
			n++
		}
	}
	return n
}

func widest(rows []sheet.Row) int {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	return width
}

func (t *table) addColumn(name string, words vocabulary) {
	const longest = 100 // characters
	c := &column{position: len(t.columns) + 1, name: value.CleanLine(name)}
	if runes := []rune(c.name); len(runes) > longest {
		c.name = string(runes[:longest]) + "…"
	}
	c.means = words.meaning(c.name)
	t.columns = append(t.columns, c)
	t.header = append(t.header, name)
	if t.names == nil {
		t.names = map[string]bool{}
	}
	if c.name != "" {
		t.names[strings.ToLower(c.name)] = true
	}
}

// observe takes in all rows below the header: those of head, and the rest.
func (t *table) observe(ctx context.Context, head []sheet.Row, asked map[string][]int) error {
	const unread = -1 // season
	seasons := t.seasonColumns(head, asked)
	section := 0
	if t.section != nil {
		section = *t.section
	}
	for n := 0; ; n++ {
		var row sheet.Row
		if n < len(head) {
			row = head[n]
		} else {
			var err error
			if row, err = t.reader.Next(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			const often = 1024
			if n%often == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if t.rows++; t.rows > maxRows {
			return callboard.Errorf(callboard.CodeInvalid, "the file has more than %d rows below the header; split it", maxRows)
		}
		repeated, err := t.repeats(row)
		if err != nil {
			return err
		}
		if row.Err != nil || row.Hidden || repeated || isComment(row) || isRule(row) {
			continue
		}
		if h, is := headingOf(row); is {
			if !slices.Contains(t.heads, h.column) {
				t.heads = append(t.heads, h.column)
			}
			if section = unread; h.season != nil {
				section, t.grouped = *h.season, true
			}
			continue
		}
		t.observeRow(row, seasons, section)
	}
}

// apart reports whether no object has values under two of the names that can be a field.
func (t *table) apart(field string) bool { return t.info.Format == sheet.NDJSON && !t.both[field] }

func (t *table) observeRow(row sheet.Row, seasons []int, season int) {
	if t.info.Format == sheet.NDJSON {
		seen := map[string]bool{}
		for i, cell := range row.Cells {
			if field := t.columns[i].means.field; cell.Text != "" && field != "" {
				t.both[field] = t.both[field] || seen[field]
				seen[field] = true
			}
		}
	}
	for _, i := range seasons {
		if n, err := value.ParseSeason(cellAt(row, i).Text); err == nil && n.Season != nil {
			season = *n.Season
			break
		}
	}
	for i, cell := range row.Cells {
		if cell.Text == "" {
			continue
		}
		if i >= t.named && t.strict(row) {
			break // the row is refused
		}
		if i >= len(t.columns) {
			for i >= len(t.columns) {
				t.addColumn("", nil)
			}
		}
		of := season
		if slices.Contains(seasons, i) {
			of = 0 // it is no season of itself
		}
		if cell.Kind == sheet.Nested {
			t.columns[i].nested++
		}
		t.columns[i].observe(cell.Text, of)
	}
}

// strict reports whether a row has more cells than it may: in CSV, one that is not quoted where it should be shifts those behind it.
func (t *table) strict(row sheet.Row) bool { return t.info.Format == sheet.CSV && row.Width > t.width }

// seasonColumns returns the columns that hold the season of a row, as far as that is known before all rows are read.
func (t *table) seasonColumns(head []sheet.Row, asked map[string][]int) []int {
	if at, ok := asked[fieldSeason]; ok {
		return at
	}
	best := -1
	for i, c := range t.columns {
		if (c.means.field == fieldSeason || c.means.open && c.means.field == fieldShow) && (best < 0 || c.means.rank > t.columns[best].means.rank) {
			best = i
		}
	}
	if t.Layout.Header == 0 && len(head) > 0 {
		for i := range t.columns {
			if class, _ := classOf(cellAt(head[0], i).Text); best < 0 && class == classNumber {
				best = i
			}
		}
	}
	if best < 0 {
		return nil
	}
	return []int{best}
}

// finish says what was found out.
func (t *table) finish() error {
	_, hasSeason := t.fields[fieldSeason]
	for _, i := range t.heads { // what stands where titles do may be one
		t.grouped = t.grouped || !slices.Contains(t.fields[fieldTitle], i)
	}
	if t.grouped = t.grouped && t.hasMore(); !t.grouped {
		t.section = nil
	}
	if t.section != nil && !hasSeason {
		t.above = slices.DeleteFunc(t.above, func(row sheet.Row) bool { h, is := headingOf(row); return is && h.season != nil && !row.Hidden })
	}
	if len(t.above) > 0 {
		t.Layout.Notes = append(t.Layout.Notes, above(t.above))
	}
	t.own = t.isOwn()
	t.sheetSeason()
	if title := t.fields[fieldTitle]; len(title) > 0 && !t.own && t.columns[title[0]].inQuotes() {
		t.quoted = true
		t.Layout.Notes = append(t.Layout.Notes, t.columns[title[0]].label()+": the quotes around all titles are taken off")
	}
	if title := t.fields[fieldTitle]; len(title) == 1 && !t.own && !hasSeason && len(t.fields[fieldNumber]) == 0 && !t.grouped && t.section == nil {
		if c := t.columns[title[0]]; c.mostly(c.coded) {
			t.coded = true
			t.Layout.Notes = append(t.Layout.Notes, c.label()+": titles begin with season and number, such as S01E05, which are taken from there")
		}
	}
	if t.own {
		t.Layout.Notes = append(t.Layout.Notes, "the file was exported by Callboard: its texts are taken as they are")
	}
	if t.grouped && !hasSeason {
		t.Layout.Notes = append(t.Layout.Notes, "headings, which say a season alone, give it to the rows below them")
	}
	if err := t.settleOrder(); err != nil {
		return err
	}
	t.Layout.Columns = make([]Column, len(t.columns))
	for i, c := range t.columns {
		t.Layout.Columns[i] = Column{Position: c.position, Name: c.name, Field: c.field, Why: c.why, Samples: append([]string{}, c.samples...)}
		if t.Layout.Header == 0 && t.info.Format != sheet.NDJSON {
			t.header[i] = c.field
		}
	}
	if t.seasonAbove() {
		t.header = append(t.header, fieldSeason)
	}
	return nil
}

// sheetSeason takes the season from the name of the worksheet, such as "Season 2", where neither a column nor a heading says one. It also
// says how the other worksheets come in.
func (t *table) sheetSeason() {
	if n, err := value.ParseNumber(t.info.Sheet); t.info.Sheet != "" && err == nil && n.Season != nil && n.Number == nil &&
		len(t.fields[fieldSeason]) == 0 && t.section == nil && !t.grouped {
		t.section = n.Season
		t.Layout.Notes = append(t.Layout.Notes, fmt.Sprintf("the season is that of the worksheet, %d", *n.Season))
	}
	if len(t.Layout.Others) > 0 {
		t.Layout.Notes = append(t.Layout.Notes, "other worksheets have rows and are not read; each is imported by its name, with the option sheet")
	}
}

// seasonAbove reports whether rows have their season from a heading, or from the name of the worksheet.
func (t *table) seasonAbove() bool {
	return (t.section != nil || t.grouped) && len(t.fields[fieldSeason]) == 0
}

// isOwn reports whether the file is an export of Callboard.
func (t *table) isOwn() bool {
	for _, name := range []string{"title", "air_date", "season_number", "episode_number", "thumbnail_url", "id", "created_at", "updated_at"} {
		at := slices.IndexFunc(t.columns, func(c *column) bool { return c.name == name })
		if at < 0 || name == "id" && t.columns[at].ids < t.columns[at].filled {
			return false
		}
	}
	return true
}

// settleOrder chooses the order of day and month that the dates of all rows have.
func (t *table) settleOrder() error {
	asked, err := value.ParseDateOrder(string(t.opts.DateOrder))
	if err != nil {
		return fieldError("date_order", "must be %s, %s or %s", DayFirst, MonthFirst, YearFirst)
	}
	if t.order = asked; asked == value.UnknownOrder {
		for _, i := range t.fields[fieldAirDate] {
			order, err := t.columns[i].order.Order()
			if order == value.UnknownOrder {
				order = orderIn(t.columns[i].name)
			}
			if err != nil && order == value.UnknownOrder {
				t.Layout.Notes = append(t.Layout.Notes, fmt.Sprintf("%s: %v", t.columns[i].label(), err))
			}
			if order != value.UnknownOrder {
				t.order = order
				break
			}
		}
	}
	t.Layout.DateOrder = Order(t.order.String())
	return nil
}

// orderIn returns the order that the name of a column says, such as "Air date (DD/MM/YYYY)".
func orderIn(name string) value.DateOrder {
	switch {
	case dayFirst.MatchString(name):
		return value.DayFirst
	case monthFirst.MatchString(name):
		return value.MonthFirst
	}
	return value.UnknownOrder
}
