package jobkinds

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
)

// ImportArgs are the arguments of data-import.
type ImportArgs struct {
	FileID    string              `json:"file_id" format:"uuid" doc:"A sheet that was uploaded: CSV, NDJSON or XLSX."`
	ShowID    *string             `json:"show_id,omitempty" format:"uuid" doc:"The show that the episodes belong to."`
	ShowTitle *string             `json:"show_title,omitempty" minLength:"1" maxLength:"255" doc:"The same, by its title; it is created when there is none."`
	Mapping   map[string][]string `json:"mapping,omitempty" doc:"Columns by field, where their names do not say so: the first that is not empty in a row counts."`
	DryRun    bool                `json:"dry_run,omitempty" doc:"Check every row and write nothing."`
}

// Kind implements job.Args.
func (ImportArgs) Kind() string { return "data-import" }

// ImportResult is the result of data-import.
type ImportResult struct {
	episode.ImportState
	DryRun  bool            `json:"dry_run"`
	ShowID  *string         `json:"show_id"`
	Mapping episode.Mapping `json:"mapping"` // as it was used
}

// importState is how far an import has come.
type importState struct {
	episode.ImportState
	ShowID *string `json:"show_id,omitempty"`
	Total  int     `json:"total,omitempty"` // rows of the file
}

type imports struct{ Parts }

// dataImport makes episodes of the rows of a sheet, as the command line does. What it has done is saved with each batch of
// rows, so that it goes on after a crash without doubling a row.
func dataImport(p Parts) job.Kind {
	im := imports{p}
	return job.Define(job.Definition[ImportArgs]{
		Settings: job.Settings{
			Title:       "Import",
			Summary:     "Makes an episode of each row of a sheet. Rows that break a rule are left out and listed in the report.",
			Concurrency: 1, // two into one show would wait for each other
			Timeout:     2 * time.Hour, PerOwner: 10,
		},
		Check: im.check, Work: im.work,
	})
}

func (im imports) check(ctx context.Context, args ImportArgs) (job.Placement, error) {
	var v callboard.Validator
	v.Check(args.ShowID == nil || args.ShowTitle == nil, "args.show_title", "does not go together with show_id")
	if args.ShowTitle != nil {
		v.Title("args.show_title", *args.ShowTitle)
	}
	if err := episode.Mapping(args.Mapping).Check(); err != nil {
		v.Add("args.mapping", "%s", err)
	}
	if err := v.Err(); err != nil {
		return job.Placement{}, err
	}
	if _, err := im.readableFile(ctx, args.FileID); err != nil {
		return job.Placement{}, err
	}
	return job.Placement{}, im.checkShow(ctx, args.ShowID)
}

func (im imports) checkShow(ctx context.Context, id *string) error {
	if id == nil {
		return nil
	}
	_, err := im.Shows.Get(ctx, *id)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return invalid("args.show_id", "is not the ID of a show")
	}
	return err
}

func (im imports) work(ctx context.Context, run *job.Run, args ImportArgs) (any, error) {
	var state importState
	resumed, err := run.LoadCheckpoint(ctx, &state)
	if err != nil {
		return nil, err
	}
	if resumed {
		run.Logger().Info("goes on", "rows", state.Rows)
	}
	if state.ShowID, err = im.show(ctx, run, args, state); err != nil {
		return nil, err
	}
	f, content, err := im.Files.Open(ctx, args.FileID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	report, err := im.Episodes.Import(ctx, io.NewSectionReader(content, 0, f.Size), im.options(run, args, &state))
	if err != nil {
		return nil, err
	}
	run.Logger().Info("read the sheet", "rows", report.Rows, "imported", report.Imported, "bad", report.Bad)
	if args.DryRun {
		run.AtCompletion(func(ctx context.Context, tx *sqldb.Tx) error { return run.Report(ctx, tx, problemsOf(report.Errors)) })
	}
	return ImportResult{report.ImportState, args.DryRun, state.ShowID, report.Mapping}, nil
}

// options has each batch written only while the attempt has the job, with how far it has come and the rows that are bad.
func (im imports) options(run *job.Run, args ImportArgs, state *importState) episode.ImportOptions {
	opts := episode.ImportOptions{
		ShowID: state.ShowID, Mapping: args.Mapping, DryRun: args.DryRun,
		Counted: func(rows int) { state.Total = rows },
		Progress: func(rows int) {
			run.Progress(percent(rows, state.Total), fmt.Sprintf("row %d of %d", rows, state.Total))
		},
	}
	if args.DryRun {
		return opts
	}
	opts.Done, opts.Write = state.ImportState, run.Write
	opts.Saved = func(ctx context.Context, tx *sqldb.Tx, done episode.ImportState, bad []episode.RowError) error {
		if err := run.SaveCheckpoint(ctx, tx, importState{done, state.ShowID, state.Total}); err != nil {
			return err
		}
		return run.Report(ctx, tx, problemsOf(bad))
	}
	return opts
}

func problemsOf(bad []episode.RowError) []job.Problem {
	problems := make([]job.Problem, len(bad))
	for i, b := range bad {
		problems[i] = job.Problem{Item: fmt.Sprintf("line %d", b.Line), Reason: b.Reason}
	}
	return problems
}

// show returns the show of the episodes. One that is created is saved in the same transaction, so that there is one.
func (im imports) show(ctx context.Context, run *job.Run, args ImportArgs, state importState) (*string, error) {
	switch {
	case state.ShowID != nil:
		return state.ShowID, nil
	case args.ShowTitle == nil:
		return args.ShowID, im.checkShow(ctx, args.ShowID)
	}
	found, err := im.Shows.FindByTitle(ctx, *args.ShowTitle)
	if err == nil || callboard.CodeOf(err) != callboard.CodeNotFound {
		return &found.ID, err
	}
	if args.DryRun {
		return new(callboard.NewID()), nil // an ID that no episode has does as well
	}
	var created show.Show
	err = run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		var err error
		if created, err = im.Shows.CreateTx(ctx, tx, show.Input{Title: *args.ShowTitle}); err != nil {
			return err
		}
		return run.SaveCheckpoint(ctx, tx, importState{ShowID: &created.ID})
	})
	return &created.ID, err
}
