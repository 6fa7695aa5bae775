package sqldb_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

var errRefused = errors.New("refused")

// storing returns a function for a savepoint: it inserts a note, registers a hook that appends to ran, and goes on.
func storing(tx *sqldb.Tx, ran *[]string, author string, then func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		tx.OnCommit(func() { *ran = append(*ran, author) })
		if err := insert(ctx, tx, author); err != nil {
			return err
		}
		return then(ctx)
	}
}

func succeed(context.Context) error { return nil }

func refuse(context.Context) error { return errRefused }

func TestSavepoint(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var ran []string
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := tx.Savepoint(ctx, storing(tx, &ran, "a", succeed)); err != nil {
				t.Errorf("savepoint a: %v", err)
			}
			if err := tx.Savepoint(ctx, storing(tx, &ran, "b", refuse)); !errors.Is(err, errRefused) {
				t.Errorf("savepoint b returned %v, want the function's own error", err)
			}
			err := tx.Savepoint(ctx, storing(tx, &ran, "c", func(ctx context.Context) error {
				if err := tx.Savepoint(ctx, storing(tx, &ran, "c1", refuse)); !errors.Is(err, errRefused) {
					t.Errorf("savepoint c1 returned %v", err)
				}
				return tx.Savepoint(ctx, storing(tx, &ran, "c2", succeed))
			}))
			if err != nil {
				t.Errorf("savepoint c: %v", err)
			}
			return storing(tx, &ran, "d", succeed)(ctx)
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		want := []string{"a", "c", "c2", "d"}
		if diff := cmp.Diff(want, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, ran); diff != "" {
			t.Errorf("hooks that ran (-want +got):\n%s", diff)
		}
	}, notes())
}

// What is rehearsed is undone, and so are its hooks; what fails in it, is told.
func TestRehearse(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var ran []string
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := tx.Rehearse(ctx, storing(tx, &ran, "a", succeed)); err != nil {
				t.Errorf("rehearsal a: %v", err)
			}
			if err := tx.Rehearse(ctx, storing(tx, &ran, "b", refuse)); !errors.Is(err, errRefused) {
				t.Errorf("rehearsal b returned %v, want the function's own error", err)
			}
			return storing(tx, &ran, "c", succeed)(ctx)
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		want := []string{"c"}
		if diff := cmp.Diff(want, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, ran); diff != "" {
			t.Errorf("hooks that ran (-want +got):\n%s", diff)
		}
	}, notes())
}

// A panic, and on PostgreSQL a statement that fails, leave the transaction usable once the savepoint is undone.
func TestSavepointAfterWhichWorkGoesOn(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			var ran []string
			panicked := func() (value any) {
				defer func() { value = recover() }()
				_ = tx.Savepoint(ctx, storing(tx, &ran, "panicking", func(context.Context) error { panic("d") }))
				return nil
			}()
			if panicked != "d" {
				t.Errorf("the savepoint let %v pass, want its panic", panicked)
			}
			err := tx.Savepoint(ctx, func(ctx context.Context) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO nowhere (x) VALUES (1)")
				return err
			})
			if err == nil {
				t.Error("a statement on a missing table succeeded")
			}
			return insert(ctx, tx, "after")
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		if diff := cmp.Diff([]string{"after"}, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
	}, notes())
}

func TestTxDoesNotOutliveItsWrite(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var kept *sqldb.Tx
		err := db.Write(t.Context(), func(_ context.Context, tx *sqldb.Tx) error {
			kept = tx
			return nil
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		if err := insert(t.Context(), kept, "late"); err == nil {
			t.Error("ExecContext after the end succeeded")
		}
		if err := kept.QueryRowContext(t.Context(), "SELECT 1").Scan(new(int)); err == nil {
			t.Error("QueryRowContext after the end succeeded")
		}
		rows, err := kept.QueryContext(t.Context(), "SELECT 1")
		if err == nil {
			t.Error("QueryContext after the end succeeded")
			defer rows.Close()
			_ = rows.Err()
		}
	}, notes())
}

// The statement cache must not hand out a statement whose rows are still being read.
func TestQueryInsideItsOwnRows(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, "a", "b", "c")
		outer, err := db.QueryContext(t.Context(), "SELECT author FROM notes ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		defer outer.Close()
		var got []string
		for outer.Next() {
			var author string
			if err := outer.Scan(&author); err != nil {
				t.Fatal(err)
			}
			got = append(got, append([]string{author}, authors(t, db)...)...)
		}
		if err := outer.Err(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a", "a", "b", "c", "b", "a", "b", "c", "c", "a", "b", "c"}, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	}, notes())
}

// Within a write there is but one connection, and so one cached statement per text.
func TestQueryInsideItsOwnRowsInOneTransaction(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	write(t, db, "a", "b")
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		query := "SELECT author FROM notes WHERE id >= $1 ORDER BY id"
		outer, err := tx.QueryContext(ctx, query, 1)
		if err != nil {
			return err
		}
		defer outer.Close()
		n := 0
		for ; outer.Next(); n++ {
			var inner string
			if err := tx.QueryRowContext(ctx, query, 2).Scan(&inner); err != nil || inner != "b" {
				t.Errorf("the inner query returned %q, %v", inner, err)
			}
		}
		if n != 2 {
			t.Errorf("the outer query returned %d rows, want 2", n)
		}
		return outer.Err()
	})
	if err != nil {
		t.Errorf("write: %v", err)
	}
}

func TestBeforeCommitIsStoredWithTheWrite(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var ran []string
		ctx := sqldb.WithBeforeCommit(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			ran = append(ran, "one")
			return insert(ctx, tx, "key one")
		})
		ctx = sqldb.WithBeforeCommit(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			ran = append(ran, "two")
			return insert(ctx, tx, "key two")
		})
		err := db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			return errors.Join(insert(ctx, tx, "change"), refused)
		})
		if !errors.Is(err, refused) || len(ran) != 0 {
			t.Errorf("the failing write returned %v and ran the hooks %v", err, ran)
		}
		for _, author := range []string{"change", "second change"} {
			err := db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, author) })
			if err != nil {
				t.Errorf("%s: %v", author, err)
			}
		}
		if diff := cmp.Diff([]string{"change", "key one", "key two", "second change"}, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
		if !slices.Equal(ran, []string{"one", "two"}) {
			t.Errorf("the hooks %v ran, want each once", ran)
		}
	}, notes())
}

func TestBeforeCommitThatFails(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		attempts := 0
		ctx := sqldb.WithBeforeCommit(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			attempts++
			if attempts == 1 {
				return errors.Join(insert(ctx, tx, "key, too early"), refused)
			}
			return insert(ctx, tx, "key")
		})
		change := func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "change") }
		if err := db.Write(ctx, change); !errors.Is(err, refused) {
			t.Errorf("Write returned %v, want the hook's error", err)
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d notes are stored of a write that was refused", n)
		}
		if err := db.Write(ctx, change); err != nil {
			t.Errorf("the second write returned %v", err)
		}
		if diff := cmp.Diff([]string{"change", "key"}, authors(t, db)); diff != "" {
			t.Errorf("stored notes (-want +got):\n%s", diff)
		}
	}, notes())
}

func TestOnEndRunsWhicheverWay(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		undone := errors.New("undone")
		for _, result := range []error{nil, undone} {
			var order []string
			err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				tx.OnEnd(func() { order = append(order, "end") })
				tx.OnCommit(func() { order = append(order, "commit") })
				return errors.Join(insert(ctx, tx, "ended"), result)
			})
			want := []string{"commit", "end"}
			if result != nil {
				want = want[1:]
			}
			if diff := cmp.Diff(want, order); diff != "" || !errors.Is(err, result) {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
	}, notes())
}

func TestHooksRunInOrderOnTheCallersGoroutine(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var order []int // unguarded: the race detector proves that it is the caller's goroutine, before Write returns
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for i := range 3 {
				tx.OnCommit(func() {
					order = append(order, i)
					if i == 0 && count(t, db) != 1 {
						t.Error("the hook ran before the commit")
					}
				})
			}
			return insert(ctx, tx, "hooked")
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		if diff := cmp.Diff([]int{0, 1, 2}, order); diff != "" {
			t.Errorf("order of hooks (-want +got):\n%s", diff)
		}
	}, notes())
}

// Who reads by the context of a Write sees its changes, and takes no connection beside it.
func TestWithin(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var kept context.Context
		count := func(ctx context.Context) (n int) {
			if err := db.Within(ctx).QueryRowContext(ctx, `SELECT COUNT(*) FROM notes`).Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			kept = context.WithoutCancel(ctx)
			_, err := tx.ExecContext(ctx, `INSERT INTO notes (author, body) VALUES ('Ada', 'x')`)
			if within, outside := count(ctx), count(t.Context()); within != 1 || outside != 0 {
				t.Errorf("%d notes within, and %d outside", within, outside)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(kept); n != 1 {
			t.Errorf("%d notes afterwards", n)
		}
	}, notes())
}
