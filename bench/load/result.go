package load

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Result is what a load saw.
type Result struct {
	Requests int // answered, whatever the status
	Elapsed  time.Duration
	Rate     float64     // requests/s
	Failed   map[int]int // answers other than 2xx, by status
	Latency  *hdrhistogram.Histogram
	Late     *hdrhistogram.Histogram // open loop: from the instant a request was due until it left
}

// collect adds up what the workers saw, and begins anew.
func collect(workers []*worker, elapsed time.Duration) Result {
	r := Result{Elapsed: elapsed, Failed: map[int]int{}, Latency: newHistogram(), Late: newHistogram()}
	for _, w := range workers {
		r.Requests += w.requests
		for status, n := range w.failed {
			r.Failed[status] += n
		}
		r.Latency.Merge(w.latency)
		r.Late.Merge(w.late)
		w.reset()
	}
	r.Rate = float64(r.Requests) / elapsed.Seconds()
	return r
}

// Err returns an error when an answer was other than 2xx.
func (r Result) Err() error {
	if len(r.Failed) == 0 {
		return nil
	}
	var told []string
	for _, status := range slices.Sorted(maps.Keys(r.Failed)) {
		told = append(told, fmt.Sprintf("%d × status %d", r.Failed[status], status))
	}
	return fmt.Errorf("of %d requests failed: %s", r.Requests, strings.Join(told, ", "))
}

// Percentile returns a latency in milliseconds.
func (r Result) Percentile(p float64) float64 { return millis(r.Latency, p) }

// LatePercentile returns in milliseconds how late the generator itself was.
func (r Result) LatePercentile(p float64) float64 { return millis(r.Late, p) }

func millis(h *hdrhistogram.Histogram, p float64) float64 {
	return float64(h.ValueAtPercentile(p)) / 1000
}

// Merge puts the latencies of several results into one.
func Merge(results []Result) *hdrhistogram.Histogram {
	all := newHistogram()
	for _, r := range results {
		all.Merge(r.Latency)
	}
	return all
}

// Distribution returns the points of a latency chart: latency in milliseconds at 1/(1-share), so that each step of ten is
// another nine: 1 is the fastest request, 10 is p90, 100 is p99. It ends with the slowest request.
func Distribution(h *hdrhistogram.Histogram) (x, y []float64) {
	for step := 0.0; ; step++ {
		inverse := math.Pow(10, step/stepsPerNine)
		if inverse > float64(h.TotalCount()) {
			return x, y
		}
		x = append(x, inverse)
		y = append(y, millis(h, 100-100/inverse))
	}
}

// stepsPerNine is how many points of a chart there are between one nine and the next.
const stepsPerNine = 12
