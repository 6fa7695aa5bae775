// Package sockets plays thousands of clients that listen at the same time, and measures when messages reach them.
//
// It shares its processors with the server that it measures, so it does as little as it can: one goroutine reads all
// sockets, and no message is decoded. It needs Linux, for epoll.
package sockets

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

const (
	openAtOnce = 32  // clients that sign in at the same time
	spareFiles = 200 // descriptors for all else
	eventsAt   = 256 // sockets per system call
	waitTime   = 50  // milliseconds after which the reader looks whether it shall end
)

// Swarm is a number of open sockets.
type Swarm struct {
	conns []*conn
	files []file
	epoll int
	ended chan struct{} // closed once the reader has ended

	mu      sync.Mutex // held by the reader while it takes what arrived
	closing bool
	run     *run                               // the measurement, nil when there is none
	hear    func(at time.Time, message []byte) // nil when nobody does
	err     error                              // of the first socket that failed
}

// file is the descriptor of a socket.
type file int

// Write implements io.Writer. What clients say is so short that the socket takes it at once.
func (f file) Write(b []byte) (int, error) { return unix.Write(int(f), b) }

// Open opens n sockets at the server, which is at base, and waits until all are signed in. The tokens are used in turn.
func Open(ctx context.Context, base string, p Protocol, tokens []string, n int) (*Swarm, error) {
	if err := enoughFiles(n); err != nil {
		return nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("open sockets: %w", err)
	}
	s := &Swarm{conns: make([]*conn, n), files: make([]file, n), ended: make(chan struct{})}
	if s.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("open sockets: %w", err)
	}
	err = s.openAll(ctx, u.Host, p, tokens)
	go s.read()
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func enoughFiles(n int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("ask for the limit of open files: %w", err)
	}
	// The runtime has raised it as far as it goes.
	if limit.Cur < uint64(n+spareFiles) {
		return fmt.Errorf("%d sockets need a higher limit of open files than %d: see ulimit -n", n, limit.Cur)
	}
	return nil
}

func (s *Swarm) openAll(ctx context.Context, host string, p Protocol, tokens []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(openAtOnce)
	for i := range s.conns {
		s.conns[i] = &conn{index: i, token: tokens[i%len(tokens)], protocol: p, message: s.message}
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := s.open(s.conns[i], host); err != nil {
				return fmt.Errorf("open socket %d of %d: %w", i+1, len(s.conns), err)
			}
			return nil
		})
	}
	return g.Wait()
}

// open signs c in and takes its descriptor out of the runtime's hands, so that the reader alone is woken for it.
func (s *Swarm) open(c *conn, host string) error {
	nc, err := c.open(host)
	if err != nil {
		return err
	}
	defer func() { _ = nc.Close() }()
	fd, err := duplicate(nc)
	if err != nil {
		return err
	}
	s.files[c.index], c.out = file(fd), file(fd)
	return unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(c.index)})
}

func duplicate(nc net.Conn) (fd int, err error) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return 0, errors.New("not a socket")
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return 0, err
	}
	controlErr := raw.Control(func(old uintptr) { fd, err = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) })
	return fd, errors.Join(controlErr, err)
}

// read reads all sockets until the swarm is closed.
func (s *Swarm) read() {
	defer close(s.ended)
	events := make([]unix.EpollEvent, eventsAt)
	buffer := make([]byte, 64<<10)
	for {
		n, err := unix.EpollWait(s.epoll, events, waitTime)
		if err != nil && !errors.Is(err, unix.EINTR) {
			n = 0
		}
		if s.takeAll(events[:max(n, 0)], buffer) {
			return
		}
	}
}

func (s *Swarm) takeAll(events []unix.EpollEvent, buffer []byte) (end bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range events {
		index := int(events[i].Fd)
		if err := s.take(index, buffer); err != nil {
			s.fail(index, err)
		}
	}
	return s.closing
}

func (s *Swarm) take(index int, buffer []byte) error {
	n, err := unix.Read(int(s.files[index]), buffer)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return errors.New("the connection has ended")
	}
	return s.conns[index].feed(buffer[:n])
}

// fail notes the error and hears no more of the socket.
func (s *Swarm) fail(index int, err error) {
	_ = unix.EpollCtl(s.epoll, unix.EPOLL_CTL_DEL, int(s.files[index]), nil)
	if s.err == nil {
		s.err = fmt.Errorf("socket %d: %w", index+1, err)
	}
}

// message is called by the reader for each message.
func (s *Swarm) message(index int, message []byte) {
	if s.run != nil {
		s.run.take(index, message)
	}
	if s.hear != nil {
		s.hear(time.Now(), message)
	}
}

// Hear has fn called for each message from now on, with when it arrived. Whatever arrives meanwhile waits for fn, which must
// not keep the message.
func (s *Swarm) Hear(fn func(at time.Time, message []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hear = fn
}

// Err returns the error of the first socket that failed, nil while all are open.
func (s *Swarm) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close closes all sockets.
func (s *Swarm) Close() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	<-s.ended
	for _, f := range s.files {
		if f > 0 {
			_ = unix.Close(int(f))
		}
	}
	_ = unix.Close(s.epoll)
}
