package job_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
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
		left := count(t, db, `SELECT (SELECT count(*) FROM callboard_jobs WHERE id = $1) + (SELECT count(*) FROM callboard_outbox WHERE resource_id = $1) +
			(SELECT count(*) FROM callboard_river_job WHERE args->>'job_id' = $1)`, undone.ID)
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

// A user who has as many jobs under way as the kind allows is told to wait; others are not, and one that ends makes room.
func TestJobsOfAUserAreBounded(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{PerOwner: 2}, nothing))
		ben := callboard.Actor{ID: "01900000-0000-7000-8000-00000000be00", Name: "Ben", Role: callboard.RoleEditor}
		queue := func(actor callboard.Actor) (job.Job, error) {
			return f.Queue(as(t, actor), job.Request{Kind: "test-work", Args: testArgs{}})
		}
		wantBusy := func(what string, err error) {
			t.Helper()
			if e, ok := errors.AsType[*callboard.Error](err); !ok || e.Code != callboard.CodeRateLimited || e.RetryAfter <= 0 {
				t.Errorf("%s: %v, want CodeRateLimited with a time to come again", what, err)
			}
		}
		first := f.queue("first")
		f.queue("second")
		_, err := queue(ada())
		wantBusy("a third job", err)
		if _, err := queue(ben); err != nil {
			t.Errorf("a job of another user: %v", err)
		}
		if _, err := f.Cancel(as(t, ada()), first.ID); err != nil {
			t.Fatal(err)
		}
		third := f.queue("third")
		_, err = f.Retry(as(t, ada()), first.ID)
		wantBusy("a retry beyond the limit", err)
		f.run()
		f.awaitStatus(third.ID, job.Completed)
		if _, err := f.Retry(as(t, ada()), first.ID); err != nil {
			t.Errorf("a retry once there is room: %v", err)
		}
	})
}
