package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// gate stops a handler in its middle.
type gate struct{ reached, pass chan struct{} }

// behind is a handler that creates a show before the gate and, as its text says, one behind it.
func (g gate) behind(a *app.App) apptest.Toil {
	create := func(title string) func(context.Context, *sqldb.Tx) error {
		return func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := a.Shows.CreateTx(ctx, tx, show.Input{Title: title})
			return err
		}
	}
	return func(ctx context.Context, run *job.Run, text string) (any, error) {
		if err := run.Write(ctx, create("before the gate")); err != nil {
			return nil, err
		}
		g.reached <- struct{}{}
		if text == "idle" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		<-g.pass
		switch text {
		case "write":
			return nil, run.Write(ctx, create("behind the gate"))
		case "completion":
			run.AtCompletion(create("behind the gate"))
		case "error":
			return "for admins' eyes", callboard.Errorf(callboard.CodeInvalid, "for admins' eyes, too")
		}
		return "for admins' eyes", nil
	}
}

const lostRights = "the owner of the job is disabled, or no longer has the role that it was queued with"

// What the owner of a job may do is asked at each attempt, and at each of its writes. Whatever a handler does: of a job whose owner
// is disabled or demoted meanwhile nothing more is written, it has no result, and it is not tried again.
func TestJobsLoseTheRightsOfTheirOwners(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		g := gate{make(chan struct{}), make(chan struct{})}
		options := apptest.Options{Kind: kind, Config: apptest.WithToil(job.Settings{Concurrency: 1, MaxAttempts: 5, Backoff: time.Millisecond}, g.behind)}
		s := apptest.Start(t, options)
		disabled, demoted := obj{"disabled": true}, obj{"role": "viewer"}
		for i, tt := range []struct {
			text   string
			change obj
		}{
			{"write", disabled}, {"completion", disabled}, {"result", disabled}, {"error", disabled},
			{"write", demoted}, {"completion", demoted}, {"result", demoted}, {"idle", disabled}, {"idle", demoted},
		} {
			name := "Owner " + string(rune('A'+i))
			user := newEditor(t, s, name)
			j := s.QueueJob(s.NewToken(user, false), apptest.KindToil, obj{"text": tt.text})
			<-g.reached
			s.Want(http.StatusOK, http.MethodPatch, "/api/v1/users/"+user, s.Users.Admin.Token, tt.change, nil)
			if tt.text != "idle" {
				g.pass <- struct{}{}
			}
			if j = s.AwaitDone(j.ID); j.Status != "failed" || j.Attempt != 1 || j.Error != lostRights || string(j.Result) != "null" {
				t.Errorf("%s, %v: the job is %+v", tt.text, tt.change, j)
			}
		}
		titles := sqldbtest.Column[string](t, s.DB, `SELECT DISTINCT title FROM callboard_shows`)
		if len(titles) != 1 || titles[0] != "before the gate" {
			t.Errorf("shows %v", titles)
		}
		// One who is disabled before the job begins has none of it, and Callboard itself is no user.
		user := newEditor(t, s, "Owner Z")
		blocker := s.QueueToil("result")
		<-g.reached
		waiting := s.QueueJob(s.NewToken(user, false), apptest.KindToil, obj{"text": "write"})
		system, err := s.App.Jobs.Queue(callboard.WithActor(t.Context(), callboard.System("Night")), job.Request{Kind: apptest.KindToil})
		if err != nil {
			t.Fatal(err)
		}
		s.Want(http.StatusNoContent, http.MethodDelete, "/api/v1/users/"+user, s.Users.Admin.Token, nil, nil)
		g.pass <- struct{}{}
		s.AwaitJobStatus(blocker.ID, "completed")
		if j := s.AwaitDone(waiting.ID); j.Status != "failed" || j.Error != lostRights {
			t.Errorf("of one who was disabled before: %+v", j)
		}
		<-g.reached
		g.pass <- struct{}{}
		s.AwaitJobStatus(system.ID, "completed")
	})
}

// newEditor returns the ID of a new user.
func newEditor(t *testing.T, s *apptest.Server, name string) string {
	t.Helper()
	user, err := s.App.Accounts.CreateUser(callboard.WithActor(t.Context(), callboard.System("Test")), account.NewUser{
		Email: strings.ToLower(strings.ReplaceAll(name, " ", "")) + "@example.org", Name: name, Role: callboard.RoleEditor,
	})
	if err != nil {
		t.Fatal(err)
	}
	return user.ID
}

// An export that an admin has queued has the addresses of others in it. One who is an admin no more does not get it.
func TestExportOfAFormerAdmin(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		user := newEditor(t, s, "Former")
		s.Want(http.StatusOK, http.MethodPatch, "/api/v1/users/"+user, s.Users.Admin.Token, obj{"role": "admin"}, nil)
		token := s.NewToken(user, false)
		early := s.AwaitJobStatus(s.QueueJob(token, "bulk-export", obj{"what": "activity"}).ID, "completed")
		var result struct {
			URL string `json:"url"`
		}
		if err := json.Unmarshal(early.Result, &result); err != nil {
			t.Fatal(err)
		}
		if r := s.Do(http.MethodGet, result.URL, token, nil); r.Status != http.StatusOK {
			t.Fatalf("the export: %d", r.Status)
		}
		sqldbtest.RenameTable(t, s.DB, "callboard_activity", "callboard_elsewhere")
		j := s.QueueJob(token, "bulk-export", obj{"what": "activity"})
		s.AwaitJob(j.ID, "waiting for its next attempt", func(j apptest.Job) bool { return j.Status == "pending" && j.Attempt > 0 })
		s.Want(http.StatusOK, http.MethodPatch, "/api/v1/users/"+user, s.Users.Admin.Token, obj{"role": "editor"}, nil)
		sqldbtest.RenameTable(t, s.DB, "callboard_elsewhere", "callboard_activity")
		s.Do(http.MethodPost, apptest.JobsPath+"/"+j.ID+"/retry", token, nil) // unless its time has come by itself
		if j = s.AwaitDone(j.ID); j.Status != "failed" || j.Error != lostRights {
			t.Errorf("the job is %+v", j)
		}
		s.Want(http.StatusOK, http.MethodPost, apptest.JobsPath+"/"+j.ID+"/retry", token, nil, nil)
		if j = s.AwaitDone(j.ID); j.Status != "failed" || j.Error != lostRights {
			t.Errorf("retried by hand, the job is %+v", j)
		}
		if files := sqldbtest.Column[string](t, s.DB, `SELECT id FROM callboard_files`); len(files) != 1 {
			t.Errorf("files %v, want the early one", files)
		}
		if r := s.Do(http.MethodGet, result.URL, token, nil); r.Status != http.StatusNotFound {
			t.Errorf("what an admin has exported is sent to one who is none any more: %d", r.Status)
		}
		if r := s.Do(http.MethodGet, apptest.FilesPath, token, nil); strings.Contains(string(r.Body), `"id"`) {
			t.Errorf("it is listed: %s", r.Body)
		}
		if r := s.Do(http.MethodGet, result.URL, s.Users.Admin.Token, nil); r.Status != http.StatusOK {
			t.Errorf("an admin: %d", r.Status)
		}
		// What the user may have now, it gets.
		if j = s.AwaitDone(s.QueueJob(token, "bulk-export", obj{"what": "activity"}).ID); j.Status != "completed" {
			t.Errorf("a new export is %+v", j)
		}
	})
}
