package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/importer"
)

type importCommand struct {
	Episodes importEpisodes `cmd:"" help:"Import episodes from a CSV, NDJSON or XLSX file. Exits with 0 when all rows are in, 1 when some were refused, 2 when nothing came in."`
}

type importEpisodes struct {
	settings
	File       string         `arg:"" help:"File to read, CSV, NDJSON or XLSX; - reads standard input."`
	Show       string         `help:"Title of the show that they belong to. It is created with its first episode when there is none."`
	Mode       importer.Mode  `help:"upsert creates what is new and updates what it finds; create and update do one of them and refuse the rest." enum:"upsert,create,update" default:"upsert"`
	Map        string         `help:"Columns of fields where they are not found by themselves, by name or position: title=episode_title|#3,air_date=aired. A name with a comma or a bar is quoted; field= leaves a field out."`
	SaveMap    bool           `help:"Keep --map for the show, for the files that come after this one."`
	Sheet      string         `help:"Worksheet of a workbook. Default: the first one that holds a list of episodes."`
	HiddenRows bool           `help:"Take rows of a workbook that are hidden or filtered out, too."`
	Encoding   string         `help:"Encoding of a text file, such as windows-1252. Default: as found in its content."`
	DateOrder  importer.Order `help:"Order of day and month in dates such as 03/04/1985, where the column does not decide it: day-first, month-first or year-first." enum:",day-first,month-first,year-first" default:""`
	Plan       bool           `help:"Say how the file would be read and what would become of its rows, and write nothing."`
	DryRun     bool           `help:"The same, with a line for each row about which there is something to say."`
	JSON       bool           `name:"json" help:"Print what was or would be done as JSON."`
	Refused    string         `placeholder:"FILE" help:"Write the rows that are refused to this file, in their own shape with the reason behind them, to be mended and imported again. Its ending chooses the format: .csv, .ndjson or .xlsx."`
	As         string         `help:"E-mail of the user who does it, an editor or admin. Default: Callboard itself."`
}

// planProblems is how many rows a plan lists.
const planProblems = 20

func (c *importEpisodes) Run(ctx context.Context, std streams) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // measured: a plan of 200,000 rows takes 87 MB in place of 105, and as long
	}
	report, err := c.start(ctx, std)
	if err != nil && report.Rows == 0 {
		return exitError{nothingIn, err}
	}
	if err != nil {
		return err
	}
	return c.outcome(report)
}

func (c *importEpisodes) start(ctx context.Context, std streams) (report importer.Report, err error) {
	opts, err := c.options()
	if err != nil {
		return importer.Report{}, err
	}
	file, size, done, err := c.open(std.in)
	if err != nil {
		return importer.Report{}, err
	}
	defer func() { _ = done() }() // it was only read
	err = withApp(ctx, c.Config, std, func(a *app.App) error {
		if ctx, err = c.actor(ctx, a); err != nil {
			return err
		}
		start := time.Now()
		report, err = c.run(ctx, a, std, file, size, opts)
		if err != nil && report.Rows == 0 {
			return err
		}
		return errors.Join(err, c.print(std, report, time.Since(start)))
	})
	return report, err
}

func (c *importEpisodes) options() (importer.Options, error) {
	opts := importer.Options{
		Encoding: c.Encoding, Sheet: c.Sheet, HiddenRows: c.HiddenRows, DateOrder: c.DateOrder, Mode: c.Mode,
	}
	if c.Show != "" {
		opts.ShowTitle = &c.Show
	}
	var err error
	if c.Map != "" {
		opts.Mapping, err = importer.ParseMapping(c.Map)
	}
	switch {
	case err != nil:
		return importer.Options{}, err
	case c.SaveMap && (c.Map == "" || c.Show == "" || c.planned()):
		return importer.Options{}, errors.New("--save-map needs --map and --show, and goes together with neither --plan nor --dry-run")
	}
	return opts, nil
}

func (c *importEpisodes) planned() bool { return c.Plan || c.DryRun }

// open returns the file, which is read more than once: standard input is copied first.
func (c *importEpisodes) open(in io.Reader) (file io.ReaderAt, size int64, done func() error, err error) {
	if c.File == "-" {
		return importer.Spool(in)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, 0, nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, 0, nil, errors.Join(err, f.Close())
	case info.IsDir():
		return nil, 0, nil, errors.Join(fmt.Errorf("%s is a folder; name the file", c.File), f.Close())
	case !info.Mode().IsRegular(): // a pipe
		defer f.Close()
		return importer.Spool(f)
	}
	if refused, err := os.Stat(c.Refused); err == nil && os.SameFile(info, refused) {
		return nil, 0, nil, errors.Join(errors.New("--refused is the file that is read; give it another name"), f.Close())
	}
	return f, info.Size(), f.Close, nil
}

func (c *importEpisodes) run(
	ctx context.Context, a *app.App, std streams, file io.ReaderAt, size int64, opts importer.Options,
) (report importer.Report, err error) {
	hooks := importer.Hooks{Progress: progress(std.err)}
	if c.Refused != "" {
		out, createErr := os.Create(c.Refused)
		if createErr != nil {
			return importer.Report{}, createErr
		}
		refused := importer.NewRefusedWriter(out, importer.FormatOf(c.Refused))
		hooks.Refused = refused.Write
		defer func() { err = errors.Join(err, refused.Close(), out.Close()) }()
	}
	if c.planned() {
		return a.Imports.Plan(ctx, file, size, opts, hooks)
	}
	report, err = a.Imports.Import(ctx, file, size, opts, hooks)
	if err != nil || !c.SaveMap || len(report.Shows) == 0 {
		return report, err
	}
	_, err = a.Imports.SaveMapping(ctx, report.Shows[0].ID, opts.Mapping)
	return report, err
}

// actor puts the one who imports into ctx. Whoever may run commands on the data may look up anybody, but the log is not told that
// somebody did what they may not do.
func (c *importEpisodes) actor(ctx context.Context, a *app.App) (context.Context, error) {
	ctx = callboard.WithActor(ctx, callboard.System("Import"))
	if c.As == "" {
		return ctx, nil
	}
	user, err := a.Accounts.UserByEmail(ctx, c.As)
	if err != nil {
		return nil, fmt.Errorf("--as: %w", err)
	}
	if user.Disabled || !user.Role.Includes(callboard.RoleEditor) {
		return nil, callboard.Errorf(callboard.CodeForbidden, "--as: %s is disabled, or no editor", user.Email)
	}
	return callboard.WithActor(ctx, user.Actor()), nil
}

// progressEvery is how many rows pass between two lines of progress.
const progressEvery = 1000

func progress(w io.Writer) func(rows, total int) {
	next := progressEvery
	return func(rows, total int) {
		if rows >= next {
			fmt.Fprintf(w, "%d of %d rows …\n", rows, total)
			next = rows - rows%progressEvery + progressEvery
		}
	}
}

// print lists what is to be said of rows on standard output, since it is the answer, and how the file was read and the sum on standard
// error. Of a plan all of it is the answer.
func (c *importEpisodes) print(std streams, r importer.Report, took time.Duration) error {
	if c.JSON {
		r.Problems, r.Shows = append([]importer.Problem{}, r.Problems...), append([]importer.ShowRef{}, r.Shows...) // [] where there are none
		out := json.NewEncoder(std.out)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(r)
	}
	about := std.err
	if c.planned() {
		about = std.out
	}
	printLayout(about, r)
	problems := r.Problems
	if c.Plan && !c.DryRun {
		problems = r.FirstProblems(planProblems)
	}
	for _, p := range problems {
		fmt.Fprintln(std.out, printable(fmt.Sprintf("line %d: %s: %s", p.Line, p.Outcome, p.Reason)))
	}
	if len(problems) < max(len(r.Problems), r.Refused+r.Skipped) {
		fmt.Fprintf(std.out, "… and more: --json or the report of a job has the first 10,000\n")
	}
	verb := ""
	if c.planned() {
		verb = " would be"
	}
	fmt.Fprintf(about, "%d rows read:%s %d created, %d updated, %d unchanged, %d refused, %d skipped, in %s\n",
		r.Rows, verb, r.Created, r.Updated, r.Unchanged, r.Refused, r.Skipped, took.Round(time.Millisecond))
	return nil
}

func printLayout(w io.Writer, r importer.Report) {
	fmt.Fprintln(w, printable("file: "+r.Layout.String()))
	for _, col := range r.Layout.Columns {
		use := "ignored, " + col.Why
		if col.Field != "" {
			use = col.Field + ", " + col.Why
		}
		fmt.Fprintln(w, printable(fmt.Sprintf("column %d %q: %s (%s)", col.Position, col.Name, use, strings.Join(col.Samples, ", "))))
	}
	for _, sheet := range r.Layout.Others {
		fmt.Fprintln(w, printable(fmt.Sprintf("not read: sheet %q, which has %d rows; --sheet reads it", sheet.Name, sheet.Rows)))
	}
	for _, note := range r.Layout.Notes {
		fmt.Fprintln(w, printable("note: "+note))
	}
	for _, s := range r.Shows {
		state := ""
		if s.Created {
			state = ", which is new"
		}
		fmt.Fprintln(w, printable(fmt.Sprintf("show: %q%s", s.Title, state)))
	}
	if more := r.ShowCount - len(r.Shows); more > 0 {
		fmt.Fprintf(w, "and %d more shows\n", more)
	}
}

// Exit codes of an import.
const (
	someRefused = 1
	nothingIn   = 2
)

func (c *importEpisodes) outcome(r importer.Report) error {
	switch {
	case r.Refused == 0:
		return nil
	case r.Created+r.Updated+r.Unchanged == 0:
		return exitError{nothingIn, errors.New("nothing came in")}
	}
	return exitError{someRefused, fmt.Errorf("%d of %d rows were refused", r.Refused, r.Rows)}
}
