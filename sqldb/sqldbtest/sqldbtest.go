// Package sqldbtest gives tests a fresh database of each kind, so that every store is tested on SQLite and PostgreSQL by
// the same test.
//
// PostgreSQL is found through CALLBOARD_TEST_POSTGRES, by default postgres://postgres@127.0.0.1:5432/postgres. When it is
// away its tests are skipped, or fail when CALLBOARD_TEST_REQUIRE, a list separated by commas, names postgres.
package sqldbtest

import (
	"cmp"
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/sqldb"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// The kinds of database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

const defaultPostgres = "postgres://postgres@127.0.0.1:5432/postgres"

// conns keeps the tests of several packages, run at once, below PostgreSQL's default of 100 connections.
const conns = 14

// patience is how long creating and dropping a database may take.
const patience = 30 * time.Second

// EachKind runs test once per kind of database, as a parallel subtest of that name.
func EachKind(t *testing.T, test func(t *testing.T, kind string)) {
	t.Helper()
	for _, kind := range []string{SQLite, Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}

// ForEach is EachKind with a fresh database, which has the migrations of sets applied.
func ForEach(t *testing.T, test func(t *testing.T, db *sqldb.DB), sets ...sqldb.Migrations) {
	t.Helper()
	EachKind(t, func(t *testing.T, kind string) { test(t, Open(t, kind, sets...)) })
}

// Open opens a fresh database of the given kind with the migrations of sets applied. It is closed and removed when the
// test ends.
func Open(t testing.TB, kind string, sets ...sqldb.Migrations) *sqldb.DB {
	t.Helper()
	if len(sets) == 0 {
		return OpenURL(t, URL(t, kind))
	}
	return OpenURL(t, MigratedURL(t, kind, sets))
}

// OpenURL opens the database at a URL that URL returned; several times for tests of several nodes. It is closed when the
// test ends.
func OpenURL(t testing.TB, url string, sets ...sqldb.Migrations) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url, MaxConns: conns})
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	if err := sqldb.Migrate(t.Context(), db, sets...); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return db
}

// URL returns the URL of an empty database of the given kind, which is removed when the test ends.
func URL(t testing.TB, kind string) string {
	t.Helper()
	if kind == SQLite {
		return "sqlite://" + filepath.Join(t.TempDir(), "test.db")
	}
	return createPostgres(t, connect(t), "template1")
}

// Restore runs a dump of PostgreSQL in an empty database.
func Restore(t testing.TB, url, dump string) {
	t.Helper()
	pool, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	execute(t, pool, dump)
}

// createPostgres makes a database as a copy of template.
func createPostgres(t testing.TB, admin *sql.DB, template string) string {
	t.Helper()
	name := "callboardtest_" + strings.ReplaceAll(callboard.NewID(), "-", "")
	execute(t, admin, "CREATE DATABASE "+name+" TEMPLATE "+template)
	t.Cleanup(func() {
		execute(t, admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		_ = admin.Close()
	})
	return urlOf(t, name)
}

func server() string { return cmp.Or(os.Getenv("CALLBOARD_TEST_POSTGRES"), defaultPostgres) }

// urlOf returns the URL of a database on the server. What is committed there would not outlive a crash of PostgreSQL, which
// no test is about, and need not wait for the disk.
func urlOf(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(server())
	if err != nil {
		t.Fatal("CALLBOARD_TEST_POSTGRES is not a URL")
	}
	u.Path = "/" + database
	query := u.Query()
	query.Set("synchronous_commit", "off")
	u.RawQuery = query.Encode()
	return u.String()
}

// connect ends the test when the server does not answer.
func connect(t testing.TB) *sql.DB {
	t.Helper()
	pool, err := sql.Open("pgx", server())
	if err != nil {
		t.Fatal("CALLBOARD_TEST_POSTGRES is not a URL")
	}
	pool.SetMaxIdleConns(0) // its connection is needed at the start and the end of the test only
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		needtest.Missing(t, Postgres, err)
	}
	return pool
}

func execute(t testing.TB, pool *sql.DB, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	if _, err := pool.ExecContext(ctx, statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}
