package sqldb_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// bells is a set whose table and index are called as those of Callboard are.
func bells() sqldb.Migrations {
	same := files(map[string]string{
		"00001_bells.sql": migration("CREATE TABLE callboard_bells (tone TEXT PRIMARY KEY, loud BOOLEAN);\n"+
			"CREATE INDEX callboard_bells_loud ON callboard_bells (loud);", `DROP TABLE callboard_bells;`),
		"00002_short.sql": migration(`DROP INDEX callboard_bells_loud;`, `CREATE INDEX callboard_bells_loud ON callboard_bells (loud);`),
	})
	return sqldb.Migrations{Name: "bells", SQLite: same, Postgres: same}
}

func openWithPrefix(t testing.TB, url, prefix string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url, TablePrefix: prefix, MaxConns: 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestTablePrefixIsChecked(t *testing.T) {
	t.Parallel()
	sqlite, postgres := sqldbtest.URL(t, sqldbtest.SQLite), "postgres://nobody@127.0.0.1:1/nothing"
	for _, c := range []struct{ url, prefix string }{
		{sqlite, "acme."}, {sqlite, "Acme_"}, {sqlite, "acme-"}, {sqlite, "1_"}, {sqlite, "a.b_"}, {sqlite, `a"; DROP TABLE users; --`},
		{sqlite, strings.Repeat("a", 26)}, {sqlite, "my_callboard_"}, {sqlite, "river_"},
		{postgres, "."}, {postgres, "a.b."}, {postgres, strings.Repeat("a", 47) + "."}, {postgres, "river_."},
	} {
		_, err := sqldb.Open(t.Context(), sqldb.Config{URL: c.url, TablePrefix: c.prefix})
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "TABLE_PREFIX") || strings.Contains(err.Error(), c.prefix+" ") {
			t.Errorf("%q: %v", c.prefix, err)
		}
	}
	openWithPrefix(t, sqlite, strings.Repeat("a", 25))
}

// Callboards of several prefixes, and an application, have tables and indexes of the same name in one database.
func TestPrefixesAreApart(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		url := sqldbtest.URL(t, kind)
		driver, source := "pgx", url
		if kind == sqldbtest.SQLite {
			driver, source = "sqlite", "file:"+strings.TrimPrefix(url, "sqlite://")
		}
		own, err := sql.Open(driver, source)
		if err != nil {
			t.Fatal(err)
		}
		defer own.Close()
		if _, err := own.ExecContext(t.Context(), `CREATE TABLE bells (tone TEXT, loud BOOLEAN); CREATE INDEX bells_loud ON bells (loud)`); err != nil {
			t.Fatal(err)
		}
		prefixes := []string{"callboard_", "acme_"}
		if kind == sqldbtest.Postgres {
			prefixes = append(prefixes, "callboard.", "acme.")
		}
		for _, prefix := range prefixes {
			db := openWithPrefix(t, url, prefix)
			if err := sqldb.Migrate(t.Context(), db, bells()); err != nil {
				t.Fatalf("%s: %v", prefix, err)
			}
			err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				return sqldb.BulkInsert(ctx, tx, "callboard_bells", []string{"tone"}, [][]any{{prefix}},
					"ON CONFLICT (tone) DO UPDATE SET loud = callboard_bells.loud")
			})
			if err != nil {
				t.Fatalf("%s: %v", prefix, err)
			}
			if tones := sqldbtest.Column[string](t, db, `SELECT tone FROM callboard_bells`); len(tones) != 1 || tones[0] != prefix {
				t.Errorf("%s: the bells are %v", prefix, tones)
			}
			// As an application reads it on a connection of its own.
			var tone string
			if err := own.QueryRowContext(t.Context(), db.Qualify(`SELECT tone FROM callboard_bells`)).Scan(&tone); err != nil || tone != prefix {
				t.Errorf("%s: elsewhere it is %q, %v", prefix, tone, err)
			}
			losses, err := sqldb.Downs(t.Context(), db, 0, bells())
			if err != nil || losses[0].Version != 2 || losses[1].Parts[0].Table != prefix+"bells" || losses[1].Parts[0].Rows != 1 {
				t.Errorf("%s: %+v, %v", prefix, losses, err)
			}
			if err := sqldb.MigrateDown(t.Context(), db, bells()); err != nil {
				t.Errorf("%s: %v", prefix, err)
			}
		}
	})
}

// What a Callboard locks and notifies is heard by none of another prefix.
func TestPrefixesOnPostgres(t *testing.T) {
	t.Parallel()
	url := sqldbtest.URL(t, sqldbtest.Postgres)
	one, two := openWithPrefix(t, url, "one_"), openWithPrefix(t, url, "two_")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	err := sqldb.Locked(ctx, one, func(ctx context.Context) error {
		return sqldb.Locked(ctx, two, func(context.Context) error { return nil })
	})
	if err != nil {
		t.Error(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, channel := range []string{"public.one_river_control", "public.two_river_control", "public.river_control"} {
		if _, err := conn.Exec(t.Context(), `LISTEN "`+channel+`"`); err != nil {
			t.Fatal(err)
		}
	}
	const notify = `SELECT pg_notify(concat(current_schema(), '.', $1::text), $2::text)` // as River does
	if _, err := two.SQL().ExecContext(t.Context(), notify, "river_control", "cancel job 5"); err != nil {
		t.Fatal(err)
	}
	if notice, err := conn.WaitForNotification(ctx); err != nil || notice.Channel != "public.two_river_control" {
		t.Errorf("heard %+v, %v", notice, err)
	}
}

// A role that may not make the schema is told what to run; once that was done it has its tables.
func TestSchemaThatMayNotBeMade(t *testing.T) {
	t.Parallel()
	url := sqldbtest.URL(t, sqldbtest.Postgres)
	admin := openWithPrefix(t, url, "")
	role := "callboardtest" + strings.ReplaceAll(callboard.NewID(), "-", "")
	run := func(statements ...string) {
		t.Helper()
		for _, statement := range statements {
			if _, err := admin.SQL().ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	run("CREATE ROLE " + role + " LOGIN")
	t.Cleanup(func() { run("DROP OWNED BY "+role, "DROP ROLE "+role) })
	db := openWithPrefix(t, strings.Replace(url, "postgres@", role+"@", 1), "")
	err := sqldb.Migrate(t.Context(), db, bells())
	if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "CREATE SCHEMA IF NOT EXISTS callboard; GRANT USAGE, CREATE ON SCHEMA callboard TO "+role) {
		t.Fatalf("without the right: %v", err)
	}
	run("CREATE SCHEMA IF NOT EXISTS callboard")
	if err := sqldb.Migrate(t.Context(), db, bells()); !strings.Contains(err.Error(), "GRANT USAGE") {
		t.Errorf("in a schema of somebody else: %v", err)
	}
	run("GRANT USAGE, CREATE ON SCHEMA callboard TO " + role)
	if err := sqldb.Migrate(t.Context(), db, bells()); err != nil {
		t.Errorf("with the right: %v", err)
	}
}

// BenchmarkNames measures what giving tables their names adds to a statement: on SQLite once for each text that is kept prepared, on
// PostgreSQL each time: 0.3 µs for an INSERT of one row, 20 µs for one of 512 rows, 4 µs for a kilobyte of River's.
func BenchmarkNames(b *testing.B) {
	const columns = "id, show_id, season_number, episode_number, title, description, air_date, status, categories, thumbnail_url, version"
	insert := "INSERT INTO callboard_episodes (" + columns + ", title_folded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
	for name, query := range map[string]string{
		"insert": insert,
		"bulk":   "INSERT INTO callboard_episodes (" + columns + ") VALUES " + strings.Repeat("($1111,$1112,$1113,$1114,$1115,$1116,$1117,$1118,$1119,$1120,$1121),", 512),
		"river":  strings.Repeat("SELECT id, args, attempt, attempted_at, errors, state FROM river_job WHERE state = 'available' AND queue = $1 ", 10),
	} {
		for _, prefix := range []string{"callboard_", "acme_"} {
			db := openWithPrefix(b, sqldbtest.URL(b, sqldbtest.SQLite), prefix)
			b.Run(name+"/"+prefix, func(b *testing.B) {
				for b.Loop() {
					_ = db.Qualify(query)
				}
			})
		}
	}
}
