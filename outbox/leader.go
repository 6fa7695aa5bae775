package outbox

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
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

const (
	// leasePoll is how often others try for the lock, and how often the leader makes sure that it still has it.
	leasePoll = 500 * time.Millisecond
	// leaseProof is for how long a leader leads that the database has not answered since.
	leaseProof = 4 * time.Second
	// leaseStale is after what silence of the leader, by the clock of the database, others end its session. By then it has given
	// up, or does so before anything else when it is woken up.
	leaseStale = 5 * time.Second
	// stalePoll is how often others look for that. Looking costs the database more than trying for the lock.
	stalePoll = time.Second
)

// leadTopic is the signal that nobody leads any more, so that another process does at once when one stops.
const leadTopic = "outbox_lead"

// lease is the right to lead, for as long as a connection that holds an advisory lock lives, and speaks. The database frees the lock
// of a process that has died; but that of one which is only stopped, or whose network has gone, it would hold on to. On SQLite there
// is nobody else, since one process serves a file: it has no connection there and never ends.
type lease struct {
	conn   *sqldb.DedicatedConn
	lock   int64
	proven atomic.Pointer[time.Time] // when the database was last asked that has answered since
}

func (s *lease) prove(asked time.Time) { s.proven.Store(&asked) }

// current reports whether nobody else can lead.
func (s *lease) current() bool { return s.conn == nil || time.Since(*s.proven.Load()) < leaseProof }

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
	freed, stop := l.cfg.DB.Listen(leadTopic)
	defer stop()
	var looked time.Time
	for waiting := false; ; waiting = true {
		var held bool
		asked := time.Now()
		err := conn.SQL().QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, lock).Scan(&held)
		switch {
		case err != nil:
			conn.Close()
			return nil, fmt.Errorf("try for the lease: %w", err)
		case held:
			s := &lease{conn: conn, lock: lock}
			s.prove(asked)
			l.endAbandoned(ctx)
			return s, nil
		case !waiting:
			l.log.Warn("follows: another process leads, and it alone publishes")
		}
		if time.Since(looked) >= stalePoll {
			looked = time.Now()
			l.endStale(ctx, conn, lock)
		}
		select {
		case <-ctx.Done():
		case <-freed:
		case <-time.After(leasePoll):
		}
	}
}

// endStale ends the session of a leader that has been silent for too long. PostgreSQL itself keeps when a session last spoke.
func (l *Log) endStale(ctx context.Context, conn *sqldb.DedicatedConn, lock int64) {
	var ended int
	err := conn.SQL().QueryRowContext(ctx, `SELECT count(pg_terminate_backend(holder.pid)) FROM pg_locks JOIN pg_stat_activity AS holder USING (pid)
		WHERE locktype = 'advisory' AND granted AND classid::bigint = $1 AND objid::bigint = $2 AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND state_change < clock_timestamp() - make_interval(secs => $3)`,
		int64(uint32(uint64(lock)>>32)), int64(uint32(lock)), leaseStale.Seconds()).Scan(&ended)
	switch {
	case err != nil && ctx.Err() == nil:
		l.log.Warn("whether the leader lives cannot be told, or its session not be ended", "error", err)
	case ended > 0:
		l.log.Warn("the process that led was silent; its session was ended", "after", leaseStale)
	}
}

// endAbandoned ends the sessions of a leader that was stopped amid a batch: its transaction would keep the cursor locked until PostgreSQL
// has enough of it, which is after a minute. Who leads now has nobody beside it: a session that has a cursor and says nothing is that of one that
// has given up, or of an application that runs consumers of its own, which does its batch again.
func (l *Log) endAbandoned(ctx context.Context) {
	var ended int
	err := l.cfg.DB.QueryRowContext(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'relation' AND granted AND relation = 'callboard_consumers'::regclass
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mode IN ('RowShareLock', 'RowExclusiveLock'))
		AND pid <> pg_backend_pid() AND (state LIKE 'idle in transaction%' OR wait_event_type = 'Client')
		AND state_change < clock_timestamp() - make_interval(secs => $1)`, leaseProof.Seconds()).Scan(&ended)
	switch {
	case err != nil && ctx.Err() == nil:
		l.log.Warn("sessions that the leader before has left cannot be ended", "error", err)
	case ended > 0:
		l.log.Warn("sessions that the leader before has left amid a batch were ended", "sessions", ended)
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
	asked := time.Now()
	ctx, cancel := context.WithTimeout(ctx, leaseProof)
	defer cancel()
	if s.conn.SQL().PingContext(ctx) != nil || !s.current() {
		return false
	}
	s.prove(asked)
	return true
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
