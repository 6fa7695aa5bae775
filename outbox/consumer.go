package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Consumer is one reader of the log. It gets every event in the order of positions, without gaps, and by itself: what other
// consumers do neither delays nor fails it. Exactly one of Handle, HandlePart and Send is set.
type Consumer struct {
	Name string // of its cursor; 1–64 characters, never used for another consumer

	// Handle writes what follows from the events, as part of tx. Exactly once: the cursor moves in the same transaction.
	// It does its work in a number of statements that does not grow with the batch. When it fails, all of it is rolled
	// back and it is called again for each event alone, in a savepoint.
	Handle func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error

	// HandlePart is Handle for a consumer to which one event may be too much for one transaction. It returns how many of
	// the events it has taken as a whole, and, where it has begun the one after those, a sub-cursor of its own: it is
	// called again with that event first and the sub-cursor.
	HandlePart func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, sub string) (taken int, next string, err error)

	// Send brings the events to the outside, after they are committed. At least once: the cursor is saved after it has
	// returned, a moment later, so that after a crash it sees some events again. It must not change them.
	Send func(ctx context.Context, events []callboard.Event) error

	// EveryNode has the consumer run on each node, whether it leads or not, for what concerns that node alone: its sockets, its caches. It
	// has Send. Its cursor is in memory, and begins at the newest position there is when the node starts.
	EveryNode bool

	// Wants, when set, tells which events concern the consumer. A batch without any only moves the cursor.
	Wants func(*callboard.Event) bool

	// Measures, when set, tells which events the figures of the consumer are of; nil: those that it Wants.
	Measures func(*callboard.Event) bool

	// Gather is how long events may gather before they are taken, for a consumer that nobody waits for: many in one transaction cost a fraction
	// of what they do in many.
	Gather time.Duration

	// Follows names consumers that this one does not overtake, so that who hears of an event can read what follows from
	// it. Where one of them stands still this one waits for MaxWait and then goes on; 0 waits for as long as it takes.
	Follows []string
	MaxWait time.Duration
}

const (
	// minBatchInterval is the least time from one batch to the next that does not fill one. A batch costs about as much
	// as ten events, so events that come one by one are taken together, and one after a pause at once. A consumer that
	// follows others goes at their pace.
	minBatchInterval = 10 * time.Millisecond

	// maxStall is the longest that a consumer rests at its cursor before it tries again. A try costs little.
	maxStall = 2 * time.Second

	// saveInterval is how often a cursor is saved at the most that moves without anything to write, and so for how long a
	// consumer may send again after a crash. A transaction per batch for it costs a busy server about a tenth of its CPU.
	saveInterval = 100 * time.Millisecond
)

// consumer runs a Consumer.
type consumer struct {
	Consumer
	log     *Log
	follows []*consumer
	leads   bool // others follow it
	batch   batchSizer
	here    here // of one of every node

	batchTime, age prometheus.Observer
	began          time.Time // this step

	at           cursor       // how far this process has come
	saved        cursor       // as it is in the database; behind at where there was nothing to write
	savedAt      time.Time    // when it was saved alone
	pos          atomic.Int64 // at.pos, for those who follow
	failures     int
	complained   time.Time // when the log last had that it stands still
	noted        bool      // failures are in the database
	blockedSince time.Time // when it first had to wait for one that it follows
	overtaking   bool      // it has waited for long enough, and they have not caught up yet
	nextRetry    time.Time // when to look for dead letters again
}

// run works until ctx ends.
func (c *consumer) run(ctx context.Context) {
	wake, stop := c.log.cfg.DB.Listen(c.wakeTopic())
	defer stop()
	ticker := time.NewTicker(c.log.cfg.Poll) // the truth, should a wake-up be lost
	defer ticker.Stop()
	c.at = cursor{pos: -1} // to be read
	for ctx.Err() == nil {
		if !c.EveryNode && !c.log.Leading() { // it was stopped for a while, and whoever leads now may send the same
			sqldb.Wait(ctx, leasePoll/10)
			continue
		}
		more, err := c.step(ctx)
		switch {
		case errors.Is(err, errCursorMoved):
			c.at.pos = -1
			continue
		case err != nil && ctx.Err() == nil:
			c.stall(ctx, err)
			continue
		}
		if err == nil && c.noted {
			c.note(ctx, nil)
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-wake:
			pace := c.Gather
			if len(c.Follows) == 0 {
				pace = max(pace, minBatchInterval)
			}
			sqldb.Wait(ctx, pace-time.Since(c.began))
		}
	}
}

// wakeTopic is the signal after which there may be something to do.
func (c *consumer) wakeTopic() string {
	switch {
	case c.EveryNode && c.log.cfg.DB.Dialect() == sqldb.Postgres:
		return positionsTopic
	case len(c.Follows) > 0:
		return cursorTopic
	case c.log.cfg.DB.Dialect() == sqldb.Postgres:
		return sequencedTopic
	}
	return Topic
}

// complainEvery is how often the log has that a consumer stands still, for as long as it does.
const complainEvery = 10 * time.Second

// stall rests after a failure, and leaves a note of it where readiness and doctor look.
func (c *consumer) stall(ctx context.Context, err error) {
	c.failures++
	level := slog.LevelError
	if now := time.Now(); c.failures > 1 && now.Sub(c.complained) < complainEvery {
		level = slog.LevelDebug // said already, and in readiness all the time
	} else {
		c.complained = now
	}
	c.log.log.Log(ctx, level, "consumer stopped at its cursor", "consumer", c.Name, "pos", c.at.pos, "error", err, "failures", c.failures)
	c.note(ctx, err)
	c.batch.reset()
	sqldb.Wait(ctx, c.log.backoff(c.failures, maxStall))
}

// note keeps why the consumer stands still, for people, or that it no longer does.
func (c *consumer) note(ctx context.Context, cause error) {
	text := ""
	if c.noted = cause != nil; c.noted {
		text = errorText(cause)
	} else {
		c.failures = 0
	}
	if c.EveryNode {
		c.noteHere(text)
		return
	}
	err := c.log.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE callboard_consumers SET failures = $2, error = $3 WHERE name = $1`, c.Name, c.failures, text)
		return err
	})
	if err != nil && ctx.Err() == nil {
		c.noted = true // so that it is tried again
		c.log.log.Warn("the state of a consumer could not be noted", "consumer", c.Name, "error", err)
	}
}

// step takes the next batch, or retries dead letters that are due. It reports whether there may be more to do at once.
func (c *consumer) step(ctx context.Context) (more bool, err error) {
	c.began = time.Now()
	if c.at.pos < 0 {
		if err := c.load(ctx); err != nil {
			return false, err
		}
	}
	if now := time.Now(); !now.Before(c.nextRetry) {
		retry := c.retryDeadLetters
		if c.EveryNode {
			retry = c.retryHeld
		}
		if more, err := retry(ctx); more || err != nil {
			return more, err
		}
		c.nextRetry = now.Add(c.log.cfg.RetryFirst)
	}
	size := c.batch.size
	events, err := c.read(ctx, size)
	if err != nil {
		return false, err
	}
	more = len(events) == size
	if c.Wants != nil && c.at.sub == "" {
		n := slices.IndexFunc(events, func(e callboard.Event) bool { return c.Wants(&e) })
		if n < 0 {
			n = len(events)
		}
		if n > 0 { // those do not concern it
			c.moved(cursor{pos: events[n-1].Pos})
			events = events[n:]
		}
	}
	if len(events) > 0 {
		taken, err := c.take(ctx, events)
		if err != nil {
			return false, errors.Join(err, c.saveMoved(ctx))
		}
		more = more || taken < len(events)
	}
	return more, c.saveMoved(ctx)
}

// load reads the cursor. Where the events after it are no longer kept it goes on with the oldest one: that happens only to
// a consumer that was switched off for longer than events are kept.
func (c *consumer) load(ctx context.Context) error {
	if c.EveryNode {
		if err := c.begin(ctx); err != nil {
			return err
		}
		c.at = cursor{pos: c.pos.Load()}
		return nil
	}
	at, failures, err := readCursor(ctx, c.log.cfg.DB, c.Name)
	if err != nil {
		return err
	}
	c.noted = failures > 0
	last, err := LastPos(ctx, c.log.cfg.DB)
	if err != nil {
		return err
	}
	oldest, err := oldestPos(ctx, c.log.cfg.DB, last)
	if err != nil {
		return err
	}
	c.committed(at)
	if at.pos < oldest-1 {
		c.log.log.Warn("events were deleted while a consumer was switched off; it skips them", "consumer", c.Name, "from", at.pos+1, "to", oldest-1)
		c.moved(cursor{pos: oldest - 1})
	}
	c.blockedSince, c.overtaking = time.Time{}, false
	return nil
}

// committed notes where the cursor is in the database.
func (c *consumer) committed(at cursor) {
	c.at, c.saved, c.failures = at, at, 0
	c.pos.Store(at.pos)
}

// moved notes that events are done with that left nothing to write.
func (c *consumer) moved(at cursor) {
	c.at, c.failures = at, 0
	c.pos.Store(at.pos)
	switch {
	case c.EveryNode && c.leads:
		c.log.cfg.DB.Raise(positionsTopic)
	case c.Send == nil || c.leads:
		c.log.cfg.DB.Raise(cursorTopic)
	}
}

// saveMoved saves how far the consumer has come, unless it has done so just now.
func (c *consumer) saveMoved(ctx context.Context) error {
	if c.EveryNode || c.at == c.saved || time.Since(c.savedAt) < saveInterval {
		return nil
	}
	err := c.write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return moveCursor(ctx, tx, c.Name, c.at) })
	if err != nil {
		return err
	}
	c.saved, c.savedAt = c.at, time.Now()
	return nil
}

// read returns the next events that the consumer may take now: up to where those are that it follows, or beyond, once it has
// waited for them long enough and until they have caught up.
func (c *consumer) read(ctx context.Context, limit int) ([]callboard.Event, error) {
	slowest := int64(math.MaxInt64)
	for _, f := range c.follows {
		slowest = min(slowest, f.pos.Load())
	}
	if c.overtaking && slowest >= c.at.pos {
		c.overtaking, c.blockedSince = false, time.Time{}
	}
	blocked := !c.blockedSince.IsZero()
	if blocked && !c.overtaking && c.MaxWait > 0 && time.Since(c.blockedSince) >= c.MaxWait {
		c.overtaking = true
	}
	if blocked && !c.overtaking && slowest <= c.at.pos {
		return nil, nil // as before
	}
	var events []callboard.Event
	var err error
	if upTo := min(c.at.pos+int64(limit), c.log.newest.Load()); upTo > c.at.pos {
		events, err = c.log.buffer.read(ctx, c.log.cfg.DB, c.at.pos, upTo)
		if err == nil && c.EveryNode && c.log.cfg.DB.Dialect() == sqldb.Postgres {
			events, err = c.kept(ctx, events)
		}
	}
	if err != nil || len(events) == 0 {
		c.blockedSince = time.Time{}
		return nil, err
	}
	if n := min(slowest, events[len(events)-1].Pos) - c.at.pos; n > 0 {
		c.blockedSince = time.Time{}
		return events[:n], nil
	}
	if !c.overtaking {
		c.blockedSince = time.Now()
		return nil, nil
	}
	return events, nil
}

// take has the consumer process the events and moves the cursor. It returns how many were taken: fewer than all when one
// of them is too large for one transaction, or when some are to be tried again.
func (c *consumer) take(ctx context.Context, events []callboard.Event) (int, error) {
	taken, err := c.process(ctx, events)
	if err == nil || ctx.Err() != nil || errors.Is(err, errCursorMoved) || callboard.CodeOf(err) == callboard.CodeUnavailable {
		return taken, err
	}
	c.log.log.Warn("consumer failed for a batch; it tries event by event", "consumer", c.Name, "events", len(events), "error", err)
	if c.Wants != nil { // those that concern it may be far apart
		if events, err = c.log.buffer.read(ctx, c.log.cfg.DB, c.at.pos, c.at.pos+int64(c.log.cfg.BatchSize)); err != nil {
			return 0, err
		}
	}
	return c.isolate(ctx, events)
}

// process takes the events as a batch.
func (c *consumer) process(ctx context.Context, events []callboard.Event) (taken int, err error) {
	start, newest := time.Now(), c.log.newest.Load()
	if c.Send != nil {
		err := c.send(ctx, events)
		c.took(start)
		if err != nil {
			return 0, err
		}
		c.taken(events)
		c.batch.observe(len(events), time.Since(start))
		c.moved(cursor{pos: events[len(events)-1].Pos})
		return len(events), nil
	}
	var next cursor
	var took time.Duration
	err = c.write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		start := time.Now() // not before: on SQLite the transaction first waits for its turn
		defer func() { took = time.Since(start) }()
		var sub string
		if taken, sub, err = c.handle(ctx, tx, events, c.at.sub); err != nil {
			return err
		}
		next = cursor{pos: c.at.pos + int64(taken), sub: sub}
		return moveCursor(ctx, tx, c.Name, next)
	})
	c.took(start)
	if err != nil {
		return 0, err
	}
	c.taken(events[:taken])
	c.batch.observe(taken, took)
	c.committed(next)
	// Requests go first. On SQLite a large event, which takes many transactions, leaves half of the writer's time to them. On
	// PostgreSQL, as long as events come in, a consumer of small ones leaves half of the machine's: without that, creates at
	// full speed lose a fifth of their rate on two cores.
	onSQLite := c.log.cfg.DB.Dialect() == sqldb.SQLite
	if onSQLite && next.sub != "" || !onSQLite && next.sub == "" && c.log.newest.Load() > newest {
		sqldb.Wait(ctx, took)
	}
	return taken, nil
}

// handle calls Handle or HandlePart. A panic is an error: of the events, or of the consumer.
func (c *consumer) handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, sub string) (taken int, next string, err error) {
	defer recovered(&err)
	if c.HandlePart != nil {
		return c.HandlePart(ctx, tx, events, sub)
	}
	return len(events), "", c.Handle(ctx, tx, events)
}

func (c *consumer) send(ctx context.Context, events []callboard.Event) (err error) {
	defer recovered(&err)
	return c.Send(ctx, events)
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("consumer panicked: %v\n%s", p, debug.Stack())
	}
}

// followed returns those of all that c follows.
func (c *consumer) followed(all []*consumer) []*consumer {
	return slices.DeleteFunc(slices.Clone(all), func(o *consumer) bool { return !slices.Contains(c.Follows, o.Name) })
}

// write runs fn in a transaction that moves the cursor.
func (c *consumer) write(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error {
	return c.log.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockCursor(ctx, tx, c.Name, c.saved); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// What a batch should cost. An event may have no recipient or ten thousand. On SQLite requests that write wait for as long as
// a batch takes; on PostgreSQL nobody does, and a large part of a batch is the way there and back.
const (
	batchTimeSQLite   = 8 * time.Millisecond
	batchTimePostgres = 25 * time.Millisecond
	smallBatch        = 4 // events that may be tried at once without knowing what they cost
	// leastPostgres keeps a consumer going where each statement takes long, because the database is far away or busy: most of
	// that time a smaller batch takes as well, so that making it smaller again and again would bring all to a stop.
	leastPostgres = 64
)

// batchSizer chooses how many events a batch takes: as many as fit into the time that one should take, going by the last
// one, and at most twice as many as that had.
type batchSizer struct {
	size, least, max int
	budget           time.Duration
}

func newBatchSizer(dialect sqldb.Dialect, limit int) batchSizer {
	b := batchSizer{least: 1, max: limit, budget: batchTimeSQLite}
	if dialect == sqldb.Postgres {
		b.least, b.budget = min(leastPostgres, limit), batchTimePostgres
	}
	b.reset()
	return b
}

func (b *batchSizer) reset() { b.size = min(smallBatch, b.max) }

func (b *batchSizer) observe(events int, took time.Duration) {
	switch {
	case events == 0:
	case took > b.budget:
		b.size = max(b.least, int(int64(events)*int64(b.budget)/int64(took)))
	default:
		b.size = min(max(smallBatch, 2*events), b.max)
	}
}
