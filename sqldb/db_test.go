package sqldb_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		url  string
		code callboard.Code
	}{
		"no URL":          {"", callboard.CodeInvalid},
		"in memory":       {":memory:", callboard.CodeInvalid},
		"other database":  {"mysql://root:s3cret@localhost/x", callboard.CodeInvalid},
		"options":         {"sqlite:///tmp/x.db?mode=ro", callboard.CodeInvalid},
		"malformed":       {"postgres://user:s3cret@[::1", callboard.CodeInvalid},
		"nobody listens":  {"postgres://user:s3cret@127.0.0.1:1/x", callboard.CodeUnavailable},
		"folder in a way": {"/dev/null/x.db", callboard.CodeUnavailable},
		"one slash":       {"postgres:/bad", callboard.CodeInvalid},
		"no slash":        {"sqlite:bad.db", callboard.CodeInvalid},
		"other scheme":    {"file:bad.db", callboard.CodeInvalid},
		"keywords":        {"host=127.0.0.1 dbname=bad", callboard.CodeInvalid},
		"bad port":        {"postgres://user:s3cret@127.0.0.1:bad/x", callboard.CodeInvalid},
		"names none":      {"postgres://user:s3cret@127.0.0.1:5432", callboard.CodeInvalid},
		"a folder":        {"/tmp", callboard.CodeInvalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sqldb.Open(t.Context(), sqldb.Config{URL: tt.url})
			if callboard.CodeOf(err) != tt.code {
				t.Errorf("Open returned %v, want code %s", err, tt.code)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}

// A tool that may not create a database leaves nothing behind where there is none.
func TestOpenMustExist(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new")
	_, err := sqldb.Open(t.Context(), sqldb.Config{URL: filepath.Join(folder, "x.db"), MustExist: true})
	if callboard.CodeOf(err) != callboard.CodeNotFound || !strings.Contains(err.Error(), folder) {
		t.Errorf("Open returned %v, want CodeNotFound with the path", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqldb.Open(t.Context(), sqldb.Config{URL: text, MustExist: true}); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("a text file: %v", err)
	}
}

// One file has one name, whatever links lead to it.
func TestOpenThroughLink(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path, link, dangling := filepath.Join(dir, "real.db"), filepath.Join(dir, "link.db"), filepath.Join(dir, "dangling.db")
	if err := errors.Join(os.Symlink("real.db", link), os.Symlink("gone.db", dangling)); err != nil {
		t.Fatal(err)
	}
	direct := sqldbtest.OpenURL(t, path, notes())
	linked := sqldbtest.OpenURL(t, link)
	if direct.Path() != path || linked.Path() != path || linked.String() != path {
		t.Errorf("the paths are %q and %q", direct.Path(), linked.Path())
	}
	if _, err := sqldb.Open(t.Context(), sqldb.Config{URL: dangling}); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("a link that leads nowhere: %v", err)
	}
}

// SQLite does not notice that its file has lost its name.
func TestCheckFile(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, "a")
		if err := db.CheckFile(); err != nil {
			t.Error(err)
		}
	}, notes())
	for name, lose := range map[string]func(path string) error{
		"deleted": os.Remove,
		"replaced": func(path string) error {
			return errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, nil, 0o600))
		},
		"without wal": func(path string) error { return os.Remove(path + "-wal") },
	} {
		db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
		if err := lose(db.Path()); err != nil {
			t.Fatal(err)
		}
		write(t, db, "a")
		if err := db.CheckFile(); callboard.CodeOf(err) != callboard.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPostgresNames(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "s3cret")
	db := sqldbtest.OpenURL(t, u.String())
	if name := db.String(); !strings.HasPrefix(name, "postgres://postgres@") || !strings.HasSuffix(name, u.Path) || db.Path() != "" {
		t.Errorf("the database is called %q", name)
	}
	u.Path = "/callboard_of_nobody"
	_, err = sqldb.Open(t.Context(), sqldb.Config{URL: u.String()})
	if callboard.CodeOf(err) != callboard.CodeNotFound || !strings.Contains(err.Error(), "createdb -h ") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a database that is missing: %v", err)
	}
}

func TestOpenCreatesPrivateFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new folder", "50% of it? yes#1.db")
	db := sqldbtest.OpenURL(t, path, notes())
	write(t, db, "a")
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", filepath.Base(name), info.Mode())
		}
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has the mode %v, %v", info.Mode(), err)
	}
	again := sqldbtest.OpenURL(t, path) // beside the first
	if diff := cmp.Diff([]string{"a"}, authors(t, again)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
}

// These settings are what durability and the rules of the schema rest on.
func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		if err := db.SQL().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
	err := db.QueryRowContext(t.Context(), "CREATE TABLE t (x) RETURNING 1").Scan(new(int))
	if err == nil {
		t.Error("a reader has changed the database")
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	err := db.QueryRowContext(t.Context(), "INSERT INTO notes (author) VALUES ('x') RETURNING id").Scan(new(int))
	if err == nil || count(t, db) != 0 {
		t.Errorf("an INSERT through a reader returned %v", err)
	}
}

func TestWritersOfTwoProcesses(t *testing.T) {
	t.Parallel()
	url := sqldbtest.URL(t, sqldbtest.SQLite)
	nodes := []*sqldb.DB{sqldbtest.OpenURL(t, url, notes()), sqldbtest.OpenURL(t, url, notes())}
	done := make(chan error)
	const each = 50
	for _, db := range nodes {
		go func() {
			var err error
			for range each {
				err = db.Write(context.WithoutCancel(t.Context()), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "x") })
				if err != nil {
					break
				}
			}
			done <- err
		}()
	}
	for range nodes {
		if err := receive(t, done); err != nil {
			t.Errorf("write: %v", err)
		}
	}
	if n := count(t, nodes[0]); n != each*len(nodes) {
		t.Errorf("%d notes are stored, want %d", n, each*len(nodes))
	}
}

func TestUniqueViolation(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		label := func(label string) error {
			return db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO notes (author, label) VALUES ($1, $2)", "ada", label)
				return err
			})
		}
		if err := label("s3cret"); err != nil {
			t.Fatalf("the first: %v", err)
		}
		err := label("s3cret")
		if !sqldb.IsUniqueViolation(err) {
			t.Fatalf("the second returned %v", err)
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error tells the value: %v", err)
		}
		err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO notes (author) VALUES ($1)", nil)
			return err
		})
		if err == nil || sqldb.IsUniqueViolation(err) || sqldb.IsUniqueViolation(nil) {
			t.Errorf("a missing value counts as a unique violation: %v", err)
		}
	}, notes())
}

func TestTime(t *testing.T) {
	t.Parallel()
	now := callboard.Now()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		for _, want := range []time.Time{{}, now, now.In(time.FixedZone("", 7200)), time.UnixMicro(-1), now.Add(123 * time.Nanosecond)} {
			var got sqldb.Time
			err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				return tx.QueryRowContext(ctx, "INSERT INTO notes (author, created_at) VALUES ('ada', $1) RETURNING created_at", sqldb.Time{Time: want}).Scan(&got)
			})
			if err != nil {
				t.Fatalf("write: %v", err)
			}
			if !got.Equal(want.Truncate(time.Microsecond)) || got.Location() != time.UTC && !got.IsZero() {
				t.Errorf("%v came back as %v", want, got.Time)
			}
		}
		var nulls int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM notes WHERE created_at IS NULL").Scan(&nulls); err != nil || nulls != 1 {
			t.Errorf("%d times are NULL, %v; want the zero one", nulls, err)
		}
	}, notes())
	if err := new(sqldb.Time).Scan("2026-01-01"); err == nil {
		t.Error("a text was read as a time")
	}
	if there, absent := sqldb.OptionalTime(&now), sqldb.OptionalTime(nil); !there.Ptr().Equal(now) || absent.Ptr() != nil || !absent.IsZero() {
		t.Errorf("a time is kept as %v, and none as %v", there, absent)
	}
}

// One text on both databases: placeholders that repeat and come out of order, RETURNING, booleans, JSON kept as text.
func TestOneSQLText(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var author, body string
		var done bool
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return tx.QueryRowContext(ctx, `INSERT INTO notes (author, body, done) VALUES ($2, $1, $3)
				ON CONFLICT (label) DO NOTHING RETURNING author, body, done`,
				json.RawMessage(`{"a":1}`), "ada", true).Scan(&author, &body, &done)
		})
		if err != nil || author != "ada" || body != `{"a":1}` || !done {
			t.Errorf("got %q, %q, %t, %v", author, body, done, err)
		}
		var n int
		err = db.QueryRowContext(t.Context(), "SELECT count(*) FROM notes WHERE body = $1 AND done AND (author = $2 OR body = $1)", `{"a":1}`, "ada").Scan(&n)
		if err != nil || n != 1 {
			t.Errorf("%d notes are found by their text, %v; want 1", n, err)
		}
	}, notes())
}

func TestLockClauses(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, "ada")
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for _, clause := range []string{sqldb.ForUpdate(tx), sqldb.ForShare(tx)} {
				if (clause != "") != (tx.Dialect() == sqldb.Postgres) {
					t.Errorf("the clause on %s is %q", tx.Dialect(), clause)
				}
				if err := tx.QueryRowContext(ctx, "SELECT id FROM notes"+clause).Scan(new(int)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("write: %v", err)
		}
	}, notes())
}

func TestBulkInsert(t *testing.T) {
	t.Parallel()
	const many = 100_000
	columns := []string{"author", "body", "created_at", "label"}
	rows := make([][]any, many)
	for i := range rows {
		rows[i] = []any{"ada", "x", i, nil}
	}
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		bulk := func(rows [][]any, suffix string) error {
			return db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				return sqldb.BulkInsert(ctx, tx, "notes", columns, rows, suffix)
			})
		}
		for _, n := range []int{0, 1, 500, 501, many - 1002} {
			if err := bulk(rows[:n], ""); err != nil {
				t.Fatalf("%d rows: %v", n, err)
			}
		}
		if n := count(t, db); n != many {
			t.Errorf("%d notes are stored, want %d", n, many)
		}
		var sum int64
		if err := db.QueryRowContext(t.Context(), "SELECT sum(created_at) FROM notes WHERE author = 'ada' AND body = 'x'").Scan(&sum); err != nil {
			t.Fatal(err)
		}
		want := int64(499*500/2 + 500*501/2 + (many-1003)*(many-1002)/2)
		if sum != want {
			t.Errorf("the values add up to %d, want %d", sum, want)
		}
		clash := [][]any{{"eve", "", 1, "same"}, {"eve", "", 2, "same"}}
		if err := bulk(clash, ""); !sqldb.IsUniqueViolation(err) {
			t.Errorf("a clash returned %v", err)
		}
		if err := bulk(clash, "ON CONFLICT DO NOTHING"); err != nil {
			t.Errorf("a clash that is to be left out returned %v", err)
		}
		if n := count(t, db); n != many+1 {
			t.Errorf("%d notes are stored, want %d", n, many+1)
		}
		if err := bulk([][]any{{"too", "few"}}, ""); err == nil {
			t.Error("a row with too few values was taken")
		}
	}, notes())
}

func TestBackup(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, notes())
	write(t, db, "a", "b")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Rel(here, filepath.Join(t.TempDir(), "it's a copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	refused := callboard.Errorf(callboard.CodeConflict, "refused")
	check := func(ctx context.Context, copied sqldb.Querier) error {
		var n int
		if err := copied.QueryRowContext(ctx, "SELECT count(*) FROM notes").Scan(&n); err != nil || n != 2 {
			t.Errorf("the check sees %d notes, %v", n, err)
		}
		return refused
	}
	if err := db.Backup(t.Context(), path, check); !errors.Is(err, refused) {
		t.Errorf("a copy that is refused: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(ended, path, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a backup that is broken off: %v", err)
	}
	if err := db.Backup(t.Context(), path, nil); err != nil {
		t.Fatalf("backup: %v", err)
	}
	if beside, err := filepath.Glob(path + "-*"); err != nil || len(beside) > 0 {
		t.Errorf("beside the copy: %q, %v", beside, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("the copy has the mode %v, %v", info.Mode(), err)
	}
	if err := db.Backup(t.Context(), path, nil); callboard.CodeOf(err) != callboard.CodeConflict {
		t.Errorf("a backup over a file that exists returned %v", err)
	}
	write(t, db, "after the copy")
	if diff := cmp.Diff([]string{"a", "b"}, authors(t, sqldbtest.OpenURL(t, path))); diff != "" {
		t.Errorf("notes in the copy (-want +got):\n%s", diff)
	}
}

func TestBackupOnPostgres(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(t.Context(), path, nil); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("Backup returned %v, want what to use instead", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was left behind")
	}
}
