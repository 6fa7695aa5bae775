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
	IDs      []string        `json:"ids,omitempty" minItems:"1" maxItems:"5000" nullable:"false" doc:"Which episodes, in the place of a filter."`
	Activity *ActivityFilter `json:"activity,omitempty" doc:"Which entries of the log; left out: all."`
}

// EpisodeFilter says which episodes a job is about.
type EpisodeFilter struct {
	Status    string           `json:"status,omitempty" enum:"draft,pending,approved,rejected,published,archived" doc:"Only those with this status."`
	Statuses  []episode.Status `json:"statuses,omitempty" enum:"draft,pending,approved,rejected,published,archived" minItems:"1" maxItems:"6" nullable:"false" doc:"Only those with any of these, in the place of one."`
	ShowID    string           `json:"show_id,omitempty" format:"uuid" doc:"Only those of this show."`
	ShowIDs   []string         `json:"show_ids,omitempty" minItems:"1" maxItems:"100" nullable:"false" doc:"Only those of any of these, in the place of one."`
	Q         string           `json:"q,omitempty" maxLength:"200" doc:"Occurs in the title; case and accents make no difference."`
	AirFrom   string           `json:"air_date_from,omitempty" format:"date" doc:"Only those that air on this day or later."`
	AirTo     string           `json:"air_date_to,omitempty" format:"date" doc:"Only those that air on this day or earlier."`
	NoAirDate bool             `json:"no_air_date,omitempty" doc:"Only those without an air date. Does not go together with air_date_from and air_date_to."`
}

// narrows reports whether the filter leaves anything out. A text of blanks or accents alone does not: it is found everywhere.
func (f *EpisodeFilter) narrows() bool {
	return f.Status != "" || len(f.Statuses) > 0 || f.ShowID != "" || len(f.ShowIDs) > 0 || f.AirFrom != "" || f.AirTo != "" || f.NoAirDate ||
		strings.TrimSpace(sqltext.Fold(f.Q)) != ""
}

// check looks for what does not go together in a filter, which is the given field.
func (f *EpisodeFilter) check(v *callboard.Validator, field string) {
	if f == nil {
		return
	}
	v.Check(f.Status == "" || f.Statuses == nil, field+".statuses", "does not go together with status")
	v.Check(f.ShowID == "" || f.ShowIDs == nil, field+".show_ids", "does not go together with show_id")
	checkIDs(v, field+".show_ids", f.ShowIDs, "a show")
	v.Check(!f.NoAirDate || f.AirFrom == "" && f.AirTo == "", field+".no_air_date", "does not go together with air_date_from and air_date_to")
}

func checkIDs(v *callboard.Validator, field string, ids []string, of string) {
	for i, id := range ids {
		v.Check(callboard.ValidID(id), fmt.Sprintf("%s[%d]", field, i), "must be the ID of %s", of)
	}
}

func (f *EpisodeFilter) filter() episode.Filter {
	if f == nil {
		return episode.Filter{}
	}
	out := episode.Filter{Statuses: f.Statuses, ShowIDs: f.ShowIDs, Text: f.Q, AirFrom: f.AirFrom, AirTo: f.AirTo, NoAirDate: f.NoAirDate}
	if f.Status != "" {
		out.Statuses = []episode.Status{episode.Status(f.Status)}
	}
	if f.ShowID != "" {
		out.ShowIDs = []string{f.ShowID}
	}
	return out
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

func (exports) check(ctx context.Context, args ExportArgs) (job.Placement, error) {
	if err := needScopes(ctx, callboard.Scopes(args.What+":read")); err != nil {
		return job.Placement{}, err
	}
	var v callboard.Validator
	v.Check(args.Episodes == nil || args.What == exportEpisodes, "args.episodes", "goes together with what: episodes")
	v.Check(args.IDs == nil || args.What == exportEpisodes, "args.ids", "goes together with what: episodes")
	v.Check(args.IDs == nil || args.Episodes == nil, "args.ids", "does not go together with episodes")
	checkIDs(&v, "args.ids", args.IDs, "an episode")
	args.Episodes.check(&v, "args.episodes")
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
		which := args.Episodes.filter()
		which.IDs = args.IDs
		if total, err = e.Episodes.Count(ctx, which); err != nil {
			return err
		}
		return e.Episodes.Export(ctx, w, opts, which, episode.ByCreated, progress)
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
