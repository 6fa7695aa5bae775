package load

import (
	"context"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// worker sends the requests of one connection.
type worker struct {
	plan  Plan
	index int
	conn  *conn
	page  *page // of the ledger; nil keeps none
	sent  int   // requests so far, warm-up included

	requests int
	failed   map[int]int // by status
	latency  *hdrhistogram.Histogram
	late     *hdrhistogram.Histogram // open loop: how long after its instant a request left
}

// newHistogram holds times of 1 µs to a minute.
func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, time.Minute.Microseconds(), 3)
}

func newWorker(p Plan, index int, c *conn) *worker {
	w := &worker{plan: p, index: index, conn: c, failed: map[int]int{}, latency: newHistogram(), late: newHistogram()}
	if p.Ledger != nil {
		w.page = p.Ledger.page(index)
	}
	return w
}

func (w *worker) reset() {
	w.requests = 0
	clear(w.failed)
	w.latency.Reset()
	w.late.Reset()
}

func (w *worker) untilTime(ctx context.Context, end time.Time) error {
	for now := time.Now(); now.Before(end) && ctx.Err() == nil; now = time.Now() {
		if err := w.send(now); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (w *worker) count(ctx context.Context, n int) error {
	for range n {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := w.send(time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// untilClosed sends a request for each due instant.
func (w *worker) untilClosed(ctx context.Context, due <-chan time.Time) error {
	for instant := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		record(w.late, time.Since(instant))
		if err := w.send(instant); err != nil {
			return err
		}
	}
	return nil
}

// send does one request, whose time counts from due.
func (w *worker) send(due time.Time) error {
	w.conn.out = w.plan.Request(w.conn.out[:0], w.index, w.sent)
	w.sent++
	status, body, err := w.conn.roundTrip()
	if err != nil {
		return err
	}
	record(w.latency, time.Since(due))
	w.requests++
	if status < 200 || status > 299 {
		w.failed[status]++
		return nil
	}
	if w.page != nil {
		return w.page.add(body)
	}
	return nil
}

// record notes a time. What is beyond the histogram counts as its end.
func record(h *hdrhistogram.Histogram, d time.Duration) {
	_ = h.RecordValue(min(max(d.Microseconds(), 1), h.HighestTrackableValue())) // within its bounds
}
