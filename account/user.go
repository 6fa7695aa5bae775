package account

import (
	"cmp"
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	maxEmail    = 254 // characters, of RFC 5321
	maxUserName = 100 // characters
)

// User is an account.
type User struct {
	ID           string         `json:"id" doc:"ID of the user."`
	Email        string         `json:"email" doc:"The address to sign in with."`
	Name         string         `json:"name" doc:"Name for people."`
	Role         callboard.Role `json:"role" enum:"admin,editor,viewer" doc:"An editor may also change the production, and an admin everything."`
	Disabled     bool           `json:"disabled" doc:"A disabled user cannot sign in; sessions are ended and tokens refused."`
	HasPassword  bool           `json:"has_password" doc:"Can sign in with a password."`
	SecondFactor bool           `json:"second_factor" doc:"Signing in with the password asks for a code, too."`
	TimeZone     string         `json:"time_zone" doc:"Name in the IANA time zone database."`
	CreatedAt    time.Time      `json:"created_at" doc:"When the account was made."`
	UpdatedAt    time.Time      `json:"updated_at" doc:"When it was changed last."`

	LastSignInAt *time.Time `json:"last_sign_in_at,omitempty" doc:"When the user signed in last, with the password or at the OpenID Connect provider; absent until then."`

	passwordHash string
}

// Actor returns the user as one who acts.
func (u User) Actor() callboard.Actor {
	return callboard.Actor{ID: u.ID, Name: u.Name, Role: u.Role}
}

// NewUser describes a user to create. An empty password means that the user cannot sign in with one.
type NewUser struct {
	Email    string
	Name     string
	Role     callboard.Role
	Password string
	TimeZone string // empty: UTC
}

// UserPatch describes a change of a user. Nil fields stay as they are.
type UserPatch struct {
	Name     *string
	Role     *callboard.Role
	Disabled *bool
	Password *string
	TimeZone *string
}

// normalEmail returns an e-mail address as it is stored and looked up.
func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CreateUser creates a user. Only admins may. An address that is taken is an error with CodeConflict.
func (s *Service) CreateUser(ctx context.Context, in NewUser) (User, error) {
	if err := needAdminInPerson(ctx); err != nil {
		return User{}, err
	}
	user, err := s.newUser(ctx, in)
	if err != nil {
		return User{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (User, error) {
		if err := lockAdmin(ctx, tx); err != nil {
			return User{}, err
		}
		return s.create(ctx, tx, user)
	})
}

// newUser checks the input, and hashes the password before a transaction is open: hashing in one would keep all from writing.
func (s *Service) newUser(ctx context.Context, in NewUser) (User, error) {
	now := s.now()
	u := User{
		ID: callboard.NewID(), Email: normalEmail(in.Email), Name: strings.TrimSpace(in.Name), Role: in.Role,
		TimeZone: cmp.Or(in.TimeZone, "UTC"), HasPassword: in.Password != "", CreatedAt: now, UpdatedAt: now,
	}
	var v callboard.Validator
	checkEmail(&v, u.Email)
	checkName(&v, u.Name)
	checkUser(&v, u)
	if in.Password != "" {
		checkPassword(&v, "password", in.Password)
	}
	if err := v.Err(); err != nil || in.Password == "" {
		return u, err
	}
	var err error
	u.passwordHash, err = s.passwords.hash(ctx, in.Password)
	return u, err
}

func (s *Service) create(ctx context.Context, tx *sqldb.Tx, u User) (User, error) {
	if err := insertUser(ctx, tx, u); err != nil {
		return User{}, err
	}
	return u, s.emit(ctx, tx, callboard.UserCreated, u, nil)
}

// UpdateUser changes a user. Only admins may. Nobody changes their own role or disables themselves, and the last active
// admin stays one: CodeConflict. Disabling ends the sessions; a new password ends them too. A change of nothing writes
// nothing.
func (s *Service) UpdateUser(ctx context.Context, id string, patch UserPatch) (User, error) {
	hash, err := s.preparePatch(ctx, id, patch)
	if err != nil {
		return User{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (User, error) {
		return s.update(ctx, tx, id, patch, hash)
	})
}

// DisableUser disables a user: the user cannot sign in, and all sessions and tokens stop working. It is undone by
// UpdateUser. Disabling a disabled user changes nothing.
func (s *Service) DisableUser(ctx context.Context, id string) (User, error) {
	return s.UpdateUser(ctx, id, UserPatch{Disabled: new(true)})
}

// SetPassword gives a user a new password and ends the user's sessions. Only admins may; see ChangePassword.
func (s *Service) SetPassword(ctx context.Context, id, password string) (User, error) {
	return s.UpdateUser(ctx, id, UserPatch{Password: &password})
}

func (s *Service) preparePatch(ctx context.Context, id string, p UserPatch) (hash string, err error) {
	if err := needAdminInPerson(ctx); err != nil {
		return "", err
	}
	if callboard.ActorFrom(ctx).ID == id {
		if err := refuseOnSelf(p); err != nil {
			return "", err
		}
	}
	if p.Password == nil {
		return "", nil
	}
	var v callboard.Validator
	checkPassword(&v, "password", *p.Password)
	if err := v.Err(); err != nil {
		return "", err
	}
	return s.passwords.hash(ctx, *p.Password)
}

// refuseOnSelf: an admin who demotes or disables the own account by mistake could not undo it, and a session left open
// must not be enough to take the account over.
func refuseOnSelf(p UserPatch) error {
	switch {
	case p.Role != nil:
		return callboard.Errorf(callboard.CodeConflict, "nobody can change their own role")
	case p.Disabled != nil && *p.Disabled:
		return callboard.Errorf(callboard.CodeConflict, "nobody can disable their own account")
	case p.Password != nil:
		return callboard.Errorf(callboard.CodeConflict, "change your own password with the current one, at auth/password")
	}
	return nil
}

func (s *Service) update(ctx context.Context, tx *sqldb.Tx, id string, p UserPatch, hash string) (User, error) {
	admins, err := lockAdmins(ctx, tx, p.Role != nil || p.Disabled != nil)
	if err != nil {
		return User{}, err
	}
	if id != callboard.ActorFrom(ctx).ID {
		if err := lockAdmin(ctx, tx); err != nil {
			return User{}, err
		}
	}
	before, err := findUser(ctx, tx, "id", id, sqldb.ForUpdate(tx))
	if err != nil {
		return User{}, err
	}
	after, changes, err := p.apply(before, hash)
	if err != nil || len(changes) == 0 {
		return before, err
	}
	isLastAdmin := len(admins) == 1 && admins[0] == id
	if isLastAdmin && (after.Disabled || after.Role != callboard.RoleAdmin) {
		return User{}, callboard.Errorf(callboard.CodeConflict, "the last active admin stays one")
	}
	after.UpdatedAt = s.now()
	return after, s.store(ctx, tx, before, after, changes)
}

// store writes the changes and all that follows from them.
func (s *Service) store(ctx context.Context, tx *sqldb.Tx, before, after User, changes callboard.Changes) error {
	if err := updateUser(ctx, tx, after); err != nil {
		return err
	}
	disables := after.Disabled && !before.Disabled
	if _, rehashed := changes["password"]; rehashed || disables {
		keep := ""
		if actor := callboard.ActorFrom(ctx); actor.ID == after.ID { // changes the own password
			keep = actor.Credential
		}
		if err := deleteSessionsOf(ctx, tx, after.ID, keep); err != nil {
			return err
		}
		if err := deleteBegun(ctx, tx, after.ID); err != nil {
			return err
		}
	}
	if disables || before.Role == callboard.RoleAdmin && after.Role != callboard.RoleAdmin {
		if err := s.revokeTokensOf(ctx, tx, after); err != nil {
			return err
		}
	}
	if disables {
		return s.emit(ctx, tx, callboard.UserDisabled, after, changes)
	}
	return s.emit(ctx, tx, callboard.UserUpdated, after, changes)
}

// apply returns the user after the patch, and what differs. A password has neither old nor new value.
func (p UserPatch) apply(before User, hash string) (User, callboard.Changes, error) {
	u := before
	u.Name = strings.TrimSpace(valueOr(p.Name, u.Name))
	u.Role = valueOr(p.Role, u.Role)
	u.Disabled = valueOr(p.Disabled, u.Disabled)
	u.TimeZone = valueOr(p.TimeZone, u.TimeZone)
	changes := callboard.Changes{}
	changes.Compare("name", before.Name, u.Name)
	changes.Compare("role", before.Role, u.Role)
	changes.Compare("disabled", before.Disabled, u.Disabled)
	changes.Compare("time_zone", before.TimeZone, u.TimeZone)
	if hash != "" {
		u.passwordHash, u.HasPassword = hash, true
		changes["password"] = callboard.Change{}
	}
	var v callboard.Validator
	if _, renamed := changes["name"]; renamed { // one that was allowed once is no reason not to disable its owner
		checkName(&v, u.Name)
	}
	checkUser(&v, u)
	return u, changes, v.Err()
}

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// UpdateProfile changes what users may change about themselves: name and time zone of the actor of ctx, who is no application.
func (s *Service) UpdateProfile(ctx context.Context, name, timeZone *string) (User, error) {
	if err := needPerson(ctx); err != nil {
		return User{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (User, error) {
		return s.update(ctx, tx, callboard.ActorFrom(ctx).ID, UserPatch{Name: name, TimeZone: timeZone}, "")
	})
}

// User returns a user. Users may see themselves, admins all.
func (s *Service) User(ctx context.Context, id string) (User, error) {
	if err := needSelfOrAdmin(ctx, id); err != nil {
		return User{}, err
	}
	return findUser(ctx, s.db, "id", id, "")
}

// UserByEmail returns the user with an e-mail address. Only admins may.
func (s *Service) UserByEmail(ctx context.Context, email string) (User, error) {
	if err := needAdmin(ctx); err != nil {
		return User{}, err
	}
	return findUser(ctx, s.db, "email", normalEmail(email), "")
}

// ListUsers returns the users in the order of their creation. Only admins may.
func (s *Service) ListUsers(ctx context.Context, page callboard.Page) (callboard.List[User], error) {
	if err := needAdmin(ctx); err != nil {
		return callboard.List[User]{}, err
	}
	after := ""
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return callboard.List[User]{}, err
		}
	}
	rows, err := s.db.QueryContext(ctx, selectUser+` WHERE id > $1 ORDER BY id LIMIT $2`, after, page.Size()+1)
	users, err := sqldb.Collect(rows, err, "list users", scanUser)
	if err != nil {
		return callboard.List[User]{}, err
	}
	return callboard.NewList(users, page.Size(), func(u User) any { return u.ID }), nil
}

func checkEmail(v *callboard.Validator, email string) {
	address, err := mail.ParseAddress(email)
	ok := err == nil && address.Address == email && utf8.RuneCountInString(email) <= maxEmail && soundText(email) &&
		!strings.ContainsFunc(email, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) // which nobody sees
	v.Check(ok, "email", "must be an email address of at most %d characters", maxEmail)
}

func checkName(v *callboard.Validator, name string) {
	v.Check(!callboard.Blank(name) && utf8.RuneCountInString(name) <= maxUserName, "name", "must have 1–%d characters, and not only spaces", maxUserName)
	v.Check(soundName(name), "name", "must not contain control characters, nor those that turn the direction of what follows")
}

func checkUser(v *callboard.Validator, u User) {
	v.Check(u.Role.Valid(), "role", "must be admin, editor or viewer")
	v.Check(validZone(u.TimeZone), "time_zone", "must be a name of the IANA time zone database, such as Europe/Berlin")
}

func validZone(name string) bool {
	if name == "" || name == "Local" { // "Local" would be the server's
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// soundName reports whether a name can stand in a sentence: one with an embedding, an override or an isolate of direction turns around what follows.
func soundName(s string) bool {
	return soundText(s) && !strings.ContainsFunc(s, func(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' })
}

func soundText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
