package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	usedEvery = time.Minute // how often the use of a token is written

	// recentFor is how long REST trusts what it found out about an API token or a session: a change of accounts that another
	// process has made holds after this time at the latest, one of this process at once.
	recentFor      = time.Second
	maxRecent      = 10_000 // credentials
	maxRecentBytes = 8 << 20
)

// credentialStatus is what the database says of a credential.
type credentialStatus struct {
	actor    callboard.Actor
	session  bool      // else it is an API token
	expires  time.Time // zero: never
	lastUsed time.Time // as the database has it
}

// size returns about how many bytes c takes.
func (c credentialStatus) size() int { return 256 + len(c.actor.Name) }

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
	case strings.HasPrefix(credential, tokenPrefix), strings.HasPrefix(credential, sessionPrefix):
		return s.verifyStored(ctx, credential, where)
	case strings.Count(credential, ".") == 2:
		return s.verifyJWT(ctx, credential, where)
	}
	return callboard.Actor{}, time.Time{}, invalidCredential(nil)
}

// invalidCredential is one error for all that can be wrong, so that it tells a guesser nothing.
func invalidCredential(cause error) error {
	return callboard.Wrap(cause, callboard.CodeUnauthenticated, "the credential is not valid, or no longer; sign in again")
}

// verifyStored verifies a credential that the database knows. A socket lasts, so for one it is always asked anew: what REST
// trusts for a moment would let a client whose connection was ended for a revoked credential straight back in.
func (s *Service) verifyStored(ctx context.Context, secret string, where place) (callboard.Actor, time.Time, error) {
	hash, now := hashSecret(secret), s.now()
	status, generation, ok := s.recent.Get(hash, now)
	if !ok || where == onSocket {
		var err error
		if status, err = s.lookUpCredential(ctx, hash, strings.HasPrefix(secret, sessionPrefix)); err != nil {
			if ok {
				s.recent.Forget(hash)
			}
			return callboard.Actor{}, time.Time{}, lookupError(err)
		}
		s.recent.Put(hash, generation, status, now)
	}
	if !status.expires.IsZero() && !now.Before(status.expires) {
		return callboard.Actor{}, time.Time{}, invalidCredential(nil)
	}
	every, used := usedEvery, &s.usedTokens
	if status.session {
		every, used = sessionRenew, &s.usedSessions
	}
	if now.Sub(status.lastUsed) >= every {
		used.add(status.actor.Credential)
	}
	return status.actor, status.expires, nil
}

func (s *Service) lookUpCredential(ctx context.Context, hash string, session bool) (credentialStatus, error) {
	query := `SELECT u.id, u.name, u.role, t.id, t.service, CASE WHEN t.service THEN t.name ELSE '' END, t.scopes, t.expires_at, t.last_used_at
		FROM callboard_api_tokens t JOIN callboard_users u ON u.id = t.user_id
		WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL`
	if session {
		query = `SELECT u.id, u.name, u.role, s.id, FALSE, '', '', s.expires_at, s.renewed_at
			FROM callboard_sessions s JOIN callboard_users u ON u.id = s.user_id
			WHERE s.token_hash = $1 AND u.disabled_at IS NULL`
	}
	var (
		actor             callboard.Actor
		expires, lastUsed sqldb.Time
	)
	err := s.db.QueryRowContext(ctx, query, hash).Scan(&actor.ID, &actor.Name, &actor.Role, &actor.Credential, &actor.Service,
		&actor.Application, &actor.Scopes, &expires, &lastUsed)
	actor.Session, actor.Expires = session, expires.Time
	return credentialStatus{actor, session, expires.Time, lastUsed.Time}, err
}

func lookupError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return invalidCredential(nil)
	}
	return fmt.Errorf("look up a credential: %w", err)
}

// activeActor returns the user that was found as one who acts, unless it is disabled.
func activeActor(user User, err error) (callboard.Actor, error) {
	switch {
	case callboard.CodeOf(err) == callboard.CodeNotFound:
		return callboard.Actor{}, invalidCredential(err)
	case err != nil:
		return callboard.Actor{}, err
	case user.Disabled:
		return callboard.Actor{}, invalidCredential(errors.New("the user is disabled"))
	}
	return user.Actor(), nil
}

// checkCredential returns an error unless the session or token with the given ID, which a socket token was made from, is
// still valid.
func (s *Service) checkCredential(ctx context.Context, credentialID string) error {
	var one int
	err := s.db.QueryRowContext(ctx, `SELECT 1 FROM callboard_sessions WHERE id = $1 AND expires_at > $2
		UNION ALL SELECT 1 FROM callboard_api_tokens WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
		credentialID, sqldb.Time{Time: s.now()}).Scan(&one)
	return lookupError(err)
}
