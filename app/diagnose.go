package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Finding is what a diagnosis has found out about a part. Why and Fix are there when it is in trouble.
type Finding struct {
	Part    string `json:"part"`
	Trouble bool   `json:"trouble"`
	Text    string `json:"text"`
	Why     string `json:"why,omitempty"` // it matters
	Fix     string `json:"fix,omitempty"`
}

// diagnosis gathers findings.
type diagnosis []Finding

func (d *diagnosis) ok(part, format string, args ...any) {
	*d = append(*d, Finding{Part: part, Text: fmt.Sprintf(format, args...)})
}

func (d *diagnosis) bad(part, text, why, fix string) {
	*d = append(*d, Finding{Part: part, Trouble: true, Text: text, Why: why, Fix: fix})
}

// Doctor looks for trouble in the data that cfg names, beside a server or without one. It creates and migrates nothing.
func Doctor(ctx context.Context, cfg Config) []Finding {
	var d diagnosis
	a, err := Open(ctx, cfg)
	if err != nil {
		part, text := "database", err.Error()
		if e, ok := errors.AsType[*callboard.Error](err); ok {
			text = (&callboard.Error{Message: e.Message, Fields: e.Fields}).Error() // the cause is that of a driver
			if len(e.Fields) > 0 {
				part = "settings"
			}
		}
		d.bad(part, text, "with these settings there is nothing to look at, and a server may not start",
			"correct what is named; callboard serve --help lists the settings")
		return d
	}
	defer func() { _ = a.Close() }() // it was only read
	return a.Diagnose(ctx)
}

// Diagnose looks for trouble in the data.
func (a *App) Diagnose(ctx context.Context) []Finding {
	var d diagnosis
	sqlite := a.DB.Dialect() == sqldb.SQLite
	d.ok("database", "%s answers, its schema is that of this version", a.DB)
	a.diagnoseServer(ctx, &d)
	if err := a.canary(ctx); err != nil {
		d.bad("writes", "a test write failed"+reason(err), "whatever people change is refused",
			"make room on the disk, let this user write to the database, name the primary where this is a standby, and end what holds a lock on it")
	} else {
		d.ok("writes", "a test write succeeded")
	}
	free, err := a.freeDisk()
	disk := diskPart(free, err, sqlite)
	switch {
	case disk.Detail != "":
		d.bad("disk", disk.Detail, fmt.Sprintf("below %d MB uploads fail, and on SQLite all changes", fullDisk>>20),
			"delete what is not needed, or move DATA_DIR to a larger disk")
	case disk.FreeBytes != nil:
		d.ok("disk", "%d MB are free", free>>20)
	}
	if stats, err := a.Outbox.Stats(ctx); err != nil {
		d.bad("events", "the log of events cannot be read"+reason(err), "nothing is known of what is owed", "see what is wrong with the database")
	} else {
		diagnoseLog(stats, &d)
	}
	a.diagnoseFiles(ctx, &d)
	return d
}

func (a *App) diagnoseServer(ctx context.Context, d *diagnosis) {
	running := false
	if a.DB.Dialect() == sqldb.SQLite {
		unlock, err := lockDatabase(ctx, a.DB)
		if running = callboard.CodeOf(err) == callboard.CodeConflict; err == nil {
			unlock()
		}
	} else if nodes, err := job.LiveNodes(ctx, a.DB); err == nil {
		running = nodes > 0
	}
	if running {
		d.ok("server", "is running on this database")
	} else {
		d.ok("server", "none is running on this database; what is owed waits for one")
	}
}

func diagnoseLog(stats outbox.Stats, d *diagnosis) {
	const fixLag = "start the server if none runs; else see its log for what holds the consumer up"
	text := fmt.Sprintf("position %d, %d without a position", stats.LastPos, stats.Depth)
	if stats.DepthLag > maxReadyLag {
		d.bad("events", text, "nobody hears of them yet", fixLag)
	} else {
		d.ok("events", "%s", text)
	}
	for _, c := range stats.Consumers {
		part := "consumer " + c.Name
		text := fmt.Sprintf("at position %d, %d events behind, the oldest for %s", c.Pos, c.LagEvents, c.Lag.Round(time.Second))
		why := "what follows from these events is late, and not lost"
		switch {
		case c.Failures > 0:
			d.bad(part, fmt.Sprintf("stands still %s; it failed %d times: %s", text, c.Failures, c.Error), why,
				"remove the cause that is named; it goes on by itself")
		case c.Lag > maxReadyLag:
			d.bad(part, text, why, fixLag)
		case c.LagEvents == 0:
			d.ok(part, "has taken everything up to position %d", c.Pos)
		default:
			d.ok(part, "%s", text)
		}
		if c.DeadLetters > 0 {
			d.bad(part, fmt.Sprintf("has %d dead letters, which it retries: %s", c.DeadLetters, c.LetterError), why,
				"remove the cause that is named; they are taken by themselves")
		}
	}
}

// diagnoseFiles does not ask for a folder that is not there yet: that would create it.
func (a *App) diagnoseFiles(ctx context.Context, d *diagnosis) {
	where := "the bucket"
	if folder := a.Files.Folder(); folder != "" {
		where = folder
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			var files int
			if err := a.DB.QueryRowContext(ctx, "SELECT count(*) FROM callboard_files").Scan(&files); err == nil && files > 0 {
				d.bad("files", fmt.Sprintf("the folder %s is gone, and %d files should be in it", folder, files),
					"they cannot be downloaded", "restore the folder, or set DATA_DIR or STORAGE_URL to where it is")
			} else {
				d.ok("files", "nothing has been stored in %s yet", folder)
			}
			return
		}
	}
	if err := a.Files.Ready(ctx); callboard.CodeOf(err) == callboard.CodeSwitchedOff {
		d.ok("files", "are switched off: there is neither DATA_DIR nor STORAGE_URL")
	} else if err != nil {
		d.bad("files", where+" cannot be used"+reason(err), "uploads and downloads are refused",
			"let this user write to the folder, or check STORAGE_URL and the keys of the bucket")
	} else {
		d.ok("files", "%s can be used", where)
	}
	if detail := a.pausedJobs(ctx); detail != "" {
		d.bad("jobs", detail, "what is queued of them waits, and is not begun",
			"as an admin, open "+a.cfg.PathPrefix+"/admin/jobs/queues of the server in a browser, and resume each of them")
	} else {
		d.ok("jobs", "no kind is paused")
	}
}
