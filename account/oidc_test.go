package account_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// issuer is an OpenID Connect provider that can be away.
type issuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	away  atomic.Bool
	keyID atomic.Value // string: the name of its key
	asked atomic.Int64 // times for its keys
	keys  atomic.Pointer[http.HandlerFunc]
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	i.keyID.Store("k")
	i.Server = httptest.NewServer(http.HandlerFunc(i.serve))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request) {
	if i.away.Load() {
		http.Error(w, "away", http.StatusBadGateway)
		return
	}
	var answer any = map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys",
		"authorization_endpoint": i.URL, "token_endpoint": i.URL, "id_token_signing_alg_values_supported": []string{"RS256"}}
	if r.URL.Path == "/keys" {
		i.asked.Add(1)
		if other := i.keys.Load(); other != nil {
			(*other)(w, r)
			return
		}
		answer = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: i.keyID.Load().(string), Algorithm: "RS256", Use: "sig"}}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (i *issuer) token(t *testing.T, change jwt.MapClaims) string {
	t.Helper()
	return i.tokenOf(t, i.keyID.Load(), "JWT", change)
}

// tokenOf makes a token that names a key and a type.
func (i *issuer) tokenOf(t *testing.T, keyID, typ any, change jwt.MapClaims) string {
	t.Helper()
	claims := jwt.MapClaims{"iss": i.URL, "aud": "board", "sub": "someone", "exp": time.Now().Add(time.Hour).Unix(),
		"email": "Editor@example.org", "email_verified": true}
	for name, value := range change {
		claims[name] = value
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"], token.Header["typ"] = keyID, typ
	signed, err := token.SignedString(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestOIDC(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.away.Store(true)
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, account.Config{OIDC: account.OIDCConfig{Issuer: i.URL, Audience: "board"}}, true)
	if w := h.call(t, "GET", "/api/v1/auth/me", i.token(t, nil), ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("issuer away: %d", w.Code)
	}
	i.away.Store(false)
	h.clock.advance(6 * time.Second)
	tests := []struct {
		name   string
		claims jwt.MapClaims
		status int
	}{
		{"verified e-mail", nil, 200},
		{"not verified", jwt.MapClaims{"email_verified": false}, 401},
		{"no e-mail", jwt.MapClaims{"email": ""}, 401},
		{"unknown e-mail", jwt.MapClaims{"email": "nobody@example.org"}, 401},
		{"other audience", jwt.MapClaims{"aud": "elsewhere"}, 401},
		{"other issuer", jwt.MapClaims{"iss": "https://evil.example"}, 401},
		{"expired", jwt.MapClaims{"exp": time.Now().Add(-time.Hour).Unix()}, 401},
		{"of our party", jwt.MapClaims{"azp": "board"}, 200},
		{"of another party that names us too", jwt.MapClaims{"azp": "elsewhere"}, 401},
		{"for several, of our party", jwt.MapClaims{"aud": []string{"elsewhere", "board"}, "azp": "board"}, 200},
		{"for several, of no party", jwt.MapClaims{"aud": []string{"elsewhere", "board"}}, 401},
		{"an ID token", jwt.MapClaims{"typ": "ID"}, 200},
		{"a refresh token", jwt.MapClaims{"typ": "Refresh"}, 401},
	}
	for _, tt := range tests {
		if w := h.call(t, "GET", "/api/v1/auth/me", i.token(t, tt.claims), ""); w.Code != tt.status {
			t.Errorf("%s: %d, want %d: %s", tt.name, w.Code, tt.status, w.Body)
		}
	}
	for typ, status := range map[string]int{"jwt": 200, "at+jwt": 401, "logout+jwt": 401} {
		if w := h.call(t, "GET", "/api/v1/auth/me", i.tokenOf(t, "k", typ, nil), ""); w.Code != status {
			t.Errorf("type %s: %d, want %d", typ, w.Code, status)
		}
	}
	hmac := sign(t, jwt.SigningMethodHS256, secret(), jwt.MapClaims{"sub": h.users["viewer"].ID, "exp": time.Now().Add(time.Hour).Unix()})
	if w := h.call(t, "GET", "/api/v1/auth/me", hmac, ""); w.Code != 200 {
		t.Errorf("our own token beside an issuer: %d", w.Code)
	}
}

// One who gives up while the issuer does not answer is not kept waiting by others who go on.
func TestOIDCDiscoveryIsWaitedForByEachAlone(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	asked, release := make(chan struct{}, 10), make(chan struct{})
	answer := i.Config.Handler
	i.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-release
		answer.ServeHTTP(w, r)
	})
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, account.Config{OIDC: account.OIDCConfig{Issuer: i.URL, Audience: "board"}}, true)
	token, patient := i.token(t, nil), make(chan error, 1)
	go func() {
		_, _, err := h.Verify(t.Context(), token)
		patient <- err
	}()
	<-asked
	ctx, giveUp := context.WithCancel(t.Context())
	giveUp()
	hasty := make(chan error, 1)
	go func() {
		_, _, err := h.Verify(ctx, token)
		hasty <- err
	}()
	select {
	case err := <-hasty:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("who gives up: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("who gives up waits for the issuer")
	}
	close(release)
	if err := <-patient; err != nil {
		t.Errorf("who waits: %v", err)
	}
	if n := len(asked); n > 1 { // of the keys; the discovery itself has been taken out
		t.Errorf("the issuer was asked %d times more", n)
	}
}

func newOIDCHouse(t *testing.T, i *issuer) *house {
	t.Helper()
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	return newHouse(t, db, account.Config{OIDC: account.OIDCConfig{Issuer: i.URL, Audience: "board"}}, true)
}

// Whoever sends tokens of keys that do not exist does not have us ask the issuer each time; a new key is known a little later.
func TestOIDCUnknownKeys(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	h := newOIDCHouse(t, i)
	status := func(token string) int { return h.call(t, "GET", "/api/v1/auth/me", token, "").Code }
	if got := status(i.token(t, nil)); got != 200 {
		t.Fatalf("status %d", got)
	}
	var group sync.WaitGroup
	for n := range 50 {
		token := i.tokenOf(t, "unknown"+strconv.Itoa(n), "JWT", nil)
		group.Go(func() {
			if got := status(token); got != 401 {
				t.Errorf("an unknown key: %d", got)
			}
		})
	}
	group.Wait()
	if n := i.asked.Load(); n != 1 {
		t.Errorf("the issuer was asked for its keys %d times, want once", n)
	}
	i.keyID.Store("rotated")
	h.clock.advance(31 * time.Second)
	if got := status(i.token(t, nil)); got != 200 || i.asked.Load() != 2 {
		t.Errorf("a new key: %d, after asking %d times", got, i.asked.Load())
	}
	old := i.tokenOf(t, "rotated", "JWT", jwt.MapClaims{"exp": time.Now().Add(3 * time.Hour).Unix()})
	i.keyID.Store("again")
	h.clock.advance(61 * time.Minute)
	if got := status(old); got != 401 {
		t.Errorf("a key that the issuer withdrew an hour ago: %d", got)
	}
}

// An issuer that sends too much, sends elsewhere or fails is one that does not answer.
func TestOIDCHostileIssuer(t *testing.T) {
	t.Parallel()
	elsewhere := newIssuer(t)
	for name, keys := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for n := 0; n < 64<<20; n += 1 << 16 {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
			t.Error("64 MB were read")
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/keys", http.StatusFound)
		},
		"failing": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "away", http.StatusBadGateway) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			h := newOIDCHouse(t, i)
			i.keys.Store(&keys)
			token := i.token(t, nil)
			for range 3 {
				if w := h.call(t, "GET", "/api/v1/auth/me", token, ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
					t.Errorf("status %d %s", w.Code, w.Body)
				}
			}
			if i.asked.Load() != 1 || elsewhere.asked.Load() != 0 {
				t.Errorf("asked %d times, and elsewhere %d times", i.asked.Load(), elsewhere.asked.Load())
			}
			i.keys.Store(nil)
			h.clock.advance(6 * time.Second)
			var code int
			for range 100 { // the moment after the request before, its failure is shared
				if code = h.call(t, "GET", "/api/v1/auth/me", token, "").Code; code == 200 {
					return
				}
			}
			t.Errorf("once it answers: %d", code)
		})
	}
}
