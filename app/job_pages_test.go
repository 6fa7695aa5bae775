package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

// River's pages answer nonsense with a 4xx of ours, and neither panic nor fail.
func TestJobPagesRefuseNonsense(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, tt := range []struct {
			method, path, body string
			status             int
		}{
			{"GET", "/queues?limit=0", "", 422},
			{"GET", "/queues?limit=-1", "", 422},
			{"GET", "/queues?limit=1001", "", 422},
			{"GET", "/queues?limit=" + apptest.Marker, "", 422},
			{"GET", "/queues?limit=5", "", 200},
			{"GET", "/jobs?limit=0", "", 422},
			{"GET", "/jobs?ids=" + apptest.Marker, "", 422},
			{"GET", "/jobs?priorities=9", "", 422},
			{"GET", "/jobs?state=" + apptest.Marker, "", 400},
			{"GET", "/jobs?state=running&limit=20", "", 200},
			{"GET", "/jobs/" + apptest.Marker, "", 404},
			{"GET", "/autocomplete?facet=" + apptest.Marker, "", 422},
			{"GET", "/autocomplete?facet=job_kind", "", 200},
			{"GET", "/queues/nothing", "", 404},
			{"PATCH", "/queues/bulk-export", "{}", 409},
			{"PATCH", "/queues/nothing", "{}", 409},
			{"PUT", "/queues/nothing/pause", "", 404},
			{"PUT", "/queues/nothing/pause", strings.Repeat("x", 100<<10), 400},
			{"POST", "/jobs/cancel", `{"ids":[]}`, 400},
		} {
			r := s.Raw(tt.method, "/admin/jobs/api"+tt.path, s.Users.Admin.Token, nil, strings.NewReader(tt.body))
			if r.Status != tt.status {
				t.Errorf("%s %s: answer %d %.200s, want %d", tt.method, tt.path, r.Status, r.Body, tt.status)
			}
			for _, leak := range []string{apptest.Marker, "goroutine", "SQLSTATE"} {
				if bytes.Contains(r.Body, []byte(leak)) {
					t.Errorf("%s %s: the answer repeats or leaks %s: %.200s", tt.method, tt.path, leak, r.Body)
				}
			}
		}
		if log := s.Log.String(); strings.Contains(log, "panic") || strings.Contains(log, "level=ERROR") {
			t.Error("there is a failure in the log")
		}
	})
}

// A kind of jobs that an admin has paused shows where one looks when jobs don't go on.
func TestPausedJobsShow(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		turn := func(verb string) {
			apptest.Eventually(t, "the queue is there", func() error {
				if r := s.Do(http.MethodPut, "/admin/jobs/api/queues/bulk-export/"+verb, s.Users.Admin.Token, nil); r.Status != 200 {
					return fmt.Errorf("answer %d %s", r.Status, r.Body)
				}
				return nil
			})
		}
		turn("pause")
		ready, status := s.Ready()
		if p := ready.Parts["jobs"]; status != 200 || ready.Status != "degraded" || p.Status != "degraded" || !strings.Contains(p.Detail, "bulk-export") {
			t.Errorf("answer %d: %+v", status, ready)
		}
		findings := s.App.Diagnose(t.Context(), app.DoctorOptions{})
		if !slices.ContainsFunc(findings, func(f app.Finding) bool {
			return f.Severity == app.SeverityWarning && strings.Contains(f.Text, "bulk-export") && strings.Contains(f.Fix, "resume")
		}) {
			t.Errorf("doctor says nothing of it: %+v", findings)
		}
		s.Ready()
		turn("resume")
		if ready, _ := s.Ready(); ready.Parts["jobs"].Status != "ready" {
			t.Errorf("after it was resumed: %+v", ready)
		}
		s.Ready()
		for line, want := range map[string]int{"level=WARN msg=degraded parts=\"jobs degraded\"": 1, "level=INFO msg=\"ready again\"": 1} {
			if got := strings.Count(s.Log.String(), line); got != want {
				t.Errorf("the log has %d times %q, want %d: once for each change", got, line, want)
			}
		}
	})
}
