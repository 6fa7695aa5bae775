package realtime_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard/realtime"
)

type lockedLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// What strangers send to the endpoint that knows nobody is counted, and fills no log.
func TestStrangersFillNoLog(t *testing.T) {
	t.Parallel()
	log, reg := &lockedLog{}, prometheus.NewRegistry()
	s := start(t, func(c *realtime.Config) {
		c.Logger, c.Registerer = slog.New(slog.NewTextHandler(log, nil)), reg
	})
	for _, body := range []string{`{"node":"nowhere","session":"none","data":"{}"}`, `{}`, `nonsense`, ``} {
		resp, err := http.Post(s.http.URL+realtime.PathEmulation, "application/json", strings.NewReader(body))
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != 404 && resp.StatusCode != 400 {
			t.Errorf("%q: answer %d", body, resp.StatusCode)
		}
	}
	for _, path := range []string{realtime.PathWebSocket, realtime.PathSSE, realtime.PathHTTPStream} {
		resp, err := http.Post(s.http.URL+path, "application/json", strings.NewReader("nonsense"))
		must(t, err)
		must(t, resp.Body.Close())
	}
	families, err := reg.Gather()
	must(t, err)
	var counted float64
	for _, f := range families {
		if f.GetName() == "callboard_socket_malformed_total" {
			counted = f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	log.mu.Lock()
	defer log.mu.Unlock()
	if counted < 2 || log.text.Len() > 0 {
		t.Errorf("counted %v, logged %s", counted, &log.text)
	}
}
