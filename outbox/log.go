// Package outbox is the log of events. Append writes an event in the transaction of the change that it tells of; once that has
// committed the event gets its position, without gaps, and the consumers of the log take it from there in order: what cannot be
// handled is tried again as a dead letter.
package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Config is what a Log needs. Only DB is required.
type Config struct {
	DB      *sqldb.DB
	Events  *callboard.Registry // what may be appended, and what follows from it; nil: Callboard's own types
	Logger  *slog.Logger
	Metrics prometheus.Registerer
	Tracer  trace.Tracer // of what follows from requests that are traced; nil: none
	Now     func() time.Time
	// Notices, when set, have other nodes look at once after what is appended or taken here, instead of a moment later. New has to
	// come before their Run.
	Notices *sqldb.Notices
	// Access says who may read the things of applications, and so the events on their channels; nil: all who are signed in.
	Access callboard.Access

	BatchSize  int           // events per batch at the most; 0 means 256
	Poll       time.Duration // how often to look without being woken; 0 means 200 ms
	RetryFirst time.Duration // delay before a failure is first tried again; 0 means 500 ms. It doubles each time
	RetryMax   time.Duration // longest delay between two tries of a dead letter; 0 means 15 s
	Retention  time.Duration // how long events are kept for GET /events; 0 means 7 days
}

func (c Config) withDefaults() Config {
	setDefault(&c.BatchSize, 256)
	setDefault(&c.Poll, 200*time.Millisecond)
	setDefault(&c.RetryFirst, 500*time.Millisecond)
	setDefault(&c.RetryMax, 15*time.Second)
	setDefault(&c.Retention, 7*24*time.Hour)
	if c.Events == nil {
		c.Events, _ = callboard.NewRegistry() // without types of an application nothing can be wrong
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = callboard.Now
	}
	return c
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Log is the log of events of one database, and runs consumers. Many processes may run the same consumers on PostgreSQL; at any
// time one of them leads and does the work. Logs with other consumers run beside them.
type Log struct {
	cfg       Config
	log       *slog.Logger
	metrics   *metrics
	setUp     sync.Mutex // of Add and Run
	ran       bool       // from then on consumers does not change
	consumers []*consumer
	buffer    eventBuffer
	node      string                // by which notices of this log are known
	lease     atomic.Pointer[lease] // nil while this process does not lead
	newest    atomic.Int64          // position that was given, as far as this process knows; on SQLite it is not known
	foreign   sqldb.Wakeup          // something was appended in the transaction of an application
	warned    sync.Map              // names of unknown types of which the log has warned
}

// New returns a Log, to which Append writes. Add gives it consumers, and Run makes them work.
func New(cfg Config) *Log {
	cfg = cfg.withDefaults()
	l := &Log{cfg: cfg, log: cfg.Logger, foreign: sqldb.NewWakeup(), node: callboard.NewID()}
	l.buffer.onRead = l.warnOfUnknown
	if cfg.Notices != nil {
		cfg.Notices.Forward(Topic, sequencedTopic, cursorTopic, leadTopic)
		cfg.Notices.Receive(lateTopic, l.hearLate)
	}
	if cfg.DB.Dialect() == sqldb.SQLite {
		l.newest.Store(math.MaxInt64)
	}
	l.metrics = newMetrics(l)
	return l
}

// Add gives the log consumers, before Run: nothing would run one that comes later, and Drain would wait for it in vain. So Add
// panics once Run was called, and also for a name that a consumer has already: both would move one cursor.
func (l *Log) Add(consumers ...Consumer) {
	l.setUp.Lock()
	defer l.setUp.Unlock()
	for _, c := range consumers {
		switch {
		case l.ran:
			panic(fmt.Sprintf("outbox: Add of the consumer %q after Run", c.Name))
		case l.consumer(c.Name) != nil:
			panic(fmt.Sprintf("outbox: Add of a second consumer %q", c.Name))
		case c.EveryNode && c.Send == nil:
			panic(fmt.Sprintf("outbox: Add of the consumer %q of every node, which does not send", c.Name))
		}
		l.consumers = append(l.consumers, &consumer{
			Consumer: c, log: l, batch: newBatchSizer(l.cfg.DB.Dialect(), l.cfg.BatchSize),
			batchTime: l.metrics.batch.WithLabelValues(c.Name), age: l.metrics.age.WithLabelValues(c.Name),
		})
	}
	for _, c := range l.consumers {
		c.follows = c.followed(l.consumers)
		for _, f := range c.follows {
			f.leads = true
		}
	}
}

// consumer returns the one with the name, or nil.
func (l *Log) consumer(name string) *consumer {
	i := slices.IndexFunc(l.consumers, func(c *consumer) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return l.consumers[i]
}

// Registry returns what is known of events.
func (l *Log) Registry() *callboard.Registry { return l.cfg.Events }

// Leading reports whether this process runs the consumers at the moment.
func (l *Log) Leading() bool {
	lease := l.lease.Load()
	return lease != nil && lease.current()
}

// Run works until ctx ends, and returns when all consumers have stopped. Losing the database or the leadership is not an
// error: it is logged and tried again.
func (l *Log) Run(ctx context.Context) error {
	l.setUp.Lock()
	l.ran = true
	l.setUp.Unlock()
	wait := l.runHere(ctx)
	defer wait()
	for ctx.Err() == nil {
		lease, err := l.acquireLease(ctx)
		if err != nil {
			if ctx.Err() == nil {
				l.log.Warn("cannot try to lead", "error", err)
				sqldb.Wait(ctx, time.Second)
			}
			continue
		}
		l.lead(ctx, lease)
	}
	return nil
}

// lead runs the sequencer and the consumers until ctx ends or the lease is lost.
func (l *Log) lead(ctx context.Context, lease *lease) {
	ctx, cancel := context.WithCancel(sqldb.LowPriority(ctx))
	defer func() {
		lease.release()
		l.cfg.DB.Raise(leadTopic)
	}()
	defer cancel()
	l.log.Info("leads the consumers")
	l.lease.Store(lease)
	defer l.lease.Store(nil)

	var running sync.WaitGroup
	if l.cfg.DB.Dialect() == sqldb.Postgres {
		running.Go(func() { l.sequence(ctx) })
	}
	running.Go(func() { l.lookForForeign(ctx) })
	for _, c := range l.consumers {
		if !c.EveryNode {
			running.Go(func() { c.run(ctx) })
		}
	}
	lease.wait(ctx)
	if ctx.Err() == nil {
		l.log.Warn("no longer leads the consumers")
	}
	l.lease.Store(nil) // at once: a consumer that is amid a batch may take its time, and another process leads by now
	cancel()
	running.Wait()
}

// backoff returns how long to wait after the given number of failures: doubling from RetryFirst to the limit.
func (l *Log) backoff(failures int, limit time.Duration) time.Duration {
	return min(l.cfg.RetryFirst<<min(max(failures-1, 0), 16), limit)
}

// Drain returns when every event that was appended before the call has been taken by all consumers, or with the error of
// ctx. It is for a server that stops and for tests; where nobody leads it waits in vain.
func (l *Log) Drain(ctx context.Context) error {
	moved, stop := l.cfg.DB.Listen(cursorTopic)
	defer stop()
	ticker := time.NewTicker(l.cfg.Poll)
	defer ticker.Stop()
	for {
		stats, err := l.Stats(ctx)
		if err != nil || stats.LagEvents() == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		case <-ticker.C:
		}
	}
}

const (
	// awaitPoll is how often Await looks without being woken: the consumers may run in another process.
	awaitPoll = 25 * time.Millisecond

	// maxAwait is the longest that Await waits.
	maxAwait = time.Second
)

// ErrNotTaken is what Await returns where a consumer has not taken the events, and what follows from them is not there.
var ErrNotTaken = errors.New("not all events were taken")

// Await returns nil when the consumer has taken every event that was committed before the call, be it in this process or in another
// one on the same database. It is for those who read what follows from a write of their own; unlike Drain it does not wait for
// what comes meanwhile.
//
// It waits for a second at most. The error is ErrNotTaken where that was not enough, as when the consumer fails or no process runs
// it, and at once where nobody knows a consumer of that name.
func (l *Log) Await(ctx context.Context, consumer string) error {
	moved, stop := l.cfg.DB.Listen(cursorTopic)
	defer stop()
	ticker, limit := time.NewTicker(awaitPoll), time.NewTimer(maxAwait)
	defer ticker.Stop()
	defer limit.Stop()
	newest, err := newestID(ctx, l.cfg.DB)
	if err != nil {
		return err
	}
	target := int64(-1) // the position to come to, once all those events have one
	for {
		if target < 0 {
			if target, err = posWhenSequenced(ctx, l.cfg.DB, newest); err != nil {
				return err
			}
		}
		if target >= 0 {
			if done, err := l.hasTaken(ctx, consumer, target); done || err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return fmt.Errorf("%w by the consumer %q within %v: it fails or lags, or no process runs it", ErrNotTaken, consumer, maxAwait)
		case <-moved:
		case <-ticker.C:
		}
	}
}

// hasTaken reports whether a consumer has taken all events up to a position. One that runs here knows before the database does.
func (l *Log) hasTaken(ctx context.Context, consumer string, pos int64) (bool, error) {
	own := l.consumer(consumer)
	if own != nil && own.pos.Load() >= pos {
		return true, nil
	}
	var at int64
	err := l.cfg.DB.QueryRowContext(ctx, `SELECT pos FROM callboard_consumers WHERE name = $1`, consumer).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		if own == nil {
			return false, fmt.Errorf("%w: nobody knows a consumer %q", ErrNotTaken, consumer)
		}
		return false, nil // it has not run yet
	}
	return at >= pos, err
}
