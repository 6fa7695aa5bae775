package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// ownTables are those of an application, with names that Callboard or River would have without a prefix. An application that uses
// River itself has its tables too.
const ownTables = `CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT);
	CREATE TABLE jobs (id INTEGER PRIMARY KEY, boss TEXT);
	CREATE TABLE files (id INTEGER PRIMARY KEY, shelf TEXT);
	CREATE TABLE episodes (id INTEGER PRIMARY KEY, pilot TEXT);
	CREATE INDEX episodes_status ON episodes (pilot);
	CREATE TABLE river_job (id INTEGER PRIMARY KEY, bank TEXT);
	CREATE TABLE river_leader (id INTEGER PRIMARY KEY, bank TEXT);
	INSERT INTO users (id, mail) VALUES (1, 'ada@example.org');
	INSERT INTO river_job (id, bank) VALUES (1, 'left')`

// newOwnDatabase returns the URL of a database with ownTables, and a pool of the application.
func newOwnDatabase(t *testing.T, kind string) (string, *sql.DB) {
	t.Helper()
	url := sqldbtest.URL(t, kind)
	db := sqldbtest.OpenURL(t, url)
	pool := db.SQL()
	for statement := range strings.SplitSeq(ownTables, ";") {
		// What the application says is its own, so it is no statement of Callboard's.
		if _, err := pool.ExecContext(t.Context(), strings.ReplaceAll(statement, "river_", "RIVER_")); err != nil {
			t.Fatal(err)
		}
	}
	return url, pool
}

// prefixesOf are kinds of prefixes: a schema and a beginning of names.
func prefixesOf(kind string) []string {
	if kind == sqldbtest.SQLite {
		return []string{"", "acme_"}
	}
	return []string{"", "acme.", "acme_"}
}

// A server has its tables beside those of an application, which stay as they are. Two that share a database keep apart.
func TestSharedDatabase(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		for _, prefix := range prefixesOf(kind) {
			t.Run(prefix, func(t *testing.T) { // one after the other: each has the connections of two servers and an application
				url, own := newOwnDatabase(t, kind)
				start := func(prefix string) *apptest.Server {
					return apptest.Start(t, apptest.Options{Config: func(c *app.Config) {
						c.DatabaseURL, c.TablePrefix, c.DatabaseShared = url, prefix, true
					}})
				}
				s := start(prefix)
				liveOn(t, s)
				if kind == sqldbtest.Postgres {
					liveOn(t, start("other_"))
					liveOn(t, s)
				}
				var mail, bank string
				err := own.QueryRowContext(t.Context(), `SELECT mail, bank FROM users, RIVER_job`).Scan(&mail, &bank)
				if err != nil || mail != "ada@example.org" || bank != "left" {
					t.Errorf("of the application's tables there is %q %q, %v", mail, bank, err)
				}
			})
		}
	})
}

// liveOn does on a server what touches the tables of each part.
func liveOn(t *testing.T, s *apptest.Server) {
	t.Helper()
	title := "Lighthouse " + callboard.NewID()[24:]
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": title}, nil)
	s.UploadFile(apptest.FilesPath, s.Users.Editor.Token, "notes.txt", strings.NewReader("words"))
	j := s.AwaitJobStatus(s.QueueJob(s.Users.Editor.Token, "bulk-export", obj{"what": "episodes"}).ID, "completed")
	s.Settle()
	var inbox []struct {
		Message string `json:"message"`
	}
	s.Want(200, http.MethodGet, "/api/v1/notifications", s.Users.Admin.Token, nil, &inbox)
	if len(inbox) == 0 || !strings.Contains(inbox[0].Message, title) {
		t.Errorf("the admin's inbox is %+v", inbox)
	}
	var found []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/search?q="+title[len("Lighthouse "):], s.Users.Admin.Token, nil, &found)
	if !slices.ContainsFunc(found, func(c claim) bool { return c.Action == "created_episode" }) {
		t.Errorf("the search finds %+v", found)
	}
	if r := s.Do(http.MethodGet, "/admin/jobs/api/jobs/"+fmt.Sprint(sqldbtest.Column[int64](t, s.DB, `SELECT queue_id FROM callboard_jobs WHERE id = '`+j.ID+`'`)[0]),
		s.Users.Admin.Token, nil); r.Status != http.StatusOK {
		t.Errorf("River's pages say of the job: %d %s", r.Status, r.Body)
	}
	for _, f := range s.App.Diagnose(t.Context(), app.DoctorOptions{}) {
		if f.Severity != app.SeverityOK && f.Check != "durability-off" { // which it is for tests
			t.Errorf("doctor finds %+v", f)
		}
	}
	states, err := sqldb.MigrationStatus(t.Context(), s.DB, app.Migrations()...)
	for _, state := range states {
		if state.AppliedAt.IsZero() || state.File == "" {
			t.Errorf("the migration is %+v", state)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// A SQLite file of another program is taken only by who says so, and the refusal says how.
func TestForeignFile(t *testing.T) {
	t.Parallel()
	url, _ := newOwnDatabase(t, sqldbtest.SQLite)
	cfg, err := app.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir, cfg.DatabaseURL = t.TempDir(), url
	_, err = app.CreateDB(t.Context(), cfg)
	if callboard.CodeOf(err) != callboard.CodeConflict || !strings.Contains(err.Error(), "DATABASE_SHARED") ||
		!strings.Contains(err.Error(), "DatabaseShared") {
		t.Errorf("a foreign file: %v", err)
	}
	cfg.DatabaseShared = true
	db, err := app.CreateDB(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}

// schemaOf lists what a database consists of, but for the tables of tools.
func schemaOf(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	query := `SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE '%schema_%' AND name NOT LIKE 'tool%' AND name NOT LIKE 'sqlite%' ORDER BY 1`
	if db.Dialect() == sqldb.Postgres {
		query = `SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
				FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name NOT LIKE 'tool%'
			UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE 'tool%' ORDER BY 1`
	}
	return sqldbtest.Column[string](t, db, query)
}

// Migrations that another tool applies make the tables that a server makes, which finds nothing left to do; and take them back.
func TestMigrationFiles(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		for _, prefix := range prefixesOf(kind) {
			for _, format := range []sqldb.MigrationFormat{sqldb.FormatGoose, sqldb.FormatGolangMigrate} {
				t.Run(prefix+" "+string(format), func(t *testing.T) {
					t.Parallel()
					open := func() *sqldb.DB {
						db, err := sqldb.Open(t.Context(), sqldb.Config{URL: sqldbtest.URL(t, kind), TablePrefix: prefix, MaxConns: 10})
						if err != nil {
							t.Fatal(err)
						}
						t.Cleanup(func() { _ = db.Close() })
						return db
					}
					ours, theirs := open(), open()
					if err := app.Migrate(t.Context(), ours); err != nil {
						t.Fatal(err)
					}
					files, err := app.MigrationFiles(theirs.Dialect(), prefix, format)
					if err != nil {
						t.Fatal(err)
					}
					apply := applyByHand
					if format == sqldb.FormatGoose {
						apply = applyByGoose
					}
					apply(t, theirs, files, true)
					if diff := cmp.Diff(schemaOf(t, ours), schemaOf(t, theirs)); diff != "" {
						t.Errorf("what a server makes and what the tool has made (-server +tool):\n%s", diff)
					}
					if err := app.Migrate(t.Context(), theirs); err != nil {
						t.Errorf("the server's own migration afterwards: %v", err)
					}
					if _, err := sqldb.Downs(t.Context(), theirs, 0, app.Migrations()...); err != nil {
						t.Errorf("what the server would take back: %v", err)
					}
					apply(t, theirs, files, false)
					for _, thing := range schemaOf(t, theirs) {
						if !strings.Contains(thing, "schema_") {
							t.Errorf("left behind: %s", thing)
						}
					}
				})
			}
		}
	})
}

func applyByGoose(t *testing.T, db *sqldb.DB, files fs.FS, up bool) {
	t.Helper()
	dialect := database.DialectSQLite3
	if db.Dialect() == sqldb.Postgres {
		dialect = database.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db.SQL(), files, goose.WithTableName("tool_versions"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if up {
		_, err = provider.Up(t.Context())
	} else {
		_, err = provider.DownTo(t.Context(), 0)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// applyByHand does as golang-migrate: a file at a time, in the order of the names.
func applyByHand(t *testing.T, db *sqldb.DB, files fs.FS, up bool) {
	t.Helper()
	pattern := "*.down.sql"
	if up {
		pattern = "*.up.sql"
	}
	names, err := fs.Glob(files, pattern)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	slices.Sort(names)
	if !up {
		slices.Reverse(names)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err == nil {
			err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, string(text))
				return err
			})
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// The numbers of all migrations are one sequence without gaps: a later one of any part comes behind all earlier ones, for tools that
// apply them by number.
func TestMigrationNumbers(t *testing.T) {
	t.Parallel()
	for _, dialect := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		var numbers []int
		for _, set := range app.Migrations() {
			files := set.SQLite
			if dialect == sqldb.Postgres {
				files = set.Postgres
			}
			names, err := fs.Glob(files, "*.sql")
			if err != nil || len(names) == 0 {
				t.Fatal(set.Name, err)
			}
			for _, name := range names {
				var number int
				if _, err := fmt.Sscanf(path.Base(name), "%05d_", &number); err != nil {
					t.Errorf("%s of %s has no number", name, set.Name)
				}
				numbers = append(numbers, number)
			}
		}
		slices.Sort(numbers)
		for i, number := range numbers {
			if number != i+1 {
				t.Fatalf("%s: the numbers are %v", dialect, numbers)
			}
		}
	}
}
