package account_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// provider is an issuer at which people sign in. Its tokens are what the test says, and a code is good as often as it comes.
type provider struct {
	*issuer
	metadata map[string]any

	mu      sync.Mutex
	claims  jwt.MapClaims  // beside those that belong to a sign-in
	info    map[string]any // what userinfo answers
	status  int            // of the token endpoint, unless 0
	body    string         // with it
	refused string         // why the last code was refused
	codes   map[string]url.Values
	asked   atomic.Int32 // for tokens
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{issuer: newIssuer(t), codes: map[string]url.Values{}, info: map[string]any{"sub": "someone"}}
	p.metadata = map[string]any{
		"issuer": p.URL, "jwks_uri": p.URL + "/keys", "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
		"userinfo_endpoint": p.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"RS256"},
	}
	keys := p.Config.Handler
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case p.away.Load():
			http.Error(w, "away", http.StatusBadGateway)
		case r.URL.Path == "/token":
			p.token(t, w, r)
		case r.URL.Path == "/userinfo":
			p.mu.Lock()
			defer p.mu.Unlock()
			_ = json.NewEncoder(w).Encode(p.info)
		case r.URL.Path == "/keys":
			keys.ServeHTTP(w, r)
		default:
			_ = json.NewEncoder(w).Encode(p.metadata)
		}
	})
	return p
}

// say sets what the provider says of who signs in next.
func (p *provider) say(claims jwt.MapClaims) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.claims = claims
}

// token answers for a code, after what OAuth has a provider look at.
func (p *provider) token(t *testing.T, w http.ResponseWriter, r *http.Request) {
	p.asked.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != 0 {
		w.WriteHeader(p.status)
		_, _ = w.Write([]byte(p.body))
		return
	}
	began := p.codes[r.FormValue("code")]
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	id, secret, basic := r.BasicAuth()
	switch {
	case began == nil:
		p.refused = "there is no such code"
	case began.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]):
		p.refused = "the verifier is another one"
	case r.FormValue("redirect_uri") != began.Get("redirect_uri"):
		p.refused = "the redirect URI is another one"
	case !(basic && id == "board" && secret == "s3cret" || !basic && r.FormValue("client_id") == "board"):
		p.refused = "the client does not say who it is"
	default:
		claims := jwt.MapClaims{"nonce": began.Get("nonce"), "iat": time.Now().Unix()}
		for name, value := range p.claims {
			claims[name] = value
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": p.issuer.token(t, claims)})
		return
	}
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"never logged"}`))
}

// authorize lets somebody in at the provider, who was sent to an address there. It returns the query of the way back.
func (p *provider) authorize(t *testing.T, location string) url.Values {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, p.URL+"/authorize?") {
		t.Fatalf("sent to %s", location)
	}
	asked := u.Query()
	for name, want := range map[string]string{
		"client_id": "board", "response_type": "code", "code_challenge_method": "S256", "redirect_uri": "https://board.example.org/api/v1/auth/oidc/callback",
	} {
		if got := asked.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(asked.Get("state")) < 40 || len(asked.Get("nonce")) < 40 || len(asked.Get("code_challenge")) < 40 {
		t.Errorf("state, nonce or challenge are short: %s", location)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	code := "code" + callboard.NewID()
	p.codes[code] = asked
	return url.Values{"code": {code}, "state": {asked.Get("state")}}
}

// browser keeps cookies by their names, of one server.
type browser struct {
	h       *house
	cookies map[string]string
}

func (b *browser) get(t *testing.T, target string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.h.http.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}

// start begins a sign-in and returns where the browser is sent.
func (b *browser) start(t *testing.T, returnTo string) string {
	t.Helper()
	w := b.get(t, "/api/v1/auth/oidc/start?return_to="+url.QueryEscape(returnTo))
	if w.Code != http.StatusSeeOther || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("start: %d %s", w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// back comes back from the provider, and returns where the browser is sent.
func (b *browser) back(t *testing.T, query url.Values) string {
	t.Helper()
	w := b.get(t, "/api/v1/auth/oidc/callback?"+query.Encode())
	if w.Code != http.StatusSeeOther || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("back: %d %v %s", w.Code, w.Header(), w.Body)
	}
	return w.Header().Get("Location")
}

// signIn goes the whole way, and returns where it ends.
func (b *browser) signIn(t *testing.T, p *provider, returnTo string) string {
	t.Helper()
	return b.back(t, p.authorize(t, b.start(t, returnTo)))
}

// signedIn returns the actor of the browser's session, the zero Actor without one.
func (b *browser) signedIn(t *testing.T) callboard.Actor {
	t.Helper()
	if b.cookies[account.CookieName] == "" {
		return callboard.Actor{}
	}
	actor, _, err := b.h.Verify(t.Context(), b.cookies[account.CookieName])
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

func signInAt(p *provider, change func(in *account.OIDCSignIn)) account.Config {
	in := account.OIDCSignIn{PublicURL: "https://board.example.org", ProviderName: "Keycloak", Scopes: []string{"openid", "email"}}
	if change != nil {
		change(&in)
	}
	return account.Config{OIDC: account.OIDCConfig{Issuer: p.URL, Audience: "board", SignIn: in}}
}

func newSignInHouse(t *testing.T, p *provider, change func(in *account.OIDCSignIn)) (*house, *browser) {
	t.Helper()
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, signInAt(p, change), true)
	return h, h.browser()
}

func (h *house) browser() *browser { return &browser{h, map[string]string{}} }
