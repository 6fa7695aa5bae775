package job_test

import (
	"context"
	"errors"
	"testing"

	"callboard/job"
	"callboard/sqldb"
)

// A job that is queued within a transaction runs when that commits, and is not there when it does not.
func TestQueueTx(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, nothing))
		f.run()
		queue := func(outcome error) (j job.Job, err error) {
			err = db.Write(as(t, ada()), func(ctx context.Context, tx *sqldb.Tx) error {
				var err error
				if j, err = f.QueueTx(ctx, tx, job.Request{Kind: "test-work", Args: testArgs{"with a change"}}); err != nil {
					return err
				}
				return outcome
			})
			return j, err
		}
		errUndone := errors.New("undone")
		undone, err := queue(errUndone)
		if !errors.Is(err, errUndone) {
			t.Fatal(err)
		}
		queued, err := queue(nil)
		if err != nil {
			t.Fatal(err)
		}
		f.awaitStatus(queued.ID, job.Completed)
		left := count(t, db, `SELECT (SELECT count(*) FROM jobs WHERE id = $1) + (SELECT count(*) FROM outbox WHERE resource_id = $1) +
			(SELECT count(*) FROM river_job WHERE args->>'job_id' = $1)`, undone.ID)
		if left != 0 {
			t.Errorf("%d rows are left of a job whose transaction was undone", left)
		}
	})
}

// Asking for a job in the middle of a write, and not through its transaction, is an error, and waits for nothing.
func TestQueueInsideOfAWrite(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, nothing))
		err := db.Write(as(t, ada()), func(ctx context.Context, _ *sqldb.Tx) error {
			_, err := f.Queue(ctx, job.Request{Kind: "test-work", Args: testArgs{}})
			return err
		})
		if err == nil {
			t.Error("it was queued")
		}
	})
}
