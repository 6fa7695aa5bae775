package sqldb_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// addHeld adds a row by a Write under ctx.
func addHeld(ctx context.Context, db *sqldb.DB, text string) error {
	return db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO held (text) VALUES ($1)`, text)
		return err
	})
}

func heldTexts(t *testing.T, db *sqldb.DB) int {
	t.Helper()
	return sqldbtest.Column[int](t, db, `SELECT count(*) FROM held`)[0]
}

func TestHold(t *testing.T) {
	t.Parallel()
	errLate := errors.New("late")
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `CREATE TABLE held (text TEXT)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		add := func(text string) func(context.Context, *sqldb.Tx) error {
			return func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO held (text) VALUES ($1)`, text)
				return err
			}
		}
		for _, tt := range []struct {
			name    string
			use     func(t *testing.T, ctx context.Context)
			release func(context.Context, *sqldb.Tx) error
			ran     bool
			err     error
			rows    int
		}{
			{"nothing is written", func(*testing.T, context.Context) {}, add("b"), false, nil, 0},
			{"both commit", func(t *testing.T, ctx context.Context) { must(t, addHeld(ctx, db, "a")) }, add("b"), true, nil, 2},
			{"nothing to add", func(t *testing.T, ctx context.Context) { must(t, addHeld(ctx, db, "a")) }, nil, false, nil, 1},
			{"what is added fails", func(t *testing.T, ctx context.Context) { must(t, addHeld(ctx, db, "a")) },
				func(context.Context, *sqldb.Tx) error { return errLate }, false, errLate, 0},
			{"the caller's context ends", func(t *testing.T, ctx context.Context) {
				ctx, cancel := context.WithCancel(ctx)
				must(t, addHeld(ctx, db, "a"))
				cancel()
			}, add("b"), true, nil, 2},
			{"another write", func(t *testing.T, ctx context.Context) {
				must(t, addHeld(ctx, db, "a"))
				must(t, addHeld(ctx, db, "c"))
			}, add("b"), false, nil, 2},
			{"a read sees the change", func(t *testing.T, ctx context.Context) {
				must(t, addHeld(ctx, db, "a"))
				var n int
				must(t, db.QueryRowContext(ctx, `SELECT count(*) FROM held`).Scan(&n))
				if n != 1 {
					t.Errorf("read %d rows, want 1", n)
				}
			}, add("b"), false, nil, 1},
			{"a write that fails first", func(t *testing.T, ctx context.Context) {
				if err := db.Write(ctx, func(context.Context, *sqldb.Tx) error { return errLate }); !errors.Is(err, errLate) {
					t.Errorf("error %v", err)
				}
				must(t, addHeld(ctx, db, "a"))
			}, add("b"), true, nil, 2},
			{"somebody else writes and is not kept waiting", func(t *testing.T, ctx context.Context) {
				must(t, addHeld(ctx, db, "a"))
				must(t, addHeld(t.Context(), db, "c"))
			}, add("b"), false, nil, 2},
		} {
			ctx, hold := sqldb.WithHold(t.Context())
			tt.use(t, ctx)
			ran, err := hold.Release(tt.release)
			if db.Dialect() == sqldb.Postgres && tt.name == "somebody else writes and is not kept waiting" {
				tt.ran, tt.rows = true, 3 // there nobody waits at all
			}
			if n := heldTexts(t, db); ran != tt.ran || !errors.Is(err, tt.err) || n != tt.rows {
				t.Errorf("%s: ran %v, error %v, %d rows; want %v, %v, %d", tt.name, ran, err, n, tt.ran, tt.err, tt.rows)
			}
			must(t, db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, `DELETE FROM held WHERE TRUE`)
				return err
			}))
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
