// Package sockets plays thousands of clients that listen at the same time, and measures when messages reach them. It shares its
// processors with the server that it measures, so no message is decoded.
package sockets

import (
	"bytes"
	"context"
	"fmt"
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

// Swarm is a number of open sockets.
type Swarm struct {
	conns   []*websocket.Conn
	readers sync.WaitGroup
	run     atomic.Pointer[run]                                // the measurement, nil when there is none
	hear    atomic.Pointer[func(at time.Time, message []byte)] // nil when nobody does
	failure atomic.Pointer[error]                              // of the first socket that failed
	closing atomic.Bool
}

// Open opens n sockets at the server, which is at base, and waits until all are signed in. The tokens are used in turn.
func Open(ctx context.Context, base string, p Protocol, tokens []string, n int) (*Swarm, error) {
	s := &Swarm{conns: make([]*websocket.Conn, n)}
	dialer := websocket.Dialer{HandshakeTimeout: openTime, ReadBufferSize: 2048, WriteBufferSize: 512}
	address := strings.Replace(base, "http", "ws", 1) + p.path
	group, opening := errgroup.WithContext(ctx)
	group.SetLimit(openAtOnce)
	for i := range n {
		group.Go(func() error {
			conn, answer, err := dialer.DialContext(opening, address, nil)
			if err != nil {
				return fmt.Errorf("open socket %d of %d: %w", i+1, n, err)
			}
			_ = answer.Body.Close() // it is empty
			s.conns[i] = conn
			let := make(chan error, 1)
			s.readers.Go(func() { s.read(i, p, tokens[i%len(tokens)], let) })
			if err := <-let; err != nil {
				return fmt.Errorf("open socket %d of %d: %w", i+1, n, err)
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

// read takes what arrives on a socket until it is closed. It tells by let whether the client was let in.
func (s *Swarm) read(index int, p Protocol, token string, let chan<- error) {
	conn := s.conns[index]
	_ = conn.SetReadDeadline(time.Now().Add(openTime))
	err := s.speak(index, p, token, func() {
		_ = conn.SetReadDeadline(time.Time{})
		let <- nil
	})
	select {
	case let <- err: // nobody has been told yet
	default:
	}
	if !s.closing.Load() {
		err = fmt.Errorf("socket %d: %w", index+1, err)
		s.failure.CompareAndSwap(nil, &err)
	}
}

func (s *Swarm) speak(index int, p Protocol, token string, isIn func()) error {
	conn := s.conns[index]
	if p.greeting != nil {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(p.greeting(token))); err != nil {
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

// Close closes all sockets.
func (s *Swarm) Close() {
	s.closing.Store(true)
	for _, conn := range s.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	s.readers.Wait()
}
