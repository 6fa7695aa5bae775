package sqldb

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrations is the schema of one package. The two file systems hold the same numbers at their roots, in goose's
// format: 00001_tables.sql. Each set keeps its own record, in the table callboard_schema_<Name>.
type Migrations struct {
	Name     string // of the package that owns the tables
	SQLite   fs.FS
	Postgres fs.FS
}

// MigrationState is the state of one migration.
type MigrationState struct {
	Set       string
	Version   int64
	File      string    // empty when this program does not have it: a newer one has applied it
	AppliedAt time.Time // zero while it is pending
}

// EmbeddedMigrations returns the migrations of the package called name, whose files lie in the folders
// migrations/sqlite and migrations/postgres of files.
func EmbeddedMigrations(name string, files fs.FS) Migrations {
	return Migrations{Name: name, SQLite: subfolder(files, "migrations/sqlite"), Postgres: subfolder(files, "migrations/postgres")}
}

func subfolder(files fs.FS, name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // only a malformed path, and the paths are constants
	}
	return sub
}

func (m Migrations) table() string { return "callboard_schema_" + m.Name }

// Migrate applies what is pending of each set, in the order given. It is safe to call from several processes at once:
// one does the work, the others wait for it. When nothing is pending it only reads. A schema that a newer program has migrated is
// CodeConflict: this one does not know what it may do to it.
func Migrate(ctx context.Context, db *DB, sets ...Migrations) error {
	states, err := MigrationStatus(ctx, db, sets...)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(states, func(s MigrationState) bool { return s.File == "" }) {
		return ErrNewer(db)
	}
	if !slices.ContainsFunc(states, func(s MigrationState) bool { return s.AppliedAt.IsZero() }) {
		return nil
	}
	return Locked(ctx, db, func(ctx context.Context) error {
		for _, set := range sets {
			if err := migrateUp(ctx, db, set); err != nil {
				return err
			}
		}
		return nil
	})
}

// ErrNewer returns the error for a database that a newer program has migrated.
func ErrNewer(db *DB) error {
	return callboard.Errorf(callboard.CodeConflict, "the database %s was migrated by a newer version of Callboard; use that one", db)
}

func migrateUp(ctx context.Context, db *DB, set Migrations) error {
	provider, err := db.provider(set)
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return mapError(ctx, fmt.Errorf("migrate %s: %w", set.Name, err))
	}
	for _, r := range results {
		db.logger.InfoContext(ctx, "migration applied", "set", set.Name, "version", r.Source.Version, "took", r.Duration)
	}
	return nil
}

// MigrationLoss is what taking back a migration deletes.
type MigrationLoss struct {
	MigrationState
	Tables []string
	Rows   []int64 // of each table
}

// NextDown returns what MigrateDown would take back, and changes nothing. It is CodeConflict when no migration is applied.
func NextDown(ctx context.Context, db *DB, sets ...Migrations) (MigrationLoss, error) {
	set, err := lastApplied(ctx, db, sets)
	if err != nil {
		return MigrationLoss{}, err
	}
	states, err := MigrationStatus(ctx, db, set)
	if err != nil {
		return MigrationLoss{}, err
	}
	states = slices.DeleteFunc(states, func(s MigrationState) bool { return s.AppliedAt.IsZero() })
	loss := MigrationLoss{MigrationState: slices.MaxFunc(states, func(a, b MigrationState) int { return cmp.Compare(a.Version, b.Version) })}
	if loss.File == "" {
		return loss, ErrNewer(db)
	}
	files := set.SQLite
	if db.dialect == Postgres {
		files = set.Postgres
	}
	text, err := fs.ReadFile(files, loss.File)
	if err != nil {
		return loss, fmt.Errorf("read the migration %s: %w", loss.File, err)
	}
	_, down, _ := strings.Cut(string(text), "-- +goose Down")
	for _, match := range regexp.MustCompile(`(?i)DROP TABLE (?:IF EXISTS )?(\w+)`).FindAllStringSubmatch(down, -1) {
		var rows int64
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+match[1]).Scan(&rows); err != nil {
			return loss, mapError(ctx, fmt.Errorf("count the rows of %s: %w", match[1], err))
		}
		loss.Tables, loss.Rows = append(loss.Tables, match[1]), append(loss.Rows, rows)
	}
	return loss, nil
}

// MigrateDown takes back the newest migration of the last set that has any applied. It is CodeConflict when there is none.
func MigrateDown(ctx context.Context, db *DB, sets ...Migrations) error {
	return Locked(ctx, db, func(ctx context.Context) error {
		set, err := lastApplied(ctx, db, sets)
		if err != nil {
			return err
		}
		return migrateDown(ctx, db, set)
	})
}

func lastApplied(ctx context.Context, db *DB, sets []Migrations) (Migrations, error) {
	for _, set := range slices.Backward(sets) {
		applied, err := db.applied(ctx, set)
		if err != nil || len(applied) > 0 {
			return set, err
		}
	}
	return Migrations{}, callboard.Errorf(callboard.CodeConflict, "no migration is applied")
}

func migrateDown(ctx context.Context, db *DB, set Migrations) error {
	provider, err := db.provider(set)
	if err != nil {
		return err
	}
	r, err := provider.Down(ctx)
	if err != nil {
		return mapError(ctx, fmt.Errorf("migrate %s down: %w", set.Name, err))
	}
	db.logger.InfoContext(ctx, "migration taken back", "set", set.Name, "version", r.Source.Version, "took", r.Duration)
	return nil
}

// MigrationStatus lists the migrations of each set in order, applied or not, and those that a newer program has applied. It
// changes nothing.
func MigrationStatus(ctx context.Context, db *DB, sets ...Migrations) ([]MigrationState, error) {
	var states []MigrationState
	for _, set := range sets {
		provider, err := db.provider(set)
		if err != nil {
			return nil, err
		}
		applied, err := db.applied(ctx, set)
		if err != nil {
			return nil, err
		}
		for _, source := range provider.ListSources() {
			states = append(states, MigrationState{
				Set: set.Name, Version: source.Version, File: path.Base(source.Path), AppliedAt: applied[source.Version],
			})
			delete(applied, source.Version)
		}
		for _, version := range slices.Sorted(maps.Keys(applied)) {
			states = append(states, MigrationState{Set: set.Name, Version: version, AppliedAt: applied[version]})
		}
	}
	return states, nil
}

// provider makes goose's view of a set.
func (db *DB) provider(set Migrations) (*goose.Provider, error) {
	files, dialect := set.SQLite, database.DialectSQLite3
	if db.dialect == Postgres {
		files, dialect = set.Postgres, database.DialectPostgres
	}
	if !callboard.ValidName(set.Name) || files == nil {
		return nil, fmt.Errorf("sqldb: the migrations %q have no files for %s", set.Name, db.dialect)
	}
	provider, err := goose.NewProvider(dialect, db.library, files,
		goose.WithTableName(set.table()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations of %s: %w", set.Name, err)
	}
	return provider, nil
}

// applied returns when each applied version of a set was. It does not create goose's table, as goose itself would.
func (db *DB) applied(ctx context.Context, set Migrations) (map[int64]time.Time, error) {
	exists, err := db.tableExists(ctx, set.table())
	if err != nil || !exists {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, tstamp FROM "+set.table()+" WHERE version_id > 0")
	applied := map[int64]time.Time{}
	err = Each(rows, err, "read the migrations applied of "+set.Name, func(row Scanner) error {
		var version int64
		var at time.Time
		err := row.Scan(&version, &at)
		applied[version] = at.UTC()
		return err
	})
	return applied, err
}

func (db *DB) tableExists(ctx context.Context, table string) (bool, error) {
	query := "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"
	if db.dialect == Postgres {
		query = "SELECT 1 WHERE to_regclass($1) IS NOT NULL"
	}
	rows, err := db.QueryContext(ctx, query, table)
	found, err := CollectValues[int](rows, err, "look for the table "+table)
	return len(found) > 0, err
}
