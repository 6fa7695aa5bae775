package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Severity says how bad a finding is.
type Severity string

// The severities, the worst last.
const (
	SeverityOK       Severity = "ok"
	SeverityWarning  Severity = "warning"  // it works, and may not for long, or not for all
	SeverityCritical Severity = "critical" // something that was promised does not hold
)

// Worst returns the worst severity of the findings.
func Worst(findings []Finding) Severity {
	for _, s := range []Severity{SeverityCritical, SeverityWarning} {
		if slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == s }) {
			return s
		}
	}
	return SeverityOK
}

// Finding is what was found out about a part. Check, Why and Fix are there when something is wrong.
type Finding struct {
	Part     string   `json:"part"`
	Severity Severity `json:"severity"`
	Check    string   `json:"check,omitempty"` // that found it; see DoctorChecks
	Text     string   `json:"text"`
	Why      string   `json:"why,omitempty"` // it matters
	Fix      string   `json:"fix,omitempty"`
}

// DoctorOptions say what to look at beside what the settings name. The zero value has the defaults.
type DoctorOptions struct {
	URL          string        // where people reach the board, such as https://board.example.org; empty: that is not looked at
	MaxBackupAge time.Duration // 0 means DefaultMaxBackupAge
	MinFreeMB    int           // of room on the disk; 0 means DefaultMinFreeMB
	Timeout      time.Duration // of all together; 0 means DefaultDoctorTimeout
	// Roots and Dial are by which certificates and on which way the address is looked at; nil: as usual.
	Roots *x509.CertPool
	Dial  func(ctx context.Context, network, addr string) (net.Conn, error)
}

// The defaults of DoctorOptions.
const (
	DefaultMaxBackupAge  = 48 * time.Hour
	DefaultMinFreeMB     = 1024
	DefaultDoctorTimeout = 2500 * time.Millisecond
)

// lastWords is how long before the end of the time the checks are told to come to theirs. One that has not ended then is a finding.
const lastWords = 250 * time.Millisecond

// findings are those of one check.
type findings struct {
	mu   sync.Mutex
	list []Finding
	late bool // nobody waits for more
}

func (f *findings) add(found Finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.late {
		f.list = append(f.list, found)
	}
}

// ok notes that a part is as it should be.
func (f *findings) ok(part, format string, args ...any) {
	f.add(Finding{Part: part, Severity: SeverityOK, Text: fmt.Sprintf(format, args...)})
}

// bad notes what a check has found, by its name in DoctorChecks.
func (f *findings) bad(check, format string, args ...any) { f.badOf("", check, format, args...) }

// badOf is bad for a check of several parts.
func (f *findings) badOf(part, check, format string, args ...any) {
	for _, c := range DoctorChecks() {
		if c.Name == check {
			if part == "" {
				part = c.Part
			}
			f.add(Finding{Part: part, Severity: c.Severity, Check: check, Text: fmt.Sprintf(format, args...), Why: c.Why, Fix: c.Fix})
			return
		}
	}
	panic("doctor: there is no check " + check)
}

// doctor is one diagnosis.
type doctor struct {
	cfg     Config
	options DoctorOptions
	opened  chan struct{} // closed once app is set, or cannot be
	app     *App          // nil where the data cannot be opened
	running func() bool   // whether a server runs on the database; asks once

	unusable bool // a setting keeps the data from being opened
}

// Doctor looks for trouble in the settings, in the data that they name, and at the address that options name, beside a server or without
// one. It takes less than three seconds by default, creates and migrates nothing, and writes only a test row and, while a server runs, a canary.
func Doctor(ctx context.Context, cfg Config, options DoctorOptions) []Finding {
	d := &doctor{cfg: cfg, options: options, opened: make(chan struct{})}
	found := d.run(ctx, d.open)
	select {
	case <-d.opened:
	default:
		return found // it hangs, and is left behind
	}
	if d.app != nil { // which was only read, so that nothing is lost where it does not end
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = d.app.Close()
		}()
		select {
		case <-ended:
		case <-time.After(lastWords):
		}
	}
	return found
}

// Diagnose is Doctor for the data that this App has open.
func (a *App) Diagnose(ctx context.Context, options DoctorOptions) []Finding {
	d := &doctor{cfg: a.cfg, options: options, opened: make(chan struct{}), app: a}
	return d.run(ctx, func(ctx context.Context, f *findings) {
		defer close(d.opened)
		if err := a.DB.Ping(ctx); err != nil {
			f.bad(checkDatabase, "%s does not answer%s", a.DB, reason(err))
			return
		}
		f.ok("database", "%s answers", a.DB)
	})
}

// run runs all checks side by side, and returns their findings in order. open is the one that others wait for.
func (d *doctor) run(ctx context.Context, open func(context.Context, *findings)) []Finding {
	if d.options.MaxBackupAge == 0 {
		d.options.MaxBackupAge = DefaultMaxBackupAge
	}
	if d.options.MinFreeMB == 0 {
		d.options.MinFreeMB = DefaultMinFreeMB
	}
	if d.options.Timeout == 0 {
		d.options.Timeout = DefaultDoctorTimeout
	}
	ctx, cancel := context.WithTimeout(callboard.WithActor(ctx, callboard.System("Doctor")), d.options.Timeout-lastWords)
	defer cancel()
	d.running = sync.OnceValue(func() bool { return d.app.serverRuns(ctx) })
	checks := []struct {
		part string
		run  func(context.Context, *findings)
	}{
		{"settings", d.settings}, {"secrets", d.secrets}, {"database", open},
		{"server", d.onData(d.server)}, {"durability", d.onData(d.durability)}, {"writes", d.onData(d.writes)}, {"disk", d.onData(d.disk)},
		{"files", d.onData(d.files)}, {"events", d.onData(d.events)}, {"jobs", d.onData(d.jobs)}, {"nodes", d.onData(d.nodes)},
		{"clock", d.onData(d.clock)}, {"backup", d.onData(d.backup)}, {"redis", d.redis}, {"issuer", d.issuer}, {"url", d.site}, {"canary", d.onData(d.canary)},
	}
	results, ended := make([]findings, len(checks)), make([]chan struct{}, len(checks))
	for i, c := range checks {
		ended[i] = make(chan struct{})
		go func() {
			defer close(ended[i])
			c.run(ctx, &results[i])
		}()
	}
	deadline := time.After(d.options.Timeout)
	over := false
	var all []Finding
	for i, c := range checks {
		if !over {
			select {
			case <-ended[i]:
			case <-deadline:
				over = true
			}
		}
		all = append(all, results[i].take(c.part, ended[i], d.options.Timeout)...)
	}
	return all
}

// take returns what a check has found, and that it has not ended where it has not.
func (f *findings) take(part string, ended <-chan struct{}, timeout time.Duration) []Finding {
	select {
	case <-ended:
	default:
		f.badOf(part, checkSlow, "looking at this part has not ended within %v", timeout)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late = true
	return f.list
}

// onData returns a check of the data, which finds nothing where they cannot be opened.
func (d *doctor) onData(check func(ctx context.Context, a *App, f *findings)) func(context.Context, *findings) {
	return func(ctx context.Context, f *findings) {
		select {
		case <-d.opened:
		case <-ctx.Done():
			return // the one of the database says so
		}
		if d.app != nil {
			check(ctx, d.app, f)
		}
	}
}

// open opens the data as Open does, and says what keeps it from that.
func (d *doctor) open(ctx context.Context, f *findings) {
	defer close(d.opened)
	cfg, err := d.cfg.withDefaults()
	if err != nil {
		d.unusable = true
		f.bad(checkSettings, "%v", err)
		return
	}
	db, err := OpenDB(ctx, cfg)
	if err != nil {
		d.foundOpen(err, f)
		return
	}
	if !d.schema(ctx, db, f) {
		_ = db.Close() // it was only read
		return
	}
	a, err := assemble(ctx, &App{cfg: cfg, DB: db})
	if err != nil {
		d.foundOpen(err, f)
		return
	}
	d.app = a
	f.ok("database", "%s answers, its schema is that of this version", db)
}

// foundOpen says why the data cannot be opened.
func (d *doctor) foundOpen(err error, f *findings) {
	text := err.Error()
	if e, ok := errors.AsType[*callboard.Error](err); ok {
		text = (&callboard.Error{Message: e.Message, Fields: e.Fields}).Error() // the cause is that of a driver
		if len(e.Fields) > 0 {
			d.unusable = true
			f.bad(checkSettings, "%s", text)
			return
		}
	}
	f.bad(checkDatabase, "%s", text)
}

// schema reports whether the tables are those of this version.
func (d *doctor) schema(ctx context.Context, db *sqldb.DB, f *findings) bool {
	states, err := sqldb.MigrationStatus(ctx, db, Migrations()...)
	if err != nil {
		d.foundOpen(err, f)
		return false
	}
	pending, newer := 0, 0
	for _, s := range states {
		switch {
		case s.File == "":
			newer++
		case s.AppliedAt.IsZero():
			pending++
		}
	}
	switch {
	case newer > 0:
		f.bad(checkNewer, "%s was migrated by a newer version of Callboard: %d of its migrations are not known to this one", db, newer)
	case pending == len(states):
		f.bad(checkNoTables, "%v", errNoTables(db))
	case pending > 0:
		f.bad(checkBehind, "the tables of %s are those of an older version: %d migrations are missing", db, pending)
	}
	return newer+pending == 0
}
