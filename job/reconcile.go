package job

import (
	"context"
	"time"

	"callboard"
	"callboard/sqldb"
)

// Reconciling brings jobs and queue together again where they have come apart: a process died in the middle of an attempt,
// River itself gave a job up, or somebody took its row away. Each repair is one transaction that looks again before it
// changes anything, so that it never races with an attempt that lives.

const (
	reconcileEvery = 5 * time.Second
	reconcileBatch = 200
	reasonLost     = "the server stopped in the middle of the attempt"
	// reasonUnwritten is that of an attempt whose end the database did not take.
	reasonUnwritten = "the attempt ended, and how could not be written"
)

// suspect is a job whose row in the queue does not tell the same.
type suspect struct {
	jobID   string
	queueID int64
	state   string // of the row; empty when there is none
	holder  string // name of the node that works on it, on PostgreSQL
}

// The states of River's rows, see https://riverqueue.com/docs/job-state.
const (
	stateRunning   = "running"
	stateCancelled = "cancelled"
	stateDiscarded = "discarded"
	stateCompleted = "completed"
)

// selectSuspects returns jobs that are not done while their rows are, or are gone, and those that somebody runs, or should.
func selectSuspects(ctx context.Context, q sqldb.Querier, after string) ([]suspect, error) {
	holder := "''"
	if q.Dialect() == sqldb.Postgres {
		holder = "coalesce(r.attempted_by[array_upper(r.attempted_by, 1)], '')"
	}
	rows, err := q.QueryContext(ctx, `SELECT j.id, j.queue_id, coalesce(CAST(r.state AS TEXT), ''), `+holder+`
		FROM jobs j LEFT JOIN river_job r ON r.id = j.queue_id
		WHERE j.status IN ('pending', 'processing') AND j.id > $1
		AND (r.id IS NULL OR j.status = 'processing' OR r.state NOT IN ('available', 'scheduled', 'retryable', 'pending'))
		ORDER BY j.id LIMIT $2`, after, reconcileBatch)
	return sqldb.Collect(rows, err, "compare jobs and queue", func(row sqldb.Scanner) (suspect, error) {
		var s suspect
		return s, row.Scan(&s.jobID, &s.queueID, &s.state, &s.holder)
	})
}

// reconcile repairs what it finds. dead tells of a row that is running whether nobody works on it.
func (s *Service) reconcile(ctx context.Context, dead func(suspect) bool) error {
	for after := ""; ; {
		suspects, err := selectSuspects(ctx, s.db, after)
		if err != nil {
			return err
		}
		for _, found := range suspects {
			after = found.jobID
			if found.state == stateRunning && !dead(found) {
				continue
			}
			if err := s.repair(ctx, found); err != nil {
				return err
			}
		}
		if len(suspects) < reconcileBatch {
			return nil
		}
	}
}

func (s *Service) repair(ctx context.Context, found suspect) error {
	return s.db.Write(asSystem(ctx), func(ctx context.Context, tx *sqldb.Tx) error {
		j, err := selectJob(ctx, tx, found.jobID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		state, err := queueState(ctx, tx, j.queueID)
		if err != nil || j.Status.Done() || j.queueID != found.queueID || state != found.state {
			return err // it has moved meanwhile
		}
		s.log.InfoContext(ctx, "job is put right", "job_id", j.ID, "status", j.Status, "queue", state)
		return s.putRight(ctx, tx, j, state)
	})
}

func (s *Service) putRight(ctx context.Context, tx *sqldb.Tx, j Job, state string) error {
	switch state {
	case stateCancelled:
		j.end(Cancelled)
		return s.save(ctx, tx, j, s.event(ctx, callboard.JobCancelled, j))
	case stateDiscarded, stateCompleted:
		return s.giveUp(ctx, tx, j, "the queue gave the job up")
	}
	var events []callboard.Event
	if j.Status == Processing {
		events = append(events, s.lose(ctx, &j, reasonLost))
	}
	if state != stateRunning && state != "" {
		return s.save(ctx, tx, j, events...) // its row waits already
	}
	if err := s.dequeue(ctx, tx, j.queueID); err != nil {
		return err
	}
	if _, known := s.kinds[j.Kind]; !known && !j.Status.Done() {
		return s.giveUp(ctx, tx, j, "this server no longer has the kind of the job", events...)
	}
	if !j.Status.Done() {
		if err := s.enqueue(ctx, tx, &j); err != nil {
			return err
		}
	}
	return s.save(ctx, tx, j, events...)
}

// giveUp has a job fail that cannot go on, after the events that tell what was before.
func (s *Service) giveUp(ctx context.Context, tx *sqldb.Tx, j Job, reason string, before ...callboard.Event) error {
	event := s.setback(ctx, &j, outcome{verdict: refused, reason: reason})
	return s.save(ctx, tx, j, append(before, event)...)
}

func queueState(ctx context.Context, tx *sqldb.Tx, queueID int64) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT CAST(state AS TEXT) FROM river_job WHERE id = $1`+sqldb.ForUpdate(tx), queueID)
	states, err := sqldb.CollectValues[string](rows, err, "look at the queue")
	if err != nil || len(states) == 0 {
		return "", err
	}
	return states[0], nil
}

// reconcileLoop repairs, on the node that leads, until ctx ends. The rows of its own each node looks after itself.
func (s *Service) reconcileLoop(ctx context.Context, leads func() bool) {
	idle := map[int64]bool{}
	for {
		sqldb.Wait(ctx, reconcileEvery)
		if ctx.Err() != nil {
			return
		}
		var err error
		if idle, err = s.reconcileOnce(ctx, leads(), idle); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "jobs and queue cannot be compared", "error", err)
		}
	}
}

// reconcileAtStart repairs what others have left. On SQLite nothing can be running.
func (s *Service) reconcileAtStart(ctx context.Context) error {
	if s.db.Dialect() == sqldb.SQLite {
		return s.reconcile(ctx, func(suspect) bool { return true })
	}
	_, err := s.reconcileOnce(ctx, true, nil)
	return err
}

// reconcileOnce repairs once. It returns the rows that this node is said to run and does not: River has given up writing how
// they ended, when the database was away for long. Those that were so the last time too are put right.
func (s *Service) reconcileOnce(ctx context.Context, leads bool, idle map[int64]bool) (idleNow map[int64]bool, err error) {
	alive, err := s.others(ctx)
	if err != nil {
		return nil, err
	}
	idleNow = map[int64]bool{}
	err = s.reconcile(ctx, func(found suspect) bool {
		if found.holder != "" && found.holder != s.node.name {
			key := keyOf(found.holder)
			return leads && key != "" && !alive[key]
		}
		if _, working := s.working.Load(found.queueID); working {
			return false
		}
		idleNow[found.queueID] = true
		return idle[found.queueID]
	})
	return idleNow, err
}

// others returns the nodes that live beside this one. On SQLite there are none.
func (s *Service) others(ctx context.Context) (map[string]bool, error) {
	if s.db.Dialect() == sqldb.SQLite {
		return nil, nil
	}
	return living(ctx, s.db)
}
