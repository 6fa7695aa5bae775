package job_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// batch is a batcher with jobs for it, which a transition gives a message.
type batch struct {
	job.Batcher
	*fixture
	ids  []string
	held chan struct{} // closed for the first batch to go on
}

// newBatch returns a batcher whose first batch, of the first job alone, is being committed.
func newBatch(t *testing.T, db *sqldb.DB, jobs int) *batch {
	t.Helper()
	b := &batch{fixture: newFixture(t, db, job.Config{}, worker(job.Settings{}, nothing)), held: make(chan struct{})}
	b.Batcher = job.NewBatcher(db, waitLimit)
	for range jobs {
		b.ids = append(b.ids, b.queue("").ID)
	}
	begun, first := make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := b.Commit(t.Context(), b.ids[0], func(context.Context, *sqldb.Tx, *job.Job) error {
			close(begun)
			<-b.held
			return nil
		})
		first <- err
	}()
	<-begun
	t.Cleanup(func() {
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
	return b
}

func nothing(context.Context, *job.Run, testArgs) (any, error) { return nil, nil }

// commitRest commits a transition for each other job, and returns their errors.
func (b *batch) commitRest(apply func(ctx context.Context, tx *sqldb.Tx, i int) error) []error {
	errs := make([]error, len(b.ids))
	var wg sync.WaitGroup
	for i := 1; i < len(b.ids); i++ {
		wg.Go(func() {
			_, errs[i] = b.Commit(b.t.Context(), b.ids[i], func(ctx context.Context, tx *sqldb.Tx, _ *job.Job) error { return apply(ctx, tx, i) })
		})
	}
	b.awaitWaiting(len(b.ids) - 1)
	close(b.held)
	wg.Wait()
	return errs
}

// awaitWaiting waits until n transitions are waiting, or as many as may.
func (b *batch) awaitWaiting(n int) {
	b.t.Helper()
	for deadline := time.Now().Add(waitLimit); ; runtime.Gosched() {
		waiting, most := b.Waiting()
		if waiting >= min(n, most) {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%d of %d transitions are waiting", waiting, n)
		}
	}
}

func setMessage(ctx context.Context, tx *sqldb.Tx, id, message string) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_jobs SET message = message || $2 WHERE id = $1`, id, message)
	return err
}

// Transitions are committed once, in few transactions, also when more come than may wait.
func TestBatcherGathers(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		b := newBatch(t, db, 101)
		var mu sync.Mutex
		transactions := map[*sqldb.Tx]bool{}
		for i, err := range b.commitRest(func(ctx context.Context, tx *sqldb.Tx, i int) error {
			mu.Lock()
			transactions[tx] = true
			mu.Unlock()
			return setMessage(ctx, tx, b.ids[i], "once")
		}) {
			if err != nil {
				t.Errorf("job %d: %v", i, err)
			}
		}
		for _, id := range b.ids[1:] {
			if j, err := b.Get(as(t, ada()), id); err != nil || j.Message != "once" {
				t.Errorf("the job is %+v, %v", j, err)
			}
		}
		if n := len(transactions); n > 50 {
			t.Errorf("%d transactions", n)
		}
	})
}

// A transition that cannot be made fails alone.
func TestBatcherFaultIsAlone(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		b := newBatch(t, db, 6)
		errs := b.commitRest(func(ctx context.Context, tx *sqldb.Tx, i int) error {
			switch i {
			case 2:
				panic("a defect")
			case 4:
				_, err := tx.ExecContext(ctx, `INSERT INTO callboard_jobs (id) VALUES (NULL)`)
				return err
			}
			return setMessage(ctx, tx, b.ids[i], "once")
		})
		for i, err := range errs {
			j, getErr := b.Get(as(t, ada()), b.ids[i])
			if bad := i == 2 || i == 4; getErr != nil || (err != nil) != bad || i > 0 && !bad && j.Message != "once" {
				t.Errorf("job %d: %v, %q, %v", i, err, j.Message, getErr)
			}
		}
		if _, ok := errors.AsType[*sqldb.PanicError](errs[2]); !ok {
			t.Errorf("the error is %v", errs[2])
		}
	})
}

// A transition that waits ends with its context, and is not made.
func TestBatcherHeedsContext(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		b := newBatch(t, db, 2)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := b.Commit(ctx, b.ids[1], func(ctx context.Context, tx *sqldb.Tx, _ *job.Job) error {
				return setMessage(ctx, tx, b.ids[1], "made")
			})
			ended <- err
		}()
		b.awaitWaiting(1)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		b.commitRest(func(context.Context, *sqldb.Tx, int) error { return nil })
		if j, err := b.Get(as(t, ada()), b.ids[1]); err != nil || j.Message != "" {
			t.Errorf("the job is %+v, %v", j, err)
		}
	})
}

// While the database is away, or does not answer, the transitions of a batch are not tried one by one.
func TestBatcherUnavailable(t *testing.T) {
	t.Parallel()
	for name, apply := range map[string]func(ctx context.Context, tx *sqldb.Tx) error{
		"away": func(context.Context, *sqldb.Tx) error { return callboard.Errorf(callboard.CodeUnavailable, "away") },
		"slow": func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `SELECT pg_sleep(60)`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqldbtest.Open(t, sqldbtest.Postgres, migrations()...)
			f, b := newFixture(t, db, job.Config{}, worker(job.Settings{}, nothing)), job.NewBatcher(db, 200*time.Millisecond)
			id := f.queue("").ID
			var calls atomic.Int64
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					_, err := b.Commit(t.Context(), id, func(ctx context.Context, tx *sqldb.Tx, _ *job.Job) error {
						calls.Add(1)
						return apply(ctx, tx)
					})
					if callboard.CodeOf(err) != callboard.CodeUnavailable {
						t.Errorf("%v", err)
					}
				})
			}
			wg.Wait()
			if n := calls.Load(); n > 15 {
				t.Errorf("%d calls: each transition was tried alone", n)
			}
		})
	}
}

// A job whose row somebody has locked waits, and nobody else does.
func TestLockedJobHoldsUpNobody(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, migrations()...)
	f := newFixture(t, db, job.Config{}, worker(job.Settings{Concurrency: 8}, nothing))
	locked := f.queue("locked")
	release, holding := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
			err := tx.QueryRowContext(ctx, `SELECT id FROM callboard_jobs WHERE id = $1 FOR UPDATE`, locked.ID).Scan(new(string))
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
