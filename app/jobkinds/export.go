package jobkinds

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// What can be exported.
const (
	exportEpisodes = "episodes"
	exportActivity = "activity"
)

// ExportArgs are the arguments of bulk-export.
type ExportArgs struct {
	What     string          `json:"what" enum:"episodes,activity" doc:"What to export."`
	Format   string          `json:"format,omitempty" enum:"csv,ndjson,xlsx" doc:"Default: csv."`
	BOM      *bool           `json:"bom,omitempty" doc:"Whether CSV begins with a byte order mark, by which Excel knows UTF-8. Default: true."`
	Episodes *EpisodeFilter  `json:"episodes,omitempty" doc:"Which episodes; left out: all."`
	Activity *ActivityFilter `json:"activity,omitempty" doc:"Which entries of the log; left out: all."`
}

// EpisodeFilter says which episodes a job is about.
type EpisodeFilter struct {
	Status string `json:"status,omitempty" enum:"draft,pending,approved,rejected,published,archived" doc:"Only those with this status."`
	ShowID string `json:"show_id,omitempty" format:"uuid" doc:"Only those of this show."`
	Q      string `json:"q,omitempty" maxLength:"200" doc:"Occurs in the title; case and accents make no difference."`
}

// narrows reports whether the filter leaves anything out. A text of blanks or accents alone does not: it is found everywhere.
func (f *EpisodeFilter) narrows() bool {
	return f.Status != "" || f.ShowID != "" || strings.TrimSpace(sqltext.Fold(f.Q)) != ""
}

func (f *EpisodeFilter) filter() episode.Filter {
	if f == nil {
		return episode.Filter{}
	}
	return episode.Filter{Status: episode.Status(f.Status), ShowID: f.ShowID, Text: f.Q}
}

// ActivityFilter says which entries of the log a job is about.
type ActivityFilter struct {
	UserID       string     `json:"user_id,omitempty" maxLength:"128" doc:"Only what this user or application did."`
	Action       string     `json:"action,omitempty" maxLength:"64" doc:"Only this action."`
	Source       string     `json:"source,omitempty" enum:"callboard,application" doc:"Only what Callboard did itself, or only what applications logged."`
	ResourceType string     `json:"resource_type,omitempty" maxLength:"64" doc:"Only what was done to resources of this type."`
	ResourceID   string     `json:"resource_id,omitempty" maxLength:"128" doc:"Goes together with resource_type."`
	Since        *time.Time `json:"since,omitempty" doc:"Inclusive."`
	Until        *time.Time `json:"until,omitempty" doc:"Exclusive."`
}

func (f *ActivityFilter) filter() activity.Filter {
	if f == nil {
		return activity.Filter{}
	}
	return activity.Filter{
		UserID: f.UserID, Action: f.Action, Source: activity.Source(f.Source), Resource: callboard.Resource{Type: f.ResourceType, ID: f.ResourceID},
		Since: sqldb.OptionalTime(f.Since).Time, Until: sqldb.OptionalTime(f.Until).Time,
	}
}

// Kind implements job.Args.
func (ExportArgs) Kind() string { return "bulk-export" }

// ExportResult is the result of bulk-export.
type ExportResult struct {
	FileID string `json:"file_id"`
	URL    string `json:"url"` // where the owner downloads it, for a week
	Rows   int    `json:"rows"`
	Size   int64  `json:"size"` // bytes
}

type exports struct{ Parts }

// bulkExport writes episodes or the activity log to a file that its owner can download. An attempt that fails leaves no
// file; the next one begins anew, and writes what there is by then.
func bulkExport(p Parts) job.Kind {
	e := exports{p}
	return job.Define(job.Definition[ExportArgs]{
		Settings: job.Settings{
			Title: "Export", Summary: "Writes episodes or the activity log to a CSV, NDJSON or XLSX file, to be downloaded within a week.",
			Timeout: time.Hour, PerOwner: 10,
			Concurrency: 1, // it keeps a processor busy
		},
		Check: e.check, Work: e.work,
	})
}

func (exports) check(_ context.Context, args ExportArgs) (job.Placement, error) {
	var v callboard.Validator
	v.Check(args.Episodes == nil || args.What == exportEpisodes, "args.episodes", "goes together with what: episodes")
	v.Check(args.Activity == nil || args.What == exportActivity, "args.activity", "goes together with what: activity")
	if a := args.Activity; a != nil {
		v.Check(a.ResourceID == "" || a.ResourceType != "", "args.activity.resource_type", "is needed for resource_id")
	}
	return job.Placement{}, v.Err()
}

func (e exports) work(ctx context.Context, run *job.Run, args ExportArgs) (any, error) {
	opts := callboard.SheetOptions{Format: cmp.Or(callboard.Format(args.Format), callboard.CSV), NoBOM: args.BOM != nil && !*args.BOM}
	rows, total := 0, 0
	progress := func(n int) {
		rows = n
		message := fmt.Sprintf("%d rows", n)
		if total > 0 {
			message = fmt.Sprintf("row %d of %d", n, total)
		}
		run.Progress(percent(n, total), message)
	}
	var minRole callboard.Role
	if args.What == exportActivity && callboard.ActorFrom(ctx).Role == callboard.RoleAdmin {
		minRole = callboard.RoleAdmin // the addresses of others are in it
	}
	pending, err := e.Files.Stage(ctx, file.NewFile{
		MinRole: minRole, Name: args.What + opts.Format.Extension(), JobID: new(run.Job().ID), ExpiresAt: new(callboard.Now().Add(keepResult)),
	}, func(w io.Writer) (err error) {
		if args.What == exportActivity {
			return e.Activity.ExportWith(ctx, w, opts, args.Activity.filter(), progress)
		}
		if total, err = e.Episodes.Count(ctx, args.Episodes.filter()); err != nil {
			return err
		}
		return e.Episodes.Export(ctx, w, opts, args.Episodes.filter(), episode.ByCreated, progress)
	})
	if err != nil {
		return nil, err
	}
	run.OnFailure(pending.Discard)
	run.AtCompletion(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := pending.CommitTx(ctx, tx)
		return err
	})
	return ExportResult{FileID: pending.ID(), URL: e.Files.URL(pending.ID()), Rows: rows, Size: pending.Size()}, nil
}
