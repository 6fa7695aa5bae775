// Package load sends HTTP requests to a server, as fast as it answers or at a fixed rate, and keeps what it saw: rates,
// latencies, and a ledger of the writes that were acknowledged.
package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	vegeta "github.com/tsenart/vegeta/v12/lib"
)

const minKept = 0.9 // share of the rate below which requests pile up, so that latencies tell only how long the load was

// ErrBehind is returned by Run, with what it saw, when the server does not keep up with the rate.
var ErrBehind = errors.New("the server falls behind")

// Plan is what is sent and for how long.
type Plan struct {
	Connections int           // at the most; of a closed loop, all are always busy
	PerSecond   int           // open loop: requests are due at fixed instants, from which their time counts; 0 is a closed loop
	Warmup      time.Duration // before what counts
	Duration    time.Duration
	Requests    int                       // instead of Duration
	Request     func(n int) vegeta.Target // the nth
	Ledger      *Ledger                   // gets the ID in every answer; nil keeps none
	Started     func() error              // when set, is called between the warm-up and what counts
}

// Result is what a load saw.
type Result struct {
	Requests int
	Elapsed  time.Duration
	Rate     float64                 // requests/s
	Latency  *hdrhistogram.Histogram // µs
	Late     *hdrhistogram.Histogram // open loop: µs from the instant a request was due until it left
}

// Percentile returns a latency in milliseconds.
func (r Result) Percentile(p float64) float64 { return Millis(r.Latency, p) }

// Millis returns a percentile of microseconds in milliseconds.
func Millis(h *hdrhistogram.Histogram, p float64) float64 {
	return float64(h.ValueAtPercentile(p)) / 1000
}

// NewHistogram holds times of 1 µs to a minute.
func NewHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, time.Minute.Microseconds(), 3)
}

// Record notes a time. What is beyond the histogram counts as its end.
func Record(h *hdrhistogram.Histogram, d time.Duration) {
	_ = h.RecordValue(min(max(d.Microseconds(), 1), h.HighestTrackableValue())) // within its bounds
}

// Run warms up and then measures. An answer other than 2xx is an error.
func Run(ctx context.Context, p Plan) (Result, error) {
	client := &http.Client{Transport: newTransport(p.Connections)}
	var sent atomic.Int64
	targeter := func(t *vegeta.Target) error {
		*t = p.Request(int(sent.Add(1) - 1))
		return nil
	}
	if p.Warmup > 0 {
		if _, err := p.attack(ctx, client, targeter, p.Warmup); err != nil {
			return Result{}, fmt.Errorf("warm up: %w", err)
		}
	}
	if p.Started != nil {
		if err := p.Started(); err != nil {
			return Result{}, err
		}
	}
	r, err := p.attack(ctx, client, targeter, p.Duration)
	if err == nil && r.Rate < minKept*float64(p.PerSecond) {
		err = fmt.Errorf("%w: %d requests/s were due and %.0f were answered", ErrBehind, p.PerSecond, r.Rate)
	}
	return r, err
}

func (p Plan) attack(ctx context.Context, client *http.Client, targeter vegeta.Targeter, length time.Duration) (Result, error) {
	connections := uint64(p.Connections)
	attacker := vegeta.NewAttacker(vegeta.Client(client), vegeta.Workers(connections), vegeta.MaxWorkers(connections))
	defer context.AfterFunc(ctx, func() { attacker.Stop() })()
	r := Result{Latency: NewHistogram(), Late: NewHistogram()}
	failed, why, ids := 0, "", []string(nil)
	began := time.Now()
	for hit := range attacker.Attack(targeter, p.pacer(), length, "") {
		r.Requests++
		late := time.Duration(0)
		if p.PerSecond > 0 { // vegeta sends the first after one interval
			due := began.Add(time.Duration(hit.Seq+1) * time.Second / time.Duration(p.PerSecond))
			late = max(0, hit.Timestamp.Sub(due))
			Record(r.Late, late)
		}
		Record(r.Latency, late+hit.Latency)
		if hit.Error != "" {
			failed, why = failed+1, fmt.Sprintf("%s: %s", hit.Error, bytes.TrimSpace(hit.Body))
		} else if p.Ledger != nil {
			ids = append(ids, idIn(hit.Body))
		}
	}
	r.Elapsed = time.Since(began)
	r.Rate = float64(r.Requests) / r.Elapsed.Seconds()
	if p.Ledger != nil {
		p.Ledger.Add(ids...)
	}
	if failed > 0 {
		return r, fmt.Errorf("%d of %d requests failed, one with %s", failed, r.Requests, why)
	}
	return r, ctx.Err()
}

func (p Plan) pacer() vegeta.Pacer {
	if p.Requests > 0 {
		return upTo(p.Requests)
	}
	return vegeta.ConstantPacer{Freq: p.PerSecond, Per: time.Second}
}

// upTo is a closed loop of so many requests.
type upTo uint64

// Pace implements vegeta.Pacer.
func (n upTo) Pace(_ time.Duration, hits uint64) (time.Duration, bool) { return 0, hits >= uint64(n) }

// Rate implements vegeta.Pacer.
func (upTo) Rate(time.Duration) float64 { return 0 }

// Request returns a request with a JSON body, or without one.
func Request(method, url, token, body string) vegeta.Target {
	t := vegeta.Target{Method: method, URL: url, Header: http.Header{"Authorization": {"Bearer " + token}}}
	if body != "" {
		t.Body = []byte(body)
		t.Header.Set("Content-Type", "application/json")
	}
	return t
}

// Number in a body stands for the number of the request.
const Number = "{n}"

// Numbered sends the same request over and over, numbered.
func Numbered(t vegeta.Target) func(n int) vegeta.Target {
	return func(n int) vegeta.Target {
		numbered := t
		numbered.Body = bytes.ReplaceAll(t.Body, []byte(Number), strconv.AppendInt(nil, int64(n), 10))
		return numbered
	}
}
