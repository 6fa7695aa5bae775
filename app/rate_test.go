package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

func TestRateLimits(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) {
		c.RateLimits = []string{"create-show=2", "create-token=0", "login=3", "*=5"}
	}})
	show := map[string]any{"title": "The Lamp"}
	want := func(status int, method, path, token string, body any) {
		t.Helper()
		r := s.Do(method, path, token, body)
		if r.Status != status {
			t.Errorf("%s %s: %d %s, want %d", method, path, r.Status, r.Body, status)
		}
		if after := r.Header.Get("Retry-After"); status == http.StatusTooManyRequests && (after == "" || after == "0") {
			t.Errorf("%s %s: Retry-After %q", method, path, after)
		}
	}
	editor, admin := s.Users.Editor.Token, s.Users.Admin.Token
	for range 2 {
		want(http.StatusCreated, http.MethodPost, "/api/v1/shows", editor, show)
	}
	want(http.StatusTooManyRequests, http.MethodPost, "/api/v1/shows", editor, show)
	want(http.StatusCreated, http.MethodPost, "/api/v1/shows", admin, show) // somebody else's calls are counted apart
	for range 5 {
		want(http.StatusOK, http.MethodGet, "/api/v1/shows", editor, nil) // and so are those of each operation
	}
	want(http.StatusTooManyRequests, http.MethodGet, "/api/v1/shows", editor, nil)
	for range 12 { // more than all others: 0 is no limit, and probes have none
		want(http.StatusCreated, http.MethodPost, "/api/v1/auth/tokens", admin, map[string]any{"name": "one of many"})
		want(http.StatusOK, http.MethodGet, "/readyz", "", nil)
		want(http.StatusOK, http.MethodGet, "/healthz", "", nil)
	}
	for range 5 {
		want(http.StatusUnauthorized, http.MethodGet, "/api/v1/people", "cb_nobody", nil) // refusals count as well
		want(http.StatusForbidden, http.MethodGet, "/api/v1/users", editor, nil)
	}
	want(http.StatusTooManyRequests, http.MethodGet, "/api/v1/people", "cb_nobody", nil)
	want(http.StatusTooManyRequests, http.MethodGet, "/api/v1/users", editor, nil)
	want(http.StatusOK, http.MethodGet, "/api/v1/people", admin, nil)
	wrong := map[string]any{"email": "nobody@example.org", "password": "not the password"}
	for range 3 {
		want(http.StatusUnauthorized, http.MethodPost, "/api/v1/auth/login", "", wrong) // of who is not signed in, by network
	}
	want(http.StatusTooManyRequests, http.MethodPost, "/api/v1/auth/login", "", wrong)
}

func TestWrongRateLimits(t *testing.T) {
	t.Parallel()
	for limit, want := range map[string]string{
		"create-show": "must be like", "create-show=": "must be like", "create-show=-1": "must be like", "create-show=x": "must be like",
		"=5": "must be like", "create-show=1000001": "must be like", "make-show=5": "names make-show, which",
		"create-show=1,create-show=2": "must be like",
	} {
		_, err := app.New(t.Context(), app.Config{DataDir: t.TempDir(), RateLimits: strings.Split(limit, ",")})
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "RATE_LIMITS") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", limit, err)
		}
	}
}
