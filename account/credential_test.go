package account_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func sign(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestJWT(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		sub, soon := h.users["editor"].ID, time.Now().Add(time.Hour).Unix()
		ours := func(claims jwt.MapClaims) string { return sign(t, jwt.SigningMethodHS256, secret(), claims) }
		tests := []struct {
			name, token  string
			rest, socket bool // whether it holds there
		}{
			{"plain", ours(jwt.MapClaims{"sub": sub, "exp": soon}), true, true},
			{"our audience", ours(jwt.MapClaims{"sub": sub, "exp": soon, "aud": "callboard"}), true, true},
			{"socket audience", ours(jwt.MapClaims{"sub": sub, "exp": soon, "aud": "callboard:socket"}), false, true},
			{"other audience", ours(jwt.MapClaims{"sub": sub, "exp": soon, "aud": "elsewhere"}), false, false},
			{"expired", ours(jwt.MapClaims{"sub": sub, "exp": time.Now().Add(-time.Hour).Unix()}), false, false},
			{"no expiry", ours(jwt.MapClaims{"sub": sub}), false, false},
			{"not yet", ours(jwt.MapClaims{"sub": sub, "exp": soon, "nbf": soon}), false, false},
			{"no subject", ours(jwt.MapClaims{"exp": soon}), false, false},
			{"unknown user", ours(jwt.MapClaims{"sub": callboard.NewID(), "exp": soon}), false, false},
			{"the system", ours(jwt.MapClaims{"sub": callboard.SystemID, "exp": soon}), false, false},
			{"wrong secret", sign(t, jwt.SigningMethodHS256, bytes.Repeat([]byte("x"), 32), jwt.MapClaims{"sub": sub, "exp": soon}), false, false},
			{"other algorithm", sign(t, jwt.SigningMethodHS512, secret(), jwt.MapClaims{"sub": sub, "exp": soon}), false, false},
			{"none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, jwt.MapClaims{"sub": sub, "exp": soon}), false, false},
			{"ended session", ours(jwt.MapClaims{"sub": sub, "exp": soon, "aud": "callboard:socket", "cred": callboard.NewID()}), false, false},
			{"service beyond sockets", ours(jwt.MapClaims{"sub": sub, "exp": soon, "svc": true}), true, true},
			{"nonsense", "a.b.c", false, false},
			{"huge", "a." + string(bytes.Repeat([]byte("b"), 1<<20)) + ".c", false, false},
		}
		for _, tt := range tests {
			if got := h.call(t, "GET", "/api/v1/auth/me", tt.token, "").Code; (got == 200) != tt.rest || got != 200 && got != 401 {
				t.Errorf("%s: REST answers %d", tt.name, got)
			}
			actor, expires, err := h.Verify(t.Context(), tt.token)
			if (err == nil) != tt.socket {
				t.Errorf("%s: socket says %v", tt.name, err)
			}
			if err == nil && (actor.ID != sub || actor.Role != callboard.RoleEditor || actor.Service || expires.Unix() != soon+30) { // seconds of leeway
				t.Errorf("%s: actor %+v until %s", tt.name, actor, expires)
			}
			if err != nil {
				wantCode(t, tt.name, err, callboard.CodeUnauthenticated)
			}
		}
	})
}

func TestShortJWTSecret(t *testing.T) {
	t.Parallel()
	if _, err := account.New(account.Config{JWTSecret: make([]byte, 31)}); err == nil {
		t.Error("a secret of 31 bytes is accepted")
	}
	if _, err := account.New(account.Config{OIDC: account.OIDCConfig{Issuer: "https://id.example.org"}}); err == nil {
		t.Error("an issuer without an audience is accepted")
	}
}

func TestSocketToken(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		session := h.login(t, "viewer")
		actor, _, err := h.Verify(t.Context(), session)
		if err != nil || actor.Credential == "" {
			t.Fatalf("%+v, %v", actor, err)
		}
		token, expires, err := h.IssueSocketToken(t.Context(), actor)
		if err != nil {
			t.Fatal(err)
		}
		got, until, err := h.Verify(t.Context(), token)
		actor.Session, actor.Expires = false, expires                                                            // it is no session
		if diff := cmp.Diff(actor, got); diff != "" || err != nil || !until.Equal(expires.Add(30*time.Second)) { // of leeway
			t.Errorf("%s %v until %s, want half a minute after %s", diff, err, until, expires)
		}
		if w := h.call(t, "GET", "/api/v1/auth/me", token, ""); w.Code != 401 {
			t.Errorf("REST takes a socket token: %d", w.Code)
		}
		if w := h.call(t, "POST", "/api/v1/auth/logout", session, ""); w.Code != 204 {
			t.Fatalf("logout: %d", w.Code)
		}
		_, _, err = h.Verify(t.Context(), token)
		wantCode(t, "after the session ended", err, callboard.CodeUnauthenticated)
	})
}

// Whatever a disabled user holds stops with the next request, and a revoked token does.
func TestRevocationIsImmediate(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		token, secretOf := h.token(t, "viewer", false)
		_, other := h.token(t, "viewer", true)
		session := h.login(t, "viewer")
		signed := sign(t, jwt.SigningMethodHS256, secret(), jwt.MapClaims{
			"sub": h.users["viewer"].ID, "exp": time.Now().Add(time.Hour).Unix()})
		if _, err := h.RevokeToken(h.as(t, "viewer"), token.ID); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.Verify(t.Context(), secretOf)
		wantCode(t, "a revoked token", err, callboard.CodeUnauthenticated)
		if _, err := h.DisableUser(h.as(t, "admin"), h.users["viewer"].ID); err != nil {
			t.Fatal(err)
		}
		for name, credential := range map[string]string{"token": other, "session": session, "JWT": signed} {
			if _, _, err := h.Verify(t.Context(), credential); callboard.CodeOf(err) != callboard.CodeUnauthenticated {
				t.Errorf("%s of a disabled user: %v", name, err)
			}
		}
	})
}

func TestTokenByName(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		h.token(t, "viewer", false)
		h.token(t, "editor", false)
		_, err := h.RevokeToken(system(t), "test")
		wantCode(t, "two of that name", err, callboard.CodeConflict)
		_, err = h.RevokeToken(h.as(t, "admin"), "unknown")
		wantCode(t, "none of that name", err, callboard.CodeNotFound)
		if token, err := h.RevokeToken(h.as(t, "viewer"), "test"); err != nil || token.UserID != h.users["viewer"].ID {
			t.Errorf("one's own: %+v, %v", token, err)
		}
		if token, err := h.RevokeToken(system(t), "test"); err != nil || token.UserID != h.users["editor"].ID {
			t.Errorf("the only one left: %+v, %v", token, err)
		}
	})
}

// Whoever holds a stolen token must not be able to make it impossible to revoke.
func TestTokenNamedAsAnother(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		viewer := h.as(t, "viewer")
		stolen, _ := h.token(t, "viewer", false)
		shield, _, err := h.CreateToken(viewer, account.NewToken{Name: stolen.ID})
		if err != nil {
			t.Fatal(err)
		}
		if token, err := h.RevokeToken(h.as(t, "admin"), stolen.ID); err != nil || token.ID != stolen.ID {
			t.Errorf("by the ID that is another's name: %+v, %v", token, err)
		}
		_, err = h.RevokeToken(viewer, stolen.ID)
		wantCode(t, "once more", err, callboard.CodeNotFound)
		if token, err := h.RevokeToken(viewer, shield.ID); err != nil || token.ID != shield.ID {
			t.Errorf("the other one: %+v, %v", token, err)
		}
	})
}

// A service token must not become something that outlives it, nor its maker's days as an admin.
func TestServiceTokensAreBounded(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		second := h.add(t, "second", callboard.RoleAdmin)
		_, secret := h.token(t, "second", true)
		actor, _, err := h.Verify(t.Context(), secret)
		if err != nil || !actor.Service {
			t.Fatalf("%+v, %v", actor, err)
		}
		application := callboard.WithActor(t.Context(), actor)
		_, err = h.CreateUser(application, account.NewUser{Email: "back@door.example", Name: "B", Role: callboard.RoleAdmin, Password: "a back door for ever"})
		wantCode(t, "an application that creates a user", err, callboard.CodeForbidden)
		_, err = h.SetPassword(application, h.users["viewer"].ID, "a back door for ever")
		wantCode(t, "an application that sets a password", err, callboard.CodeForbidden)

		viewer := callboard.RoleViewer
		if _, err := h.UpdateUser(h.as(t, "admin"), second.ID, account.UserPatch{Role: &viewer}); err != nil {
			t.Fatal(err)
		}
		_, _, err = h.Verify(t.Context(), secret)
		wantCode(t, "the service token of one who was an admin", err, callboard.CodeUnauthenticated)
	})
}

func TestExpiryAndUse(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		token, used, err := h.CreateToken(h.as(t, "viewer"), account.NewToken{Name: "t", ExpiresAt: new(h.clock.now().Add(31 * 24 * time.Hour))})
		if err != nil {
			t.Fatal(err)
		}
		session := h.login(t, "viewer")
		h.clock.advance(29 * 24 * time.Hour)
		for _, credential := range []string{used, session} {
			if _, _, err := h.Verify(t.Context(), credential); err != nil {
				t.Fatal(err)
			}
		}
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_api_tokens WHERE last_used_at IS NOT NULL`); n != 0 {
			t.Error("the use is written on the request's path")
		}
		if err := h.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := h.ListTokens(h.as(t, "viewer"), h.users["viewer"].ID, callboard.Page{})
		if err != nil || len(list.Items) != 1 || list.Items[0].ID != token.ID || list.Items[0].LastUsedAt == nil {
			t.Errorf("tokens %+v, %v", list, err)
		}
		h.clock.advance(3 * 24 * time.Hour)
		_, _, err = h.Verify(t.Context(), used)
		wantCode(t, "an expired token", err, callboard.CodeUnauthenticated)
		if _, _, err := h.Verify(t.Context(), session); err != nil {
			t.Errorf("a session that was renewed: %v", err)
		}
		h.clock.advance(31 * 24 * time.Hour)
		_, _, err = h.Verify(t.Context(), session)
		wantCode(t, "an expired session", err, callboard.CodeUnauthenticated)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.count(t, `SELECT (SELECT COUNT(*) FROM callboard_sessions) + (SELECT COUNT(*) FROM callboard_api_tokens)`); n != 0 {
			t.Errorf("%d rows left", n)
		}
	})
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		mine, other := h.login(t, "viewer"), h.login(t, "viewer")
		w := h.call(t, "PUT", "/api/v1/auth/password", mine, `{"current_password":"`+password+`","new_password":"another password"}`)
		if w.Code != 204 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if _, _, err := h.Verify(t.Context(), mine); err != nil {
			t.Errorf("the own session: %v", err)
		}
		_, _, err := h.Verify(t.Context(), other)
		wantCode(t, "the other session", err, callboard.CodeUnauthenticated)
	})
}

func TestEndOtherSessions(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		mine, other := h.login(t, "viewer"), h.login(t, "viewer")
		foreign := h.login(t, "editor")
		h.events(t)
		w := h.call(t, "DELETE", "/api/v1/auth/sessions?others=true", mine, "")
		if w.Code != 204 || len(w.Result().Cookies()) != 0 {
			t.Fatalf("%d %s, cookies %v", w.Code, w.Body, w.Result().Cookies())
		}
		if diff := cmp.Diff([]string{"credential_revoked"}, h.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		for name, secret := range map[string]string{"mine": mine, "that of somebody else": foreign} {
			if _, _, err := h.Verify(t.Context(), secret); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, _, err := h.Verify(t.Context(), other)
		wantCode(t, "the other session", err, callboard.CodeUnauthenticated)
	})
}

func TestLastSignIn(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		last := func() *time.Time {
			t.Helper()
			u, err := h.User(system(t), h.users["viewer"].ID)
			if err != nil {
				t.Fatal(err)
			}
			return u.LastSignInAt
		}
		if last() != nil {
			t.Errorf("signed in at %v before the first time", last())
		}
		_, token := h.token(t, "viewer", false)
		session := h.login(t, "viewer")
		first := *last()
		h.clock.advance(time.Hour)
		if w := h.call(t, "GET", "/api/v1/auth/me", token, ""); !strings.Contains(w.Body.String(), `"last_sign_in_at":"`+first.Format(time.RFC3339)[:19]) {
			t.Errorf("a token is no sign-in: %s", w.Body)
		}
		h.call(t, "POST", "/api/v1/auth/logout", session, "")
		h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"wrong wrong"}`)
		if !last().Equal(first) {
			t.Errorf("what failed is no sign-in: %v after %v", last(), first)
		}
		h.login(t, "viewer")
		if got := last().Sub(first); got < time.Hour {
			t.Errorf("the second sign-in is %s after the first", got)
		}
	})
}

// However many try at once, one active admin remains.
func TestLastAdmin(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		viewer := callboard.RoleViewer
		_, err := h.UpdateUser(system(t), h.users["admin"].ID, account.UserPatch{Role: &viewer})
		wantCode(t, "demote the last admin", err, callboard.CodeConflict)
		_, err = h.DisableUser(system(t), h.users["admin"].ID)
		wantCode(t, "disable the last admin", err, callboard.CodeConflict)
		names := []string{"admin"}
		for _, name := range []string{"a", "b", "c"} {
			h.add(t, name, callboard.RoleAdmin)
			names = append(names, name)
		}
		var group sync.WaitGroup
		for i, name := range names {
			group.Go(func() {
				patch := account.UserPatch{Role: &viewer}
				if i%2 == 0 {
					disabled := true
					patch = account.UserPatch{Disabled: &disabled}
				}
				_, err := h.UpdateUser(system(t), h.users[name].ID, patch)
				if code := callboard.CodeOf(err); code != "" && code != callboard.CodeConflict {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		group.Wait()
		ids, err := h.Members(t.Context(), callboard.Audience{Role: callboard.RoleAdmin}, "", 10)
		if err != nil || len(ids) != 1 {
			t.Errorf("%d active admins, %v", len(ids), err)
		}
	})
}

func TestSetup(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db, account.Config{}, false)
		var tokens []string
		for range 2 { // two nodes print a link each
			token, err := h.NewSetup(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		body := func(token, email string) string {
			return `{"token":"` + token + `","email":"` + email + `","name":"First","password":"` + password + `"}`
		}
		if w := h.call(t, "POST", "/api/v1/auth/setup", "", body("guess", "a@example.org")); w.Code != 403 {
			t.Errorf("a guess: %d", w.Code)
		}
		var won atomic.Int32
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				w := h.call(t, "POST", "/api/v1/auth/setup", "", body(tokens[i%2], string(rune('a'+i))+"@example.org"))
				switch w.Code {
				case 201:
					won.Add(1)
					if c := w.Result().Cookies(); len(c) != 2 || c[0].Name != account.CookieName {
						t.Errorf("cookies %v", c)
					}
				case 403, 409:
				default:
					t.Errorf("status %d: %s", w.Code, w.Body)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 || h.count(t, `SELECT COUNT(*) FROM callboard_users WHERE role = 'admin'`) != 1 {
			t.Errorf("%d won", won.Load())
		}
		if diff := cmp.Diff([]string{"user_created", "signed_in"}, h.events(t)); diff != "" {
			t.Error(diff)
		}
		_, err := h.NewSetup(t.Context())
		wantCode(t, "a link when there are users", err, callboard.CodeConflict)
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func TestSetupLinkExpires(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations())
	h := newHouse(t, db, account.Config{}, false)
	token, err := h.NewSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.clock.advance(25 * time.Hour)
	_, _, err = h.Setup(t.Context(), token, account.NewUser{Email: "a@example.org", Name: "A", Password: password})
	wantCode(t, "an old link", err, callboard.CodeForbidden)
}

func TestDirectory(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		absent, viewer, admin := callboard.NewID(), h.users["viewer"].ID, h.users["admin"].ID
		if _, err := h.DisableUser(system(t), viewer); err != nil {
			t.Fatal(err)
		}
		want := []string{admin, h.users["editor"].ID}
		slices.Sort(want)
		for _, page := range []struct {
			after string
			limit int
			want  []string
		}{{"", 10, want}, {"", 1, want[:1]}, {want[0], 10, want[1:]}, {want[1], 10, nil}} {
			active, err := h.Members(t.Context(), callboard.Audience{All: true}, page.after, page.limit)
			if diff := cmp.Diff(page.want, active); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
		known, err := h.Resolve(t.Context(), []string{admin, absent, viewer, strings.ToUpper(admin)})
		wantKnown := map[string]callboard.UserInfo{
			admin:  {Name: "admin", Role: callboard.RoleAdmin},
			viewer: {Name: "viewer", Role: callboard.RoleViewer, Disabled: true},
		}
		if diff := cmp.Diff(wantKnown, known); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

// What another process does to a credential is known within a second by REST, and at once where a socket connects.
func TestChangesByOthers(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		revoke := func(id string) {
			err := h.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE callboard_api_tokens SET revoked_at = 1 WHERE id = $1`, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		status := func(secret string) int { return h.call(t, http.MethodGet, "/api/v1/auth/me", secret, "").Code }
		token, secretOf := h.token(t, "editor", false)
		if got := status(secretOf); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		revoke(token.ID)
		if _, _, err := h.Verify(t.Context(), secretOf); callboard.CodeOf(err) != callboard.CodeUnauthenticated {
			t.Errorf("a socket connects with it: %v", err)
		}
		h.clock.advance(time.Second)
		if got := status(secretOf); got != http.StatusUnauthorized {
			t.Errorf("after a second: status %d", got)
		}
	})
}

// meanwhile is a context that runs a function when the request in it is asked for, once.
type meanwhile struct {
	context.Context
	run func()
}

func (m meanwhile) Value(key any) any {
	value := m.Context.Value(key)
	if _, ok := value.(callboard.Request); ok {
		m.run()
	}
	return value
}

// A password that an admin sets while the user's own change is checked and hashed is not overwritten by it.
func TestChangePasswordKeepsAReset(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		const reset = "reset by an admin"
		other, err := h.CreateUser(system(t), account.NewUser{Email: "other@example.org", Name: "Other", Role: "viewer", Password: reset})
		if err != nil {
			t.Fatal(err)
		}
		ctx := meanwhile{callboard.WithRequest(h.as(t, "editor"), callboard.Request{IP: "192.0.2.1"}), sync.OnceFunc(func() {
			err := h.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE callboard_users SET password_hash = (SELECT password_hash FROM callboard_users WHERE id = $1) WHERE id = $2`,
					other.ID, h.users["editor"].ID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})}
		if err := h.ChangePassword(ctx, password, "chosen by the user"); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("a change against a password that is none any more: %v", err)
		}
		if _, _, err := h.Login(t.Context(), account.Credentials{Email: "editor@example.org", Password: reset}); err != nil {
			t.Errorf("the password that the admin set: %v", err)
		}
	})
}
