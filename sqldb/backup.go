package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

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
	err = db.vacuumInto(ctx, path)
	if err == nil {
		err = db.inspectCopy(ctx, path, check)
	}
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	if err := f.Sync(); err != nil { // SQLite does not: it takes the target of a VACUUM for a temporary file
		return errors.Join(unavailable(msgIO, err), os.Remove(path))
	}
	return syncFolder(filepath.Dir(path))
}

// vacuumInto copies through a connection of its own, so that neither the writer nor a reader is kept.
func (db *DB) vacuumInto(ctx context.Context, path string) error {
	pool, err := openPool(db.path, db.names, 1, "deferred", busyTimeout)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return mapError(ctx, fmt.Errorf("copy the database: %w", err))
	}
	return nil
}

// inspectCopy reads the copy as it is: to open it for writing would turn its journal into a WAL, and leave files beside it.
func (db *DB) inspectCopy(ctx context.Context, path string, check func(ctx context.Context, copied Querier) error) error {
	pool, err := openPool(path, db.names, 1, "deferred", busyTimeout, "query_only(1)")
	if err != nil {
		return err
	}
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
