package job

import (
	"context"
	"strings"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// Reconciling repairs jobs and rows of the queue that contradict each other: a process died in the middle of an attempt,
// River itself gave a job up, or somebody took its row away. Each repair is one transaction that looks again before it
// changes anything, so that it never races with an attempt that lives.

const (
	reconcileEvery = 5 * time.Second
	reconcileBatch = 200
	reasonCrashed  = "the server stopped in the middle of the attempt"
	// reasonUnwritten is that of an attempt whose end the database did not take.
	reasonUnwritten = "the attempt ended, and how could not be written"
)

// mismatch is a job whose row in the queue contradicts it.
type mismatch struct {
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

// selectMismatches returns jobs that are not done while their rows are, or are gone, and those that somebody runs, or should.
func selectMismatches(ctx context.Context, q sqldb.Querier, after string) ([]mismatch, error) {
	holder := "''"
	if q.Dialect() == sqldb.Postgres {
		holder = "coalesce(r.attempted_by[array_upper(r.attempted_by, 1)], '')"
	}
	rows, err := q.QueryContext(ctx, `SELECT j.id, j.queue_id, coalesce(CAST(r.state AS TEXT), ''), `+holder+`
		FROM callboard_jobs j LEFT JOIN callboard_river_job r ON r.id = j.queue_id
		WHERE j.status IN ('pending', 'processing') AND j.id > $1
		AND (r.id IS NULL OR j.status = 'processing' OR r.state NOT IN ('available', 'scheduled', 'retryable', 'pending'))
		ORDER BY j.id LIMIT $2`, after, reconcileBatch)
	return sqldb.Collect(rows, err, "compare jobs and queue", func(row sqldb.Scanner) (m mismatch, err error) {
		err = row.Scan(&m.jobID, &m.queueID, &m.state, &m.holder)
		return m, err
	})
}

// reconcile repairs what it finds. dead reports whether nobody works on a row that is running.
func (s *Service) reconcile(ctx context.Context, dead func(mismatch) bool) error {
	for after := ""; ; {
		mismatches, err := selectMismatches(ctx, s.db, after)
		if err != nil {
			return err
		}
		for _, found := range mismatches {
			after = found.jobID
			if found.state == stateRunning && !dead(found) {
				continue
			}
			if err := s.repair(ctx, found); err != nil {
				return err
			}
		}
		if len(mismatches) < reconcileBatch {
			return nil
		}
	}
}

func (s *Service) repair(ctx context.Context, found mismatch) error {
	return s.db.Write(asSystem(ctx), func(ctx context.Context, tx *sqldb.Tx) error {
		j, err := selectJob(ctx, tx, found.jobID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT CAST(state AS TEXT) FROM callboard_river_job WHERE id = $1`+sqldb.ForUpdate(tx), j.queueID)
		states, err := sqldb.CollectValues[string](rows, err, "look at the queue")
		if err != nil || j.Status.Done() || j.queueID != found.queueID || strings.Join(states, "") != found.state {
			return err // it has moved meanwhile
		}
		s.log.InfoContext(ctx, "job is repaired", "job_id", j.ID, "status", j.Status, "queue", found.state)
		return s.repairTx(ctx, tx, &j, found.state)
	})
}

func (s *Service) repairTx(ctx context.Context, tx *sqldb.Tx, j *Job, state string) error {
	switch state {
	case stateCancelled:
		return s.cancel(ctx, tx, j)
	case stateDiscarded, stateCompleted:
		return s.fail(ctx, tx, j, outcome{result: refused, reason: "the queue gave the job up"})
	}
	if j.Status == Processing {
		if err := s.fail(ctx, tx, j, outcome{result: failed, reason: reasonCrashed}); err != nil {
			return err
		}
	}
	_, known := s.kinds[j.Kind]
	switch {
	case state != stateRunning && state != "": // its row waits already
		return nil
	case j.Status.Done():
		return s.queue.Remove(ctx, tx, j.queueID)
	case !known:
		if err := s.queue.Remove(ctx, tx, j.queueID); err != nil {
			return err
		}
		return s.fail(ctx, tx, j, outcome{result: refused, reason: "this server no longer has the kind of the job"})
	}
	return s.requeue(ctx, tx, j)
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
		return s.reconcile(ctx, func(mismatch) bool { return true })
	}
	_, err := s.reconcileOnce(ctx, true, nil)
	return err
}

// reconcileOnce repairs once. It returns the rows that this node is said to run and does not: River has given up writing how
// they ended, when the database was away for long. Those that were so the last time too are repaired.
func (s *Service) reconcileOnce(ctx context.Context, leads bool, idle map[int64]bool) (idleNow map[int64]bool, err error) {
	dead, err := s.queue.Dead(ctx)
	if err != nil {
		return nil, err
	}
	idleNow = map[int64]bool{}
	err = s.reconcile(ctx, func(found mismatch) bool {
		if found.holder != "" && found.holder != s.queue.Node() {
			return leads && dead(found.holder)
		}
		if s.queue.Working(found.queueID) {
			return false
		}
		idleNow[found.queueID] = true
		return idle[found.queueID]
	})
	return idleNow, err
}
