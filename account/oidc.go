package account

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

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
	cfg    OIDCConfig
	client *http.Client
	now    func() time.Time

	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier
	failed   error
	retryAt  time.Time
}

func newOIDCVerifier(cfg OIDCConfig, now func() time.Time) *oidcVerifier {
	return &oidcVerifier{cfg: cfg, client: &http.Client{Timeout: oidcTimeout}, now: now}
}

// discovered returns the verifier. Callers wait for one discovery, and after a failed one are told so at once for a while.
func (v *oidcVerifier) discovered() (*oidc.IDTokenVerifier, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.verifier != nil {
		return v.verifier, nil
	}
	if v.failed == nil || !v.now().Before(v.retryAt) {
		v.discover()
	}
	if v.failed != nil {
		return nil, &callboard.Error{Code: callboard.CodeUnavailable, RetryAfter: oidcRetry, Err: v.failed,
			Message: "the identity provider does not answer"}
	}
	return v.verifier, nil
}

// discover uses a context of its own: the provider keeps it for fetching keys later, beyond any one request.
func (v *oidcVerifier) discover() {
	provider, err := oidc.NewProvider(oidc.ClientContext(context.Background(), v.client), v.cfg.Issuer)
	v.failed = err
	if err != nil {
		v.retryAt = v.now().Add(oidcRetry)
		return
	}
	v.verifier = provider.Verifier(&oidc.Config{ClientID: v.cfg.Audience, Now: v.now})
}

func (s *Service) verifyOIDC(ctx context.Context, raw string) (callboard.Actor, time.Time, error) {
	verifier, err := s.oidc.discovered()
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
