package job

import (
	"context"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
)

// transition is one step in the life of a job: an attempt begins, or ends.
type transition struct {
	jobID string
	// move changes the job as it stands in the table, its row locked, and returns the events that tell of it; see state.go.
	// With none nothing is written. Its error is the transition's, and no other's. It may be called more than once.
	move  func(j *Job) ([]callboard.Event, error)
	lines []LogLine // which are kept with it
	// within, when set, writes in the same transaction, which is then the transition's own.
	within func(ctx context.Context, tx *sqldb.Tx) error

	found bool // and not locked by somebody else
	job   Job
	err   error // of move
}

// transit returns the job as it is once t is durable. No such job is CodeNotFound. Unless it has something within, t does not
// end with ctx: see groups.commit.
func (s *Service) transit(ctx context.Context, t *transition) (Job, error) {
	alone := func(ctx context.Context, tx *sqldb.Tx) error {
		return applyTransitions(ctx, tx, []*transition{t}, sqldb.ForUpdate(tx))
	}
	if t.within != nil {
		return t.result(s.db.Write(ctx, alone))
	}
	err := s.transitions.commit(t)
	if err == nil && !t.found {
		err = writeWithin(ctx, s.db, groupTime, alone)
	}
	return t.result(err)
}

func (t *transition) result(err error) (Job, error) {
	switch {
	case err != nil:
		return Job{}, err
	case !t.found:
		return Job{}, callboard.NotFound("job")
	}
	return t.job, t.err
}

// transitGroup leaves out the jobs whose rows somebody else has locked, so that these do not hold up the others.
func transitGroup(ctx context.Context, tx *sqldb.Tx, group []*transition) error {
	return applyTransitions(ctx, tx, group, sqldb.ForUpdateSkipLocked(tx))
}

func applyTransitions(ctx context.Context, tx *sqldb.Tx, group []*transition, lock string) error {
	ids := make([]string, len(group))
	for i, t := range group {
		ids[i] = t.jobID
	}
	jobs, err := selectJobsByID(ctx, tx, ids, lock)
	if err != nil {
		return err
	}
	var events []callboard.Event
	for _, t := range group {
		told, err := t.apply(ctx, tx, jobs)
		if err != nil {
			return err
		}
		events = append(events, told...)
	}
	return outbox.Append(ctx, tx, events...)
}

// apply writes what becomes of a job in jobs, and returns the events that tell of it. Its error fails the group.
func (t *transition) apply(ctx context.Context, tx *sqldb.Tx, jobs map[string]*Job) (events []callboard.Event, err error) {
	j, found := jobs[t.jobID]
	if t.found = found; !found {
		return nil, nil
	}
	t.job = *j
	events, t.err = t.move(&t.job)
	if t.err != nil || len(events) == 0 {
		return nil, nil
	}
	if t.within != nil {
		if err := t.within(ctx, tx); err != nil {
			return nil, err
		}
	}
	if err := insertLines(ctx, tx, t.jobID, t.lines); err != nil {
		return nil, err
	}
	*j = t.job
	return events, queueUpdate(ctx, tx, t.job)
}
