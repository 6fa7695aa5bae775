package account_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
)

// with returns the context of one who has signed in with a credential.
func (h *house) with(t *testing.T, credential string) context.Context {
	t.Helper()
	actor, _, err := h.Verify(t.Context(), credential)
	if err != nil {
		t.Fatal(err)
	}
	return callboard.WithActor(t.Context(), actor)
}

// holds reports whether a credential is accepted where a socket connects, which asks the database, and by REST.
func (h *house) holds(t *testing.T, credential string) bool {
	t.Helper()
	_, _, err := h.Verify(t.Context(), credential)
	if status := h.call(t, http.MethodGet, "/api/v1/auth/me", credential, "").Code; (status == http.StatusOK) != (err == nil) {
		t.Errorf("REST answers %d, and a socket %v", status, err)
	}
	return err == nil
}

// What is made with a credential holds no longer than that.
func TestTokensExpireWithTheirParents(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		soon := h.clock.now().Add(time.Hour).Truncate(time.Second)
		_, token, err := h.CreateToken(h.as(t, "editor"), account.NewToken{Name: "parent", ExpiresAt: &soon})
		if err != nil {
			t.Fatal(err)
		}
		signed := sign(t, jwt.SigningMethodHS256, secret(), jwt.MapClaims{"sub": h.users["editor"].ID, "exp": soon.Unix()})
		for name, parent := range map[string]string{"token": token, "JWT": signed} {
			ctx := h.with(t, parent)
			child, childSecret, err := h.CreateToken(ctx, account.NewToken{Name: "child"})
			if err != nil || child.ExpiresAt == nil || !child.ExpiresAt.Equal(soon) {
				t.Fatalf("made with a %s: %+v, %v", name, child, err)
			}
			grandchild, _, err := h.CreateToken(h.with(t, childSecret), account.NewToken{Name: "grandchild"})
			if err != nil || grandchild.ExpiresAt == nil || grandchild.ExpiresAt.After(soon) {
				t.Errorf("made with what a %s has made: %+v, %v", name, grandchild, err)
			}
			_, _, err = h.CreateToken(ctx, account.NewToken{Name: "later", ExpiresAt: new(soon.Add(time.Second))})
			wantCode(t, "one that holds longer than its "+name, err, callboard.CodeInvalid)
			if earlier, _, err := h.CreateToken(ctx, account.NewToken{Name: "earlier", ExpiresAt: new(soon.Add(-time.Minute))}); err != nil ||
				!earlier.ExpiresAt.Equal(soon.Add(-time.Minute)) {
				t.Errorf("one that ends before its %s: %+v, %v", name, earlier, err)
			}
			h.clock.advance(55 * time.Minute)
			if _, expires, err := h.IssueSocketToken(ctx, callboard.ActorFrom(ctx)); err != nil || expires.After(soon) {
				t.Errorf("the socket token of a %s holds until %s, %v", name, expires, err)
			}
			h.clock.advance(-55 * time.Minute)
		}
		if lasting, _, err := h.CreateToken(h.with(t, h.login(t, "editor")), account.NewToken{Name: "lasting"}); err != nil || lasting.ExpiresAt != nil {
			t.Errorf("made in person: %+v, %v", lasting, err)
		}
		h.clock.advance(2 * time.Hour)
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_api_tokens WHERE expires_at IS NULL`); n != 1 {
			t.Errorf("%d tokens hold for ever, want the one that was made in person", n)
		}
	})
}

// A token ends with the one that it was made with, and its owner's sockets do.
func TestTokensAreRevokedWithTheirParents(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		parent, parentSecret := h.token(t, "admin", false)
		_, child, err := h.CreateToken(h.with(t, parentSecret), account.NewToken{Name: "child"})
		if err != nil {
			t.Fatal(err)
		}
		_, foreign, err := h.CreateToken(h.with(t, child), account.NewToken{Name: "grandchild", UserID: h.users["editor"].ID})
		if err != nil {
			t.Fatal(err)
		}
		_, other := h.token(t, "admin", false)
		h.events(t)
		if _, err := h.RevokeToken(h.as(t, "admin"), parent.ID); err != nil {
			t.Fatal(err)
		}
		got := []bool{h.holds(t, parentSecret), h.holds(t, child), h.holds(t, foreign), h.holds(t, other)}
		if diff := cmp.Diff([]bool{false, false, false, true}, got); diff != "" {
			t.Errorf("what holds (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"credential_revoked", "credential_revoked"}, h.events(t)); diff != "" {
			t.Errorf("events, one for each owner (-want +got):\n%s", diff)
		}
	})
}

// What an admin has made for others, or for applications, ends with the admin.
func TestTokensEndWithTheirCreators(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		viewer := callboard.RoleViewer
		for name, patch := range map[string]account.UserPatch{"disabled": {Disabled: new(true)}, "demoted": {Role: &viewer}} {
			maker := h.add(t, "maker-"+name, callboard.RoleAdmin)
			ctx := h.as(t, "maker-"+name)
			tokens := map[string]string{}
			for what, in := range map[string]account.NewToken{
				"for another": {UserID: h.users["editor"].ID}, "service for another": {UserID: h.users["editor"].ID, Service: true},
				"own": {}, "own service": {Service: true},
			} {
				in.Name = "made"
				token, secretOf, err := h.CreateToken(ctx, in)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(&account.Creator{ID: maker.ID, Name: "maker-" + name}, token.CreatedBy); diff != "" {
					t.Error(diff)
				}
				tokens[what] = secretOf
			}
			_, unrelated := h.token(t, "editor", true)
			if _, err := h.UpdateUser(h.as(t, "admin"), maker.ID, patch); err != nil {
				t.Fatal(err)
			}
			for what, secretOf := range tokens {
				if want := what == "own" && name == "demoted"; h.holds(t, secretOf) != want {
					t.Errorf("%s, %s: it holds: %t", name, what, !want)
				}
			}
			if !h.holds(t, unrelated) {
				t.Errorf("%s: a token of somebody else's making ended", name)
			}
			_, _, err := h.CreateToken(ctx, account.NewToken{Name: "late", UserID: h.users["editor"].ID})
			if code := callboard.CodeOf(err); code != callboard.CodeForbidden && code != callboard.CodeUnauthenticated {
				t.Errorf("one who is %s still makes tokens: %v", name, err)
			}
		}
	})
}

// However a token and the end of what it is made with come together, it does not survive.
func TestTokenMadeWhileItsParentEnds(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		for range 10 {
			parent, parentSecret := h.token(t, "admin", false)
			ctx := h.with(t, parentSecret)
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					_, _, err := h.CreateToken(ctx, account.NewToken{Name: "child", UserID: h.users["viewer"].ID})
					if code := callboard.CodeOf(err); code != "" && code != callboard.CodeUnauthenticated {
						t.Error(err)
					}
				})
			}
			group.Go(func() {
				if _, err := h.RevokeToken(system(t), parent.ID); err != nil {
					t.Error(err)
				}
			})
			group.Wait()
			if n := h.count(t, `SELECT COUNT(*) FROM callboard_api_tokens WHERE name = 'child' AND revoked_at IS NULL`); n != 0 {
				t.Fatalf("%d tokens outlive their parent", n)
			}
		}
	})
}

func TestTokensNameTheirCreators(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		editor := h.users["editor"].ID
		h.token(t, "editor", false) // by Callboard itself
		if _, _, err := h.CreateToken(h.as(t, "admin"), account.NewToken{Name: "by an admin", UserID: editor}); err != nil {
			t.Fatal(err)
		}
		w := h.call(t, http.MethodGet, "/api/v1/auth/tokens", h.login(t, "editor"), "")
		var got []account.Creator
		for _, token := range decode[[]account.Token](t, w) {
			got = append(got, *token.CreatedBy)
		}
		if diff := cmp.Diff([]account.Creator{{ID: h.users["admin"].ID, Name: "admin"}, {ID: callboard.SystemID, Name: "Callboard"}}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSessions(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		first, second, third := h.login(t, "viewer"), h.login(t, "viewer"), h.login(t, "viewer")
		foreign := h.login(t, "editor")
		_, token := h.token(t, "viewer", false)
		list := decode[[]account.Session](t, h.call(t, http.MethodGet, "/api/v1/auth/sessions", second, ""))
		if len(list) != 3 || list[0].Current || !list[1].Current || list[2].Current || list[0].IP == "" {
			t.Fatalf("sessions %+v", list)
		}
		h.events(t)
		end := func(path, credential string, status int) {
			t.Helper()
			if w := h.call(t, http.MethodDelete, "/api/v1/auth/sessions"+path, credential, ""); w.Code != status {
				t.Errorf("DELETE sessions%s: %d %s", path, w.Code, w.Body)
			}
		}
		end("/"+list[2].ID, foreign, 404)
		end("/"+list[2].ID, second, 204)
		end("/"+list[2].ID, second, 404)
		if diff := cmp.Diff([]bool{false, true, true}, []bool{h.holds(t, first), h.holds(t, second), h.holds(t, third)}); diff != "" {
			t.Error(diff)
		}
		end("", second, 204)
		got := []bool{h.holds(t, second), h.holds(t, third), h.holds(t, foreign), h.holds(t, token)}
		if diff := cmp.Diff([]bool{false, false, true, true}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"credential_revoked", "credential_revoked"}, h.events(t)); diff != "" {
			t.Error(diff) // which ends the sockets
		}
	})
}

// A browser that a user has signed in from is known, and is not shut out by the failures of others.
func TestKnownDevice(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		attempt := func(device, word string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/auth/login",
				strings.NewReader(`{"email":"viewer@example.org","password":"`+word+`"}`))
			r.Header.Set("Content-Type", "application/json")
			if device != "" {
				r.AddCookie(&http.Cookie{Name: account.DeviceCookieName, Value: device})
			}
			w := httptest.NewRecorder()
			h.http.ServeHTTP(w, r)
			return w
		}
		cookies := attempt("", password).Result().Cookies()
		if len(cookies) != 2 || cookies[1].Name != account.DeviceCookieName || !cookies[1].HttpOnly {
			t.Fatalf("cookies %v", cookies)
		}
		device := cookies[1].Value
		foreign, err := h.DeviceToken(h.users["editor"].ID)
		if err != nil {
			t.Fatal(err)
		}
		for attempt("", "wrong password").Code == http.StatusUnauthorized {
		}
		for name, tt := range map[string]struct {
			device string
			status int
		}{"unknown": {"", 429}, "made up": {device + "x", 429}, "another user's": {foreign, 429}, "known": {device, 200}} {
			if w := attempt(tt.device, password); w.Code != tt.status {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		for range 10 {
			attempt(device, "wrong password")
		}
		if w := attempt(device, password); w.Code != 429 {
			t.Errorf("a known device guesses without end: %d", w.Code)
		}
		if h.holds(t, device) {
			t.Error("the cookie of the device lets somebody in")
		}
	})
}

// A hundred wrong passwords of a colleague shut out nobody else behind the same address.
func TestColleaguesAreNotShutOut(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		for i := range 150 {
			body := `{"email":"guess` + string(rune('a'+i/10)) + `@example.org","password":"wrong password"}`
			if w := h.call(t, http.MethodPost, "/api/v1/auth/login", "", body); w.Code != http.StatusUnauthorized {
				t.Fatalf("guess %d: %d", i, w.Code)
			}
		}
		h.login(t, "viewer")
	})
}

// waiting is a context that runs a function when something first waits with it.
type waiting struct {
	context.Context
	run func()
}

func (w waiting) Done() <-chan struct{} {
	w.run()
	return w.Context.Done()
}

// An admin who is one no longer when the password has been hashed, which may wait for others, changes no account.
func TestAdminsLoseTheirRightsWhileTheyWait(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		viewer := callboard.RoleViewer
		n := 0
		for name, lose := range map[string]func(admin account.User, credential string) error{
			"demoted": func(admin account.User, _ string) error {
				_, err := h.UpdateUser(system(t), admin.ID, account.UserPatch{Role: &viewer})
				return err
			},
			"disabled": func(admin account.User, _ string) error {
				_, err := h.DisableUser(system(t), admin.ID)
				return err
			},
			"signed out everywhere": func(_ account.User, credential string) error { return h.EndSessions(h.with(t, credential)) },
		} {
			for what, change := range map[string]func(ctx context.Context) error{
				"a user": func(ctx context.Context) error {
					_, err := h.CreateUser(ctx, account.NewUser{Email: "late@example.org", Name: "Late", Role: callboard.RoleAdmin, Password: password})
					return err
				},
				"a password": func(ctx context.Context) error {
					_, err := h.SetPassword(ctx, h.users["viewer"].ID, "set too late")
					return err
				},
			} {
				n++
				admin := h.add(t, fmt.Sprint("admin", n), callboard.RoleAdmin)
				session := h.login(t, fmt.Sprint("admin", n))
				err := change(waiting{h.with(t, session), sync.OnceFunc(func() {
					if err := lose(admin, session); err != nil {
						t.Error(err)
					}
				})})
				if code := callboard.CodeOf(err); code != callboard.CodeForbidden && code != callboard.CodeUnauthenticated {
					t.Errorf("%s: %s by one who was: %v", name, what, err)
				}
			}
		}
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_users WHERE email = 'late@example.org'`); n != 0 {
			t.Error("the user is there")
		}
		h.login(t, "viewer") // with the old password
	})
}

// An application does not act for the user whose token it has where that one has to be there in person.
func TestApplicationsChangeNoAccounts(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		own, service := h.token(t, "admin", true)
		personal, _ := h.token(t, "admin", false)
		foreign, _ := h.token(t, "viewer", false)
		session := h.login(t, "admin")
		h.events(t)
		for _, tt := range []struct {
			method, path, body string
			status             int
		}{
			{http.MethodPatch, "me", `{"name":"Somebody Else"}`, http.StatusForbidden},
			{http.MethodPut, "password", `{"current_password":"` + password + `","new_password":"of an application"}`, http.StatusForbidden},
			{http.MethodDelete, "sessions", "", http.StatusForbidden},
			{http.MethodDelete, "tokens/" + personal.ID, "", http.StatusNotFound},
			{http.MethodDelete, "tokens/" + foreign.ID, "", http.StatusNotFound},
			{http.MethodGet, "me", "", http.StatusOK},
			{http.MethodDelete, "tokens/" + own.ID, "", http.StatusNoContent},
		} {
			if w := h.call(t, tt.method, "/api/v1/auth/"+tt.path, service, tt.body); w.Code != tt.status {
				t.Errorf("%s %s: %d, want %d: %s", tt.method, tt.path, w.Code, tt.status, w.Body)
			}
		}
		if diff := cmp.Diff([]string{"credential_revoked"}, h.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if !h.holds(t, session) || h.holds(t, service) {
			t.Error("the session ended, or the application's own token did not")
		}
	})
}
