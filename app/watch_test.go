package app_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

// An own resource is watched over HTTP, by oneself or for another, and its watchers are notified until they watch it no longer.
func TestWatchingOwnResources(t *testing.T) {
	t.Parallel()
	file := withEventsFile(t)
	config := func(cfg *app.Config) { file(cfg); withSharedSecret(cfg) }
	apptest.ForEach(t, apptest.Options{Config: config}, func(t *testing.T, s *apptest.Server) {
		const cut, zoe = "/api/v1/watches/cut/7", "auth0|abc"
		viewer, guest := s.Users.Viewer.Token, signed(t, zoe, nil)
		forZoe := cut + "?" + url.Values{"user_id": {zoe}}.Encode()
		watching := func(token, path string, want bool) {
			t.Helper()
			var answer struct{ Watching bool }
			if s.Want(200, http.MethodGet, path, token, nil, &answer); answer.Watching != want {
				t.Errorf("%s: watching %v", path, answer.Watching)
			}
		}
		approve := func() {
			s.Want(202, http.MethodPost, "/api/v1/events", s.Users.Service, obj{"event": "cut_approved",
				"resource_type": "cut", "resource_id": "7", "data": obj{"title": "T"}, "user_id": s.Users.Editor.ID}, nil)
			s.Settle()
		}
		s.Want(200, http.MethodGet, "/api/v1/auth/me", guest, nil, nil)
		for range 2 {
			s.Want(204, http.MethodPut, cut, viewer, nil, nil)
			s.Want(204, http.MethodPut, forZoe, s.Users.Service, nil, nil)
		}
		watching(viewer, cut, true)
		watching(guest, cut, true)
		watching(s.Users.Editor.Token, cut, false)
		approve()
		wantInbox(t, s, "the viewer", viewer, "cut_approved")
		wantInbox(t, s, zoe, guest, "cut_approved")
		for range 2 {
			s.Want(204, http.MethodDelete, cut, viewer, nil, nil)
			s.Want(204, http.MethodDelete, forZoe, s.Users.Admin.Token, nil, nil)
		}
		watching(s.Users.Service, forZoe, false)
		s.Want(204, http.MethodDelete, "/api/v1/watches/episode/"+callboard.NewID(), viewer, nil, nil)
		for _, c := range []struct {
			status            int
			token, path, user string
		}{
			{404, viewer, "/api/v1/watches/episode/" + callboard.NewID(), ""},
			{404, viewer, "/api/v1/watches/room/writers", ""},
			{403, viewer, "/api/v1/watches/user/" + s.Users.Editor.ID, ""},
			{403, viewer, cut, s.Users.Editor.ID},
			{422, viewer, "/api/v1/watches/cut/_7", ""},
			{422, s.Users.Service, cut, ""},
			{422, s.Users.Service, cut, callboard.NewID()},
			{422, s.Users.Service, cut, "role:admin"},
		} {
			if c.user != "" {
				c.path += "?" + url.Values{"user_id": {c.user}}.Encode()
			}
			s.Want(c.status, http.MethodPut, c.path, c.token, nil, nil)
		}
	})
}

// Who watches a show is told of it and of its episodes, also of those that come or go, once each, and can see that it is watched.
func TestWatchingShows(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		viewer, editor := s.Users.Viewer.Token, s.Users.Editor.Token
		var made struct{ ID string }
		s.Want(201, http.MethodPost, "/api/v1/shows", s.Users.Admin.Token, obj{"title": "Lighthouse Nine"}, &made)
		show, other := made.ID, created(s, "/api/v1/shows", obj{"title": "Low Water"})
		watching := func(token, path string, want bool) {
			t.Helper()
			var answer struct{ Watching bool }
			if err := s.Do(http.MethodGet, path, token, nil).JSON(&answer); err != nil || answer.Watching != want {
				t.Errorf("%s: watching %v, %v", path, answer.Watching, err)
			}
		}
		path := "/api/v1/shows/" + show
		watching(viewer, path, false)
		for range 2 {
			s.Want(204, http.MethodPut, path+"/watch", viewer, nil, nil)
		}
		watching(viewer, path, true)
		watching(editor, path, false)
		s.Settle()                                                                     // that watch follows from the event
		watching(s.Users.Admin.Token, path, true)                                      // who made it
		watching(s.Users.Service, path, false)                                         // in whose name it asks
		s.Want(200, http.MethodPatch, path, editor, obj{"title": "Lighthouse 9"}, nil) // which makes nobody a watcher
		watching(editor, path, false)

		pilot := created(s, "/api/v1/episodes", obj{"title": "Pilot", "show_id": show})
		episode := "/api/v1/episodes/" + pilot
		watching(viewer, episode, false)
		s.Want(204, http.MethodPut, episode+"/watch", viewer, nil, nil)
		watching(viewer, episode, true)
		s.Want(200, http.MethodPatch, episode, editor, obj{"title": "The Pilot"}, nil)
		s.Settle()
		wantInbox(t, s, "both watched", viewer, "episode_created", "episode_updated", "show_updated")

		s.Want(204, http.MethodDelete, episode+"/watch", viewer, nil, nil)
		s.Want(200, http.MethodPost, "/api/v1/notifications/read-all", viewer, nil, nil)
		s.Want(200, http.MethodPatch, episode, editor, obj{"show_id": other}, nil) // away from the show
		s.Want(200, http.MethodPatch, episode, editor, obj{"title": "Pilot"}, nil) // no longer of interest
		s.Want(200, http.MethodPatch, episode, editor, obj{"show_id": show}, nil)
		s.Want(200, http.MethodPatch, episode, editor, obj{"status": "archived"}, nil)
		s.Want(204, http.MethodDelete, episode, editor, nil, nil)
		s.Settle()
		wantInbox(t, s, "the show", viewer, "episode_archived", "episode_created", "episode_deleted",
			"episode_updated", "episode_updated", "show_updated")
		var newest []struct{ Count int }
		s.Want(200, http.MethodGet, "/api/v1/notifications?type=episode_updated&limit=1", viewer, nil, &newest)
		if newest[0].Count != 2 {
			t.Errorf("told %d times that the episode left and came back, want 2", newest[0].Count)
		}

		s.Want(204, http.MethodDelete, path+"/watch", viewer, nil, nil)
		watching(viewer, path, false)
		s.Want(200, http.MethodPatch, path, editor, obj{"title": "L9"}, nil)
		s.Settle()
		wantInbox(t, s, "nothing", viewer, "episode_archived", "episode_created", "episode_deleted",
			"episode_updated", "episode_updated", "show_updated")
		s.Want(404, http.MethodPut, "/api/v1/shows/"+callboard.NewID()+"/watch", viewer, nil, nil)
	})
}

// Everybody can list what they watch, of one type and page by page; of others only who may act for them.
func TestListOfWatches(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		viewer := s.Users.Viewer.Token
		show := created(s, "/api/v1/shows", obj{"title": "Lighthouse Nine"})
		want := []string{"cut 7", "cut 8", "show " + show}
		for _, path := range []string{"show/" + show, "cut/8", "cut/7"} {
			s.Want(204, http.MethodPut, "/api/v1/watches/"+path, viewer, nil, nil)
		}
		list := func(token, query string) (got []string) {
			t.Helper()
			for cursor := ""; ; {
				var page struct {
					Data []struct {
						Type string `json:"resource_type"`
						ID   string `json:"resource_id"`
					}
					Pagination struct {
						Next string `json:"next_cursor"`
					}
				}
				r := s.Do(http.MethodGet, "/api/v1/watches?limit=1&cursor="+cursor+query, token, nil)
				if err := r.JSON(&page); err != nil || r.Status != 200 {
					t.Fatalf("answer %d %s, %v", r.Status, r.Body, err)
				}
				for _, w := range page.Data {
					got = append(got, w.Type+" "+w.ID)
				}
				if cursor = page.Pagination.Next; cursor == "" {
					return got
				}
			}
		}
		for query, want := range map[string][]string{"": want, "&type=cut": want[:2], "&type=episode": nil} {
			if diff := cmp.Diff(want, list(viewer, query)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
		for _, token := range []string{s.Users.Admin.Token, s.Users.Service} {
			if diff := cmp.Diff(want, list(token, "&user_id="+s.Users.Viewer.ID)); diff != "" {
				t.Errorf("of another (-want +got):\n%s", diff)
			}
		}
		s.Want(403, http.MethodGet, "/api/v1/watches?user_id="+s.Users.Admin.ID, viewer, nil, nil)
		s.Want(422, http.MethodGet, "/api/v1/watches", s.Users.Service, nil, nil)
		s.Want(422, http.MethodGet, "/api/v1/watches?cursor=x", viewer, nil, nil)
	})
}

// created posts a body as an editor, and returns the ID of what was made.
func created(s *apptest.Server, path string, body obj) string {
	var made struct{ ID string }
	s.Want(201, http.MethodPost, path, s.Users.Editor.Token, body, &made)
	return made.ID
}

// What is about a user has the ID that the user has, wherever a resource is named.
func TestOwnUsersAsResources(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: withSharedSecret})
	const zoe = "auth0|abc"
	token, about := signed(t, zoe, nil), obj{"resource_type": "user", "resource_id": zoe}
	with := func(more obj) obj {
		for key, value := range about {
			more[key] = value
		}
		return more
	}
	s.Want(200, http.MethodPost, "/api/v1/presence/viewers", token, about, nil)
	s.Want(204, http.MethodPut, "/api/v1/watches/user/"+url.PathEscape(zoe), token, nil, nil)
	s.Want(201, http.MethodPost, "/api/v1/activity", token, with(obj{"action": "waved"}), nil)
	s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service,
		with(obj{"user_id": "watchers:user:" + zoe, "type": "note", "message": "hello"}), nil)
	s.Settle()
	wantInbox(t, s, zoe, token, "note ×1")
}
