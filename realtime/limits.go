package realtime

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/callboard/callboard"
)

// retryWhenFull is how long a client should wait before it tries again.
const retryWhenFull = 10 * time.Second

// limit counts a request while next serves it, and beyond that while a connection that next took over is open. Whether anybody
// signs in on it is watched by the entrance.
func (s *Service) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.leaving.Load() {
			s.refuse(w, r, &callboard.Error{Code: callboard.CodeUnavailable, Message: "the server is stopping; try again", RetryAfter: time.Second})
			return
		}
		if s.open.Add(1) > int64(s.cfg.MaxConnections) {
			s.open.Add(-1)
			s.refuse(w, r, &callboard.Error{
				Code: callboard.CodeUnavailable, Message: "too many connections are open", RetryAfter: retryWhenFull,
			})
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		arrived := s.entrance.arrive(cancel)
		r = r.WithContext(context.WithValue(ctx, arrivalKey{}, arrived))
		lw := &limitedWriter{ResponseWriter: w, arrived: arrived, release: sync.OnceFunc(func() {
			s.open.Add(-1)
			arrived.leave()
		})}
		defer func() {
			if !lw.hijacked {
				lw.release()
			}
		}()
		next.ServeHTTP(lw, r)
	})
}

type limitedWriter struct {
	http.ResponseWriter
	arrived  *arrival
	release  func()
	hijacked bool
}

// writeTime is how long a client may take to accept a message: twice as long as it has to answer a ping. The library's own second
// is too short for a client that gets all that it missed over a slow line.
const writeTime = 20 * time.Second

// SetWriteDeadline puts the library's deadline for a message off.
func (w *limitedWriter) SetWriteDeadline(t time.Time) error {
	if !t.IsZero() {
		t = time.Now().Add(writeTime)
	}
	return http.NewResponseController(w.ResponseWriter).SetWriteDeadline(t)
}

// Unwrap lets http.ResponseController reach Flush and the deadlines.
func (w *limitedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements http.Hijacker.
func (w *limitedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.hijacked = true
	w.arrived.closeWith(func() { _ = c.Close() })
	return &limitedConn{Conn: c, release: w.release}, rw, nil
}

type limitedConn struct {
	net.Conn
	release func()
}

// Close implements net.Conn.
func (c *limitedConn) Close() error {
	c.release()
	return c.Conn.Close()
}
