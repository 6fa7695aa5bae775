package sockets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"
)

const (
	markPrefix = "mark-" // what a message is known by, with the digits that follow
	markDigits = 8
	settleTime = 10 * time.Second       // how long the last message may take to arrive everywhere
	doubleTime = 100 * time.Millisecond // how long repeats of it are waited for
	longest    = int64(time.Minute / time.Microsecond)
)

// Load says what is sent.
type Load struct {
	Rate     int // messages per second; they are sent on time, however long the server takes
	Messages int
	// Send has the server send one message to everybody. The mark must stand once in the message as it arrives.
	Send func(ctx context.Context, mark string) error
}

// Result is what a measurement found. Every socket got every message exactly once.
type Result struct {
	Messages   int
	Deliveries int64
	Latency    *hdrhistogram.Histogram // µs from before a message was sent until a socket had it
	Bytes      float64                 // of a message as it arrived
	Took       time.Duration
}

// Measure sends messages and waits until all sockets have got them. A message that is missing somewhere, or came twice,
// is an error.
func (s *Swarm) Measure(ctx context.Context, load Load) (Result, error) {
	r := newRun(len(s.conns), load.Messages)
	s.setRun(r)
	defer s.setRun(nil)
	began := time.Now()
	if err := r.sendAll(ctx, load); err != nil {
		return Result{}, err
	}
	if err := s.await(ctx, r); err != nil {
		return Result{}, err
	}
	took := time.Since(began)
	if err := wait(ctx, doubleTime); err != nil {
		return Result{}, err
	}
	s.setRun(nil)
	if r.doubled > 0 {
		return Result{}, fmt.Errorf("%d deliveries came twice", r.doubled)
	}
	return Result{
		Messages: load.Messages, Deliveries: r.got, Latency: r.latency, Took: took,
		Bytes: float64(r.bytes) / float64(r.got),
	}, s.Err()
}

func (s *Swarm) setRun(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run = r
}

func (s *Swarm) await(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	select {
	case <-r.complete:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(fmt.Errorf("%d of %d deliveries are missing", r.all-r.got, r.all), s.err)
}

// run is one measurement. All but sent belongs to the reader while it is the swarm's.
type run struct {
	sent     []atomic.Int64 // when, since began, by message
	began    time.Time
	seen     []uint64 // one bit for each message and socket
	messages int
	all, got int64
	doubled  int64
	bytes    int64
	latency  *hdrhistogram.Histogram
	complete chan struct{}
}

func newRun(sockets, messages int) *run {
	all := sockets * messages
	return &run{
		sent: make([]atomic.Int64, messages), began: time.Now(), messages: messages, all: int64(all),
		seen: make([]uint64, all/64+1), latency: hdrhistogram.New(1, longest, 3), complete: make(chan struct{}),
	}
}

// sendAll sends the messages on time: one that the server is slow to take does not hold up the next.
func (r *run) sendAll(ctx context.Context, load Load) error {
	g, ctx := errgroup.WithContext(ctx)
	every := time.NewTicker(time.Second / time.Duration(load.Rate))
	defer every.Stop()
	for i := range load.Messages {
		select {
		case <-every.C:
		case <-ctx.Done():
			return errors.Join(g.Wait(), ctx.Err())
		}
		g.Go(func() error {
			r.sent[i].Store(int64(time.Since(r.began)))
			return load.Send(ctx, fmt.Sprintf("%s%0*d", markPrefix, markDigits, i))
		})
	}
	return g.Wait()
}

func (r *run) take(socket int, message []byte) {
	i, ok := findMark(message)
	if !ok || i >= r.messages {
		return
	}
	bit := socket*r.messages + i
	if r.seen[bit/64]&(1<<(bit%64)) != 0 {
		r.doubled++
		return
	}
	r.seen[bit/64] |= 1 << (bit % 64)
	latency := time.Since(r.began) - time.Duration(r.sent[i].Load())
	_ = r.latency.RecordValue(min(latency.Microseconds(), longest))
	r.bytes += int64(len(message))
	if r.got++; r.got == r.all {
		close(r.complete)
	}
}

// findMark returns the number of the message.
func findMark(message []byte) (int, bool) {
	at := bytes.Index(message, []byte(markPrefix))
	if at < 0 || len(message) < at+len(markPrefix)+markDigits {
		return 0, false
	}
	n := 0
	for _, c := range message[at+len(markPrefix):][:markDigits] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
