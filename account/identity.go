package account

import (
	"context"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// findIdentified returns the account of a subject of the issuer: the one that it is linked to, else the one with its e-mail address, which
// is "" unless the issuer has verified it. CodeNotFound: there is none; CodeConflict: another subject is linked to that account.
func (s *Service) findIdentified(ctx context.Context, q sqldb.Querier, subject, email string) (user User, linked bool, err error) {
	user, err = scanUser(q.QueryRowContext(ctx, selectUser+`
		WHERE id = (SELECT user_id FROM callboard_identities WHERE issuer = $1 AND subject = $2)`, s.oidc.cfg.Issuer, subject))
	if callboard.CodeOf(err) != callboard.CodeNotFound || email == "" {
		return user, err == nil, err
	}
	if user, err = findUser(ctx, q, "email", email, ""); err != nil {
		return User{}, false, err
	}
	var taken bool
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM callboard_identities WHERE user_id = $1 AND issuer = $2)`,
		user.ID, s.oidc.cfg.Issuer).Scan(&taken)
	switch {
	case err != nil:
		return User{}, false, fmt.Errorf("look for an identity: %w", err)
	case taken:
		return user, false, callboard.Errorf(callboard.CodeConflict, "this account is that of somebody else at the identity provider")
	}
	return user, false, nil
}

// link makes a subject of the issuer the identity of a user, who has none there.
func (s *Service) link(ctx context.Context, tx *sqldb.Tx, user User, subject string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)`,
		s.oidc.cfg.Issuer, subject, user.ID, sqldb.Time{Time: s.now()})
	switch {
	case sqldb.IsUniqueViolation(err):
		return callboard.Wrap(err, callboard.CodeConflict, "this account was linked just now")
	case err != nil:
		return fmt.Errorf("link an identity: %w", err)
	}
	return nil
}

// identityChanges are those of an account that was linked to an identity, or no longer is. Who that is at the provider is nowhere.
func identityChanges() callboard.Changes { return callboard.Changes{"identity": callboard.Change{}} }

// Unlink forgets who a user is at OpenID Connect providers, and ends the sessions of the user: the next sign-in there links the account
// anew, by its verified e-mail address. Only admins may. A user without an identity stays as they are.
func (s *Service) Unlink(ctx context.Context, id string) error {
	if err := needAdminInPerson(ctx); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockAdmin(ctx, tx); err != nil {
			return err
		}
		user, err := findUser(ctx, tx, "id", id, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM callboard_identities WHERE user_id = $1`, id)
		if err != nil {
			return fmt.Errorf("unlink identities: %w", err)
		}
		if n, err := result.RowsAffected(); n == 0 || err != nil {
			return err
		}
		if err := deleteSessionsOf(ctx, tx, id, ""); err != nil {
			return err
		}
		return s.emit(ctx, tx, callboard.UserUpdated, user, identityChanges())
	})
}
