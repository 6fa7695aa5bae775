package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/episode"
)

// Everybody who is signed in can list who is on the board, also users of applications, without those who are disabled and without addresses.
func TestPeople(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: withSharedSecret}, func(t *testing.T, s *apptest.Server) {
		const zoe = "auth0|zoe"
		viewer, guest := s.Users.Viewer.Token, signed(t, zoe, map[string]any{"name": "Zoë Grün"})
		s.Want(200, http.MethodGet, "/api/v1/auth/me", guest, nil, nil)
		gone := newAccount(t, s, "Adam Gone")
		s.Want(204, http.MethodDelete, "/api/v1/users/"+gone, s.Users.Admin.Token, nil, nil)
		everybody := []string{"Ada admin", "Ben editor", "Vera viewer", "Zoë Grün viewer"}
		for _, token := range []string{viewer, guest, s.Users.Service} {
			if diff := cmp.Diff(everybody, people(t, s, token, "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		for q, want := range map[string][]string{"zoe gr": {"Zoë Grün viewer"}, "ADA": {"Ada admin"}, "a": {"Ada admin", "Vera viewer"}, "none": nil, " ": everybody} {
			if diff := cmp.Diff(want, people(t, s, viewer, "&q="+url.QueryEscape(q))); diff != "" {
				t.Errorf("%q (-want +got):\n%s", q, diff)
			}
		}
		if r := s.Do(http.MethodGet, "/api/v1/people", viewer, nil); strings.Contains(string(r.Body), "@") {
			t.Errorf("there are addresses in %s", r.Body)
		}
		s.Want(422, http.MethodGet, "/api/v1/people?cursor=x", viewer, nil, nil)
	})
}

// people reads all pages, of two people each.
func people(t *testing.T, s *apptest.Server, token, query string) (got []string) {
	t.Helper()
	for cursor := ""; ; {
		var page struct {
			Data       []account.Person
			Pagination struct {
				Next string `json:"next_cursor"`
			}
		}
		r := s.Do(http.MethodGet, "/api/v1/people?limit=2&cursor="+cursor+query, token, nil)
		if err := r.JSON(&page); err != nil || r.Status != 200 || len(page.Data) > 2 {
			t.Fatalf("answer %d %s, %v", r.Status, r.Body, err)
		}
		for _, p := range page.Data {
			got = append(got, p.Name+" "+string(p.Role))
		}
		if cursor = page.Pagination.Next; cursor == "" {
			return got
		}
	}
}

func newAccount(t *testing.T, s *apptest.Server, name string) string {
	t.Helper()
	var made struct{ ID string }
	s.Want(201, http.MethodPost, "/api/v1/users", s.Users.Admin.Token,
		obj{"email": callboard.NewID() + "@example.org", "name": name, "role": "viewer"}, &made)
	return made.ID
}

// Somebody who is found late among thousands is found, over pages that may be empty.
func TestPeopleAmongThousands(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for i := range 4_001 {
		info := callboard.UserInfo{Name: fmt.Sprintf("Extra %d", i), Role: callboard.RoleViewer}
		if i == 4_000 {
			info.Name = "The Lead"
		}
		if err := s.App.Accounts.Remember(t.Context(), fmt.Sprintf("user %06d", i), info); err != nil {
			t.Fatal(err)
		}
	}
	if got := people(t, s, s.Users.Viewer.Token, "&q=lead"); !slices.Equal(got, []string{"The Lead viewer"}) {
		t.Errorf("found %v", got)
	}
	list, err := s.App.Accounts.People(t.Context(), "", callboard.Page{Limit: 200})
	if err != nil || len(list.Items) != 200 || list.NextCursor == "" {
		t.Errorf("a page of %d people, %v", len(list.Items), err)
	}
}

// Who made an episode, a show or a file is told by name: as it is now, also of who has left, and of applications.
func TestNamesOfWhoMadeThings(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		admin := s.Users.Admin.Token
		name := func(path string) any {
			t.Helper()
			var got struct {
				Name any `json:"created_by_name"`
			}
			s.Want(200, http.MethodGet, path, s.Users.Viewer.Token, nil, &got)
			return got.Name
		}
		show := "/api/v1/shows/" + created(s, "/api/v1/shows", obj{"title": "Lighthouse Nine"})
		pilot := "/api/v1/episodes/" + created(s, "/api/v1/episodes", obj{"title": "Pilot"})
		file := apptest.FilesPath + "/" + s.UploadFile(pilot+"/files", s.Users.Editor.Token, "a.txt", strings.NewReader("a")).ID
		var byApplication struct {
			ID   string
			Name string `json:"created_by_name"`
		}
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Service, obj{"title": "Made by an application"}, &byApplication)
		if byApplication.Name != "application" {
			t.Errorf("the answer to the application says %q", byApplication.Name)
		}
		s.Want(200, http.MethodPatch, "/api/v1/users/"+s.Users.Editor.ID, admin, obj{"name": "Benjamin"}, nil)
		s.Want(204, http.MethodDelete, "/api/v1/users/"+s.Users.Editor.ID, admin, nil, nil)
		for path, want := range map[string]string{show: "Benjamin", pilot: "Benjamin", file: "Benjamin", "/api/v1/episodes/" + byApplication.ID: "application"} {
			if got := name(path); got != want {
				t.Errorf("%s was made by %v, want %s", path, got, want)
			}
		}
		for path, want := range map[string][]string{"/api/v1/shows": {"Benjamin"}, "/api/v1/episodes": {"application", "Benjamin"}, pilot + "/files": {"Benjamin"}} {
			var list []struct {
				Name string `json:"created_by_name"`
			}
			s.Want(200, http.MethodGet, path, s.Users.Viewer.Token, nil, &list)
			var got []string
			for _, item := range list {
				got = append(got, item.Name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
		unknown, err := s.App.Episodes.Create(callboard.WithActor(context.Background(), callboard.Actor{ID: callboard.NewID(), Name: "Nobody", Role: callboard.RoleEditor}),
			episode.Input{Title: "Strays"})
		if err != nil {
			t.Fatal(err)
		}
		if got := name("/api/v1/episodes/" + unknown.ID); got != nil {
			t.Errorf("made by %v, whom nobody knows", got)
		}
	})
}
