package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
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

const (
	nodeLock  = 0x63626a6f // class of the locks: "cbjo"
	nodeCheck = 2 * time.Second
)

func newNode(db *sqldb.DB, log *slog.Logger) *node {
	key := rand.Int32N(1<<31 - 1)
	return &node{name: fmt.Sprintf("callboard-%d-%s", key, callboard.NewID()), key: key, db: db, log: log}
}

// keyOf returns the key within the name of a node, "" when it is not that of one.
func keyOf(name string) string {
	parts := strings.SplitN(name, "-", 3)
	if len(parts) != 3 || parts[0] != "callboard" {
		return ""
	}
	return parts[1]
}

// hold shows that this process lives until ctx ends. It returns once others see it; the function that it returns waits for
// the end. When the connection is lost, another one takes the lock again; meanwhile others may take what runs here for
// dead, and it loses its jobs, which is safe.
func (n *node) hold(ctx context.Context) (wait func(), err error) {
	if n.db.Dialect() != sqldb.Postgres {
		return func() {}, nil
	}
	pinned, err := n.lock(ctx)
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.keep(ctx, pinned)
	}()
	return func() { <-done }, nil
}

func (n *node) lock(ctx context.Context) (*sqldb.Pinned, error) {
	pinned, err := n.db.Pin(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := pinned.SQL().ExecContext(ctx, "SELECT pg_advisory_lock($1, $2)", int32(nodeLock), n.key); err != nil {
		return nil, errors.Join(fmt.Errorf("take the lock of the node: %w", err), pinned.Close())
	}
	return pinned, nil
}

func (n *node) keep(ctx context.Context, pinned *sqldb.Pinned) {
	for {
		sqldb.Wait(ctx, nodeCheck)
		if ctx.Err() != nil {
			break
		}
		if pinned != nil {
			if _, err := pinned.SQL().ExecContext(ctx, "SELECT 1"); err == nil {
				continue
			}
			pinned.Close()
		}
		var err error
		if pinned, err = n.lock(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "this node cannot show that it lives", "error", err)
		}
	}
	if pinned != nil {
		pinned.Close()
	}
}

// living returns the keys of the nodes that live.
func living(ctx context.Context, q sqldb.Querier) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT objid::bigint FROM pg_locks
		WHERE locktype = 'advisory' AND classid::bigint = $1 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, nodeLock)
	keys, err := sqldb.CollectValues[int64](rows, err, "look which nodes live")
	alive := map[string]bool{}
	for _, key := range keys {
		alive[strconv.FormatInt(key, 10)] = true
	}
	return alive, err
}
