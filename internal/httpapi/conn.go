package httpapi

import (
	"cmp"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
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

// ConnLimits bounds what a client may hold of a server with its connections.
type ConnLimits struct {
	// WriteTimeout breaks a connection whose other side accepts nothing for so long: who stalls amid an answer, an export or a
	// stream of events would hold its goroutine for ever. A deadline that a handler sets takes its place.
	WriteTimeout time.Duration
	// PerAddress is how many connections a client address may have open; more are closed at once. An IPv6 client has a whole
	// network of 64 bits. 0 is no limit.
	PerAddress int
	// Exempt, when set, tells the addresses that PerAddress does not apply to, such as those of a proxy.
	Exempt func(netip.Addr) bool
	// Logger is told, once a minute at most, that connections are closed because of PerAddress; nil discards it.
	Logger *slog.Logger
}

// refusalLogEvery is how often the log tells of refused connections.
const refusalLogEvery = time.Minute

// LimitConns returns a listener whose connections are held to the limits.
func LimitConns(l net.Listener, limits ConnLimits) net.Listener {
	limits.Logger = cmp.Or(limits.Logger, slog.New(slog.DiscardHandler))
	return &limitedListener{Listener: l, limits: limits, open: map[netip.Prefix]int{}}
}

type limitedListener struct {
	net.Listener
	limits ConnLimits

	mu     sync.Mutex
	open   map[netip.Prefix]int
	logged time.Time
}

// Accept waits for the next connection that may be served.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, err
		}
		if release, admitted := l.admit(tcp); admitted {
			limitUnsent(tcp)
			return &progressConn{TCPConn: tcp, timeout: l.limits.WriteTimeout, release: release}, nil
		}
		_ = tcp.SetLinger(0) // what is closed so is remembered neither here nor there
		_ = tcp.Close()
	}
}

// admit counts a connection for its client, unless the client has too many.
func (l *limitedListener) admit(conn *net.TCPConn) (release func(), ok bool) {
	remote, isTCP := conn.RemoteAddr().(*net.TCPAddr)
	if !isTCP || l.limits.PerAddress <= 0 {
		return func() {}, true
	}
	addr := remote.AddrPort().Addr().Unmap().WithZone("")
	if l.limits.Exempt != nil && l.limits.Exempt(addr) {
		return func() {}, true
	}
	client, _ := addr.Prefix(min(addr.BitLen(), 64)) // fails only for more bits than there are
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[client] >= l.limits.PerAddress {
		if now := time.Now(); now.Sub(l.logged) >= refusalLogEvery {
			l.logged = now
			l.limits.Logger.Warn("connections of one address are closed: there are too many", "address", client, "limit", l.limits.PerAddress)
		}
		return nil, false
	}
	l.open[client]++
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.open[client]--; l.open[client] == 0 {
			delete(l.open, client)
		}
	}), true
}

type progressConn struct {
	*net.TCPConn
	timeout time.Duration
	release func()
	own     atomic.Bool // a deadline of the handler's is set
}

// Close implements net.Conn.
func (c *progressConn) Close() error {
	c.release()
	return c.TCPConn.Close()
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
