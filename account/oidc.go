package account

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"

	"callboard"
)

// OIDCConfig names an OpenID Connect issuer whose ID tokens are accepted. Their verified e-mail address must be that of a
// user.
type OIDCConfig struct {
	Issuer   string
	Audience string // the client ID that tokens are issued for
}

const (
	oidcTimeout = 10 * time.Second // per request to the issuer
	oidcRetry   = 5 * time.Second  // after a failed discovery
)

// oidcVerifier discovers its issuer with the first token, so that an issuer that is away keeps nothing from starting.
type oidcVerifier struct {
	cfg      OIDCConfig
	client   *http.Client
	now      func() time.Time
	verifier atomic.Pointer[oidc.IDTokenVerifier]

	discovery singleflight.Group
	failed    error // of the last discovery; like retryAt it belongs to the one that runs
	retryAt   time.Time
}

// discovered returns the verifier. Callers share one discovery, for which each waits as long as its own context allows.
func (v *oidcVerifier) discovered(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	if verifier := v.verifier.Load(); verifier != nil {
		return verifier, nil
	}
	select {
	case result := <-v.discovery.DoChan("", v.discover):
		if result.Err != nil {
			return nil, &callboard.Error{Code: callboard.CodeUnavailable, RetryAfter: oidcRetry, Err: result.Err,
				Message: "the identity provider does not answer"}
		}
		return v.verifier.Load(), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// discover asks the issuer, unless it has failed just now. It uses a context of its own: the provider keeps it for fetching
// keys later, beyond any one request.
func (v *oidcVerifier) discover() (any, error) {
	if v.verifier.Load() != nil || v.failed != nil && v.now().Before(v.retryAt) {
		return nil, v.failed
	}
	var provider *oidc.Provider
	provider, v.failed = oidc.NewProvider(oidc.ClientContext(context.Background(), v.client), v.cfg.Issuer)
	if v.failed != nil {
		v.retryAt = v.now().Add(oidcRetry)
		return nil, v.failed
	}
	v.verifier.Store(provider.Verifier(&oidc.Config{ClientID: v.cfg.Audience, Now: v.now}))
	return nil, nil
}

func (s *Service) verifyOIDC(ctx context.Context, raw string) (callboard.Actor, time.Time, error) {
	verifier, err := s.oidc.discovered(ctx)
	if err != nil {
		return callboard.Actor{}, time.Time{}, err
	}
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return callboard.Actor{}, time.Time{}, invalidCredential(err)
	}
	var c struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := token.Claims(&c); err != nil {
		return callboard.Actor{}, time.Time{}, invalidCredential(err)
	}
	if !c.Verified || c.Email == "" {
		return callboard.Actor{}, time.Time{}, invalidCredential(errors.New("the token has no verified e-mail address"))
	}
	actor, err := s.verifyUser(ctx, "email", NormalEmail(c.Email))
	return actor, token.Expiry.UTC(), err
}
