package job_test

import (
	"context"
	"testing"
	"time"

	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Jobs are deleted when their time is over, with what belongs to them, and no others.
func TestSweep(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{Retention: time.Hour}, worker(job.Settings{}, nothing))
		old, recent, waiting := f.queue("old"), f.queue("recent"), f.queue("waiting")
		for _, id := range []string{old.ID, recent.ID} {
			if _, err := f.Cancel(as(t, ada()), id); err != nil {
				t.Fatal(err)
			}
		}
		exec(t, db, `UPDATE callboard_jobs SET finished_at = finished_at - 7200000000 WHERE id = $1`, old.ID)
		if n, err := f.Sweep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d jobs are deleted, %v", n, err)
		}
		if n := count(t, db, `SELECT count(*) FROM callboard_jobs WHERE id IN ($1, $2)`, recent.ID, waiting.ID); n != 2 {
			t.Errorf("%d of 2 jobs are left", n)
		}
	})
}

// A job that is retried while old ones are being deleted stays.
func TestSweepLeavesJobThatIsRetried(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, migrations()...)
	f := newFixture(t, db, job.Config{Retention: time.Hour}, worker(job.Settings{}, nothing))
	queued := f.queue("old")
	if _, err := f.Cancel(as(t, ada()), queued.ID); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `UPDATE callboard_jobs SET finished_at = finished_at - 7200000000`)
	swept := make(chan error, 1)
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { // as Retry does
		_, err := tx.ExecContext(ctx, `UPDATE callboard_jobs SET status = 'pending', finished_at = NULL`)
		go func() {
			_, err := f.Sweep(t.Context())
			swept <- err
		}()
		awaitSweep(t, db, swept)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-swept; err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, `SELECT count(*) FROM callboard_jobs`); n != 1 {
		t.Error("the job was deleted")
	}
}

// awaitSweep waits until the sweep is done or waits for a lock.
func awaitSweep(t *testing.T, db *sqldb.DB, swept chan error) {
	t.Helper()
	for deadline := time.Now().Add(waitLimit); time.Now().Before(deadline); sqldb.Wait(t.Context(), 5*time.Millisecond) {
		waiting := count(t, db, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if len(swept) > 0 || waiting > 0 {
			return
		}
	}
	t.Error("the sweep neither ends nor waits")
}

// The rows of the queue are deleted soon after their jobs are done.
func TestRowsOfTheQueueAreDeleted(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, nothing))
		stop := f.run()
		f.awaitStatus(f.queue("done").ID, job.Completed)
		stop()
		past := `datetime('now', '-61 minutes')`
		if db.Dialect() == sqldb.Postgres {
			past = `now() - interval '61 minutes'`
		}
		exec(t, db, `UPDATE callboard_river_job SET finalized_at = `+past+` WHERE state = 'completed'`)
		f.run()
		for deadline := time.Now().Add(waitLimit); count(t, db, `SELECT count(*) FROM callboard_river_job`) > 0; sqldb.Wait(t.Context(), 20*time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the row is still there")
			}
		}
	})
}

func exec(t *testing.T, db *sqldb.DB, query string, args ...any) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sqldb.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
