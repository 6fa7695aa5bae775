package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	attemptLife     = 10 * time.Minute
	maxAttempts     = 8    // of a browser at once: each is a cookie
	maxReturnTo     = 2000 // characters
	audienceAttempt = "callboard:sign-in"
	attemptPrefix   = "callboard_sign_in_"
)

// attempt is a sign-in at the provider that is under way. Nothing is kept of it but in a cookie of the browser, signed, so that only the
// browser that began it can end it. Its ID is the state.
type attempt struct {
	jwt.RegisteredClaims
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
	ReturnTo string `json:"return_to"`
}

// attemptCookie returns the name of the cookie of an attempt: one for each, so that tabs do not undo each other.
func attemptCookie(state string) string { return attemptPrefix + hashSecret(state)[:16] }

// readAttempt returns the attempt in a cookie, for the state that the provider has sent back.
func (s *Service) readAttempt(cookie, state string) (attempt, error) {
	var a attempt
	if state == "" || len(cookie) > maxJWT {
		return a, errors.New("no attempt of this browser")
	}
	_, err := s.jwt.ParseWithClaims(cookie, &a, func(*jwt.Token) (any, error) { return s.jwtSecret, nil })
	switch {
	case err != nil:
		return attempt{}, err
	case !slices.Contains(a.Audience, audienceAttempt) || subtle.ConstantTimeCompare([]byte(a.ID), []byte(state)) == 0:
		return attempt{}, errors.New("the cookie is of another attempt")
	}
	return a, nil
}

// useAttempt lets an attempt come back once, on whichever node, also when that comes to nothing.
func (s *Service) useAttempt(ctx context.Context, a attempt) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_used_sign_ins (state_hash, expires_at) VALUES ($1, $2)`,
			hashSecret(a.ID), sqldb.Time{Time: a.ExpiresAt.Add(clockSkew)})
		switch {
		case sqldb.IsUniqueViolation(err):
			return callboard.Wrap(err, callboard.CodeConflict, "this sign-in has come back before")
		case err != nil:
			return fmt.Errorf("note a sign-in that came back: %w", err)
		}
		return nil
	})
}

// localPath returns where to go on, as it can stand in a Location header, and whether it is a path of the board. Browsers take a backslash
// for a slash, drop control characters and resolve dots: whatever they might take for another host is none.
func localPath(to string) (string, bool) {
	if to == "" {
		return "/", true
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	clean := path.Clean(u.Path)
	ok := strings.HasPrefix(u.Path, "/") && (u.Path == clean || u.Path == clean+"/") && !strings.ContainsRune(u.Path, '\\') && soundText(to) && soundText(u.Path) &&
		len([]rune(to)) <= maxReturnTo && !strings.HasPrefix(u.Path, "/api/") && !strings.HasPrefix(u.Path+"/", "/sign-in/")
	return u.String(), ok
}
