package realtime

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// slots counts open sockets, from the request to the close of the connection, whether or not anybody signed in on them.
type slots struct {
	max  int64
	used atomic.Int64
}

// acquire takes a slot if one is free. release gives it back, once however often it is called.
func (s *slots) acquire() (release func(), ok bool) {
	if s.used.Add(1) > s.max {
		s.used.Add(-1)
		return nil, false
	}
	return sync.OnceFunc(func() { s.used.Add(-1) }), true
}

// serve holds a slot while next serves, and beyond that while a connection that next took over is open.
func (s *slots) serve(next http.Handler, full http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		release, ok := s.acquire()
		if !ok {
			full(w, r)
			return
		}
		sw := &slotWriter{ResponseWriter: w, release: release}
		defer func() {
			if !sw.hijacked {
				release()
			}
		}()
		next.ServeHTTP(sw, r)
	})
}

type slotWriter struct {
	http.ResponseWriter
	release  func()
	hijacked bool
}

// Unwrap lets http.ResponseController reach Flush and the deadlines.
func (w *slotWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements http.Hijacker.
func (w *slotWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.hijacked = true
	return &slotConn{Conn: c, release: w.release}, rw, nil
}

type slotConn struct {
	net.Conn
	release func()
}

// Close implements net.Conn.
func (c *slotConn) Close() error {
	c.release()
	return c.Conn.Close()
}
