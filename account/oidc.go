package account

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"

	"github.com/callboard/callboard"
)

// OIDCConfig names an OpenID Connect issuer whose ID tokens are accepted. Their verified e-mail address must be that of an account,
// unless UserClaim lets in others.
type OIDCConfig struct {
	Issuer   string
	Audience string // the client ID that tokens are issued for
	// UserClaim is the claim, such as "sub", that holds the ID of users without an account, who are let in as users of an application.
	// Empty lets in nobody without an account.
	UserClaim string
}

const (
	oidcTimeout = 10 * time.Second // per request to the issuer
	oidcRetry   = 5 * time.Second  // after a request that failed
	oidcRenew   = time.Hour        // how long keys are trusted: one that the issuer has withdrawn is of no use after that
)

// oidcVerifier discovers its issuer with the first token, so that an issuer that is away keeps nothing from starting.
type oidcVerifier struct {
	cfg     OIDCConfig
	issuer  *issuerTransport
	now     func() time.Time
	current atomic.Pointer[discovery]

	group   singleflight.Group
	failed  error // of the last discovery; like retryAt it belongs to the one that runs
	retryAt time.Time
}

// discovery is what an issuer said of itself. The verifier keeps its keys.
type discovery struct {
	*oidc.IDTokenVerifier
	until time.Time
}

func newOIDCVerifier(cfg OIDCConfig, now func() time.Time) *oidcVerifier {
	return &oidcVerifier{cfg: cfg, now: now, issuer: &issuerTransport{now: now}}
}

// discovered returns the verifier. Callers share one discovery, for which each waits as long as its own context allows.
func (v *oidcVerifier) discovered(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	if d := v.current.Load(); d != nil && v.now().Before(d.until) {
		return d.IDTokenVerifier, nil
	}
	select {
	case result := <-v.group.DoChan("", v.discover):
		if result.Err != nil {
			return nil, issuerAway(result.Err)
		}
		return v.current.Load().IDTokenVerifier, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func issuerAway(cause error) error {
	return &callboard.Error{Code: callboard.CodeUnavailable, RetryAfter: oidcRetry, Err: cause,
		Message: "the identity provider does not answer"}
}

// discover asks the issuer, unless it has failed just now. It uses a context of its own: the provider keeps it for fetching
// keys later, beyond any one request.
func (v *oidcVerifier) discover() (any, error) {
	d, now := v.current.Load(), v.now()
	if d != nil && now.Before(d.until) || v.failed != nil && now.Before(v.retryAt) {
		return nil, v.failed
	}
	client := &http.Client{
		Timeout: oidcTimeout, Transport: v.issuer,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // where to is not ours to ask
	}
	var provider *oidc.Provider
	provider, v.failed = oidc.NewProvider(oidc.ClientContext(context.Background(), client), v.cfg.Issuer)
	if v.failed != nil {
		v.retryAt = now.Add(oidcRetry)
		return nil, v.failed
	}
	v.issuer.reset()
	v.current.Store(&discovery{provider.Verifier(&oidc.Config{ClientID: v.cfg.Audience, Now: v.now}), now.Add(oidcRenew)})
	return nil, nil
}

func (s *Service) verifyOIDC(ctx context.Context, raw string) (callboard.Actor, time.Time, error) {
	verifier, err := s.oidc.discovered(ctx)
	if err != nil {
		return callboard.Actor{}, time.Time{}, err
	}
	token, err := verifier.Verify(ctx, raw)
	_, expired := errors.AsType[*oidc.TokenExpiredError](err)
	switch {
	case ctx.Err() != nil:
		return callboard.Actor{}, time.Time{}, ctx.Err()
	case err != nil && !expired && s.oidc.issuer.away(): // its key could not be asked for
		return callboard.Actor{}, time.Time{}, issuerAway(err)
	case err != nil:
		return callboard.Actor{}, time.Time{}, invalidCredential(err)
	}
	actor, err := s.verifyIDToken(ctx, raw, token)
	actor.Expires = token.Expiry.UTC()
	return actor, actor.Expires, err
}

// idClaims are what of an ID token says who it is about, and for whom it was made.
type idClaims struct {
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	Party    string `json:"azp"`
	Type     string `json:"typ"` // of Keycloak
	profile
}

// verifyIDToken returns who a token is about whose signature was verified. It must be an ID token that was made for us: the issuer
// may sign others with the same key, such as for another client that may name us as an audience, or for refreshing.
func (s *Service) verifyIDToken(ctx context.Context, raw string, token *oidc.IDToken) (callboard.Actor, error) {
	var c idClaims
	if err := token.Claims(&c); err != nil {
		return callboard.Actor{}, invalidCredential(err)
	}
	parsed, _, err := s.jwt.ParseUnverified(raw, &claims{})
	if err != nil {
		return callboard.Actor{}, invalidCredential(err)
	}
	typ, _ := parsed.Header["typ"].(string)
	switch {
	case typ != "" && !strings.EqualFold(typ, "JWT"), c.Type != "" && c.Type != "ID":
		return callboard.Actor{}, invalidCredential(errors.New("the token is no ID token"))
	case c.Party != "" && c.Party != s.oidc.cfg.Audience, c.Party == "" && len(token.Audience) > 1:
		return callboard.Actor{}, invalidCredential(errors.New("the token was made for another party"))
	case !c.Verified || c.Email == "":
		return s.withoutAccount(ctx, token, c.profile)
	}
	user, err := findUser(ctx, s.db, "email", normalEmail(c.Email), "")
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return s.withoutAccount(ctx, token, c.profile)
	}
	return activeActor(user, err)
}

// withoutAccount returns the actor for somebody whom the issuer knows and who has no account. The ID is never taken for that of an
// account: at some issuers people choose what is in a claim.
func (s *Service) withoutAccount(ctx context.Context, token *oidc.IDToken, p profile) (callboard.Actor, error) {
	if s.oidc.cfg.UserClaim == "" {
		return callboard.Actor{}, invalidCredential(errors.New("the token has no verified e-mail address of a user"))
	}
	var all map[string]any
	if err := token.Claims(&all); err != nil {
		return callboard.Actor{}, invalidCredential(err)
	}
	id, _ := all[s.oidc.cfg.UserClaim].(string)
	if !callboard.ValidUserID(id) {
		return callboard.Actor{}, invalidCredential(errors.New("the claim holds no ID of a user"))
	}
	actor, err := s.externalActor(ctx, id, p, true)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		err = invalidCredential(err)
	}
	return actor, err
}
