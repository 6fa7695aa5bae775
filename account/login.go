package account

import (
	"cmp"
	"context"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Login checks an e-mail address and a password, and opens a session. device is what DeviceToken made at an earlier sign-in from
// the same browser, or empty. The secret it returns is the value of the session cookie, and is nowhere stored. Whatever is wrong,
// the error is the same one with CodeUnauthenticated, after the same work; after too many failures it is one with CodeRateLimited. Where passwords
// are switched off it is CodeForbidden.
func (s *Service) Login(ctx context.Context, email, password, device string) (user User, secret string, err error) {
	if s.noPassword {
		return User{}, "", callboard.Errorf(callboard.CodeForbidden, "signing in with a password is switched off; sign in at the identity provider")
	}
	email = normalEmail(email)
	found, err := findUser(ctx, s.db, "email", email, "")
	if err != nil && callboard.CodeOf(err) != callboard.CodeNotFound {
		return User{}, "", err
	}
	hash := found.passwordHash
	if found.Disabled {
		hash = ""
	}
	known := s.knownDevice(device, found.ID)
	if err := s.checkLogin(ctx, email, known, password, hash); err != nil {
		return User{}, "", s.failedLogin(ctx, found, known != "", err)
	}
	secret, err = s.signIn(ctx, found, known != "")
	if err != nil {
		return User{}, "", err
	}
	return found, secret, nil
}

// failedLogin notes that a sign-in failed, and returns the error for the caller. That there is no such user takes as long to note
// as a wrong password, or the time would tell who exists.
func (s *Service) failedLogin(ctx context.Context, user User, known bool, cause error) error {
	switch callboard.CodeOf(cause) {
	case callboard.CodeRateLimited:
		request := callboard.RequestFrom(ctx)
		if s.limit.take(refusedRules(request.IP)) == nil { // what is refused costs nothing to repeat, and could fill the log
			s.logger.WarnContext(ctx, "account", "event", "sign_in_refused", "user_id", user.ID, "ip", request.IP, "request_id", request.ID)
		}
		return cause
	case callboard.CodeUnauthenticated:
	default:
		return cause
	}
	if err := s.noteFailed(ctx, user, callboard.SignInData{KnownDevice: known, Method: callboard.SignInPassword}); err != nil {
		return err
	}
	return cause
}

// noteFailed appends the event of a sign-in that failed.
func (s *Service) noteFailed(ctx context.Context, user User, data callboard.SignInData) error {
	if s.limit.take([]limitRule{{key: keyOf("noted"), free: limitNoted, shared: true}}) != nil {
		return nil // a flood; what is noted of it is bounded
	}
	return s.db.Write(callboard.WithActor(ctx, callboard.System("Sign-in")), func(ctx context.Context, tx *sqldb.Tx) error {
		return note(ctx, s, tx, callboard.SignInFailed, user, data)
	})
}

// signIn opens a session for a user whose password has been found right. That took a while: what was changed or disabled
// meanwhile, in order to shut somebody out, must not let them in.
func (s *Service) signIn(ctx context.Context, user User, known bool) (secret string, err error) {
	return sqldb.WriteValue(callboard.WithActor(ctx, user.Actor()), s.db, func(ctx context.Context, tx *sqldb.Tx) (string, error) {
		current, err := findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		if err != nil {
			return "", err
		}
		if current.Disabled || current.passwordHash != user.passwordHash {
			return "", wrongLogin()
		}
		return s.openSession(ctx, tx, user, callboard.SignInData{KnownDevice: known, Method: callboard.SignInPassword})
	})
}

func wrongLogin() error {
	return callboard.Errorf(callboard.CodeUnauthenticated, "e-mail address or password is not right")
}

// checkLogin compares a password under the limits on guessing. known names whom the guess comes from where that is known: a device
// of the user. An attempt counts as a failure until it has proven right, so that guesses sent at once do not all pass.
func (s *Service) checkLogin(ctx context.Context, email, known, password, hash string) error {
	if utf8.RuneCountInString(password) > maxPassword {
		password, hash = "", "" // cannot be right, and is not worth hashing
	}
	ip := callboard.RequestFrom(ctx).IP
	rules := limitRules(email, ip, known)
	if err := s.limit.check(rules); err != nil {
		return err
	}
	unlock, err := s.passwords.places.Lock(ctx, cmp.Or(known, callboard.RequestFrom(ctx).Network()))
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.passwords.enter(ctx); err != nil {
		return err
	}
	defer s.passwords.leave()
	if err := s.limit.take(rules); err != nil {
		return err
	}
	ok, err := s.passwords.match(password, hash)
	if err != nil {
		return err
	}
	if !ok {
		return wrongLogin()
	}
	s.limit.forgive(rules)
	return nil
}
