package account_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"callboard/account"
	"callboard/internal/httpapi"
	"callboard/outbox"
	"callboard/sqldb/sqldbtest"
)

// issuer is an OpenID Connect provider that can be away.
type issuer struct {
	*httptest.Server
	key  *rsa.PrivateKey
	away atomic.Bool
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
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
		answer = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (i *issuer) token(t *testing.T, change jwt.MapClaims) string {
	t.Helper()
	claims := jwt.MapClaims{"iss": i.URL, "aud": "board", "sub": "someone", "exp": time.Now().Add(time.Hour).Unix(),
		"email": "Editor@example.org", "email_verified": true}
	for name, value := range change {
		claims[name] = value
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = "k"
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
	}
	for _, tt := range tests {
		if w := h.call(t, "GET", "/api/v1/auth/me", i.token(t, tt.claims), ""); w.Code != tt.status {
			t.Errorf("%s: %d, want %d: %s", tt.name, w.Code, tt.status, w.Body)
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
