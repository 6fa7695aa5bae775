package process

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/prometheus/procfs"
)

func TestDescendants(t *testing.T) {
	t.Parallel()
	all := map[int]procfs.ProcStat{1: {PID: 1}, 2: {PID: 2, PPID: 1}, 3: {PID: 3, PPID: 2}, 4: {PID: 4, PPID: 1}}
	for pid, want := range map[int]bool{1: false, 2: true, 3: true, 4: false} {
		if got := descends(pid, 2, all); got != want {
			t.Errorf("%d: %t", pid, got)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	s := &Server{Kind: "test", PID: os.Getpid()}
	if _, err := s.CPU(); err != nil {
		t.Error(err)
	}
	if rss, peak, err := s.Memory(); err != nil || rss < 1<<20 || peak < rss {
		t.Errorf("%d of %d bytes, %v", rss, peak, err)
	}
}

func TestStartReadsWhereTheServerIs(t *testing.T) {
	t.Parallel()
	s, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo some line; echo Fake is at http://127.0.0.1:1234/ token=abc; exec sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	if s.URL != "http://127.0.0.1:1234" || !strings.Contains(s.greeting, "token=abc") {
		t.Errorf("%+v", s)
	}
	if err := s.ForgetPeak(); err != nil {
		t.Error(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStartTellsWhyAServerEnded(t *testing.T) {
	t.Parallel()
	_, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo the port is taken >&2; exit 1"))
	if err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
	}
}

// A server has settled once its marks have arrived, and a service that is switched off has none.
func TestSettleWaitsForTheMarks(t *testing.T) {
	t.Parallel()
	polls := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/notifications", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "off", http.StatusServiceUnavailable)
	})
	mux.HandleFunc("POST /api/v1/activity", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	mux.HandleFunc("GET /api/v1/activity/resource/bench/{id}", func(w http.ResponseWriter, _ *http.Request) {
		if polls++; polls < 3 {
			_, _ = w.Write([]byte(`{"data":[]}`))
			return
		}
		_, _ = w.Write([]byte(`{"data":[{"id":"1"}]}`))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	if _, err := (&Server{Kind: "callboard", URL: server.URL}).Settle(t.Context()); err != nil || polls != 3 {
		t.Errorf("%d polls, %v", polls, err)
	}
}
