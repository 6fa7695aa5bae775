package account

import (
	"context"
	"unicode/utf8"

	"callboard"
	"callboard/sqldb"
)

// Login checks an e-mail address and a password, and opens a session. The secret it returns is the value of the session
// cookie, and is nowhere stored. Whatever is wrong, the error is the same one with CodeUnauthenticated, after the same
// work; after too many failures it is one with CodeRateLimited.
func (s *Service) Login(ctx context.Context, email, password string) (user User, secret string, err error) {
	email = NormalEmail(email)
	user, err = findUser(ctx, s.db, "email", email, "")
	if err != nil && callboard.CodeOf(err) != callboard.CodeNotFound {
		return User{}, "", err
	}
	if user.Disabled {
		user = User{}
	}
	if err := s.checkLogin(ctx, email, password, user.passwordHash); err != nil {
		return User{}, "", err
	}
	secret, err = s.signIn(ctx, user)
	return user, secret, err
}

// signIn opens a session for a user whose password has been found right. That took a while: what was changed or disabled
// meanwhile, in order to shut somebody out, must not let them in.
func (s *Service) signIn(ctx context.Context, user User) (secret string, err error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (string, error) {
		current, err := findUser(ctx, tx, "id", user.ID, sqldb.ForShare(tx))
		if err != nil {
			return "", err
		}
		if current.Disabled || current.passwordHash != user.passwordHash {
			return "", wrongLogin()
		}
		return s.openSession(ctx, tx, user.ID)
	})
}

func wrongLogin() error {
	return callboard.Errorf(callboard.CodeUnauthenticated, "e-mail address or password is not right")
}

// checkLogin compares a password under the limits on guessing. The limits are asked while a hashing slot is held, so that
// guesses sent at once do not all pass before the first one counts.
func (s *Service) checkLogin(ctx context.Context, email, password, hash string) error {
	if utf8.RuneCountInString(password) > maxPassword {
		password, hash = "", "" // cannot be right, and is not worth hashing
	}
	if err := s.passwords.enter(ctx); err != nil {
		return err
	}
	defer s.passwords.leave()
	ip := callboard.RequestFrom(ctx).IP
	if err := s.limit.check(email, ip); err != nil {
		return err
	}
	ok, err := s.passwords.match(password, hash)
	if err != nil {
		return err
	}
	if !ok {
		s.limit.fail(email, ip)
		return wrongLogin()
	}
	s.limit.forgive(email, ip)
	return nil
}
