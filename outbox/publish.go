package outbox

import (
	"context"
	"fmt"
	"time"

	"callboard"
	"callboard/sqldb"
)

// publishBatch is how many events stage 2 reads at a time.
const publishBatch = 512

// publishPoll is how often stage 2 looks without being woken. Stage 1 wakes it, so this only covers a lost wake-up.
const publishPoll = time.Second

// follower is a publisher and how far it has come. Each goes on by itself, so that one that fails holds up none of the
// others.
type follower struct {
	Publisher
	handler  string // its name, for one that is a Handler too
	pos      int64  // the newest position that it has published
	failures int
	retryAt  time.Time
}

// nobody publishes for a relay that has no publishers, so that its cursor moves all the same.
type nobody struct{}

func (nobody) Publish(context.Context, []callboard.Event) error { return nil }

// followers returns all publishers, at the position that was saved last.
func (r *Relay) followers() []*follower {
	var all []*follower
	for _, p := range r.cfg.Publishers {
		f := &follower{Publisher: p, pos: r.publishedPos()}
		if h, ok := p.(Handler); ok {
			f.handler = h.Name()
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		all = []*follower{{Publisher: nobody{}, pos: r.publishedPos()}}
	}
	return all
}

// publishLoop is stage 2. It only reads the database, so that a publisher that is slow or away delays nothing but the
// live messages themselves.
func (r *Relay) publishLoop(ctx context.Context) {
	followers := r.followers()
	for ctx.Err() == nil {
		busy, next := r.publishRound(ctx, followers)
		if !busy {
			r.awaitCommit(ctx, next)
		}
	}
}

// publishRound has each follower publish what comes next for it. It reports whether there may be more to do at once, and
// if not, after what time to look again at the latest.
func (r *Relay) publishRound(ctx context.Context, followers []*follower) (busy bool, next time.Duration) {
	next = publishPoll
	read := map[int64][]callboard.Event{} // by what they come after: followers are mostly at the same place
	for _, f := range followers {
		if rest := time.Until(f.retryAt); rest > 0 {
			next = min(next, rest)
			continue
		}
		n, err := r.publishTo(ctx, f, read)
		busy = busy || n > 0
		if err == nil {
			f.failures = 0
			continue
		}
		if ctx.Err() != nil {
			return false, 0
		}
		f.failures++
		delay := r.pause(f.failures)
		f.retryAt, next = time.Now().Add(delay), min(next, delay)
		r.log.Warn("publishing failed; it resumes at the cursor", "error", err, "failures", f.failures)
	}
	slowest := followers[0].pos
	for _, f := range followers {
		slowest = min(slowest, f.pos)
	}
	r.advance(slowest)
	return busy, next
}

func (r *Relay) awaitCommit(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.committed:
	case <-timer.C:
	}
}

// publishTo publishes the next committed events to f and returns how many there were. At least once: the cursor moves in
// memory after f has taken the batch, and reaches the database, as that of the slowest, with the next batch of stage 1.
func (r *Relay) publishTo(ctx context.Context, f *follower, read map[int64][]callboard.Event) (int, error) {
	events, known := read[f.pos]
	if !known {
		var err error
		if events, err = r.eventsAfter(ctx, f.pos); err != nil {
			return 0, err
		}
		read[f.pos] = events
	}
	if len(events) > 0 {
		first, last := events[0].Pos, events[len(events)-1].Pos
		if err := f.Publish(ctx, events); err != nil {
			return 0, fmt.Errorf("publish positions %d to %d: %w", first, last, err)
		}
		f.pos = last
	}
	if f.handler == "" {
		return len(events), nil
	}
	late, err := r.publishLate(ctx, f)
	return len(events) + late, err
}

func (r *Relay) eventsAfter(ctx context.Context, pos int64) ([]callboard.Event, error) {
	if events, ok := r.fresh.after(pos, publishBatch); ok {
		return events, nil
	}
	return eventsAfter(ctx, r.cfg.DB, pos, publishBatch)
}

// publishLate publishes what a handler derived from events that were parked in their turn and have been handled since.
func (r *Relay) publishLate(ctx context.Context, f *follower) (int, error) {
	r.mu.Lock()
	pending := len(r.republished) // published, their rows not yet deleted: skip them
	r.mu.Unlock()
	if pending > 0 {
		return 0, nil
	}
	rows, err := parkedRows(ctx, r.cfg.DB, `SELECT pos, attempts FROM relay_parked
		WHERE handler = $1 AND handled_at IS NOT NULL AND pos <= $2 ORDER BY pos LIMIT $3`,
		f.handler, f.pos, parkedBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	positions := make([]int64, len(rows))
	for i := range rows {
		rows[i].handler, positions[i] = f.handler, rows[i].pos
	}
	events, err := eventsAt(ctx, r.cfg.DB, positions)
	if err != nil {
		return 0, err
	}
	if err := f.Publish(ctx, events); err != nil {
		return 0, fmt.Errorf("publish late events of %s: %w", f.handler, err)
	}
	r.mu.Lock()
	r.republished = append(r.republished, rows...)
	r.mu.Unlock()
	return len(rows), nil
}

func (r *Relay) publishedPos() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.published
}

func (r *Relay) advance(pos int64) {
	r.mu.Lock()
	r.published = pos
	r.mu.Unlock()
	r.waiters.release(pos)
}

// eventsAt returns the events at the given positions, in order. At most a batch of positions is asked for at once.
func eventsAt(ctx context.Context, q sqldb.Querier, positions []int64) ([]callboard.Event, error) {
	args := make([]any, len(positions))
	for i, pos := range positions {
		args[i] = pos
	}
	rows, err := q.QueryContext(ctx, `SELECT `+eventColumns(q)+` FROM outbox
		WHERE `+posColumn(q)+` IN (`+sqldb.Placeholders(1, len(positions))+`) ORDER BY `+posColumn(q), args...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return scanEvents(rows)
}
