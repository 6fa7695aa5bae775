// Package load sends HTTP requests to a server, as fast as it answers or at a fixed rate, and keeps what it saw: rates,
// latencies, and a ledger of the writes that were acknowledged.
package load

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// Plan is what is sent, where and for how long.
type Plan struct {
	Host        string // host:port
	Connections int
	Warmup      time.Duration // before what counts
	Duration    time.Duration
	Requests    int // instead of Duration: how many, evenly by all connections
	// Request appends the nth request of a worker to buf; see AppendRequest.
	Request func(buf []byte, worker, n int) []byte
	Ledger  *Ledger // gets the data.id of every answer; nil keeps none
	// Started, when set, is called between the warm-up and what counts.
	Started func() error
}

// Closed keeps every connection busy: the next request leaves when the answer has come.
func Closed(ctx context.Context, p Plan) (Result, error) {
	workers, err := p.connect(ctx)
	if err != nil {
		return Result{}, err
	}
	defer closeAll(workers)
	if p.Requests > 0 {
		each := (p.Requests + p.Connections - 1) / p.Connections
		return p.run(workers, func(time.Duration) error {
			return all(ctx, workers, func(ctx context.Context, w *worker) error { return w.count(ctx, each) })
		})
	}
	return p.run(workers, func(length time.Duration) error {
		end := time.Now().Add(length)
		return all(ctx, workers, func(ctx context.Context, w *worker) error { return w.untilTime(ctx, end) })
	})
}

// run warms up with send and then measures it.
func (p Plan) run(workers []*worker, send func(time.Duration) error) (Result, error) {
	if p.Warmup > 0 {
		if err := send(p.Warmup); err != nil {
			return Result{}, fmt.Errorf("warm up: %w", err)
		}
		if warm := collect(workers, p.Warmup); warm.Err() != nil {
			return warm, fmt.Errorf("warm up: %w", warm.Err())
		}
	}
	if p.Started != nil {
		if err := p.Started(); err != nil {
			return Result{}, err
		}
	}
	start := time.Now()
	if err := send(p.Duration); err != nil {
		return Result{}, err
	}
	result := collect(workers, time.Since(start))
	return result, result.Err()
}

func (p Plan) connect(ctx context.Context) ([]*worker, error) {
	deadline := time.Now().Add(p.Warmup + p.Duration + patience)
	var workers []*worker
	for i := range p.Connections {
		c, err := dial(ctx, p.Host)
		if err != nil {
			closeAll(workers)
			return nil, err
		}
		workers = append(workers, newWorker(p, i, c))
		if err := c.SetDeadline(deadline); err != nil {
			closeAll(workers)
			return nil, fmt.Errorf("set deadline: %w", err)
		}
	}
	return workers, nil
}

func closeAll(workers []*worker) {
	for _, w := range workers {
		_ = w.conn.Close() // nothing is pending on it
	}
}

func all(ctx context.Context, workers []*worker, do func(context.Context, *worker) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, w := range workers {
		group.Go(func() error { return do(ctx, w) })
	}
	return group.Wait()
}
