package account

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// setupLife is how long a set-up link holds.
const setupLife = 24 * time.Hour

// NewSetup returns a token for the link with which the first admin is created: /setup?token=…. It holds for 24 hours or
// until the first user exists. When there are users already, the error has CodeConflict.
func (s *Service) NewSetup(ctx context.Context) (token string, err error) {
	token = newSecret("")
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := refuseSecondSetup(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_setup_links (token_hash, expires_at) VALUES ($1, $2)`,
			hashSecret(token), sqldb.Time{Time: s.now().Add(setupLife)})
		return err
	})
	return token, err
}

func refuseSecondSetup(ctx context.Context, q sqldb.Querier) error {
	var found bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM callboard_users)`).Scan(&found); err != nil {
		return fmt.Errorf("look for users: %w", err)
	}
	if found {
		return callboard.Errorf(callboard.CodeConflict, "there are users already; sign in")
	}
	return nil
}

// Setup creates the first admin, against the token of NewSetup, and opens a session. Only one call ever succeeds. A token
// that does not hold is an error with CodeForbidden, and CodeConflict once there are users.
func (s *Service) Setup(ctx context.Context, token string, in NewUser) (user User, secret string, err error) {
	if err := s.checkSetup(ctx, s.db, hashSecret(token)); err != nil {
		return User{}, "", err // before hashing, which strangers must not have for free
	}
	in.Role = callboard.RoleAdmin
	if in.Password == "" {
		var v callboard.Validator
		checkPassword(&v, "password", "")
		return User{}, "", v.Err()
	}
	admin, err := s.newUser(ctx, in)
	if err != nil {
		return User{}, "", err
	}
	ctx = callboard.WithActor(ctx, admin.Actor())
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := s.redeemSetup(ctx, tx, hashSecret(token)); err != nil {
			return err
		}
		if user, err = s.create(ctx, tx, admin); err != nil {
			return err
		}
		secret, err = s.openSession(ctx, tx, user, callboard.SignInData{Method: callboard.SignInPassword})
		return err
	})
	return user, secret, err
}

func (s *Service) checkSetup(ctx context.Context, q sqldb.Querier, hash string) error {
	if err := refuseSecondSetup(ctx, q); err != nil {
		return err
	}
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM callboard_setup_links WHERE token_hash = $1 AND expires_at > $2`,
		hash, sqldb.Time{Time: s.now()}).Scan(&n)
	if err != nil {
		return fmt.Errorf("find a set-up link: %w", err)
	}
	if n == 0 {
		return callboard.Errorf(callboard.CodeForbidden, "this link does not hold, or no longer; restart the server for a new one")
	}
	return nil
}

// redeemSetup uses up all links. On PostgreSQL locking them makes every other winner-to-be wait here, whichever link it
// has; once this one has committed, they find none left.
func (s *Service) redeemSetup(ctx context.Context, tx *sqldb.Tx, hash string) error {
	if sqldb.ForUpdate(tx) != "" {
		rows, err := tx.QueryContext(ctx, `SELECT token_hash FROM callboard_setup_links ORDER BY token_hash`+sqldb.ForUpdate(tx))
		if _, err := sqldb.CollectValues[string](rows, err, "lock the set-up links"); err != nil {
			return err
		}
	}
	if err := s.checkSetup(ctx, tx, hash); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_setup_links`); err != nil {
		return fmt.Errorf("use up the set-up links: %w", err)
	}
	return nil
}
