package app_test

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// TestMetrics looks at the metrics of a server that has done a little of everything, as promtool check metrics does.
func TestMetrics(t *testing.T) {
	t.Parallel()
	toil := func(*app.App) apptest.Toil {
		return func(context.Context, *job.Run, string) (any, error) { return nil, nil }
	}
	o := apptest.Options{Config: func(c *app.Config) {
		apptest.WithToil(job.Settings{}, toil)(c)
		c.Version = "1.2.3"
	}}
	apptest.ForEach(t, o, func(t *testing.T, s *apptest.Server) {
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, nil)
		s.AwaitDone(s.QueueToil("x").ID)
		s.Settle()
		s.Dial(s.Users.Viewer.Token)
		s.Want(202, http.MethodPost, "/api/v1/socket/broadcast", s.Users.Service, obj{"event": "curtain_up"}, nil)
		text := s.Do(http.MethodGet, "/metrics", s.Users.Service, nil).Body
		problems, err := promlint.New(bytes.NewReader(text)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
		for _, line := range []string{
			`callboard_build_info\{go_version="go1[^"]+",version="1\.2\.3"\} 1`, `callboard_disk_free_bytes [1-9]`,
			`go_sql_open_connections\{db_name="(read|requests)"\} [1-9]`, `callboard_presence_refused_total 0`,
			`callboard_jobs_abandoned_total\{kind="bulk-export"\} 0`, `callboard_job_attempts_total\{kind="bulk-export",status="failed"\} 0`,
			`centrifuge_node_messages_sent_total\{`, `# TYPE callboard_presence_dropped_total counter`,
		} {
			if !regexp.MustCompile(`(?m)^` + line).Match(text) {
				t.Errorf("there is no line %s", line)
			}
		}
		notices := regexp.MustCompile(`(?m)^callboard_notices_(nodes|sent_total|received_total|gaps_total) [1-9]`).FindAll(text, -1)
		if want := map[bool]int{true: 4}[s.DB.Dialect() == sqldb.Postgres]; len(notices) != want {
			t.Errorf("of notices there is %q", notices)
		}
	})
}
