package httpapi

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

const (
	// WriteTimeout is how long a client may take to accept a chunk of an answer.
	WriteTimeout = time.Minute
	// Sizes of a chunk, in bytes: a client that reads 4 KB a second is slow, but is not cut off.
	writeChunk = 64 << 10
	fileChunk  = 256 << 10
)

// RequireProgress returns a listener whose connections break when the other side accepts nothing for timeout: who stalls amid
// an answer, an export or a stream of events would hold its goroutine for ever. A deadline that a handler sets takes its place.
func RequireProgress(l net.Listener, timeout time.Duration) net.Listener {
	return &progressListener{Listener: l, timeout: timeout}
}

type progressListener struct {
	net.Listener
	timeout time.Duration
}

// Accept waits for the next connection.
func (l *progressListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &progressConn{TCPConn: tcp, timeout: l.timeout}, nil
	}
	return conn, err
}

type progressConn struct {
	*net.TCPConn
	timeout time.Duration
	own     atomic.Bool // a deadline of the handler's is set
}

// SetDeadline sets both deadlines.
func (c *progressConn) SetDeadline(t time.Time) error {
	c.own.Store(!t.IsZero())
	return c.TCPConn.SetDeadline(t)
}

// SetWriteDeadline sets a deadline in place of the usual one; the zero time brings that back.
func (c *progressConn) SetWriteDeadline(t time.Time) error {
	c.own.Store(!t.IsZero())
	return c.TCPConn.SetWriteDeadline(t)
}

// Write sends b in chunks, each within its time.
func (c *progressConn) Write(b []byte) (total int, err error) {
	for {
		chunk := b[total:min(len(b), total+writeChunk)]
		if err := c.extend(); err != nil {
			return total, err
		}
		n, err := c.TCPConn.Write(chunk)
		if total += n; err != nil || total == len(b) {
			return total, err
		}
	}
}

// ReadFrom sends a file in the same way. The kernel copies it, which wants a LimitedReader right above the file.
func (c *progressConn) ReadFrom(src io.Reader) (total int64, err error) {
	limited, ok := src.(*io.LimitedReader)
	if !ok {
		return io.Copy(struct{ io.Writer }{c}, src)
	}
	for limited.N > 0 {
		if err := c.extend(); err != nil {
			return total, err
		}
		n, err := c.TCPConn.ReadFrom(&io.LimitedReader{R: limited.R, N: min(limited.N, fileChunk)})
		if total, limited.N = total+n, limited.N-n; err != nil || n == 0 {
			return total, err
		}
	}
	return total, nil
}

func (c *progressConn) extend() error {
	if c.own.Load() {
		return nil
	}
	return c.TCPConn.SetWriteDeadline(time.Now().Add(c.timeout))
}
