package outbox

import (
	"time"

	"github.com/callboard/callboard/sqldb"
)

// BatchSizer lets tests tell how long batches took.
type BatchSizer struct{ batchSizer }

// NewBatchSizer returns the batch sizer of a consumer.
func NewBatchSizer(dialect sqldb.Dialect, limit int) *BatchSizer {
	return &BatchSizer{newBatchSizer(dialect, limit)}
}

// Observe tells how long a batch took, and returns the size of the next.
func (b *BatchSizer) Observe(events int, took time.Duration) int {
	b.observe(events, took)
	return b.size
}
