package account

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// CookieName is the name of the session cookie.
const CookieName = "callboard_session"

const (
	sessionLife  = 30 * 24 * time.Hour // since the session was last renewed
	sessionRenew = 24 * time.Hour      // a session in use is renewed at most this often
)

// openSession opens a session of a user who has just signed in, as data tells.
func (s *Service) openSession(ctx context.Context, tx *sqldb.Tx, user User, data callboard.SignInData) (secret string, err error) {
	secret = newSecret(sessionPrefix)
	now, request := s.now(), callboard.RequestFrom(ctx)
	_, err = tx.ExecContext(ctx, `INSERT INTO callboard_sessions
		(id, user_id, token_hash, ip, user_agent, created_at, renewed_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
		callboard.NewID(), user.ID, hashSecret(secret), request.IP, request.UserAgent,
		sqldb.Time{Time: now}, sqldb.Time{Time: now.Add(sessionLife)})
	if err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE callboard_users SET last_sign_in_at = $1 WHERE id = $2`, sqldb.Time{Time: now}, user.ID)
	if err != nil {
		return "", fmt.Errorf("note a sign-in: %w", err)
	}
	return secret, note(ctx, s, tx, callboard.SignedIn, user, data)
}

// Session is a browser in which a user is signed in, without its secret.
type Session struct {
	ID         string    `json:"id" doc:"ID of the session."`
	IP         string    `json:"ip" doc:"Address of the caller when it signed in."`
	UserAgent  string    `json:"user_agent" doc:"As the browser named itself."`
	CreatedAt  time.Time `json:"created_at" doc:"When the user signed in."`
	LastUsedAt time.Time `json:"last_used_at" doc:"To the day."`
	ExpiresAt  time.Time `json:"expires_at" doc:"Unless it is used before."`
	Current    bool      `json:"current" doc:"The one that this request came with."`
}

// ListSessions returns the sessions of the actor of ctx, newest first.
func (s *Service) ListSessions(ctx context.Context, page callboard.Page) (callboard.List[Session], error) {
	before := "~" // sorts after every ID
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Session]{}, err
		}
	}
	actor := callboard.ActorFrom(ctx)
	rows, err := s.db.QueryContext(ctx, `SELECT id, ip, user_agent, created_at, renewed_at, expires_at FROM callboard_sessions
		WHERE user_id = $1 AND expires_at > $2 AND id < $3 ORDER BY id DESC LIMIT $4`,
		actor.ID, sqldb.Time{Time: s.now()}, before, page.Size()+1)
	sessions, err := sqldb.Collect(rows, err, "list sessions", func(row sqldb.Scanner) (v Session, err error) {
		var created, renewed, expires sqldb.Time
		err = row.Scan(&v.ID, &v.IP, &v.UserAgent, &created, &renewed, &expires)
		v.CreatedAt, v.LastUsedAt, v.ExpiresAt, v.Current = created.Time, renewed.Time, expires.Time, v.ID == actor.Credential
		return v, err
	})
	if err != nil {
		return callboard.List[Session]{}, err
	}
	return callboard.NewList(sessions, page.Size(), func(v Session) any { return v.ID }), nil
}

// EndSession ends a session of the actor of ctx, with its sockets. One of somebody else is CodeNotFound.
func (s *Service) EndSession(ctx context.Context, id string) error {
	return s.endSessions(ctx, callboard.NotFound("session"), `id = $2`, id)
}

// EndSessions ends all sessions of the actor of ctx, with their sockets: signed out everywhere.
func (s *Service) EndSessions(ctx context.Context) error { return s.endSessions(ctx, nil, `TRUE`) }

// EndOtherSessions ends all sessions of the actor of ctx but the one that it signed in with.
func (s *Service) EndOtherSessions(ctx context.Context) error {
	return s.endSessions(ctx, nil, `id <> $2`, callboard.ActorFrom(ctx).Credential)
}

// Logout ends the session that the actor of ctx signed in with. An actor with another credential has none to end:
// CodeConflict.
func (s *Service) Logout(ctx context.Context) error {
	none := callboard.Errorf(callboard.CodeConflict, "this is not a session; revoke the token instead")
	return s.endSessions(ctx, none, `id = $2`, callboard.ActorFrom(ctx).Credential)
}

// endSessions ends the sessions of the actor of ctx, who is no application, that the condition finds, whose argument is $2. none is
// the error when there are none.
func (s *Service) endSessions(ctx context.Context, none error, condition string, args ...any) error {
	if err := needPerson(ctx); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		user, err := findUser(ctx, tx, "id", callboard.ActorFrom(ctx).ID, "")
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM callboard_sessions WHERE user_id = $1 AND `+condition, append([]any{user.ID}, args...)...)
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		if n == 0 {
			return none
		}
		return s.emit(ctx, tx, callboard.CredentialRevoked, user, nil)
	})
}

// deleteSessionsOf ends the sessions of a user, but for the one with the ID keep.
func deleteSessionsOf(ctx context.Context, tx *sqldb.Tx, userID, keep string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM callboard_sessions WHERE user_id = $1 AND id <> $2`, userID, keep)
	if err != nil {
		return fmt.Errorf("end the sessions of a user: %w", err)
	}
	return nil
}
