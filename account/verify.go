package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
)

// usedEvery is how often the use of a token is noted.
const usedEvery = time.Minute

// place is where a credential is shown.
type place int

const (
	onREST place = iota
	onSocket
)

// Authenticate returns who sends a request: by the session cookie, or by an API token or JWT in the Authorization header,
// which goes first. Without either it returns the zero Actor and no error.
func (s *Service) Authenticate(r *http.Request) (callboard.Actor, error) {
	credential, err := requestCredential(r)
	if credential == "" || err != nil {
		return callboard.Actor{}, err
	}
	actor, _, err := s.verify(r.Context(), credential, onREST)
	return actor, err
}

// RequestCredential returns the credential that the request itself carries, in a cookie or the Authorization header, or
// "". It is for Verify.
func (s *Service) RequestCredential(r *http.Request) string {
	credential, err := requestCredential(r)
	if err != nil {
		return "malformed" // nothing that verifies
	}
	return credential
}

func requestCredential(r *http.Request) (string, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, credential, _ := strings.Cut(header, " ")
		credential = strings.TrimSpace(credential)
		if !strings.EqualFold(scheme, "Bearer") || credential == "" || strings.HasPrefix(credential, sessionPrefix) {
			return "", callboard.Errorf(callboard.CodeUnauthenticated, "send Authorization: Bearer with an API token or a JWT")
		}
		return credential, nil
	}
	if cookie, err := r.Cookie(CookieName); err == nil {
		return cookie.Value, nil
	}
	return "", nil
}

// Verify returns whose the credential of a socket is (a session, an API token or a JWT, also one that IssueSocketToken
// made) and until when it holds; a zero time means until revoked. A credential that does not hold is an error with
// CodeUnauthenticated; any other error means that it could not be checked now.
func (s *Service) Verify(ctx context.Context, credential string) (callboard.Actor, time.Time, error) {
	return s.verify(ctx, credential, onSocket)
}

func (s *Service) verify(ctx context.Context, credential string, where place) (callboard.Actor, time.Time, error) {
	switch {
	case strings.HasPrefix(credential, tokenPrefix):
		return s.verifyToken(ctx, credential)
	case strings.HasPrefix(credential, sessionPrefix):
		return s.verifySession(ctx, credential)
	case strings.Count(credential, ".") == 2:
		return s.verifyJWT(ctx, credential, where)
	}
	return callboard.Actor{}, time.Time{}, invalidCredential(nil)
}

// invalidCredential is one error for all that can be wrong, so that it tells a guesser nothing.
func invalidCredential(cause error) error {
	return callboard.Wrap(cause, callboard.CodeUnauthenticated, "the credential is not valid, or no longer; sign in again")
}

func (s *Service) verifyToken(ctx context.Context, secret string) (callboard.Actor, time.Time, error) {
	var (
		actor         callboard.Actor
		expires, used sqldb.Time
	)
	err := s.db.QueryRowContext(ctx, `SELECT u.id, u.name, u.role, t.id, t.service, t.expires_at, t.last_used_at
		FROM api_tokens t JOIN users u ON u.id = t.user_id
		WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL`, hashSecret(secret),
	).Scan(&actor.ID, &actor.Name, &actor.Role, &actor.Credential, &actor.Service, &expires, &used)
	if err != nil {
		return callboard.Actor{}, time.Time{}, lookupError(err)
	}
	now := s.now()
	if !expires.IsZero() && !now.Before(expires.Time) {
		return callboard.Actor{}, time.Time{}, invalidCredential(nil)
	}
	if now.Sub(used.Time) >= usedEvery {
		s.uses.noteToken(actor.Credential, now)
	}
	return actor, expires.Time, nil
}

func (s *Service) verifySession(ctx context.Context, secret string) (callboard.Actor, time.Time, error) {
	var (
		actor            callboard.Actor
		renewed, expires sqldb.Time
	)
	err := s.db.QueryRowContext(ctx, `SELECT u.id, u.name, u.role, s.id, s.renewed_at, s.expires_at
		FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = $1 AND u.disabled_at IS NULL`, hashSecret(secret),
	).Scan(&actor.ID, &actor.Name, &actor.Role, &actor.Credential, &renewed, &expires)
	if err != nil {
		return callboard.Actor{}, time.Time{}, lookupError(err)
	}
	now := s.now()
	if !now.Before(expires.Time) {
		return callboard.Actor{}, time.Time{}, invalidCredential(nil)
	}
	if now.Sub(renewed.Time) >= sessionRenew {
		s.uses.noteSession(actor.Credential, now)
	}
	return actor, expires.Time, nil
}

func lookupError(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return invalidCredential(nil)
	}
	return fmt.Errorf("look up a credential: %w", err)
}

// verifyUser returns the actor for a user who was named by a JWT.
func (s *Service) verifyUser(ctx context.Context, column, value string) (callboard.Actor, error) {
	user, err := findUser(ctx, s.db, column, value, "")
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return callboard.Actor{}, invalidCredential(err)
	}
	if err != nil {
		return callboard.Actor{}, err
	}
	if user.Disabled {
		return callboard.Actor{}, invalidCredential(errors.New("the user is disabled"))
	}
	return user.Actor(), nil
}

// holds returns an error unless the session or token with the given ID, which a socket token was made from, still stands.
func (s *Service) holds(ctx context.Context, credentialID string) error {
	var one int
	err := s.db.QueryRowContext(ctx, `SELECT 1 FROM sessions WHERE id = $1 AND expires_at > $2
		UNION ALL SELECT 1 FROM api_tokens WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
		credentialID, sqldb.Time{Time: s.now()}).Scan(&one)
	if err != nil {
		return lookupError(err)
	}
	return nil
}
