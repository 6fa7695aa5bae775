package sqldb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/callboard/callboard"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrations is the schema of one package. The two file systems hold the same numbers at their roots, in goose's
// format: 00001_tables.sql. They call tables and indexes callboard_…, as all statements do. Each set keeps its own record, in the table
// callboard_schema_<Name>. The numbers of all sets of a database are one sequence, so that they can be applied in one order by other
// tools: see MigrationFiles.
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

// files returns the migrations for one dialect.
func (m Migrations) files(dialect Dialect) fs.FS {
	if dialect == Postgres {
		return m.Postgres
	}
	return m.SQLite
}

// versions returns the table that records which migrations of a set are applied.
func (n naming) versions(set Migrations) string { return n.prefix + "schema_" + set.Name }

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
		if err := db.createSchema(ctx); err != nil {
			return err
		}
		for _, set := range sets {
			if err := migrateUp(ctx, db, set); err != nil {
				return err
			}
		}
		return nil
	})
}

// createSchema makes the schema of the tables if there is none.
func (db *DB) createSchema(ctx context.Context) error {
	schema := db.Schema()
	if schema == "" {
		return nil
	}
	var found bool
	err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", schema).Scan(&found)
	if err == nil && !found {
		_, err = db.library.ExecContext(ctx, "CREATE SCHEMA "+schema)
	}
	return db.explainDenied(ctx, err)
}

// explainDenied says what to run when the role may not make the schema, or tables in it.
func (db *DB) explainDenied(ctx context.Context, err error) error {
	schema := db.Schema()
	if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != permissionDenied || schema == "" {
		return mapError(ctx, err)
	}
	return callboard.Wrap(err, callboard.CodeInvalid, fmt.Sprintf("the role %[1]s may not make tables in the schema %[2]s of %[3]s; "+
		"let a superuser run: CREATE SCHEMA IF NOT EXISTS %[2]s; GRANT USAGE, CREATE ON SCHEMA %[2]s TO %[1]s; "+
		"or set TABLE_PREFIX to callboard_ for tables without a schema of their own", db.postgres.User, schema, db))
}

// ErrNewer returns the error for a database that a newer program has migrated.
func ErrNewer(db *DB) error {
	return callboard.Errorf(callboard.CodeConflict, "the database %s was migrated by a newer version of Callboard; use that one, "+
		"or go back with it: callboard migrate down --to VERSION", db)
}

func migrateUp(ctx context.Context, db *DB, set Migrations) error {
	set, err := db.keeping(ctx, set)
	if err != nil {
		return err
	}
	provider, err := db.provider(set)
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return db.explainDenied(ctx, fmt.Errorf("migrate %s: %w", set.Name, err))
	}
	for _, r := range results {
		db.logger.InfoContext(ctx, "migration applied", "set", set.Name, "version", r.Source.Version, "took", r.Duration)
	}
	return nil
}

// MigrationLoss is what taking back a migration drops.
type MigrationLoss struct {
	MigrationState
	Parts []LostPart
}

// LostPart is a table, or a column, that taking back a migration drops.
type LostPart struct {
	Table, Column string // no column: the whole table
	Rows          int64  // that hold something
	Kept          bool   // set aside, and put back when the migration is applied again
}

// Downs returns what taking back all migrations above a number would drop, the newest first, and changes nothing. It is CodeConflict when a
// newer program has applied one of them.
func Downs(ctx context.Context, db *DB, above int64, sets ...Migrations) ([]MigrationLoss, error) {
	states, err := MigrationStatus(ctx, db, sets...)
	if err != nil {
		return nil, err
	}
	states = slices.DeleteFunc(states, func(s MigrationState) bool { return s.AppliedAt.IsZero() || s.Version <= above })
	slices.SortFunc(states, func(a, b MigrationState) int { return cmp.Compare(b.Version, a.Version) })
	losses := make([]MigrationLoss, len(states))
	for i, state := range states {
		if state.File == "" {
			return nil, ErrNewer(db)
		}
		set := sets[slices.IndexFunc(sets, func(m Migrations) bool { return m.Name == state.Set })]
		if losses[i], err = db.loss(ctx, set, state); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// loss returns what taking back one migration would drop.
func (db *DB) loss(ctx context.Context, set Migrations, state MigrationState) (MigrationLoss, error) {
	loss := MigrationLoss{MigrationState: state}
	_, down, err := set.read(db.dialect, state.File)
	if err != nil {
		return loss, err
	}
	for _, d := range droppedBy(down) {
		part := LostPart{Table: db.Qualify(d.table), Column: d.column, Kept: d.kept}
		exists, err := db.tableExists(ctx, part.Table)
		if err != nil {
			return loss, err
		}
		if !exists { // one that the migration makes itself on its way
			continue
		}
		query := "SELECT count(*)" + d.rows()
		if d.column != "" {
			query += " AND CAST(" + d.column + " AS TEXT) <> ''" // an empty text is what a column has that holds nothing
		}
		if err := db.QueryRowContext(ctx, query).Scan(&part.Rows); err != nil {
			return loss, mapError(ctx, fmt.Errorf("count the rows of %s: %w", part.Table, err))
		}
		loss.Parts = append(loss.Parts, part)
	}
	return loss, nil
}

// MigrateDown takes back the newest migration of all sets, which is the one with the highest number. It is CodeConflict when none is
// applied.
func MigrateDown(ctx context.Context, db *DB, sets ...Migrations) error {
	return Locked(ctx, db, func(ctx context.Context) error {
		set, err := lastApplied(ctx, db, sets)
		if err != nil {
			return err
		}
		return migrateDown(ctx, db, set)
	})
}

// lastApplied returns the set of the applied migration with the highest number.
func lastApplied(ctx context.Context, db *DB, sets []Migrations) (Migrations, error) {
	states, err := MigrationStatus(ctx, db, sets...)
	if err != nil {
		return Migrations{}, err
	}
	var last MigrationState
	for _, s := range states {
		if !s.AppliedAt.IsZero() && s.Version >= last.Version {
			last = s
		}
	}
	i := slices.IndexFunc(sets, func(m Migrations) bool { return m.Name == last.Set })
	if i < 0 {
		return Migrations{}, callboard.Errorf(callboard.CodeConflict, "no migration is applied that could be taken back")
	}
	return sets[i], nil
}

func migrateDown(ctx context.Context, db *DB, set Migrations) error {
	set, err := db.keeping(ctx, set)
	if err != nil {
		return err
	}
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
	files, dialect := set.files(db.dialect), database.DialectSQLite3
	if db.dialect == Postgres {
		dialect = database.DialectPostgres
	}
	if !callboard.ValidName(set.Name) || files == nil {
		return nil, fmt.Errorf("sqldb: the migrations %q have no files for %s", set.Name, db.dialect)
	}
	files, err := db.names.localNames(files)
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(dialect, db.library, files,
		goose.WithTableName(db.names.versions(set)), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations of %s: %w", set.Name, err)
	}
	return provider, nil
}

// applied returns when each applied version of a set was. It does not create goose's table, as goose itself would.
func (db *DB) applied(ctx context.Context, set Migrations) (map[int64]time.Time, error) {
	table := db.names.versions(set)
	exists, err := db.tableExists(ctx, table)
	if err != nil || !exists {
		return nil, db.explainDenied(ctx, err)
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, tstamp FROM "+table+" WHERE version_id > 0")
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
