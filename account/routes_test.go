package account_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Each step runs with the credential of its caller, in order, on one database. {viewer} and the like stand for the ID.
func TestRoutes(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		credentials := map[string]string{"": "", "session": h.login(t, "editor")}
		for _, name := range []string{"admin", "editor", "viewer"} {
			_, credentials[name] = h.token(t, name, false)
		}
		_, credentials["service"] = h.token(t, "viewer", true)
		h.events(t)
		const absent = "0197a000-0000-7000-8000-000000000000"
		newUser := `{"email":"New@Example.org","name":"New","role":"viewer","password":"long enough"}`
		steps := []struct {
			as, method, target, body string
			status                   int
			events                   []string
		}{
			{"", "GET", "auth/me", "", 401, nil},
			{"viewer", "GET", "auth/me", "", 200, nil},
			{"session", "GET", "auth/me", "", 200, nil},
			{"", "GET", "users", "", 401, nil},
			{"viewer", "GET", "users", "", 403, nil},
			{"editor", "GET", "users", "", 403, nil},
			{"service", "GET", "users", "", 403, nil},
			{"admin", "GET", "users", "", 200, nil},
			{"admin", "GET", "users?cursor=x", "", 422, nil},
			{"viewer", "POST", "users", newUser, 403, nil},
			{"admin", "POST", "users", newUser, 201, []string{"user_created"}},
			{"admin", "POST", "users", newUser, 409, nil},
			{"admin", "POST", "users", `{"email":"no","name":" ","role":"king"}`, 422, nil},
			{"admin", "POST", "users", `{"email":"no","name":"x","role":"viewer"}`, 422, nil},
			{"admin", "POST", "users", `{"email":"a@b.c","name":"\u200b\u2060","role":"viewer"}`, 422, nil},
			{"viewer", "POST", "auth/tokens", `{"name":"\u3164"}`, 422, nil},
			{"admin", "POST", "users", `{"email":"a@b.c","name":"x","role":"viewer","password":"short"}`, 422, nil},
			{"admin", "GET", "users/{viewer}", "", 200, nil},
			{"admin", "GET", "users/" + absent, "", 404, nil},
			{"editor", "GET", "users/{editor}", "", 403, nil},
			{"editor", "PATCH", "users/{viewer}", `{"role":"editor"}`, 403, nil},
			{"admin", "PATCH", "users/{viewer}", `{"role":"editor","name":"Vi"}`, 200, []string{"user_updated"}},
			{"admin", "PATCH", "users/{viewer}", `{"role":"editor"}`, 200, nil},
			{"admin", "PATCH", "users/{viewer}", `{"time_zone":"Mars/Base"}`, 422, nil},
			{"admin", "PATCH", "users/{viewer}", `{"time_zone":"Europe/Berlin"}`, 200, []string{"user_updated"}},
			{"admin", "PATCH", "users/{admin}", `{"role":"viewer"}`, 409, nil},
			{"admin", "PATCH", "users/{admin}", `{"disabled":true}`, 409, nil},
			{"admin", "PATCH", "users/{admin}", `{"password":"quite long enough"}`, 409, nil},
			{"admin", "PATCH", "users/{admin}", `{"name":"Ada"}`, 200, []string{"user_updated"}},
			{"admin", "PATCH", "users/" + absent, `{"name":"x"}`, 404, nil},
			{"admin", "DELETE", "users/{admin}", "", 409, nil},
			{"viewer", "PATCH", "auth/me", `{"name":"Vic"}`, 200, []string{"user_updated"}},
			{"viewer", "PATCH", "auth/me", `{"role":"admin"}`, 422, nil},
			{"viewer", "POST", "auth/tokens", `{"name":"mine"}`, 201, []string{"token_created"}},
			{"viewer", "POST", "auth/tokens", `{"name":"app","service":true}`, 403, nil},
			{"viewer", "POST", "auth/tokens", `{"name":"x","user_id":"{editor}"}`, 403, nil},
			{"viewer", "POST", "auth/tokens", `{"name":"old","expires_at":"2020-01-01T00:00:00Z"}`, 422, nil},
			{"service", "POST", "auth/tokens", `{"name":"more"}`, 403, nil},
			{"admin", "POST", "auth/tokens", `{"name":"app","service":true,"user_id":"{editor}"}`, 201, []string{"token_created"}},
			{"admin", "POST", "auth/tokens", `{"name":"x","user_id":"` + absent + `"}`, 404, nil},
			{"viewer", "GET", "auth/tokens", "", 200, nil},
			{"viewer", "GET", "auth/tokens?user_id={editor}", "", 403, nil},
			{"admin", "GET", "auth/tokens?user_id={editor}", "", 200, nil},
			{"viewer", "DELETE", "auth/tokens/" + absent, "", 404, nil},
			{"session", "PUT", "auth/password", `{"current_password":"wrong wrong","new_password":"a new password"}`, 403, []string{"sign_in_failed"}},
			{"session", "PUT", "auth/password", `{"current_password":"` + password + `","new_password":"short"}`, 422, nil},
			{"session", "PUT", "auth/password", `{"current_password":"` + password + `","new_password":"a new password"}`, 204,
				[]string{"user_updated"}},
			{"session", "GET", "auth/me", "", 200, nil},
			{"viewer", "POST", "auth/logout", "", 409, nil},
			{"session", "POST", "auth/logout", "", 204, []string{"credential_revoked"}},
			{"session", "GET", "auth/me", "", 401, nil},
			{"admin", "DELETE", "users/{viewer}", "", 204, []string{"user_disabled"}},
			{"admin", "DELETE", "users/{viewer}", "", 204, nil},
			{"viewer", "GET", "auth/me", "", 401, nil},
			{"service", "GET", "auth/me", "", 401, nil},
			{"admin", "POST", "auth/tokens", `{"name":"x","user_id":"{viewer}"}`, 409, nil},
			{"admin", "PATCH", "users/{viewer}", `{"disabled":false}`, 200, []string{"user_updated"}},
			{"viewer", "GET", "auth/me", "", 200, nil},
		}
		ids := strings.NewReplacer("{admin}", h.users["admin"].ID, "{editor}", h.users["editor"].ID, "{viewer}", h.users["viewer"].ID)
		for _, s := range steps {
			w := h.call(t, s.method, "/api/v1/"+ids.Replace(s.target), credentials[s.as], ids.Replace(s.body))
			if w.Code != s.status {
				t.Errorf("%s: %s %s %s: status %d, want %d: %s", s.as, s.method, s.target, s.body, w.Code, s.status, w.Body)
			}
			if diff := cmp.Diff(s.events, h.events(t)); diff != "" {
				t.Errorf("%s: %s %s %s: events %s", s.as, s.method, s.target, s.body, diff)
			}
		}
	})
}

func TestEmailIsNormal(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		u, err := h.CreateUser(system(t), account.NewUser{Email: " Mixed@Example.ORG ", Name: "M", Role: "viewer", Password: password})
		if err != nil || u.Email != "mixed@example.org" {
			t.Fatalf("%q, %v", u.Email, err)
		}
		w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"MIXED@example.org","password":"`+password+`"}`)
		if w.Code != 200 {
			t.Errorf("login: %d", w.Code)
		}
		if found, err := h.UserByEmail(system(t), "Mixed@example.org"); err != nil || found.ID != u.ID {
			t.Errorf("by e-mail: %v", err)
		}
	})
}

func TestListUsersPages(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		_, admin := h.token(t, "admin", false)
		var names []string
		for cursor := "first"; cursor != ""; {
			target := "/api/v1/users?limit=2"
			if cursor != "first" {
				target += "&cursor=" + cursor
			}
			w := h.call(t, "GET", target, admin, "")
			for _, u := range decode[[]account.User](t, w) {
				names = append(names, u.Name)
			}
			_, rest, _ := strings.Cut(w.Body.String(), `"next_cursor":"`)
			cursor, _, _ = strings.Cut(rest, `"`)
		}
		slices.Sort(names)
		if diff := cmp.Diff([]string{"admin", "editor", "viewer"}, names); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		proxy  bool
		target string
		header string // X-Forwarded-Proto
		secure bool
	}{
		{"http", false, "http://board/api/v1/auth/login", "", false},
		{"https", false, "https://board/api/v1/auth/login", "", true},
		{"a stranger's header", false, "http://board/api/v1/auth/login", "https", false},
		{"behind a proxy", true, "http://board/api/v1/auth/login", "https", true},
		{"http behind a proxy", true, "http://board/api/v1/auth/login", "http", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
			h := newHouse(t, db, account.Config{TrustProxy: tt.proxy}, true)
			r := httptest.NewRequest(http.MethodPost, tt.target, strings.NewReader(
				`{"email":"viewer@example.org","password":"`+password+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Forwarded-Proto", tt.header)
			w := httptest.NewRecorder()
			h.http.ServeHTTP(w, r)
			c := w.Result().Cookies()[0]
			if c.Name != "callboard_session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" ||
				c.Secure != tt.secure || c.Domain != "" {
				t.Errorf("cookie %+v", c)
			}
			if strings.Contains(w.Body.String(), c.Value) {
				t.Error("the body holds the session's secret")
			}
		})
	}
}

func TestLogoutClearsCookie(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		w := h.call(t, "POST", "/api/v1/auth/logout", h.login(t, "viewer"), "")
		c := w.Result().Cookies()[0]
		if c.Name != account.CookieName || c.Value != "" || c.MaxAge >= 0 {
			t.Errorf("cookie %+v", c)
		}
	})
}

// The answer to an unknown address, a wrong password, a disabled user and one without a password is the same.
func TestLoginTellsNothing(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		if _, err := h.DisableUser(system(t), h.users["viewer"].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.CreateUser(system(t), account.NewUser{Email: "none@example.org", Name: "N", Role: "viewer"}); err != nil {
			t.Fatal(err)
		}
		answers := map[string]bool{}
		for _, body := range []string{
			`{"email":"nobody@example.org","password":"` + password + `"}`,
			`{"email":"editor@example.org","password":"wrong password"}`,
			`{"email":"viewer@example.org","password":"` + password + `"}`,
			`{"email":"none@example.org","password":""}`,
		} {
			w := h.call(t, "POST", "/api/v1/auth/login", "", body)
			if w.Code != 401 || len(w.Result().Cookies()) > 0 {
				t.Errorf("%s: %d", body, w.Code)
			}
			answers[w.Body.String()] = true
		}
		if len(answers) != 1 {
			t.Errorf("answers differ: %v", answers)
		}
	})
}

func TestLoginLimit(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		wrong := `{"email":"viewer@example.org","password":"wrong password"}`
		for range 10 {
			if w := h.call(t, "POST", "/api/v1/auth/login", "", wrong); w.Code != 401 {
				t.Fatalf("status %d", w.Code)
			}
		}
		right := strings.Replace(wrong, "wrong password", password, 1)
		w := h.call(t, "POST", "/api/v1/auth/login", "", right)
		if w.Code != 429 || w.Header().Get("Retry-After") == "" {
			t.Errorf("after ten failures: %d %v", w.Code, w.Header())
		}
		h.login(t, "editor") // others go on
		h.clock.advance(16 * 60 * 1e9)
		h.login(t, "viewer")
	})
}

func TestSecretsAreNotStored(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		session := h.login(t, "viewer")
		_, token := h.token(t, "viewer", false)
		for _, secret := range []string{session, token, password} {
			for _, query := range []string{
				`SELECT COUNT(*) FROM callboard_sessions WHERE token_hash LIKE $1 OR id LIKE $1`,
				`SELECT COUNT(*) FROM callboard_api_tokens WHERE token_hash LIKE $1 OR name LIKE $1 OR id LIKE $1`,
				`SELECT COUNT(*) FROM callboard_users WHERE password_hash LIKE $1`,
				`SELECT COUNT(*) FROM callboard_outbox WHERE payload LIKE $1`,
			} {
				if n := h.count(t, query, "%"+strings.TrimPrefix(secret, "cb_")+"%"); n != 0 {
					t.Errorf("%s finds a secret", query)
				}
			}
		}
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_users WHERE password_hash LIKE '$argon2id$%'`); n != 3 {
			t.Errorf("%d argon2id hashes, want 3", n)
		}
		if !strings.HasPrefix(token, "cb_") || len(token) != 46 {
			t.Errorf("token of %d characters", len(token))
		}
	})
}
