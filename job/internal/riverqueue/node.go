package riverqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// node lets others see whether this process lives. On PostgreSQL it holds an advisory lock of its own, which the database
// frees the moment its connection ends, also by kill -9. On SQLite there is one server, so whatever another one has left
// running is dead.
type node struct {
	name string // as the queue knows it
	key  int32
	db   *sqldb.DB
	log  *slog.Logger
}

const nodeCheck = 2 * time.Second

// nodeLock returns the class of the locks.
func nodeLock(db *sqldb.DB) int32 { return int32(db.LockKey("nodes") & math.MaxInt32) }

func newNode(db *sqldb.DB, log *slog.Logger) *node {
	key := rand.Int32N(1<<31 - 1)
	return &node{name: fmt.Sprintf("callboard-%d-%s", key, callboard.NewID()), key: key, db: db, log: log}
}

// Node returns the name of this process, as rows have it that it works on.
func (q *Queue) Node() string { return q.node.name }

// ShowAlive shows others that this process lives until ctx ends. It returns once they see it; the function that it returns waits
// for the end. When the connection is lost, another one takes the lock again; meanwhile others may take what runs here for dead,
// and it loses its jobs, which is safe.
func (q *Queue) ShowAlive(ctx context.Context) (wait func(), err error) {
	n := q.node
	if n.db.Dialect() == sqldb.SQLite {
		return func() {}, nil
	}
	conn, err := n.lock(ctx)
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.keep(ctx, conn)
	}()
	return func() { <-done }, nil
}

func (n *node) lock(ctx context.Context) (*sqldb.DedicatedConn, error) {
	conn, err := n.db.Dedicate(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.SQL().ExecContext(ctx, "SELECT pg_advisory_lock($1, $2)", nodeLock(n.db), n.key); err != nil {
		return nil, errors.Join(fmt.Errorf("take the lock of the node: %w", err), conn.Close())
	}
	return conn, nil
}

func (n *node) keep(ctx context.Context, conn *sqldb.DedicatedConn) {
	for {
		sqldb.Wait(ctx, nodeCheck)
		if ctx.Err() != nil {
			break
		}
		if conn != nil {
			if _, err := conn.SQL().ExecContext(ctx, "SELECT 1"); err == nil {
				continue
			}
			conn.Close()
		}
		var err error
		if conn, err = n.lock(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "this node cannot show that it lives", "error", err)
		}
	}
	if conn != nil {
		conn.Close()
	}
}

const (
	// silence is how long a node may say nothing before its jobs are taken from it. One that is stopped, or whose network has gone, holds its
	// lock for as long as its connection stands.
	silence = 15 * time.Second

	anySilence = 100 * 365 * 24 * time.Hour
)

// LiveNodes returns the keys of the processes that work on the jobs of a database, those that are stopped among them: they may go on at any
// moment. On SQLite it knows of none.
func LiveNodes(ctx context.Context, db *sqldb.DB) ([]int64, error) {
	return heardWithin(ctx, db, anySilence)
}

// heardWithin returns the LiveNodes that have not been silent for longer. PostgreSQL itself keeps when a session last spoke; of those of
// other users it does not tell.
func heardWithin(ctx context.Context, db *sqldb.DB, silence time.Duration) ([]int64, error) {
	if db.Dialect() == sqldb.SQLite {
		return nil, nil
	}
	rows, err := db.QueryContext(ctx, `SELECT objid::bigint FROM pg_locks JOIN pg_stat_activity AS holder USING (pid)
		WHERE locktype = 'advisory' AND classid::bigint = $1 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND coalesce(holder.state_change > clock_timestamp() - make_interval(secs => $2), true)`, nodeLock(db), silence.Seconds())
	return sqldb.CollectValues[int64](rows, err, "look which nodes live")
}

// Dead returns a function that reports whether a node, by its name, was dead when Dead was called. On SQLite it knows of none.
func (q *Queue) Dead(ctx context.Context) (func(name string) bool, error) {
	if q.cfg.DB.Dialect() == sqldb.SQLite {
		return func(string) bool { return false }, nil
	}
	keys, err := heardWithin(ctx, q.cfg.DB, silence)
	alive := map[string]bool{}
	for _, key := range keys {
		alive[strconv.FormatInt(key, 10)] = true
	}
	return func(name string) bool {
		parts := strings.SplitN(name, "-", 3)
		return len(parts) == 3 && parts[0] == "callboard" && !alive[parts[1]]
	}, err
}
