package account

import (
	"cmp"
	"context"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Email, Password string
	// Code is of the second factor, or a recovery code; see CodeSecondFactor.
	Code string
	// Device is what DeviceToken made at an earlier sign-in from the same browser, or empty.
	Device string
}

// Login checks an e-mail address and a password, with the code of a second factor where the user has one, and opens a session. The secret it
// returns is the value of the session cookie, and is nowhere stored. Whatever is wrong with the address or the password, the error is the same
// one with CodeUnauthenticated, after the same work. Once they are right it is one with CodeSecondFactor where a code is missing or wrong. After
// too many failures of either it is one with CodeRateLimited. Where passwords are switched off it is CodeForbidden, and also where the code
// cannot be checked.
func (s *Service) Login(ctx context.Context, in Credentials) (user User, secret string, err error) {
	if s.noPassword {
		return User{}, "", callboard.Errorf(callboard.CodeForbidden, "signing in with a password is switched off; sign in at the identity provider")
	}
	email := normalEmail(in.Email)
	found, err := findUser(ctx, s.db, "email", email, "")
	if err != nil && callboard.CodeOf(err) != callboard.CodeNotFound {
		return User{}, "", err
	}
	hash := found.passwordHash
	if found.Disabled {
		hash = ""
	}
	known := s.knownDevice(in.Device, found.ID)
	rules, err := s.guess(ctx, email, known, in.Password, hash)
	if err != nil {
		return User{}, "", s.failedLogin(ctx, found, known != "", "", err)
	}
	secret, err = s.signIn(ctx, found, known != "", in.Code)
	switch code := callboard.CodeOf(err); {
	case err == nil:
		s.limit.forgive(rules)
		return found, secret, nil
	case code == callboard.CodeSecondFactor && in.Code != "":
		err = s.failedLogin(ctx, found, known != "", codeKind(in.Code), err)
	case code != callboard.CodeUnauthenticated:
		s.limit.takeBack(rules) // nothing was guessed
	}
	return User{}, "", err
}

// failedLogin notes that a sign-in failed, and returns the error for the caller. That there is no such user takes as long to note
// as a wrong password, or the time would tell who exists.
// factor is the kind of the code that was wrong, or "" for the password.
func (s *Service) failedLogin(ctx context.Context, user User, known bool, factor string, cause error) error {
	switch callboard.CodeOf(cause) {
	case callboard.CodeRateLimited:
		request := callboard.RequestFrom(ctx)
		if s.limit.take(refusedRules(request.IP)) == nil { // what is refused costs nothing to repeat, and could fill the log
			s.logger.WarnContext(ctx, "account", "event", "sign_in_refused", "user_id", user.ID, "ip", request.IP, "request_id", request.ID)
		}
		return cause
	case callboard.CodeUnauthenticated, callboard.CodeSecondFactor:
	default:
		return cause
	}
	if err := s.noteFailed(ctx, user, callboard.SignInData{KnownDevice: known, Method: callboard.SignInPassword, SecondFactor: factor}); err != nil {
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

// signIn opens a session for a user whose password has been found right, in one transaction with using up the code. That took a while: what
// was changed or disabled meanwhile, in order to shut somebody out, must not let them in.
func (s *Service) signIn(ctx context.Context, user User, known bool, code string) (secret string, err error) {
	return sqldb.WriteValue(callboard.WithActor(ctx, user.Actor()), s.db, func(ctx context.Context, tx *sqldb.Tx) (string, error) {
		current, err := findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		if err != nil {
			return "", err
		}
		if current.Disabled || current.passwordHash != user.passwordHash {
			return "", wrongLogin()
		}
		data := callboard.SignInData{KnownDevice: known, Method: callboard.SignInPassword}
		if current.SecondFactor {
			if code == "" {
				return "", callboard.Errorf(callboard.CodeSecondFactor, "the password is right; send the code of the second factor, too")
			}
			data.SecondFactor = codeKind(code)
			err := s.useCode(ctx, tx, user.ID, code)
			if callboard.CodeOf(err) == callboard.CodeUnauthenticated {
				return "", callboard.Wrap(err, callboard.CodeSecondFactor, "the code is not right, or was used before")
			} else if err != nil {
				return "", err
			}
		}
		return s.openSession(ctx, tx, user, data)
	})
}

func wrongLogin() error {
	return callboard.Errorf(callboard.CodeUnauthenticated, "e-mail address or password is not right")
}

// guess compares a password under the limits on guessing. known names whom the guess comes from where that is known: a device
// of the user. An attempt counts as a failure until the caller forgives it, so that guesses sent at once do not all pass.
func (s *Service) guess(ctx context.Context, email, known, password, hash string) ([]limitRule, error) {
	if utf8.RuneCountInString(password) > maxPassword {
		password, hash = "", "" // cannot be right, and is not worth hashing
	}
	rules := limitRules(email, callboard.RequestFrom(ctx).IP, known)
	if err := s.limit.check(rules); err != nil {
		return nil, err
	}
	unlock, err := s.passwords.places.Lock(ctx, cmp.Or(known, callboard.RequestFrom(ctx).Network()))
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.passwords.enter(ctx); err != nil {
		return nil, err
	}
	defer s.passwords.leave()
	if err := s.limit.take(rules); err != nil {
		return nil, err
	}
	ok, err := s.passwords.match(password, hash)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, wrongLogin()
	}
	return rules, nil
}
