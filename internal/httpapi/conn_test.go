package httpapi_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"callboard/internal/httpapi"
)

// newProgressServer serves h to clients that have to accept something within timeout.
func newProgressServer(t *testing.T, h http.Handler, timeout time.Duration) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Listener = httpapi.RequireProgress(server.Listener, timeout)
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
