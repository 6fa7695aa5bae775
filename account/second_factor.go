package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	enrolmentLife = time.Hour   // of a second factor that no code has confirmed
	otpIssuer     = "Callboard" // how apps name it
)

// SecondFactor says whether a user is asked for a code after the password.
type SecondFactor struct {
	Enabled       bool       `json:"enabled" doc:"Signing in with the password asks for a code, too."`
	Since         *time.Time `json:"since,omitempty" doc:"When it was turned on."`
	RecoveryCodes int        `json:"recovery_codes" doc:"How many of the recovery codes are not used yet."`
}

// Enrolment is what an app that shows codes needs. It is told once.
type Enrolment struct {
	Secret string `json:"secret" doc:"In base32, to be typed into an app." example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
	URI    string `json:"uri" doc:"The same as an otpauth: address, for a QR code." example:"otpauth://totp/Callboard:ada@example.org?algorithm=SHA1&digits=6&issuer=Callboard&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
}

// Proof is what shows, in a session, that its user is there: the password, or a code of the second factor.
type Proof struct {
	Password string
	Code     string
}

// SecondFactor returns that of the actor of ctx.
func (s *Service) SecondFactor(ctx context.Context) (SecondFactor, error) {
	if err := needPerson(ctx); err != nil {
		return SecondFactor{}, err
	}
	id := callboard.ActorFrom(ctx).ID
	if _, err := findUser(ctx, s.db, "id", id, ""); err != nil {
		return SecondFactor{}, err
	}
	stored, err := findSecondFactor(ctx, s.db, id)
	if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && stored.confirmed.IsZero() {
		return SecondFactor{}, nil
	} else if err != nil {
		return SecondFactor{}, err
	}
	out := SecondFactor{Enabled: true, Since: stored.confirmed.Ptr()}
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM callboard_recovery_codes WHERE user_id = $1`, id).Scan(&out.RecoveryCodes)
	if err != nil {
		return SecondFactor{}, fmt.Errorf("count recovery codes: %w", err)
	}
	return out, nil
}

// BeginSecondFactor makes a secret for an app that shows codes, against the current password of the actor of ctx. Nothing asks for its codes
// until ConfirmSecondFactor. A wrong password is an error with CodeForbidden, too many of them are CodeRateLimited; CodeConflict where
// one is on already, or there is no password.
func (s *Service) BeginSecondFactor(ctx context.Context, password string) (Enrolment, error) {
	if err := needPerson(ctx); err != nil {
		return Enrolment{}, err
	}
	user, err := findUser(ctx, s.db, "id", callboard.ActorFrom(ctx).ID, "")
	switch {
	case err != nil:
		return Enrolment{}, err
	case s.noPassword || !user.HasPassword:
		return Enrolment{}, callboard.Errorf(callboard.CodeConflict, "you sign in without a password; a second factor is the provider's task")
	case user.SecondFactor:
		return Enrolment{}, callboard.Errorf(callboard.CodeConflict, "the second factor is on already; turn it off first")
	}
	if err := s.checkCurrent(ctx, user, password); err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: otpIssuer, AccountName: user.Email})
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a secret: %w", err)
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		now, err := findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		if now.SecondFactor || now.passwordHash != user.passwordHash {
			return callboard.Errorf(callboard.CodeConflict, "the password or the second factor was changed meanwhile")
		}
		return startSecondFactor(ctx, tx, user.ID, s.sealer.seal(key.Secret(), user.ID), s.now())
	})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: key.Secret(), URI: key.URL()}, nil
}

// ConfirmSecondFactor turns on the second factor that BeginSecondFactor has begun for the actor of ctx, against a code of it. It returns the
// recovery codes, and ends the actor's other sessions. A wrong code is CodeInvalid; CodeConflict where none was begun within the hour.
func (s *Service) ConfirmSecondFactor(ctx context.Context, code string) (codes []string, err error) {
	if err := needPerson(ctx); err != nil {
		return nil, err
	}
	codes = newRecoveryCodes()
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		user, err := findUser(ctx, tx, "id", callboard.ActorFrom(ctx).ID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		stored, err := findSecondFactor(ctx, tx, user.ID)
		if callboard.CodeOf(err) == callboard.CodeNotFound || err == nil && (user.SecondFactor || s.now().After(stored.created.Add(enrolmentLife))) {
			return callboard.Errorf(callboard.CodeConflict, "there is no second factor to confirm; begin anew")
		} else if err != nil {
			return err
		}
		step, err := s.stepOf(stored, user.ID, plainCode(code))
		if callboard.CodeOf(err) == callboard.CodeUnauthenticated {
			var v callboard.Validator
			v.Check(false, "code", "is not the one that the app shows now")
			return v.Err()
		} else if err != nil {
			return err
		}
		if err := confirmSecondFactor(ctx, tx, user.ID, step, s.now()); err != nil {
			return err
		}
		if err := storeRecoveryCodes(ctx, tx, user.ID, codes); err != nil {
			return err
		}
		return s.secondFactorChanged(ctx, tx, user, callboard.Changes{"second_factor": callboard.Change{Old: false, New: true}})
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// DisableSecondFactor turns off the second factor of the actor of ctx, against the password or a code, and ends the actor's other sessions.
// A wrong one is an error with CodeForbidden, too many of them are CodeRateLimited; CodeConflict where none is on.
func (s *Service) DisableSecondFactor(ctx context.Context, proof Proof) error {
	return s.provenChange(ctx, proof, s.removeSecondFactor)
}

// NewRecoveryCodes replaces the recovery codes of the actor of ctx, against the password or a code, and ends the actor's other sessions. Its
// errors are those of DisableSecondFactor.
func (s *Service) NewRecoveryCodes(ctx context.Context, proof Proof) ([]string, error) {
	codes := newRecoveryCodes()
	err := s.provenChange(ctx, proof, func(ctx context.Context, tx *sqldb.Tx, user User) error {
		if err := storeRecoveryCodes(ctx, tx, user.ID, codes); err != nil {
			return err
		}
		return s.secondFactorChanged(ctx, tx, user, callboard.Changes{"recovery_codes": callboard.Change{}})
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// ResetSecondFactor turns off the second factor of another user, who has lost it, and ends the sessions of the user. Only admins may. A user
// without one stays as they are.
func (s *Service) ResetSecondFactor(ctx context.Context, id string) error {
	if err := needAdminInPerson(ctx); err != nil {
		return err
	}
	if callboard.ActorFrom(ctx).ID == id { // a session left open must not be enough
		return callboard.Errorf(callboard.CodeConflict, "turn off your own second factor with the password or a code")
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := lockAdmin(ctx, tx); err != nil {
			return err
		}
		user, err := findUser(ctx, tx, "id", id, sqldb.ForUpdate(tx))
		if err != nil || !user.SecondFactor {
			return err
		}
		return s.removeSecondFactor(ctx, tx, user)
	})
}

func (s *Service) removeSecondFactor(ctx context.Context, tx *sqldb.Tx, user User) error {
	if err := deleteSecondFactor(ctx, tx, user.ID); err != nil {
		return err
	}
	return s.secondFactorChanged(ctx, tx, user, callboard.Changes{"second_factor": callboard.Change{Old: true, New: false}})
}

// secondFactorChanged ends the sessions of the user but for the one that the change came with, and appends the event.
func (s *Service) secondFactorChanged(ctx context.Context, tx *sqldb.Tx, user User, changes callboard.Changes) error {
	keep := ""
	if actor := callboard.ActorFrom(ctx); actor.ID == user.ID {
		keep = actor.Credential
	}
	if err := deleteSessionsOf(ctx, tx, user.ID, keep); err != nil {
		return err
	}
	return s.emit(ctx, tx, callboard.UserUpdated, user, changes)
}

// provenChange makes a change to the second factor of the actor of ctx, who has one, against the password or a code, under the limits on guessing.
func (s *Service) provenChange(ctx context.Context, proof Proof, change func(context.Context, *sqldb.Tx, User) error) error {
	if err := needPerson(ctx); err != nil {
		return err
	}
	var v callboard.Validator
	v.Check((proof.Password == "") != (proof.Code == ""), "code", "is needed, or current_password, and not both")
	if err := v.Err(); err != nil {
		return err
	}
	user, err := findUser(ctx, s.db, "id", callboard.ActorFrom(ctx).ID, "")
	if err != nil {
		return err
	}
	rules := limitRules(user.Email, callboard.RequestFrom(ctx).IP, "user "+user.ID)
	if proof.Password != "" {
		err = s.checkCurrent(ctx, user, proof.Password)
	} else {
		err = s.limit.take(rules)
	}
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		now, err := findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		switch {
		case err != nil:
			return err
		case now.passwordHash != user.passwordHash:
			return callboard.Errorf(callboard.CodeConflict, "the password was changed meanwhile")
		case !now.SecondFactor:
			return callboard.Errorf(callboard.CodeConflict, "the second factor is off")
		}
		if proof.Code != "" {
			if err := s.useCode(ctx, tx, user.ID, proof.Code); err != nil {
				return err
			}
		}
		return change(ctx, tx, now)
	})
	if proof.Code == "" {
		return err
	}
	switch callboard.CodeOf(err) {
	case "":
		s.limit.forgive(rules)
	case callboard.CodeUnauthenticated:
		err = s.failedLogin(ctx, user, true, codeKind(proof.Code), err)
		if callboard.CodeOf(err) == callboard.CodeUnauthenticated {
			err = callboard.Wrap(err, callboard.CodeForbidden, "the code is not right")
		}
	default:
		s.limit.takeBack(rules)
	}
	return err
}

// plainCode returns a code without what people put between its characters.
func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(code))
}

// codeKind tells a code of an app from a recovery code, by its length.
func codeKind(code string) string {
	if len(plainCode(code)) > otpDigits {
		return callboard.FactorRecoveryCode
	}
	return callboard.FactorCode
}

// useCode takes a code of the second factor of a user whose row is locked, and uses it up. One that is wrong, or was used before, is an error
// with CodeUnauthenticated.
func (s *Service) useCode(ctx context.Context, tx *sqldb.Tx, userID, code string) error {
	if codeKind(code) == callboard.FactorRecoveryCode {
		return useRecoveryCode(ctx, tx, userID, plainCode(code))
	}
	stored, err := findSecondFactor(ctx, tx, userID)
	if err != nil {
		return err
	}
	step, err := s.stepOf(stored, userID, plainCode(code))
	if err != nil {
		return err
	}
	return useStep(ctx, tx, userID, step)
}

// stepOf returns the step of time that a code is of: this one, or one beside it, which was not used yet.
func (s *Service) stepOf(stored storedFactor, userID, code string) (int64, error) {
	secret, err := s.sealer.open(stored.sealed, userID)
	if err != nil {
		s.logger.Error("account", "event", "second_factor_unreadable", "user_id", userID, "error", err)
		return 0, callboard.Wrap(err, callboard.CodeForbidden,
			"the second factor of this account can no longer be checked, since the secret of the server is another one: use a recovery code, or have an admin reset it")
	}
	now := s.now().Unix() / otpPeriod
	for _, step := range []int64{now - 1, now, now + 1} {
		right, err := isCodeOf(secret, step, code)
		if err != nil {
			return 0, err
		}
		if right && step > stored.usedStep {
			return step, nil
		}
	}
	return 0, wrongCode()
}

func wrongCode() error {
	return callboard.Errorf(callboard.CodeUnauthenticated, "the code is not right")
}
