package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// OpenDB opens the database of cfg as it is: nothing is created, and nothing migrated. One that is not there is CodeNotFound.
func OpenDB(ctx context.Context, cfg Config) (*sqldb.DB, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	db, err := cfg.openDB(ctx, true)
	if callboard.CodeOf(err) == callboard.CodeNotFound && !cfg.onPostgres() { // there it says what to do
		return nil, callboard.Errorf(callboard.CodeNotFound,
			"%v; set DATA_DIR or DATABASE_URL to where it is, or make one with: callboard serve", err)
	}
	return db, err
}

// CreateDB is OpenDB for those who may make the database. It refuses to put an empty one, with its link for a new admin, in the
// place of one that was lost, unless cfg.NewDatabase is set.
func CreateDB(ctx context.Context, cfg Config) (*sqldb.DB, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	trace := cfg.traceOfUse()
	mustExist := trace != "" && !cfg.NewDatabase
	db, err := cfg.openDB(ctx, mustExist)
	if err != nil {
		if mustExist && callboard.CodeOf(err) == callboard.CodeNotFound && !cfg.onPostgres() {
			return nil, errLost(err.Error(), trace)
		}
		return nil, err
	}
	if !mustExist {
		return db, nil
	}
	empty, err := isEmpty(ctx, db)
	if err == nil && empty {
		err = errLost(fmt.Sprintf("the database %s is empty", db), trace)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func errLost(what, trace string) error {
	return callboard.Errorf(callboard.CodeConflict, "%s, but %s shows that there was more. Put it back, with its -wal file if it has one, "+
		"restore a backup, or set DATABASE_URL to where it is. To begin with an empty one all the same, add --new-database", what, trace)
}

func (c Config) onPostgres() bool { return strings.HasPrefix(c.DatabaseURL, "postgres") }

// traceOfUse returns what shows that a server with data has run on DATA_DIR, or "".
func (c Config) traceOfUse() string {
	if c.DataDir == "" {
		return ""
	}
	secret := filepath.Join(c.DataDir, secretFile)
	if _, err := os.Stat(secret); err == nil {
		return secret
	}
	if entries, err := os.ReadDir(c.filesFolder()); err == nil && len(entries) > 0 {
		return c.filesFolder()
	}
	return ""
}

func (c Config) openDB(ctx context.Context, mustExist bool) (*sqldb.DB, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	logger, err := c.logger()
	if err != nil {
		return nil, err
	}
	return sqldb.Open(ctx, sqldb.Config{
		URL: c.databaseURL(), MustExist: mustExist, Sets: Migrations(), TablePrefix: c.TablePrefix, Shared: c.DatabaseShared,
		Logger: logger, MaxConns: c.DatabaseConns,
	})
}

// Migrate brings the schema up to date. It may be called by many processes at once.
func Migrate(ctx context.Context, db *sqldb.DB) error { return sqldb.Migrate(ctx, db, Migrations()...) }

// MigrationFiles returns the migrations of all parts as files for goose, golang-migrate or Atlas, with the names that tables have under
// a prefix, which is that of Config.TablePrefix. Once a tool has applied them, New finds the schema up to date. The numbers only grow: what
// a later version adds comes behind.
func MigrationFiles(dialect sqldb.Dialect, prefix string, format sqldb.MigrationFormat) (fs.FS, error) {
	return sqldb.MigrationFiles(dialect, prefix, format, Migrations()...)
}

// MigrateUp is Migrate for a command: on SQLite it changes no tables under a server that runs on them, which is CodeConflict. On
// PostgreSQL a newer node may come beside older ones.
func MigrateUp(ctx context.Context, db *sqldb.DB) error {
	if checkSchema(ctx, db) != nil {
		unlock, err := lockDatabase(ctx, db)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return Migrate(ctx, db)
}

// releases are the versions that were released, with the number of the newest migration of each.
//
//nolint:gochecknoglobals // a constant
var releases = map[string]int64{"0.1.0": 19}

// MigrationOf returns the number of the newest migration of a version that was released, or the number that is written there.
func MigrationOf(version string) (int64, error) {
	if number, ok := releases[version]; ok {
		return number, nil
	}
	number, err := strconv.ParseInt(version, 10, 64)
	if err != nil || number < 0 {
		return 0, callboard.Errorf(callboard.CodeInvalid, "there is no such version to go back to; there are %s, and the numbers of callboard migrate status",
			strings.Join(slices.Sorted(maps.Keys(releases)), ", "))
	}
	return number, nil
}

// MigrateDown takes back the newest migrations once confirm has seen what goes with them: all above a number, which may be none, or the newest alone where that
// is negative. It refuses while a server runs, and keeps one on SQLite from starting.
func MigrateDown(ctx context.Context, db *sqldb.DB, above int64, confirm func([]sqldb.MigrationLoss) error) error {
	unlock, err := lockDatabase(ctx, db)
	if err != nil {
		return err
	}
	defer unlock()
	return sqldb.Locked(ctx, db, func(ctx context.Context) error {
		nodes, err := job.LiveNodes(ctx, db)
		if err != nil {
			return err
		}
		if nodes > 0 {
			return callboard.Errorf(callboard.CodeConflict, "%d servers are running on %s; stop them first", nodes, db)
		}
		losses, err := sqldb.Downs(ctx, db, max(above, 0), Migrations()...)
		if err != nil {
			return err
		}
		if above < 0 && len(losses) == 0 {
			return callboard.Errorf(callboard.CodeConflict, "no migration is applied that could be taken back")
		}
		if above < 0 {
			losses = losses[:1]
		}
		if err := confirm(losses); err != nil {
			return err
		}
		for range losses {
			if err := sqldb.MigrateDown(ctx, db, Migrations()...); err != nil {
				return err
			}
		}
		return nil
	})
}

func isEmpty(ctx context.Context, db *sqldb.DB) (bool, error) {
	states, err := sqldb.MigrationStatus(ctx, db, Migrations()...)
	for _, s := range states {
		if !s.AppliedAt.IsZero() {
			return false, err
		}
	}
	return true, err
}

// checkSchema refuses a database that this program cannot work on as it is.
func checkSchema(ctx context.Context, db *sqldb.DB) error {
	states, err := sqldb.MigrationStatus(ctx, db, Migrations()...)
	if err != nil {
		return err
	}
	pending, applied := false, false
	for _, s := range states {
		switch {
		case s.File == "":
			return sqldb.ErrNewer(db)
		case s.AppliedAt.IsZero():
			pending = true
		default:
			applied = true
		}
	}
	switch {
	case !applied:
		return errNoTables(db)
	case pending:
		return callboard.Errorf(callboard.CodeConflict, "the tables of the database %s are those of an older version; "+
			"bring them up to date with: callboard migrate up", db)
	}
	return nil
}

func errNoTables(db *sqldb.DB) error {
	return callboard.Errorf(callboard.CodeConflict, "the database %s has no tables of Callboard, whose names begin with %s; "+
		"set DATA_DIR, DATABASE_URL or TABLE_PREFIX to the right one, or make them with: callboard migrate up", db, db.TablePrefix())
}

// BackupReport tells what a backup holds.
type BackupReport struct {
	Source   string // the database that was copied
	Bytes    int64
	Episodes int64 // deleted ones too
	Pos      int64 // of the newest event
}

// Backup copies the database to a new file, and compares the two. See sqldb.DB.Backup for the rest.
func Backup(ctx context.Context, db *sqldb.DB, path string) (BackupReport, error) {
	report := BackupReport{Source: db.String()}
	if db.Dialect() == sqldb.Postgres {
		return report, db.Backup(ctx, path, nil) // says what to use
	}
	if empty, err := isEmpty(ctx, db); err != nil || empty {
		return report, errors.Join(err, errNoTables(db))
	}
	episodes, pos, err := contents(ctx, db)
	if err != nil {
		return report, err
	}
	err = db.Backup(ctx, path, func(ctx context.Context, copied sqldb.Querier) (err error) {
		report.Episodes, report.Pos, err = contents(ctx, copied)
		if err == nil && (report.Pos < pos || report.Pos == pos && report.Episodes != episodes) {
			err = callboard.Errorf(callboard.CodeInternal, "the copy has not all that the database had, and was removed")
		}
		return err
	})
	if err != nil {
		return report, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return report, fmt.Errorf("look at the backup file: %w", err)
	}
	report.Bytes = info.Size()
	return report, nil
}

// contents returns how many episodes there are, and the newest position, which is read first: no episode comes or goes without an
// event, so where the position is the same later on, the number must be too.
func contents(ctx context.Context, q sqldb.Querier) (episodes, pos int64, err error) {
	if pos, err = outbox.LastPos(ctx, q); err != nil {
		return 0, 0, err
	}
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM callboard_episodes").Scan(&episodes); err != nil {
		return 0, 0, fmt.Errorf("count the episodes: %w", err)
	}
	return episodes, pos, nil
}
