package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// invitationLife is how long the link of an invitation holds.
const invitationLife = 7 * 24 * time.Hour

// Invitation lets somebody set the first password of an account.
type Invitation struct {
	UserID    string    `json:"user_id" doc:"Whose account it is."`
	Email     string    `json:"email" doc:"The address to sign in with." example:"mira@example.org"`
	Name      string    `json:"name" doc:"Name of who is invited." example:"Mira Sand"`
	InvitedBy string    `json:"invited_by" doc:"Name of the admin who invites." example:"Ada Quill"`
	CreatedAt time.Time `json:"created_at" doc:"When it was made."`
	ExpiresAt time.Time `json:"expires_at" doc:"Until when its link holds."`
}

// Invite makes the link of an account that has no password yet: /invite?token=…. It holds for seven days, once, and until the account has
// a password or is disabled; the one before no longer does. Only admins may. CodeConflict where there is a password, or passwords
// are switched off, or the account is disabled.
func (s *Service) Invite(ctx context.Context, userID string) (i Invitation, token string, err error) {
	if err := needAdminInPerson(ctx); err != nil {
		return Invitation{}, "", err
	}
	token = newSecret("")
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockAdmin(ctx, tx); err != nil {
			return err
		}
		user, err := findUser(ctx, tx, "id", userID, sqldb.ForUpdate(tx))
		switch {
		case err != nil:
			return err
		case s.noPassword:
			return callboard.Errorf(callboard.CodeConflict, "signing in with a password is switched off; the user signs in at the identity provider")
		case user.HasPassword:
			return callboard.Errorf(callboard.CodeConflict, "the user has a password already; set another one instead")
		case user.Disabled:
			return callboard.Errorf(callboard.CodeConflict, "the user is disabled")
		}
		now := s.now()
		i = Invitation{
			UserID: user.ID, Email: user.Email, Name: user.Name, InvitedBy: callboard.ActorFrom(ctx).Name, CreatedAt: now, ExpiresAt: now.Add(invitationLife),
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO callboard_invitations (user_id, token_hash, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, invited_by = excluded.invited_by,
			created_at = excluded.created_at, expires_at = excluded.expires_at`,
			i.UserID, hashSecret(token), i.InvitedBy, sqldb.Time{Time: i.CreatedAt}, sqldb.Time{Time: i.ExpiresAt})
		if err != nil {
			return fmt.Errorf("keep an invitation: %w", err)
		}
		return s.emit(ctx, tx, callboard.UserUpdated, user, invitationChanges())
	})
	if err != nil {
		return Invitation{}, "", err
	}
	return i, token, nil
}

// invitationChanges are those of an account that somebody was invited to, or no longer is.
func invitationChanges() callboard.Changes {
	return callboard.Changes{"invitation": callboard.Change{}}
}

// openInvitations finds what still holds. Arguments: the moment.
const openInvitations = `SELECT i.user_id, u.email, u.name, i.invited_by, i.created_at, i.expires_at
	FROM callboard_invitations i JOIN callboard_users u ON u.id = i.user_id
	WHERE i.expires_at > $1 AND u.disabled_at IS NULL AND u.password_hash IS NULL`

func scanInvitation(row sqldb.Scanner) (i Invitation, err error) {
	var created, expires sqldb.Time
	err = row.Scan(&i.UserID, &i.Email, &i.Name, &i.InvitedBy, &created, &expires)
	i.CreatedAt, i.ExpiresAt = created.Time, expires.Time
	return i, err
}

// Invitations returns those that are open, the newest first. Only admins may.
func (s *Service) Invitations(ctx context.Context, page callboard.Page) (callboard.List[Invitation], error) {
	if err := needAdmin(ctx); err != nil {
		return callboard.List[Invitation]{}, err
	}
	before := "~" // sorts after every ID
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Invitation]{}, err
		}
	}
	rows, err := s.db.QueryContext(ctx, openInvitations+` AND i.user_id < $2 ORDER BY i.user_id DESC LIMIT $3`, sqldb.Time{Time: s.now()}, before, page.Size()+1)
	open, err := sqldb.Collect(rows, err, "list invitations", scanInvitation)
	if err != nil {
		return callboard.List[Invitation]{}, err
	}
	return callboard.NewList(open, page.Size(), func(i Invitation) any { return i.UserID }), nil
}

// RevokeInvitation ends the link of a user. Only admins may. CodeNotFound: there is none.
func (s *Service) RevokeInvitation(ctx context.Context, userID string) error {
	if err := needAdminInPerson(ctx); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockAdmin(ctx, tx); err != nil {
			return err
		}
		user, err := findUser(ctx, tx, "id", userID, "")
		if err != nil {
			return err
		}
		if err := deleteInvitation(ctx, tx, `user_id = $1`, user.ID); err != nil {
			return err
		}
		return s.emit(ctx, tx, callboard.UserUpdated, user, invitationChanges())
	})
}

// deleteInvitation deletes the invitation that a condition finds. CodeNotFound: there is none.
func deleteInvitation(ctx context.Context, tx *sqldb.Tx, condition, arg string) error {
	result, err := tx.ExecContext(ctx, `DELETE FROM callboard_invitations WHERE `+condition, arg)
	if err != nil {
		return fmt.Errorf("delete an invitation: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil {
		return fmt.Errorf("delete an invitation: %w", err)
	} else if n == 0 {
		return callboard.NotFound("invitation")
	}
	return nil
}

// Invited returns whom a link invites. One that does not hold is CodeForbidden.
func (s *Service) Invited(ctx context.Context, token string) (Invitation, error) {
	i, err := scanInvitation(s.db.QueryRowContext(ctx, openInvitations+` AND i.token_hash = $2`, sqldb.Time{Time: s.now()}, hashSecret(token)))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Invitation{}, callboard.Errorf(callboard.CodeForbidden, "this invitation does not hold, or no longer; ask who invited you for another one")
	case err != nil:
		return Invitation{}, fmt.Errorf("find an invitation: %w", err)
	case s.noPassword:
		return Invitation{}, callboard.Errorf(callboard.CodeForbidden, "signing in with a password is switched off; sign in at the identity provider")
	}
	return i, nil
}

// AcceptInvitation sets the first password of the account that a link invites to, and opens a session. Of many calls one succeeds; a link that
// does not hold is CodeForbidden.
func (s *Service) AcceptInvitation(ctx context.Context, token, password string) (user User, secret string, err error) {
	i, err := s.Invited(ctx, token) // before hashing, which strangers must not have for free
	if err != nil {
		return User{}, "", err
	}
	var v callboard.Validator
	checkPassword(&v, "password", password)
	if err := v.Err(); err != nil {
		return User{}, "", err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return User{}, "", err
	}
	invited, err := findUser(ctx, s.db, "id", i.UserID, "")
	if err != nil {
		return User{}, "", err
	}
	err = s.db.Write(callboard.WithActor(ctx, invited.Actor()), func(ctx context.Context, tx *sqldb.Tx) error {
		current, err := findUser(ctx, tx, "id", i.UserID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		err = deleteInvitation(ctx, tx, `token_hash = $1`, hashSecret(token))
		if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && (current.Disabled || current.HasPassword) {
			return callboard.Wrap(err, callboard.CodeForbidden, "this invitation was used or taken back just now")
		} else if err != nil {
			return err
		}
		if user, err = s.update(ctx, tx, i.UserID, UserPatch{}, hash); err != nil {
			return err
		}
		secret, err = s.openSession(ctx, tx, user, callboard.SignInData{Method: callboard.SignInPassword})
		return err
	})
	return user, secret, err
}
