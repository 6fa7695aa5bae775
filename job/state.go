package job

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
)

// This file is what a job can become. Each move changes a Job in memory and returns the event that tells of it; who calls it
// has locked the job's row, and writes both in one transaction.

const maxBackoff = time.Hour

// start gives the job to a new attempt. The progress of an earlier one stands only when the new one goes on from there.
func (s *Service) start(ctx context.Context, j *Job) callboard.Event {
	j.Status, j.runID, j.Error, j.NextRunAt, j.FinishedAt = Processing, callboard.NewID(), "", nil, nil
	j.Attempt++
	j.StartedAt = new(callboard.Now())
	if !j.saved {
		j.Progress, j.Message = 0, ""
	}
	return s.event(asSystem(ctx), callboard.JobStarted, *j)
}

func (s *Service) complete(ctx context.Context, j *Job, result json.RawMessage) callboard.Event {
	j.end(Completed)
	j.Progress, j.Result = 100, result
	return s.event(asSystem(ctx), callboard.JobCompleted, *j)
}

// setback ends an attempt that did not succeed: the job fails, or waits for another attempt.
func (s *Service) setback(ctx context.Context, j *Job, o outcome) callboard.Event {
	j.Error = o.reason
	if o.verdict == refused || o.verdict == failed && j.Attempt >= j.MaxAttempts {
		j.end(Failed)
		return s.event(asSystem(ctx), callboard.JobFailed, *j)
	}
	j.Status, j.runID, j.EstimatedEnd = Pending, "", nil
	now := callboard.Now()
	j.NextRunAt, j.FinishedAt = &now, &now // so that the event tells how long it ran
	if o.verdict == failed {
		j.NextRunAt = new(now.Add(s.kinds[j.Kind].backoffAfter(j.Attempt)))
	}
	event := s.event(asSystem(ctx), callboard.JobRetry, *j)
	j.FinishedAt = nil
	if o.verdict == interrupted {
		j.Attempt, j.NextRunAt = j.Attempt-1, nil
	}
	return event
}

// lose ends an attempt that did not do so itself: as one that failed. The caller sees to its row in the queue.
func (s *Service) lose(ctx context.Context, j *Job, reason string) callboard.Event {
	return s.setback(ctx, j, outcome{verdict: failed, reason: reason})
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

// save writes what has become of a job, and the events that tell of it.
func (s *Service) save(ctx context.Context, tx *sqldb.Tx, j Job, events ...callboard.Event) error {
	if err := updateJob(ctx, tx, j); err != nil {
		return err
	}
	return outbox.Append(ctx, tx, events...)
}

func (s *Service) event(ctx context.Context, kind callboard.Kind[callboard.JobData], j Job) callboard.Event {
	return kind.NewAround(ctx, s.resource(j), j.around(), j.data())
}

// resource names the job in events.
func (s *Service) resource(j Job) callboard.Resource {
	res := callboard.Resource{Type: resourceType, ID: j.ID, Name: j.Kind}
	if kind, ok := s.kinds[j.Kind]; ok {
		res.Name = kind.Title
	}
	return res
}

func asSystem(ctx context.Context) context.Context {
	return callboard.WithActor(ctx, callboard.System("Jobs"))
}
