package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// Leading only avoids that several processes do the same work: what they commit is fenced by the cursors.

// leaderLock returns the key of the advisory lock of those who run the same consumers. An application that runs consumers of its
// own beside a server has another one.
func (l *Log) leaderLock() int64 {
	names := []string{"leader"}
	for _, c := range l.consumers {
		names = append(names, c.Name)
	}
	return l.cfg.DB.LockKey(strings.Join(names, "\n"))
}

// leasePoll is how often others try for the lock, and how often the leader makes sure that it still has it.
const leasePoll = 500 * time.Millisecond

// lease is the right to lead, for as long as a connection that holds an advisory lock lives. On SQLite there is nobody
// else, since one process serves a file: it has no connection there and never ends.
type lease struct {
	conn *sqldb.DedicatedConn
	lock int64
}

// acquireLease returns when this process leads, or with an error when it could not try.
func (l *Log) acquireLease(ctx context.Context) (*lease, error) {
	if l.cfg.DB.Dialect() == sqldb.SQLite {
		return &lease{}, nil
	}
	conn, err := l.cfg.DB.Dedicate(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect for the lease: %w", err)
	}
	lock := l.leaderLock()
	for waiting := false; ; waiting = true {
		var held bool
		err := conn.SQL().QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, lock).Scan(&held)
		switch {
		case err != nil:
			conn.Close()
			return nil, fmt.Errorf("try for the lease: %w", err)
		case held:
			return &lease{conn, lock}, nil
		case !waiting:
			l.log.Warn("follows: another process leads, and it alone publishes")
		}
		sqldb.Wait(ctx, leasePoll)
	}
}

// wait returns when ctx ends or the lease is lost, which the server tells by ending the connection.
func (s *lease) wait(ctx context.Context) {
	for ctx.Err() == nil && s.holds(ctx) {
		sqldb.Wait(ctx, leasePoll)
	}
}

func (s *lease) holds(ctx context.Context) bool {
	if s.conn == nil {
		<-ctx.Done()
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, 10*leasePoll)
	defer cancel()
	return s.conn.SQL().PingContext(ctx) == nil
}

// release frees the lock at once, where the connection still lives, so that another process need not wait for its end to
// be noticed.
func (s *lease) release() {
	if s.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = s.conn.SQL().ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, s.lock) // closing frees it too
	s.conn.Close()
}
