package app_test

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

// worstBodies are as large, and as rich in values, as a route takes or just refuses.
func worstBodies() map[string]struct {
	path, body string
	status     int
} {
	type costly = struct {
		path, body string
		status     int
	}
	const bulk = "/api/v1/activity/bulk"
	entry := func(metadata string) string {
		return `{"action":"a","resource_type":"cut","resource_id":"c","metadata":` + metadata + `}`
	}
	entries := func(n int, metadata string) string {
		return `{"entries":[` + strings.TrimSuffix(strings.Repeat(entry(metadata)+",", n), ",") + `]}`
	}
	var names strings.Builder
	for i := range 90 {
		fmt.Fprintf(&names, `,"%020d":{}`, i)
	}
	zeros := func(n int) string { return "[" + strings.Repeat("0,", n-1) + "0]" }
	return map[string]costly{
		"millions of empty entries": {bulk, `{"entries":[` + strings.Repeat("{},", 2_600_000) + `{}]}`, 422},
		"entries of text":           {bulk, entries(500, `{"text":"`+strings.Repeat("x", 16_000)+`"}`), 201},
		"entries of words":          {bulk, entries(500, `{"text":"`+strings.Repeat("é ", 5_000)+`"}`), 201},
		"entries of escapes":        {bulk, entries(500, `{"text":"`+strings.Repeat(`\u0001`, 2_600)+`"}`), 201},
		"entries of numbers":        {bulk, entries(1000, `{"list":`+zeros(88)+`}`), 201},
		"entries of objects":        {bulk, entries(1000, `{`+strings.TrimPrefix(names.String(), ",")+`}`), 201},
		"entries of names":          {bulk, entries(1000, `{"`+strings.Repeat("n", 7000)+`":{}}`), 413},
		"one entry of everything":   {"/api/v1/activity", entry(`{"list":` + zeros(90_000) + `}`), 422},
		"too many values":           {bulk, entries(1000, `{"list":`+zeros(2000)+`}`), 413},
		"recipients": {"/api/v1/notifications", `{"message":"m","type":"t","user_id":[` +
			strings.Repeat(`"x",`, 99_000) + `"x"]}`, 422},
		"data of a notification": {"/api/v1/notifications", `{"message":"m","type":"t","user_id":"all","data":{"list":` + zeros(90_000) + `}}`, 422},
		"arguments of a job":     {"/api/v1/jobs", `{"kind":"bulk-export","args":{"list":` + zeros(90_000) + `}}`, 422},
		"a socket message":       {"/api/v1/socket/broadcast", `{"event":"e","data":{"list":` + zeros(90_000) + `}}`, 413},
		"an episode":             {"/api/v1/episodes", `{"title":"t","categories":` + strings.ReplaceAll(zeros(90_000), "0", `"c"`) + `}`, 422},
	}
}

// The worst body that anybody can send costs less than a hundred megabytes in all, wherever it is refused or taken.
func TestWorstBodiesAreCheap(t *testing.T) { //nolint:paralleltest // it measures what is allocated meanwhile
	if testing.Short() {
		t.Skip("SKIPPED: the race detector allocates too")
	}
	s := apptest.Start(t, apptest.Options{})
	s.Settle()
	token := s.Users.Admin.Token
	for name, tt := range worstBodies() {
		const most = 100 << 20
		used := uint64(math.MaxUint64)
		for range 5 { // the consumers may be at work on it before it is measured
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := s.Raw(http.MethodPost, tt.path, token, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(tt.body))
			runtime.ReadMemStats(&after)
			if r.Status != tt.status {
				t.Errorf("%s: answer %d %.300s, want %d", name, r.Status, r.Body, tt.status)
			}
			s.Settle()
			if used = min(used, after.TotalAlloc-before.TotalAlloc); used <= most {
				break
			}
		}
		if used > most {
			t.Errorf("%s: %d MB for a body of %d MB", name, used>>20, len(tt.body)>>20)
		}
	}
}
