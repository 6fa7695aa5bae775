package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// server acknowledges each request with an ID, after a while.
func server(t *testing.T, delay time.Duration) (url string, rows map[string]int, most *atomic.Int64) {
	t.Helper()
	rows, most = map[string]int{}, new(atomic.Int64)
	lock, busy := make(chan struct{}, 1), new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := busy.Add(1)
		defer busy.Add(-1)
		body, _ := io.ReadAll(r.Body)
		<-time.After(delay)
		lock <- struct{}{}
		most.Store(max(most.Load(), n))
		id := fmt.Sprint(len(rows))
		rows[id] = 1
		<-lock
		if strings.Contains(string(body), `"n":13}`) {
			http.Error(w, "unlucky", http.StatusTeapot)
			return
		}
		fmt.Fprintf(w, `{"data":{"id":"%s","title":"id"}}`, id)
	}))
	t.Cleanup(s.Close)
	return s.URL, rows, most
}

func numbered(url, body string) Plan {
	return Plan{Connections: 4, Request: Numbered(Request("POST", url, "token", body)), Ledger: new(Ledger)}
}

func TestClosedLoopKeepsAllConnectionsBusy(t *testing.T) {
	t.Parallel()
	url, rows, most := server(t, 10*time.Millisecond)
	p := numbered(url, `{}`)
	p.Requests = 40
	r, err := Run(t.Context(), p)
	if err != nil || r.Requests != 40 || most.Load() != 4 {
		t.Errorf("%d requests, %d at once: %v", r.Requests, most.Load(), err)
	}
	if p50 := r.Percentile(50); p50 < 10 || p50 > 1000 {
		t.Errorf("p50 %v ms", p50)
	}
	if err := p.Ledger.Check("rows", rows, 1); err != nil {
		t.Error(err)
	}
}

func TestWarmupCountsInTheLedgerAlone(t *testing.T) {
	t.Parallel()
	url, rows, _ := server(t, time.Millisecond)
	p := numbered(url, `{}`)
	p.Warmup, p.Duration = 50*time.Millisecond, 50*time.Millisecond
	warm := 0
	p.Started = func() error {
		warm = len(p.Ledger.IDs())
		return nil
	}
	r, err := Run(t.Context(), p)
	if err != nil || warm == 0 || r.Requests != len(rows)-warm {
		t.Errorf("%d requests after %d, %d rows: %v", r.Requests, warm, len(rows), err)
	}
	if err := p.Ledger.Check("rows", rows, 1); err != nil {
		t.Error(err)
	}
}

// Two connections that answer after 20 ms cannot keep up with 200 requests a second, and what waits for one counts it.
func TestOpenLoopCountsFromWhenRequestsAreDue(t *testing.T) {
	t.Parallel()
	url, _, _ := server(t, 20*time.Millisecond)
	p := numbered(url, `{}`)
	p.Connections, p.PerSecond, p.Duration = 2, 200, 400*time.Millisecond
	r, err := Run(t.Context(), p)
	if !errors.Is(err, ErrBehind) || r.Percentile(100) < 100 || Millis(r.Late, 100) < 80 {
		t.Errorf("%.0f requests/s, most %.1f ms, late %.1f ms: %v", r.Rate, r.Percentile(100), Millis(r.Late, 100), err)
	}
}

func TestOpenLoopKeepsTheRate(t *testing.T) {
	t.Parallel()
	url, _, _ := server(t, 0)
	p := numbered(url, `{}`)
	p.PerSecond, p.Duration = 100, 500*time.Millisecond
	if r, err := Run(t.Context(), p); err != nil || r.Rate > 110 {
		t.Errorf("%.0f requests/s: %v", r.Rate, err)
	}
}

func TestAnAnswerOtherThan2xxIsAnError(t *testing.T) {
	t.Parallel()
	url, rows, _ := server(t, 0)
	p := numbered(url, `{"n":`+Number+`}`)
	p.Requests = 20
	if _, err := Run(t.Context(), p); err == nil || !strings.Contains(err.Error(), "1 of 20 requests failed, one with 418") {
		t.Errorf("%v", err)
	}
	if err := p.Ledger.Check("rows", rows, 1); err == nil {
		t.Error("a row without an acknowledgement passes")
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	var l Ledger
	l.Add("a", "b")
	for name, rows := range map[string]map[string]int{
		"lost": {"a": 2}, "half": {"a": 2, "b": 1}, "twice": {"a": 2, "b": 3}, "unknown": {"a": 2, "b": 2, "c": 2},
	} {
		if l.Check("rows", rows, 2) == nil {
			t.Errorf("%s passes", name)
		}
	}
	rows := map[string]int{"a": 2, "b": 2}
	if err := l.Check("rows", rows, 2); err != nil {
		t.Error(err)
	}
	if l.Add("a"); l.Check("rows", rows, 2) == nil {
		t.Error("an ID that was given twice passes")
	}
	if share := l.Share(map[string]int{"a": 5}, 2); share != 4.0/6 {
		t.Errorf("share %v", share)
	}
}

func TestIDInAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"id":"x"}}`: "x", `{"data":{"show":{"id":"y"},"id":"x"}}`: "x", `{"collection":"c","id":"x"}`: "x", `{}`: "", `no`: "",
	} {
		if got := idIn([]byte(body)); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestUploadAndDownload(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Error(w, "not yours", http.StatusForbidden)
			return
		}
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(file)
		fmt.Fprintf(w, "%s of %d bytes from %s", header.Filename, len(content), r.Header.Get("Authorization"))
	}))
	defer s.Close()
	answer, _, err := Upload(t.Context(), s.URL, "me", "reel.bin", bytes.NewReader(make([]byte, 100_000)))
	if err != nil || string(answer) != "reel.bin of 100000 bytes from Bearer me" {
		t.Errorf("%s, %v", answer, err)
	}
	if _, _, err := Download(t.Context(), s.URL, "me", io.Discard); err == nil || !strings.Contains(err.Error(), "not yours") {
		t.Errorf("%v", err)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	picture, err := Picture(600, 400)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckPicture(picture, 600); err != nil {
		t.Error(err)
	}
	if CheckPicture(picture, 640) == nil || CheckPicture([]byte("no"), 600) == nil {
		t.Error("another picture passes")
	}
}
