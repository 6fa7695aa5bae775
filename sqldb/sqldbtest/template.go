package sqldbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Migrating takes many times as long as copying what was migrated: each schema is made once, and every test gets a copy.
// On SQLite the template is the content of a file, in memory. On PostgreSQL it is a database named after what the
// migrations say, which is left for the next run; any of them may be dropped while no test runs.

//nolint:gochecknoglobals // one per process
var templates sync.Map // *template by kind and name

type template struct {
	once    sync.Once
	content []byte // SQLite
	err     error
}

// MigratedURL is URL of a database with the migrations of sets applied.
func MigratedURL(t testing.TB, kind string, sets []sqldb.Migrations) string {
	t.Helper()
	migrate := func(url string) error {
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url, MaxConns: conns})
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }() // as the template is used only when all of it is there
		return sqldb.Migrate(t.Context(), db, sets...)
	}
	name := templateName(t, kind, sets)
	found, _ := templates.LoadOrStore(kind+name, &template{})
	made := found.(*template)
	if kind == SQLite {
		made.once.Do(func() { made.content, made.err = migratedFile(migrate) })
		return copyFile(t, made)
	}
	admin := connect(t)
	made.once.Do(func() { made.err = makeTemplate(t, name, migrate) })
	if made.err != nil {
		t.Fatalf("make the template: %v", made.err)
	}
	return createPostgres(t, admin, name)
}

// templateName tells schemas apart by what their migrations say.
func templateName(t testing.TB, kind string, sets []sqldb.Migrations) string {
	t.Helper()
	sum := sha256.New()
	for _, set := range sets {
		files := set.SQLite
		if kind == Postgres {
			files = set.Postgres
		}
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := fs.ReadFile(files, path)
			fmt.Fprintf(sum, "%s %s %d %s\n", set.Name, path, len(content), content)
			return err
		})
		if err != nil {
			t.Fatalf("read the migrations of %s: %v", set.Name, err)
		}
	}
	return "callboardtemplate_" + hex.EncodeToString(sum.Sum(nil)[:12])
}

// migratedFile returns the content of a migrated SQLite file.
func migratedFile(migrate func(url string) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "callboard-sqldbtest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite://" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing has brought the WAL into it
}

func copyFile(t testing.TB, made *template) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	err := made.err
	if err == nil {
		err = os.WriteFile(path, made.content, 0o600)
	}
	if err != nil {
		t.Fatalf("copy the migrated file: %v", err)
	}
	return "sqlite://" + path
}

// makeTemplate makes the database of that name, unless it is there. It is made under another name first, so that nobody
// copies half of it; when two processes make it at once, the first one's is kept.
func makeTemplate(t testing.TB, name string, migrate func(url string) error) error {
	t.Helper()
	admin := connect(t)
	defer func() { _ = admin.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var exists bool
	query := "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)"
	if err := admin.QueryRowContext(ctx, query, name).Scan(&exists); err != nil || exists {
		return err
	}
	draft := "callboardtest_draft_" + strings.ReplaceAll(callboard.NewID(), "-", "")
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+draft); err != nil {
		return err
	}
	err := migrate(urlOf(t, draft))
	if err == nil {
		_, err = admin.ExecContext(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
	}
	if err == nil {
		return nil
	}
	execute(t, admin, "DROP DATABASE IF EXISTS "+draft+" WITH (FORCE)")
	if admin.QueryRowContext(ctx, query, name).Scan(&exists) == nil && exists {
		return nil
	}
	return err
}
