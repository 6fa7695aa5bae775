package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// answering starts a server that answers each request with the next id, and returns where it is.
func answering(t *testing.T, answer func(w http.ResponseWriter, n int64)) (host string, requests *atomic.Int64) {
	t.Helper()
	requests = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, requests.Add(1))
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), requests
}

func created(w http.ResponseWriter, n int64) {
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write([]byte(`{"data":{"id":"` + string(rune('a'+n)) + `","title":"x"}}`))
}

func post(host string) func([]byte, int, int) []byte {
	return Numbered(Request("POST", host, "/", "token", []byte(`{"title":"`+Number+`"}`)))
}

func TestClosedCountsRequestsAndKeepsTheLedger(t *testing.T) {
	t.Parallel()
	host, requests := answering(t, created)
	ledger := NewLedger()
	result, err := Closed(t.Context(), Plan{Host: host, Connections: 2, Requests: 10, Request: post(host), Ledger: ledger})
	if err != nil {
		t.Fatal(err)
	}
	if result.Requests != 10 || requests.Load() != 10 || len(ledger.IDs()) != 10 {
		t.Errorf("%d counted, %d arrived, %d in the ledger", result.Requests, requests.Load(), len(ledger.IDs()))
	}
}

func TestAnAnswerOtherThan2xxFailsTheRun(t *testing.T) {
	t.Parallel()
	host, _ := answering(t, func(w http.ResponseWriter, n int64) {
		if n%2 == 0 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		created(w, n)
	})
	result, err := Closed(t.Context(), Plan{Host: host, Connections: 1, Requests: 4, Request: post(host), Ledger: NewLedger()})
	if err == nil || result.Failed[http.StatusTooManyRequests] != 2 {
		t.Errorf("error %v, failed %v", err, result.Failed)
	}
}

// A server that stands still for a moment makes all requests late that were due meanwhile, though each is quick by itself.
func TestOpenCountsTheTimeFromTheDueInstant(t *testing.T) {
	t.Parallel()
	const pause = 200 * time.Millisecond
	host, _ := answering(t, func(w http.ResponseWriter, n int64) {
		if n == 1 {
			<-time.After(pause)
		}
		created(w, n)
	})
	result, err := Open(t.Context(), Plan{Host: host, Connections: 1, Duration: 500 * time.Millisecond, Request: post(host)}, 100)
	if err != nil {
		t.Fatal(err)
	}
	if result.Requests != 50 {
		t.Errorf("%d requests instead of 50", result.Requests)
	}
	if p75 := result.Percentile(75); p75 < 40 { // 20 of 50 were due within the pause, the last of them at its end
		t.Errorf("p75 is %.1f ms: those that waited are not seen", p75)
	}
}

func TestOpenFailsWhenTheRateIsNotKept(t *testing.T) {
	t.Parallel()
	host, _ := answering(t, func(w http.ResponseWriter, n int64) {
		<-time.After(20 * time.Millisecond)
		created(w, n)
	})
	_, err := Open(t.Context(), Plan{Host: host, Connections: 1, Duration: 200 * time.Millisecond, Request: post(host)}, 200)
	if err == nil {
		t.Error("200 requests/s over one connection that takes 50 pass for kept")
	}
}

func TestDueInstantsAreEven(t *testing.T) {
	t.Parallel()
	if n := dueBy(1500*time.Millisecond, 1000); n != 1500 {
		t.Errorf("%d are due", n)
	}
	if at := offset(2999, 3); at != 2999*time.Second/3 {
		t.Errorf("the last is due at %v", at)
	}
	due := make(chan time.Time, 10)
	start := time.Now()
	if err := pace(context.Background(), due, start, 1000, 5*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 4*time.Millisecond || len(due) != 5 {
		t.Errorf("%d instants within %v", len(due), took)
	}
}

func TestScanID(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"id":"019a","title":"x"}}`:                   "019a",
		`{"meta":{"id":1},"data":{"title":"x","id": "019b"}}`:  "019b",
		`{"collectionId":"c","id":"r1","title":"x"}`:           "r1",
		`{"data":{"id":42}}`:                                   "42",
		`{"error":"no"}`:                                       "",
		`{"data":{"id":`:                                       "",
		`{"data":{"ids":["a","b"]}}`:                           "",
		`{"data":{"id":"019c"},"viewers":[{"id":"somebody"}]}`: "019c",
	} {
		got, err := scanID([]byte(body))
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", body, got, err)
		}
	}
}

func TestLedgerCheck(t *testing.T) {
	t.Parallel()
	ledger := NewLedger()
	for _, body := range []string{`{"id":"a"}`, `{"id":"b"}`} {
		if err := ledger.page(0).add([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		rows map[string]int
		good bool
	}{
		"all there":      {map[string]int{"a": 2, "b": 2}, true},
		"one is missing": {map[string]int{"a": 2}, false},
		"one twice":      {map[string]int{"a": 2, "b": 3}, false},
		"one too many":   {map[string]int{"a": 2, "b": 2, "c": 2}, false},
	} {
		if err := ledger.Check("rows", c.rows, 2); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if share := ledger.Share(map[string]int{"a": 2, "b": 1, "c": 9}, 2); share != 0.75 {
		t.Errorf("share %v", share)
	}
}

func TestLedgerDoesNotTakeOneIDForTwoWrites(t *testing.T) {
	t.Parallel()
	ledger := NewLedger()
	for worker := range 2 {
		if err := ledger.page(worker).add([]byte(`{"id":"a"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if ledger.Check("rows", map[string]int{"a": 1}, 1) == nil {
		t.Error("two writes were acknowledged and one row is enough")
	}
}

func TestNumberedKeepsTheLength(t *testing.T) {
	t.Parallel()
	next := Numbered([]byte(`{"title":"` + Number + `"}`))
	got := []string{string(next(nil, 0, 7)), string(next(nil, 3, 12))}
	if diff := cmp.Diff([]string{`{"title":"00000007"}`, `{"title":"03000012"}`}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	h := newHistogram()
	for ms := range 1000 {
		record(h, time.Duration(ms+1)*time.Millisecond)
	}
	x, y := Distribution(h)
	for i := range x {
		if x[i] > 99.9 && x[i] < 100.1 && (y[i] < 985 || y[i] > 995) {
			t.Errorf("p99 of 1 to 1000 ms is %v", y[i])
		}
	}
	if last := x[len(x)-1]; last > 1000 {
		t.Errorf("1000 requests say nothing of 1 in %v", last)
	}
}
