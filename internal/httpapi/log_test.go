package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/callboard/callboard/internal/httpapi"
)

// A probe that fails comes again and again: its 503 is no failure of the server's, any other 5xx is.
func TestProbesDoNotFillTheLog(t *testing.T) {
	t.Parallel()
	a, logs := newTestAPI(t, httpapi.Config{})
	for how, logged := range map[string]bool{"deadline": false, "plain": true} {
		logs.Reset()
		call{method: "GET", target: "/api/v1/probe/" + how}.do(t, a.Handler())
		if got := strings.Contains(logs.String(), "level=ERROR msg=request "); got != logged {
			t.Errorf("%s: logged %v:\n%s", how, got, logs)
		}
	}
}

// The log tells an operator of failures and of who was turned away, and not of what callers do wrong every day.
func TestRequestsInTheLog(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		call   call
		status int
		level  string
	}{
		"served":              {call{method: "GET", target: "/api/v1/things"}, 200, "DEBUG"},
		"failed":              {call{method: "GET", target: "/api/v1/fail/plain"}, 500, "ERROR"},
		"away":                {call{method: "GET", target: "/api/v1/fail/away"}, 503, "ERROR"},
		"may not":             {call{method: "GET", target: "/api/v1/admin", as: "viewer"}, 403, "WARN"},
		"unknown credential":  {call{method: "GET", target: "/api/v1/admin", as: "nonsense"}, 401, "DEBUG"},
		"nobody is signed in": {call{method: "GET", target: "/api/v1/admin"}, 401, "DEBUG"},
		"no such route":       {call{method: "GET", target: "/api/v1/nothing"}, 404, "DEBUG"},
		"a stranger's rush":   {call{method: "GET", target: "/api/v1/fail/rate"}, 429, "DEBUG"},
		"broken rule":         {call{method: "GET", target: "/api/v1/fail/fields"}, 422, "DEBUG"},
		"switched off":        {call{method: "POST", target: "/api/v1/off", as: "viewer"}, 503, "DEBUG"},
		"by an admin":         {call{method: "POST", target: "/api/v1/shout", as: "admin"}, 204, "INFO"},
		"by an application":   {call{method: "POST", target: "/api/v1/shout", as: "service"}, 204, "DEBUG"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, logs := newTestAPI(t, httpapi.Config{})
			tt.call.header = http.Header{"X-Request-Id": {"my-id.1"}}
			if w := tt.call.do(t, a.Handler()); w.Code != tt.status {
				t.Fatalf("status %d, want %d", w.Code, tt.status)
			}
			_, line, _ := strings.Cut(logs.String(), "msg=request ")
			before, _, _ := strings.Cut(logs.String(), " msg=request ")
			wants := []string{"request_id=my-id.1", "status=" + strconv.Itoa(tt.status), "route=", "ip=192.0.2.1"}
			if tt.call.as == "viewer" {
				wants = append(wants, "user="+actors()["viewer"].ID)
			}
			for _, want := range wants {
				if !strings.Contains(line, want) {
					t.Errorf("the line %q lacks %q", line, want)
				}
			}
			if !strings.HasSuffix(before, "level="+tt.level) {
				t.Errorf("logged as %q, want %s", before, tt.level)
			}
		})
	}
}

// Who is turned away a hundred times is in the log a few times, and keeps nobody else out of it.
func TestOneUserDoesNotFillTheLog(t *testing.T) {
	t.Parallel()
	a, logs := newTestAPI(t, httpapi.Config{})
	h := a.Handler()
	for range 100 {
		call{method: "GET", target: "/api/v1/admin", as: "viewer"}.do(t, h)
	}
	call{method: "GET", target: "/api/v1/admin", as: "editor"}.do(t, h)
	lines := func(user string) int {
		n := 0
		for line := range strings.Lines(logs.String()) {
			if strings.Contains(line, "level=WARN") && strings.Contains(line, "user="+actors()[user].ID) {
				n++
			}
		}
		return n
	}
	if viewer, editor := lines("viewer"), lines("editor"); viewer == 0 || viewer > 25 || editor != 1 {
		t.Errorf("%d warnings of one, and %d of another", viewer, editor)
	}
}
