package realtime

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// connectionLimiter counts open sockets, from the request to the close of the connection, whether or not anybody signed in
// on them.
type connectionLimiter struct {
	max  int64
	open atomic.Int64
}

// serve counts a request while next serves it, and beyond that while a connection that next took over is open.
func (l *connectionLimiter) serve(next http.Handler, full http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.open.Add(1) > l.max {
			l.open.Add(-1)
			full(w, r)
			return
		}
		lw := &limitedWriter{ResponseWriter: w, release: sync.OnceFunc(func() { l.open.Add(-1) })}
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
