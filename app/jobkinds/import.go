package jobkinds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// ImportArgs are the arguments of data-import.
type ImportArgs struct {
	importer.Request
	DryRun bool `json:"dry_run,omitempty" doc:"Say what would become of each row, and write nothing."`
}

// Kind implements job.Args.
func (ImportArgs) Kind() string { return importer.JobKind }

// ImportResult is the result of data-import.
type ImportResult struct {
	importer.Counts
	DryRun    bool               `json:"dry_run"`
	Layout    importer.Layout    `json:"layout"`
	Shows     []importer.ShowRef `json:"shows"` // the first of them
	ShowCount int                `json:"show_count"`
}

// importState is how far an import has come.
type importState struct {
	importer.State
	Total int `json:"total,omitempty"` // rows of the file
}

type imports struct{ Parts }

// dataImport makes episodes of the rows of a sheet, as the command line does. What it has done is saved with each batch of
// rows, so that it goes on after a crash without doubling a row.
func dataImport(p Parts) job.Kind {
	im := imports{p}
	return job.Define(job.Definition[ImportArgs]{
		Settings: job.Settings{
			Title:       "Import",
			Summary:     "Creates and updates episodes by the rows of a sheet. What became of each row is in the report; rows that break a rule are left out.",
			Concurrency: 1, // two into one show would wait for each other
			Timeout:     2 * time.Hour, PerOwner: 10,
		},
		Check: im.check, Work: im.work,
	})
}

func (im imports) check(ctx context.Context, args ImportArgs) (job.Placement, error) {
	if err := args.Check(); err != nil {
		if e, ok := errors.AsType[*callboard.Error](err); ok {
			for i := range e.Fields {
				e.Fields[i].Field = "args." + e.Fields[i].Field
			}
		}
		return job.Placement{}, err
	}
	if err := needScopes(ctx, "episodes:write files:read imports:write shows:write"); err != nil {
		return job.Placement{}, err
	}
	if _, err := im.readableFile(ctx, args.FileID); err != nil {
		return job.Placement{}, err
	}
	if args.ShowID == nil {
		return job.Placement{}, nil
	}
	_, err := im.Shows.Get(ctx, *args.ShowID)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return job.Placement{}, invalid("args.show_id", "is not the ID of a show")
	}
	return job.Placement{}, err
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
	f, content, err := im.Files.Open(ctx, args.FileID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	report, err := im.run(ctx, run, args, &state, content, f.Size)
	if err != nil {
		return nil, err
	}
	logLayout(run, report)
	run.Logger().Info("read the sheet", "rows", report.Rows, "created", report.Created, "updated", report.Updated,
		"unchanged", report.Unchanged, "refused", report.Refused, "skipped", report.Skipped)
	brief := report.Brief()
	result := ImportResult{report.Counts, args.DryRun, brief.Layout, brief.Shows, report.ShowCount}
	in := report.Created + report.Updated + report.Unchanged
	if in == 0 && report.Refused > 0 {
		return result, callboard.Errorf(callboard.CodeInvalid, "nothing came in: %d rows were refused; the report says why", report.Refused)
	}
	run.Outcome(outcomeOf(report.Counts, args.DryRun))
	return result, nil
}

func outcomeOf(c importer.Counts, dry bool) string {
	words := fmt.Sprintf("done: %d created, %d updated, %d unchanged, %d refused", c.Created, c.Updated, c.Unchanged, c.Refused)
	if dry {
		return strings.Replace(words, "done:", "planned:", 1)
	}
	return words
}

// logLayout says in the lines of the job how the file was read.
func logLayout(run *job.Run, report importer.Report) {
	run.Logger().Info("the file is " + report.Layout.String())
	for _, c := range report.Layout.Columns {
		run.Logger().Info("column", "position", c.Position, "name", c.Name, "field", c.Field, "why", c.Why)
	}
	for _, note := range report.Layout.Notes {
		run.Logger().Info(note)
	}
}

// run has each batch written only while the attempt has the job, with how far it has come and what there is to say of its rows.
func (im imports) run(
	ctx context.Context, run *job.Run, args ImportArgs, state *importState, content io.ReaderAt, size int64,
) (importer.Report, error) {
	hooks := importer.Hooks{
		Done: state.State, Write: run.Write,
		Progress: func(rows, total int) {
			state.Total = total
			run.Progress(percent(rows, total), fmt.Sprintf("row %d of %d", rows, total))
		},
		Saved: func(ctx context.Context, tx *sqldb.Tx, done importer.State, problems []importer.Problem) error {
			if args.DryRun {
				done = importer.State{Saved: done.Saved}
			}
			if err := run.SaveCheckpoint(ctx, tx, importState{done, state.Total}); err != nil {
				return err
			}
			return run.Report(ctx, tx, problemsOf(problems))
		},
	}
	if !args.DryRun {
		return im.Imports.Import(ctx, content, size, args.Options, hooks)
	}
	if err := run.Write(ctx, run.ClearReport); err != nil { // a plan begins with the first row, whatever an earlier attempt has done
		return importer.Report{}, err
	}
	return im.Imports.Plan(ctx, content, size, args.Options, hooks)
}

func problemsOf(of []importer.Problem) []job.Problem {
	problems := make([]job.Problem, len(of))
	for i, p := range of {
		problems[i] = job.Problem{Item: p.Item(), Outcome: string(p.Outcome), Reason: p.Reason}
	}
	return problems
}
