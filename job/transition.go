package job

import (
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// This file is what a job can become. Each function is one transition: it changes the row of the job, which its caller has
// locked, and appends its event, in the caller's transaction.

// transition is what becomes of a job; see batcher. It may be called more than once.
type transition func(ctx context.Context, tx *sqldb.Tx, j *Job) error

// errSlow is also that of a job whose row somebody has locked for too long.
var errSlow = &callboard.Error{
	Code: callboard.CodeUnavailable, Message: "the database takes too long; try again later", RetryAfter: time.Second,
}

// transit is commit with a transaction of its own, for which the database may take as long as limit.
func transit(ctx context.Context, db *sqldb.DB, limit time.Duration, jobID string, apply transition) (Job, error) {
	p := &pendingTransition{jobID: jobID, apply: apply}
	err := commitTogether(ctx, db, limit, sqldb.ForUpdate, []*pendingTransition{p})
	return p.job, err
}

// commitTogether is one transaction; lock is the suffix that locks the rows. A batch of which one fails is undone.
func commitTogether(ctx context.Context, db *sqldb.DB, limit time.Duration, lock func(sqldb.Querier) string, batch []*pendingTransition) error {
	ids := make([]string, len(batch))
	for i, p := range batch {
		ids[i] = p.jobID
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := db.Write(limited, func(ctx context.Context, tx *sqldb.Tx) error {
		jobs, err := selectJobsByID(ctx, tx, ids, lock(tx))
		if err != nil {
			return err
		}
		for _, p := range batch {
			var j *Job
			if j, p.found = jobs[p.jobID]; !p.found {
				continue
			}
			if err := p.apply(ctx, tx, j); err != nil {
				return err
			}
			p.job = *j
		}
		return nil
	})
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return errSlow
	}
	return err
}

const maxBackoff = time.Hour

// start gives the job to a new attempt. The progress of an earlier one stands only when the new one goes on from there.
func (s *Service) start(ctx context.Context, tx *sqldb.Tx, j *Job) error {
	j.Status, j.runID, j.Error, j.NextRunAt, j.FinishedAt = Processing, callboard.NewID(), nil, nil, nil
	j.Attempt++
	j.StartedAt = new(callboard.Now())
	if !j.saved {
		j.Progress, j.Message = 0, ""
	}
	return s.save(asSystem(ctx), tx, j, callboard.JobStarted)
}

func (s *Service) complete(ctx context.Context, tx *sqldb.Tx, j *Job, value json.RawMessage, outcome string) error {
	j.end(Completed)
	j.Progress, j.Result, j.outcome = 100, value, cmp.Or(outcome, "done")
	return s.save(asSystem(ctx), tx, j, callboard.JobCompleted)
}

// reasonInJob stands in events, which everybody reads, for a reason that is only for those who may read the job.
const reasonInJob = "could not be done; those who may read the job find the reason there"

// fail ends an attempt that did not succeed: the job fails, or waits for another attempt. The caller sees to its row in the
// queue.
func (s *Service) fail(ctx context.Context, tx *sqldb.Tx, j *Job, o outcome) error {
	j.Error, j.told = &o.reason, o.reason
	if o.quotes {
		j.told = reasonInJob
	}
	if o.result == refused || o.result == failed && j.Attempt >= j.MaxAttempts {
		j.end(Failed)
		j.Result = o.value
		return s.save(asSystem(ctx), tx, j, callboard.JobFailed)
	}
	j.Status, j.runID, j.EstimatedEnd = Pending, "", nil
	now := callboard.Now()
	j.NextRunAt, j.FinishedAt = &now, &now // so that the event has how long it ran
	if o.result == failed {
		j.NextRunAt = new(now.Add(s.kinds[j.Kind].backoffAfter(j.Attempt)))
	}
	event := s.event(asSystem(ctx), callboard.JobRetry, *j)
	j.FinishedAt = nil
	if o.result == interrupted {
		j.Attempt, j.NextRunAt = j.Attempt-1, nil
	}
	if err := updateJob(ctx, tx, *j); err != nil {
		return err
	}
	return s.cfg.Log.Append(ctx, tx, event)
}

// cancel calls a job off. The caller sees to its row in the queue.
func (s *Service) cancel(ctx context.Context, tx *sqldb.Tx, j *Job) error {
	j.end(Cancelled)
	return s.save(ctx, tx, j, callboard.JobCancelled)
}

// reset starts a job that is done once more, with all its attempts before it.
func (s *Service) reset(ctx context.Context, tx *sqldb.Tx, j *Job) error {
	if err := refuseDuplicate(ctx, tx, *j); err != nil {
		return err
	}
	if err := s.refuseBeyondLimit(ctx, tx, *j); err != nil {
		return err
	}
	j.Status, j.Attempt, j.Result, j.Error, j.QueuedAt = Pending, 0, nil, nil, callboard.Now()
	j.StartedAt, j.FinishedAt, j.NextRunAt = nil, nil, nil
	if err := s.enqueue(ctx, tx, j); err != nil {
		return err
	}
	return s.save(ctx, tx, j, callboard.JobQueued)
}

// requeue gives a job that waits another row in the queue, since that one is lost, or may not have been written yet.
func (s *Service) requeue(ctx context.Context, tx *sqldb.Tx, j *Job) error {
	if err := s.queue.Remove(ctx, tx, j.queueID); err != nil {
		return err
	}
	if err := s.enqueue(ctx, tx, j); err != nil {
		return err
	}
	return updateJob(ctx, tx, *j)
}

// end marks j as done, held by no attempt.
func (j *Job) end(status Status) {
	j.Status, j.runID, j.NextRunAt, j.EstimatedEnd = status, "", nil, nil
	j.FinishedAt = new(callboard.Now())
}

// backoffAfter returns how long to wait after the given number of attempts: doubling, and up to a fifth longer or shorter,
// so that jobs that failed together do not come back together.
func (k Settings) backoffAfter(attempts int) time.Duration {
	d := min(k.Backoff<<min(max(attempts-1, 0), 20), maxBackoff)
	return d - d/5 + rand.N(2*d/5+1)
}

// save writes what has become of a job, and its event.
func (s *Service) save(ctx context.Context, tx *sqldb.Tx, j *Job, kind callboard.EventDef[callboard.JobData]) error {
	if err := updateJob(ctx, tx, *j); err != nil {
		return err
	}
	return s.cfg.Log.Append(ctx, tx, s.event(ctx, kind, *j))
}

func (s *Service) event(ctx context.Context, kind callboard.EventDef[callboard.JobData], j Job) callboard.Event {
	return kind.NewRelated(ctx, s.resource(j), j.around(), j.data())
}

// resource names the job in events.
func (s *Service) resource(j Job) callboard.Resource {
	res := callboard.Resource{Type: "job", ID: j.ID, Name: j.Kind}
	if kind, ok := s.kinds[j.Kind]; ok {
		res.Name = kind.Title
	}
	return res
}

func asSystem(ctx context.Context) context.Context {
	return callboard.WithActor(ctx, callboard.System("Jobs"))
}
