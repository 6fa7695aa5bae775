package sockets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"

	"github.com/callboard/callboard/bench/load"
)

const (
	markPrefix = "mark-" // what a message is known by, with the digits that follow
	markDigits = 8
	settleTime = 10 * time.Second       // how long the last message may take to arrive everywhere
	doubleTime = 100 * time.Millisecond // how long repeats of it are waited for
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
	Deliveries int64
	Latency    *hdrhistogram.Histogram // µs from before a message was sent until a socket had it
	Bytes      float64                 // of a message as it arrived
}

// Measure sends messages and waits until all sockets have got them. One that is missing somewhere, or came twice, is an error.
func (s *Swarm) Measure(ctx context.Context, load Load) (Result, error) {
	r := newRun(len(s.conns), load.Messages)
	s.run.Store(r)
	defer s.run.Store(nil)
	if err := r.sendAll(ctx, load); err != nil {
		return Result{}, err
	}
	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	select {
	case <-r.complete:
	case <-settling.Done():
		return Result{}, errors.Join(fmt.Errorf("%d of %d deliveries are missing", r.left.Load(), r.all), s.Err(), ctx.Err())
	}
	select {
	case <-time.After(doubleTime):
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	if n := r.doubled.Load(); n > 0 {
		return Result{}, fmt.Errorf("%d deliveries came twice", n)
	}
	return Result{Deliveries: r.all, Latency: r.latency(), Bytes: float64(r.bytes.Load()) / float64(r.all)}, s.Err()
}

// run is one measurement.
type run struct {
	began    time.Time
	sent     []atomic.Int64 // when, since began, by message
	arrived  [][]int64      // likewise, by socket and message; 0 has not. Only the reader of the socket writes it
	all      int64
	left     atomic.Int64 // deliveries that are missing
	doubled  atomic.Int64
	bytes    atomic.Int64
	complete chan struct{}
}

func newRun(sockets, messages int) *run {
	r := &run{
		began: time.Now(), sent: make([]atomic.Int64, messages), arrived: make([][]int64, sockets),
		all: int64(sockets * messages), complete: make(chan struct{}),
	}
	for i := range r.arrived {
		r.arrived[i] = make([]int64, messages)
	}
	r.left.Store(r.all)
	return r
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

// take is called by the reader of the socket. What happens after the last delivery sees all of them.
func (r *run) take(socket int, message []byte) {
	i, ok := findMark(message)
	if !ok || i >= len(r.sent) {
		return
	}
	if r.arrived[socket][i] != 0 {
		r.doubled.Add(1)
		return
	}
	r.arrived[socket][i] = int64(time.Since(r.began))
	r.bytes.Add(int64(len(message)))
	if r.left.Add(-1) == 0 {
		close(r.complete)
	}
}

func (r *run) latency() *hdrhistogram.Histogram {
	h := load.NewHistogram()
	for _, messages := range r.arrived {
		for i, at := range messages {
			load.Record(h, time.Duration(at-r.sent[i].Load()))
		}
	}
	return h
}

// findMark returns the number of the message.
func findMark(message []byte) (int, bool) {
	_, rest, found := bytes.Cut(message, []byte(markPrefix))
	if !found || len(rest) < markDigits {
		return 0, false
	}
	n, err := strconv.Atoi(string(rest[:markDigits]))
	return n, err == nil
}
