package sqldb

import "time"

// SetGroupBudget has groups gather writes for that long, so that a slow machine does not split them.
func (db *DB) SetGroupBudget(d time.Duration) { db.writer.budget = d }

// Queued returns how many writes wait for their turn on SQLite.
func (db *DB) Queued() int { return len(db.writer.queue) }

// WriterStopped is closed when the writer's goroutine has ended.
func (db *DB) WriterStopped() <-chan struct{} { return db.writer.stopped }
