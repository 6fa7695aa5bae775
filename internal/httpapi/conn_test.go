package httpapi_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard/internal/httpapi"
)

// newProgressServer serves h to clients that have to accept something within timeout.
func newProgressServer(t *testing.T, h http.Handler, timeout time.Duration) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Listener = httpapi.LimitConns(server.Listener, httpapi.ConnLimits{WriteTimeout: timeout})
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// A client that asks for a large export and never reads it is cut off, and what serves it ends.
func TestStalledReaderIsCutOff(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	ended := make(chan error, 1)
	httpapi.Register(a, httpapi.Route{ID: "export", Method: http.MethodGet, Path: "/api/v1/export", Access: httpapi.Public},
		func(context.Context, *struct{}) (*huma.StreamResponse, error) {
			return &huma.StreamResponse{Body: func(out huma.Context) {
				row := bytes.Repeat([]byte("x"), 1000)
				var err error
				for err == nil {
					_, err = out.BodyWriter().Write(row)
				}
				ended <- err
			}}, nil
		})
	server := newProgressServer(t, a.Handler(), 100*time.Millisecond)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /api/v1/export HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the handler still writes to a client that does not read")
	}
}

// slowReader takes its time between reads, far longer in all than the time for one write.
type slowReader struct {
	net.Conn
	pause <-chan time.Time
}

func (r slowReader) Read(p []byte) (int, error) {
	<-r.pause
	return r.Conn.Read(p[:min(len(p), 128<<10)])
}

// Who reads slowly, but reads, gets all: of one large write, and of a file.
func TestSlowReaderGetsAll(t *testing.T) {
	t.Parallel()
	const size = 24 << 20
	file := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(file, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/write", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, size)) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	const timeout = 500 * time.Millisecond
	server := newProgressServer(t, mux, timeout)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	client := &http.Client{Transport: &http.Transport{ReadBufferSize: 128 << 10, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		return slowReader{conn, tick.C}, err
	}}}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/write", "/file"} {
		start := time.Now()
		resp, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		if err != nil || n != size || resp.Body.Close() != nil {
			t.Errorf("%s: %d bytes, error %v", path, n, err)
		}
		if took := time.Since(start); took < timeout {
			t.Errorf("%s: read within %v; the test shows nothing", path, took)
		}
	}
}

// A deadline that a handler sets itself holds.
func TestOwnWriteDeadlineHolds(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	server := newProgressServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		if err := control.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte("x"))
		failed <- control.Flush()
	}), time.Minute)
	if resp, err := http.Get(server.URL); err == nil {
		_ = resp.Body.Close()
		t.Error("answered past the deadline")
	}
	if err := <-failed; err == nil {
		t.Error("the deadline was put off")
	}
}

// A client that pipelines requests and never reads an answer is cut off, and so is every other of its kind.
func TestPipeliningWithoutReadingIsCutOff(t *testing.T) {
	t.Parallel()
	const clients = 20
	var ended atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1<<20))
	}))
	server.Listener = httpapi.LimitConns(server.Listener, httpapi.ConnLimits{WriteTimeout: 100 * time.Millisecond})
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			ended.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	requests := strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", 100)
	for range clients {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, requests); err != nil {
			t.Fatal(err)
		}
	}
	poll(t, "the end of all of them", func() bool { return ended.Load() == clients })
}

// poll waits until cond holds.
func poll(t *testing.T, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !cond(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

func TestConnectionsPerAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		exempt   func(netip.Addr) bool
		answered int
	}{
		{"of a client", nil, 3},
		{"of a proxy", netip.Addr.IsLoopback, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNoContent)
			}))
			server.Listener = httpapi.LimitConns(server.Listener, httpapi.ConnLimits{WriteTimeout: time.Minute, PerAddress: 3, Exempt: tt.exempt})
			server.Start()
			t.Cleanup(server.Close)
			ask := func() (answered bool, conn net.Conn) {
				conn, err := net.Dial("tcp", server.Listener.Addr().String())
				if err != nil {
					return false, nil
				}
				t.Cleanup(func() { _ = conn.Close() })
				_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				n, _ := conn.Read(make([]byte, 1))
				return n == 1, conn
			}
			answered, last := 0, net.Conn(nil)
			for range 5 {
				if ok, conn := ask(); ok {
					answered, last = answered+1, conn
				}
			}
			if answered != tt.answered {
				t.Errorf("%d of 5 connections were answered, want %d", answered, tt.answered)
			}
			if err := last.Close(); err != nil {
				t.Fatal(err)
			}
			poll(t, "a place for another", func() bool { ok, _ := ask(); return ok })
		})
	}
}
