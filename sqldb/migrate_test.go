package sqldb_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

// applied lists the applied migrations as "set/file".
func applied(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	states, err := sqldb.MigrationStatus(t.Context(), db, notes(), tags())
	if err != nil {
		t.Fatalf("status: %v", err)
	}
	if len(states) != 3 {
		t.Fatalf("the status lists %d migrations, want 3", len(states))
	}
	var names []string
	for _, s := range states {
		if s.AppliedAt.IsZero() {
			continue
		}
		names = append(names, s.Set+"/"+s.File)
		if age := time.Since(s.AppliedAt); age < -time.Minute || age > 10*time.Minute {
			t.Errorf("%s was applied at %v", s.File, s.AppliedAt)
		}
	}
	return names
}

func TestMigrateUpAndDown(t *testing.T) {
	t.Parallel()
	all := []string{"notes/00001_notes.sql", "notes/00002_author.sql", "tags/00003_tags.sql"}
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		if got := applied(t, db); len(got) != 0 {
			t.Errorf("of an empty database the status says %v", got)
		}
		for range 2 { // the second does nothing
			if err := sqldb.Migrate(t.Context(), db, notes(), tags()); err != nil {
				t.Fatalf("migrate: %v", err)
			}
			if diff := cmp.Diff(all, applied(t, db)); diff != "" {
				t.Errorf("applied (-want +got):\n%s", diff)
			}
		}
		write(t, db, "ada")
		for n := len(all) - 1; n >= 0; n-- {
			if err := sqldb.MigrateDown(t.Context(), db, notes(), tags()); err != nil {
				t.Fatalf("migrate down: %v", err)
			}
			if diff := cmp.Diff(all[:n], append([]string{}, applied(t, db)...)); diff != "" {
				t.Errorf("applied (-want +got):\n%s", diff)
			}
		}
		if err := sqldb.MigrateDown(t.Context(), db, notes(), tags()); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("one more step down returned %v", err)
		}
		if err := sqldb.Migrate(t.Context(), db, notes(), tags()); err != nil {
			t.Fatalf("migrate again: %v", err)
		}
		write(t, db, "ada")
	})
}

func TestNextDown(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, "ada", "ben")
		want := []sqldb.MigrationLoss{
			{MigrationState: sqldb.MigrationState{Set: "tags", Version: 3, File: "00003_tags.sql"}, Tables: []string{"tags"}, Rows: []int64{0}},
			{MigrationState: sqldb.MigrationState{Set: "notes", Version: 2, File: "00002_author.sql"}},
			{MigrationState: sqldb.MigrationState{Set: "notes", Version: 1, File: "00001_notes.sql"}, Tables: []string{"notes"}, Rows: []int64{2}},
		}
		for _, want := range want {
			loss, err := sqldb.NextDown(t.Context(), db, notes(), tags())
			if err != nil {
				t.Fatal(err)
			}
			loss.AppliedAt = time.Time{}
			if diff := cmp.Diff(want, loss); diff != "" {
				t.Errorf("the loss (-want +got):\n%s", diff)
			}
			if err := sqldb.MigrateDown(t.Context(), db, notes(), tags()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sqldb.NextDown(t.Context(), db, notes(), tags()); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("where nothing is applied: %v", err)
		}
	}, notes(), tags())
}

// What a newer program has applied is listed, and left to it.
func TestMigrationOfNewerProgram(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		older := notes()
		older.SQLite = files(map[string]string{"00001_notes.sql": migration("SELECT 1;", "SELECT 1;")})
		older.Postgres = older.SQLite
		states, err := sqldb.MigrationStatus(t.Context(), db, older)
		if err != nil || len(states) != 2 || states[1].Version != 2 || states[1].File != "" || states[1].AppliedAt.IsZero() {
			t.Errorf("states %+v, %v", states, err)
		}
		if err := sqldb.Migrate(t.Context(), db, older); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("migrate: %v", err)
		}
		if _, err := sqldb.NextDown(t.Context(), db, older); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("what would be taken back: %v", err)
		}
	}, notes())
}

func TestMigrateThatFails(t *testing.T) {
	t.Parallel()
	same := files(map[string]string{
		"00001_good.sql": migration(`CREATE TABLE good (id BIGINT);`, `DROP TABLE good;`),
		"00002_bad.sql":  migration("CREATE TABLE half (id BIGINT);\nCREATE TABLE good (id BIGINT);", `DROP TABLE half;`),
	})
	bad := sqldb.Migrations{Name: "bad", SQLite: same, Postgres: same}
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		if err := sqldb.Migrate(t.Context(), db, bad); err == nil {
			t.Fatal("a migration that cannot work succeeded")
		}
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM good").Scan(new(int)); err != nil {
			t.Errorf("the migration before it is gone: %v", err)
		}
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM half").Scan(new(int)); err == nil {
			t.Error("half of the migration that failed is there")
		}
	})
}

func TestMigrateConcurrently(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := sqldbtest.URL(t, kind)
			var wg sync.WaitGroup
			for range 5 {
				db := sqldbtest.OpenURL(t, url)
				wg.Go(func() {
					if err := sqldb.Migrate(t.Context(), db, notes(), tags()); err != nil {
						t.Errorf("migrate: %v", err)
					}
				})
			}
			wg.Wait()
			write(t, sqldbtest.OpenURL(t, url, notes(), tags()), "ada")
		})
	}
}

func TestLocked(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := sqldbtest.URL(t, kind)
			one, two := sqldbtest.OpenURL(t, url), sqldbtest.OpenURL(t, url)
			var inside atomic.Int64
			alone := func(context.Context) error {
				if inside.Add(1) != 1 {
					t.Error("two are inside at once")
				}
				inside.Add(-1)
				return nil
			}
			var wg sync.WaitGroup
			for _, db := range []*sqldb.DB{one, two, one} {
				wg.Go(func() {
					err := sqldb.Locked(t.Context(), db, func(ctx context.Context) error {
						if err := sqldb.Migrate(ctx, db, notes()); err != nil { // takes the same lock
							return err
						}
						return sqldb.Locked(ctx, db, alone)
					})
					if err != nil {
						t.Errorf("locked: %v", err)
					}
				})
			}
			wg.Wait()
			ctx, cancel := context.WithCancel(t.Context())
			err := sqldb.Locked(ctx, one, func(context.Context) error {
				cancel()
				return nil
			})
			if err != nil {
				t.Errorf("locked: %v", err)
			}
			if err := sqldb.Locked(ctx, two, alone); err == nil {
				t.Error("the lock was taken for a context that has ended")
			}
		})
	}
}
