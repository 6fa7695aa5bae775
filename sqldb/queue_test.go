package sqldb_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// What travels with the commit is stored with the rest, or fails it as a whole; later statements see it.
func TestQueueInsert(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		queue := func(ctx context.Context, tx *sqldb.Tx, author, label string) error {
			return sqldb.QueueInsert(ctx, tx, "notes", []string{"author", "label"}, [][]any{{author, label}}, "")
		}
		count := func(q sqldb.Querier) (n int) {
			if err := q.QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		alone := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return queue(ctx, tx, "ada", "1") })
		seen := 0
		among := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			err := errors.Join(insert(ctx, tx, "ben"), queue(ctx, tx, "ben", "2"))
			seen = count(tx)
			return errors.Join(err, queue(ctx, tx, "ben", "3"))
		})
		if alone != nil || among != nil || seen != 3 || count(db) != 4 {
			t.Errorf("%v, %v: %d notes are seen within the write, %d after it", alone, among, seen, count(db))
		}
		clash := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return errors.Join(insert(ctx, tx, "cy"), queue(ctx, tx, "cy", "1"))
		})
		if !sqldb.IsUniqueViolation(clash) || count(db) != 4 {
			t.Errorf("a label that is taken: %v, and %d notes", clash, count(db))
		}
		kept := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			undone := tx.Savepoint(ctx, func(ctx context.Context) error { return queue(ctx, tx, "di", "1") })
			if !sqldb.IsUniqueViolation(undone) {
				t.Errorf("in a savepoint: %v", undone)
			}
			return queue(ctx, tx, "di", "4")
		})
		if kept != nil || count(db) != 5 {
			t.Errorf("after a savepoint that failed: %v, and %d notes", kept, count(db))
		}
	}, notes())
}

// A write that does nothing needs no database, and leaves its connection as it was.
func TestEmptyWrites(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		failure := errors.New("no")
		for range 100 { // more than there are connections
			nothing := db.Write(t.Context(), func(context.Context, *sqldb.Tx) error { return nil })
			refused := db.Write(t.Context(), func(context.Context, *sqldb.Tx) error { return failure })
			if nothing != nil || !errors.Is(refused, failure) {
				t.Fatalf("%v, %v", nothing, refused)
			}
		}
		write(t, db, "ada")
	}, notes())
}
