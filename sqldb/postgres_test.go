package sqldb_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func TestDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, notes())
	write(t, db, "a", "b")
	var runs atomic.Int64
	var both sync.WaitGroup
	both.Add(2)
	lock := func(first, second string) error {
		var once sync.Once
		return db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			runs.Add(1)
			if _, err := tx.ExecContext(ctx, "UPDATE notes SET body = body || '1' WHERE author = $1", first); err != nil {
				return err
			}
			once.Do(func() { both.Done(); both.Wait() })
			_, err := tx.ExecContext(ctx, "UPDATE notes SET body = body || '1' WHERE author = $1", second)
			return err
		})
	}
	done := make(chan error, 2)
	go func() { done <- lock("a", "b") }()
	go func() { done <- lock("b", "a") }()
	for range 2 {
		if err := receive(t, done); err != nil {
			t.Errorf("write: %v", err)
		}
	}
	if runs.Load() < 3 {
		t.Errorf("the functions ran %d times: there was no deadlock to try again after", runs.Load())
	}
	var done2 int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM notes WHERE body = '11'").Scan(&done2); err != nil || done2 != 2 {
		t.Errorf("%d notes have both changes, %v; want 2", done2, err)
	}
}

func TestLostConnection(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, notes())
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		var pid int
		if err := tx.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return err
		}
		if err := db.QueryRowContext(ctx, "SELECT pg_terminate_backend($1, 5000)", pid).Scan(new(bool)); err != nil {
			return err
		}
		return insert(ctx, tx, "lost")
	})
	if callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("Write on a lost connection returned %v", err)
	}
	write(t, db, "next")
	if diff := cmp.Diff([]string{"next"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
}

func TestDedicatedConn(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, notes())
	const key = 42
	leader, follower := pin(t, db), pin(t, db)
	if !tryLock(t, leader, key) {
		t.Fatal("the first to ask does not get the lock")
	}
	if tryLock(t, follower, key) {
		t.Fatal("the lock was given twice")
	}
	err := leader.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "leader") })
	if err != nil {
		t.Errorf("the leader's write returned %v", err)
	}

	// The session of the leader ends: its lock is free, and nothing commits on it any more.
	if err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
			WHERE locktype = 'advisory' AND objid = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, key).Scan(new(bool))
	}); err != nil {
		t.Fatalf("end the leader's session: %v", err)
	}
	if !tryLock(t, follower, key) {
		t.Error("the lock did not pass on")
	}
	err = leader.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "deposed") })
	if callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("the deposed leader's write returned %v", err)
	}
	if diff := cmp.Diff([]string{"leader"}, authors(t, db)); diff != "" {
		t.Errorf("stored notes (-want +got):\n%s", diff)
	}
	if err := errors.Join(follower.Close(), leader.Close()); err != nil {
		t.Errorf("close: %v", err)
	}
	third := pin(t, db)
	defer third.Close()
	eventually(t, func() bool { return tryLock(t, third, key) }) // PostgreSQL may take a moment to end the session
}

func pin(t *testing.T, db *sqldb.DB) *sqldb.DedicatedConn {
	t.Helper()
	p, err := db.Dedicate(t.Context())
	if err != nil {
		t.Fatalf("pin: %v", err)
	}
	return p
}

func tryLock(t *testing.T, p *sqldb.DedicatedConn, key int) bool {
	t.Helper()
	var got bool
	if err := p.SQL().QueryRowContext(t.Context(), "SELECT pg_try_advisory_lock($1)", key).Scan(&got); err != nil {
		t.Fatalf("ask for the lock: %v", err)
	}
	return got
}

func TestPinOnSQLite(t *testing.T) {
	t.Parallel()
	if _, err := sqldbtest.Open(t, sqldbtest.SQLite).Dedicate(t.Context()); err == nil {
		t.Error("a SQLite connection was pinned")
	}
}
