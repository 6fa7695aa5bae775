package app_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

// hostileBodies are bodies that no route takes, with the statuses that may answer them.
func hostileBodies() map[string]struct {
	body     string
	statuses []int
} {
	type hostile = struct {
		body     string
		statuses []int
	}
	return map[string]hostile{
		"not JSON":        {apptest.Marker, []int{400}},
		"cut off":         {`{"title": "` + apptest.Marker, []int{400}},
		"trailing":        {`{"title": "x"} ` + apptest.Marker, []int{400}},
		"a list":          {`["` + apptest.Marker + `"]`, []int{422}},
		"a number":        {`1e999`, []int{400, 422}},
		"null":            {`null`, []int{400, 422}},
		"unknown field":   {`{"colour": "` + apptest.Marker + `"}`, []int{422}},
		"not UTF-8":       {"{\"title\": \"" + apptest.Marker + "\xff\xfe\"}", []int{400}},
		"raw NUL":         {"{\"title\": \"" + apptest.Marker + "\x00\"}", []int{400, 422}},
		"NUL":             {`{"title": "` + apptest.Marker + `\u0000", "action": "a\u0000", "event": "a\u0000", "name": "a\u0000", "email": "a\u0000", "message": "a\u0000"}`, []int{422}},
		"deep":            {strings.Repeat(`{"data":`, 5000) + "1" + strings.Repeat("}", 5000), []int{400, 422}},
		"10 MB":           {`{"title": "` + strings.Repeat("a", 10<<20) + `"}`, []int{413}},
		"wrong types":     {`{"title": {"a": "` + apptest.Marker + `"}, "status": 7, "action": [], "event": {}, "user_id": 1.5, "email": true, "name": 4}`, []int{422}},
		"repeated fields": {`{"title": "a", "title": "` + apptest.Marker + `"}`, []int{422}},
	}
}

// TestHostileBodies sends all of them to every route that takes JSON: a clear 4xx, as a problem, that repeats nothing; and
// nothing is changed.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.Settle()
	before := s.RowCounts()
	for _, route := range s.App.Routes() {
		if route.Method == http.MethodGet || route.Method == http.MethodDelete || !takesBody(route.ID) {
			continue
		}
		path := strings.NewReplacer("{id}", callboard.NewID(), "{room}", "writers", "{user}", callboard.NewID()).Replace(route.Path)
		for name, h := range hostileBodies() {
			r := s.Raw(route.Method, path, s.Users.Admin.Token, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(h.body))
			if !slices.Contains(h.statuses, r.Status) {
				if name == "10 MB" && route.MaxBody > 0 && r.Status == 422 {
					continue
				}
				t.Errorf("%s, %s: answer %d %.200s, want %v", route.ID, name, r.Status, r.Body, h.statuses)
			}
			apptest.CheckProblem(t, route.ID+", "+name, r.Body)
		}
		if r := s.Raw(route.Method, path, s.Users.Admin.Token, http.Header{"Content-Type": {"text/plain"}}, strings.NewReader(`{"title": "x"}`)); r.Status != 415 {
			t.Errorf("%s, text/plain: answer %d %.200s", route.ID, r.Status, r.Body)
		}
	}
	if after := s.RowCounts(); after != before {
		t.Errorf("rows before %q and after %q", before, after)
	}
}

// takesBody leaves out the routes whose path says everything.
func takesBody(id string) bool {
	return !slices.Contains([]string{
		"invite-user", "restore-episode", "watch-episode", "watch-show", "put-watch", "logout", "read-notification", "unread-notification", "read-all-notifications",
		"archive-notification", "unarchive-notification", "socket-disconnect", "cancel-job", "retry-job", "job-admin", "job-admin-cancel", "job-admin-retry",
		"job-admin-delete", "setup/index.html", "upload-episode-file", "upload-file", // TestHostileUploads
	}, id)
}

// TestHostileParameters puts nonsense into paths and queries.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, tt := range []struct {
			path   string
			status int
			field  string
		}{
			{"/api/v1/episodes/" + apptest.Marker, 422, "id"},
			{"/api/v1/episodes/%00", 422, "id"},
			{"/api/v1/episodes/%ff%fe", 400, ""},
			{"/api/v1/episodes/" + strings.ToUpper(callboard.NewID()), 404, ""},
			{"/api/v1/episodes/" + callboard.NewID(), 404, ""},
			{"/api/v1/episodes?limit=0", 422, "limit"},
			{"/api/v1/episodes?limit=" + apptest.Marker, 422, "limit"},
			{"/api/v1/episodes?limit=99999999999999999999", 422, "limit"},
			{"/api/v1/episodes?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/episodes?cursor=" + strings.Repeat("a", 2000), 422, "cursor"},
			{"/api/v1/episodes?status=" + apptest.Marker, 422, "status[0]"},
			{"/api/v1/episodes?sort=" + apptest.Marker, 422, "sort"},
			{"/api/v1/episodes?q=%00", 422, "q"},
			{"/api/v1/episodes?q=%ff", 400, ""},
			{"/api/v1/episodes?q=%25%27%3B--", 200, ""},
			{"/api/v1/episodes?staus=" + apptest.Marker, 422, "staus"},
			{"/api/v1/episodes?Limit=5", 422, "Limit"},
			{"/api/v1/episodes?limit=5;cursor=x", 400, ""},
			{"/api/v1/episodes?", 200, ""},
			{"/api/v1/episodes/" + apptest.Marker + "/files", 422, "id"},
			{"/api/v1/episodes/" + callboard.NewID() + "/files", 404, ""},
			{"/api/v1/files?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/files/" + apptest.Marker, 422, "id"},
			{"/api/v1/files/" + callboard.NewID(), 404, ""},
			{"/api/v1/files/" + apptest.Marker + "/content", 422, "id"},
			{"/api/v1/files/%00/content", 422, "id"},
			{"/api/v1/files/%ff/content", 400, ""},
			{"/api/v1/files/..%2f..%2fetc%2fpasswd/content", 422, "id"},
			{"/api/v1/files/" + strings.ToUpper(callboard.NewID()) + "/content", 404, ""},
			{"/api/v1/files/" + callboard.NewID() + "/content?download=" + apptest.Marker, 422, "download"},
			{"/api/v1/activity/feed?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/activity/feed?since=" + apptest.Marker, 422, "since"},
			{"/api/v1/activity/search", 422, "q"},
			{"/api/v1/activity/search?q=%22%27*", 422, "q"},
			{"/api/v1/activity/stats?days=9999", 422, "days"},
			{"/api/v1/activity/resource/a%3Ab/1", 422, "type"},
			{"/api/v1/activity/user/" + strings.Repeat("x", 129), 422, "id"},
			{"/api/v1/activity/export?format=" + apptest.Marker, 422, "format"},
			{"/api/v1/notifications?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/events?after=-1", 422, "after"},
			{"/api/v1/events?after=999999", 410, ""},
			{"/api/v1/presence/resource-viewers/episode/" + callboard.NewID(), 404, ""},
			{"/api/v1/users?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/jobs?status=" + apptest.Marker, 422, "status"},
			{"/api/v1/jobs?cursor=" + apptest.Marker, 422, "cursor"},
			{"/api/v1/jobs?limit=0", 422, "limit"},
			{"/api/v1/jobs?kind=%00", 422, "kind"},
			{"/api/v1/jobs?episode_id=" + apptest.Marker, 422, "episode_id"},
			{"/api/v1/jobs?owner_id=%00", 422, "owner_id"},
			{"/api/v1/jobs?kind=%27%3B--", 200, ""},
			{"/api/v1/jobs/" + apptest.Marker, 422, "id"},
			{"/api/v1/jobs/%ff", 400, ""},
			{"/api/v1/jobs/" + callboard.NewID(), 404, ""},
			{"/api/v1/jobs/" + callboard.NewID() + "/logs?cursor=" + apptest.Marker, 404, ""},
			{"/api/v1/jobs/" + apptest.Marker + "/report", 422, "id"},
			{"/api/v1/jobs/stats?window_hours=0", 422, "window_hours"},
			{"/api/v1/jobs/stats?window_hours=99999999999", 422, "window_hours"},
			{"/api/v1/" + apptest.Marker, 404, ""},
			{"/healthz?t=1", 200, ""},
			{"/docs?t=1", 200, ""},
			{"/admin/jobs/api/queues?t=1", 200, ""},
		} {
			r := s.Do(http.MethodGet, tt.path, s.Users.Admin.Token, nil)
			if r.Status != tt.status {
				t.Errorf("%s: answer %d %.300s, want %d", tt.path, r.Status, r.Body, tt.status)
			}
			if tt.status >= 400 {
				apptest.CheckProblem(t, tt.path, r.Body)
			}
			if tt.field != "" && !bytes.Contains(r.Body, []byte(`"field":"`+tt.field+`"`)) {
				t.Errorf("%s: answer %.300s does not name %s", tt.path, r.Body, tt.field)
			}
		}
		if r := s.Do("BREW", "/api/v1/episodes", s.Users.Admin.Token, nil); r.Status != 405 || r.Problem() == "" || r.Header.Get("Allow") == "" {
			t.Errorf("BREW: answer %d %.300s", r.Status, r.Body)
		}
	})
}

// TestForeignThings has users reach for what is not theirs, and checks stale versions and doubled numbers over HTTP.
func TestForeignThings(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		var show, episode struct {
			ID string `json:"id"`
		}
		s.Want(201, http.MethodPost, "/api/v1/shows", s.Users.Editor.Token, obj{"title": "L9"}, &show)
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot", "show_id": show.ID, "episode_number": 1}, &episode)
		s.Settle()
		var inbox []struct {
			ID string `json:"id"`
		}
		s.Want(200, http.MethodGet, "/api/v1/notifications", s.Users.Admin.Token, nil, &inbox)
		foreign := "/api/v1/notifications/" + inbox[0].ID
		for _, tt := range []struct {
			name         string
			method, path string
			token        string
			body         any
			status       int
		}{
			{"read another's notification", http.MethodPost, foreign + "/read", s.Users.Viewer.Token, nil, 404},
			{"archive another's notification", http.MethodPost, foreign + "/archive", s.Users.Editor.Token, nil, 404},
			{"delete another's notification", http.MethodDelete, foreign, s.Users.Viewer.Token, nil, 404},
			{"write as a viewer", http.MethodPost, "/api/v1/episodes", s.Users.Viewer.Token, obj{"title": "x"}, 403},
			{"log as another", http.MethodPost, "/api/v1/activity", s.Users.Editor.Token,
				obj{"user_id": s.Users.Admin.ID, "action": "a", "resource_type": "b", "resource_id": "c"}, 403},
			{"track another", http.MethodPost, "/api/v1/presence/viewers", s.Users.Editor.Token,
				obj{"user_id": s.Users.Admin.ID, "resource_type": "episode", "resource_id": episode.ID}, 403},
			{"doubled number", http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "x", "show_id": show.ID, "episode_number": 1}, 409},
			{"no such show", http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "x", "show_id": callboard.NewID()}, 422},
			{"delete a show with episodes", http.MethodDelete, "/api/v1/shows/" + show.ID, s.Users.Editor.Token, nil, 409},
		} {
			r := s.Do(tt.method, tt.path, tt.token, tt.body)
			if r.Status != tt.status || r.Problem() == "" {
				t.Errorf("%s: answer %d %.300s, want %d", tt.name, r.Status, r.Body, tt.status)
			}
		}
		for ifMatch, status := range map[string]int{`"v9"`: 412, `W/"v1"`: 412, `v1`: 400, `"v1", "v2"`: 400, `"v1"`: 200, `*`: 200} {
			header := http.Header{"Content-Type": {"application/json"}, "If-Match": {ifMatch}}
			r := s.Raw(http.MethodPatch, "/api/v1/episodes/"+episode.ID, s.Users.Editor.Token, header, strings.NewReader(`{}`))
			if r.Status != status || status == 200 && r.Header.Get("ETag") == "" {
				t.Errorf("If-Match: %s: answer %d %v, want %d", ifMatch, r.Status, r.Header, status)
			}
		}
	})
}

// No route takes a query parameter that it does not know: a filter that is misspelt would be none. Pages and probes take whatever comes.
func TestUnknownQueryParameters(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, route := range s.App.Routes() {
		if !strings.HasPrefix(route.Path, "/api/") || route.ExtraQuery { // providers add parameters of their own
			continue
		}
		path := strings.NewReplacer("{id}", callboard.NewID(), "{type}", "episode", "{room}", "writers", "{user}", callboard.NewID()).Replace(route.Path)
		r := s.Do(route.Method, path+"?wat="+apptest.Marker, s.Users.Admin.Token, bodyFor(route.Method))
		if r.Status != 422 || !bytes.Contains(r.Body, []byte(`"location":"query.wat"`)) {
			t.Errorf("%s: answer %d %.300s", route.ID, r.Status, r.Body)
			continue
		}
		apptest.CheckProblem(t, route.ID, r.Body)
	}
	r := s.Do(http.MethodGet, "/api/v1/notifications?unreed=true&limt=5&limit=1", s.Users.Admin.Token, nil)
	for _, part := range []string{`"query.unreed"`, `"query.limt"`, "which takes limit, cursor, wait, unread, type, archived"} {
		if !bytes.Contains(r.Body, []byte(part)) {
			t.Errorf("the answer lacks %s: %s", part, r.Body)
		}
	}
	if bytes.Contains(r.Body, []byte(`"query.limit"`)) {
		t.Errorf("the answer finds fault with what is known: %s", r.Body)
	}
}
