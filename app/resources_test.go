package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// What the application lets nobody read is in no list of what happened, and nobody writes about it; what went to everybody is.
func TestHistoryOfApplicationResources(t *testing.T) {
	t.Parallel()
	shown := callboard.Define[struct{}](callboard.EventType{
		Name: "cut_shown", Action: "showed_cut", Channels: []string{"broadcast", "{resource}"}, Summary: "A cut was shown.",
	})
	graded := callboard.Define[struct{}](callboard.EventType{
		Name: "cut_graded", Action: "graded_cut", Channels: []string{"{resource}"}, Summary: "A cut was graded.",
	})
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		h := newHost(t, kind, func(c *app.Config) { c.Events = []callboard.EventType{shown.EventType, graded.EventType} })
		ctx := callboard.WithActor(t.Context(), callboard.Actor{ID: "dora-8", Name: "Dora", Role: callboard.RoleAdmin})
		err := h.board.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			for _, id := range []string{"7", "secret"} {
				res := callboard.Resource{Type: "cut", ID: id, Name: "Cut"}
				err := h.board.Outbox.Append(ctx, tx, shown.New(ctx, res, struct{}{}), graded.New(ctx, res, struct{}{}))
				if err != nil {
					return err
				}
				if _, err := h.board.Activity.LogTx(ctx, tx, activity.Input{Action: "noted", Resource: res}); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = h.board.Outbox.Drain(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		for path, secrets := range map[string]int{ // how often the secret one is named, by what went to everybody
			"activity/feed?limit=50": 1, "activity/search?q=cut&limit=50": 1, "activity/user/dora-8?limit=50": 1,
			"activity/export?format=ndjson": 1, "events?limit=50": 1,
		} {
			_, text := h.do("GET", "/api/v1/"+path, "", carlasCookie)
			if open, secret := strings.Count(text, `id":"7"`), strings.Count(text, `id":"secret"`); open != 3 || secret != secrets {
				t.Errorf("%s: %d and %d times in %s", path, open, secret, text)
			}
		}
		for id, refused := range map[string]bool{"7": false, "secret": true} {
			body := `{"action":"noted","resource_type":"cut","resource_id":"` + id + `"}`
			if status, text := h.do("POST", "/api/v1/activity", body, carlasCookie); (status == 403) != refused {
				t.Errorf("writing about %s: answer %d %s", id, status, text)
			}
			if status, text := h.do("GET", "/api/v1/activity/resource/cut/"+id, "", carlasCookie); (status == 403) != refused {
				t.Errorf("reading of %s: answer %d %s", id, status, text)
			}
		}
	})
}

// Who may not change a thing is not seen to edit it, whoever says so; of an application's things, who may read them.
func TestWhoEdits(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	var episode, show struct {
		ID string `json:"id"`
	}
	s.Want(201, "POST", "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	s.Want(201, "POST", "/api/v1/shows", s.Users.Editor.Token, obj{"title": "Lighthouse"}, &show)
	service := s.NewToken(s.Users.Admin.ID, true)
	for _, tt := range []struct {
		typ, id, token, user string
		status               int
	}{
		{"episode", episode.ID, s.Users.Editor.Token, "", 200},
		{"show", show.ID, s.Users.Admin.Token, "", 200},
		{"episode", episode.ID, s.Users.Viewer.Token, "", 403},
		{"show", show.ID, s.Users.Viewer.Token, "", 403},
		{"episode", episode.ID, service, s.Users.Editor.ID, 200},
		{"episode", episode.ID, service, s.Users.Viewer.ID, 403},
		{"episode", episode.ID, s.Users.Admin.Token, s.Users.Viewer.ID, 403},
		{"episode", callboard.NewID(), s.Users.Editor.Token, "", 404},
		{"cut", "v3", s.Users.Viewer.Token, "", 200},
		{"user", s.Users.Viewer.ID, s.Users.Viewer.Token, "", 200},
		{"user", s.Users.Viewer.ID, s.Users.Editor.Token, "", 403},
	} {
		body := obj{"resource_type": tt.typ, "resource_id": tt.id, "editing": "title"}
		if tt.user != "" {
			body["user_id"] = tt.user
		}
		if r := s.Do("POST", "/api/v1/presence/viewers", tt.token, body); r.Status != tt.status {
			t.Errorf("%s for %q: answer %d %s, want %d", tt.typ, tt.user, r.Status, r.Body, tt.status)
		}
	}
}
