package account

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

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
	// VerifiedClaim is the claim that says that the issuer has verified the e-mail address; empty means email_verified.
	VerifiedClaim string
	// SignIn, when it has a PublicURL, lets people sign in at the issuer.
	SignIn OIDCSignIn
}

const (
	oidcTimeout = 10 * time.Second // per request to the issuer
	oidcRetry   = 5 * time.Second  // after a request that failed
	oidcRenew   = time.Hour        // how long keys are trusted: one that the issuer has withdrawn is of no use after that
)

// oidcVerifier discovers its issuer with the first token, so that an issuer that is away keeps nothing from starting.
type oidcVerifier struct {
	cfg     OIDCConfig
	roles   roleMap
	issuer  *issuerTransport
	channel *http.Client // for what is asked of the issuer while somebody signs in
	now     func() time.Time
	current atomic.Pointer[discovery]

	group   singleflight.Group
	failed  error // of the last discovery; like retryAt it belongs to the one that runs
	retryAt time.Time
}

// discovery is what an issuer said of itself. The verifiers keep its keys.
type discovery struct {
	*oidc.IDTokenVerifier
	provider *oidc.Provider
	fresh    *oidc.IDTokenVerifier // of tokens that come from the issuer itself: their times are looked at apart
	metadata metadata
	until    time.Time
}

func newOIDCVerifier(cfg OIDCConfig, now func() time.Time) (*oidcVerifier, error) {
	roles, err := parseRoles(cfg.SignIn.Roles)
	if err != nil {
		return nil, err
	}
	cfg.VerifiedClaim = cmp.Or(cfg.VerifiedClaim, "email_verified")
	return &oidcVerifier{
		cfg: cfg, roles: roles, now: now, issuer: &issuerTransport{now: now}, channel: issuerClient(boundedTransport{http.DefaultTransport}),
	}, nil
}

// issuerClient asks an issuer.
func issuerClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Timeout: oidcTimeout, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // where to is not ours to ask
	}
}

// discovered returns what the issuer said. Callers share one discovery, for which each waits as long as its own context allows.
func (v *oidcVerifier) discovered(ctx context.Context) (*discovery, error) {
	if d := v.current.Load(); d != nil && v.now().Before(d.until) {
		return d, nil
	}
	select {
	case result := <-v.group.DoChan("", v.discover):
		if result.Err != nil {
			return nil, issuerAway(result.Err)
		}
		return v.current.Load(), nil
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
	var provider *oidc.Provider
	var said metadata
	provider, v.failed = oidc.NewProvider(oidc.ClientContext(context.Background(), issuerClient(v.issuer)), v.cfg.Issuer)
	if v.failed == nil {
		v.failed = errors.Join(provider.Claims(&said), checkEndpoints(v.cfg.Issuer, provider))
	}
	if v.failed != nil {
		v.retryAt = now.Add(oidcRetry)
		return nil, v.failed
	}
	v.issuer.reset()
	v.current.Store(&discovery{
		IDTokenVerifier: provider.Verifier(&oidc.Config{ClientID: v.cfg.Audience, Now: v.now}),
		fresh:           provider.Verifier(&oidc.Config{ClientID: v.cfg.Audience, Now: v.now, SkipExpiryCheck: true}),
		provider:        provider, metadata: said, until: now.Add(oidcRenew),
	})
	return nil, nil
}

// AskIssuer returns an error when an OpenID Connect issuer does not say what it is.
func AskIssuer(ctx context.Context, issuer string, by http.RoundTripper) error {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, issuerClient(boundedTransport{by})), issuer)
	if err != nil {
		return err
	}
	return checkEndpoints(issuer, provider)
}

// checkEndpoints refuses an issuer that sends people, codes or tokens to where they are less safe than at the issuer itself.
func checkEndpoints(issuer string, provider *oidc.Provider) error {
	at := provider.Endpoint()
	for _, endpoint := range []string{at.AuthURL, at.TokenURL, provider.UserInfoEndpoint()} {
		plain := strings.HasPrefix(issuer, "http://") && strings.HasPrefix(endpoint, "http://")
		if endpoint != "" && !plain && !strings.HasPrefix(endpoint, "https://") {
			return errors.New("the issuer names an endpoint that is not https")
		}
	}
	return nil
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
	Party string `json:"azp"`
	Type  string `json:"typ"` // of Keycloak
	profile
	all map[string]any
}

// readIDToken returns the claims of a token whose signature was verified. It must be an ID token that was made for us: the issuer may
// sign others with the same key, such as for another client that may name us as an audience, or for refreshing.
func (s *Service) readIDToken(raw string, token *oidc.IDToken) (c idClaims, err error) {
	if err := errors.Join(token.Claims(&c), token.Claims(&c.all)); err != nil {
		return c, err
	}
	parsed, _, err := s.jwt.ParseUnverified(raw, &claims{})
	if err != nil {
		return c, err
	}
	typ, _ := parsed.Header["typ"].(string)
	switch {
	case typ != "" && !strings.EqualFold(typ, "JWT"), c.Type != "" && c.Type != "ID":
		return c, errors.New("the token is no ID token")
	case c.Party != "" && c.Party != s.oidc.cfg.Audience, c.Party == "" && len(token.Audience) > 1:
		return c, errors.New("the token was made for another party")
	}
	return c, nil
}

// verifiedEmail returns the e-mail address among claims that the issuer has verified, or "".
func (v *oidcVerifier) verifiedEmail(claims map[string]any) string {
	email, _ := claims["email"].(string)
	switch claims[v.cfg.VerifiedClaim] {
	case true, "true", float64(1), "1": // some issuers have no other word for it
		// Lower case makes some letters into others: the Kelvin sign into k. Whose address has such a one has another address.
		changed := func(r rune) bool { return r >= utf8.RuneSelf && unicode.ToLower(r) != r }
		if !strings.ContainsFunc(email, changed) {
			return normalEmail(email)
		}
	}
	return ""
}

// verifyIDToken returns who a token is about whose signature was verified.
func (s *Service) verifyIDToken(ctx context.Context, raw string, token *oidc.IDToken) (callboard.Actor, error) {
	c, err := s.readIDToken(raw, token)
	if err != nil {
		return callboard.Actor{}, invalidCredential(err)
	}
	user, _, err := s.findIdentified(ctx, s.db, token.Subject, s.oidc.verifiedEmail(c.all))
	switch callboard.CodeOf(err) {
	case callboard.CodeNotFound:
		return s.withoutAccount(ctx, c)
	case callboard.CodeConflict:
		return callboard.Actor{}, invalidCredential(err)
	}
	return activeActor(user, err)
}

// withoutAccount returns the actor for somebody whom the issuer knows and who has no account. The ID is never taken for that of an
// account: at some issuers people choose what is in a claim.
func (s *Service) withoutAccount(ctx context.Context, c idClaims) (callboard.Actor, error) {
	if s.oidc.cfg.UserClaim == "" {
		return callboard.Actor{}, invalidCredential(errors.New("the token has no verified e-mail address of a user"))
	}
	id, _ := c.all[s.oidc.cfg.UserClaim].(string)
	if !callboard.ValidUserID(id) {
		return callboard.Actor{}, invalidCredential(errors.New("the claim holds no ID of a user"))
	}
	actor, err := s.externalActor(ctx, id, c.profile, true)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		err = invalidCredential(err)
	}
	return actor, err
}
