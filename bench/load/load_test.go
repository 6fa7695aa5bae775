package load

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// acknowledging answers each request with an ID, after a while. Request 13 fails, but leaves a row all the same.
func acknowledging(t *testing.T, delay time.Duration) (p Plan, rows map[string]int) {
	t.Helper()
	rows = map[string]int{}
	var mutex sync.Mutex
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		<-time.After(delay)
		mutex.Lock()
		defer mutex.Unlock()
		id := fmt.Sprint(len(rows))
		rows[id] = 1
		if string(body) == `{"n":13}` {
			http.Error(w, "unlucky", http.StatusTeapot)
			return
		}
		fmt.Fprintf(w, `{"data":{"id":"%s","title":"id"}}`, id)
	}))
	t.Cleanup(s.Close)
	return Plan{Connections: 4, Request: Numbered(Request("POST", s.URL, "token", `{}`)), Ledger: new(Ledger)}, rows
}

func TestClosedLoop(t *testing.T) {
	t.Parallel()
	p, rows := acknowledging(t, 10*time.Millisecond)
	p.Requests = 40
	r, err := Run(t.Context(), p)
	if err != nil || r.Requests != 40 || r.Percentile(50) < 10 || r.Rate > 400 {
		t.Errorf("%d requests, %.0f/s, p50 %.1f ms: %v", r.Requests, r.Rate, r.Percentile(50), err)
	}
	if err := p.Ledger.Check("rows", rows, 1); err != nil {
		t.Error(err)
	}
}

func TestWarmupCountsInTheLedgerAlone(t *testing.T) {
	t.Parallel()
	p, rows := acknowledging(t, time.Millisecond)
	p.Warmup, p.Duration = 50*time.Millisecond, 50*time.Millisecond
	warm := 0
	p.Started = func() error {
		warm = len(p.Ledger.IDs())
		return nil
	}
	r, err := Run(t.Context(), p)
	if err != nil || warm == 0 || r.Requests != len(rows)-warm || p.Ledger.Check("rows", rows, 1) != nil {
		t.Errorf("%d requests after %d, %d rows: %v", r.Requests, warm, len(rows), err)
	}
}

// Two connections that answer after 20 ms cannot keep up with 200 requests a second, and what waits for one counts it.
func TestOpenLoopCountsFromWhenRequestsAreDue(t *testing.T) {
	t.Parallel()
	p, _ := acknowledging(t, 20*time.Millisecond)
	p.Connections, p.PerSecond, p.Duration = 2, 200, 400*time.Millisecond
	r, err := Run(t.Context(), p)
	if !errors.Is(err, ErrBehind) || r.Percentile(100) < 100 || Millis(r.Late, 100) < 80 {
		t.Errorf("%.0f requests/s, most %.1f ms, late %.1f ms: %v", r.Rate, r.Percentile(100), Millis(r.Late, 100), err)
	}
}

func TestAnAnswerOtherThan2xxIsAnError(t *testing.T) {
	t.Parallel()
	p, rows := acknowledging(t, 0)
	p.Requests, p.Request = 20, Numbered(Request("POST", p.Request(0).URL, "token", `{"n":`+Number+`}`))
	if _, err := Run(t.Context(), p); err == nil || !strings.Contains(err.Error(), "1 of 20 requests failed, one with I'm a teapot: unlucky") {
		t.Errorf("%v", err)
	}
	if err := p.Ledger.Check("rows", rows, 1); err == nil {
		t.Error("a row without an acknowledgement passes")
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	var l Ledger
	l.Add(idIn([]byte(`{"data":{"show":{"id":"y"},"id":"a"}}`)), idIn([]byte(`{"collection":"c","id":"b"}`)))
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
