package systemtest

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// callersOf are those who may try what they may not: their tokens by name. The job is the editor's.
func callersOf(t *testing.T, s *apptest.Server) map[string]string {
	t.Helper()
	ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
	other, err := s.App.Accounts.CreateUser(ctx, account.NewUser{Email: "eve@example.org", Name: "Eve", Role: callboard.RoleEditor})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"nobody": "", "owner": s.Users.Editor.Token, "admin": s.Users.Admin.Token, "viewer": s.Users.Viewer.Token,
		"other editor": s.NewToken(other.ID, false), "application of an admin": s.Users.Service,
		"application of the other": s.NewToken(other.ID, true),
	}
}

// A job is its owner's and the admins'. Others do not learn that it is there, wherever they ask, and hear only what is told
// to all: that a job of such a kind began and ended.
func TestJobsArePrivate(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		g := newStage(t, database, job.Settings{Concurrency: 1})
		callers := callersOf(t, g.Server)
		j := g.QueueJob(g.Users.Editor.Token, apptest.KindToil, obj{"text": apptest.Marker})
		g.awaitStart(j.ID)
		g.AwaitJobStatus(j.ID, "completed")
		g.Settle()
		for caller, token := range callers {
			g.verifyReach(caller, token, j.ID)
			g.verifyHearing(caller, token, j.ID)
		}
		g.verifyEvents(callers, j.ID)
	})
}

func (g *stage) verifyReach(caller, token, id string) {
	g.t.Helper()
	near := caller == "owner" || strings.HasSuffix(caller, "admin")
	expect := func(method, path string, ok, refusal int) {
		want := refusal
		if near {
			want = ok
		}
		if caller == "nobody" {
			want = http.StatusUnauthorized
		}
		if r := g.Do(method, path, token, nil); r.Status != want {
			g.t.Errorf("%s %s as %s: answer %d %.200s, want %d", method, path, caller, r.Status, r.Body, want)
		}
	}
	path := apptest.JobsPath + "/" + id
	for _, part := range []string{"", "/logs", "/report"} {
		expect(http.MethodGet, path+part, 200, 404)
	}
	expect(http.MethodPost, path+"/cancel", 409, 404)
	forbidden := http.StatusNotFound
	if caller == "viewer" {
		forbidden = http.StatusForbidden // by the route, whatever the job
	}
	expect(http.MethodPost, path+"/retry", 409, forbidden)
	for _, list := range []string{apptest.JobsPath, apptest.JobsPath + "?kind=toil", apptest.JobsPath + "?owner_id=" + g.Users.Editor.ID, apptest.JobsPath + "/stats"} {
		r := g.Do(http.MethodGet, list, token, nil)
		if seen := strings.Contains(string(r.Body), id) || strings.Contains(string(r.Body), `"kind":"toil"`); seen != near {
			g.t.Errorf("%s as %s: answer %d %.300s", list, caller, r.Status, r.Body)
		}
	}
}

// verifyHearing tries the channel of the job.
func (g *stage) verifyHearing(caller, token, id string) {
	g.t.Helper()
	if caller == "nobody" || strings.HasPrefix(caller, "application") {
		return // applications have no sockets of their own
	}
	for _, channel := range []string{"job:" + id, "viewers:job:" + id} {
		_, err := g.Dial(token).Subscribe(g.t.Context(), channel, realtimetest.SubscribeOptions{})
		_, refused := errors.AsType[*realtimetest.Refused](err)
		if may := caller == "owner" || caller == "admin"; refused == may || may && err != nil {
			g.t.Errorf("%s listens to %s: %v", caller, channel, err)
		}
	}
}

// verifyEvents reads what everybody catches up on: neither arguments nor results are in it.
func (g *stage) verifyEvents(callers map[string]string, id string) {
	g.t.Helper()
	for caller, token := range callers {
		if caller == "nobody" {
			continue
		}
		r := g.Do(http.MethodGet, "/api/v1/events?limit=200", token, nil)
		var feed struct {
			Data []callboard.Message `json:"data"`
		}
		if err := r.JSON(&feed); err != nil {
			g.t.Fatal(err)
		}
		var names []string
		for _, m := range feed.Data {
			if m.Resource.ID == id {
				names = append(names, m.Event)
			}
		}
		want := []string{"job_started", "job_completed"}
		if caller == "owner" || strings.HasSuffix(caller, "admin") {
			want = slices.Insert(want, 0, "job_queued")
		}
		if diff := gocmp.Diff(want, names); diff != "" || strings.Contains(string(r.Body), apptest.Marker) {
			g.t.Errorf("events for %s (-want +got), arguments told: %t:\n%s", caller, strings.Contains(string(r.Body), apptest.Marker), diff)
		}
		if r := g.Do(http.MethodGet, "/api/v1/activity/feed?limit=200", token, nil); strings.Contains(string(r.Body), apptest.Marker) {
			g.t.Errorf("the log tells %s the arguments", caller)
		}
	}
}

// What a job has made for its owner is not for others.
func TestExportIsPrivate(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		createEpisodes(t, s, "Exported", 3)
		j := s.AwaitDone(s.QueueJob(s.Users.Editor.Token, kindExport, obj{"what": "episodes"}).ID)
		file := sqldbtest.Column[string](t, s.DB, `SELECT id FROM callboard_files WHERE job_id = '`+j.ID+`'`)[0]
		for caller, token := range callersOf(t, s) {
			want := http.StatusNotFound
			switch caller {
			case "owner", "admin", "application of an admin":
				want = http.StatusOK
			case "nobody":
				want = http.StatusUnauthorized
			}
			for _, path := range []string{apptest.FilesPath + "/" + file, apptest.FilesPath + "/" + file + "/content"} {
				if r := s.Do(http.MethodGet, path, token, nil); r.Status != want {
					t.Errorf("%s as %s: answer %d, want %d", path, caller, r.Status, want)
				}
			}
		}
	})
}
