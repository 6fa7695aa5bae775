package app_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// ownIDs are IDs of users as applications have them, and such as break what takes them for anything but a text.
func ownIDs() []string {
	return []string{
		"42", "auth0|abc", "me@example.org", "Ada", "ada", "é", "e\u0301", "日本", "Ada Quill", strings.Repeat("ä", 128),
		"a/b", "a/../b", "%2F", "..%2f..", "?a=b", "#a", "user:7", "$a#b&c,d;e", "room:x", "viewers:episode:1",
		`"'\`, "'; DROP TABLE users; --", "<script>", "${x}", "{watchers}", "null", "true", "0", "-1", "ALL", "=1+1", "@SUM(A1)", "%s%n",
	}
}

const sharedSecret = "a secret that an application shares with us"

// signed returns a JWT as an application makes it for one of its users.
func signed(t *testing.T, id string, claims jwt.MapClaims) string {
	t.Helper()
	all := jwt.MapClaims{"sub": id, "exp": time.Now().Add(time.Hour).Unix()}
	for name, value := range claims {
		all[name] = value
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, all).SignedString([]byte(sharedSecret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func withSharedSecret(cfg *app.Config) { cfg.JWTSecret = sharedSecret }

// TestOwnIDs goes the whole way with users of an application: what it logs, sends and tracks for them without an account, and what
// they see of it with a JWT.
func TestOwnIDs(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: withSharedSecret}, func(t *testing.T, s *apptest.Server) {
		sockets := map[string]*realtimetest.Client{}
		for _, id := range ownIDs() {
			sockets[id] = s.Dial(signed(t, id, nil))
			writeFor(t, s, id)
		}
		s.Settle()
		for _, id := range ownIDs() {
			t.Run(id, func(t *testing.T) {
				hearAs(t, sockets[id], id)
				readAs(t, s, id)
				watchTogether(t, s, id)
			})
		}
		checkExports(t, s)
		for _, id := range ownIDs() {
			s.Want(202, http.MethodPost, "/api/v1/socket/disconnect/"+url.PathEscape(id), s.Users.Admin.Token, nil, nil)
			if code, err := sockets[id].Wait(within(t)); code != 4501 || err != nil {
				t.Errorf("%q: the socket of a user who was put out ends with %d, %v", id, code, err)
			}
		}
	})
}

// writeFor has the application write for one of its users.
func writeFor(t *testing.T, s *apptest.Server, id string) {
	t.Helper()
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Service,
		obj{"user_id": id, "action": "approved_cut", "resource_type": "cut", "resource_id": "7"}, nil)
	s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service,
		obj{"user_id": []string{id}, "type": "cut_ready", "message": "for " + id}, nil)
	s.Want(202, http.MethodPost, "/api/v1/socket/notify-user/"+url.PathEscape(id), s.Users.Service,
		obj{"event": "screening", "data": obj{"for": id}}, nil)
}

// hearAs hears what is for one user alone.
func hearAs(t *testing.T, socket *realtimetest.Client, id string) {
	t.Helper()
	heard := map[string]json.RawMessage{}
	for len(heard) < 2 {
		push := nextOf(t, socket, "notification", "screening")
		if push.Channel != "user:"+id {
			t.Errorf("heard on %q", push.Channel)
		}
		heard[push.Message.Event] = push.Message.Data
	}
	var sent struct {
		For string `json:"for"`
	}
	var notified struct {
		Notification struct {
			Message string `json:"message"`
		} `json:"notification"`
	}
	for name, into := range map[string]any{"screening": &sent, "notification": &notified} {
		if err := json.Unmarshal(heard[name], into); err != nil {
			t.Fatal(err)
		}
	}
	if sent.For != id || notified.Notification.Message != "for "+id {
		t.Errorf("heard %+v and %+v, which are for another", sent, notified)
	}
}

// readAs reads the log and the inbox as the user, and manages the inbox.
func readAs(t *testing.T, s *apptest.Server, id string) {
	t.Helper()
	token := signed(t, id, nil)
	for _, path := range []string{"/api/v1/activity/user/" + url.PathEscape(id), "/api/v1/activity/feed?user_id=" + url.QueryEscape(id)} {
		var entries []claim
		s.Want(200, http.MethodGet, path, token, nil, &entries)
		if len(entries) != 1 || entries[0].UserID != id || entries[0].UserName != id || entries[0].Action != "approved_cut" {
			t.Errorf("%s: %+v", path, entries)
		}
	}
	const inbox = "/api/v1/notifications"
	var entries []struct {
		ID     string `json:"id"`
		UserID string `json:"user_id"`
	}
	s.Want(200, http.MethodGet, inbox, token, nil, &entries)
	if len(entries) != 1 || entries[0].UserID != id {
		t.Fatalf("the inbox holds %+v", entries)
	}
	quiet := obj{"mute_all": false, "types": obj{"cut_ready": obj{"in_app": true, "live": false}},
		"quiet_hours": obj{"start": "22:00", "end": "07:00", "time_zone": "UTC"}}
	s.Want(200, http.MethodPut, inbox+"/preferences", token, quiet, nil)
	s.Want(200, http.MethodPost, inbox+"/"+entries[0].ID+"/read", token, nil, nil)
	var unread struct {
		UnreadCount int `json:"unread_count"`
	}
	if s.Want(200, http.MethodGet, inbox+"/unread-count", token, nil, &unread); unread.UnreadCount != 0 {
		t.Errorf("%d are unread after all were read", unread.UnreadCount)
	}
	s.Want(204, http.MethodDelete, inbox+"/"+entries[0].ID, token, nil, nil)
}

// watchTogether has the application track the user, and the user see itself.
func watchTogether(t *testing.T, s *apptest.Server, id string) {
	t.Helper()
	const viewers = "/api/v1/presence/viewers"
	there := func() bool {
		var list struct {
			Viewers []struct {
				UserID string `json:"user_id"`
				Name   string `json:"name"`
			} `json:"viewers"`
		}
		s.Want(200, http.MethodGet, "/api/v1/presence/resource-viewers/cut/7", signed(t, id, nil), nil, &list)
		for _, v := range list.Viewers {
			if v.UserID == id {
				return v.Name == id
			}
		}
		return false
	}
	s.Want(200, http.MethodPost, viewers, s.Users.Service, obj{"user_id": id, "resource_type": "cut", "resource_id": "7"}, nil)
	if !there() {
		t.Error("is no viewer after being tracked")
	}
	query := url.Values{"user_id": {id}, "resource_type": {"cut"}, "resource_id": {"7"}}
	s.Want(204, http.MethodDelete, viewers+"?"+query.Encode(), s.Users.Service, nil, nil)
	if there() {
		t.Error("is a viewer after being removed")
	}
	s.Want(200, http.MethodPost, "/api/v1/presence/status", s.Users.Service, obj{"user_id": id, "status": "busy"}, nil)
	var status struct {
		Status string `json:"status"`
	}
	if s.Want(200, http.MethodGet, "/api/v1/presence/status", signed(t, id, nil), nil, &status); status.Status != "busy" {
		t.Errorf("status %q", status.Status)
	}
	var online []struct {
		UserID string `json:"user_id"`
	}
	s.Want(200, http.MethodGet, "/api/v1/presence/online-users?limit=200", s.Users.Viewer.Token, nil, &online)
	if !slices.ContainsFunc(online, func(u struct {
		UserID string `json:"user_id"`
	}) bool {
		return u.UserID == id
	}) {
		t.Error("has a socket and is not online")
	}
}

// checkExports reads the log back from files. In a table that a spreadsheet opens no ID is a formula.
func checkExports(t *testing.T, s *apptest.Server) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(s.Do(http.MethodGet, "/api/v1/activity/export?action=approved_cut",
		s.Users.Viewer.Token, nil).Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column, cells := slices.Index(rows[0], "user_id"), map[string]bool{}
	for _, row := range rows[1:] {
		cells[row[column]] = true
	}
	for _, id := range ownIDs() {
		want := strings.ReplaceAll(id, "; --", ";' --") // where semicolons separate cells, that begins one
		if strings.ContainsAny(id[:1], "=+-@") {
			want = "'" + id
		}
		if !cells[want] {
			t.Errorf("the table does not hold %q", want)
		}
	}
	lines := string(s.Do(http.MethodGet, "/api/v1/activity/export?format=ndjson&action=approved_cut", s.Users.Viewer.Token, nil).Body)
	found := 0
	for line := range strings.Lines(lines) {
		var entry claim
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(ownIDs(), entry.UserID) {
			found++
		}
	}
	if found != len(ownIDs()) {
		t.Errorf("%d lines of the %d users", found, len(ownIDs()))
	}
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// TestIDsOfNobody names users who cannot be, wherever one can be named: a clear 4xx, and nothing follows.
func TestIDsOfNobody(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withSharedSecret})
	for why, id := range map[string]string{
		"spaces": " 42 ", "too long": strings.Repeat("a", 129), "NUL": "4\x002", "a line break": "4\n2", "an escape": "\x1b[31m", "turned round": "\u202e42",
		"everybody": "all", "Callboard": "system", "an application": "app-1", "a role": "role:admin", "a group": "group:a", "watchers": "watchers:cut:7",
		"no account": "0197a000-0000-7000-8000-000000000001", "an account in capitals": strings.ToUpper(s.Users.Viewer.ID), "the folder above": "..",
	} {
		for path, body := range map[string]obj{
			"/api/v1/activity":         {"user_id": id, "resource_type": "cut", "resource_id": "7", "action": "a"},
			"/api/v1/presence/viewers": {"user_id": id, "resource_type": "cut", "resource_id": "7"},
			"/api/v1/presence/status":  {"user_id": id, "status": "busy"},
		} {
			if r := s.Do(http.MethodPost, path, s.Users.Service, body); r.Status != 422 && r.Status != 404 {
				t.Errorf("%s, %s: answer %d %.200s", why, path, r.Status, r.Body)
			}
		}
		audience := slices.Contains([]string{"everybody", "a role", "a group", "watchers"}, why)
		note := obj{"user_id": id, "type": "note", "message": "hello"}
		if r := s.Do(http.MethodPost, "/api/v1/notifications", s.Users.Service, note); !audience && r.Status != 422 {
			t.Errorf("%s, notification: answer %d %.200s", why, r.Status, r.Body)
		}
		if r := s.Do(http.MethodGet, "/api/v1/auth/me", signed(t, id, nil), nil); r.Status != 401 {
			t.Errorf("%s, signed in: answer %d %.200s", why, r.Status, r.Body)
		}
		if why == "no account" || why == "an account in capitals" || why == "the folder above" { // a message needs no account; clients resolve ".."
			continue
		}
		r := s.Do(http.MethodPost, "/api/v1/socket/notify-user/"+url.PathEscape(id), s.Users.Service, obj{"event": "screening"})
		if r.Status != 422 {
			t.Errorf("%s, message: answer %d %.200s", why, r.Status, r.Body)
		}
	}
	s.Settle()
	var log []claim
	if s.Want(200, http.MethodGet, "/api/v1/activity/resource/cut/7", s.Users.Viewer.Token, nil, &log); len(log) > 0 {
		t.Errorf("the log says %+v", log)
	}
}

// TestUsersOfApplicationsTakePart has users without an account do what their role allows: they watch, are notified of what others do,
// own jobs and files, and are reached by role and group.
func TestUsersOfApplicationsTakePart(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: withSharedSecret}, func(t *testing.T, s *apptest.Server) {
		cutter := signed(t, "auth0|abc", jwt.MapClaims{"name": "Zoe", "role": "editor"})
		guest := signed(t, "42", jwt.MapClaims{"groups": []string{"unit 2"}, "roles": "director"})
		var episode struct {
			ID string `json:"id"`
		}
		s.Want(403, http.MethodPost, "/api/v1/episodes", guest, obj{"title": "Pilot"}, nil)
		s.Want(201, http.MethodPost, "/api/v1/episodes", cutter, obj{"title": "Pilot"}, &episode)
		path := "/api/v1/episodes/" + episode.ID
		s.Want(204, http.MethodPut, path+"/watch", guest, nil, nil)
		socket := s.Dial(guest)
		s.Want(200, http.MethodPatch, path, s.Users.Editor.Token, obj{"title": "Pilot, again"}, nil)
		if push := nextOf(t, socket, "notification"); push.Channel != "user:42" {
			t.Errorf("heard on %s", push.Channel)
		}
		r := s.Upload(apptest.FilesPath, cutter, "a.txt", strings.NewReader("mine"))
		if own := s.Do(http.MethodGet, apptest.FilesPath+"/"+r.ID(), cutter, nil); r.Status != 201 || own.Status != 200 {
			t.Errorf("a file of one's own: %d, then %d", r.Status, own.Status)
		}
		if other := s.Do(http.MethodGet, apptest.FilesPath+"/"+r.ID(), guest, nil); other.Status != 404 && other.Status != 403 {
			t.Errorf("the file of another: %d", other.Status)
		}
		job := s.QueueJob(cutter, "bulk-export", obj{"what": "activity"})
		done := s.AwaitJob(job.ID, "done", apptest.Job.Done)
		if done.Status != "completed" {
			t.Errorf("the job of a user without an account: %+v", done)
		}
		for _, to := range []string{"group:unit 2", "role:director", "role:viewer", "all"} {
			s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service,
				obj{"user_id": to, "type": "note", "message": "to " + to, "resource_type": "cut", "resource_id": "x"}, nil)
		}
		s.Settle()
		wantInbox(t, s, "42", guest, "episode_updated", "note ×4")
		wantInbox(t, s, "auth0|abc", cutter, "episode_updated", "job_completed", "note ×1")
	})
}

// wantInbox checks the types in an inbox, those of more than one event with their number.
func wantInbox(t *testing.T, s *apptest.Server, id, token string, want ...string) {
	t.Helper()
	var entries []struct {
		Type  string `json:"type"`
		Count int    `json:"count"`
	}
	s.Want(200, http.MethodGet, "/api/v1/notifications", token, nil, &entries)
	got := []string{}
	for _, e := range entries {
		if e.Type == "note" {
			e.Type = fmt.Sprintf("note ×%d", e.Count)
		}
		got = append(got, e.Type)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the inbox of %s holds %q, want %q", id, got, want)
	}
}

// cast is the table of an application that embeds Callboard.
type cast map[string]string

func (c cast) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if name, ok := c[id]; ok {
			known[id] = callboard.UserInfo{Name: name}
		}
	}
	return known, nil
}

// TestUsersOfTheEmbeddingApplication has a table say who there is.
func TestUsersOfTheEmbeddingApplication(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) { cfg.Users, cfg.JWTSecret = cast{"7": "Ida"}, sharedSecret }})
	if !strings.Contains(s.Log.String(), "Config.Users lists no users") {
		t.Error("nothing says that audiences are incomplete")
	}
	entry := func(id string) obj {
		return obj{"user_id": id, "action": "approved_cut", "resource_type": "cut", "resource_id": "7"}
	}
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Service, entry("7"), nil)
	s.Want(422, http.MethodPost, "/api/v1/activity", s.Users.Service, entry("8"), nil)
	s.Want(401, http.MethodGet, "/api/v1/auth/me", signed(t, "8", nil), nil, nil)
	s.Settle()
	var entries []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/user/7", signed(t, "7", nil), nil, &entries)
	if len(entries) != 1 || entries[0].UserName != "Ida" {
		t.Errorf("the log says %+v", entries)
	}
}

// An event of an application that names its own users has all the consequences for them, and a private one is theirs alone.
func TestEventsOfOwnUsers(t *testing.T) {
	t.Parallel()
	file := withEventsFile(t)
	config := func(cfg *app.Config) { file(cfg); withSharedSecret(cfg) }
	apptest.ForEach(t, apptest.Options{Config: config}, func(t *testing.T, s *apptest.Server) {
		const editor, owner = "me@example.org", "auth0|abc"
		socket, other := s.Dial(signed(t, owner, nil)), s.Dial(signed(t, "42", nil))
		s.Want(202, http.MethodPost, "/api/v1/events", s.Users.Service, obj{"event": "raise_granted",
			"resource_type": "user", "resource_id": owner, "user_id": editor}, nil)
		s.Want(202, http.MethodPost, "/api/v1/events", s.Users.Service, obj{"event": "cut_approved", "resource_type": "cut", "resource_id": "7",
			"resource_name": "Cut 7", "data": obj{"title": "T", "round": 1}, "user_id": editor, "owner_id": owner}, nil)
		if push := nextOf(t, socket, "raise_granted", "cut_approved"); push.Channel != "user:"+owner || push.Message.Actor.ID != editor {
			t.Errorf("the owner hears %+v first", push)
		}
		if push := nextOf(t, other, "raise_granted", "cut_approved"); push.Channel != "broadcast" {
			t.Errorf("another hears %+v", push)
		}
		s.Settle()
		wantInbox(t, s, owner, signed(t, owner, nil), "cut_approved")
		for id, want := range map[string]int{owner: 2, "42": 1} {
			var entries []claim
			s.Want(200, http.MethodGet, "/api/v1/activity/user/"+url.PathEscape(editor), signed(t, id, nil), nil, &entries)
			if len(entries) != want {
				t.Errorf("%s reads %+v", id, entries)
			}
		}
		about := obj{"action": "praised_user", "resource_type": "user", "resource_id": owner}
		s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Service, about, nil)
		s.Settle()
		var praise []claim
		s.Want(200, http.MethodGet, "/api/v1/activity/resource/user/"+url.PathEscape(owner), signed(t, owner, nil), nil, &praise)
		if len(praise) != 2 {
			t.Errorf("about the owner there is %+v", praise)
		}
		watching, err := s.App.Notifications.Watching(t.Context(), editor, callboard.Resource{Type: "cut", ID: "7"})
		if !watching || err != nil {
			t.Errorf("who did it watches the resource: %v, %v", watching, err)
		}
	})
}

// Whom the application has let in is known by name, role and audience from then on.
func TestWhoWasLetInIsKnown(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		h := newHost(t, kind, nil)
		if status, text := h.do("GET", "/api/v1/auth/me", "", carlasCookie); status != 200 || !strings.Contains(text, `"external":true`) {
			t.Errorf("answer %d %s", status, text)
		}
		known, err := h.board.Accounts.Resolve(t.Context(), []string{"carla-7"})
		if carla := known["carla-7"]; carla.Name != "Carla" || carla.Role != callboard.RoleEditor || err != nil {
			t.Errorf("known as %+v, %v", carla, err)
		}
		editors, err := h.board.Accounts.Members(t.Context(), callboard.Audience{Role: callboard.RoleEditor}, "", 10)
		if !slices.Equal(editors, []string{"carla-7"}) || err != nil {
			t.Errorf("the editors are %q, %v", editors, err)
		}
	})
}
