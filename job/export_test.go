package job

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// NodeKey returns what names this process among those that live.
func (s *Service) NodeKey() int32 {
	key, _ := strconv.ParseInt(strings.Split(s.queue.Node(), "-")[1], 10, 32)
	return int32(key)
}

// Batcher is a batcher.
type Batcher struct{ *batcher }

// NewBatcher returns a batcher whose transactions may take as long as limit.
func NewBatcher(db *sqldb.DB, limit time.Duration) Batcher { return Batcher{newBatcher(db, limit)} }

// Commit is commit.
func (b Batcher) Commit(ctx context.Context, jobID string, apply func(context.Context, *sqldb.Tx, *Job) error) (Job, error) {
	return b.commit(ctx, jobID, apply)
}

// Waiting returns how many transitions wait for the batch that is being committed, and how many may.
func (b Batcher) Waiting() (n, most int) { return len(b.queue), cap(b.queue) }
