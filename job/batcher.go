package job

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	// maxBatch is how many transitions are committed together at most. It bounds what is held in memory and under lock.
	maxBatch = 64
	// batchTime bounds how long the database may take for a batch, or for a job whose row somebody has locked.
	batchTime = 30 * time.Second
)

// batcher commits the transitions of many attempts together: while one batch is being committed the next one gathers, so that
// there is a transaction for each when little goes on, and one for dozens under load. That doubles the jobs per second of
// PostgreSQL. The caller whose turn it is commits for all that wait.
type batcher struct {
	db    *sqldb.DB
	limit time.Duration // of a transaction
	queue chan *pendingTransition
	turn  chan struct{}
}

func newBatcher(db *sqldb.DB, limit time.Duration) *batcher {
	return &batcher{db: db, limit: limit, queue: make(chan *pendingTransition, maxBatch), turn: make(chan struct{}, 1)}
}

type pendingTransition struct {
	jobID string
	apply transition
	taken atomic.Bool   // into a batch, or back by its caller
	done  chan struct{} // closed once the rest is set

	job   Job
	found bool // and not locked by somebody else
	alone bool // it needs a transaction of its own
	err   error
}

// commit applies a transition, and returns the job as it is once that is durable. While the transition waits for its batch it
// ends with ctx. Where there is no such job, apply is not called.
func (b *batcher) commit(ctx context.Context, jobID string, apply transition) (Job, error) {
	p := &pendingTransition{jobID: jobID, apply: apply, done: make(chan struct{})}
	ended, queue := ctx.Done(), b.queue
	for {
		select {
		case queue <- p:
			queue = nil
		case b.turn <- struct{}{}:
			b.commitBatch()
			<-b.turn
		case <-ended:
			if p.taken.CompareAndSwap(false, true) {
				return Job{}, ctx.Err()
			}
			ended = nil
		case <-p.done:
			if p.alone {
				return transit(ctx, b.db, b.limit, jobID, apply)
			}
			return p.job, p.err
		}
	}
}

// commitBatch commits what is waiting. A job whose row somebody has locked is left out, so that it does not hold up the others.
// Where one may be at fault, each is left to its own caller.
func (b *batcher) commitBatch() {
	var batch []*pendingTransition
	for waiting := true; waiting && len(batch) < maxBatch; {
		select {
		case p := <-b.queue:
			if p.taken.CompareAndSwap(false, true) {
				batch = append(batch, p)
			}
		default:
			waiting = false
		}
	}
	if len(batch) == 0 {
		return
	}
	err := commitTogether(context.Background(), b.db, b.limit, sqldb.ForUpdateSkipLocked, batch) // it is no single caller's
	for _, p := range batch {
		p.err = err
		p.alone = err == nil && !p.found || err != nil && len(batch) > 1 && callboard.CodeOf(err) != callboard.CodeUnavailable
		close(p.done)
	}
}
