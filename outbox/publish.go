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

// publishLoop is stage 2. It only reads the database, so that a publisher that is slow or away delays nothing but the
// live messages themselves.
func (r *Relay) publishLoop(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		n, err := r.publishOnce(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			failures++
			r.log.Warn("publishing failed; it resumes at the cursor", "error", err, "failures", failures)
			wait(ctx, r.backoff(failures))
		case n == 0:
			failures = 0
			r.awaitCommit(ctx)
		default:
			failures = 0
		}
	}
}

func (r *Relay) awaitCommit(ctx context.Context) {
	timer := time.NewTimer(publishPoll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.committed:
	case <-timer.C:
	}
}

// publishOnce publishes the next committed events and returns how many there were. At least once: the cursor moves in
// memory after the last publisher has taken the batch, and reaches the database with the next batch of stage 1.
func (r *Relay) publishOnce(ctx context.Context) (int, error) {
	after := r.publishedPos()
	events, err := eventsAfter(ctx, r.cfg.DB, after, publishBatch)
	if err != nil {
		return 0, err
	}
	if len(events) > 0 {
		if err := publishAll(ctx, r.cfg.Publishers, events); err != nil {
			return 0, err
		}
		r.advance(events[len(events)-1].Pos)
	}
	late, err := r.publishLate(ctx)
	return len(events) + late, err
}

func publishAll(ctx context.Context, publishers []Publisher, events []callboard.Event) error {
	for _, p := range publishers {
		if err := p.Publish(ctx, events); err != nil {
			return fmt.Errorf("publish positions %d to %d: %w", events[0].Pos, events[len(events)-1].Pos, err)
		}
	}
	return nil
}

// publishLate publishes what handlers derived from events that were parked in their turn and have been handled since.
func (r *Relay) publishLate(ctx context.Context) (int, error) {
	total := 0
	for _, h := range r.cfg.Handlers {
		p, ok := h.(Publisher)
		if !ok {
			continue
		}
		n, err := r.publishLateOf(ctx, h.Name(), p)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

func (r *Relay) publishLateOf(ctx context.Context, handler string, p Publisher) (int, error) {
	r.mu.Lock()
	pending := len(r.republished) // published, their rows not yet deleted: skip them
	r.mu.Unlock()
	if pending > 0 {
		return 0, nil
	}
	rows, err := parkedRows(ctx, r.cfg.DB, `SELECT pos, attempts FROM relay_parked
		WHERE handler = $1 AND handled_at IS NOT NULL AND pos <= $2 ORDER BY pos LIMIT $3`,
		handler, r.publishedPos(), parkedBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	positions := make([]int64, len(rows))
	for i := range rows {
		rows[i].handler, positions[i] = handler, rows[i].pos
	}
	events, err := eventsAt(ctx, r.cfg.DB, positions)
	if err != nil {
		return 0, err
	}
	if err := p.Publish(ctx, events); err != nil {
		return 0, fmt.Errorf("publish late events of %s: %w", handler, err)
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
	rows, err := q.QueryContext(ctx, `SELECT `+eventColumns+` FROM outbox
		WHERE pos IN (`+sqldb.Placeholders(1, len(positions))+`) ORDER BY pos`, args...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return scanEvents(rows)
}
