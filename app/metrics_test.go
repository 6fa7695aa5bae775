package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/realtime/realtimetest"
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
			`callboard_consumer_event_age_seconds_count\{consumer="activity"\} [1-9]`, `callboard_consumer_event_age_seconds_count\{consumer="inbox"\} [1-9]`,
			`callboard_http_request_duration_seconds_count\{class="2xx",route="create-episode"\} 1`, `callboard_test_write_age_seconds \d`, `callboard_backup_last_timestamp_seconds 0`,
			`callboard_jobs_pending\{kind="bulk-export"\} 0`, `callboard_jobs_oldest_pending_seconds\{kind="bulk-export"\} 0`,
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

// Whom presence shows is compared with the sockets that there are, in both directions.
func TestPresenceAccuracy(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) { c.PresenceTTL = time.Hour }}) // nothing is put right in between
	var episode struct{ ID string }
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	if _, err := s.Dial(s.Users.Viewer.Token).Subscribe(t.Context(), "viewers:episode:"+episode.ID, realtimetest.SubscribeOptions{}); err != nil {
		t.Fatal(err)
	}
	s.Dial(s.Users.Editor.Token)
	await := func(lines ...string) {
		t.Helper()
		apptest.Eventually(t, strings.Join(lines, ", "), func() error {
			text := "\n" + string(s.Do(http.MethodGet, "/metrics", s.Users.Service, nil).Body)
			for _, line := range lines {
				if !strings.Contains(text, "\ncallboard_presence_"+line+"\n") {
					return fmt.Errorf("%s is not there", line)
				}
			}
			return nil
		})
	}
	await("compared 6", `wrong{what="ghost"} 0`, `wrong{what="missing"} 0`)
	res := callboard.Resource{Type: "episode", ID: episode.ID}
	if err := s.App.Presence.Join(t.Context(), res, callboard.UserRef{ID: s.Users.Admin.ID}, "a socket that is gone"); err != nil {
		t.Fatal(err)
	}
	await(`wrong{what="ghost"} 1`, `wrong{what="missing"} 0`)
	if err := s.App.Presence.RemoveUser(t.Context(), s.Users.Viewer.ID); err != nil {
		t.Fatal(err)
	}
	await(`wrong{what="ghost"} 1`, `wrong{what="missing"} 2`) // online, and the viewer of the episode
	if err := s.App.Presence.RemoveUser(t.Context(), s.Users.Admin.ID); err != nil {
		t.Fatal(err)
	}
	await(`wrong{what="ghost"} 0`)
}
