package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

const evesPassword = "correct horse battery"

// addEve adds a viewer who signs in with a password.
func addEve(t *testing.T, s *apptest.Server) account.User {
	t.Helper()
	eve, err := s.App.Accounts.CreateUser(callboard.WithActor(t.Context(), callboard.System("Test")), account.NewUser{
		Email: "eve@example.org", Name: "Eve", Role: callboard.RoleViewer, Password: evesPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	return eve
}

// Sign-ins and tokens are in the log, for the user that they are about and for admins; nobody else reads of them, wherever they ask.
func TestSignInsArePrivate(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		eve := addEve(t, s)
		login := func(password string) int {
			return s.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": "eve@example.org", "password": password}).Status
		}
		if login("wrong password") != 401 || login(evesPassword) != 200 {
			t.Fatal("sign-in")
		}
		own := s.NewToken(eve.ID, false)
		s.Settle()
		private := []string{"failed_sign_in", "signed_in", "created_token"}
		for _, path := range []string{
			"/activity/feed?limit=200", "/activity/resource/user/" + eve.ID, "/activity/search?q=Eve", "/activity/export?format=ndjson",
			"/activity/feed?action=signed_in", "/activity/feed?action=failed_sign_in", "/activity/feed?action=created_token",
			"/activity/feed?resource_type=user", "/events?limit=200",
		} {
			for name, token := range map[string]string{"admin": s.Users.Admin.Token, "herself": own, "another": s.Users.Editor.Token} {
				r := s.Do(http.MethodGet, "/api/v1"+path, token, nil)
				text := string(r.Body)
				if strings.HasPrefix(path, "/events") {
					text = strings.NewReplacer("sign_in_failed", "failed_sign_in", "token_created", "created_token").Replace(text)
				}
				for _, action := range private {
					_, filtered, _ := strings.Cut(path, "?action=")
					want := name != "another" && (filtered == "" || filtered == action)
					seen := slices.ContainsFunc(strings.Split(text, `"pos":`), func(entry string) bool {
						return strings.Contains(entry, `"`+action+`"`) && strings.Contains(entry, eve.ID)
					})
					if r.Status != 200 || seen != want {
						t.Errorf("%s as %s: answer %d, tells of %s: %t, want %t", path, name, r.Status, action, seen, want)
					}
				}
				if strings.Contains(text, evesPassword) || strings.Contains(text, "wrong password") {
					t.Errorf("%s as %s tells a password", path, name)
				}
			}
		}
	})
}

// Signing out everywhere ends the sockets of all sessions.
func TestSigningOutEverywhereEndsSockets(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		addEve(t, s)
		var cookies []string
		for range 2 {
			r := s.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": "eve@example.org", "password": evesPassword})
			session, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Set-Cookie"), account.CookieName+"="), ";")
			cookies = append(cookies, session)
		}
		header := http.Header{"Cookie": {account.CookieName + "=" + cookies[0]}}
		sockets := []*realtimetest.Client{s.Dial(cookies[0]), s.Dial(cookies[1])}
		if r := s.Raw(http.MethodDelete, "/api/v1/auth/sessions", "", header, nil); r.Status != http.StatusNoContent {
			t.Fatalf("answer %d %s", r.Status, r.Body)
		}
		for i, socket := range sockets {
			select {
			case <-socket.Done():
			case <-time.After(20 * time.Second):
				t.Errorf("socket %d lives on", i)
			}
			if _, err := realtimetest.Connect(t.Context(), s.URL()+"/connection/websocket", realtimetest.Options{Token: cookies[i]}); err == nil {
				t.Errorf("session %d is let in", i)
			}
		}
	})
}
