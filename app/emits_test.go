package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// routeCall is one request to a route, and the events that must be in the outbox when it is answered.
type routeCall struct {
	route string
	path  string // its parameters filled in
	as    string // token; default: the admin's
	body  any
	file  string // content of an upload, in the place of a body
	emits []string
	store *string // where the ID of the answer goes
}

// TestRoutesEmitWhatTheySay calls every route that changes something. An event that is not announced by its route, and an
// announced one that is never seen, are errors; so is a route that is missing here.
func TestRoutesEmitWhatTheySay(t *testing.T) {
	t.Parallel()
	own := withEventsFile(t)
	options := apptest.Options{Config: func(cfg *app.Config) {
		apptest.WithToil(job.Settings{Concurrency: 1}, apptest.Idler)(cfg)
		cfg.JobStopGrace = time.Millisecond
		own(cfg)
	}}
	apptest.ForEach(t, options, func(t *testing.T, s *apptest.Server) {
		e := &emitting{t: t, s: s, routes: map[string]httpapi.Route{}, seen: map[string]map[string]bool{}}
		for _, r := range s.App.Routes() {
			e.routes[r.ID] = r
		}
		e.domain()
		e.savedViews()
		e.accounts()
		e.services()
		e.ownEvents()
		e.jobs()
		e.verifyComplete()
	})
}

type emitting struct {
	t      *testing.T
	s      *apptest.Server
	routes map[string]httpapi.Route
	seen   map[string]map[string]bool // events by route
	last   int64                      // id of the outbox row that was seen last
}

func (e *emitting) domain() {
	var show, episode string
	e.do(routeCall{route: "create-show", body: obj{"title": "Lighthouse Nine"}, emits: []string{"show_created"}, store: &show})
	e.do(routeCall{route: "update-show", path: show, body: obj{"title": "L9"}, emits: []string{"show_updated"}})
	e.do(routeCall{route: "replace-show", path: show, body: obj{"title": "Lighthouse"}, emits: []string{"show_updated"}})
	e.do(routeCall{route: "put-import-mapping", path: show, body: obj{"mapping": obj{"title": []string{"Folge"}}}})
	e.do(routeCall{route: "plan-import", body: obj{"file_id": e.s.UploadFile(apptest.FilesPath, e.s.Users.Admin.Token, "list.csv",
		strings.NewReader("Folge\nPilot\n")).ID, "show_id": show}})
	e.do(routeCall{route: "delete-import-mapping", path: show})
	e.do(routeCall{route: "create-episode", body: obj{"title": "Pilot"}, emits: []string{"episode_created"}, store: &episode})
	steps := [][2]string{{"pending", "episode_updated"}, {"published", "episode_published"}, {"archived", "episode_archived"}}
	for _, step := range steps {
		e.do(routeCall{route: "update-episode", path: episode, body: obj{"status": step[0]}, emits: []string{step[1]}})
		e.do(routeCall{route: "update-episode", path: episode, body: obj{"status": step[0]}})
	}
	for _, step := range steps {
		e.do(routeCall{route: "replace-episode", path: episode, body: obj{"title": "Pilot", "status": step[0]}, emits: []string{step[1]}})
	}
	e.files(episode)
	e.do(routeCall{route: "watch-episode", path: episode})
	e.do(routeCall{route: "unwatch-episode", path: episode})
	e.do(routeCall{route: "watch-show", path: show})
	e.do(routeCall{route: "unwatch-show", path: show})
	e.do(routeCall{route: "put-watch", path: episode})
	e.do(routeCall{route: "delete-watch", path: episode})
	e.do(routeCall{route: "track-viewer", body: obj{"resource_type": "episode", "resource_id": episode}})
	e.do(routeCall{route: "remove-viewer", path: "?resource_type=episode&resource_id=" + episode})
	e.do(routeCall{route: "delete-episode", path: episode, emits: []string{"episode_deleted"}})
	e.do(routeCall{route: "restore-episode", path: episode, emits: []string{"episode_restored"}})
	e.bulk(episode)
	e.do(routeCall{route: "delete-show", path: show, emits: []string{"show_deleted"}})
}

func (e *emitting) bulk(episode string) {
	update := func(status string) obj { return obj{"op": "update", "id": episode, "changes": obj{"status": status}} }
	for _, step := range []struct {
		operation obj
		emits     []string
	}{
		{update("draft"), []string{"episode_updated"}}, {update("draft"), nil}, {update("published"), []string{"episode_published"}},
		{update("archived"), []string{"episode_archived"}}, {obj{"op": "delete", "id": episode}, []string{"episode_deleted"}},
		{obj{"op": "restore", "id": episode}, []string{"episode_restored"}},
	} {
		e.do(routeCall{route: "bulk-change-episodes", body: obj{"operations": []obj{step.operation}}, emits: step.emits})
	}
}

func (e *emitting) files(episode string) {
	var ofEpisode, own string
	e.do(routeCall{route: "upload-episode-file", path: episode, file: "a script", emits: []string{"file_created"}, store: &ofEpisode})
	e.do(routeCall{route: "upload-file", file: "a script", emits: []string{"file_created"}, store: &own})
	e.do(routeCall{route: "update-file", path: own, body: obj{"name": "b.txt"}, emits: []string{"file_updated"}})
	e.do(routeCall{route: "update-file", path: own, body: obj{"name": "b.txt"}})
	e.do(routeCall{route: "update-file", path: own, body: obj{}})
	e.do(routeCall{route: "delete-file", path: own, emits: []string{"file_deleted"}})
	e.do(routeCall{route: "update-episode", path: episode, body: obj{"thumbnail_url": apptest.FilesPath + "/" + ofEpisode + "/content"},
		emits: []string{"episode_updated"}})
	e.do(routeCall{route: "delete-file", path: ofEpisode, emits: []string{"file_deleted", "episode_updated"}})
}

func (e *emitting) savedViews() {
	for _, team := range []bool{true, false} {
		var id string
		e.do(routeCall{route: "create-saved-view", body: obj{"name": "Drafts", "address": "/episodes?status=draft", "team": team},
			emits: []string{"saved_view_created"}, store: &id})
		e.do(routeCall{route: "update-saved-view", path: id, body: obj{"name": "My drafts"}, emits: []string{"saved_view_updated"}})
		e.do(routeCall{route: "update-saved-view", path: id, body: obj{"name": "My drafts"}})
		e.do(routeCall{route: "delete-saved-view", path: id, emits: []string{"saved_view_deleted"}})
	}
}

func (e *emitting) accounts() {
	var user, token string
	const password, next = "correct horse battery", "staple correct horse"
	e.do(routeCall{route: "create-user", body: obj{"email": "eve@example.org", "name": "Eve", "role": "viewer", "password": password},
		emits: []string{"user_created"}, store: &user})
	e.do(routeCall{route: "login", body: obj{"email": "eve@example.org", "password": password}, emits: []string{"signed_in"}})
	e.do(routeCall{route: "update-user", path: user, body: obj{"role": "editor"}, emits: []string{"user_updated"}})
	e.do(routeCall{route: "update-user", path: user, body: obj{"disabled": true}, emits: []string{"user_disabled"}})
	e.do(routeCall{route: "update-user", path: user, body: obj{"disabled": false}, emits: []string{"user_updated"}})
	e.do(routeCall{route: "create-token", body: obj{"name": "mine"}, emits: []string{"token_created"}, store: &token})
	e.do(routeCall{route: "revoke-token", path: token, emits: []string{"credential_revoked"}})
	e.do(routeCall{route: "update-me", body: obj{"name": "Ada Q."}, emits: []string{"user_updated"}})
	e.do(routeCall{route: "update-settings", body: obj{"settings": obj{"theme": "dark"}}})
	eve := e.s.NewToken(user, false)
	e.do(routeCall{route: "change-password", as: eve, body: obj{"current_password": password, "new_password": next}, emits: []string{"user_updated"}})
	e.secondFactor(user, eve, next)
	e.do(routeCall{route: "disable-user", path: user, emits: []string{"user_disabled"}})
	e.do(routeCall{route: "create-user", body: obj{"email": "fay@example.org", "name": "Fay", "role": "viewer"}, emits: []string{"user_created"}, store: &user})
	e.do(routeCall{route: "invite-user", path: user, emits: []string{"user_updated"}})
	e.do(routeCall{route: "revoke-invitation", path: user, emits: []string{"user_updated"}})
}

// secondFactor turns that of a user on, off, on again, and has an admin reset it.
func (e *emitting) secondFactor(user, token, password string) {
	proof, changed := obj{"current_password": password}, []string{"user_updated"}
	for _, off := range []routeCall{
		{route: "disable-second-factor", as: token, body: proof, emits: changed}, {route: "reset-second-factor", path: user, emits: changed},
	} {
		_, code := e.s.BeginSecondFactor(token, password)
		e.do(routeCall{route: "confirm-second-factor", as: token, body: obj{"code": code}, emits: changed})
		e.do(routeCall{route: "create-recovery-codes", as: token, body: proof, emits: changed})
		e.do(off)
	}
	e.do(routeCall{route: "reset-second-factor", path: user})
	e.do(routeCall{route: "begin-second-factor", as: token, body: proof})
}

func (e *emitting) services() {
	resource := obj{"action": "seen", "resource_type": "cut", "resource_id": "1"}
	e.do(routeCall{route: "log-activity", body: resource, emits: []string{"activity_logged"}})
	e.do(routeCall{route: "bulk-log-activity", body: obj{"entries": []obj{resource, resource}}, emits: []string{"activity_logged", "activity_logged"}})
	for range 2 {
		e.do(routeCall{route: "create-notification", body: obj{"user_id": e.s.Users.Admin.ID, "type": "note", "message": "hello"},
			emits: []string{"notification_created"}})
	}
	e.s.Settle()
	var inbox []struct {
		ID string `json:"id"`
	}
	e.s.Want(200, http.MethodGet, "/api/v1/notifications?type=note", e.s.Users.Admin.Token, nil, &inbox)
	if len(inbox) != 2 {
		e.t.Fatalf("%d notifications, want 2", len(inbox))
	}
	e.do(routeCall{route: "read-notification", path: inbox[0].ID})
	e.do(routeCall{route: "unread-notification", path: inbox[0].ID})
	e.do(routeCall{route: "archive-notification", path: inbox[0].ID})
	e.do(routeCall{route: "unarchive-notification", path: inbox[0].ID})
	e.do(routeCall{route: "change-notifications", body: obj{"change": "read", "ids": []string{inbox[0].ID, inbox[1].ID}}})
	e.do(routeCall{route: "delete-notification", path: inbox[1].ID})
	e.do(routeCall{route: "read-all-notifications"})
	e.do(routeCall{route: "put-notification-preferences", body: obj{"mute_all": false, "types": obj{}}})
	e.do(routeCall{route: "retry-events", body: obj{}})
	e.do(routeCall{route: "set-status", body: obj{"status": "busy"}})
	message := obj{"event": "curtain_up", "data": obj{}}
	e.do(routeCall{route: "socket-broadcast", body: message, emits: []string{"curtain_up"}})
	e.do(routeCall{route: "socket-notify-user", path: e.s.Users.Viewer.ID, body: message, emits: []string{"curtain_up"}})
	e.do(routeCall{route: "socket-notify-room", path: "writers", body: message, emits: []string{"curtain_up"}})
	e.do(routeCall{route: "socket-disconnect", path: e.s.Users.Viewer.ID, emits: []string{"connections_ended"}})
}

// ownEvents are those of an application.
func (e *emitting) ownEvents() {
	approved := obj{"event": "cut_approved", "resource_type": "cut", "resource_id": "42", "data": obj{"title": "T"}}
	returned := obj{"event": "cut_returned", "owner_id": e.s.Users.Viewer.ID}
	raise := obj{"event": "raise_granted", "resource_type": "user", "resource_id": e.s.Users.Viewer.ID}
	e.do(routeCall{route: "append-event", body: approved, emits: []string{"cut_approved"}})
	e.do(routeCall{route: "append-event", body: raise, emits: []string{"raise_granted"}})
	e.do(routeCall{route: "append-event", body: returned, emits: []string{"cut_returned"}})
	e.do(routeCall{route: "append-events", body: obj{"events": []obj{approved, raise, returned}},
		emits: []string{"cut_approved", "raise_granted", "cut_returned"}})
}

// jobs has one job keep all others from running, whose events would come in between.
func (e *emitting) jobs() {
	s := e.s
	s.AwaitJobStatus(s.QueueToil("keeps others out").ID, "processing")
	var id string
	e.do(routeCall{route: "queue-job", body: obj{"kind": apptest.KindToil}, emits: []string{"job_queued"}, store: &id})
	e.do(routeCall{route: "cancel-job", path: id, emits: []string{"job_cancelled"}})
	e.do(routeCall{route: "retry-job", path: id, emits: []string{"job_queued"}})
	row := func() obj {
		return obj{"ids": []int64{sqldbtest.Column[int64](e.t, s.DB, `SELECT queue_id FROM callboard_jobs WHERE id = '`+id+`'`)[0]}}
	}
	e.do(routeCall{route: "job-admin-cancel", body: row(), emits: []string{"job_cancelled"}})
	e.do(routeCall{route: "job-admin-retry", body: row(), emits: []string{"job_queued"}})
}

type obj = map[string]any

// do makes the call, which must succeed, and compares the events that it left in the outbox.
func (e *emitting) do(c routeCall) {
	e.t.Helper()
	e.events() // what happened before is not this call's
	route, ok := e.routes[c.route]
	if !ok {
		e.t.Fatalf("there is no route %s", c.route)
	}
	if c.as == "" {
		c.as = e.s.Users.Admin.Token
	}
	path := fillPath(route.Path, c.path)
	var r apptest.Response
	if c.file != "" {
		r = e.s.Upload(path, c.as, "a.txt", strings.NewReader(c.file))
	} else {
		r = e.s.Do(route.Method, path, c.as, c.body)
	}
	if r.Status >= 300 {
		e.t.Fatalf("%s: answer %d %.300s", c.route, r.Status, r.Body)
	}
	if c.store != nil {
		*c.store = r.ID()
	}
	got := e.events()
	if !slices.Equal(got, c.emits) {
		e.t.Errorf("%s emitted %v, want %v", c.route, got, c.emits)
	}
	if e.seen[c.route] == nil {
		e.seen[c.route] = map[string]bool{}
	}
	for _, name := range got {
		e.seen[c.route][name] = true
		if _, registered := e.s.App.Outbox.Registry().Lookup(name); registered && !slices.Contains(route.Emits, name) {
			e.t.Errorf("%s emitted %s, which it does not announce", c.route, name)
		}
	}
}

// fillPath puts the value in the place of the path's parameter; a query is appended.
func fillPath(path, value string) string {
	if len(value) > 0 && value[0] == '?' {
		return path + value
	}
	path = strings.Replace(path, "{type}", "episode", 1)
	for _, parameter := range []string{"{id}", "{user}", "{room}"} {
		if before, after, ok := strings.Cut(path, parameter); ok {
			return before + value + after
		}
	}
	return path
}

// events returns the names of the events since the last call.
func (e *emitting) events() []string {
	e.t.Helper()
	rows, err := e.s.DB.QueryContext(e.t.Context(), `SELECT id, name FROM callboard_outbox WHERE id > $1 ORDER BY id`, e.last)
	if err != nil {
		e.t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&e.last, &name); err != nil {
			e.t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		e.t.Fatal(err)
	}
	return names
}

// verifyComplete finds routes that were not called, and announced events that were not seen. Ephemeral ones leave no
// trace in the outbox: TestViewers hears those.
func (e *emitting) verifyComplete() {
	e.t.Helper()
	elsewhere := []string{
		"setup", "logout", "end-session", "end-sessions", "unlink-user", "show-invitation", "accept-invitation", // need a server without users, a session, a provider, and a link: account tests them
		"job-admin", "job-admin-delete", // pages, and what they may not do: TestJobsThroughAdminPages
	}
	for id, route := range e.routes {
		if route.Method == http.MethodGet || slices.Contains(elsewhere, id) {
			continue
		}
		if e.seen[id] == nil {
			e.t.Errorf("%s %s is not called", route.Method, route.Path)
		}
		for _, name := range route.Emits {
			if kind, _ := e.s.App.Outbox.Registry().Lookup(name); !kind.Ephemeral && !e.seen[id][name] {
				e.t.Errorf("%s announces %s, which was not seen", id, name)
			}
		}
	}
}
