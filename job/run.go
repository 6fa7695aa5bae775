package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"callboard"
	"callboard/sqldb"
)

// Run is one attempt of a job, as its handler sees it. It is safe for concurrent use, also by a handler that was left behind.
type Run struct {
	service  *Service
	kind     Kind
	job      Job
	reporter *reporter
	logger   *slog.Logger
	end      func() error // why the context of the attempt ended

	mu           sync.Mutex
	atCompletion []func(ctx context.Context, tx *sqldb.Tx) error
	otherwise    []func(ctx context.Context)
	cleared      bool // what is to be cleared away from now on is not waited for
}

func newRun(s *Service, kind Kind, j Job) *Run {
	r := &Run{service: s, kind: kind, job: j}
	r.reporter = newReporter(r)
	r.logger = slog.New(newLineHandler(r.reporter))
	return r
}

// Job returns the job as it was when the attempt began.
func (r *Run) Job() Job { return r.job }

// Logger returns a logger whose lines are kept with the job, and are logged by the server at level debug. At most 1,000
// lines of an attempt are kept, of 2,000 bytes each.
func (r *Run) Logger() *slog.Logger { return r.logger }

// Progress tells how far the job has come, 0 to 100, and what it is at, in at most 200 characters. It costs nothing to call
// it often: it is sent and kept at most five times a second, and the last one always is.
func (r *Run) Progress(percent float64, message string) { r.reporter.progressed(percent, message) }

// Write runs fn in a transaction as DB.Write does, but only while the attempt has the job. Otherwise it returns ErrLost,
// and the handler ends. What is written here is not undone when the attempt fails later: see Save.
func (r *Run) Write(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error {
	return r.service.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := r.hold(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// hold returns ErrLost unless the attempt has the job, and keeps it until tx ends.
func (r *Run) hold(ctx context.Context, tx *sqldb.Tx) error {
	ok, err := holds(ctx, tx, r.job.ID, r.job.runID)
	if err == nil && !ok {
		err = ErrLost
		r.service.running.cancel(r.job.ID, ErrLost)
	}
	return err
}

// AtCompletion has fn called within the transaction that completes the job, with the owner as its actor, so that what it
// writes and the completion are one. An error of it fails the attempt as one of the handler would. fn may be called more
// than once, each time in a new transaction.
func (r *Run) AtCompletion(fn func(ctx context.Context, tx *sqldb.Tx) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.atCompletion = append(r.atCompletion, fn)
}

func (r *Run) completions() []func(ctx context.Context, tx *sqldb.Tx) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.atCompletion)
}

// Otherwise has fn called when the attempt ends and has not completed the job: to clear away what it has made outside of
// the database. When that is already so, since the handler was left behind, fn is called at once. After a crash it is not
// called.
func (r *Run) Otherwise(fn func(ctx context.Context)) {
	r.mu.Lock()
	late := r.cleared
	if !late {
		r.otherwise = append(r.otherwise, fn)
	}
	r.mu.Unlock()
	if late {
		fn(context.Background())
	}
}

func (r *Run) clearAway(ctx context.Context) {
	r.mu.Lock()
	r.cleared = true
	fns := r.otherwise
	r.mu.Unlock()
	for _, fn := range fns {
		fn(ctx)
	}
}

// Save keeps state, any JSON, within a transaction of Run.Write, along with the part of the work that it tells of. The next
// attempt, also after a crash, goes on from there: see Saved.
func (r *Run) Save(ctx context.Context, tx *sqldb.Tx, state any) error {
	b, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("encode the state of the job: %w", err)
	}
	return updateCheckpoint(ctx, tx, r.job.ID, new(string(b)))
}

// Saved reads into state what an earlier attempt has saved last, and reports whether there was any.
func (r *Run) Saved(ctx context.Context, state any) (bool, error) {
	saved, err := selectCheckpoint(ctx, r.service.db, r.job.ID)
	if err != nil || saved == nil {
		return false, err
	}
	if err := json.Unmarshal([]byte(*saved), state); err != nil {
		return false, fmt.Errorf("read the state of the job: %w", err)
	}
	return true, nil
}

// Report adds problems to the report of the job, within a transaction of Run.Write: items that it could not take.
func (r *Run) Report(ctx context.Context, tx *sqldb.Tx, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return insertProblems(ctx, tx, r.job.ID, problems)
}

// logEnd notes why an attempt did not succeed: for people in the lines of the job, in full in the log of the server.
func (r *Run) logEnd(ctx context.Context, o outcome) {
	if o.verdict == lost {
		return
	}
	r.reporter.note(slog.LevelError, o.reason)
	attrs := []any{"job_id", r.job.ID, "kind", r.kind.Name, "attempt", r.job.Attempt, "error", o.cause}
	level := slog.LevelInfo
	if callboard.CodeOf(o.cause) == callboard.CodeInternal && o.verdict != interrupted {
		level = slog.LevelError
	}
	if p, ok := errors.AsType[*panicError](o.cause); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	r.service.log.Log(ctx, level, "job did not succeed", attrs...)
}
