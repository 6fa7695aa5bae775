package sqldb

import (
	"net"
	"time"
)

// Socket returns the socket of a connection to PostgreSQL, as sql.Conn.Raw gives one.
func Socket(conn any) net.Conn { return conn.(*batchConn).Conn.Conn().PgConn().Conn() }

// SetGroupBudget has groups gather writes for that long, so that a slow machine does not split them.
func (db *DB) SetGroupBudget(d time.Duration) { db.writer.usual.budget = d }

// SetLowBudget does that for writes of low priority.
func (db *DB) SetLowBudget(d time.Duration) { db.writer.low.budget = d }

// SetBeginPatience bounds how long the beginning of a group is waited for.
func (db *DB) SetBeginPatience(d time.Duration) { db.writer.patience = d }

// Queued returns how many writes wait for their turn on SQLite.
func (db *DB) Queued() int { return len(db.writer.usual.requests) + len(db.writer.low.requests) }

// WriterStopped is closed when the writer's goroutine has ended.
func (db *DB) WriterStopped() <-chan struct{} { return db.writer.stopped }
