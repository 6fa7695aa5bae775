package app_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"callboard"
	"callboard/app/apptest"
)

// marker stands in every hostile request. No answer may repeat it.
const marker = "Xq7submitted9z"

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
		"not JSON":        {marker, []int{400}},
		"cut off":         {`{"title": "` + marker, []int{400}},
		"trailing":        {`{"title": "x"} ` + marker, []int{400}},
		"a list":          {`["` + marker + `"]`, []int{422}},
		"a number":        {`1e999`, []int{400, 422}},
		"null":            {`null`, []int{400, 422}},
		"unknown field":   {`{"colour": "` + marker + `"}`, []int{422}},
		"not UTF-8":       {"{\"title\": \"" + marker + "\xff\xfe\"}", []int{400}},
		"raw NUL":         {"{\"title\": \"" + marker + "\x00\"}", []int{400, 422}},
		"NUL":             {`{"title": "` + marker + `\u0000", "action": "a\u0000", "event": "a\u0000", "name": "a\u0000", "email": "a\u0000", "message": "a\u0000"}`, []int{422}},
		"deep":            {strings.Repeat(`{"data":`, 5000) + "1" + strings.Repeat("}", 5000), []int{400, 422}},
		"10 MB":           {`{"title": "` + strings.Repeat("a", 10<<20) + `"}`, []int{413}},
		"wrong types":     {`{"title": {"a": "` + marker + `"}, "status": 7, "action": [], "event": {}, "user_id": 1.5, "email": true, "name": 4}`, []int{422}},
		"repeated fields": {`{"title": "a", "title": "` + marker + `"}`, []int{422}},
	}
}

// TestHostileBodies sends all of them to every route that takes JSON: a clear 4xx, as a problem, that repeats nothing; and
// nothing is changed.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.Settle()
	before := rowCounts(t, s)
	for _, route := range s.App.Routes() {
		if route.Method == http.MethodGet || route.Method == http.MethodDelete || !takesBody(route.ID) {
			continue
		}
		path := strings.NewReplacer("{id}", callboard.NewID(), "{room}", "writers", "{user}", callboard.NewID()).Replace(route.Path)
		for name, h := range hostileBodies() {
			status, answer := send(t, s, route.Method, path, "application/json", h.body)
			if !slices.Contains(h.statuses, status) {
				if name == "10 MB" && route.MaxBody > 0 && status == 422 {
					continue
				}
				t.Errorf("%s, %s: answer %d %.200s, want %v", route.ID, name, status, answer, h.statuses)
			}
			checkProblem(t, route.ID+", "+name, answer)
		}
		if status, answer := send(t, s, route.Method, path, "text/plain", `{"title": "x"}`); status != 415 {
			t.Errorf("%s, text/plain: answer %d %.200s", route.ID, status, answer)
		}
	}
	if after := rowCounts(t, s); after != before {
		t.Errorf("rows before %q and after %q", before, after)
	}
}

// takesBody leaves out the routes whose path says everything.
func takesBody(id string) bool {
	return !slices.Contains([]string{
		"restore-episode", "watch-episode", "logout", "read-notification", "archive-notification", "read-all-notifications",
		"socket-disconnect", "cancel-job", "retry-job", "job-admin", "job-admin-cancel", "job-admin-retry",
		"job-admin-delete", "setup/index.html", "upload-episode-file", "upload-file", // TestHostileUploads
	}, id)
}

// TestHostileParameters puts nonsense into paths and queries.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, tt := range []struct {
			path   string
			status int
			field  string
		}{
			{"/api/v1/episodes/" + marker, 422, "id"},
			{"/api/v1/episodes/%00", 422, "id"},
			{"/api/v1/episodes/%ff%fe", 400, ""},
			{"/api/v1/episodes/" + strings.ToUpper(callboard.NewID()), 404, ""},
			{"/api/v1/episodes/" + callboard.NewID(), 404, ""},
			{"/api/v1/episodes?limit=0", 422, "limit"},
			{"/api/v1/episodes?limit=" + marker, 422, "limit"},
			{"/api/v1/episodes?limit=99999999999999999999", 422, "limit"},
			{"/api/v1/episodes?cursor=" + marker, 422, "cursor"},
			{"/api/v1/episodes?cursor=" + strings.Repeat("a", 2000), 422, "cursor"},
			{"/api/v1/episodes?status=" + marker, 422, "status"},
			{"/api/v1/episodes?sort=" + marker, 422, "sort"},
			{"/api/v1/episodes?q=%00", 422, "q"},
			{"/api/v1/episodes?q=%ff", 400, ""},
			{"/api/v1/episodes?q=%25%27%3B--", 200, ""},
			{"/api/v1/episodes/" + marker + "/files", 422, "id"},
			{"/api/v1/episodes/" + callboard.NewID() + "/files", 404, ""},
			{"/api/v1/files?cursor=" + marker, 422, "cursor"},
			{"/api/v1/files/" + marker, 422, "id"},
			{"/api/v1/files/" + callboard.NewID(), 404, ""},
			{"/api/v1/files/" + marker + "/content", 422, "id"},
			{"/api/v1/files/%00/content", 422, "id"},
			{"/api/v1/files/%ff/content", 400, ""},
			{"/api/v1/files/..%2f..%2fetc%2fpasswd/content", 422, "id"},
			{"/api/v1/files/" + strings.ToUpper(callboard.NewID()) + "/content", 404, ""},
			{"/api/v1/files/" + callboard.NewID() + "/content?download=" + marker, 422, "download"},
			{"/api/v1/activity/feed?cursor=" + marker, 422, "cursor"},
			{"/api/v1/activity/feed?since=" + marker, 422, "since"},
			{"/api/v1/activity/search", 422, "q"},
			{"/api/v1/activity/search?q=%22%27*", 422, "q"},
			{"/api/v1/activity/stats?days=9999", 422, "days"},
			{"/api/v1/activity/resource/a%3Ab/1", 422, "type"},
			{"/api/v1/activity/user/" + strings.Repeat("x", 65), 422, "id"},
			{"/api/v1/activity/export?format=" + marker, 422, "format"},
			{"/api/v1/notifications?cursor=" + marker, 422, "cursor"},
			{"/api/v1/events?after=-1", 422, "after"},
			{"/api/v1/events?after=999999", 410, ""},
			{"/api/v1/presence/resource-viewers/episode/" + callboard.NewID(), 404, ""},
			{"/api/v1/users?cursor=" + marker, 422, "cursor"},
			{"/api/v1/jobs?status=" + marker, 422, "status"},
			{"/api/v1/jobs?cursor=" + marker, 422, "cursor"},
			{"/api/v1/jobs?limit=0", 422, "limit"},
			{"/api/v1/jobs?kind=%00", 422, "kind"},
			{"/api/v1/jobs?episode_id=" + marker, 422, "episode_id"},
			{"/api/v1/jobs?owner_id=%00", 422, "owner_id"},
			{"/api/v1/jobs?kind=%27%3B--", 200, ""},
			{"/api/v1/jobs/" + marker, 422, "id"},
			{"/api/v1/jobs/%ff", 400, ""},
			{"/api/v1/jobs/" + callboard.NewID(), 404, ""},
			{"/api/v1/jobs/" + callboard.NewID() + "/logs?cursor=" + marker, 404, ""},
			{"/api/v1/jobs/" + marker + "/report", 422, "id"},
			{"/api/v1/jobs/stats?window_hours=0", 422, "window_hours"},
			{"/api/v1/jobs/stats?window_hours=99999999999", 422, "window_hours"},
			{"/api/v1/" + marker, 404, ""},
		} {
			r := s.Do(http.MethodGet, tt.path, s.Users.Admin.Token, nil)
			if r.Status != tt.status {
				t.Errorf("%s: answer %d %.300s, want %d", tt.path, r.Status, r.Body, tt.status)
			}
			if tt.status >= 400 {
				checkProblem(t, tt.path, r.Body)
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
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
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
			if got := patchIfMatch(t, s, episode.ID, ifMatch); got != status {
				t.Errorf("If-Match: %s: answer %d, want %d", ifMatch, got, status)
			}
		}
	})
}

func patchIfMatch(t *testing.T, s *apptest.Server, id, ifMatch string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.URL()+"/api/v1/episodes/"+id, strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Users.Editor.Token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", ifMatch)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK && answer.Header.Get("ETag") == "" {
		t.Error("the answer has no ETag")
	}
	return answer.StatusCode
}

func send(t *testing.T, s *apptest.Server, method, path, media, body string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Users.Admin.Token)
	req.Header.Set("Content-Type", media)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, content
}

func checkProblem(t *testing.T, name string, answer []byte) {
	t.Helper()
	for _, member := range []string{`"type":`, `"title":`, `"status":`, `"detail":`, `"error":`} {
		if !bytes.Contains(answer, []byte(member)) {
			t.Errorf("%s: answer %.200s lacks %s", name, answer, member)
			return
		}
	}
	for _, leak := range []string{marker, "sqlite", "SQLSTATE", "pgx", ".go:", "goroutine"} {
		if bytes.Contains(answer, []byte(leak)) {
			t.Errorf("%s: the answer repeats or leaks %s: %.300s", name, leak, answer)
		}
	}
}

// rowCounts tells how much there is of what a request could have changed.
func rowCounts(t *testing.T, s *apptest.Server) string {
	t.Helper()
	var counts strings.Builder
	for _, table := range []string{"users", "api_tokens", "sessions", "shows", "episodes", "files", "file_garbage", "jobs", "river_job", "outbox", "activity", "notifications", "watches", "idempotency_keys"} {
		var n string
		if err := s.DB.QueryRowContext(t.Context(), `SELECT CAST(count(*) AS TEXT) FROM `+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts.WriteString(table + "=" + n + " ")
	}
	return counts.String()
}
