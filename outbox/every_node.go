package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// A consumer of every node has its state in memory: where it is, and the events that failed alone. It begins at the newest position
// there is when the node starts, since what it is for, such as sockets and caches, is not older than that either.

const (
	// positionsTopic is the signal that this process may know newer positions, on PostgreSQL.
	positionsTopic = "outbox_positions"
	// lateTopic is that of the notices of events that were taken late.
	lateTopic = "outbox_late"

	// maxAgain is how many events a consumer sends again at most that one node begins to run for all.
	maxAgain = 1000

	// maxHeld is how many events that failed alone a node holds of a consumer. With more of them it is the consumer that fails.
	maxHeld = 10_000

	// minFollowInterval is the least time from one read of positions to the next; notices do not come more often either.
	minFollowInterval = 20 * time.Millisecond
)

// here is the state of a consumer of every node that others read.
type here struct {
	mu       sync.Mutex
	begun    bool
	failures int
	err      string
	held     []heldEvent
}

// heldEvent is an event that failed alone: a dead letter in memory.
type heldEvent struct {
	pos      int64
	event    *callboard.Event // nil: to be read
	attempts int
	next     time.Time
	err      string
}

// Begin reads where the consumers of every node begin: they get what is appended from then on. Run does it by itself; call it
// before where something must not be missed that happens between.
func (l *Log) Begin(ctx context.Context) error {
	for _, c := range l.consumers {
		if c.EveryNode {
			if err := c.begin(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *consumer) begin(ctx context.Context) error {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	if c.here.begun {
		return nil
	}
	last, err := LastPos(ctx, c.log.cfg.DB)
	if err != nil {
		return err
	}
	if err := c.keepPlace(ctx, last); err != nil {
		return err
	}
	c.committed(cursor{pos: last})
	c.here.begun = true
	return nil
}

// keepPlace notes where the consumer is, for the time when nodes are started with other settings and one of them runs it for all: it then
// sends little again. A place that is less than maxAgain behind is left alone: beside this node there may be one of other settings, or of
// version 0.1.0, that runs the consumer for all, and would skip what it is just about to send.
//
// What such a one has set aside before has been on the nodes' sockets since then, or is too old for them.
func (c *consumer) keepPlace(ctx context.Context, pos int64) error {
	return c.log.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_consumers (name, pos) VALUES ($1, $2) ON CONFLICT (name)
			DO UPDATE SET pos = $2, sub = '', failures = 0, error = '' WHERE callboard_consumers.pos < $3`, c.Name, pos, pos-maxAgain)
		if err != nil {
			return fmt.Errorf("keep the place of %s: %w", c.Name, err)
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM callboard_dead_letters WHERE consumer = $1`, c.Name)
		if err != nil {
			return fmt.Errorf("clear the dead letters of %s: %w", c.Name, err)
		}
		if n, err := result.RowsAffected(); err == nil && n > 0 {
			c.log.log.Warn("events that one node for all could not send are not sent any more", "consumer", c.Name, "events", n)
		}
		return nil
	})
}

// runHere runs the consumers of every node until ctx ends. The function that it returns waits for them.
func (l *Log) runHere(ctx context.Context) (wait func()) {
	ctx = sqldb.LowPriority(ctx)
	var running sync.WaitGroup
	some := false
	for _, c := range l.consumers {
		if c.EveryNode {
			some = true
			running.Go(func() { c.run(ctx) })
		}
	}
	if some && l.cfg.DB.Dialect() == sqldb.Postgres {
		running.Go(func() { l.followPositions(ctx) })
	}
	return running.Wait
}

// followPositions keeps in memory, until ctx ends, which position is the newest and how far the consumers are. Where this process
// leads it knows by itself.
func (l *Log) followPositions(ctx context.Context) {
	sequenced, stopSequenced := l.cfg.DB.Listen(sequencedTopic)
	defer stopSequenced()
	moved, stopMoved := l.cfg.DB.Listen(cursorTopic)
	defer stopMoved()
	ticker := time.NewTicker(l.cfg.Poll) // the truth, should a wake-up be lost
	defer ticker.Stop()
	for ctx.Err() == nil {
		look := true
		began := time.Now()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-sequenced:
			look = !l.Leading()
		case <-moved:
			look = !l.Leading()
		}
		if look {
			if err := l.readPositions(ctx); err != nil {
				if ctx.Err() == nil {
					l.log.Warn("positions cannot be read", "error", err)
				}
				sqldb.Wait(ctx, l.cfg.RetryFirst)
				continue
			}
		}
		l.cfg.DB.Raise(positionsTopic)
		if look {
			sqldb.Wait(ctx, minFollowInterval-time.Since(began))
		}
	}
}

// readPositions reads all cursors. Positions only grow, so what is known here already may be newer.
func (l *Log) readPositions(ctx context.Context) error {
	//nolint:rowserrcheck // Each does
	rows, err := l.cfg.DB.QueryContext(ctx, `SELECT name, pos FROM callboard_consumers`)
	return sqldb.Each(rows, err, "read positions", func(row sqldb.Scanner) error {
		var name string
		var pos int64
		if err := row.Scan(&name, &pos); err != nil {
			return err
		}
		known := &l.newest
		if name != sequencerName {
			c := l.consumer(name)
			if c == nil || c.EveryNode {
				return nil
			}
			known = &c.pos
		}
		for at := known.Load(); at < pos && !known.CompareAndSwap(at, pos); at = known.Load() {
		}
		return nil
	})
}

// kept returns the events up to where one is missing. That is one that was deleted after its retention, while this node was cut off:
// where none is left at the cursor, the consumer goes on with the oldest.
func (c *consumer) kept(ctx context.Context, events []callboard.Event) ([]callboard.Event, error) {
	n := 0
	for n < len(events) && events[n].Pos == c.at.pos+1+int64(n) {
		n++
	}
	if n > 0 {
		return events[:n], nil
	}
	last, err := LastPos(ctx, c.log.cfg.DB)
	if err != nil {
		return nil, err
	}
	oldest, err := oldestPos(ctx, c.log.cfg.DB, last)
	if err == nil && c.at.pos < oldest-1 {
		c.log.log.Error("events were deleted while this node was cut off; a consumer skips them", "consumer", c.Name, "from", c.at.pos+1, "to", oldest-1)
		c.moved(cursor{pos: oldest - 1})
	}
	return nil, err
}

// noteHere keeps why the consumer stands still, or that it no longer does.
func (c *consumer) noteHere(text string) {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	c.here.failures, c.here.err = c.failures, text
}

// hold sets events aside that failed alone.
func (c *consumer) hold(failed []failure) error {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	if len(c.here.held)+len(failed) > maxHeld {
		return errors.Join(fmt.Errorf("%d events failed before, which are as many as a node holds", len(c.here.held)), failed[0].err)
	}
	now := time.Now()
	for i := range failed {
		c.here.held = append(c.here.held, heldEvent{
			pos: failed[i].event.Pos, event: &failed[i].event, attempts: 1, next: now.Add(c.log.backoff(1, c.log.cfg.RetryMax)),
			err: errorText(failed[i].err),
		})
	}
	return nil
}

// retryHeld tries the held events that are due, each alone, and reports whether there may be more.
func (c *consumer) retryHeld(ctx context.Context) (more bool, err error) {
	due := c.dueHeld()
	if len(due) == 0 {
		return false, nil
	}
	if err := c.readHeld(ctx, due); err != nil {
		return false, err
	}
	late := context.WithValue(ctx, lateKey{}, true)
	failed := 0
	for i := range due {
		var err error
		if due[i].event != nil {
			_, err = c.tryOne(late, nil, []callboard.Event{*due[i].event}, "")
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			failed++
		} else if due[i].event != nil {
			c.taken([]callboard.Event{*due[i].event})
		}
		c.settleHeld(due[i].pos, err)
	}
	if failed == 0 {
		c.dueNow(0) // it evidently works again
	}
	return failed == 0, nil
}

func (c *consumer) dueHeld() []heldEvent {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	var due []heldEvent
	now := time.Now()
	for _, h := range c.here.held {
		if !h.next.After(now) && len(due) < isolateBatch {
			due = append(due, h)
		}
	}
	return due
}

// readHeld reads the events of which only the position is known. One that is gone was kept for as long as events are.
func (c *consumer) readHeld(ctx context.Context, due []heldEvent) error {
	var positions []int64
	for _, h := range due {
		if h.event == nil {
			positions = append(positions, h.pos)
		}
	}
	if len(positions) == 0 {
		return nil
	}
	events, err := eventsAt(ctx, c.log.cfg.DB, positions)
	if err != nil {
		return err
	}
	for i := range due {
		if at := slices.IndexFunc(events, func(e callboard.Event) bool { return e.Pos == due[i].pos }); at >= 0 {
			due[i].event = &events[at]
		} else if due[i].event == nil {
			c.log.log.Error("an event was deleted before a consumer could take it", "consumer", c.Name, "pos", due[i].pos)
		}
	}
	return nil
}

// settleHeld keeps the outcome of an attempt.
func (c *consumer) settleHeld(pos int64, err error) {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	i := slices.IndexFunc(c.here.held, func(h heldEvent) bool { return h.pos == pos })
	if err == nil {
		c.here.held = slices.Delete(c.here.held, i, i+1)
		return
	}
	h := &c.here.held[i]
	h.attempts++
	h.next, h.err = time.Now().Add(c.log.backoff(h.attempts, c.log.cfg.RetryMax)), errorText(err)
}

// dueNow makes held events due: that at a position, or all when it is 0. It returns how many there are.
func (c *consumer) dueNow(pos int64) (n int64) {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	for i := range c.here.held {
		if h := &c.here.held[i]; pos == 0 || h.pos == pos {
			h.next = time.Time{}
			n++
		}
	}
	return n
}

// passOnHere gives an event that another consumer has taken late to a consumer of every node that has passed it, on all nodes. A
// node that does not hear of it, because its link is down, does not send it late; the event itself was sent in its turn.
func (l *Log) passOnHere(consumer string, pos int64) {
	l.takeLate(consumer, pos)
	if l.cfg.Notices != nil {
		l.cfg.Notices.Send(lateTopic, fmt.Appendf(nil, "%s %d %s", l.node, pos, consumer))
	}
}

// hearLate takes what another node has sent by passOnHere.
func (l *Log) hearLate(payload []byte) {
	var node, consumer string
	var pos int64
	if _, err := fmt.Sscanf(string(payload), "%s %d %s", &node, &pos, &consumer); err != nil {
		l.log.Warn("a notice of a late event cannot be read", "error", err)
		return
	}
	if node != l.node {
		l.takeLate(consumer, pos)
	}
}

func (l *Log) takeLate(consumer string, pos int64) {
	c := l.consumer(consumer)
	if c == nil || !c.EveryNode || c.pos.Load() < pos { // it comes in its turn
		return
	}
	c.here.mu.Lock()
	held := slices.ContainsFunc(c.here.held, func(h heldEvent) bool { return h.pos == pos })
	if c.here.begun && !held && len(c.here.held) < maxHeld {
		c.here.held = append(c.here.held, heldEvent{pos: pos})
	}
	c.here.mu.Unlock()
	l.cfg.DB.Raise(c.wakeTopic())
}

// statsHere returns the state of a consumer of every node, or false where it does not run.
func (c *consumer) statsHere(ctx context.Context, last int64) (ConsumerStats, bool, error) {
	c.here.mu.Lock()
	s := ConsumerStats{
		Name: c.Name, EveryNode: true, Pos: c.pos.Load(), Failures: c.here.failures, Error: c.here.err, DeadLetters: len(c.here.held),
	}
	begun := c.here.begun
	if len(c.here.held) > 0 {
		s.LetterError = c.here.held[0].err
	}
	c.here.mu.Unlock()
	if s.LagEvents = int(max(0, last-s.Pos)); s.LagEvents == 0 || !begun {
		return s, begun, nil
	}
	var oldest sqldb.Time
	q := c.log.cfg.DB
	err := q.QueryRowContext(ctx, `SELECT min(appended_at) FROM callboard_outbox WHERE `+posColumn(q)+` = $1`, s.Pos+1).Scan(&oldest)
	if err != nil {
		return s, begun, fmt.Errorf("read the age of an event: %w", err)
	}
	if !oldest.IsZero() {
		s.Lag = max(0, callboard.Now().Sub(oldest.Time))
	}
	return s, begun, nil
}
