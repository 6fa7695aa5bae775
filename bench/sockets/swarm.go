// Package sockets plays thousands of clients that listen at the same time, and measures when messages reach them. It shares its
// processors with the server that it measures, so no message is decoded.
package sockets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"
)

const (
	openAtOnce = 32               // clients that sign in at the same time
	openTime   = 20 * time.Second // how long a server may take to let one client in
)

// The pauses of a client that comes back, as those of Centrifuge's own clients: at random up to what doubles with each failure.
const (
	minBackoff = 200 * time.Millisecond
	maxBackoff = 5 * time.Second
)

// Plan says who listens where.
type Plan struct {
	Protocol Protocol
	Servers  []string // their base URLs, used in turn
	Tokens   []string // used in turn
	Sockets  int
	Returns  bool // a client whose socket is cut comes back to the next server, and asks for what it missed: Centrifuge's only
}

// Swarm is a number of open sockets.
type Swarm struct {
	plan    Plan
	conns   []atomic.Pointer[websocket.Conn]
	in      atomic.Int64 // clients that are signed in
	signIns atomic.Int64 // how often one was let in
	readers sync.WaitGroup
	run     atomic.Pointer[run]                                // the measurement, nil when there is none
	hear    atomic.Pointer[func(at time.Time, message []byte)] // nil when nobody does
	failure atomic.Pointer[error]                              // of the first socket that failed
	closing atomic.Bool
	closed  chan struct{}
}

// Open opens the sockets and waits until all are signed in.
func Open(ctx context.Context, p Plan) (*Swarm, error) {
	s := &Swarm{plan: p, conns: make([]atomic.Pointer[websocket.Conn], p.Sockets), closed: make(chan struct{})}
	group, opening := errgroup.WithContext(ctx)
	group.SetLimit(openAtOnce)
	for i := range p.Sockets {
		group.Go(func() error {
			let := make(chan error, 1)
			s.readers.Go(func() { s.listen(opening, i, let) })
			if err := <-let; err != nil {
				return fmt.Errorf("open socket %d of %d: %w", i+1, p.Sockets, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// listen takes what arrives at a client until the swarm is closed, or its socket is and it does not come back. It tells by let
// whether the client was let in the first time.
func (s *Swarm) listen(opening context.Context, index int, let chan<- error) {
	been, failures, at := false, 0, places{}
	for turn := 0; ; turn++ {
		err := s.visit(opening, index, turn, at, func() {
			if failures = 0; !been {
				been, opening = true, context.Background()
				let <- nil
			}
		})
		switch {
		case s.closing.Load():
			return
		case !been:
			let <- err
			return
		case !s.plan.Returns || errors.Is(err, errGap):
			err = fmt.Errorf("socket %d: %w", index+1, err)
			s.failure.CompareAndSwap(nil, &err)
			return
		}
		select {
		case <-time.After(rand.N(min(minBackoff<<min(failures, 10), maxBackoff))): //nolint:gosec // no secret
		case <-s.closed:
			return
		}
		failures++
	}
}

// visit opens a socket of a client and takes what arrives until that is closed. It calls isIn once the client is signed in.
func (s *Swarm) visit(ctx context.Context, index, turn int, at places, isIn func()) error {
	dialer := websocket.Dialer{HandshakeTimeout: openTime, ReadBufferSize: 2048, WriteBufferSize: 512}
	server := s.plan.Servers[(index+turn)%len(s.plan.Servers)]
	conn, answer, err := dialer.DialContext(ctx, strings.Replace(server, "http", "ws", 1)+s.plan.Protocol.path, nil)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()             // it is empty
	defer func() { _ = conn.Close() }() // it may be closed already
	s.conns[index].Store(conn)
	if s.closing.Load() {
		return nil
	}
	_ = conn.SetReadDeadline(time.Now().Add(openTime))
	signedIn := false
	defer func() {
		if signedIn {
			s.in.Add(-1)
		}
	}()
	return s.speak(conn, index, at, func() {
		_ = conn.SetReadDeadline(time.Time{})
		signedIn = true
		s.in.Add(1)
		s.signIns.Add(1)
		isIn()
	})
}

func (s *Swarm) speak(conn *websocket.Conn, index int, at places, isIn func()) error {
	p, token := s.plan.Protocol, s.plan.Tokens[index%len(s.plan.Tokens)]
	hello := ""
	switch {
	case s.plan.Returns:
		hello = at.greeting(token)
	case p.greeting != nil:
		hello = p.greeting(token)
	}
	if hello != "" {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(hello)); err != nil {
			return err
		}
	}
	var frame bytes.Buffer
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			return err
		}
		frame.Reset()
		if _, err := frame.ReadFrom(r); err != nil {
			return err
		}
		for line := range bytes.SplitSeq(frame.Bytes(), []byte{'\n'}) {
			kind, answer := p.read(token, line)
			if s.plan.Returns && (kind == push || kind == ready) {
				missed, err := at.follow(line)
				if err != nil {
					return err
				}
				for _, message := range missed {
					s.message(index, message)
				}
			}
			switch kind {
			case push:
				s.message(index, line)
			case ready:
				isIn()
			case refused:
				return fmt.Errorf("refused: %s", line)
			}
			if answer == "" {
				continue
			}
			if err := conn.WriteMessage(websocket.TextMessage, []byte(answer)); err != nil {
				return err
			}
		}
	}
}

func (s *Swarm) message(index int, message []byte) {
	if r := s.run.Load(); r != nil {
		r.take(index, message)
	}
	if hear := s.hear.Load(); hear != nil {
		(*hear)(time.Now(), message)
	}
}

// Hear has fn called for each message from now on, with when it arrived. fn must not keep the message.
func (s *Swarm) Hear(fn func(at time.Time, message []byte)) { s.hear.Store(&fn) }

// Err returns the error of the first socket that failed, nil while all are open.
func (s *Swarm) Err() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Cut closes all sockets at once, and returns how long it took until all clients were back.
func (s *Swarm) Cut(ctx context.Context) (time.Duration, error) {
	began, all := time.Now(), int64(s.plan.Sockets)
	back := s.signIns.Load() + all
	s.hangUp()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for {
		in := s.in.Load()
		if s.Err() != nil || in == all && s.signIns.Load() >= back {
			return time.Since(began), s.Err()
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return 0, fmt.Errorf("%d of %d clients are back: %w", in, all, ctx.Err())
		}
	}
}

func (s *Swarm) hangUp() {
	for i := range s.conns {
		if conn := s.conns[i].Load(); conn != nil {
			_ = conn.Close()
		}
	}
}

// Close closes all sockets.
func (s *Swarm) Close() {
	if !s.closing.Swap(true) {
		close(s.closed)
	}
	s.hangUp()
	s.readers.Wait()
}
