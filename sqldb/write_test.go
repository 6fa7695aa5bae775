package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

const patience = 20 * time.Second

// writerHeld keeps SQLite's writer inside a first write until release, so that what comes next has to queue.
type writerHeld struct {
	t    *testing.T
	db   *sqldb.DB
	gate chan struct{}
	done chan error
}

func holdWriter(ctx context.Context, t *testing.T, db *sqldb.DB) *writerHeld {
	t.Helper()
	db.SetGroupBudget(time.Hour)
	h := &writerHeld{t: t, db: db, gate: make(chan struct{}), done: make(chan error, 1)}
	begun := make(chan struct{})
	go func() {
		h.done <- db.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *sqldb.Tx) error {
			close(begun)
			<-h.gate
			return insert(ctx, tx, "first")
		})
	}()
	receive(t, begun)
	return h
}

// queue starts a write and waits until it is in the queue.
func (h *writerHeld) queue(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) <-chan error {
	h.t.Helper()
	before := h.db.Queued()
	done := make(chan error, 1)
	go func() {
		err := errors.New("the goroutine ended inside Write")
		defer func() { done <- err }()
		err = h.db.Write(ctx, fn)
	}()
	eventually(h.t, func() bool { return h.db.Queued() > before })
	return done
}

func (h *writerHeld) release() { close(h.gate) }

func receive[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came in time")
		panic("unreachable")
	}
}

func eventually(t testing.TB, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !condition(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("it did not come about in time")
		}
	}
}

func TestWriteStoresAndTells(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		const writers, each = 32, 4
		var hooks atomic.Int64
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
						tx.OnCommit(func() { hooks.Add(1) })
						return insert(ctx, tx, fmt.Sprint(w, "/", i))
					})
					if err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
		}
		wg.Wait()
		got := authors(t, db)
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != writers*each {
			t.Errorf("%d notes are stored, want %d", n, writers*each)
		}
		if hooks.Load() != writers*each {
			t.Errorf("%d hooks ran, want %d", hooks.Load(), writers*each)
		}
	}, notes())
}

func TestQueuedWritesCommitTogether(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	held := holdWriter(t.Context(), t, db)
	const queued = 20
	var returned atomic.Int64
	var answers []<-chan error
	for i := range queued {
		answers = append(answers, held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if n := count(t, db); n != 0 {
				t.Errorf("write %d sees %d committed notes: the group did not wait for it", i, n)
			}
			if n := count(t, tx); n != i+1 {
				t.Errorf("write %d runs in a transaction with %d notes, want %d", i, n, i+1)
			}
			if returned.Load() != 0 {
				t.Errorf("a write was acknowledged before the commit")
			}
			tx.OnCommit(func() { returned.Add(1) })
			return insert(ctx, tx, "queued")
		}))
	}
	held.release()
	for _, answer := range append(answers, held.done) {
		if err := receive(t, answer); err != nil {
			t.Errorf("write: %v", err)
		}
	}
	if n := count(t, db); n != queued+1 {
		t.Errorf("%d notes are stored, want %d", n, queued+1)
	}
	if returned.Load() != queued {
		t.Errorf("%d hooks ran, want %d", returned.Load(), queued)
	}
}

func TestLowPriorityLetsOthersGoFirst(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	db.SetLowBudget(0) // each in a group of its own
	low := sqldb.LowPriority(t.Context())
	held := holdWriter(low, t, db)
	var order []string // the writer runs one at a time
	queue := func(ctx context.Context, name string) <-chan error {
		return held.queue(ctx, func(context.Context, *sqldb.Tx) error {
			order = append(order, name)
			return nil
		})
	}
	answers := []<-chan error{held.done, queue(low, "low 1"), queue(low, "low 2"), queue(t.Context(), "usual 1"), queue(t.Context(), "usual 2")}
	held.release()
	for _, answer := range answers {
		if err := receive(t, answer); err != nil {
			t.Errorf("write: %v", err)
		}
	}
	if got, want := strings.Join(order, ", "), "usual 1, usual 2, low 1, low 2"; got != want {
		t.Errorf("they ran in the order %s, want %s", got, want)
	}
}

func TestNeighboursOfFailingWrites(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	held := holdWriter(t.Context(), t, db)
	ctx := t.Context()
	after := func(author string, then func() error) <-chan error {
		return held.queue(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			tx.OnCommit(func() {
				if author != "good" {
					t.Errorf("a hook of the write that failed (%s) ran", author)
				}
			})
			return errors.Join(insert(ctx, tx, author), then())
		})
	}
	refused := errors.New("refused")
	failing := after("failing", func() error { return refused })
	good1 := after("good", func() error { return nil })
	panicking := after("panicking", func() error { panic("no way") })
	good2 := after("good", func() error { return nil })
	ending := after("ending", func() error { runtime.Goexit(); return nil })
	good3 := after("good", func() error { return nil })
	held.release()

	if err := receive(t, failing); !errors.Is(err, refused) {
		t.Errorf("the failing write returned %v, want its own error", err)
	}
	err := receive(t, panicking)
	if p, ok := errors.AsType[*sqldb.PanicError](err); !ok || p.Value != "no way" || !strings.Contains(string(p.Stack), "write_test.go") {
		t.Errorf("the panicking write returned %v, want a PanicError with its stack", err)
	}
	if err := receive(t, ending); err == nil {
		t.Error("the write whose goroutine ended returned success")
	}
	for _, good := range []<-chan error{held.done, good1, good2, good3} {
		if err := receive(t, good); err != nil {
			t.Errorf("a neighbour returned %v", err)
		}
	}
	if diff := cmp.Diff([]string{"first", "good", "good", "good"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
	write(t, db, "later") // the writer goes on
}

func TestFailingWriteLeavesNothing(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	tests := map[string]func() error{
		"error":  func() error { return refused },
		"panic":  func() error { panic(refused) },
		"goexit": func() error { runtime.Goexit(); return nil },
	}
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		for name, fail := range tests {
			done := make(chan error, 1)
			go func() {
				err := refused // stays when the goroutine ends
				defer func() { done <- err }()
				err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
					tx.OnCommit(func() { t.Errorf("%s: the hook ran", name) })
					return errors.Join(insert(ctx, tx, name), fail())
				})
			}()
			err := receive(t, done)
			if _, panicked := errors.AsType[*sqldb.PanicError](err); panicked != (name == "panic") || !panicked && !errors.Is(err, refused) {
				t.Errorf("%s: Write returned %v", name, err)
			}
		}
		write(t, db, "later")
		if diff := cmp.Diff([]string{"later"}, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
	}, notes())
}

func TestCancelWhileQueued(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	held := holdWriter(t.Context(), t, db)
	ctx, cancel := context.WithCancel(t.Context())
	ran := false
	withdrawn := held.queue(ctx, func(context.Context, *sqldb.Tx) error {
		ran = true
		return nil
	})
	cancel()
	if err := receive(t, withdrawn); !errors.Is(err, context.Canceled) {
		t.Errorf("Write returned %v, want the end of its context", err)
	}
	held.release()
	if err := receive(t, held.done); err != nil {
		t.Errorf("the neighbour returned %v", err)
	}
	write(t, db, "later") // has the writer pass the withdrawn one for certain
	if ran {
		t.Error("the withdrawn write ran")
	}
	if err := db.Write(ctx, func(context.Context, *sqldb.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Write with an ended context returned %v", err)
	}
}

func TestCancelWhileRunning(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		outer, cancel := context.WithCancel(t.Context())
		err := db.Write(outer, func(ctx context.Context, tx *sqldb.Tx) error {
			cancel()
			return errors.Join(insert(ctx, tx, "inner"), insert(outer, tx, "outer"))
		})
		want := []string{"inner", "outer"} // SQLite finishes what has begun, whichever context is used
		if db.Dialect() == sqldb.Postgres {
			want = nil
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Write returned %v, want the end of its context", err)
			}
		} else if err != nil {
			t.Errorf("Write returned %v", err)
		}
		if diff := cmp.Diff(want, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
	}, notes())
}

func TestNestedWrite(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var kept context.Context
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			kept = ctx
			inner := db.Write(ctx, func(context.Context, *sqldb.Tx) error { return nil })
			if inner == nil || !strings.Contains(inner.Error(), "Write inside a Write") {
				t.Errorf("the nested write returned %v", inner)
			}
			return insert(ctx, tx, "outer")
		})
		if err != nil {
			t.Errorf("the outer write returned %v", err)
		}
		if err := db.Write(kept, func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "later") }); err != nil {
			t.Errorf("a write under the context of one that has ended returned %v", err)
		}
		if diff := cmp.Diff([]string{"outer", "later"}, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
	}, notes())
}

func TestCloseAnswersEveryWrite(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	held := holdWriter(t.Context(), t, db)
	const queued = 10
	var answers []<-chan error
	for range queued {
		answers = append(answers, held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return insert(ctx, tx, "queued")
		}))
	}
	closed := make(chan error, 1)
	go func() { closed <- db.Close() }()
	held.release()
	if err := receive(t, closed); err != nil {
		t.Errorf("Close returned %v", err)
	}
	receive(t, db.WriterStopped())
	for _, answer := range append(answers, held.done) {
		if err := receive(t, answer); err != nil {
			t.Errorf("an accepted write returned %v", err)
		}
	}
	err := db.Write(t.Context(), func(context.Context, *sqldb.Tx) error { return nil })
	if callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("a write after Close returned %v", err)
	}
	if err := db.QueryRowContext(t.Context(), "SELECT 1").Scan(new(int)); callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("a read after Close returned %v", err)
	}
}

func TestCloseUnderLoad(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	const writers = 16
	var stored atomic.Int64
	var wg sync.WaitGroup
	begun := make(chan struct{}, writers)
	for range writers {
		wg.Go(func() {
			begun <- struct{}{}
			for {
				err := db.Write(context.WithoutCancel(t.Context()), func(ctx context.Context, tx *sqldb.Tx) error {
					return insert(ctx, tx, "loaded")
				})
				if callboard.CodeOf(err) == callboard.CodeUnavailable {
					return
				}
				if err != nil {
					t.Errorf("a write returned %v", err)
					return
				}
				stored.Add(1)
			}
		})
	}
	for range writers {
		receive(t, begun)
	}
	eventually(t, func() bool { return stored.Load() > writers })
	if err := db.Close(); err != nil {
		t.Errorf("Close returned %v", err)
	}
	wg.Wait() // each was answered
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	write(t, db, "before")
	pragma(t, db, "max_page_count = 40")
	big := strings.Repeat("x", 400_000)

	held := holdWriter(t.Context(), t, db)
	neighbour := held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "neighbour") })
	filling := held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		tx.OnCommit(func() { t.Error("the hook of a write that failed ran") })
		_, _ = tx.ExecContext(ctx, "INSERT INTO notes (author, body) VALUES ($1, $2)", "filling", big)
		// The whole transaction is gone, and must not go on statement by statement when the error is ignored.
		if err := insert(ctx, tx, "ignoring"); err == nil {
			t.Error("a statement after the transaction was lost succeeded")
		}
		return nil
	})
	behind := held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "behind") })
	held.release()

	for name, answer := range map[string]<-chan error{"first": held.done, "neighbour": neighbour, "filling": filling} {
		err := receive(t, answer)
		e, ok := errors.AsType[*callboard.Error](err)
		if !ok || e.Code != callboard.CodeUnavailable || e.RetryAfter <= 0 || !strings.Contains(e.Message, "no room left") {
			t.Errorf("%s returned %v, want CodeUnavailable that tells of the room", name, err)
		}
	}
	if err := receive(t, behind); err != nil {
		t.Errorf("the write of the next group returned %v", err)
	}
	if diff := cmp.Diff([]string{"before", "behind"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}

	pragma(t, db, "max_page_count = 100000")
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO notes (author, body) VALUES ($1, $2)", "fits now", big)
		return err
	})
	if err != nil {
		t.Errorf("with room again, the write returned %v", err)
	}
}

// A statement that SQLite can undo alone does not take its neighbours along.
func TestFullDiskInOneStatement(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	pragma(t, db, "max_page_count = 40")
	held := holdWriter(t.Context(), t, db)
	filling := held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		rows := make([][]any, 200)
		for i := range rows {
			rows[i] = []any{"filling", strings.Repeat("x", 2000)}
		}
		return sqldb.BulkInsert(ctx, tx, "notes", []string{"author", "body"}, rows, "")
	})
	held.release()
	if err := receive(t, filling); callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("the filling write returned %v", err)
	}
	if err := receive(t, held.done); err != nil {
		t.Errorf("the neighbour returned %v", err)
	}
	if diff := cmp.Diff([]string{"first"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
}

func TestLockedByAnotherProcess(t *testing.T) {
	t.Parallel()
	url := sqldbtest.URL(t, sqldbtest.SQLite)
	db, other := sqldbtest.OpenURL(t, url, notes()), sqldbtest.OpenURL(t, url)
	pragma(t, db, "busy_timeout = 1")
	held := holdWriter(t.Context(), t, db)
	change := func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "queued") }
	queued := held.queue(t.Context(), change)
	held.release()
	for _, answer := range []<-chan error{held.done, queued} {
		if err := receive(t, answer); err != nil {
			t.Fatalf("before the lock, Write returned %v", err)
		}
	}
	lock, err := other.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), change)
	if e, ok := errors.AsType[*callboard.Error](err); !ok || e.Code != callboard.CodeUnavailable || !strings.Contains(e.Message, "busy") {
		t.Errorf("Write returned %v, want CodeUnavailable", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), change); err != nil {
		t.Errorf("after the lock, Write returned %v", err)
	}
	if diff := cmp.Diff([]string{"first", "queued", "queued"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
}

// Who holds the writer's only connection for too long is not waited for without end.
func TestConnectionHeldByALibrary(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	db.SetBeginPatience(20 * time.Millisecond)
	held, err := db.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan error, 100)
	for range cap(answers) {
		go func() {
			answers <- db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "stuck") })
		}()
	}
	for range cap(answers) {
		if err := receive(t, answers); callboard.CodeOf(err) != callboard.CodeUnavailable {
			t.Errorf("Write returned %v, want CodeUnavailable", err)
		}
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, db, "next")
	if diff := cmp.Diff([]string{"next"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
}

// The pool for reading refuses to change anything on SQLite.
func TestReader(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	held := holdWriter(t.Context(), t, db)
	if err := db.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(new(int)); err != nil {
		t.Errorf("while a write is open: %v", err)
	}
	if _, err := db.Reader().ExecContext(t.Context(), "DELETE FROM notes"); err == nil {
		t.Error("a change through the pool for reading succeeded")
	}
	held.release()
	if err := receive(t, held.done); err != nil {
		t.Error(err)
	}
}

// A deferred constraint is the easiest way to have a real COMMIT fail.
func TestCommitFails(t *testing.T) {
	t.Parallel()
	deferred := sqldb.Migrations{Name: "deferred", SQLite: files(map[string]string{
		"00001_deferred.sql": migration(`CREATE TABLE replies (note_id INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);`,
			`DROP TABLE replies;`),
	})}
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes(), deferred)
	held := holdWriter(t.Context(), t, db)
	dangling := held.queue(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		tx.OnCommit(func() { t.Error("a hook ran without a commit") })
		_, err := tx.ExecContext(ctx, "INSERT INTO replies (note_id) VALUES (404)")
		return err
	})
	held.release()
	for _, answer := range []<-chan error{held.done, dangling} {
		if err := receive(t, answer); callboard.CodeOf(err) != callboard.CodeUnavailable {
			t.Errorf("Write returned %v, want CodeUnavailable", err)
		}
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d notes are stored without a commit", n)
	}
	write(t, db, "later")
}

func pragma(t *testing.T, db *sqldb.DB, text string) {
	t.Helper()
	var now int
	if err := db.SQL().QueryRowContext(t.Context(), "PRAGMA "+text).Scan(&now); err != nil {
		t.Fatalf("PRAGMA %s: %v", text, err)
	}
}
