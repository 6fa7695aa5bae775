package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"callboard/sqldb"
)

// leaderLock is the key of the advisory lock that the leader holds. Any constant does that others do not use: that of
// sqldb's migrations is "callboar", and must not be this one, or no schema could change while a server leads.
const leaderLock = 0x63625f72_656c6179 // "cb_relay"

// electionPoll is how often a follower tries for the lock: so long a takeover takes at the most.
const electionPoll = 500 * time.Millisecond

// leader is the right to position events, as long as it lasts.
type leader interface {
	// write runs fn in a transaction that cannot commit after the leadership was lost.
	write(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error
	holds(ctx context.Context) bool
	resign()
}

// elect returns when this process leads, or with an error when it could not try.
func elect(ctx context.Context, db *sqldb.DB, log *slog.Logger) (leader, error) {
	if db.Dialect() == sqldb.SQLite {
		return soleLeader{db}, nil
	}
	return electByLock(ctx, db, log)
}

// soleLeader leads because there is nobody else: app lets one process serve a SQLite file.
type soleLeader struct{ db *sqldb.DB }

func (l soleLeader) write(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
	return l.db.Write(ctx, fn)
}

func (soleLeader) holds(context.Context) bool { return true }

func (soleLeader) resign() {}

// lockLeader holds a session advisory lock on a connection of its own and runs its transactions on that same
// connection. PostgreSQL frees the lock only when the connection ends, and then the transaction ends with it: so a
// leader that lost its lock cannot commit, and two leaders can never both have given the same position.
type lockLeader struct{ conn *sqldb.Pinned }

func electByLock(ctx context.Context, db *sqldb.DB, log *slog.Logger) (leader, error) {
	conn, err := db.Pin(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect for the election: %w", err)
	}
	// PostgreSQL keeps a plan for good once it has made it a few times. Made while the tables were empty, it reads all of
	// them, which under load brings the relay to a stop until statistics are there. Planning anew costs a batch a millisecond.
	if _, err := conn.SQL().ExecContext(ctx, `SET plan_cache_mode = force_custom_plan`); err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect for the election: %w", err)
	}
	for waiting := false; ; waiting = true {
		var held bool
		err := conn.SQL().QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(leaderLock)).Scan(&held)
		switch {
		case err != nil:
			conn.Close()
			return nil, fmt.Errorf("try for the leader's lock: %w", err)
		case held:
			return lockLeader{conn}, nil
		case !waiting:
			log.Warn("relay follows: another process leads, and it alone publishes")
		}
		sqldb.Wait(ctx, electionPoll)
	}
}

func (l lockLeader) write(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
	return l.conn.Write(ctx, fn)
}

func (l lockLeader) holds(ctx context.Context) bool {
	return l.conn.SQL().PingContext(ctx) == nil
}

// resign frees the lock at once, where the connection still lives, so that another can take over without waiting for it
// to be noticed.
func (l lockLeader) resign() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = l.conn.SQL().ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(leaderLock)) // closing frees it too
	l.conn.Close()
}
