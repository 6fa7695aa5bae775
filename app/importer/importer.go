// Package importer makes episodes of the rows of a spreadsheet. It says before it writes anything what it takes each column
// for, and afterwards what became of each row: nothing is guessed in silence, and nothing is dropped in silence.
//
// A file is read twice. The first pass finds out how it is to be read (see Layout): the header, what each column holds, the
// order of day and month, the numbers that its rows bring with them. The second one makes an entry of each row, finds the
// episode that it is about, and creates or updates it, or says why not. A plan is both passes without the writing, so that it
// agrees with the import row by row.
package importer

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/internal/sheet"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
)

// Config is what a Service needs. All but Files, which only the routes use, is required.
type Config struct {
	DB       *sqldb.DB
	Shows    *show.Service
	Episodes *episode.Service
	Files    *file.Service // for plans over HTTP, and the rows that were refused
}

// Service plans and runs imports.
type Service struct {
	cfg Config
}

// New returns a Service.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Mode says which rows an import takes.
type Mode string

// The modes.
const (
	Upsert Mode = "upsert" // creates what is new, and updates what it finds
	Create Mode = "create" // refuses what is there already
	Update Mode = "update" // refuses what is not there yet
)

// Order is the order of day and month in dates such as 03/04/1985.
type Order string

// The orders. The empty one lets the column decide.
const (
	DayFirst   Order = "day-first"
	MonthFirst Order = "month-first"
	YearFirst  Order = "year-first" // 89-12-17
)

// Options say what the file itself does not. The zero value lets it speak for itself, and imports outside of shows unless a
// column names them.
type Options struct {
	Encoding   string  `json:"encoding,omitempty" doc:"Encoding of a text file, such as windows-1252. Left out: as found in the content."`
	Sheet      string  `json:"sheet,omitempty" doc:"Worksheet of a workbook. Left out: the first one that holds a list of episodes."`
	HiddenRows bool    `json:"hidden_rows,omitempty" doc:"Take rows of a workbook that are hidden or filtered out, too."`
	Mapping    Mapping `json:"mapping,omitempty" doc:"Columns by field, by name or by position (#3), where they are not found by themselves. The first one that is not empty in a row counts; an empty list leaves the field out."`
	DateOrder  Order   `json:"date_order,omitempty" enum:"day-first,month-first,year-first" doc:"Order of day and month, where the column does not decide it."`
	Mode       Mode    `json:"mode,omitempty" enum:"upsert,create,update" doc:"Whether rows create episodes, update them, or both. Default: upsert."`
	ShowID     *string `json:"show_id,omitempty" format:"uuid" doc:"The show that the episodes belong to."`
	known      string  // title of the show that ShowID names
	ShowTitle  *string `json:"show_title,omitempty" minLength:"1" maxLength:"255" doc:"The same, by its title; it is created with its first episode when there is none."`
}

// showTitle returns the title of the show that the options give, or "".
func (o Options) showTitle() string {
	if o.ShowTitle != nil {
		return *o.ShowTitle
	}
	return o.known
}

// Counts say what became of the rows that were read: Rows = Created + Updated + Unchanged + Refused + Skipped, always. Empty
// rows and the header are not read.
type Counts struct {
	Rows      int `json:"rows" doc:"Rows that were read: those below, in all."`
	Created   int `json:"created" doc:"Rows of which an episode was made."`
	Updated   int `json:"updated" doc:"Rows that changed an episode."`
	Unchanged int `json:"unchanged" doc:"Rows that say what is there already."`
	Refused   int `json:"refused" doc:"Rows that were not taken; the report says why."`
	Skipped   int `json:"skipped" doc:"Rows that are no episodes: a header that is repeated, a sum, a comment, a hidden row, a row that is there twice."`
}

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Refused   Outcome = "refused"
	Skipped   Outcome = "skipped"
)

// Problem says why a row was refused or skipped, or, with Outcome Created, Updated or Unchanged, what of it was not taken or taken
// by a rule that a reader should know.
type Problem struct {
	Line    int     `json:"line" doc:"Line of the file where the row begins, or row of the worksheet."`
	Outcome Outcome `json:"outcome" enum:"created,updated,unchanged,refused,skipped" doc:"What became of the row."`
	Reason  string  `json:"reason" doc:"Each column with its value, shortened, and what would be right." example:"title is missing"`
}

// ShowRef is a show that episodes were imported into.
type ShowRef struct {
	ID      string `json:"id,omitempty" doc:"ID of the show; absent in a plan while the show is to be created."`
	Title   string `json:"title" doc:"What it is called." example:"Lighthouse Nine"`
	Created bool   `json:"created" doc:"Whether the import has created it, or in a plan would."`
}

// State is how far an import has come. What Hooks.Saved is given, the import that goes on takes as Hooks.Done.
type State struct {
	Counts
	Shows     []ShowRef `json:"shows,omitempty"`      // that episodes were imported into, the first of them
	ShowCount int       `json:"show_count,omitempty"` // of all these shows
	Loose     bool      `json:"loose,omitempty"`      // outside of shows a title or a number alone says which episode is meant
	Saved     Mapping   `json:"saved,omitempty"`      // the mapping that was saved for the show, where the import goes by it
}

// Report says what an import has done, or in a plan would do.
type Report struct {
	Counts
	Layout    Layout    `json:"layout" doc:"How the file is read."`
	Shows     []ShowRef `json:"shows" doc:"Shows that episodes were imported into, in the order of the file: the first 100 of them at most."`
	ShowCount int       `json:"show_count" doc:"How many shows that are in all."`
	Problems  []Problem `json:"problems" doc:"What there is to say of rows, in the order of the file: at most 10,000 that were refused, and 10,000 others."`
}

// Hooks connect an import to what runs it. The zero value is an import in one go.
type Hooks struct {
	// Done is how far an import came that goes on: so many rows of the same file with the same options are passed over.
	Done State
	// Write, when set, runs the transaction of each batch instead of the database's own Write. A plan has one only for Saved.
	Write func(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error
	// Saved, when set, is called inside the transaction of each batch, after its rows: with how far the import has come with
	// them, and what is to be said of them, which is not bounded as in the report. It may be called more than once for a batch, as its transaction may run more than once.
	Saved func(ctx context.Context, tx *sqldb.Tx, done State, problems []Problem) error
	// Refused, when set, is called with each row that is refused, as the file has it, after its batch is committed.
	Refused func(row RefusedRow) error
	// Progress, when set, is called after each batch with the number of rows read so far and of all rows of the file.
	Progress func(rows, total int)
}

// RefusedRow is a row in the shape of its file, to be mended and imported again.
type RefusedRow struct {
	Header []string // of the file; without one, what the columns were taken for. Behind them are the columns of Above.
	Cells  []string
	Above  []string // what the file says of the row outside of it: the season of a heading or of a worksheet
	Reason string
}

// Spool copies r, which can be read only once, to a temporary file that Plan and Import can read. Closing removes it. A text of more than
// 2 GB is CodeTooLarge.
func Spool(r io.Reader) (file io.ReaderAt, size int64, closeFile func() error, err error) {
	return sheet.Spool(r)
}

// Plan reads a file of size bytes to its end and says what Import would do, row by row, without writing anything. A file or an option
// that cannot be used is CodeInvalid or CodeTooLarge.
func (s *Service) Plan(ctx context.Context, file io.ReaderAt, size int64, opts Options, hooks Hooks) (Report, error) {
	hooks.Done = State{} // it begins with the first row
	return s.start(ctx, file, size, opts, hooks, false)
}

// Import does what Plan says. Rows are refused by the rules of episode.Service.Create and Update; the good ones stay, also when ctx ends
// before the last row. A file that cannot be used writes nothing. While others change the same shows, each batch of rows goes by what is
// there when it is written.
func (s *Service) Import(ctx context.Context, file io.ReaderAt, size int64, opts Options, hooks Hooks) (Report, error) {
	return s.start(ctx, file, size, opts, hooks, true)
}

func (s *Service) start(
	ctx context.Context, file io.ReaderAt, size int64, opts Options, hooks Hooks, write bool,
) (report Report, err error) {
	if err := opts.Check(); err != nil {
		return Report{}, err
	}
	saved := hooks.Done.Saved
	if hooks.Done.Rows == 0 {
		if saved, err = s.savedFor(ctx, opts); err != nil {
			return Report{}, err
		}
	}
	t, saved, err := s.open(ctx, file, size, opts, saved)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	r := &session{cfg: s.cfg, opts: opts, saved: saved, hooks: hooks, write: write, entries: t.entries, header: t.header, total: t.rows}
	r.report.Layout = t.Layout
	err = r.run(ctx)
	return r.report, err
}

// open opens a file with the mapping that is saved for its show, if opts name none and the file has the columns.
func (s *Service) open(ctx context.Context, file io.ReaderAt, size int64, opts Options, saved Mapping) (t *table, used Mapping, err error) {
	if opts.ShowID != nil {
		if found, err := s.cfg.Shows.Get(ctx, *opts.ShowID); err == nil { // else newShows says so
			opts.known = found.Title
		}
	}
	if saved == nil {
		t, err = openTable(ctx, file, size, opts)
		return t, nil, err
	}
	own := opts
	own.Mapping = saved
	if t, err = openTable(ctx, file, size, own); err == nil {
		t.Layout.Notes = append(t.Layout.Notes, "the mapping that is saved for the show was used: "+saved.String())
		return t, saved, nil
	}
	if callboard.CodeOf(err) != callboard.CodeInvalid {
		return nil, nil, err
	}
	if t, err = openTable(ctx, file, size, opts); err == nil {
		t.Layout.Notes = append(t.Layout.Notes, "the mapping that is saved for the show does not fit this file and was not used: "+saved.String())
	}
	return t, nil, err
}

// Check returns a CodeInvalid error that names each option which cannot be.
func (o Options) Check() error {
	var v callboard.Validator
	v.Check(o.ShowID == nil || o.ShowTitle == nil, "show_title", "does not go together with show_id")
	v.Check(slices.Contains([]Mode{"", Upsert, Create, Update}, o.Mode), "mode", "must be upsert, create or update")
	v.Check(slices.Contains([]Order{"", DayFirst, MonthFirst, YearFirst}, o.DateOrder), "date_order", "must be day-first, month-first or year-first")
	if err := o.Mapping.Check(); err != nil {
		v.Add("mapping", "%s", err)
	}
	if o.ShowTitle != nil {
		v.Title("show_title", *o.ShowTitle)
	}
	return v.Err()
}
