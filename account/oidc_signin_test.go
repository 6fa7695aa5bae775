package account_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
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

func TestSignInAtProvider(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		p := newProvider(t)
		h := newHouse(t, db, signInAt(p, nil), true)
		h.events(t)
		b := h.browser()
		if to := b.signIn(t, p, "/episodes?q=fog#x"); to != "/episodes?q=fog#x" {
			t.Fatalf("ends at %s", to)
		}
		if got := b.signedIn(t); got.ID != h.users["editor"].ID || !got.Session {
			t.Errorf("signed in as %+v", got)
		}
		if len(b.cookies) != 2 || b.cookies[account.DeviceCookieName] == "" {
			t.Errorf("cookies left: %v", b.cookies)
		}
		if diff := cmp.Diff([]string{"user_updated", "signed_in"}, h.events(t)); diff != "" {
			t.Errorf("events of the first sign-in (-want +got):\n%s", diff)
		}

		p.say(jwt.MapClaims{"email": "elsewhere@example.org", "email_verified": false}) // the link holds, whatever becomes of the address
		first := b.cookies[account.CookieName]
		b.signIn(t, p, "")
		if got := b.signedIn(t); got.ID != h.users["editor"].ID || b.cookies[account.CookieName] == first {
			t.Errorf("signed in again as %+v, with the same session: %v", got, b.cookies[account.CookieName] == first)
		}
		if diff := cmp.Diff([]string{"signed_in"}, h.events(t)); diff != "" {
			t.Errorf("events of the second (-want +got):\n%s", diff)
		}

		p.say(jwt.MapClaims{"sub": "another"}) // with the address of the editor
		if to := h.browser().signIn(t, p, "/inbox"); to != "/sign-in?error=taken&next=%2Finbox" {
			t.Errorf("another subject ends at %s", to)
		}
		if diff := cmp.Diff([]string{"sign_in_failed"}, h.events(t)); diff != "" {
			t.Errorf("events of another subject (-want +got):\n%s", diff)
		}
		if w := h.call(t, "GET", "/api/v1/auth/me", p.issuer.token(t, jwt.MapClaims{"sub": "another"}), ""); w.Code != 401 {
			t.Errorf("a token of the other subject: %d", w.Code)
		}
		if w := h.call(t, "GET", "/api/v1/auth/me", p.issuer.token(t, jwt.MapClaims{"email": ""}), ""); w.Code != 200 {
			t.Errorf("a token of the subject, without an address: %d", w.Code)
		}

		wantCode(t, "a viewer unlinks", h.Unlink(h.as(t, "viewer"), h.users["editor"].ID), callboard.CodeForbidden)
		h.events(t)
		for range 2 {
			if w := h.call(t, "DELETE", "/api/v1/users/"+h.users["editor"].ID+"/identity", h.login(t, "admin"), ""); w.Code != 204 {
				t.Fatalf("unlink: %d %s", w.Code, w.Body)
			}
		}
		if diff := cmp.Diff([]string{"signed_in", "user_updated", "signed_in"}, h.events(t)); diff != "" {
			t.Errorf("events of unlinking twice (-want +got):\n%s", diff)
		}
		_, _, err := h.Verify(t.Context(), b.cookies[account.CookieName])
		wantCode(t, "a session from before", err, callboard.CodeUnauthenticated)
		if b.signIn(t, p, "/"); b.signedIn(t).ID != h.users["editor"].ID {
			t.Error("unlinked, the other subject is not let in")
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

// What the provider says decides who gets in, and nobody else's word does.
func TestSignInAtProviderRefuses(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	other := newIssuer(t)
	h, _ := newSignInHouse(t, p, nil)
	if _, err := h.DisableUser(system(t), h.users["viewer"].ID); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		claims jwt.MapClaims
		word   string
	}{
		"no e-mail":          {jwt.MapClaims{"email": nil}, "no_email"},
		"unverified e-mail":  {jwt.MapClaims{"email_verified": false}, "no_email"},
		"not said":           {jwt.MapClaims{"email_verified": nil}, "no_email"},
		"Kelvin for a k":     {jwt.MapClaims{"email": "\u212aelvin@example.org"}, "no_email"},
		"a dotted capital I": {jwt.MapClaims{"email": "ed\u0130tor@example.org"}, "no_email"},
		"unknown e-mail":     {jwt.MapClaims{"email": "nobody@example.org"}, "no_account"},
		"disabled":           {jwt.MapClaims{"email": "viewer@example.org"}, "disabled"},
		"wrong nonce":        {jwt.MapClaims{"nonce": "another"}, "provider"},
		"no nonce":           {jwt.MapClaims{"nonce": nil}, "provider"},
		"other issuer":       {jwt.MapClaims{"iss": other.URL}, "provider"},
		"other audience":     {jwt.MapClaims{"aud": "elsewhere"}, "provider"},
		"other party":        {jwt.MapClaims{"aud": []string{"board", "elsewhere"}, "azp": "elsewhere"}, "provider"},
		"no subject":         {jwt.MapClaims{"sub": ""}, "provider"},
		"a refresh token":    {jwt.MapClaims{"typ": "Refresh"}, "provider"},
		"other access token": {jwt.MapClaims{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "provider"},
		"expired":            {jwt.MapClaims{"exp": time.Now().Add(-time.Minute).Unix()}, "clock"},
		"from the future":    {jwt.MapClaims{"iat": time.Now().Add(time.Hour).Unix()}, "clock"},
	} {
		p.say(tt.claims)
		b := h.browser()
		if to := b.signIn(t, p, "/inbox"); to != "/sign-in?error="+tt.word+"&next=%2Finbox" {
			t.Errorf("%s: ends at %s, want %s", name, to, tt.word)
		}
		if len(b.cookies) != 0 {
			t.Errorf("%s: cookies %v", name, b.cookies)
		}
	}
	if n := h.count(t, `SELECT COUNT(*) FROM callboard_sessions`) + h.count(t, `SELECT COUNT(*) FROM callboard_identities`); n != 0 {
		t.Errorf("%d sessions and links are left of them", n)
	}
}

func TestSignInAtProviderSaysNo(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	var log strings.Builder
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	cfg := signInAt(p, nil)
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	h := newHouse(t, db, cfg, true)
	for failed, word := range map[string]string{
		"access_denied": "denied", "login_required": "provider", "temporarily_unavailable": "away", "an-error-of-a-stranger": "provider",
	} {
		b := h.browser()
		query := p.authorize(t, b.start(t, "/inbox"))
		if to := b.back(t, url.Values{"error": {failed}, "error_description": {"hear my words"}, "state": query["state"]}); to != "/sign-in?error="+word+"&next=%2Finbox" {
			t.Errorf("%s: ends at %s", failed, to)
		}
	}
	p.status = http.StatusBadRequest
	for status, word := range map[int]string{400: "provider", 401: "provider", 500: "away", 503: "away", 200: "provider", 302: "provider"} {
		b := h.browser()
		p.status, p.body = status, `{"error":"secret-in-an-error","code":"secret-in-a-body"}`
		if to := b.signIn(t, p, ""); to != "/sign-in?error="+word {
			t.Errorf("token endpoint answers %d: ends at %s", status, to)
		}
	}
	p.status = 0
	b := h.browser()
	query := p.authorize(t, b.start(t, ""))
	query.Set("code", "secret-code")
	if to := b.back(t, query); to != "/sign-in?error=provider" {
		t.Errorf("a code of nobody: ends at %s", to)
	}
	query = p.authorize(t, b.start(t, ""))
	p.away.Store(true)
	if to := b.back(t, query); to != "/sign-in?error=away" {
		t.Errorf("away: ends at %s", to)
	}
	h.clock.advance(2 * time.Hour)
	if to := b.start(t, "/inbox"); to != "/sign-in?error=away&next=%2Finbox" {
		t.Errorf("away from the start: ends at %s", to)
	}
	p.Close()
	h.clock.advance(time.Minute)
	if to := b.start(t, ""); to != "/sign-in?error=away" {
		t.Errorf("gone: ends at %s", to)
	}
	for _, word := range []string{"stranger", "hear my words", "secret", "s3cret", "example.org", query.Get("state")} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log has %q: %s", word, log.String())
		}
	}
	if !strings.Contains(log.String(), "reason=denied") {
		t.Errorf("the log does not tell why: %s", log.String())
	}
}

// The answer is taken only from the browser that has begun, in time, and once.
func TestSignInAtProviderState(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	h, b := newSignInHouse(t, p, nil)
	const refused = "/sign-in?error=state"

	query := p.authorize(t, b.start(t, "/inbox"))
	if to := h.browser().back(t, query); to != refused {
		t.Errorf("in another browser: ends at %s", to)
	}
	mine := b.cookies
	if len(mine) != 1 {
		t.Fatalf("cookies %v", mine)
	}
	for name, value := range mine {
		head, rest, _ := strings.Cut(value, ".")
		body, signature, _ := strings.Cut(rest, ".")
		claims, err := base64.RawURLEncoding.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		forged := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(claims), "/inbox", "//evil", 1)))
		device, err := h.DeviceToken(h.users["editor"].ID)
		if err != nil {
			t.Fatal(err)
		}
		unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + body + "."
		for what, cookie := range map[string]string{
			"tampered": head + "." + forged + "." + signature, "unsigned": unsigned, "another token of ours": device, "no token": "x",
			"for another audience": sign(t, jwt.SigningMethodHS256, secret(), jwt.MapClaims{"jti": query.Get("state"), "exp": time.Now().Add(time.Hour).Unix()}),
			"of another attempt":   sign(t, jwt.SigningMethodHS256, secret(), jwt.MapClaims{"jti": "another", "aud": "callboard:sign-in", "exp": time.Now().Add(time.Hour).Unix()}),
			"long":                 strings.Repeat("x", 10_000),
		} {
			if to := (&browser{h, map[string]string{name: cookie}}).back(t, query); to != refused {
				t.Errorf("%s: ends at %s", what, to)
			}
		}
	}
	for what, state := range map[string]string{"wrong": "another", "none": "", "tampered": query.Get("state") + "x"} {
		if to := b.back(t, url.Values{"code": query["code"], "state": {state}}); to != refused {
			t.Errorf("%s state: ends at %s", what, to)
		}
	}
	if p.asked.Load() != 0 {
		t.Errorf("the provider was asked %d times for tokens", p.asked.Load())
	}

	kept := &browser{h, map[string]string{}}
	for name, value := range b.cookies {
		kept.cookies[name] = value
	}
	if to := b.back(t, query); to != "/inbox" {
		t.Fatalf("ends at %s", to)
	}
	if to := kept.back(t, query); to != "/sign-in?error=state&next=%2Finbox" || p.asked.Load() != 1 {
		t.Errorf("once more: ends at %s, after asking %d times", to, p.asked.Load())
	}

	late := h.browser()
	query = p.authorize(t, late.start(t, "/inbox"))
	h.clock.advance(11 * time.Minute)
	if to := late.back(t, query); to != refused {
		t.Errorf("late: ends at %s", to)
	}
	if err := h.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, `SELECT COUNT(*) FROM callboard_used_sign_ins`); n != 0 {
		t.Errorf("%d that were used are kept", n)
	}
}

// A browser may begin in several tabs, and end in any order; what it keeps of them is bounded.
func TestSignInAtProviderInTabs(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	h, b := newSignInHouse(t, p, nil)
	first, second := p.authorize(t, b.start(t, "/inbox")), p.authorize(t, b.start(t, "/jobs"))
	if to := b.back(t, second); to != "/jobs" {
		t.Errorf("the second tab ends at %s", to)
	}
	if to := b.back(t, first); to != "/inbox" {
		t.Errorf("the first tab ends at %s", to)
	}
	b = h.browser()
	for range 20 {
		b.start(t, "/")
	}
	if len(b.cookies) > 8 {
		t.Errorf("%d cookies of what is under way", len(b.cookies))
	}

	var group sync.WaitGroup // the first sign-in of one person, in two tabs at once
	p.say(jwt.MapClaims{"sub": "both", "email": "admin@example.org"})
	for range 4 {
		tab := h.browser()
		query := p.authorize(t, tab.start(t, "/inbox"))
		group.Go(func() {
			if to := tab.back(t, query); to != "/inbox" {
				t.Errorf("one of four ends at %s", to)
			}
		})
	}
	group.Wait()
}

func TestSignInReturnsToThisServer(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	cfg := signInAt(p, nil)
	cfg.PathPrefix = "/callboard"
	h := newHouse(t, db, cfg, true)
	for _, evil := range []string{
		"//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "https:evil.example", "javascript:alert(1)", "evil", "?x",
		"/..//evil.example", "/x/..//evil.example", "/%2e%2e//evil.example", "/%2F%2Fevil.example", "/%5Cevil.example", "/\t/evil.example", "/\n/evil.example",
		"/%0d%0aSet-Cookie:x", "/ok\r\nSet-Cookie: x=y", "/./x", "//", "/sign-in", "/sign-in/", "/sign-in?next=/x", "/api/v1/auth/oidc/start", "@evil.example", "/" + strings.Repeat("x", 2001),
	} {
		w := h.browser().get(t, "/api/v1/auth/oidc/start?return_to="+url.QueryEscape(evil))
		if w.Code != 422 || strings.Contains(w.Body.String(), "evil") || len(w.Result().Cookies()) != 0 {
			t.Errorf("%q: %d %s", evil, w.Code, w.Body)
		}
	}
	for _, fine := range []string{"/", "/episodes?q=a%20b&sort=-title", "/jobs/", "/admin/jobs/", "/people/users", "/episodes/x/files/a%2Fb"} {
		w := h.browser().get(t, "/api/v1/auth/oidc/start?return_to="+url.QueryEscape(fine))
		if w.Code != http.StatusSeeOther {
			t.Errorf("%q: %d %s", fine, w.Code, w.Body)
		}
	}
}

// Cookies are for the paths that need them, and for https alone where people come by it, whatever a proxy in front tells.
func TestSignInCookies(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	cfg := signInAt(p, nil)
	cfg.PathPrefix = "/callboard"
	h := newHouse(t, db, cfg, true)
	b := h.browser()
	started := b.get(t, "/api/v1/auth/oidc/start?return_to=/inbox")
	c := started.Result().Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/callboard/api/v1/auth/oidc" || c.MaxAge != 600 {
		t.Errorf("cookie of what is under way: %+v", c)
	}
	w := b.get(t, "/api/v1/auth/oidc/callback?"+p.authorize(t, started.Header().Get("Location")).Encode())
	if to := w.Header().Get("Location"); to != "/callboard/inbox" {
		t.Errorf("ends at %s", to)
	}
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(c.Path, "/callboard") {
			t.Errorf("cookie %+v", c)
		}
	}
}

func TestSignInAtProviderIsOff(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	for name, cfg := range map[string]account.Config{"no issuer": {}, "tokens alone": {OIDC: account.OIDCConfig{Issuer: "https://issuer.example.org", Audience: "board"}}} {
		h := newHouse(t, db, cfg, false)
		for _, path := range []string{"start", "callback?state=x&code=y"} {
			if w := h.call(t, "GET", "/api/v1/auth/oidc/"+path, "", ""); w.Code != 404 {
				t.Errorf("%s: %s: %d", name, path, w.Code)
			}
		}
		if m := h.Methods(); !m.Password || m.Provider != nil {
			t.Errorf("%s: methods %+v", name, m)
		}
	}
}

// Who comes back in vain again and again is turned away. That sign-ins are begun shuts out nobody: a page of anybody's can have a browser do so.
func TestSignInAtProviderIsLimited(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	_, b := newSignInHouse(t, p, nil)
	for range 1100 {
		b.start(t, "")
	}
	for range 1100 { // those that succeed do not count
		b.signIn(t, p, "")
	}
	vain := func() string {
		query := p.authorize(t, b.start(t, ""))
		return b.back(t, url.Values{"error": {"access_denied"}, "state": query["state"]})
	}
	for range 1000 {
		if to := vain(); to != "/sign-in?error=denied" {
			t.Fatalf("ends at %s", to)
		}
	}
	if to := vain(); to != "/sign-in?error=too_many" {
		t.Errorf("ends at %s", to)
	}
}

// A database that fails is nobody's fault, and no error page.
func TestSignInAtProviderWithoutDatabase(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	h, b := newSignInHouse(t, p, nil)
	query := p.authorize(t, b.start(t, "/inbox"))
	sqldbtest.RenameTable(t, h.db, "callboard_identities", "callboard_elsewhere")
	if to := b.back(t, query); to != "/sign-in?error=failed&next=%2Finbox" {
		t.Errorf("ends at %s", to)
	}
	sqldbtest.RenameTable(t, h.db, "callboard_elsewhere", "callboard_identities")
	if to := b.signIn(t, p, "/inbox"); to != "/inbox" {
		t.Errorf("once it is back: ends at %s", to)
	}
}

// A user who is disabled while the provider is asked is not let in.
func TestSignInAtProviderOvertaken(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	h, b := newSignInHouse(t, p, nil)
	query := p.authorize(t, b.start(t, ""))
	answer := p.Config.Handler
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			if _, err := h.DisableUser(callboard.WithActor(context.Background(), callboard.System("test")), h.users["editor"].ID); err != nil {
				t.Error(err)
			}
		}
		answer.ServeHTTP(w, r)
	})
	if to := b.back(t, query); to != "/sign-in?error=disabled" {
		t.Errorf("ends at %s", to)
	}
}
