package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
)

// Audiences of our own tokens. A token without audience is for REST and sockets alike.
const (
	audience       = "callboard"
	audienceSocket = "callboard:socket"
)

const (
	socketTokenLife = 10 * time.Minute
	clockSkew       = 30 * time.Second
	maxJWT          = 8 << 10 // bytes
)

// claims of an HS256 token. Whoever shares the secret may issue tokens with a subject, the ID of a user, and an expiry. The profile
// is that of a user of an application; an account has its own.
type claims struct {
	jwt.RegisteredClaims
	profile
	// Credential and Service are of socket tokens only: what the token was made from.
	Credential string `json:"cred,omitempty"`
	Service    bool   `json:"svc,omitempty"`
}

func (c *claims) forSocket() bool { return slices.Contains(c.Audience, audienceSocket) }

// acceptable reports whether the token is meant for the place where it is shown.
func (c *claims) acceptable(where place) bool {
	return len(c.Audience) == 0 || slices.Contains(c.Audience, audience) || where == onSocket && c.forSocket()
}

func newJWTParser(now func() time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), // never what the token itself asks for
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(clockSkew), jwt.WithTimeFunc(now),
	)
}

func (s *Service) verifyJWT(ctx context.Context, raw string, where place) (callboard.Actor, time.Time, error) {
	if len(raw) > maxJWT {
		return callboard.Actor{}, time.Time{}, invalidCredential(nil)
	}
	if s.oidc != nil && !s.signedByUs(raw) {
		return s.verifyOIDC(ctx, raw)
	}
	var c claims
	_, err := s.jwt.ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) { return s.jwtSecret, nil })
	switch {
	case err != nil:
		return callboard.Actor{}, time.Time{}, invalidCredential(err)
	case !callboard.ValidUserID(c.Subject):
		return callboard.Actor{}, time.Time{}, invalidCredential(errors.New("the subject is not the ID of a user"))
	case !c.acceptable(where):
		return callboard.Actor{}, time.Time{}, invalidCredential(errors.New("the token is for another audience"))
	}
	actor, err := s.subject(ctx, c.Subject, c.profile, !c.forSocket())
	if err != nil {
		return callboard.Actor{}, time.Time{}, err
	}
	actor.Expires = c.ExpiresAt.UTC()
	if c.forSocket() {
		actor.Credential, actor.Service = c.Credential, c.Service
		if c.Credential != "" {
			if err := s.checkCredential(ctx, c.Credential); err != nil {
				return callboard.Actor{}, time.Time{}, err
			}
		}
	}
	// A token holds as long as the parser takes it, for a connection too: else one would be ended and let in again until then.
	return actor, c.ExpiresAt.Add(clockSkew).UTC(), nil
}

// signedByUs reports whether a token claims to be signed the way ours are. It decides only who verifies it.
func (s *Service) signedByUs(raw string) bool {
	token, _, err := s.jwt.ParseUnverified(raw, &claims{})
	return err == nil && token.Method == jwt.SigningMethodHS256
}

// IssueSocketToken makes a token with which the actor can open sockets, but not call REST, for ten minutes at most. It ends
// with the credential that it was made from.
func (s *Service) IssueSocketToken(_ context.Context, actor callboard.Actor) (token string, expires time.Time, err error) {
	now := s.now()
	expires = now.Add(socketTokenLife)
	if !actor.Expires.IsZero() && actor.Expires.Before(expires) {
		expires = actor.Expires
	}
	expires = expires.Truncate(time.Second)
	token, err = s.sign(&claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: actor.ID, Audience: jwt.ClaimStrings{audienceSocket},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
		},
		profile:    profile{Name: texts{actor.Name}, Role: texts{string(actor.Role)}},
		Credential: actor.Credential, Service: actor.Service,
	})
	return token, expires, err
}

func (s *Service) sign(c jwt.Claims) (string, error) {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.jwtSecret)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}
