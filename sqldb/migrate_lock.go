package sqldb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

const migrationLockPoll = 50 * time.Millisecond

type lockedKey struct{}

// Locked runs fn while no other process, nor another call in this one, runs one. It is how the schema is changed, by
// Migrate and by the migrators of libraries. Inside fn, calls with its ctx run at once.
func Locked(ctx context.Context, db *DB, fn func(ctx context.Context) error) (err error) {
	if holder, _ := ctx.Value(lockedKey{}).(*DB); holder == db {
		return fn(ctx)
	}
	lock := db.lockFile
	if db.dialect == Postgres {
		lock = db.lockAdvisory
	}
	unlock, err := lock(ctx)
	if err != nil {
		return mapError(ctx, fmt.Errorf("lock the schema: %w", err))
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return fn(context.WithValue(ctx, lockedKey{}, db))
}

// lockFile locks a file beside the database: a lock in the database itself would be in the way of the migrations' own
// transactions. The system drops it when the process dies. The file stays, since removing it would let two processes
// hold locks on two files of that name.
func (db *DB) lockFile(ctx context.Context) (unlock func() error, err error) {
	lock := flock.New(db.path+"-migrate.lock", flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, migrationLockPoll); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock.Close, nil
}

// lockAdvisory takes a session lock on a connection of its own. It asks again and again rather than waiting inside
// PostgreSQL, where the waiting statement's snapshot would hold up CREATE INDEX CONCURRENTLY.
func (db *DB) lockAdvisory(ctx context.Context) (unlock func() error, err error) {
	conn, err := db.Dedicate(ctx)
	if err != nil {
		return nil, err
	}
	ticker := time.NewTicker(migrationLockPoll)
	defer ticker.Stop()
	for {
		var locked bool
		err := conn.SQL().QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", db.LockKey("migrations")).Scan(&locked)
		if err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		if locked {
			return conn.Close, nil // ending the session frees its locks
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), conn.Close())
		}
	}
}
