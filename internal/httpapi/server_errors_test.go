package httpapi_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard/internal/httpapi"
)

// lines is a log that several goroutines write to.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func malformed(t *testing.T, reg *prometheus.Registry) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "callboard_http_malformed_total" {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	return 0
}

// What strangers send is counted and leaves no line; what the server itself gets wrong is still logged.
func TestNoiseIsCounted(t *testing.T) {
	t.Parallel()
	reg, log := prometheus.NewRegistry(), &lines{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	api := httpapi.New(httpapi.Config{Authenticate: authenticate, Logger: logger})
	registerThings(api)
	mux := http.NewServeMux()
	mux.Handle("/", api.Handler())
	mux.HandleFunc("/twice", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.WriteHeader(http.StatusOK)
	})
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(httpapi.ServerErrors(logger, reg), slog.LevelWarn)
	server.StartTLS()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "nonsense that is no handshake")
	_, _ = io.Copy(io.Discard, conn) // until the server has given up
	_ = conn.Close()
	get := func(path, as string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if as != "" {
			r.Header.Set("Authorization", "Bearer "+as)
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	const id = "/api/v1/things/0197a000-0000-7000-8000-000000000001"
	for path, want := range map[string]int{"/api/v1/things?a;b": 400, "/api/v1/nothing": 404, id: 401, "/api/v1/things?limit=0": 422} {
		if got := get(path, ""); got != want {
			t.Errorf("%s: answer %d, want %d", path, got, want)
		}
	}
	if got := get(id, "nonsense"); got != 401 {
		t.Errorf("answer %d, want 401", got)
	}
	tick, deadline := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for malformed(t, reg) < 1 {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%v are counted, want 1", malformed(t, reg))
		}
	}
	if log.String() != "" {
		t.Errorf("logged: %s", log)
	}
	if get("/twice", ""); !strings.Contains(log.String(), "superfluous") {
		t.Errorf("a defect is not logged: %s", log)
	}
}
