package job

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
)

// addition is a new job, with its event.
type addition struct {
	job   Job
	event callboard.Event
}

// Queue adds a job of the actor of ctx and emits JobQueued. A field that breaks a rule is CodeInvalid; a job that does the
// same and is under way is CodeConflict.
func (s *Service) Queue(ctx context.Context, in Request) (Job, error) {
	j, err := s.draft(ctx, in)
	if err != nil {
		return Job{}, err
	}
	if j.uniqueKey != nil || sqldb.Bound(ctx) {
		return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) { return s.add(ctx, tx, j) })
	}
	if err := ctx.Err(); err != nil {
		return Job{}, err
	}
	a := &addition{j, s.event(ctx, callboard.JobQueued, j)}
	if err := s.additions.commit(a); err != nil {
		return Job{}, err
	}
	return a.job, nil
}

// QueueTx is Queue within tx, so that a change and the job that follows from it are one.
func (s *Service) QueueTx(ctx context.Context, tx *sqldb.Tx, in Request) (Job, error) {
	j, err := s.draft(ctx, in)
	if err != nil {
		return Job{}, err
	}
	return s.add(ctx, tx, j)
}

func (s *Service) add(ctx context.Context, tx *sqldb.Tx, j Job) (Job, error) {
	if j.uniqueKey != nil {
		if err := refuseTwin(ctx, tx, *j.uniqueKey); err != nil {
			return Job{}, err
		}
	}
	a := &addition{j, s.event(ctx, callboard.JobQueued, j)}
	if err := s.addGroup(ctx, tx, []*addition{a}); err != nil {
		return Job{}, err
	}
	return a.job, nil
}

func refuseTwin(ctx context.Context, tx *sqldb.Tx, key string) error {
	twin, err := selectTwin(ctx, tx, key)
	if err == nil && twin != "" {
		err = callboard.Errorf(callboard.CodeConflict, msgTwice+": %s", twin)
	}
	return err
}

func (s *Service) addGroup(ctx context.Context, tx *sqldb.Tx, group []*addition) error {
	jobs, events := make([]*Job, len(group)), make([]callboard.Event, len(group))
	for i, a := range group {
		jobs[i], events[i] = &a.job, a.event
	}
	if err := s.enqueue(ctx, tx, jobs...); err != nil {
		return err
	}
	if err := insertJobs(ctx, tx, jobs); err != nil {
		return err
	}
	return outbox.Append(ctx, tx, events...)
}

// enqueue adds the rows that stand for jobs from now on. Attempts that they have had count.
func (s *Service) enqueue(ctx context.Context, tx *sqldb.Tx, jobs ...*Job) error {
	params, byID := make([]river.InsertManyParams, len(jobs)), make(map[string]*Job, len(jobs))
	for i, j := range jobs {
		kind := s.kinds[j.Kind]
		opts := &river.InsertOpts{Queue: kind.Name, Priority: j.Priority, MaxAttempts: max(j.MaxAttempts-j.Attempt, 1)}
		if j.NextRunAt != nil {
			opts.ScheduledAt = *j.NextRunAt
		}
		params[i] = river.InsertManyParams{Args: kind.envelope(j.ID, j.Attempt), InsertOpts: opts}
		byID[j.ID] = j
		at := j.NextRunAt
		tx.OnCommit(func() { s.notifyAt(kind.Name, at) })
	}
	rows, err := s.client.InsertManyTx(ctx, tx.SQL(), params)
	if err != nil {
		return fmt.Errorf("queue jobs: %w", err)
	}
	for _, row := range rows { // in an order that River does not promise
		var ref reference
		if err := json.Unmarshal(row.Job.EncodedArgs, &ref); err != nil {
			return fmt.Errorf("queue jobs: %w", err)
		}
		byID[ref.JobID].queueID = row.Job.ID
	}
	return nil
}
