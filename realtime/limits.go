package realtime

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"time"

	"callboard"
)

// retryWhenFull is how long a client should wait before it tries again.
const retryWhenFull = 10 * time.Second

// limit counts a request while next serves it, and beyond that while a connection that next took over is open, whether or
// not anybody signed in on it.
func (s *Service) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.open.Add(1) > int64(s.cfg.MaxConnections) {
			s.open.Add(-1)
			s.refuse(w, r, &callboard.Error{
				Code: callboard.CodeUnavailable, Message: "too many connections are open", RetryAfter: retryWhenFull,
			})
			return
		}
		lw := &limitedWriter{ResponseWriter: w, release: sync.OnceFunc(func() { s.open.Add(-1) })}
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
	release  func()
	hijacked bool
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
