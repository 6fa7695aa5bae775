package account_test

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestSignInRoles(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		p := newProvider(t)
		h := newHouse(t, db, signInAt(p, func(in *account.OIDCSignIn) {
			in.RoleClaim = "realm_access.roles"
			in.Roles = []string{"board-admins=admin", "cn=crew,dc=example=editor", "guests=viewer"}
		}), true)
		b := h.browser()
		roles := func(values ...any) map[string]any { return map[string]any{"roles": values} }
		for _, step := range []struct {
			name   string
			access any
			role   callboard.Role
			events []string
		}{
			{"the same", roles("cn=crew,dc=example", 7, "unknown"), "editor", []string{"user_updated", "signed_in"}},
			{"up", roles("guests", "board-admins", "cn=crew,dc=example"), "admin", []string{"user_updated", "signed_in"}},
			{"down", roles("guests"), "viewer", []string{"user_updated", "signed_in"}},
			{"no change", roles("guests"), "viewer", []string{"signed_in"}},
		} {
			h.events(t)
			p.say(jwt.MapClaims{"realm_access": step.access})
			if to := b.signIn(t, p, ""); to != "/" {
				t.Fatalf("%s: ends at %s", step.name, to)
			}
			if got := b.signedIn(t).Role; got != step.role {
				t.Errorf("%s: role %s, want %s", step.name, got, step.role)
			}
			if diff := cmp.Diff(step.events, h.events(t)); diff != "" {
				t.Errorf("%s: events (-want +got):\n%s", step.name, diff)
			}
		}
		for name, access := range map[string]any{"none": roles(), "unknown": roles("unknown"), "no claim": nil, "no array": "x", "object": map[string]any{"roles": map[string]any{"a": 1}}} {
			p.say(jwt.MapClaims{"realm_access": access})
			if to := h.browser().signIn(t, p, ""); to != "/sign-in?error=no_role" {
				t.Errorf("%s: ends at %s", name, to)
			}
		}

		h.events(t)
		p.say(jwt.MapClaims{"sub": "chief", "email": "admin@example.org", "realm_access": roles("guests")})
		if to := h.browser().signIn(t, p, ""); to != "/sign-in?error=last_admin" {
			t.Errorf("the last admin: ends at %s", to)
		}
		if u, err := h.User(system(t), h.users["admin"].ID); err != nil || u.Role != callboard.RoleAdmin {
			t.Errorf("the last admin is %+v, %v", u, err)
		}
		if diff := cmp.Diff([]string{"sign_in_failed"}, h.events(t)); diff != "" {
			t.Errorf("the last admin: events (-want +got):\n%s", diff)
		}
		h.add(t, "second", callboard.RoleAdmin)
		last := h.browser()
		if to := last.signIn(t, p, ""); to != "/" || last.signedIn(t).Role != callboard.RoleViewer {
			t.Errorf("beside another admin: ends at %s, as %+v", to, last.signedIn(t))
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func TestSignInCreatesUsers(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		p := newProvider(t)
		p.metadata["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"}
		p.metadata["authorization_response_iss_parameter_supported"] = true
		h := newHouse(t, db, signInAt(p, func(in *account.OIDCSignIn) {
			in.CreateUsers, in.EmailDomains, in.ClientSecret = true, []string{"Example.org"}, "s3cret"
		}), true)
		signIn := func(b *browser, iss string) string {
			query := p.authorize(t, b.start(t, "/"))
			query.Set("iss", iss)
			query.Set("session_state", "of somebody else's making")
			return b.back(t, query)
		}
		h.events(t)
		p.say(jwt.MapClaims{"sub": "eve", "email": "Eve@Example.org", "name": "Eve Adams"})
		if to := signIn(h.browser(), "https://evil.example"); to != "/sign-in?error=provider" {
			t.Errorf("an answer of another issuer: ends at %s", to)
		}
		if to := signIn(h.browser(), ""); to != "/sign-in?error=provider" {
			t.Errorf("an answer of no issuer: ends at %s", to)
		}
		b := h.browser()
		if to := signIn(b, p.URL); to != "/" {
			t.Fatalf("ends at %s", to)
		}
		u, err := h.UserByEmail(system(t), "eve@example.org")
		if err != nil || u.Name != "Eve Adams" || u.Role != callboard.RoleViewer || u.HasPassword || u.LastSignInAt == nil || b.signedIn(t).ID != u.ID {
			t.Errorf("made %+v, %v", u, err)
		}
		if diff := cmp.Diff([]string{"user_created", "user_updated", "signed_in"}, h.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		for _, email := range []string{"eve@elsewhere.org", "eve@example.org.evil.org", "eve@sub.example.org"} {
			p.say(jwt.MapClaims{"sub": email, "email": email})
			if to := signIn(h.browser(), p.URL); to != "/sign-in?error=no_account" {
				t.Errorf("%s: ends at %s", email, to)
			}
		}

		// Claims that are at the userinfo endpoint alone.
		p.say(jwt.MapClaims{"sub": "bob", "email": nil, "email_verified": true})
		p.info = map[string]any{"sub": "bob", "email": "bob@example.org", "email_verified": false}
		if to := signIn(h.browser(), p.URL); to != "/sign-in?error=no_email" {
			t.Errorf("an address from one place, and its proof from another: ends at %s", to)
		}
		p.info = map[string]any{"sub": "eve", "email": "bob@example.org", "email_verified": true}
		if to := signIn(h.browser(), p.URL); to != "/sign-in?error=provider" {
			t.Errorf("userinfo of another subject: ends at %s", to)
		}
		p.info = map[string]any{"sub": "bob", "email": "bob@example.org", "email_verified": "true"}
		if to := signIn(b, p.URL); to != "/" || b.signedIn(t).Name != "bob" {
			t.Errorf("from userinfo: ends at %s", to)
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

// Where passwords are switched off the first admin is still made with one, and signs in at the provider from then on.
func TestSignInWithoutPasswords(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	cfg := signInAt(p, nil)
	cfg.DisablePasswords = true
	h := newHouse(t, db, cfg, false)
	token, err := h.NewSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w := h.call(t, "POST", "/api/v1/auth/setup", "", `{"token":"`+token+`","email":"editor@example.org","name":"First","password":"`+password+`"}`); w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"editor@example.org","password":"`+password+`"}`); w.Code != 403 {
		t.Errorf("with the password: %d %s", w.Code, w.Body)
	}
	want := account.SignInMethods{Provider: &account.SignInProvider{Name: "Keycloak"}}
	if diff := cmp.Diff(want, decode[account.SignInMethods](t, h.call(t, "GET", "/api/v1/auth/methods", "", ""))); diff != "" {
		t.Error(diff)
	}
	b := h.browser()
	if to := b.signIn(t, p, ""); to != "/" || b.signedIn(t).Role != callboard.RoleAdmin {
		t.Errorf("ends at %s as %+v", to, b.signedIn(t))
	}
}
