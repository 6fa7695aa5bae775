package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"callboard"
	"callboard/sqldb"
)

// maxStraightFailures is how many events in a row a handler may fail before the rest of the batch is parked untried: it
// is then the handler that is broken, not the events.
const maxStraightFailures = 3

// stopGrace is how long a batch that has begun may take after the relay was told to stop. Cutting it off at once would
// cost PostgreSQL's connection, and with it the saved cursor.
const stopGrace = 5 * time.Second

// dispatchLoop is stage 1. It is woken by commits of this process; the poll finds those of other processes, and is the
// truth should a wake-up be lost.
func (r *Relay) dispatchLoop(ctx context.Context, lead leader) {
	wake, stop := r.cfg.DB.Listen(Topic)
	defer stop()
	ticker := time.NewTicker(r.cfg.Poll)
	defer ticker.Stop()
	work, release := outlive(ctx, stopGrace)
	defer release()
	failures := 0
	for ctx.Err() == nil {
		began := time.Now()
		more, err := r.dispatchOnce(work, lead)
		switch {
		case err != nil && !lead.holds(work):
			r.log.Warn("relay lost the leadership", "error", err)
			return
		case err != nil && ctx.Err() == nil:
			failures++
			r.log.Error("relay batch failed", "error", err, "failures", failures)
			sqldb.Wait(ctx, r.pause(failures))
		case more:
			failures = 0
		default:
			failures = 0
			select {
			case <-ctx.Done():
			case <-wake:
				sqldb.Wait(ctx, gather-time.Since(began))
			case <-ticker.C:
			}
		}
	}
}

// gather is the least time from one batch to the next that does not fill one. A batch costs about as much as ten events, so
// events that come one by one are taken together, and one after a pause at once.
const gather = 10 * time.Millisecond

// dispatchOnce runs one batch and reports whether there may be more to do at once.
func (r *Relay) dispatchOnce(ctx context.Context, lead leader) (more bool, err error) {
	if idle, err := r.idle(ctx); idle || err != nil {
		return false, err
	}
	var claimed []callboard.Event
	var retried int
	var took time.Duration
	err = lead.write(ctx, func(ctx context.Context, tx *sqldb.Tx) (err error) {
		start := time.Now() // not before: on SQLite the transaction first waits for its turn
		defer func() { took = time.Since(start) }()
		if claimed, err = r.dispatchBatch(ctx, tx); err != nil {
			return err
		}
		retried, err = r.retryParked(ctx, tx)
		return err
	})
	if err != nil {
		r.fresh.forget() // the commit may have succeeded all the same
		return false, err
	}
	r.fresh.add(claimed)
	if len(claimed) > 0 || retried > 0 {
		r.committed.Raise()
	}
	more = len(claimed) == r.batch || retried > 0
	r.adapt(max(len(claimed), retried), took)
	return more, nil
}

// What a batch should cost. An event may have no recipient or ten thousand. On SQLite requests that write wait for as long as a
// batch takes; on PostgreSQL nobody does, and a large part of a batch is the way there and back.
const (
	batchTimeSQLite   = 10 * time.Millisecond
	batchTimePostgres = 100 * time.Millisecond
	smallBatch        = 4 // events that may be tried at once without knowing what they cost
)

// adapt chooses the size of the next batch: as many events as fit into the time that one should take, going by the last, and at most twice
// as many as that had.
func (r *Relay) adapt(events int, took time.Duration) {
	switch {
	case events == 0:
	case took > r.batchTime:
		r.batch = max(1, int(int64(events)*int64(r.batchTime)/int64(took)))
	default:
		r.batch = min(max(smallBatch, 2*events), r.cfg.BatchSize)
	}
}

// idle reports whether a write transaction would have nothing to do.
func (r *Relay) idle(ctx context.Context) (bool, error) {
	work, err := hasWork(ctx, r.cfg.DB, r.cfg.Handlers, r.cfg.Now())
	if err != nil || work {
		return false, err
	}
	saved, err := readState(ctx, r.cfg.DB, "")
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return saved.published == r.published && len(r.republished) == 0, nil
}

// dispatchBatch positions the next events, hands them to every handler and moves the cursors, all in tx.
func (r *Relay) dispatchBatch(ctx context.Context, tx *sqldb.Tx) ([]callboard.Event, error) {
	s, err := readState(ctx, tx, sqldb.ForUpdate(tx))
	if err != nil {
		return nil, err
	}
	events, err := claim(ctx, tx, s.last, r.batch)
	if err != nil {
		return nil, err
	}
	if len(events) > 0 {
		s.last = events[len(events)-1].Pos
	}
	if err := r.saveProgress(ctx, tx, s); err != nil || len(events) == 0 {
		return nil, err
	}
	for _, h := range r.cfg.Handlers {
		if err := r.handle(ctx, tx, h, events); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// saveProgress writes s, along with how far stage 2 has come by now.
func (r *Relay) saveProgress(ctx context.Context, tx *sqldb.Tx, s state) error {
	r.mu.Lock()
	s.published = r.published
	done := r.republished
	r.mu.Unlock()
	if err := writeState(ctx, tx, s); err != nil {
		return err
	}
	if err := unpark(ctx, tx, done); err != nil {
		return err
	}
	tx.OnCommit(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.republished = r.republished[len(done):]
	})
	return nil
}

// saveCursor writes how far stage 2 came, when the relay stops. Without it the next leader would only publish a few
// events twice.
func (r *Relay) saveCursor(lead leader) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := lead.write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		s, err := readState(ctx, tx, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		return r.saveProgress(ctx, tx, s)
	})
	if err != nil {
		r.log.Warn("relay could not save its cursor; some events will be published twice", "error", err)
	}
}

// handle gives events to h: as a batch, and should that fail, one by one. What fails alone is parked. The error is that
// of the transaction, never the handler's.
func (r *Relay) handle(ctx context.Context, tx *sqldb.Tx, h Handler, events []callboard.Event) error {
	failed, err := r.try(ctx, tx, h, events)
	if err != nil || len(failed) == 0 {
		return err
	}
	return park(ctx, tx, h.Name(), failed, r.cfg.Now(), r.backoff)
}

// failure is an event that a handler did not take.
type failure struct {
	event    callboard.Event
	attempts int // before this one
	err      error
}

// try gives events to h and returns those that it did not take. When the batch as a whole fails, each event is tried in
// a savepoint of its own. The error is that of the transaction.
func (r *Relay) try(ctx context.Context, tx *sqldb.Tx, h Handler, events []callboard.Event) ([]failure, error) {
	start := time.Now()
	defer func() { r.metrics.observe(h.Name(), time.Since(start)) }()
	err := attempt(ctx, tx, h, events)
	if err == nil {
		return nil, nil
	}
	r.log.Warn("handler failed for a batch; trying event by event",
		"handler", h.Name(), "events", len(events), "error", err)
	var failed []failure
	straight := 0
	for i := range events {
		if len(events) > 1 && straight < maxStraightFailures {
			err = attempt(ctx, tx, h, events[i:i+1])
		}
		if err == nil {
			straight = 0
			continue
		}
		straight++
		failed = append(failed, failure{event: events[i], err: err})
	}
	return failed, ctx.Err()
}

// attempt calls h once, in a savepoint: either all that it did stays, or nothing.
func attempt(ctx context.Context, tx *sqldb.Tx, h Handler, events []callboard.Event) error {
	return tx.Savepoint(ctx, func(ctx context.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())
			}
		}()
		return h.Handle(ctx, tx, events)
	})
}

// maxPause is the longest that a stage rests when the database or a publisher is away. A try costs little, and what waits is
// all that happens.
const maxPause = 2 * time.Second

// pause returns how long a stage rests after the given number of failures.
func (r *Relay) pause(failures int) time.Duration { return min(r.backoff(failures), maxPause) }

// backoff returns how long to wait after the given number of failures: doubling from RetryFirst to RetryMax.
func (r *Relay) backoff(failures int) time.Duration {
	d := r.cfg.RetryFirst << min(max(failures-1, 0), 16)
	return min(d, r.cfg.RetryMax)
}
