package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/callboard/callboard"
)

const defaultReaders = 8

// Every connection waits for the lock of another process this long, in milliseconds, before it reports "busy". It is
// set before anything that may need a lock.
const busyTimeout = "busy_timeout(10000)"

// openSQLite opens one connection for writing and several for reading.
func (db *DB) openSQLite(ctx context.Context, cfg Config) error {
	// As durable as fsync, without the journal entry for the time of the change. Where there is none, fsync it is.
	_, _ = sqlite.Fdatasync(true)
	path, err := findFile(db.path, cfg.MustExist)
	if err != nil {
		return err
	}
	db.path = path
	if !cfg.Shared {
		if err := db.refuseForeign(ctx, cfg.Sets); err != nil {
			return err
		}
	}
	// Every write runs in a savepoint, and what that would have to undo goes to a temporary store: on disk by default, which
	// took a seventh of the CPU of a write.
	db.write, err = openPool(path, db.names, 1, "immediate",
		busyTimeout, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"journal_size_limit(67108864)", "wal_autocheckpoint(2000)", "cache_size(-20000)")
	if err != nil {
		return err
	}
	db.library = db.write
	if err := db.write.PingContext(ctx); err != nil { // first, since it switches the file to WAL
		return explainSQLite(path, err)
	}
	readers := cmp.Or(max(cfg.MaxConns, 0), defaultReaders)
	db.read, err = openPool(path, db.names, readers, "deferred", busyTimeout, "query_only(1)", "cache_size(-4000)")
	if err != nil {
		return err
	}
	if err := db.read.PingContext(ctx); err != nil {
		return err
	}
	db.file, err = os.Stat(path)
	if err != nil {
		return unavailable(msgIO, err)
	}
	db.writer = startWriter(db.write)
	return nil
}

// refuseForeign returns an error for a file with tables of another program. It looks before anything is opened for writing, which alone
// would turn the journal of the file into a WAL.
func (db *DB) refuseForeign(ctx context.Context, sets []Migrations) error {
	path := db.path
	info, err := os.Stat(path)
	if len(sets) == 0 || err == nil && info.Size() == 0 {
		return nil
	}
	pool, err := openPool(path, db.names, 1, "deferred", busyTimeout, "query_only(1)")
	if err != nil {
		return err
	}
	defer pool.Close()
	rows, err := pool.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	tables, err := CollectValues[string](rows, err, "look at the tables")
	if err != nil {
		return explainSQLite(path, err)
	}
	ours := func(m Migrations) bool { return slices.Contains(tables, db.names.versions(m)) }
	if len(tables) == 0 || slices.ContainsFunc(sets, ours) {
		return nil
	}
	return callboard.Errorf(callboard.CodeConflict, "the database %s is another program's: it has tables, and none of Callboard, whose names begin with %s; "+
		"set DATA_DIR or DATABASE_URL to the right one, or DATABASE_SHARED to true (in Go DatabaseShared of app.Config) if Callboard is to have tables of its own beside those", path, db.names.prefix)
}

// findFile returns the absolute path of the file without links, so that all who open it agree on the names of what lies beside
// it. The file is created when it is missing, unless it must exist.
func findFile(path string, mustExist bool) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the database file: %w", err)
	}
	if !mustExist {
		if err := createFile(path); err != nil {
			return "", unavailable(fmt.Sprintf("the database %s cannot be created%s", path, systemReason(err)), err)
		}
	}
	found, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && mustExist:
		return "", callboard.Errorf(callboard.CodeNotFound, "there is no database at %s", path)
	case errors.Is(err, fs.ErrNotExist):
		return "", callboard.Errorf(callboard.CodeInvalid, "%s is a link that leads nowhere", path)
	case err != nil:
		return "", unavailable(fmt.Sprintf("the database %s cannot be read%s", path, systemReason(err)), err)
	}
	info, err := os.Stat(found)
	if err == nil && !info.Mode().IsRegular() {
		return "", callboard.Errorf(callboard.CodeInvalid, "%s is no file, so it cannot be the database", path)
	}
	return found, nil
}

// systemReason returns what the system says of a file, to go after a message for people.
func systemReason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return ": " + e.Err.Error()
	}
	return ""
}

// explainSQLite says what is wrong with a file that SQLite does not open.
func explainSQLite(path string, err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	switch {
	case !ok:
		return err
	case e.Code()&0xff == sqlite3.SQLITE_NOTADB:
		return callboard.Wrap(err, callboard.CodeInvalid, path+" is no SQLite database")
	case e.Code()&0xff == sqlite3.SQLITE_CORRUPT:
		return callboard.Wrap(err, callboard.CodeInvalid, path+" is damaged; restore it from a backup")
	case e.Code()&0xff == sqlite3.SQLITE_CANTOPEN, e.Code()&0xff == sqlite3.SQLITE_READONLY:
		return callboard.Wrap(err, callboard.CodeUnavailable,
			path+" cannot be opened for writing; this user must own it and its folder, and there must be room on the disk")
	}
	return err
}

// createFile makes the file and its folder for the owner alone. SQLite gives its -wal and -shm files the same mode. A
// file that is there is left alone: opening and closing it here would drop the locks that this process holds on it.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create the folder of the database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the database file: %w", err)
	}
	return f.Close()
}

func openPool(path string, names naming, conns int, lock string, pragmas ...string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(fileURL(path, url.Values{"_pragma": pragmas, "_txlock": {lock}}))
	if err != nil {
		return nil, fmt.Errorf("open the database file: %w", err)
	}
	pool := sql.OpenDB(sqliteConnector{connector, names})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// fileURL names a database file with options for the driver and for SQLite, see https://www.sqlite.org/uri.html.
func fileURL(path string, options url.Values) string {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	return name.String()
}
