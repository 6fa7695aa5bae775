// Package sqldb is the one door to the database. It speaks to SQLite and to PostgreSQL with one SQL text ($1
// placeholders), and gives every write the same promise on both: when Write returns nil, the change is durable. Statements call
// the tables callboard_…; what stands in the place of that in a database is Config.TablePrefix.
//
// On SQLite, Write gathers the writes of many callers into one transaction and commits them together (see Write), which
// is what makes full durability affordable there. On PostgreSQL it is an ordinary transaction.
//
// Errors that are the environment's fault (no room, no connection, locked) come out as *callboard.Error with
// CodeUnavailable, so that a caller may try again; all others come out as the driver made them.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard"
)

// Dialect says which database is spoken to.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota
	Postgres
)

// String returns "sqlite" or "postgres".
func (d Dialect) String() string {
	if d == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Config says which database to open. Only URL is needed.
type Config struct {
	// URL is "postgres://user@host:5432/name", "sqlite:///abs/path.db" or the plain path of a SQLite file.
	URL string
	// MustExist has Open create nothing: a SQLite file that is not there is CodeNotFound.
	MustExist bool
	// TablePrefix is what the names of the tables begin with: "acme_", or on PostgreSQL the name of a schema and a dot, "acme.". It
	// is of small letters, digits and underscores. Default: "callboard_", and on PostgreSQL "callboard.".
	TablePrefix string
	// Sets are those that the tables of the database are made by. A SQLite file that has tables, and of none of them, is another
	// program's: CodeConflict, and the file stays as it is, unless Shared is set. Without Sets every file is taken.
	Sets []Migrations
	// Shared says that the database has tables of an application too.
	Shared bool
	// Logger gets migrations, and transactions that had to be tried again. Nil discards.
	Logger *slog.Logger
	// MaxConns bounds the connections for reading on SQLite (default 8) and all connections on PostgreSQL (default 40,
	// at least 10).
	MaxConns int
}

// Querier is what reading takes: a *DB reads what is committed, a *Tx also sees its own changes.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	Dialect() Dialect
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	names   naming
	logger  *slog.Logger
	path    string // of the SQLite file, without links
	file    os.FileInfo
	read    *sql.DB // read-only on SQLite
	write   *sql.DB // one connection on SQLite; the same pool as read on PostgreSQL
	library *sql.DB // without the time limits of requests on PostgreSQL; the same pool as write on SQLite
	writer  *writer // SQLite only
	signals signals
	known   atomic.Pointer[[]any] // what tells it from others; nil until somebody asked

	postgres *pgx.ConnConfig // nil on SQLite

	closeOnce sync.Once
	closeErr  error
}

var (
	_ Querier = (*DB)(nil)
	_ Querier = (*Tx)(nil)
)

// Open opens the database of cfg.URL and proves that it answers. A SQLite file and its folder are created when missing,
// readable by their owner only, unless cfg.MustExist is set. The schema is the business of Migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	dialect, path, err := parseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	names, err := newNaming(dialect, cfg.TablePrefix)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: dialect, names: names, logger: cfg.Logger, path: path}
	if dialect == Postgres {
		err = db.openPostgres(ctx, cfg)
	} else {
		err = db.openSQLite(ctx, cfg)
	}
	if err != nil {
		return nil, errors.Join(mapError(ctx, err), db.closePools())
	}
	return db, nil
}

// parseURL returns the dialect of a database URL and, for SQLite, the path of its file. What only resembles a URL is refused,
// since a path of that name would be a new and empty database. Its errors leave the URL out, since it may hold a password.
func parseURL(url string) (Dialect, string, error) {
	scheme, rest, hasScheme := strings.Cut(url, "://")
	if !hasScheme {
		scheme, rest, hasScheme = strings.Cut(url, ":")
		hasScheme = hasScheme && len(scheme) > 1 && !strings.ContainsAny(scheme, `/\`) // one letter is a drive
		if hasScheme || strings.Contains(url, "dbname=") || strings.Contains(url, "host=") {
			return 0, "", errDatabaseURL()
		}
	}
	switch {
	case hasScheme && (scheme == "postgres" || scheme == "postgresql"):
		return Postgres, "", nil
	case hasScheme && scheme == "sqlite" && !strings.Contains(rest, "?"):
		url = rest
	case hasScheme:
		return 0, "", errDatabaseURL()
	}
	if url == "" || strings.Contains(url, ":memory:") {
		// A database in memory belongs to one connection: the readers would each see an empty one of their own.
		return 0, "", callboard.Errorf(callboard.CodeInvalid, "the database URL must name a file")
	}
	return SQLite, url, nil
}

func errDatabaseURL() error {
	return callboard.Errorf(callboard.CodeInvalid,
		"the database URL must be postgres://user@host:5432/name, sqlite://<path> without options, or the path of a file")
}

// Close lets the writes that were accepted finish, refuses new ones, and closes all connections. Further calls return
// what the first one did.
func (db *DB) Close() error {
	db.closeOnce.Do(func() {
		if db.writer != nil {
			db.writer.stop()
		}
		db.closeErr = db.closePools()
	})
	return db.closeErr
}

func (db *DB) closePools() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write, db.library} {
		if pool != nil {
			errs = append(errs, pool.Close()) // closing twice is allowed: some of them are one
		}
	}
	if db.dialect == Postgres {
		return nil // a goodbye that did not reach a server which has left already
	}
	return errors.Join(errs...)
}

// Dialect returns the dialect of the database.
func (db *DB) Dialect() Dialect { return db.dialect }

// Path returns the absolute path of the SQLite file with all links resolved, or "" on PostgreSQL. It is the same for all
// that open the same file, whatever path they were given.
func (db *DB) Path() string { return db.path }

// CheckFile returns CodeUnavailable when the SQLite file, or its -wal, was deleted or replaced since Open. SQLite itself goes on with
// the file that has no name any more, and what it writes there is gone once the process ends.
func (db *DB) CheckFile() error {
	if db.dialect == Postgres {
		return nil
	}
	now, err := os.Stat(db.path)
	if err == nil && os.SameFile(db.file, now) {
		if _, err = os.Stat(db.path + "-wal"); err == nil {
			return nil
		}
	}
	return unavailable("the database file was deleted or replaced while it was in use; stop the server, and restore a backup", err)
}

// String names the database for people: the path of the SQLite file, or the URL of a PostgreSQL database without password and
// options.
func (db *DB) String() string {
	if db.dialect == SQLite {
		return db.path
	}
	return describePostgres(db.postgres)
}

// SQL returns a pool for libraries that need one of their own accord: the job queue, migrations. On SQLite it has a single
// connection, that of Write: asking for it inside a Write waits forever. On PostgreSQL its statements have no time limits.
// Everything else uses Write.
func (db *DB) SQL() *sql.DB { return db.library }

// Reader returns the pool that queries go through, for libraries that only read. On SQLite it refuses to change anything.
func (db *DB) Reader() *sql.DB { return db.read }

// Ping proves that the database answers a query.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return MapError(db.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// QueryContext reads committed rows. Changing anything through it fails on SQLite, and must not be tried on PostgreSQL.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := letCommit(ctx); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, query, args...)
	return rows, mapError(ctx, err)
}

// QueryRowContext reads one committed row, as QueryContext does.
func (db *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := letCommit(ctx); err != nil {
		return rowError(ctx, err)
	}
	row := db.read.QueryRowContext(ctx, query, args...)
	err := row.Err()
	if mapped := mapError(ctx, err); mapped != err { //nolint:errorlint // the very same error, not one like it
		return rowError(ctx, mapped)
	}
	return row
}

// ForUpdate returns the suffix that locks the selected rows until the transaction ends: " FOR UPDATE" on PostgreSQL. On
// SQLite it is empty: its single writer needs none.
func ForUpdate(q Querier) string { return lockClause(q, " FOR UPDATE") }

// PlannedAnew returns the arguments of a query that PostgreSQL plans each time it is run. Otherwise it may keep a plan that it made
// while the tables were empty, and that reads all of them.
func PlannedAnew(q Querier, args ...any) []any {
	if q.Dialect() == Postgres {
		args = append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	return args
}

// ForUpdateSkipLocked is ForUpdate, and leaves out rows that somebody else has locked.
func ForUpdateSkipLocked(q Querier) string { return lockClause(q, " FOR UPDATE SKIP LOCKED") }

// ForShare returns the suffix that keeps others from changing the selected rows until the transaction ends, while they
// may still be read and shared; empty on SQLite.
func ForShare(q Querier) string { return lockClause(q, " FOR SHARE") }

func lockClause(q Querier, clause string) string {
	if q.Dialect() == Postgres {
		return clause
	}
	return ""
}
