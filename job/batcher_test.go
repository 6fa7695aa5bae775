package job_test

import (
	"context"
	"strings"
	"testing"

	"callboard/job"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// A job whose row somebody has locked waits, and nobody else does.
func TestLockedJobHoldsUpNobody(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, migrations()...)
	f := newFixture(t, db, job.Config{}, worker(job.Settings{Concurrency: 8}, func(context.Context, *job.Run, testArgs) (any, error) {
		return nil, nil
	}))
	locked := f.queue("locked")
	release, holding := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
			err := tx.QueryRowContext(ctx, `SELECT id FROM jobs WHERE id = $1 FOR UPDATE`, locked.ID).Scan(new(string))
			close(holding)
			<-release
			return err
		})
	}()
	<-holding
	f.run()
	for i := range 20 {
		f.awaitStatus(f.queue(strings.Repeat("x", i)).ID, job.Completed)
	}
	if j, err := f.Get(as(t, ada()), locked.ID); err != nil || j.Status != job.Pending {
		t.Errorf("the locked job is %+v, %v", j, err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	f.awaitStatus(locked.ID, job.Completed)
}

// Asking for a job in the middle of a write, and not through its transaction, is an error, and waits for nothing.
func TestQueueInsideOfAWrite(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, func(context.Context, *job.Run, testArgs) (any, error) {
			return nil, nil
		}))
		err := db.Write(as(t, ada()), func(ctx context.Context, _ *sqldb.Tx) error {
			_, err := f.Queue(ctx, job.Request{Kind: "test-work", Args: testArgs{}})
			return err
		})
		if err == nil {
			t.Error("it was queued")
		}
	})
}
