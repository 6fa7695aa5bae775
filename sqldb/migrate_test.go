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

func TestDowns(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, "ada", "ben")
		want := []sqldb.MigrationLoss{
			{MigrationState: sqldb.MigrationState{Set: "tags", Version: 3, File: "00003_tags.sql"}, Parts: []sqldb.LostPart{{Table: "tags"}}},
			{MigrationState: sqldb.MigrationState{Set: "notes", Version: 2, File: "00002_author.sql"}},
			{MigrationState: sqldb.MigrationState{Set: "notes", Version: 1, File: "00001_notes.sql"}, Parts: []sqldb.LostPart{{Table: "notes", Rows: 2}}},
		}
		for n := range want {
			losses, err := sqldb.Downs(t.Context(), db, int64(n), notes(), tags())
			if err != nil {
				t.Fatal(err)
			}
			for i := range losses {
				losses[i].AppliedAt = time.Time{}
			}
			if diff := cmp.Diff(want[:len(want)-n], losses); diff != "" {
				t.Errorf("the losses above %d (-want +got):\n%s", n, diff)
			}
		}
		for range want {
			if err := sqldb.MigrateDown(t.Context(), db, notes(), tags()); err != nil {
				t.Fatal(err)
			}
		}
		if losses, err := sqldb.Downs(t.Context(), db, 0, notes(), tags()); len(losses) != 0 || err != nil {
			t.Errorf("where nothing is applied: %v, %v", losses, err)
		}
	}, notes(), tags())
}

// pins is a set whose migrations drop tables and columns when they are taken back: of those that are kept nothing is lost.
func pins() sqldb.Migrations {
	same := files(map[string]string{
		"00001_pins.sql": migration("CREATE TABLE callboard_pins (board TEXT, place BIGINT, text TEXT NOT NULL, PRIMARY KEY (board, place));",
			"DROP TABLE callboard_pins;"),
		"00002_hue.sql": migration("ALTER TABLE callboard_pins ADD COLUMN hue TEXT;\nALTER TABLE callboard_pins ADD COLUMN warm BIGINT NOT NULL DEFAULT 0;",
			"ALTER TABLE callboard_pins DROP COLUMN warm; -- not kept: it is looked up anew\nALTER TABLE callboard_pins DROP COLUMN hue; -- kept"),
		"00003_marks.sql": migration("CREATE TABLE callboard_marks (id TEXT PRIMARY KEY, raw TEXT);\nINSERT INTO callboard_marks (id) VALUES ('made by the migration');",
			"DROP TABLE callboard_marks; -- kept"),
		"00004_made.sql": migration("ALTER TABLE callboard_marks ADD COLUMN made BIGINT;\nCREATE INDEX callboard_marks_made ON callboard_marks (made);",
			"DROP INDEX callboard_marks_made;\nALTER TABLE callboard_marks DROP COLUMN made; -- kept"),
	})
	return sqldb.Migrations{Name: "pins", SQLite: same, Postgres: same}
}

// What is taken back is set aside, and there again once it is applied anew, beside what was written meanwhile.
func TestMigrateDownKeeps(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		execute := func(statement string) {
			t.Helper()
			err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, statement)
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		execute(`INSERT INTO callboard_pins (board, place, text, hue, warm) VALUES ('a', 1, 'one', 'red', 7), ('a', 2, 'two', NULL, 7), ('b', 1, 'gone', 'blue', 7), ('a', 3, 'three', '', 7)`)
		execute(`DELETE FROM callboard_marks`)
		execute(`INSERT INTO callboard_marks (id, raw, made) VALUES ('x', 'raw', 5), ('y', 'raw', NULL)`)
		for range 2 { // what is put back can be set aside again
			losses, err := sqldb.Downs(t.Context(), db, 1, pins())
			if err != nil || len(losses) != 3 || losses[0].Parts[0].Rows != 1 || !losses[0].Parts[0].Kept || losses[2].Parts[0].Kept || !losses[2].Parts[1].Kept {
				t.Fatalf("%+v, %v", losses, err)
			}
			for _, loss := range losses {
				for _, part := range loss.Parts {
					want := sqldbtest.Column[int64](t, db, `SELECT count(*) FROM callboard_pins WHERE hue <> ''`)[0]
					if part.Column == "hue" && part.Rows != want {
						t.Errorf("%d rows are said to hold a hue, want %d", part.Rows, want)
					}
				}
			}
			for range losses {
				if err := sqldb.MigrateDown(t.Context(), db, pins()); err != nil {
					t.Fatal(err)
				}
			}
			execute(`DELETE FROM callboard_pins WHERE board = 'b'`)
			execute(`INSERT INTO callboard_pins (board, place, text) VALUES ('c', 1, 'meanwhile') ON CONFLICT DO NOTHING`)
			if err := sqldb.Migrate(t.Context(), db, pins()); err != nil {
				t.Fatal(err)
			}
			rows := sqldbtest.Column[string](t, db, `SELECT board || place || ' ' || text || ' ' || coalesce(hue, '-') || ' ' || warm FROM callboard_pins ORDER BY board, place`)
			if diff := cmp.Diff([]string{"a1 one red 0", "a2 two - 0", "a3 three  0", "c1 meanwhile - 0"}, rows); diff != "" {
				t.Errorf("the pins (-want +got):\n%s", diff)
			}
			rows = sqldbtest.Column[string](t, db, `SELECT id || ' ' || raw || ' ' || coalesce(CAST(made AS TEXT), '-') FROM callboard_marks ORDER BY id`)
			if diff := cmp.Diff([]string{"x raw 5", "y raw -"}, rows); diff != "" {
				t.Errorf("the marks (-want +got):\n%s", diff)
			}
			for _, kept := range []string{"callboard_kept_marks", "callboard_kept_marks_made", "callboard_kept_pins_hue"} {
				if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+kept).Scan(new(int)); err == nil {
					t.Errorf("%s is left behind", kept)
				}
			}
		}
	}, pins())
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
		if _, err := sqldb.Downs(t.Context(), db, 0, older); callboard.CodeOf(err) != callboard.CodeConflict {
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
