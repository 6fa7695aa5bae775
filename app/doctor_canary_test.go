package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A canary goes the whole way, and leaves nothing but its event: what people see, and what is proven, is as before.
func TestCanaryLeavesNothing(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		s.Settle()
		left := func() string {
			var counts strings.Builder
			for _, table := range []string{"activity", "activity_daily", "activity_tree", "notifications", "dead_letters", "external_users", "presence_viewers", "notification_rates"} {
				counts.WriteString(table + " " + sqldbtest.Column[string](t, s.DB, `SELECT CAST(count(*) AS TEXT) FROM callboard_`+table)[0] + "\n")
			}
			if s.DB.Dialect() == sqldb.SQLite {
				counts.WriteString("words " + sqldbtest.Column[string](t, s.DB, `SELECT CAST(count(*) AS TEXT) FROM callboard_activity_words`)[0])
			}
			return counts.String()
		}
		before := left()
		for range 2 {
			i := -1
			findings := app.Doctor(t.Context(), s.Config, app.DoctorOptions{Timeout: time.Minute})
			for j, f := range findings {
				if f.Part == "canary" {
					i = j
				}
			}
			if i < 0 || findings[i].Severity != app.SeverityOK {
				t.Fatalf("doctor finds %+v", findings)
			}
			for _, stage := range []string{"durable after", "in the log after", "in the inbox after", "at the socket after"} {
				if !strings.Contains(findings[i].Text, stage) {
					t.Errorf("the canary says %q, and not %q", findings[i].Text, stage)
				}
			}
		}
		s.Settle()
		if after := left(); after != before {
			t.Errorf("it left\n%s\nand before there was\n%s", after, before)
		}
		proofs, err := app.Verify(t.Context(), s.Config, app.VerifyOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range proofs {
			if p.Fault {
				t.Errorf("verify finds %+v", p)
			}
		}
		var events []struct {
			Event string `json:"event"`
		}
		s.Want(200, "GET", "/api/v1/events?after=0", s.Users.Editor.Token, nil, &events)
		for _, e := range events {
			if e.Event == "canary" {
				t.Error("an editor reads the canary")
			}
		}
	})
}
