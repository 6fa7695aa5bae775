package account

import (
	"context"
	"fmt"
	"time"

	"callboard"
	"callboard/sqldb"
)

// CookieName is the name of the session cookie.
const CookieName = "callboard_session"

const (
	sessionLife  = 30 * 24 * time.Hour // since the session was last renewed
	sessionRenew = 24 * time.Hour      // a session in use is renewed at most this often
)

func (s *Service) openSession(ctx context.Context, tx *sqldb.Tx, userID string) (secret string, err error) {
	secret = newSecret(sessionPrefix)
	now, request := s.now(), callboard.RequestFrom(ctx)
	_, err = tx.ExecContext(ctx, `INSERT INTO sessions
		(id, user_id, token_hash, ip, user_agent, created_at, renewed_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
		callboard.NewID(), userID, hashSecret(secret), request.IP, request.UserAgent,
		sqldb.Time{Time: now}, sqldb.Time{Time: now.Add(sessionLife)})
	if err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	return secret, nil
}

// Logout ends the session that the actor of ctx signed in with. An actor with another credential has none to end:
// CodeConflict.
func (s *Service) Logout(ctx context.Context) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		actor := callboard.ActorFrom(ctx)
		user, err := findUser(ctx, tx, "id", actor.ID, "")
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1 AND user_id = $2`, actor.Credential, actor.ID)
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return callboard.Wrap(err, callboard.CodeConflict, "this is not a session; revoke the token instead")
		}
		return s.emit(ctx, tx, callboard.CredentialRevoked, user, nil)
	})
}

// deleteSessionsOf ends the sessions of a user, but for the one with the ID keep.
func deleteSessionsOf(ctx context.Context, tx *sqldb.Tx, userID, keep string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, userID, keep)
	if err != nil {
		return fmt.Errorf("end the sessions of a user: %w", err)
	}
	return nil
}
