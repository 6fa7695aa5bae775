package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job/internal/riverqueue"
	"github.com/callboard/callboard/sqldb"
)

// This file is the life of one attempt: begin, execute, finish.

const (
	// beginPause is how long a job waits when its attempt cannot begin because the database is away.
	beginPause = time.Second
	// finishTime bounds how long the end of an attempt is tried to be written while the database is away. After it the
	// attempt counts as crashed, and the job is tried again.
	finishTime = 5 * time.Minute
	// refusedTime is the same for a database that answers, and refuses.
	refusedTime = 30 * time.Second

	maxResult  = 64 << 10 // bytes of JSON
	maxError   = 2000     // characters of an error that is shown
	maxOutcome = 200      // characters of what came of a job
)

var (
	errCancelled = errors.New("job: cancelled")
	errObsolete  = errors.New("job: the queue's row does not stand for a job that is due")
	errAbandoned = errors.New("job: the handler does not end")
)

// errRights ends a job whose owner may no longer do what it could when it queued the job.
var errRights = callboard.Errorf(callboard.CodeForbidden,
	"the owner of the job is disabled, or no longer has the role that it was queued with")

// ErrLeaseLost is returned by Run.Write when the attempt no longer has the job: it was cancelled, or is taken for dead. Nothing
// was written. The handler ends.
var ErrLeaseLost = errors.New("job: the attempt no longer has the job")

// work runs one attempt. What it returns is for River alone: the job and its events are written here.
func (s *Service) work(ctx context.Context, row riverqueue.Row) error {
	j, err := s.begin(ctx, row)
	if errors.Is(err, errObsolete) {
		return riverqueue.Drop(err)
	}
	if err != nil {
		s.log.WarnContext(ctx, "job cannot begin", "job_id", row.JobID, "error", err)
		return riverqueue.Later(beginPause)
	}
	run := newRun(s, s.kinds[row.Kind], j)
	ctx, run.cancel = context.WithCancelCause(ctx)
	run.cause = func() error { return context.Cause(ctx) } // also of what ends before the handler begins
	defer run.cancel(nil)
	s.active.Store(run, true)
	defer s.active.Delete(run)
	running := s.metrics.running.WithLabelValues(row.Kind)
	running.Inc()
	defer running.Dec()
	value, err := run.executeAsOwner(ctx)
	return s.finish(context.WithoutCancel(ctx), run, s.outcomeOf(ctx, run, value, err))
}

// begin gives the job to a new attempt and emits JobStarted. A row that does not stand for a pending job is errObsolete.
func (s *Service) begin(ctx context.Context, row riverqueue.Row) (Job, error) {
	started := false
	j, err := s.transitions.commit(ctx, row.JobID, func(ctx context.Context, tx *sqldb.Tx, j *Job) error {
		started = false
		if j.queueID != row.ID || j.Status.Done() {
			return nil
		}
		if j.Status == Processing { // its last attempt ended without a word, and River gave up waiting
			if err := s.fail(ctx, tx, j, outcome{result: failed, reason: reasonUnwritten}); err != nil || j.Status.Done() {
				return err
			}
		}
		started = true
		return s.start(ctx, tx, j)
	})
	if err == nil && !started {
		err = errObsolete
	}
	return j, err
}

// executeAsOwner executes with the role that the owner has now. What comes of it is only for an owner who still has that role.
func (r *Run) executeAsOwner(ctx context.Context) (any, error) {
	role, err := r.ownerRole(ctx, r.service.db, "")
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.job.ownerRole = role // FollowRights may be reading it
	r.mu.Unlock()
	value, err := r.execute(ctx)
	if err == nil || value != nil {
		if _, lost := r.ownerRole(context.WithoutCancel(ctx), r.service.db, ""); lost != nil {
			return nil, lost
		}
	}
	return value, err
}

// ownerRole returns the role of the owner as of now. One who is disabled, or has lost a role that the attempt works with, is
// errRights, and ends the attempt. An owner that is no user, such as Callboard itself, keeps its role.
func (r *Run) ownerRole(ctx context.Context, q sqldb.Querier, lock string) (callboard.Role, error) {
	r.mu.Lock()
	had := r.job.ownerRole
	r.mu.Unlock()
	owners := r.service.cfg.Owners
	if owners == nil || !callboard.ValidUserID(r.job.OwnerID) {
		return had, nil
	}
	role, err := owners.ActiveRole(ctx, q, r.job.OwnerID, lock)
	if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && had != "" && !role.Includes(had) {
		r.cancel(errRights)
		return "", errRights
	}
	return role, err
}

// FollowRights ends the attempts here of an owner who has lost the rights to them: a handler may neither write nor report for long.
// It is called when the rights of a user have changed.
func (s *Service) FollowRights(ctx context.Context, userID string) error {
	var errs []error
	s.active.Range(func(run, _ any) bool {
		if r := run.(*Run); r.job.OwnerID == userID {
			if _, err := r.ownerRole(ctx, s.db, ""); err != nil && !errors.Is(err, errRights) {
				errs = append(errs, err)
			}
		}
		return true
	})
	return errors.Join(errs...)
}

// execute calls the handler and waits for it: until its time is up or it is called off, and then a little longer. What a
// handler does that will not end is contained: it no longer has the job.
func (r *Run) execute(ctx context.Context) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, r.kind.Timeout)
	defer cancel()
	ctx = callboard.WithActor(ctx, r.job.owner())
	r.cause = func() error { return context.Cause(ctx) }
	type answer struct {
		value any
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		a := answer{err: &crashError{value: "the handler ended its goroutine"}} // until proven otherwise
		defer func() { done <- a }()
		a.err = contained(func() (err error) {
			a.value, err = r.kind.work(ctx, r, r.job.Args)
			return err
		})
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
	}
	patience := time.NewTimer(r.service.cfg.AbandonAfter)
	defer patience.Stop()
	select {
	case a := <-done:
		return a.value, a.err
	case <-patience.C:
		r.service.metrics.abandoned.WithLabelValues(r.kind.Name).Inc()
		return nil, errAbandoned
	}
}

// crashError is what a handler leaves that panicked, or ended its goroutine.
type crashError struct {
	value any
	stack []byte
}

func (e *crashError) Error() string { return fmt.Sprintf("crash: %v", e.value) }

// contained calls fn, and makes an error of its panic.
func contained(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &crashError{p, debug.Stack()}
		}
	}()
	return fn()
}

// result is what becomes of an attempt.
type result int

const (
	succeeded   result = iota
	failed             // and will be tried again, if attempts are left
	refused            // will not be tried again
	interrupted        // the server stops; the attempt does not count
	leaseLost          // the attempt no longer has the job: there is nothing to write
)

type outcome struct {
	result result
	value  json.RawMessage
	reason string // for people
	quotes bool   // the reason is the handler's: it may quote what only those who may read the job may see
	cause  error  // for the log
}

func (s *Service) outcomeOf(ctx context.Context, run *Run, value any, err error) outcome {
	if err == nil {
		return encodeResult(value)
	}
	cause := run.cause()
	switch {
	case errors.Is(cause, errCancelled), riverqueue.Removed(cause), errors.Is(err, ErrLeaseLost):
		return outcome{result: leaseLost, cause: err}
	case errors.Is(cause, errRights):
		return outcomeOfError(errRights)
	case errors.Is(cause, context.DeadlineExceeded):
		return outcome{result: failed, cause: err, reason: "took longer than " + run.kind.Timeout.String()}
	case ctx.Err() != nil && s.stopping.Load():
		return outcome{result: interrupted, cause: err, reason: "interrupted: the server was stopped"}
	}
	o := outcomeOfError(err)
	o.value = encodeResult(value).value
	return o
}

func encodeResult(value any) outcome {
	if value == nil {
		return outcome{}
	}
	b, err := json.Marshal(value)
	switch {
	case err != nil:
		return outcome{result: refused, cause: err, reason: "the result of the job cannot be kept"}
	case len(b) > maxResult:
		return outcome{result: refused, reason: fmt.Sprintf("the result of the job is larger than %d KB", maxResult>>10)}
	}
	return outcome{value: b}
}

// outcomeOfError distinguishes an error that will not go away by trying again, since the input is at fault, from one that may. The
// reason holds nothing internal.
func outcomeOfError(err error) outcome {
	o := outcome{result: failed, cause: err}
	if _, crashed := errors.AsType[*crashError](err); crashed {
		o.reason = "the handler of the job crashed; the log of the server tells more"
		return o
	}
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok || e.Code == callboard.CodeInternal {
		o.reason = "failed by an internal error; the log of the server tells more"
		return o
	}
	if e.Code != callboard.CodeUnavailable && e.Code != callboard.CodeRateLimited {
		o.result = refused
	}
	o.reason, o.quotes = e.Message, !errors.Is(err, errRights)
	for _, f := range e.Fields {
		o.reason += "; " + f.Field + " " + f.Message
	}
	o.reason = clip(o.reason, maxError)
	return o
}

// finish writes the end of an attempt, with its event, and returns what River is to make of its row.
func (s *Service) finish(ctx context.Context, run *Run, o outcome) error {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	run.logEnd(ctx, o)
	rest := run.reporter.stop(ctx)
	var j Job
	err := s.persist(ctx, func() (err error) {
		j, err = s.writeEnd(ctx, run, o, rest)
		if fault, ok := errors.AsType[completionError](err); ok && !errors.Is(err, ErrLeaseLost) &&
			callboard.CodeOf(err) != callboard.CodeUnavailable { // what was to be written at the completion cannot be
			o = outcomeOfError(fault.error)
			run.logEnd(ctx, o)
			j, err = s.writeEnd(ctx, run, o, rest)
		}
		return err
	})
	if err != nil || o.result != succeeded {
		run.cleanUp(ctx)
	}
	switch {
	case errors.Is(err, ErrLeaseLost):
		return riverqueue.Drop(err)
	case err != nil:
		s.log.ErrorContext(ctx, "the end of a job cannot be written; it is tried again", "job_id", run.job.ID, "error", err)
		return riverqueue.Later(beginPause) // the next attempt finds that this one has ended without a word
	}
	s.metrics.finished(j)
	switch {
	case o.result == succeeded:
		return nil
	case o.result == interrupted:
		return riverqueue.Later(0)
	case j.NextRunAt != nil:
		return riverqueue.RetryAt(*j.NextRunAt, errors.New(o.reason))
	case o.result == refused:
		return riverqueue.Drop(errors.New(o.reason))
	}
	return errors.New(o.reason)
}

// persist repeats write while the database is away, and for a while when it refuses: somebody may be at its tables.
func (s *Service) persist(ctx context.Context, write func() error) error {
	refusals := time.Now().Add(refusedTime)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := write()
		if err == nil || errors.Is(err, ErrLeaseLost) || s.stopping.Load() || ctx.Err() != nil {
			return err
		}
		if callboard.CodeOf(err) != callboard.CodeUnavailable && time.Now().After(refusals) {
			return err
		}
		s.log.WarnContext(ctx, "the end of a job cannot be written yet", "error", err)
		sqldb.Wait(ctx, pause)
	}
}

// completionError is what the functions that run at the completion leave: it fails the attempt, not the writing.
type completionError struct{ error }

func (e completionError) Unwrap() error { return e.error }

// writeEnd writes what became of the attempt. It is ErrLeaseLost when the attempt no longer has the job.
func (s *Service) writeEnd(ctx context.Context, run *Run, o outcome, rest unsaved) (j Job, err error) {
	if o.result == leaseLost {
		return Job{}, ErrLeaseLost
	}
	run.mu.Lock()
	completions, words := run.atCompletion, run.outcome // the former is only ever appended to
	run.mu.Unlock()
	held := false
	end := func(ctx context.Context, tx *sqldb.Tx, j *Job) error {
		if held = j.runID == run.job.runID; !held {
			return nil
		}
		if rest.changed {
			j.Progress, j.Message = rest.percent, rest.message
		}
		if err := insertLines(ctx, tx, j.ID, rest.lines); err != nil {
			return err
		}
		if o.result != succeeded {
			return s.fail(ctx, tx, j, o)
		}
		if len(completions) > 0 {
			if _, err := run.ownerRole(ctx, tx, sqldb.ForShare(tx)); errors.Is(err, errRights) {
				return completionError{err}
			} else if err != nil {
				return err
			}
		}
		for _, do := range completions {
			if err := contained(func() error { return do(callboard.WithActor(ctx, run.job.owner()), tx) }); err != nil {
				return completionError{err}
			}
		}
		return s.complete(ctx, tx, j, o.value, words)
	}
	if o.result == succeeded && len(completions) > 0 { // they may take their time, which nobody else is to wait for
		j, err = transit(ctx, s.db, finishTime, run.job.ID, end)
	} else {
		j, err = s.transitions.commit(ctx, run.job.ID, end)
	}
	if err == nil && !held {
		err = ErrLeaseLost
	}
	return j, err
}

// logEnd notes why an attempt did not succeed: for people in the lines of the job, in full in the log of the server.
func (r *Run) logEnd(ctx context.Context, o outcome) {
	if o.cause == nil || o.result == leaseLost {
		return
	}
	r.reporter.note(slog.LevelError, o.reason)
	attrs := []any{"job_id", r.job.ID, "kind", r.kind.Name, "attempt", r.job.Attempt, "error", o.cause}
	level := slog.LevelInfo
	if callboard.CodeOf(o.cause) == callboard.CodeInternal && o.result != interrupted {
		level = slog.LevelError
	}
	if p, ok := errors.AsType[*crashError](o.cause); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	r.service.log.Log(ctx, level, "job did not succeed", attrs...)
}
