package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"modernc.org/sqlite"

	"github.com/callboard/callboard"
)

// Backup writes a consistent copy of a SQLite database to a new file at path, readable by its owner only, while reading
// and writing go on. It returns when the copy is safely on disk and SQLite has found it sound; check, when it is not nil, looks
// into the copy and may refuse it. A copy that is refused is removed. A file that exists is refused. On PostgreSQL it is an error
// that names the tool to use.
func (db *DB) Backup(ctx context.Context, path string, check func(ctx context.Context, copied Querier) error) error {
	if db.dialect == Postgres {
		return callboard.Errorf(callboard.CodeUnsupported, "a PostgreSQL database is backed up with pg_dump")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("find the backup file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return callboard.Errorf(callboard.CodeConflict, "the backup file exists already; name a new one")
	case err != nil:
		return callboard.Wrap(err, callboard.CodeInvalid, "the backup file cannot be created"+systemReason(err))
	}
	defer f.Close()
	err = db.copyTo(ctx, f, path)
	if err == nil {
		err = db.inspectCopy(ctx, path, check)
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncFolder(filepath.Dir(path))
}

// A backup takes a sixth of the disk: it copies some pages, waits until they are on it, and rests for five times as long. As one VACUUM INTO
// it kept the disk busy to its end, and the slowest hundredth of creates took 65 times as long as without a backup; so it takes 1.7 times
// as long (make bench ONLY=backup).
const (
	backupPages = 64
	backupRest  = 5
)

// pageCopier is a connection of the driver that copies its database in steps.
type pageCopier interface {
	driver.ExecerContext
	NewBackup(to string) (*sqlite.Backup, error)
}

// copyTo copies the database into the file f at path, through connections of its own.
func (db *DB) copyTo(ctx context.Context, f *os.File, path string) (err error) {
	connector, err := sqlite.NewConnector(fileURL(db.path, url.Values{"_pragma": {busyTimeout, "query_only(1)"}}))
	if err != nil {
		return fmt.Errorf("open the database file: %w", err)
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return explainSQLite(db.path, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	source, ok := conn.(pageCopier)
	if !ok {
		return errors.New("sqldb: unknown kind of SQLite connection")
	}
	// All pages stay as they are for this transaction. Without it the copy would begin anew whenever somebody has written.
	for _, statement := range []string{"BEGIN", "SELECT count(*) FROM sqlite_schema"} {
		if _, err := source.ExecContext(ctx, statement, nil); err != nil {
			return mapError(ctx, fmt.Errorf("read the database: %w", err))
		}
	}
	// What fails is thrown away, so no journal. Pages that SQLite would keep for itself are written before they are waited for.
	backup, err := source.NewBackup(fileURL(path, url.Values{"_pragma": {"journal_mode(off)", "synchronous(off)", "cache_size(1)"}}))
	if err != nil {
		return mapError(ctx, fmt.Errorf("copy the database: %w", err))
	}
	for more := true; more && err == nil; {
		more, err = copySome(ctx, backup, f)
	}
	if err = errors.Join(err, backup.Finish()); err != nil {
		return mapError(ctx, fmt.Errorf("copy the database: %w", err))
	}
	// All that was written meanwhile is in the WAL still. Who commits next would bring it into the database first: that took a create 3 seconds.
	for _, statement := range []string{"COMMIT", "PRAGMA wal_checkpoint(PASSIVE)"} {
		if _, err := source.ExecContext(ctx, statement, nil); err != nil {
			return mapError(ctx, fmt.Errorf("end reading the database: %w", err))
		}
	}
	if err := f.Sync(); err != nil {
		return unavailable(msgIO, err)
	}
	return nil
}

// copySome copies the next pages, and rests. It returns whether there are more.
func copySome(ctx context.Context, backup *sqlite.Backup, f *os.File) (more bool, err error) {
	began := time.Now()
	if more, err = backup.Step(backupPages); err != nil || !more {
		return more, err
	}
	if err := f.Sync(); err != nil {
		return false, unavailable(msgIO, err)
	}
	Wait(ctx, backupRest*time.Since(began))
	return true, ctx.Err()
}

// inspectCopy reads the copy as it is: as a database of its own, in its mode of WAL, it would get files beside it.
func (db *DB) inspectCopy(ctx context.Context, path string, check func(ctx context.Context, copied Querier) error) error {
	connector, err := sqlite.NewConnector(fileURL(path, url.Values{"immutable": {"1"}}))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	pool := sql.OpenDB(sqliteConnector{connector, db.names})
	pool.SetMaxOpenConns(1)
	defer pool.Close()
	copied := &DB{dialect: SQLite, names: db.names, path: path, read: pool}
	rows, err := copied.QueryContext(ctx, "PRAGMA integrity_check")
	findings, err := CollectValues[string](rows, err, "check the copy")
	if err != nil {
		return err
	}
	if !slices.Equal(findings, []string{"ok"}) {
		return callboard.Errorf(callboard.CodeInternal, "the copy is damaged, and was removed; the database may be too: run doctor")
	}
	if check == nil {
		return nil
	}
	return check(ctx, copied)
}

// syncFolder makes the entry of a new file durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the folder of the backup: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return unavailable(msgIO, err)
	}
	return nil
}
