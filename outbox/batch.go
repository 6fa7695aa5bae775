package outbox

import (
	"time"

	"callboard/sqldb"
)

// What a batch should cost. An event may have no recipient or ten thousand. On SQLite requests that write wait for as long as
// a batch takes; on PostgreSQL nobody does, and a large part of a batch is the way there and back.
const (
	batchTimeSQLite   = 10 * time.Millisecond
	batchTimePostgres = 100 * time.Millisecond
	smallBatch        = 4 // events that may be tried at once without knowing what they cost
)

// batchSizer chooses how many events a batch takes: as many as fit into the time that one should take, going by the last
// one, and at most twice as many as that had.
type batchSizer struct {
	size, max int
	budget    time.Duration
}

func newBatchSizer(dialect sqldb.Dialect, limit int) batchSizer {
	b := batchSizer{max: limit, budget: batchTimeSQLite}
	if dialect == sqldb.Postgres {
		b.budget = batchTimePostgres
	}
	b.reset()
	return b
}

func (b *batchSizer) reset() { b.size = min(smallBatch, b.max) }

func (b *batchSizer) observe(events int, took time.Duration) {
	switch {
	case events == 0:
	case took > b.budget:
		b.size = max(1, int(int64(events)*int64(b.budget)/int64(took)))
	default:
		b.size = min(max(smallBatch, 2*events), b.max)
	}
}
