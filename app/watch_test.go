package app_test

import (
	"net/http"
	"net/url"
	"testing"

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
