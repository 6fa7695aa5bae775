package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
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

// work runs one attempt. What it returns is for River alone: the job and its events are written here.
func (s *Service) work(ctx context.Context, kind string, row *rivertype.JobRow, jobID string) error {
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
	return s.finish(context.WithoutCancel(ctx), run, row.ID, s.outcomeOf(ctx, run, result, err))
}

// begin gives the job to a new attempt and emits JobStarted. A row that does not stand for a pending job is errObsolete.
func (s *Service) begin(ctx context.Context, queueID int64, jobID string) (Job, error) {
	obsolete := false
	j, err := s.transit(ctx, &transition{jobID: jobID, move: func(j *Job) ([]callboard.Event, error) {
		if obsolete = j.queueID != queueID || j.Status.Done(); obsolete {
			return nil, nil
		}
		var events []callboard.Event
		if j.Status == Processing { // its last attempt ended without a word, and River gave up waiting
			events = append(events, s.lose(ctx, j, reasonUnwritten))
			if obsolete = j.Status.Done(); obsolete {
				return events, nil
			}
		}
		return append(events, s.start(ctx, j)), nil
	}})
	if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && obsolete {
		err = errObsolete
	}
	return j, err
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

// finish writes the end of an attempt, with its event, and returns what River is to make of its row.
func (s *Service) finish(ctx context.Context, run *Run, queueID int64, o outcome) error {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	if o.cause != nil {
		run.logEnd(ctx, o)
	}
	rest := run.reporter.stop(ctx)
	var j Job
	err := s.persist(ctx, func() (err error) {
		j, err = s.writeEnd(ctx, run, o, rest)
		if fault := faultOf(err); fault != nil { // what was to be written at the completion cannot be
			o = *fault
			run.logEnd(ctx, o)
			j, err = s.writeEnd(ctx, run, o, rest)
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

// writeEnd writes what became of the attempt. It is ErrLost when the attempt no longer has the job.
func (s *Service) writeEnd(ctx context.Context, run *Run, o outcome, rest unsaved) (Job, error) {
	if o.verdict == lost {
		return Job{}, ErrLost
	}
	t := &transition{jobID: run.job.ID, lines: rest.lines, move: func(j *Job) ([]callboard.Event, error) {
		if j.runID != run.job.runID {
			return nil, ErrLost
		}
		rest.applyTo(j)
		if o.verdict == succeeded {
			return []callboard.Event{s.complete(ctx, j, o.result)}, nil
		}
		return []callboard.Event{s.setback(ctx, j, o)}, nil
	}}
	if fns := run.completions(); o.verdict == succeeded && len(fns) > 0 {
		t.within = func(ctx context.Context, tx *sqldb.Tx) error {
			ctx = callboard.WithActor(ctx, run.job.owner())
			for _, do := range fns {
				if err := callContained(ctx, tx, do); err != nil {
					return atCompletionError{err}
				}
			}
			return nil
		}
	}
	j, err := s.transit(ctx, t)
	if callboard.CodeOf(err) == callboard.CodeNotFound && !isAtCompletion(err) {
		err = ErrLost
	}
	return j, err
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
