package account_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
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

// tokenOf returns a JWT as an application makes it that shares the secret.
func tokenOf(t *testing.T, sub string, more jwt.MapClaims) string {
	t.Helper()
	claims := jwt.MapClaims{"sub": sub, "exp": time.Now().Add(time.Hour).Unix()}
	for name, value := range more {
		claims[name] = value
	}
	return sign(t, jwt.SigningMethodHS256, secret(), claims)
}

func TestUsersOfApplications(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		for name, tt := range map[string]struct {
			sub    string
			claims jwt.MapClaims
			want   callboard.Actor // without its expiry
		}{
			"bare":              {"42", nil, callboard.Actor{ID: "42", Name: "42", Role: callboard.RoleViewer}},
			"with a profile":    {"auth0|abc", jwt.MapClaims{"name": "Zoe", "role": "editor"}, callboard.Actor{ID: "auth0|abc", Name: "Zoe", Role: callboard.RoleEditor}},
			"an admin":          {"me@example.org", jwt.MapClaims{"role": "admin"}, callboard.Actor{ID: "me@example.org", Name: "me@example.org", Role: callboard.RoleAdmin}},
			"a role of its own": {"43", jwt.MapClaims{"role": "director"}, callboard.Actor{ID: "43", Name: "43", Role: callboard.RoleViewer}},
			"two roles":         {"44", jwt.MapClaims{"role": []string{"admin", "editor"}}, callboard.Actor{ID: "44", Name: "44", Role: callboard.RoleViewer}},
			"roles give no rights": {"45", jwt.MapClaims{"roles": []string{"admin"}, "groups": "unit 2"},
				callboard.Actor{ID: "45", Name: "45", Role: callboard.RoleViewer}},
			"claims of another kind": {"46", jwt.MapClaims{"name": 7, "role": map[string]any{"a": 1}, "roles": []any{1, "grip"}, "groups": false},
				callboard.Actor{ID: "46", Name: "46", Role: callboard.RoleViewer}},
			"a name to hide behind": {"47", jwt.MapClaims{"name": "A\nda", "role": "ADMIN"}, callboard.Actor{ID: "47", Name: "47", Role: callboard.RoleViewer}},
			"an account has its own": {h.users["viewer"].ID, jwt.MapClaims{"name": "Boss", "role": "admin"},
				callboard.Actor{ID: h.users["viewer"].ID, Name: "viewer", Role: callboard.RoleViewer}},
		} {
			got, expires, err := h.Verify(t.Context(), tokenOf(t, tt.sub, tt.claims))
			if got.Expires = (time.Time{}); err != nil || got != tt.want || expires.IsZero() {
				t.Errorf("%s: %+v until %v, %v", name, got, expires, err)
			}
		}
		for name, sub := range map[string]string{
			"Callboard": "system", "an application": "app-" + callboard.NewID(), "everybody": "all", "admins": "role:admin", "hidden": "4\u200b2",
			"nobody's account": callboard.NewID(), "an account in capitals": strings.ToUpper(h.users["admin"].ID), "too long": strings.Repeat("a", 129),
		} {
			if _, _, err := h.Verify(t.Context(), tokenOf(t, sub, nil)); callboard.CodeOf(err) != callboard.CodeUnauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
		known, err := h.Resolve(t.Context(), []string{"46", "45", "never here", "system", h.users["admin"].ID})
		want := map[string]callboard.UserInfo{
			"46":                {Name: "46", Role: callboard.RoleViewer, Roles: []string{"grip"}, Groups: []string{}},
			"45":                {Name: "45", Role: callboard.RoleViewer, Roles: []string{"admin"}, Groups: []string{"unit 2"}},
			"never here":        {Name: "never here", Role: callboard.RoleViewer, Roles: []string{}, Groups: []string{}},
			h.users["admin"].ID: {Name: "admin", Role: callboard.RoleAdmin},
		}
		if diff := cmp.Diff(want, known); diff != "" || err != nil {
			t.Errorf("known (-want +got), %v:\n%s", err, diff)
		}
	})
}

// Audiences reach accounts and those users of applications who have been here, as their last token described them.
func TestAudiencesOfApplications(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		for sub, claims := range map[string]jwt.MapClaims{
			"9": {"role": "admin"}, "a-1": {"role": "admin", "groups": []string{"unit 2"}}, "A": {"role": "director"}, "é": {"groups": "unit 2"},
		} {
			if _, _, err := h.Verify(t.Context(), tokenOf(t, sub, claims)); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := h.Verify(t.Context(), tokenOf(t, "9", jwt.MapClaims{"role": "viewer"})); err != nil {
			t.Fatal(err)
		}
		admin, editor, viewer := h.users["admin"].ID, h.users["editor"].ID, h.users["viewer"].ID
		for _, tt := range []struct {
			audience, after string
			limit           int
			want            []string
		}{
			{"role:admin", "", 10, []string{admin, "a-1"}},
			{"role:director", "", 10, []string{"A"}},
			{"group:unit 2", "", 10, []string{"a-1", "é"}},
			{"group:unit", "", 10, nil},
			{"all", "", 10, []string{admin, editor, viewer, "9", "A", "a-1", "é"}},
			{"all", viewer, 2, []string{"9", "A"}},
			{"all", "A", 10, []string{"a-1", "é"}},
		} {
			a, err := callboard.ParseAudience(tt.audience)
			if err != nil {
				t.Fatal(err)
			}
			got, err := h.Members(t.Context(), a, tt.after, tt.limit)
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("%s after %q (-want +got), %v:\n%s", tt.audience, tt.after, err, diff)
			}
		}
		h.clock.advance(366 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil || h.count(t, `SELECT COUNT(*) FROM callboard_external_users`) != 0 {
			t.Errorf("who was not here for a year is still known, %v", err)
		}
	})
}

// Whoever has no account here, whatever the role, makes no accounts and no credentials.
func TestUsersOfApplicationsHaveNoAccount(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		root := tokenOf(t, "42", jwt.MapClaims{"role": "admin", "name": "Root"})
		viewer := h.users["viewer"].ID
		for _, tt := range []struct{ method, path, body string }{
			{"POST", "/auth/tokens", `{"name":"own"}`},
			{"POST", "/auth/tokens", `{"name":"of another","user_id":"` + viewer + `"}`},
			{"POST", "/auth/tokens", `{"name":"everybody","service":true}`},
			{"POST", "/users", `{"email":"new@example.org","name":"New","role":"admin","password":"` + password + `"}`},
			{"PATCH", "/users/" + viewer, `{"role":"admin"}`},
			{"PATCH", "/auth/me", `{"name":"Else"}`},
			{"PUT", "/auth/password", `{"current_password":"x","new_password":"` + password + `"}`},
			{"DELETE", "/auth/sessions", ""},
			{"POST", "/auth/logout", ""},
		} {
			if w := h.call(t, tt.method, "/api/v1"+tt.path, root, tt.body); w.Code != http.StatusForbidden {
				t.Errorf("%s %s: %d %s", tt.method, tt.path, w.Code, w.Body)
			}
		}
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_users`); n != 3 {
			t.Errorf("there are %d accounts", n)
		}
		me := decode[account.Me](t, h.call(t, "GET", "/api/v1/auth/me", root, ""))
		if me.ID != "42" || me.Name != "Root" || me.Role != callboard.RoleAdmin || !me.External || me.CreatedAt.IsZero() {
			t.Errorf("me is %+v", me)
		}
		role, err := h.ActiveRole(t.Context(), h.db, "42", "")
		if role != callboard.RoleAdmin || err != nil {
			t.Errorf("what 42 may do in the background: %s, %v", role, err)
		}
		_, err = h.ActiveRole(t.Context(), h.db, "never here", "")
		wantCode(t, "the role of one who was never here", err, callboard.CodeNotFound)
	})
}

// cast is the table of an application, which also knows an ID that looks like an account.
type cast map[string]callboard.UserInfo

var errTable = errors.New("the table is away")

func (c cast) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	if _, away := c["away"]; away {
		return nil, errTable
	}
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if user, ok := c[id]; ok {
			known[id] = user
		}
	}
	return known, nil
}

func TestUsersOfTheEmbeddingApplication(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		uuid := callboard.NewID()
		own := cast{
			"1": {Name: "Ida", Role: callboard.RoleEditor, Groups: []string{"unit 2"}}, "2": {Name: "Out", Disabled: true}, uuid: {Name: "Uwe"},
		}
		h := newHouse(t, db, account.Config{Users: own}, true)
		for sub, want := range map[string]string{"1": "Ida", uuid: "Uwe", h.users["viewer"].ID: "viewer"} {
			actor, _, err := h.Verify(t.Context(), tokenOf(t, sub, jwt.MapClaims{"name": "Else", "role": "admin"}))
			if actor.ID != sub || actor.Name != want || actor.Role == callboard.RoleAdmin || err != nil {
				t.Errorf("%s: %+v, %v", sub, actor, err)
			}
		}
		for _, sub := range []string{"2", "3", callboard.NewID()} {
			_, _, err := h.Verify(t.Context(), tokenOf(t, sub, nil))
			wantCode(t, "a token of "+sub, err, callboard.CodeUnauthenticated)
		}
		got, err := h.Members(t.Context(), callboard.Audience{Group: "unit 2"}, "", 10)
		if diff := cmp.Diff([]string{"1"}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		own["1"] = callboard.UserInfo{Name: "Ida", Disabled: true} // the application's word of now counts
		if got, err := h.Members(t.Context(), callboard.Audience{Group: "unit 2"}, "", 10); len(got) > 0 || err != nil {
			t.Errorf("a user who was disabled since is among %v, %v", got, err)
		}
		own["away"] = callboard.UserInfo{}
		_, _, err = h.Verify(t.Context(), tokenOf(t, "1", nil))
		if !errors.Is(err, errTable) || callboard.CodeOf(err) == callboard.CodeUnauthenticated {
			t.Errorf("while the table is away: %v", err)
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func TestOIDCWithoutAccount(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, account.Config{OIDC: account.OIDCConfig{Issuer: i.URL, Audience: "board", UserClaim: "login"}}, true)
	stranger := func(login any) jwt.MapClaims {
		return jwt.MapClaims{"email": "stranger@example.org", "login": login, "name": "Zoe", "role": "editor"}
	}
	if _, err := h.DisableUser(system(t), h.users["editor"].ID); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		claims jwt.MapClaims
		want   string // the ID; empty: refused
	}{
		"an account":          {jwt.MapClaims{"email": "viewer@example.org", "login": "42"}, h.users["viewer"].ID},
		"without one":         {stranger("zoe"), "zoe"},
		"an unverified one":   {jwt.MapClaims{"email_verified": false, "login": "zoe"}, "zoe"},
		"a disabled one":      {jwt.MapClaims{"email": "editor@example.org", "login": "zoe"}, ""},
		"no such claim":       {jwt.MapClaims{"email": ""}, ""},
		"a number":            {stranger(42), ""},
		"the ID of an admin":  {stranger(h.users["admin"].ID), ""},
		"Callboard's own":     {stranger("system"), ""},
		"of an application":   {stranger("app-1"), ""},
		"made for some other": {jwt.MapClaims{"email": "", "login": "zoe", "azp": "elsewhere"}, ""},
	} {
		w := h.call(t, "GET", "/api/v1/auth/me", i.token(t, tt.claims), "")
		if tt.want == "" {
			if w.Code != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
			continue
		}
		if me := decode[account.Me](t, w); w.Code != 200 || me.ID != tt.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
