package riverqueue_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/job/internal/riverqueue"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// waitLimit is how long a test waits for what should happen soon.
const waitLimit = 30 * time.Second

// The pages of the queue are served while somebody writes, and can change the queue when nobody does.
func TestPagesBesideWrites(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		q, err := riverqueue.New(t.Context(), riverqueue.Config{
			DB: db, Logger: slog.New(slog.DiscardHandler), Poll: time.Second, Prefix: "/pages",
			Kinds: map[string]riverqueue.Limits{"work": {Concurrency: 1, Timeout: time.Minute}},
			Turn:  func(context.Context, string, int) ([]int64, error) { return nil, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Close)
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := q.Stop(waitLimit, waitLimit, nil, func() {}); err != nil {
				t.Error(err)
			}
		})
		request := func(method, path string) *httptest.ResponseRecorder {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			w := httptest.NewRecorder()
			q.ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, "/pages/api"+path, strings.NewReader("{}")))
			return w
		}
		for deadline := time.Now().Add(waitLimit); request("PUT", "/queues/work/pause").Code != http.StatusOK; sqldb.Wait(t.Context(), 20*time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the queue cannot be paused")
			}
		}
		err = db.Write(t.Context(), func(context.Context, *sqldb.Tx) error {
			for _, path := range []string{"/states", "/queues", "/jobs?state=available"} {
				if w := request("GET", path); w.Code != http.StatusOK {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, riverqueue.Migrations())
}
