package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"callboard"
	"callboard/sqldb"
)

// This file is the life of one attempt: begin, execute, finish.

const (
	// beginPause is how long a job waits when its attempt cannot begin because the database is away.
	beginPause = time.Second
	// finishTime bounds how long the end of an attempt is tried to be written while the database is away. After it the
	// attempt counts as lost, and the job is tried again.
	finishTime = 5 * time.Minute
	// refusedTime is the same for a database that answers, and refuses.
	refusedTime = 30 * time.Second
	maxBackoff  = time.Hour
	maxError    = 2000 // characters of an error that is shown
)

var (
	errCancelled = errors.New("job: cancelled")
	errObsolete  = errors.New("job: the queue's row does not stand for a job that is due")
	errAbandoned = errors.New("job: the handler does not end")
	errGoexit    = errors.New("job: the handler ended its goroutine")
)

// ErrLost is returned by Run.Write when the attempt no longer has the job: it was cancelled, or is taken for dead. Nothing
// was written. The handler ends.
var ErrLost = errors.New("job: the attempt no longer has the job")

// panicError is what a handler that panicked leaves.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// completeFunc takes the row out of the queue as completed, within tx.
type completeFunc func(ctx context.Context, tx *sqldb.Tx) error

// work runs one attempt. What it returns is for River alone: the job and its events are written here.
func (s *Service) work(ctx context.Context, kind string, row *rivertype.JobRow, jobID string, complete completeFunc) error {
	s.working.Store(row.ID, true)
	defer s.working.Delete(row.ID)
	j, err := s.begin(ctx, row.ID, jobID)
	if errors.Is(err, errObsolete) {
		return river.JobCancel(err)
	}
	if err != nil {
		s.log.WarnContext(ctx, "job cannot begin", "job_id", jobID, "error", err)
		return river.JobSnooze(beginPause)
	}
	run := newRun(s, s.kinds[kind], j)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer s.running.add(j.ID, cancel)()
	s.metrics.running.WithLabelValues(kind).Inc()
	defer s.metrics.running.WithLabelValues(kind).Dec()
	result, err := run.execute(ctx)
	return s.finish(context.WithoutCancel(ctx), run, row.ID, s.outcomeOf(ctx, run, result, err), complete)
}

// begin gives the job to a new attempt and emits JobStarted. A row that does not stand for a pending job is errObsolete.
func (s *Service) begin(ctx context.Context, queueID int64, jobID string) (Job, error) {
	obsolete := false
	j, err := sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) {
		ctx = asSystem(ctx)
		j, err := selectJob(ctx, tx, jobID, sqldb.ForUpdate(tx))
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			return Job{}, errObsolete
		}
		if obsolete = err == nil && (j.queueID != queueID || j.Status.Done()); err != nil || obsolete {
			return j, err
		}
		if j.Status == Processing { // its last attempt ended without a word, and River gave up waiting
			if err := s.lose(ctx, tx, &j, reasonUnwritten); err != nil {
				return Job{}, err
			}
			if obsolete = j.Status.Done(); obsolete {
				return j, nil
			}
		}
		return s.start(ctx, tx, j)
	})
	if err == nil && obsolete {
		err = errObsolete
	}
	return j, err
}

func (s *Service) start(ctx context.Context, tx *sqldb.Tx, j Job) (Job, error) {
	j.Status, j.runID, j.Error, j.NextRunAt, j.FinishedAt = Processing, callboard.NewID(), "", nil, nil
	j.Attempt++
	j.StartedAt = new(callboard.Now())
	if err := startProgress(ctx, tx, &j); err != nil {
		return Job{}, err
	}
	if err := updateJob(ctx, tx, j); err != nil {
		return Job{}, err
	}
	return j, s.emit(ctx, tx, callboard.JobStarted, j)
}

// startProgress lets the progress of an earlier attempt stand only when the new one goes on from there.
func startProgress(ctx context.Context, tx *sqldb.Tx, j *Job) error {
	if j.Progress == 0 && j.Message == "" {
		return nil
	}
	saved, err := selectCheckpoint(ctx, tx, j.ID)
	if err == nil && saved == nil {
		j.Progress, j.Message = 0, ""
	}
	return err
}

// execute calls the handler and waits for it: until its time is up or it is called off, and then a little longer. What a
// handler does that will not end is contained: it no longer has the job.
func (r *Run) execute(ctx context.Context) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, r.kind.Timeout)
	defer cancel()
	ctx = callboard.WithActor(ctx, r.job.owner())
	r.end = func() error { return context.Cause(ctx) }
	type answer struct {
		result any
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		a := answer{err: errGoexit} // until proven otherwise
		defer func() {
			if p := recover(); p != nil {
				a = answer{err: &panicError{p, debug.Stack()}}
			}
			done <- a
		}()
		a.result, a.err = r.kind.work(ctx, r, r.job.Args)
	}()
	select {
	case a := <-done:
		return a.result, a.err
	case <-ctx.Done():
	}
	patience := time.NewTimer(r.service.cfg.AbandonAfter)
	defer patience.Stop()
	select {
	case a := <-done:
		return a.result, a.err
	case <-patience.C:
		r.service.metrics.abandoned.WithLabelValues(r.kind.Name).Inc()
		return nil, errAbandoned
	}
}

// verdict is what becomes of an attempt.
type verdict int

const (
	succeeded   verdict = iota
	failed              // and will be tried again, if attempts are left
	refused             // will not be tried again
	interrupted         // the server stops; the attempt does not count
	lost                // the attempt no longer has the job: there is nothing to write
)

type outcome struct {
	verdict verdict
	result  json.RawMessage
	reason  string // for people
	cause   error  // for the log
}

func (s *Service) outcomeOf(ctx context.Context, run *Run, result any, err error) outcome {
	if err == nil {
		return encodeResult(result)
	}
	cause := run.end()
	switch {
	case errors.Is(cause, errCancelled), errors.Is(cause, rivertype.ErrJobCancelledRemotely), errors.Is(err, ErrLost):
		return outcome{verdict: lost, cause: err}
	case errors.Is(cause, context.DeadlineExceeded):
		return outcome{verdict: failed, cause: err, reason: "took longer than " + run.kind.Timeout.String()}
	case ctx.Err() != nil && s.stopping.Load():
		return outcome{verdict: interrupted, cause: err, reason: "interrupted: the server was stopped"}
	}
	return outcomeOfError(err)
}

func outcomeOfError(err error) outcome {
	if _, panicked := errors.AsType[*panicError](err); panicked || errors.Is(err, errGoexit) {
		return outcome{verdict: failed, cause: err, reason: "the handler of the job crashed; the log of the server tells more"}
	}
	return outcome{verdict: verdictOf(err), cause: err, reason: reasonOf(err)}
}

func encodeResult(result any) outcome {
	if result == nil {
		return outcome{}
	}
	b, err := json.Marshal(result)
	switch {
	case err != nil:
		return outcome{verdict: refused, cause: err, reason: "the result of the job cannot be kept"}
	case len(b) > maxResult:
		return outcome{verdict: refused, reason: fmt.Sprintf("the result of the job is larger than %d KB", maxResult>>10)}
	}
	return outcome{result: b}
}

// verdictOf tells an error that will not go away by trying again, since the input is at fault, from one that may.
func verdictOf(err error) verdict {
	switch callboard.CodeOf(err) {
	case callboard.CodeUnavailable, callboard.CodeRateLimited, callboard.CodeInternal:
		return failed
	}
	return refused
}

// reasonOf returns what people are told of an error: nothing internal.
func reasonOf(err error) string {
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok || e.Code == callboard.CodeInternal {
		return "failed by an internal error; the log of the server tells more"
	}
	parts := []string{e.Message}
	for _, f := range e.Fields {
		parts = append(parts, f.Field+" "+f.Message)
	}
	return clip(strings.Join(parts, "; "), maxError)
}

// finish writes the end of an attempt, with its event, and returns what River is to make of its row.
func (s *Service) finish(ctx context.Context, run *Run, queueID int64, o outcome, complete completeFunc) error {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	if o.cause != nil {
		run.logEnd(ctx, o)
	}
	rest := run.reporter.stop(ctx)
	var j Job
	err := s.persist(ctx, func() (err error) {
		j, err = s.writeEnd(ctx, run, o, rest, complete)
		if fault := faultOf(err); fault != nil { // what was to be written at the completion cannot be
			o = *fault
			run.logEnd(ctx, o)
			j, err = s.writeEnd(ctx, run, o, rest, complete)
		}
		return err
	})
	if err != nil || o.verdict != succeeded {
		run.clearAway(ctx)
	}
	switch {
	case errors.Is(err, ErrLost):
		return river.JobCancel(err)
	case err != nil:
		s.log.ErrorContext(ctx, "the end of a job cannot be written; it is tried again", "job_id", run.job.ID, "error", err)
		return river.JobSnooze(beginPause) // the next attempt finds that this one has ended without a word
	}
	s.metrics.finished(j)
	return s.verdictForRiver(j, queueID, o)
}

// atCompletionError is what the functions that run at the completion leave: it fails the attempt, not the writing.
type atCompletionError struct{ error }

func (e atCompletionError) Unwrap() error { return e.error }

func faultOf(err error) *outcome {
	at, ok := errors.AsType[atCompletionError](err)
	if !ok || errors.Is(err, ErrLost) || callboard.CodeOf(err) == callboard.CodeUnavailable {
		return nil // it is written once what is away is back
	}
	return new(outcomeOfError(at.error))
}

// persist repeats write while the database is away, and for a while when it refuses: somebody may be at its tables.
func (s *Service) persist(ctx context.Context, write func() error) error {
	refusals := time.Now().Add(refusedTime)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := write()
		if err == nil || errors.Is(err, ErrLost) || s.stopping.Load() || ctx.Err() != nil {
			return err
		}
		if callboard.CodeOf(err) != callboard.CodeUnavailable && time.Now().After(refusals) {
			return err
		}
		s.log.WarnContext(ctx, "the end of a job cannot be written yet", "error", err)
		sqldb.Wait(ctx, pause)
	}
}

func (s *Service) writeEnd(ctx context.Context, run *Run, o outcome, rest unsaved, complete completeFunc) (Job, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) {
		j, err := selectJob(ctx, tx, run.job.ID, sqldb.ForUpdate(tx))
		if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && (j.runID != run.job.runID || o.verdict == lost) {
			return Job{}, ErrLost
		}
		if err != nil {
			return Job{}, err
		}
		if err := insertLines(ctx, tx, j.ID, rest.lines); err != nil {
			return Job{}, err
		}
		rest.applyTo(&j)
		if o.verdict == succeeded {
			return s.complete(ctx, tx, run, j, o, complete)
		}
		err = s.setback(asSystem(ctx), tx, &j, o)
		return j, err
	})
}

func (s *Service) complete(ctx context.Context, tx *sqldb.Tx, run *Run, j Job, o outcome, complete completeFunc) (Job, error) {
	owned := callboard.WithActor(ctx, j.owner())
	for _, do := range run.completions() {
		if err := callContained(owned, tx, do); err != nil {
			return Job{}, atCompletionError{err}
		}
	}
	j.end(Completed)
	j.Progress, j.Result = 100, o.result
	if err := updateJob(ctx, tx, j); err != nil {
		return Job{}, err
	}
	if err := complete(ctx, tx); err != nil {
		return Job{}, err
	}
	return j, s.emit(asSystem(ctx), tx, callboard.JobCompleted, j)
}

// callContained calls fn, and makes an error of its panic.
func callContained(ctx context.Context, tx *sqldb.Tx, fn func(context.Context, *sqldb.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p, debug.Stack()}
		}
	}()
	return fn(ctx, tx)
}

// setback ends an attempt that did not succeed: the job fails, or waits for another attempt.
func (s *Service) setback(ctx context.Context, tx *sqldb.Tx, j *Job, o outcome) error {
	j.Error = o.reason
	if o.verdict == refused || o.verdict == failed && j.Attempt >= j.MaxAttempts {
		j.end(Failed)
		if err := updateJob(ctx, tx, *j); err != nil {
			return err
		}
		return s.emit(ctx, tx, callboard.JobFailed, *j)
	}
	j.Status, j.runID, j.EstimatedEnd = Pending, "", nil
	now := callboard.Now()
	j.NextRunAt, j.FinishedAt = &now, &now // so that the event tells how long it ran
	if o.verdict == failed {
		j.NextRunAt = new(now.Add(s.kinds[j.Kind].backoffAfter(j.Attempt)))
	}
	event := *j
	j.FinishedAt = nil
	if o.verdict == interrupted {
		j.Attempt, j.NextRunAt = j.Attempt-1, nil
	}
	if err := updateJob(ctx, tx, *j); err != nil {
		return err
	}
	return s.emit(ctx, tx, callboard.JobRetry, event)
}

// verdictForRiver has River's row follow the job.
func (s *Service) verdictForRiver(j Job, queueID int64, o outcome) error {
	switch {
	case o.verdict == succeeded:
		return nil
	case o.verdict == interrupted:
		return river.JobSnooze(0)
	case j.Status == Failed && j.Attempt < j.MaxAttempts:
		return river.JobCancel(errors.New(o.reason))
	case j.NextRunAt != nil:
		s.retries.Store(queueID, *j.NextRunAt)
		s.notifyAt(j.Kind, j.NextRunAt)
	}
	return errors.New(o.reason)
}

// backoffAfter returns how long to wait after the given number of attempts: doubling, and up to a fifth longer or shorter,
// so that jobs that failed together do not come back together.
func (k Settings) backoffAfter(attempts int) time.Duration {
	d := min(k.Backoff<<min(max(attempts-1, 0), 20), maxBackoff)
	return d - d/5 + rand.N(2*d/5+1)
}

func asSystem(ctx context.Context) context.Context {
	return callboard.WithActor(ctx, callboard.System("Jobs"))
}
