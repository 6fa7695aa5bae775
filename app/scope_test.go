package app_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// newScoped makes a token with scopes by means of another one.
func newScoped(s *apptest.Server, with string, scopes ...string) string {
	var made struct{ Token string }
	s.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/tokens", with, map[string]any{"name": "limited", "scopes": scopes}, &made)
	return made.Token
}

// TestScopesOfRoutes calls every route that is not public with a token that has all scopes but the one of the route, and with one that
// has no other.
func TestScopesOfRoutes(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	replace := strings.NewReplacer("{id}", callboard.NewID(), "{type}", "episode", "{room}", "writers", "{user}", callboard.NewID(), "{$}", "")
	with, without := map[string]string{}, map[string]string{}
	for _, service := range callboard.ScopeServices() {
		var others []string
		for _, other := range callboard.ScopeServices() {
			if other != service {
				others = append(others, other+":write")
			}
		}
		with[service+" write"] = newScoped(s, s.Users.Admin.Token, service+":write")
		with[service+" read"] = newScoped(s, s.Users.Admin.Token, service+":read")
		without[service+" write"] = newScoped(s, s.Users.Admin.Token, append(others, service+":read")...)
		without[service+" read"] = newScoped(s, s.Users.Admin.Token, others...)
	}
	seen := map[string]bool{}
	for _, route := range s.App.Routes() {
		if route.Access == httpapi.Public || route.AnyScope || route.ID == "revoke-token" {
			continue
		}
		method, what := cmp.Or(route.Method, http.MethodPost), " write"
		if method == http.MethodGet {
			what = " read"
		}
		service := strings.ReplaceAll(strings.ToLower(cmp.Or(route.Tag, "system")), " ", "-")
		seen[service] = true
		if with[service+what] == "" {
			t.Errorf("%s: no scope names the service %q", route.ID, service)
			continue
		}
		refused := func(token string) bool {
			r := s.Do(method, replace.Replace(route.Path), token, bodyFor(method))
			return r.Status == http.StatusForbidden && strings.Contains(string(r.Body), "limited to other scopes")
		}
		if refused(with[service+what]) {
			t.Errorf("%s is refused with its own scope", route.ID)
		}
		if !refused(without[service+what]) {
			t.Errorf("%s lets through a token with all scopes but its own", route.ID)
		}
	}
	for _, service := range callboard.ScopeServices() {
		if !seen[service] {
			t.Errorf("the scopes of %s are of no route", service)
		}
	}
}

// TestLimitedTokens asks what a limited token may not get by a roundabout way: a token with more, a socket, another's rights.
func TestLimitedTokens(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	reader := newScoped(s, s.Users.Editor.Token, "read")
	s.Want(http.StatusOK, http.MethodGet, "/api/v1/episodes", reader, nil, nil)
	s.Want(http.StatusForbidden, http.MethodPost, "/api/v1/shows", reader, map[string]any{"title": "The Lamp"}, nil)
	s.Want(http.StatusForbidden, http.MethodPost, "/api/v1/auth/tokens", reader, map[string]any{"name": "more"}, nil)

	maker := newScoped(s, s.Users.Admin.Token, "sign-in:write", "episodes:read")
	r := s.Do(http.MethodPost, "/api/v1/auth/tokens", maker, map[string]any{"name": "more", "scopes": []string{"episodes:write"}})
	if r.Status != http.StatusUnprocessableEntity || !strings.Contains(string(r.Body), "must not go beyond") {
		t.Errorf("a token with more than its maker: %d %s", r.Status, r.Body)
	}
	var made struct {
		Token  string
		Scopes []string
	}
	s.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/tokens", maker, map[string]any{"name": "as much"}, &made)
	if !slices.Equal(made.Scopes, []string{"episodes:read", "sign-in:write"}) {
		t.Errorf("a token that names no scopes has %v", made.Scopes)
	}
	s.Want(http.StatusForbidden, http.MethodGet, "/api/v1/shows", made.Token, nil, nil)

	s.Want(http.StatusForbidden, http.MethodGet, "/api/v1/socket/token", made.Token, nil, nil)
	worker := newScoped(s, s.Users.Admin.Token, "jobs:write", "files:read")
	for _, job := range []string{
		`{"kind":"batch-delete","args":{"filter":{"status":"draft"}}}`, `{"kind":"bulk-export","args":{"what":"activity"}}`, `{"kind":"bulk-export","args":{"what":"episodes"}}`,
		`{"kind":"data-import","args":{"file_id":"` + callboard.NewID() + `","show_title":"X"}}`, `{"kind":"thumbnail-generation","args":{"file_id":"` + callboard.NewID() + `"}}`,
	} {
		r := s.Raw(http.MethodPost, "/api/v1/jobs", worker, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(job))
		if r.Status != http.StatusForbidden || !strings.Contains(string(r.Body), "this job needs") {
			t.Errorf("%s: %d %s", job, r.Status, r.Body)
		}
	}
	exporter := newScoped(s, s.Users.Admin.Token, "jobs:write", "episodes:read")
	s.Want(http.StatusCreated, http.MethodPost, "/api/v1/jobs", exporter, map[string]any{"kind": "bulk-export", "args": map[string]any{"what": "episodes"}}, nil)
	for _, late := range []string{"9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"} {
		s.Want(http.StatusUnprocessableEntity, http.MethodPost, "/api/v1/auth/tokens", s.Users.Admin.Token, map[string]any{"name": "x", "expires_at": late}, nil)
	}

	sockets := s.URL() + realtime.PathWebSocket
	if _, err := realtimetest.Connect(t.Context(), sockets, realtimetest.Options{Token: made.Token}); err == nil || !strings.Contains(err.Error(), "3500") {
		t.Errorf("a socket with a token that is limited to episodes: %v", err)
	}
	s.Dial(newScoped(s, s.Users.Viewer.Token, "sockets:read"))
}
