package account

import (
	"cmp"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/keylock"
	"github.com/callboard/callboard/sqldb"
)

const (
	minPassword = 10  // characters
	maxPassword = 256 // characters
)

// passwords hashes with argon2id. Each hash takes its memory and a core for tens of milliseconds, so half of the cores, at least one,
// are left to everything else, and guesses from one place are compared one after the other.
type passwords struct {
	params *argon2id.Params
	slots  chan struct{}
	places keylock.Mutex[string]
	dummy  string // the hash of no password, for users who do not exist
}

func newPasswords(params *argon2id.Params) *passwords {
	if params == nil {
		// One of the settings that OWASP recommends.
		params = &argon2id.Params{Memory: 46 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	return &passwords{params: params, slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), dummy: dummyHash(params)}
}

// dummyHash returns a hash that no password is known for: a random key, which costs nothing to make and as much to compare
// with as any other.
func dummyHash(p *argon2id.Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	_, _ = rand.Read(salt) // never fails
	_, _ = rand.Read(key)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Iterations, p.Parallelism,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// enter waits for a slot.
func (p *passwords) enter(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *passwords) leave() { <-p.slots }

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	hash, err := argon2id.CreateHash(password, p.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// match reports whether the password fits the hash. An empty hash fits nothing, and takes as long. The caller holds a slot.
func (p *passwords) match(password, hash string) (bool, error) {
	ok, err := argon2id.ComparePasswordAndHash(password, cmp.Or(hash, p.dummy))
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && hash != "", nil
}

func checkPassword(v *callboard.Validator, field, password string) {
	n := utf8.RuneCountInString(password)
	v.Check(n >= minPassword && n <= maxPassword && utf8.ValidString(password),
		field, "must have %d–%d characters", minPassword, maxPassword)
	word := strings.ToLower(strings.TrimSpace(password))
	v.Check(!callboard.Blank(password) && !strings.Contains("\n"+commonPasswords, "\n"+word+"\n"), field, "must not be blanks, or one of the passwords that many use")
}

// commonPasswords are those that a guesser tries first, of minPassword characters or more, one a line. Where they are from, and the
// licence, is told beside them.
//
//go:embed common/passwords.txt
var commonPasswords string

// ChangePassword gives the actor of ctx a new password, against the current one, and ends the actor's other sessions. A
// wrong current password, or an application, is an error with CodeForbidden, too many of them are CodeRateLimited, and one that is changed meanwhile
// is CodeConflict.
func (s *Service) ChangePassword(ctx context.Context, current, next string) error {
	if err := needPerson(ctx); err != nil {
		return err
	}
	var v callboard.Validator
	checkPassword(&v, "new_password", next)
	if err := v.Err(); err != nil {
		return err
	}
	user, err := findUser(ctx, s.db, "id", callboard.ActorFrom(ctx).ID, "")
	if err != nil {
		return err
	}
	if err := s.checkCurrent(ctx, user, current); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// Checking and hashing took a while: a password that an admin has set meanwhile stays.
		now, err := findUser(ctx, tx, "id", user.ID, sqldb.ForUpdate(tx))
		if err != nil {
			return err
		}
		if now.passwordHash != user.passwordHash {
			return callboard.Errorf(callboard.CodeConflict, "the password was changed meanwhile")
		}
		_, err = s.update(ctx, tx, user.ID, UserPatch{}, hash)
		return err
	})
}

// checkCurrent compares the password of a user in a session of theirs. A wrong one is an error with CodeForbidden, too many of them are
// CodeRateLimited.
func (s *Service) checkCurrent(ctx context.Context, user User, password string) error {
	rules, err := s.guess(ctx, user.Email, "user "+user.ID, password, user.passwordHash)
	if err == nil {
		s.limit.forgive(rules)
		return nil
	}
	err = s.failedLogin(ctx, user, true, "", err)
	if callboard.CodeOf(err) == callboard.CodeUnauthenticated {
		err = callboard.Wrap(err, callboard.CodeForbidden, "the current password is not right")
	}
	return err
}
