package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/show"
)

type importCommand struct {
	Episodes importEpisodes `cmd:"" help:"Import episodes from a CSV, NDJSON or XLSX file."`
}

type importEpisodes struct {
	settings
	File   string `arg:"" help:"File to read, CSV, NDJSON or XLSX; - reads standard input. CSV may have comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252."`
	Show   string `help:"Title of the show that they belong to. It is created when there is none."`
	Map    string `help:"Columns of fields where their names do not say so: title=episode_title|story_title,air_date=aired. The first one that is not empty counts."`
	As     string `help:"E-mail of the user who does it. Default: Callboard itself."`
	DryRun bool   `help:"Check every row and write nothing."`
}

func (c *importEpisodes) Run(ctx context.Context, std streams) error {
	mapping, err := episode.ParseMapping(c.Map)
	if err != nil {
		return err
	}
	in := std.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return withApp(ctx, c.Config, std, func(a *app.App) error {
		if ctx, err = c.actor(ctx, a); err != nil {
			return err
		}
		showID, err := c.showID(ctx, a)
		if err != nil {
			return err
		}
		start := time.Now()
		report, err := a.Episodes.Import(ctx, in, episode.ImportOptions{
			ShowID: showID, Mapping: mapping, DryRun: c.DryRun, Progress: progress(std.err),
		})
		c.print(std, report, time.Since(start))
		return err
	})
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

// showID returns the show of --show. A dry run does not create it: an ID that no episode has does as well.
func (c *importEpisodes) showID(ctx context.Context, a *app.App) (*string, error) {
	if c.Show == "" {
		return nil, nil //nolint:nilnil // no show is a choice of its own
	}
	found, err := a.Shows.FindByTitle(ctx, c.Show)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		if c.DryRun {
			id := callboard.NewID()
			return &id, nil
		}
		found, err = a.Shows.Create(ctx, show.Input{Title: c.Show})
	}
	if err != nil {
		return nil, fmt.Errorf("--show: %w", err)
	}
	return &found.ID, nil
}

// progressEvery is how many rows pass between two lines of progress.
const progressEvery = 1000

func progress(w io.Writer) func(rows int) {
	next := progressEvery
	return func(rows int) {
		if rows >= next {
			fmt.Fprintf(w, "%d rows …\n", rows)
			next = rows - rows%progressEvery + progressEvery
		}
	}
}

// print lists the bad rows on standard output, since they are the answer, and the sum on standard error.
func (c *importEpisodes) print(std streams, r episode.ImportReport, took time.Duration) {
	for _, e := range r.Errors {
		fmt.Fprintf(std.out, "line %d: %s\n", e.Line, e.Reason)
	}
	if more := r.Bad - len(r.Errors); more > 0 {
		fmt.Fprintf(std.out, "… and %d more\n", more)
	}
	verb := "imported"
	if c.DryRun {
		verb = "would be imported"
	}
	fmt.Fprintf(std.err, "%d rows read, %d %s, %d bad, in %s\n", r.Rows, r.Imported, verb, r.Bad, took.Round(time.Millisecond))
}
