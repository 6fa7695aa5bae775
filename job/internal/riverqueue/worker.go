package riverqueue

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// jobRef is what River keeps of a job. The arguments are in the table of jobs.
type jobRef struct {
	JobID string `json:"job_id"`

	kind    string    // when the row is inserted
	retryAt time.Time // when its attempt has failed
}

// Kind implements river.JobArgs.
func (r jobRef) Kind() string { return r.kind }

// worker works on the rows of one kind.
type worker struct {
	river.WorkerDefaults[jobRef]
	queue   *Queue
	timeout time.Duration
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[jobRef]) error {
	w.queue.working.Store(job.ID, true)
	defer w.queue.working.Delete(job.ID)
	err := w.queue.cfg.Work(ctx, Row{ID: job.ID, Kind: job.Kind, JobID: job.Args.JobID})
	if retry, ok := errors.AsType[retryError](err); ok {
		job.Args.retryAt = retry.at
		w.queue.wakeAt(job.Kind, &retry.at)
	}
	return err
}

// Timeout implements river.Worker. The attempt ends by itself before.
func (w *worker) Timeout(*river.Job[jobRef]) time.Duration { return w.timeout }

// NextRetry implements river.Worker. The zero time is left to River's own policy.
func (w *worker) NextRetry(job *river.Job[jobRef]) time.Time { return job.Args.retryAt }

type retryError struct {
	error
	at time.Time
}

// RetryAt makes the row due again at the given time, after a failure.
func RetryAt(at time.Time, err error) error { return retryError{err, at} }

// Later makes the row due again after a while. It does not count as an attempt.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// Drop takes the row out of the queue.
func Drop(err error) error { return river.JobCancel(err) }

// Removed reports whether cause is that of the context of an attempt whose row was removed.
func Removed(cause error) bool { return errors.Is(cause, rivertype.ErrJobCancelledRemotely) }
