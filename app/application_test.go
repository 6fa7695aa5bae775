package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// claim is an entry as the log shows it.
type claim struct {
	ID       string `json:"id"`
	UserID   string `json:"user_id"`
	UserName string `json:"user_name"`
	Action   string `json:"action"`
	Source   string `json:"source"`
}

// TestApplicationsAreNobody has an application write, with a token of the admin: it is the application that acts, and the
// admin is told like everybody else.
func TestApplicationsAreNobody(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		var episode struct {
			ID        string `json:"id"`
			CreatedBy string `json:"created_by"`
		}
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Service, obj{"title": "Pilot"}, &episode)
		s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Service,
			obj{"action": "published_episode", "resource_type": "episode", "resource_id": episode.ID}, nil)
		s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service,
			obj{"user_id": "role:admin", "type": "note", "message": "hello"}, nil)
		s.Settle() // ?wait=true gives up after a second
		var history []claim
		s.Want(200, http.MethodGet, "/api/v1/activity/resource/episode/"+episode.ID+"?wait=true", s.Users.Viewer.Token, nil, &history)
		if len(history) != 2 || history[0].Source != "application" || history[1].Source != "callboard" {
			t.Fatalf("history %+v", history)
		}
		for _, e := range history {
			if e.UserID == s.Users.Admin.ID || e.UserName != "application" || e.UserID != episode.CreatedBy {
				t.Errorf("%s is by %s %s, want the application", e.Action, e.UserID, e.UserName)
			}
		}
		s.Want(200, http.MethodGet, "/api/v1/activity/resource/episode/"+episode.ID+"?source=callboard", s.Users.Viewer.Token, nil, &history)
		if len(history) != 1 || history[0].Action != "created_episode" {
			t.Errorf("Callboard's own part of the history is %+v", history)
		}
		var inbox []struct {
			Type      string `json:"type"`
			ActorName string `json:"actor_name"`
		}
		s.Want(200, http.MethodGet, "/api/v1/notifications?wait=true", s.Users.Admin.Token, nil, &inbox)
		if len(inbox) != 2 || inbox[0].ActorName != "application" || inbox[1].Type != "episode_created" {
			t.Errorf("the admin's inbox is %+v", inbox)
		}
		var online []obj
		s.Dial(s.Users.Service)
		s.Want(200, http.MethodGet, "/api/v1/presence/online-users", s.Users.Viewer.Token, nil, &online)
		if len(online) > 0 {
			t.Errorf("the socket of an application makes %v online", online)
		}
	})
}

// TestWhatMayNotBeReadIsNotWrittenAbout has a viewer log about a job of somebody else, who listens to it.
func TestWhatMayNotBeReadIsNotWrittenAbout(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	foreign := s.QueueJob(s.Users.Editor.Token, "bulk-export", obj{"what": "activity"})
	about := func(typ, id string) obj {
		return obj{"action": "completed_job", "resource_type": typ, "resource_id": id}
	}
	r := s.Do(http.MethodPost, "/api/v1/activity", s.Users.Viewer.Token, about("job", foreign.ID))
	if r.Status != 403 || !strings.Contains(string(r.Body), "resource_id") {
		t.Errorf("about a job of another: %d %s", r.Status, r.Body)
	}
	entries := obj{"entries": []obj{about("cut", "1"), about("job", foreign.ID)}}
	if r := s.Do(http.MethodPost, "/api/v1/activity/bulk", s.Users.Viewer.Token, entries); r.Status != 403 || !strings.Contains(string(r.Body), "entries[1]") {
		t.Errorf("among others: %d %s", r.Status, r.Body)
	}
	s.Want(403, http.MethodPost, "/api/v1/activity", s.Users.Viewer.Token, about("file", callboard.NewID()), nil)
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Editor.Token, about("job", foreign.ID), nil)
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Viewer.Token, about("render", foreign.ID), nil)
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Viewer.Token, about("episode", "pilot"), nil)
}

// TestNamesOfEvents sends what is named like events of Callboard: it is heard with its mark, live and in the record of events, and nothing
// follows from it.
func TestNamesOfEvents(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.Settle()
	socket := s.Dial(s.Users.Viewer.Token)
	subscribe(t, socket, "room:edit")
	var before []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/feed", s.Users.Admin.Token, nil, &before)
	names := []string{"episode_published", "job_completed", "activity_logged", "notification_created", "user_disabled"}
	for _, name := range names {
		message := obj{"event": name, "data": obj{"mine": true}}
		for path, channel := range map[string]string{
			"notify-room/edit": "room:edit", "broadcast": "broadcast", "notify-user/" + s.Users.Viewer.ID: "user:" + s.Users.Viewer.ID,
		} {
			s.Want(202, http.MethodPost, "/api/v1/socket/"+path, s.Users.Service, message, nil)
			if push := nextOf(t, socket, name); push.Channel != channel || !push.Message.Direct {
				t.Errorf("heard %+v", push)
			}
		}
	}
	s.Settle()
	var log []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/feed", s.Users.Admin.Token, nil, &log)
	if len(log) != len(before) {
		t.Errorf("the log says %+v", log)
	}
	var record []callboard.Message
	s.Want(200, http.MethodGet, "/api/v1/events?after=0&limit=200", s.Users.Viewer.Token, nil, &record)
	marked := slices.DeleteFunc(record, func(m callboard.Message) bool { return !m.Direct })
	if len(marked) != 3*len(names) {
		t.Errorf("%d messages of the record are marked", len(marked))
	}
	s.Want(200, http.MethodGet, "/api/v1/auth/me", s.Users.Viewer.Token, nil, nil) // nobody was disabled
	if ready, _ := s.Ready(); ready.Status != "ready" {
		t.Errorf("the server is %+v", ready)
	}
}

// TestBadgesAreRight has two tabs of a user open, who has quiet hours all day: both show the right number of unread
// notifications, whatever happens.
func TestBadgesAreRight(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		vera := s.Users.Viewer
		tabs := []*realtimetest.Client{s.Dial(vera.Token), s.Dial(vera.Token)}
		const inbox = "/api/v1/notifications"
		var id string
		own := func(method, path string, body any) func() {
			return func() { s.Want(200, method, inbox+path, vera.Token, body, nil) }
		}
		quiet := obj{"mute_all": false, "types": obj{}, "quiet_hours": obj{"start": "00:00", "end": "00:00", "time_zone": "UTC"}}
		for _, step := range []struct {
			name   string
			do     func()
			unread int
		}{
			{"quiet hours", own(http.MethodPut, "/preferences", quiet), 0},
			{"a notification", func() {
				s.Want(201, http.MethodPost, inbox, s.Users.Service, obj{"user_id": vera.ID, "type": "note", "message": "hello"}, nil)
			}, 1},
			{"read", func() {
				s.Settle() // ?wait=true gives up after a second
				var entries []struct {
					ID string `json:"id"`
				}
				s.Want(200, http.MethodGet, inbox+"?wait=true", vera.Token, nil, &entries)
				id = entries[0].ID
				own(http.MethodPost, "/"+id+"/read", nil)()
			}, 0},
			{"unread", func() { own(http.MethodPost, "/"+id+"/unread", nil)() }, 1},
			{"no more quiet hours", own(http.MethodPut, "/preferences", obj{"mute_all": false, "types": obj{}}), 1},
			{"archived", func() { own(http.MethodPost, "/"+id+"/archive", nil)() }, 0},
		} {
			step.do()
			for i, tab := range tabs {
				push := nextOf(t, tab, "unread_count", "notification")
				if want := fmt.Sprintf(`{"unread_count":%d}`, step.unread); push.Message.Event != "unread_count" || string(push.Message.Data) != want {
					t.Errorf("%s: tab %d hears %s %s, want %s", step.name, i, push.Message.Event, push.Message.Data, want)
				}
			}
		}
	})
}
