package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// minKept is the share of the rate below which requests pile up rather than wait: latencies then tell only how long the
// load was.
const minKept = 0.9

// ErrBehind is returned by Open, with what it saw, when the server does not keep up with the rate.
var ErrBehind = errors.New("the server falls behind")

// Open sends at a fixed rate: each request is due at a fixed instant, whether or not earlier ones have been answered, and
// its time counts from that instant. So a server that falls behind shows it in every request that waited.
func Open(ctx context.Context, p Plan, perSecond int) (Result, error) {
	workers, err := p.connect(ctx)
	if err != nil {
		return Result{}, err
	}
	defer closeAll(workers)
	result, err := p.run(workers, func(length time.Duration) error {
		return p.paced(ctx, workers, perSecond, length)
	})
	if err != nil {
		return result, err
	}
	if kept := result.Rate / float64(perSecond); kept < minKept {
		return result, fmt.Errorf("%w: %d requests/s were due and %.0f were answered", ErrBehind, perSecond, result.Rate)
	}
	return result, nil
}

func (p Plan) paced(ctx context.Context, workers []*worker, perSecond int, length time.Duration) error {
	due := make(chan time.Time, dueBy(length, perSecond)) // all of them, so that the pace never waits for a worker
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(due)
		return pace(ctx, due, time.Now(), perSecond, length)
	})
	group.Go(func() error {
		return all(ctx, workers, func(ctx context.Context, w *worker) error { return w.untilClosed(ctx, due) })
	})
	return group.Wait()
}

// pace hands out the instants as they come.
func pace(ctx context.Context, due chan<- time.Time, start time.Time, perSecond int, length time.Duration) error {
	for n := range dueBy(length, perSecond) {
		instant := start.Add(offset(n, perSecond))
		if err := sleepUntil(instant); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		due <- instant
	}
	return nil
}

// offset returns when the nth request is due, from the start.
func offset(n, perSecond int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(perSecond)
}

// dueBy returns how many requests are due within length.
func dueBy(length time.Duration, perSecond int) int {
	return int(length * time.Duration(perSecond) / time.Second)
}

// sleepUntil sleeps in the kernel: timers of the runtime may be a millisecond late, which would count as latency.
func sleepUntil(t time.Time) error {
	for {
		left := time.Until(t)
		if left <= 0 {
			return nil
		}
		spec := unix.NsecToTimespec(left.Nanoseconds())
		if err := unix.Nanosleep(&spec, nil); err != nil && err != unix.EINTR {
			return fmt.Errorf("sleep: %w", err)
		}
	}
}
