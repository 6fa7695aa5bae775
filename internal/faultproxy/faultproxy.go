// Package faultproxy is a TCP proxy for tests, which breaks the line between a server and who uses it as networks do: at once, in
// silence, in one direction, by being slow.
package faultproxy

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// State is what a line does with what is sent on it.
type State struct {
	Refuse   bool // new connections are closed, and those that there are
	HoldUp   bool // what the client sends does not arrive, and nobody is told
	HoldDown bool // what the server sends does not
	// Delay is by how much later what is sent arrives, 32 KB at a time, in each direction.
	Delay time.Duration
}

// Proxy stands between clients and one server.
type Proxy struct {
	target   string
	listener net.Listener

	mu      sync.Mutex
	state   State
	changed chan struct{} // closed at the next change
	conns   map[net.Conn]struct{}
}

// New returns a proxy to a server that lets everything through. It ends with the test.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{target: target, listener: listener, changed: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	go p.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		p.Set(State{Refuse: true})
	})
	return p
}

// Addr returns where the proxy listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set has the line behave as state says, from now on. What was held up goes on its way once it may.
func (p *Proxy) Set(state State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = state
	close(p.changed)
	p.changed = make(chan struct{})
	if state.Refuse {
		for c := range p.conns {
			_ = c.Close()
		}
	}
}

// Cut closes all connections without a word. New ones are taken.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// Idle reports whether no connection is open.
func (p *Proxy) Idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns) == 0
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if state, _ := p.now(); state.Refuse {
			_ = client.Close()
			continue
		}
		go p.serve(client)
	}
}

func (p *Proxy) now() (State, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state, p.changed
}

func (p *Proxy) serve(client net.Conn) {
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	for _, c := range []net.Conn{client, server} {
		p.conns[c] = struct{}{}
	}
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client, func(s State) bool { return s.HoldUp }) })
	both.Go(func() { p.copy(client, server, func(s State) bool { return s.HoldDown }) })
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, client)
	delete(p.conns, server)
}

func (p *Proxy) copy(to, from net.Conn, held func(State) bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		state, changed := p.now()
		for held(state) && !state.Refuse {
			<-changed
			state, changed = p.now()
		}
		if state.Delay > 0 {
			select {
			case <-time.After(state.Delay):
			case <-changed: // at most this one is early
			}
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
