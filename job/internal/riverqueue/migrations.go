package riverqueue

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/callboard/callboard/sqldb"
)

// River's migrations are applied and recorded as those of Callboard are, so that all tables come from one sequence, under one prefix and
// one lock, and other tools can apply them too. The first eight numbers are those of River's first eight versions. A later version
// gets the number that is free when it comes.

// numberOf returns the number of a version of River's, or 0 for one that has none yet.
func numberOf(version int) int {
	const numbered = 8
	if version > numbered {
		return 0
	}
	return version
}

// Migrations returns those of the tables of the queue.
func Migrations() sqldb.Migrations {
	sqlite, err := migrationFiles(riversqlite.New(nil))
	postgres, err2 := migrationFiles(riverdatabasesql.New(nil))
	if err := errors.Join(err, err2); err != nil {
		panic(err) // only for a version of River's without a number: the files are in the program
	}
	return sqldb.Migrations{Name: "river", SQLite: sqlite, Postgres: postgres}
}

// source has River's migrations, with the names of tables and all else as River writes them.
type source interface{ GetMigrationFS(line string) fs.FS }

func migrationFiles(driver source) (fs.FS, error) {
	files := driver.GetMigrationFS(riverdriver.MigrationLineMain)
	folder := path.Join("migration", riverdriver.MigrationLineMain)
	names, err := fs.Glob(files, path.Join(folder, "*.up.sql"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	texts := map[string]string{}
	for _, name := range names {
		var version int
		if _, err := fmt.Sscanf(path.Base(name), "%d_", &version); err != nil || numberOf(version) == 0 {
			return nil, fmt.Errorf("river's migration %s has no number", path.Base(name))
		}
		up, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		down, err := fs.ReadFile(files, strings.TrimSuffix(name, ".up.sql")+".down.sql")
		if err != nil {
			return nil, err
		}
		file := fmt.Sprintf("%05d_river_%s.sql", numberOf(version), strings.TrimSuffix(path.Base(name), ".up.sql"))
		texts[file] = "-- +goose Up\n" + statement(up) + recorded(version) + "\n-- +goose Down\n" + unrecorded(version) + statement(down)
	}
	return sqldb.FilesOf(texts)
}

// statement returns a migration of River's as one statement of ours. Its comment says which names have a schema; ours do without. One
// column is called like a table.
func statement(text []byte) string {
	names := strings.NewReplacer("/* TEMPLATE: schema */", "", "river_client_id", "river_client_id", "river_", "callboard_river_")
	return "-- +goose StatementBegin\n" + strings.TrimSpace(names.Replace(string(text))) + "\n-- +goose StatementEnd\n"
}

// recorded returns the statement that records a version where River itself looks, as its own tools do.
func recorded(version int) string {
	const withLine = 5
	if version < withLine {
		return fmt.Sprintf("INSERT INTO callboard_river_migration (version) VALUES (%d);\n", version)
	}
	return fmt.Sprintf("INSERT INTO callboard_river_migration (line, version) VALUES ('main', %d);\n", version)
}

func unrecorded(version int) string {
	return fmt.Sprintf("DELETE FROM callboard_river_migration WHERE version = %d;\n", version)
}
