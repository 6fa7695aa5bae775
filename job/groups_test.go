package job_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/job"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// memo has a table of words, which a group of changes adds to.
type memo struct {
	*job.Groups
	t       *testing.T
	db      *sqldb.DB
	begun   chan struct{} // closed when the first group is being committed
	first   chan struct{} // which waits for it
	applied [][]string
}

func newMemo(t *testing.T, db *sqldb.DB) *memo {
	t.Helper()
	m := &memo{t: t, db: db, begun: make(chan struct{}), first: make(chan struct{})}
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE memo (word TEXT PRIMARY KEY)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m.Groups = job.NewGroups(db, waitLimit, m.apply)
	return m
}

func (m *memo) apply(ctx context.Context, tx *sqldb.Tx, group []string) error {
	if len(m.applied) == 0 {
		close(m.begun)
		<-m.first
	}
	m.applied = append(m.applied, group)
	for _, word := range group {
		switch word {
		case "away":
			return callboard.Errorf(callboard.CodeUnavailable, "the database is away")
		case "panic":
			panic("a defect")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO memo (word) VALUES ($1)`, word); err != nil {
			return err
		}
	}
	return nil
}

// commitTogether commits words as the group that gathers while the first one is committed, and returns their errors.
func (m *memo) commitTogether(words ...string) []error {
	m.t.Helper()
	errs := make([]error, len(words))
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := m.Commit("first"); err != nil {
			m.t.Error(err)
		}
	})
	<-m.begun
	for i, word := range words {
		wg.Go(func() { errs[i] = m.Commit(word) })
	}
	for deadline := time.Now().Add(waitLimit); m.Waiting() < len(words); runtime.Gosched() {
		if time.Now().After(deadline) {
			m.t.Fatalf("%d of %d changes are waiting", m.Waiting(), len(words))
		}
	}
	close(m.first)
	wg.Wait()
	return errs
}

func (m *memo) words() []string {
	m.t.Helper()
	rows, err := m.db.QueryContext(m.t.Context(), `SELECT word FROM memo ORDER BY word`)
	words, err := sqldb.CollectValues[string](rows, err, "read words")
	if err != nil {
		m.t.Fatal(err)
	}
	return words
}

func TestGroupsGather(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		m := newMemo(t, db)
		words := make([]string, 100)
		for i := range words {
			words[i] = fmt.Sprintf("word %02d", i)
		}
		for i, err := range m.commitTogether(words...) {
			if err != nil {
				t.Errorf("%s: %v", words[i], err)
			}
		}
		if diff := cmp.Diff(append([]string{"first"}, words...), m.words()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(m.applied) != 3 || len(m.applied[1]) != 64 || len(m.applied[2]) != 36 {
			t.Errorf("%d groups: %v", len(m.applied), m.applied)
		}
	})
}

// A change that cannot be made fails alone.
func TestGroupsFaultIsAlone(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		m := newMemo(t, db)
		words := []string{"a", "first", "b", "panic", "c"}
		errs := m.commitTogether(words...)
		for i, err := range errs {
			if bad := words[i] == "first" || words[i] == "panic"; (err != nil) != bad {
				t.Errorf("%s: %v", words[i], err)
			}
		}
		if _, ok := errors.AsType[*sqldb.PanicError](errs[3]); !ok || !sqldb.IsUniqueViolation(errs[1]) {
			t.Errorf("the errors are %v", errs)
		}
		if diff := cmp.Diff([]string{"a", "b", "c", "first"}, m.words()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// While the database is away the changes of a group are not tried one by one.
func TestGroupsUnavailable(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		m := newMemo(t, db)
		for _, err := range m.commitTogether("a", "away", "b") {
			if callboard.CodeOf(err) != callboard.CodeUnavailable {
				t.Errorf("%v", err)
			}
		}
		if len(m.applied) != 2 {
			t.Errorf("%d groups: %v", len(m.applied), m.applied)
		}
	})
}

// A database that does not answer is away, for all changes of a group at once.
func TestGroupsTakeTooLong(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	db := sqldbtest.Open(t, sqldbtest.Postgres)
	g := job.NewGroups(db, 100*time.Millisecond, func(ctx context.Context, tx *sqldb.Tx, _ []string) error {
		calls.Add(1)
		_, err := tx.ExecContext(ctx, `SELECT pg_sleep(60)`)
		return err
	})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := g.Commit("a"); callboard.CodeOf(err) != callboard.CodeUnavailable {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if n := calls.Load(); n > 10 {
		t.Errorf("%d groups: each change was tried alone", n)
	}
}

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
