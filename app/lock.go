package app

import (
	"fmt"

	"github.com/gofrs/flock"

	"callboard"
)

// lockDatabase keeps two servers from serving one SQLite file: each would lead the relay and give the same positions.
// Commands beside a running server only append, so they take no lock. PostgreSQL has its own, see outbox.
func lockDatabase(path string) (unlock func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	lock := flock.New(path + ".lock")
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	if !held {
		return nil, callboard.Errorf(callboard.CodeConflict,
			"another server is running on this database; stop it, or give this one a DATA_DIR of its own")
	}
	return func() { _ = lock.Unlock() }, nil // the process ends soon, and the lock with it
}
