package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// eventsFile defines the events of an application that is not written in Go.
const eventsFile = `
events:
  - name: cut_approved
    summary: A cut was approved.
    action: approved_cut
    channels: [broadcast, "{resource}", "{parent}"]
    notify: ["{watchers}", "{owner}"]
    message: "{actor} approved {resource}: {data.title}, round {data.round}"
    watch: true
    payload:
      required: [title]
      properties:
        title: { type: string }
        round: { type: integer, description: Counts from 1. }
        grade: { type: string, enum: [rough, fine] }
  - name: raise_granted
    summary: A raise was granted.
    action: granted_raise
    channels: ["{resource}"]
    private: true
  - name: cut_returned
    summary: A cut went back.
    channels: ["{parent}"]
    notify: ["{owner}"]
    message: A cut is back
  - name: cut_played
    summary: Somebody plays a cut.
    channels: ["{resource}"]
    ephemeral: true
`

// withEventsFile has a server read the file.
func withEventsFile(t *testing.T) func(cfg *app.Config) {
	t.Helper()
	path := writeEventsFile(t, eventsFile)
	return func(cfg *app.Config) { cfg.EventsFile = path }
}

func writeEventsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// An event that an application defines in a file and appends over HTTP has all the consequences of Callboard's own.
func TestEventsOfAnApplication(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: withEventsFile(t)}, func(t *testing.T, s *apptest.Server) {
		service, editor, viewer := s.Users.Service, s.Users.Editor, s.Users.Viewer
		listener := s.Dial(viewer.Token)
		approve := obj{"event": "cut_approved", "resource_type": "cut", "resource_id": "42", "resource_name": "Cut 42",
			"data": obj{"title": "The\nLong {actor}", "round": 3}, "user_id": editor.ID, "owner_id": viewer.ID}
		s.Want(http.StatusAccepted, http.MethodPost, "/api/v1/events", service, approve, nil)
		if _, err := listener.NextOf(t.Context(), "cut_approved"); err != nil {
			t.Error(err)
		}
		s.Settle()
		var inbox []struct{ Message string }
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/notifications?type=cut_approved", viewer.Token, nil, &inbox)
		want := editor.Name + " approved Cut 42: The Long {actor}, round 3"
		if len(inbox) != 1 || inbox[0].Message != want {
			t.Errorf("inbox %+v, want %q", inbox, want)
		}
		var entries []struct {
			Action string
			UserID string `json:"user_id"`
			Source string
		}
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/activity/resource/cut/42", viewer.Token, nil, &entries)
		if len(entries) != 1 || entries[0].Action != "approved_cut" || entries[0].UserID != editor.ID || entries[0].Source != "callboard" {
			t.Errorf("entries %+v", entries)
		}
		if watching, err := s.App.Notifications.Watching(t.Context(), editor.ID, callboard.Resource{Type: "cut", ID: "42"}); err != nil || !watching {
			t.Errorf("who did it watches the resource: %v, %v", watching, err)
		}
	})
}

// The entries of an application's private event are for the user that it is about, and admins.
func TestPrivateEventsOfAnApplication(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withEventsFile(t)})
	raise := obj{"event": "raise_granted", "resource_type": "user", "resource_id": s.Users.Viewer.ID}
	s.Want(http.StatusAccepted, http.MethodPost, "/api/v1/events", s.Users.Service, raise, nil)
	s.Settle()
	for token, want := range map[string]int{s.Users.Viewer.Token: 1, s.Users.Admin.Token: 1, s.Users.Editor.Token: 0} {
		var entries []obj
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/activity/feed?action=granted_raise", token, nil, &entries)
		if len(entries) != want {
			t.Errorf("%d entries, want %d", len(entries), want)
		}
		var stats struct {
			ByAction []struct{ Key string } `json:"by_action"`
		}
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/activity/stats", token, nil, &stats)
		if counted := strings.Contains(fmt.Sprint(stats.ByAction), "granted_raise"); counted != (token == s.Users.Admin.Token) {
			t.Errorf("counted: %v", counted)
		}
	}
}

// Ephemeral events go to the sockets, beside those of the same call that are durable.
func TestManyEventsOfAnApplication(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withEventsFile(t)})
	listener := s.Dial(s.Users.Viewer.Token)
	if _, err := listener.Subscribe(t.Context(), "cut:42", realtimetest.SubscribeOptions{}); err != nil {
		t.Fatal(err)
	}
	cut := func(event string) obj {
		return obj{"event": event, "resource_type": "cut", "resource_id": "42"}
	}
	approved := cut("cut_approved")
	approved["data"] = obj{"title": "T"}
	var sent struct{ IDs []string }
	s.Want(http.StatusAccepted, http.MethodPost, "/api/v1/events/bulk", s.Users.Service, obj{"events": []obj{cut("cut_played"), approved}}, &sent)
	if len(sent.IDs) != 2 {
		t.Errorf("%d IDs", len(sent.IDs))
	}
	for missing := map[string]bool{"cut_played": true, "cut_approved": true}; len(missing) > 0; {
		push, err := listener.Next(t.Context())
		if err != nil {
			t.Fatalf("missing %v: %v", missing, err)
		}
		delete(missing, push.Message.Event)
	}
}

// What is wrong with an event is told by field; nothing of a call with a fault is appended, and nobody but applications and
// admins may append.
func TestEventsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withEventsFile(t)})
	s.Settle()
	before := lastPos(t, s)
	good := func(change obj) obj {
		e := obj{"event": "cut_approved", "resource_type": "cut", "resource_id": "42", "data": obj{"title": "T"}}
		for key, value := range change {
			e[key] = value
		}
		return e
	}
	for _, c := range []struct {
		change obj
		fields []string
	}{
		{obj{"event": "curtain_up"}, []string{"event"}},
		{obj{"event": "episode_created"}, []string{"event"}},
		{obj{"data": obj{"title": 7, "color": "red", "grade": "awful"}}, []string{"data.color", "data.grade", "data.title"}},
		{obj{"data": obj{}}, []string{"data.title"}},
		{obj{"resource_type": "viewers"}, []string{"resource_type"}},
		{obj{"resource_id": ""}, []string{"resource_id"}},
		{obj{"event": "cut_returned", "data": obj{}}, []string{"owner_id", "parent_id"}},
		{obj{"user_id": callboard.NewID(), "owner_id": callboard.NewID()}, []string{"owner_id", "user_id"}},
		{obj{"event": "raise_granted", "data": obj{}, "parent_type": "show", "parent_id": "1"}, []string{"parent_id", "resource_type"}},
	} {
		for prefix, call := range map[string]struct {
			path string
			body any
		}{
			"":           {"/api/v1/events", good(c.change)},
			"events[1].": {"/api/v1/events/bulk", obj{"events": []obj{good(nil), good(c.change)}}},
		} {
			r := s.Do(http.MethodPost, call.path, s.Users.Service, call.body)
			var problem struct{ Errors []struct{ Field string } }
			if err := r.JSON(&problem); err != nil {
				t.Fatal(err)
			}
			var fields []string
			for _, f := range problem.Errors {
				fields = append(fields, strings.TrimPrefix(f.Field, prefix))
			}
			if r.Status != http.StatusUnprocessableEntity || fmt.Sprint(fields) != fmt.Sprint(c.fields) {
				t.Errorf("%v: %d %s, want %v", c.change, r.Status, r.Body, c.fields)
			}
		}
	}
	if r := s.Do(http.MethodPost, "/api/v1/events", s.Users.Editor.Token, good(nil)); r.Status != http.StatusForbidden {
		t.Errorf("an editor: %d", r.Status)
	}
	if after := lastPos(t, s); after != before {
		t.Errorf("%d events were appended", after-before)
	}
}

func lastPos(t *testing.T, s *apptest.Server) int64 {
	t.Helper()
	feed, err := s.App.Outbox.Events(callboard.WithActor(t.Context(), callboard.System("test")), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	return feed.Last
}

// The faults of a file are named with their lines.
func TestFaultsOfEventFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"events:\n  - name: a\n    summary: S\n    color: red\n":                                                  "events.yaml:4: color is not a field of an event type",
		"events:\n  - name: a\n    summary: S\n    channels: [broadcast,\n      nowhere]\n":                       "events.yaml:5: channels[1]: must be",
		"events:\n  - name: a\n    summary: S\n    payload:\n      properties:\n        t: { type: text }\n":      "events.yaml:6: payload.t.type: must be one of",
		"events:\n  - name: a\n    summary: S\n  - name: b c\n":                                                   "events.yaml:4: name: must be",
		"events:\n  - name: a\n    name: b\n":                                                                     "events.yaml:3: mapping key",
		"events:\n  - name: a\n    summary: S\n    message: \"{data.x}\"\n    payload: { properties: { y: {} } }": "events.yaml:4: message: has a placeholder",
		"events: [\n": "events.yaml:",
		"events:\n  - name: a\n    summary: S\n---\nevents:\n  - name: b\n    summary: S\n": "events.yaml:4: begins a second document",
		// all faults at once, in the order of the lines; what could not be read is said once
		"events:\n  - name: a\n    channels: [{resource}]\n    notify: \"{owner}\"\n    color: red\n    watch: [1]\n  - name: b\n    summary: S\n    message: {}\n": "events.yaml:2: summary: is required\n" +
			"events.yaml:3: must be a text; a text with {…} goes in quotes: \"{resource}\"\n" +
			"events.yaml:4: must be a list of texts, such as [broadcast, \"{resource}\"]\n" +
			"events.yaml:5: color is not a field of an event type\nevents.yaml:6: must be true or false\n" +
			"events.yaml:9: must be a text; a text with",
		"events:\n  - name: a\n    summary: S\n    message: {actor} did it\n    watch: true\n": "events.yaml:4: a text with {…} goes in quotes",
		// names and actions that are taken, among the other faults
		"events:\n  - name: a\n    summary: S\n    action: did\n  - name: a\n    summary: S\n    channels: [nowhere]\n    action: did\n  - name: job_failed\n    summary: S\n": "events.yaml:5: name: is defined twice\n" +
			"events.yaml:7: channels[0]: must be broadcast, {resource}, {parent}, {owner}, room:<name> or <type>:<id>\n" +
			"events.yaml:8: action: is that of another event\nevents.yaml:9: name: is an event of Callboard itself",
		"events: 7\n": "events.yaml:1: must be a list of event types",
	} {
		_, err := app.ReadEventFile(writeEventsFile(t, text))
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, want %s", text, err, want)
		}
	}
	if _, err := app.ReadEventFile("nowhere.yaml"); !strings.HasSuffix(fmt.Sprint(err), "nowhere.yaml cannot be read: no such file or directory") {
		t.Errorf("a file that is missing: %v", err)
	}
	for _, audience := range []string{"42", "auth0|abc", "group:camera", "{watchers}"} {
		text := "events:\n  - { name: a, summary: S, message: M, notify: [\"" + audience + "\"] }\n"
		if _, err := app.ReadEventFile(writeEventsFile(t, text)); err != nil {
			t.Errorf("%s is notified: %v", audience, err)
		}
	}
	cfg, err := app.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir, cfg.LogLevel, cfg.EventsFile = t.TempDir(), "error", writeEventsFile(t, "events:\n  - { name: episode_created, summary: Mine. }\n")
	if _, err := app.New(t.Context(), cfg); callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "events.yaml:2: name: is an event of Callboard itself") {
		t.Errorf("an event of Callboard's: %v", err)
	}
}
