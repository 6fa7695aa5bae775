package job_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Jobs whose rows in the queue are changed behind the back of the service are repaired.
func TestRepair(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tamper string // with the rows of the queue
		want   job.Status
		trail  []string
	}{
		"cancelled": {`UPDATE callboard_river_job SET state = 'cancelled', finalized_at = ` + now, job.Cancelled, []string{"job_queued", "job_cancelled"}},
		"discarded": {`UPDATE callboard_river_job SET state = 'discarded', finalized_at = ` + now, job.Failed, []string{"job_queued", "job_failed"}},
		"deleted":   {`DELETE FROM callboard_river_job`, job.Completed, []string{"job_queued", "job_started", "job_completed"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEach(t, func(t *testing.T, db *sqldb.DB) {
				f := newFixture(t, db, job.Config{}, worker(job.Settings{}, func(context.Context, *job.Run, testArgs) (any, error) { return nil, nil }))
				queued := f.queue("one")
				err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
					_, err := tx.ExecContext(ctx, test.tamper)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				f.run()
				f.awaitStatus(queued.ID, test.want)
				if diff := cmp.Diff(test.trail, f.trail(queued.ID)); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

const now = `CURRENT_TIMESTAMP`

// A node that is taken for dead loses its jobs to another one, and can commit nothing any more.
func TestNodeThatIsTakenForDead(t *testing.T) {
	t.Parallel()
	url := sqldbtest.URL(t, sqldbtest.Postgres)
	first, second := sqldbtest.OpenURL(t, url, migrations()...), sqldbtest.OpenURL(t, url)
	started, dead, written := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	slow := newFixture(t, first, job.Config{}, worker(job.Settings{}, func(ctx context.Context, run *job.Run, _ testArgs) (any, error) {
		if run.Job().Attempt > 1 { // it lives after all, and may be given the job again
			return "the living one", nil
		}
		close(started)
		<-dead
		written <- run.Write(context.WithoutCancel(ctx), func(context.Context, *sqldb.Tx) error { return nil })
		return "the dead one", nil
	}))
	queued := slow.queue("one")
	slow.run()
	<-started
	other := newFixture(t, second, job.Config{}, worker(job.Settings{}, func(context.Context, *job.Run, testArgs) (any, error) {
		return "the living one", nil
	}))
	other.run()
	loseLock(t, second, other.NodeKey())
	other.await(queued.ID, "taken over", func(j job.Job) bool { return j.Attempt == 2 || j.Status == job.Pending })
	close(dead)
	if err := <-written; !errors.Is(err, job.ErrLeaseLost) {
		t.Errorf("the dead node can write: %v", err)
	}
	if j := other.awaitStatus(queued.ID, job.Completed); string(j.Result) != `"the living one"` {
		t.Errorf("the job is %+v", j)
	}
	want := []string{"job_queued", "job_started", "job_retry", "job_started", "job_completed"}
	if diff := cmp.Diff(want, other.trail(queued.ID)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// loseLock ends the connection that holds the lock of every node but one, again and again until nobody minds, so that those
// nodes stay dead for long enough to be noticed.
func loseLock(t *testing.T, db *sqldb.DB, but int32) {
	t.Helper()
	go func() {
		for t.Context().Err() == nil {
			_ = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				rows, err := tx.QueryContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_locks
					WHERE locktype = 'advisory' AND objsubid = 2 AND objid::bigint <> $1
					AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, but)
				if err != nil {
					return err
				}
				return rows.Close()
			})
			sqldb.Wait(t.Context(), killEvery)
		}
	}()
}
