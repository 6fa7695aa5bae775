package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// lockLook is how long a diagnosis waits for the lock of a SQLite file, which another command may look at as well.
const lockLook = 150 * time.Millisecond

// serverRuns reports whether a server runs on the database.
func (a *App) serverRuns(ctx context.Context) bool {
	if a.DB.Dialect() == sqldb.Postgres {
		nodes, err := job.LiveNodes(ctx, a.DB)
		return err == nil && nodes > 0
	}
	ctx, cancel := context.WithTimeout(ctx, lockLook)
	defer cancel()
	unlock, err := lockDatabase(ctx, a.DB)
	if err == nil {
		unlock()
	}
	return callboard.CodeOf(err) == callboard.CodeConflict
}

func (d *doctor) server(_ context.Context, a *App, f *findings) {
	if d.running() {
		f.ok("server", "is running on this database")
	} else {
		f.bad(checkNoServer, "none is running on %s", a.DB)
	}
}

// durability looks at the settings that the database has for those who use it.
func (d *doctor) durability(ctx context.Context, a *App, f *findings) {
	if a.DB.Dialect() == sqldb.SQLite {
		var journal string
		var synchronous int
		err := a.DB.SQL().QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous)
		if err == nil {
			err = a.DB.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal)
		}
		switch {
		case err != nil:
			f.bad(checkDurability, "whether commits are durable cannot be read%s", reason(err))
		case synchronous < 2 || journal != "wal":
			f.bad(checkDurability, "synchronous is %d, and journal_mode %s", synchronous, journal)
		default:
			f.ok("durability", "commits are on disk when they are acknowledged: synchronous FULL, journal_mode %s", journal)
		}
		return
	}
	var off []string
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := a.DB.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&value); err != nil {
			f.bad(checkDurability, "the setting %s cannot be read%s", setting, reason(err))
			return
		}
		if value == "off" {
			off = append(off, setting)
		}
	}
	if len(off) > 0 {
		f.bad(checkDurability, "PostgreSQL has switched off: %s", strings.Join(off, ", "))
		return
	}
	f.ok("durability", "commits are on disk when they are acknowledged: fsync, synchronous_commit and full_page_writes are on")
}

func (d *doctor) writes(ctx context.Context, a *App, f *findings) {
	if err := a.canary(ctx); err != nil {
		f.bad(checkWrites, "a test write failed%s", reason(err))
		return
	}
	f.ok("writes", "a test write succeeded")
}

func (d *doctor) disk(_ context.Context, a *App, f *findings) {
	free, err := a.freeDisk()
	switch {
	case errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrNotExist): // there is no folder where nothing is kept
	case err != nil:
		f.bad(checkDiskLow, "the room on disk is not known")
	case free < lowDisk:
		f.bad(checkDiskFull, "%d MB are left on disk", free>>20)
	case free>>20 < uint64(d.options.MinFreeMB): //nolint:gosec // not negative
		f.bad(checkDiskLow, "%d MB are left on disk", free>>20)
	default:
		f.ok("disk", "%d MB are free", free>>20)
	}
}

// files does not ask for a folder that is not there yet: that would create it.
func (d *doctor) files(ctx context.Context, a *App, f *findings) {
	where := "the bucket"
	if folder := a.Files.Folder(); folder != "" {
		where = folder
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			var files int
			if err := a.DB.QueryRowContext(ctx, "SELECT count(*) FROM callboard_files").Scan(&files); err == nil && files > 0 {
				f.bad(checkFilesGone, "the folder %s is gone, and %d files should be in it", folder, files)
			} else {
				f.ok("files", "nothing has been stored in %s yet", folder)
			}
			return
		}
	}
	if err := a.Files.Ready(ctx); callboard.CodeOf(err) == callboard.CodeSwitchedOff {
		f.ok("files", "are switched off: there is neither DATA_DIR nor STORAGE_URL")
	} else if err != nil {
		f.bad(checkFiles, "%s cannot be used%s", where, reason(err))
	} else {
		f.ok("files", "%s can be used", where)
	}
}

func (d *doctor) jobs(ctx context.Context, a *App, f *findings) {
	if detail := a.pausedJobs(ctx); detail != "" {
		f.bad(checkPaused, "%s", detail)
		return
	}
	f.ok("jobs", "no kind is paused")
}

// events looks at the log, and at how far its consumers have come.
func (d *doctor) events(ctx context.Context, a *App, f *findings) {
	stats, err := a.Outbox.Stats(ctx)
	if err != nil {
		f.bad(checkLog, "the log of events cannot be read%s", reason(err))
		return
	}
	text := fmt.Sprintf("position %d, %d without a position", stats.LastPos, stats.Depth)
	if stats.DepthLag > maxReadyLag {
		f.badOf("events", checkLate, "%s", text)
	} else {
		f.ok("events", "%s", text)
	}
	for _, c := range stats.Consumers {
		foundConsumer(c, f)
	}
}

func foundConsumer(c outbox.ConsumerStats, f *findings) {
	part := "consumer " + c.Name
	text := fmt.Sprintf("at position %d, %d events behind, the oldest for %s", c.Pos, c.LagEvents, c.Lag.Round(time.Second))
	switch {
	case c.Failures > 0:
		f.badOf(part, checkStands, "stands still %s; it failed %d times: %s", text, c.Failures, c.Error)
	case c.Lag > maxReadyLag:
		f.badOf(part, checkLate, "%s", text)
	case c.LagEvents == 0:
		f.ok(part, "has taken everything up to position %d", c.Pos)
	default:
		f.ok(part, "%s", text)
	}
	if c.DeadLetters > 0 {
		f.badOf(part, checkLetters, "has %d dead letters, which it retries: %s", c.DeadLetters, c.LetterError)
	}
}

// nodes compares the servers on the database with each other, and with this command.
func (d *doctor) nodes(ctx context.Context, a *App, f *findings) {
	nodes, err := liveNodes(ctx, a.DB)
	if err != nil {
		f.bad(checkNodes, "what the nodes say of themselves cannot be read%s", reason(err))
		return
	}
	if len(nodes) == 0 {
		return
	}
	ownKey := a.logKey
	if ownKey == "" && a.cfg.LogSigningKey != "" {
		ownKey, _ = activity.PublicKey(a.cfg.LogSigningKey) // that it is one was checked
	}
	versions, keys := map[string]bool{a.cfg.Version: true}, map[string]bool{ownKey: true, "": true}
	var told []string
	for _, n := range nodes {
		told = append(told, n.name+" "+n.version)
		versions[n.version], keys[n.logKey] = true, true
		if n.otherSecrets > 0 {
			f.bad(checkSecrets, "%s knows of %d nodes with another JWT_SECRET", n.name, n.otherSecrets)
		}
		foundClock("the node "+n.name+" is", n.ahead, f)
	}
	text := strings.Join(told, ", ")
	if len(versions) > 1 {
		f.bad(checkVersions, "this command is %s, and there run: %s", a.cfg.Version, text)
	}
	if len(keys) > 2 { // beside none
		f.bad(checkLogKeys, "%d keys sign the activity log", len(keys)-1)
	}
	if len(f.list) == 0 {
		f.ok("nodes", "go together: %s", text)
	}
}

const (
	clockOff    = 5 * time.Second
	clockFarOff = 30 * time.Second // as account takes tokens
)

// foundClock says that a clock is off. Where it is not it says nothing, so that one line tells of all.
func foundClock(who string, ahead time.Duration, f *findings) {
	check := checkClock
	if ahead.Abs() > clockFarOff {
		check = checkClockFar
	}
	if ahead.Abs() > clockOff {
		f.bad(check, "%s %s %s", who, ahead.Abs().Round(time.Second), map[bool]string{true: "ahead", false: "behind"}[ahead > 0])
	}
}

// clock compares the clock of this machine with that of the database.
func (d *doctor) clock(ctx context.Context, a *App, f *findings) {
	if a.DB.Dialect() == sqldb.SQLite {
		return // which has none
	}
	var now sqldb.Time
	asked := time.Now()
	if err := a.DB.QueryRowContext(ctx, "SELECT "+databaseNow(a.DB)).Scan(&now); err != nil {
		f.badOf("clock", checkDatabase, "the clock of the database cannot be read%s", reason(err))
		return
	}
	halfway := asked.Add(time.Since(asked) / 2)
	foundClock("the clock of the database is", now.Sub(halfway), f)
	if len(f.list) == 0 {
		f.ok("clock", "that of the database and this one go together")
	}
}

// backup looks at how old the last one is. A young installation need not have one.
func (d *doctor) backup(ctx context.Context, a *App, f *findings) {
	_, at, err := installation(ctx, a.DB)
	if err != nil {
		f.bad(checkNoBackup, "whether there was one cannot be read%s", reason(err))
		return
	}
	most := d.options.MaxBackupAge
	if age := time.Since(at); !at.IsZero() {
		if age > most {
			f.bad(checkOldBackup, "the last one that is noted was made %s ago", rough(age))
		} else {
			f.ok("backup", "the last one was made %s ago", rough(age))
		}
		return
	}
	var made time.Time
	err = a.DB.QueryRowContext(ctx, `SELECT tstamp FROM callboard_schema_app WHERE version_id > 0 ORDER BY id LIMIT 1`).Scan(&made)
	switch age := time.Since(made); {
	case err != nil:
		f.bad(checkNoBackup, "none is noted, and the age of the installation cannot be read%s", reason(err))
	case age > most:
		f.bad(checkNoBackup, "none is noted, and the installation is %s old", rough(age))
	default:
		f.ok("backup", "none is noted yet, and the installation is young")
	}
}

// rough returns an age as people say it.
func rough(age time.Duration) string {
	switch {
	case age >= 48*time.Hour:
		return fmt.Sprintf("%d days", age/(24*time.Hour))
	case age >= 2*time.Hour:
		return fmt.Sprintf("%d hours", age/time.Hour)
	}
	return fmt.Sprintf("%d minutes", age/time.Minute)
}
