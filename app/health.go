package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// How the server tests itself. /readyz reports the last test and makes none, so that asking it often costs nothing and
// cannot hang.
const (
	probeEvery    = 3 * time.Second
	canaryTimeout = 2 * time.Second
	canaryLate    = probeEvery + 2*canaryTimeout // since the last success: writes are slow
	canaryGone    = 2 * canaryLate               // and here they fail
	lowDisk       = 64 << 20                     // bytes
	fullDisk      = 8 << 20
)

//go:embed migrations
var migrations embed.FS

// health is what the last tests found.
type health struct {
	mu       sync.Mutex
	writeErr error
	wroteAt  time.Time // the last canary that was durable
	free     uint64    // bytes, on the fuller of the disks that the server writes to
	freeErr  error
	told     string // of what is not ready, as /readyz logged it last
}

// start is as good as a first test, so that a server is ready at once.
func (h *health) start(free uint64, err error) {
	h.wroteAt, h.free, h.freeErr = time.Now(), free, err
}

// probeLoop tests until ctx ends. A disk that hangs hangs this loop alone, and shows as a canary that is overdue.
func (a *App) probeLoop(ctx context.Context) {
	lastDisk, noted, writes := statusReady, false, true
	for ctx.Err() == nil {
		noted = noted || a.noteUsers(ctx)
		free, freeErr := a.freeDisk()
		disk := diskPart(free, freeErr, a.DB.Dialect() == sqldb.SQLite)
		if disk.Status != lastDisk {
			a.logDisk(ctx, disk)
			lastDisk = disk.Status
		}
		a.health.mu.Lock()
		a.health.free, a.health.freeErr = free, freeErr
		a.health.mu.Unlock()
		err := a.canary(ctx)
		if failed := err != nil && ctx.Err() == nil; failed == writes {
			writes = !failed
			a.logWrites(ctx, err)
		}
		a.health.mu.Lock()
		if a.health.writeErr = err; err == nil {
			a.health.wroteAt = time.Now()
		}
		a.health.mu.Unlock()
		sqldb.Wait(ctx, probeEvery)
	}
}

func (a *App) logDisk(ctx context.Context, disk part) {
	switch disk.Status {
	case statusReady:
		a.log.InfoContext(ctx, "there is room on disk again")
	case statusDegraded:
		a.log.WarnContext(ctx, "disk is low", "detail", disk.Detail, "data_dir", a.cfg.DataDir)
	default:
		a.log.ErrorContext(ctx, "disk is full", "detail", disk.Detail, "data_dir", a.cfg.DataDir)
	}
}

func (a *App) logWrites(ctx context.Context, err error) {
	if err != nil {
		a.log.ErrorContext(ctx, "a test write failed", "error", err)
	} else {
		a.log.InfoContext(ctx, "a test write succeeded again")
	}
}

// logReadiness logs what /readyz answers when it is not as before, going by the parts that are not ready. Probes come every few
// seconds, and would fill the log with what it has already.
func (a *App) logReadiness(ctx context.Context, ready readiness) {
	if a.requests.leaving.Load() { // the log has it
		return
	}
	var states, details []string
	for _, name := range slices.Sorted(maps.Keys(ready.Parts)) {
		if p := ready.Parts[name]; p.Status == statusDegraded || p.Status == statusUnavailable {
			states = append(states, name+" "+p.Status)
			if p.Detail != "" {
				details = append(details, name+": "+p.Detail)
			}
		}
	}
	state := strings.Join(states, ", ")
	a.health.mu.Lock()
	same := a.health.told == state
	a.health.told = state
	a.health.mu.Unlock()
	switch {
	case same:
	case ready.Status == statusReady:
		a.log.InfoContext(ctx, "ready again")
	case ready.Status == statusDegraded:
		a.log.WarnContext(ctx, "degraded", "parts", state, "detail", strings.Join(details, "; "))
	default:
		a.log.ErrorContext(ctx, "not ready", "parts", state, "detail", strings.Join(details, "; "))
	}
}

// canary is a write like those of requests, through the same writer. It does not wait for that of another node. A server says with it that it
// lives, and what it is.
func (a *App) canary(ctx context.Context) error {
	if err := a.DB.CheckFile(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, canaryTimeout)
	defer cancel()
	return a.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE callboard_canary SET written_at = $1
			WHERE id = (SELECT id FROM callboard_canary`+sqldb.ForUpdateSkipLocked(tx)+`)`, sqldb.Time{Time: time.Now()})
		if err == nil && a.unlock != nil {
			err = a.noteNode(ctx, tx)
		}
		return err
	})
}

// freeDisk returns the room on the fullest of the disks of DATA_DIR, the SQLite file and the files. A folder that is not there
// yet has no disk; when none is, the error is fs.ErrNotExist.
func (a *App) freeDisk() (uint64, error) {
	var folders []string
	if a.cfg.DataDir != "" {
		folders = append(folders, a.cfg.DataDir)
	}
	if a.DB.Dialect() == sqldb.SQLite {
		folders = append(folders, filepath.Dir(a.DB.Path()))
	}
	if folder := a.Files.Folder(); folder != "" {
		folders = append(folders, folder)
	}
	least, found := uint64(math.MaxUint64), false
	for _, folder := range folders {
		free, err := freeBytes(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		least, found = min(least, free), true
	}
	if !found {
		return 0, fs.ErrNotExist
	}
	return least, nil
}

// parts reports whether changes can be made, and the room on disk.
func (h *health) parts(sqlite bool) (writes, disk part) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return writesPart(time.Since(h.wroteAt), h.writeErr), diskPart(h.free, h.freeErr, sqlite)
}

// writesPart reports whether changes can be made; since is how long ago the last test succeeded.
func writesPart(since time.Duration, err error) part {
	p := part{Status: statusReady, Required: true}
	switch {
	case since > canaryGone:
		p.Status = statusUnavailable
	case since > canaryLate || err != nil:
		p.Status = statusDegraded
	default:
		return p
	}
	p.Detail = fmt.Sprintf("the last test write succeeded %s ago%s", since.Round(time.Second), reason(err))
	return p
}

// reason returns the part of an error that everybody may read.
func reason(err error) string {
	if e, ok := errors.AsType[*callboard.Error](err); ok {
		return ": " + e.Message
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ": it took too long"
	}
	return ""
}

// diskPart reports the room on disk. A full one stops a server on SQLite; on PostgreSQL it only takes no more files.
func diskPart(free uint64, err error, sqlite bool) part {
	p := part{Status: statusReady, Required: sqlite}
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrNotExist) { // there is no folder where nothing is kept
		return p
	}
	if err != nil {
		p.Status, p.Detail = statusDegraded, "the room on disk is not known"
		return p
	}
	p.FreeBytes = &free
	if free < lowDisk {
		p.Status, p.Detail = statusDegraded, fmt.Sprintf("%d MB are left on disk; make room", free>>20)
	}
	if free < fullDisk && sqlite {
		p.Status = statusUnavailable
	}
	return p
}
