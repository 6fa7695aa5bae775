package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"callboard"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrations is the schema of one package. The two file systems hold the same numbers at their roots, in goose's
// format: 00001_tables.sql. Each set keeps its own record, in the table schema_<Name>.
type Migrations struct {
	Name     string // of the package that owns the tables
	SQLite   fs.FS
	Postgres fs.FS
}

// MigrationState tells of one migration.
type MigrationState struct {
	Set       string
	Version   int64
	File      string
	AppliedAt time.Time // zero while it is pending
}

func (m Migrations) table() string { return "schema_" + m.Name }

// Migrate applies what is pending of each set, in the order given. It is safe to call from several processes at once:
// one does the work, the others wait for it. When nothing is pending it only reads.
func Migrate(ctx context.Context, db *DB, sets ...Migrations) error {
	pending, err := anyPending(ctx, db, sets)
	if err != nil || !pending {
		return err
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

// MigrateDown takes back the newest migration of the last set that has any applied. It is an error when there is none.
func MigrateDown(ctx context.Context, db *DB, sets ...Migrations) error {
	return Locked(ctx, db, func(ctx context.Context) error {
		for _, set := range slices.Backward(sets) {
			applied, err := db.applied(ctx, set)
			if err != nil {
				return err
			}
			if len(applied) > 0 {
				return migrateDown(ctx, db, set)
			}
		}
		return callboard.Errorf(callboard.CodeConflict, "no migration is applied")
	})
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

// MigrationStatus lists the migrations of each set in order, applied or not. It changes nothing.
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
		}
	}
	return states, nil
}

func anyPending(ctx context.Context, db *DB, sets []Migrations) (bool, error) {
	states, err := MigrationStatus(ctx, db, sets...)
	return slices.ContainsFunc(states, func(s MigrationState) bool { return s.AppliedAt.IsZero() }), err
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
func (db *DB) applied(ctx context.Context, set Migrations) (_ map[int64]time.Time, err error) {
	exists, err := db.tableExists(ctx, set.table())
	if err != nil || !exists {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, tstamp FROM "+set.table()+" WHERE version_id > 0")
	if err != nil {
		return nil, fmt.Errorf("read the migrations applied of %s: %w", set.Name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	applied := map[int64]time.Time{}
	for rows.Next() {
		var version int64
		var at time.Time
		if err := rows.Scan(&version, &at); err != nil {
			return nil, fmt.Errorf("read the migrations applied of %s: %w", set.Name, err)
		}
		applied[version] = at.UTC()
	}
	return applied, MapError(rows.Err())
}

func (db *DB) tableExists(ctx context.Context, table string) (bool, error) {
	query := "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"
	if db.dialect == Postgres {
		query = "SELECT 1 WHERE to_regclass($1) IS NOT NULL"
	}
	var one int
	err := db.QueryRowContext(ctx, query, table).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
