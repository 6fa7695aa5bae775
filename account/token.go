package account

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const maxTokenName = 100 // characters

// Token is an API token, without its secret.
type Token struct {
	ID         string     `json:"id" doc:"ID of the token, which is not the token itself."`
	UserID     string     `json:"user_id" doc:"Whose rights it has."`
	Name       string     `json:"name" doc:"What it was named." example:"nightly export"`
	Service    bool       `json:"service" doc:"It stands for an application, which acts for others."`
	Scopes     []string   `json:"scopes" nullable:"false" doc:"What it is limited to, of what its user may do; empty when it is not limited." example:"episodes:read"`
	CreatedBy  *Creator   `json:"created_by,omitempty" doc:"Who made it; absent where that is not known."`
	ExpiresAt  *time.Time `json:"expires_at,omitempty" doc:"Absent when it never expires."`
	LastUsedAt *time.Time `json:"last_used_at,omitempty" doc:"To the minute."`
	CreatedAt  time.Time  `json:"created_at" doc:"When it was made."`
	RevokedAt  *time.Time `json:"revoked_at,omitempty" doc:"When it was revoked; absent while it holds."`
}

// Creator is who made a token.
type Creator struct {
	ID   string `json:"id" doc:"Of a user, or \"system\" for the command line."`
	Name string `json:"name" doc:"Name of who made it."`
}

// NewToken describes an API token to create.
type NewToken struct {
	Name      string
	Service   bool
	Scopes    []string   // what it is limited to; none: as the credential that it is made with
	ExpiresAt *time.Time // nil: as late as the credential that it is made with
	UserID    string     // whose rights it has; empty means the actor's
}

// CreateToken creates an API token and returns its secret, which is nowhere stored and cannot be shown again. Users create
// their own; admins create those of others and service tokens. An application cannot create tokens.
//
// A token that is made with another one, or with a JWT, holds no longer than that, and may do no more. One for another user, and a service token, ends
// when its creator is disabled or no longer an admin.
func (s *Service) CreateToken(ctx context.Context, in NewToken) (token Token, secret string, err error) {
	actor := callboard.ActorFrom(ctx)
	in.UserID = cmp.Or(in.UserID, actor.ID)
	in.Name = strings.TrimSpace(in.Name)
	if err := s.mayCreate(ctx, in); err != nil {
		return Token{}, "", err
	}
	scopes, err := scopesWithin(in.Scopes, actor)
	if err != nil {
		return Token{}, "", err
	}
	token = Token{
		ID: callboard.NewID(), UserID: in.UserID, Name: in.Name, Service: in.Service, Scopes: scopes.List(),
		CreatedBy: &Creator{actor.ID, actor.Name}, CreatedAt: s.now(),
	}
	if token.ExpiresAt, err = expiryWithin(in.ExpiresAt, actor); err != nil {
		return Token{}, "", err
	}
	secret = newSecret(tokenPrefix)
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		parent, err := lockCreator(ctx, tx, in)
		if err != nil {
			return err
		}
		user, err := findUser(ctx, tx, "id", in.UserID, sqldb.ForShare(tx))
		if err != nil {
			return err
		}
		if user.Disabled {
			return callboard.Errorf(callboard.CodeConflict, "the user is disabled")
		}
		if err := insertToken(ctx, tx, token, parent, hashSecret(secret)); err != nil {
			return err
		}
		return note(ctx, s, tx, callboard.TokenCreated, user, callboard.TokenData{
			TokenID: token.ID, Name: token.Name, Service: token.Service, Scopes: token.Scopes, ExpiresAt: token.ExpiresAt,
		})
	})
	if err != nil {
		return Token{}, "", err
	}
	return token, secret, nil
}

// expiryWithin returns when a token ends that the actor makes: not after the credential that it is made with, unless that is a
// session, with which the user is here in person.
func expiryWithin(wanted *time.Time, actor callboard.Actor) (*time.Time, error) {
	if last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC); actor.Expires.After(last) {
		actor.Expires = last // of RFC 3339
	}
	if actor.Expires.IsZero() || actor.Session {
		if wanted == nil {
			return nil, nil
		}
		return new(wanted.UTC().Truncate(time.Microsecond)), nil
	}
	if wanted == nil {
		return &actor.Expires, nil
	}
	var v callboard.Validator
	v.Check(!wanted.After(actor.Expires), "expires_at", "must not be after the end of the credential that you sign in with")
	return new(wanted.UTC().Truncate(time.Microsecond)), v.Err()
}

// scopesWithin returns what a token that the actor makes is limited to: at least as much as the credential that it is made with.
func scopesWithin(wanted []string, actor callboard.Actor) (callboard.Scopes, error) {
	if len(wanted) == 0 {
		return actor.Scopes, nil
	}
	scopes, err := callboard.ParseScopes("scopes", wanted)
	if err != nil {
		return "", err
	}
	var v callboard.Validator
	v.Check(scopes.Within(actor.Scopes), "scopes", "must not go beyond those of the token that you sign in with")
	return scopes, v.Err()
}

// lockActor returns the user who acts, and the ID of the token that the user came with, "" for none. It keeps both as they are until
// the transaction ends: they may have been disabled, demoted or revoked since the request was let in.
func lockActor(ctx context.Context, tx *sqldb.Tx) (user User, token string, err error) {
	actor := callboard.ActorFrom(ctx)
	user, err = findUser(ctx, tx, "id", actor.ID, sqldb.ForShare(tx))
	switch {
	case callboard.CodeOf(err) == callboard.CodeNotFound, err == nil && user.Disabled:
		return User{}, "", invalidCredential(err)
	case err != nil:
		return User{}, "", err
	case actor.Credential == "":
		return user, "", nil
	case actor.Session:
		err = tx.QueryRowContext(ctx, `SELECT '' FROM callboard_sessions WHERE id = $1`+sqldb.ForShare(tx), actor.Credential).Scan(&token)
	default:
		err = tx.QueryRowContext(ctx, `SELECT id FROM callboard_api_tokens WHERE id = $1 AND revoked_at IS NULL`+sqldb.ForShare(tx),
			actor.Credential).Scan(&token)
	}
	return user, token, lookupError(err)
}

// lockAdmin returns an error unless the actor of ctx is still an admin, or Callboard itself, and keeps it so until the transaction
// ends: a password that was to be hashed may have waited long for its turn.
func lockAdmin(ctx context.Context, tx *sqldb.Tx) error {
	if callboard.ActorFrom(ctx).ID == callboard.SystemID {
		return nil
	}
	user, _, err := lockActor(ctx, tx)
	if err == nil && user.Role != callboard.RoleAdmin {
		err = callboard.Errorf(callboard.CodeForbidden, "this needs the admin role")
	}
	return err
}

// lockCreator returns the ID of the token that the actor of ctx makes another one with, "" for none. What the actor is disabled or
// the token revoked by must find the new one.
func lockCreator(ctx context.Context, tx *sqldb.Tx, in NewToken) (parent string, err error) {
	actor := callboard.ActorFrom(ctx)
	if actor.ID == callboard.SystemID {
		return "", nil
	}
	creator, parent, err := lockActor(ctx, tx)
	if err == nil && creator.Role != callboard.RoleAdmin && (in.Service || in.UserID != actor.ID) {
		err = callboard.Errorf(callboard.CodeForbidden, "this needs the admin role")
	}
	return parent, err
}

func (s *Service) mayCreate(ctx context.Context, in NewToken) error {
	if callboard.ActorFrom(ctx).Service {
		return callboard.Errorf(callboard.CodeForbidden, "an application cannot create tokens")
	}
	if err := needPerson(ctx); err != nil {
		return err
	}
	if err := needSelfOrAdmin(ctx, in.UserID); err != nil {
		return err
	}
	if in.Service {
		if err := needAdmin(ctx); err != nil {
			return err
		}
	}
	var v callboard.Validator
	n := utf8.RuneCountInString(in.Name)
	v.Check(!callboard.Blank(in.Name) && n <= maxTokenName && soundText(in.Name),
		"name", "must have 1–%d characters, not only spaces, and no control characters", maxTokenName)
	v.Check(in.ExpiresAt == nil || in.ExpiresAt.After(s.now()) && in.ExpiresAt.UTC().Year() < 10_000, "expires_at", "must be in the future, and before the year 10000")
	return v.Err()
}

// ListTokens returns the API tokens of a user that are not revoked, newest first.
func (s *Service) ListTokens(ctx context.Context, userID string, page callboard.Page) (callboard.List[Token], error) {
	if err := needSelfOrAdmin(ctx, userID); err != nil {
		return callboard.List[Token]{}, err
	}
	before := "~" // sorts after every ID
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Token]{}, err
		}
	}
	rows, err := s.db.QueryContext(ctx, `SELECT `+tokenColumns+` FROM callboard_api_tokens
		WHERE user_id = $1 AND revoked_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $3`, userID, before, page.Size()+1)
	tokens, err := sqldb.Collect(rows, err, "list tokens", scanToken)
	if err != nil {
		return callboard.List[Token]{}, err
	}
	return callboard.NewList(tokens, page.Size(), func(t Token) any { return t.ID }), nil
}

// RevokeToken ends an API token, found by its ID or, where only one has it, by its name. A name that looks like an ID
// finds nothing, or a token could be named so that another cannot be revoked. Users revoke their own, admins all, and an application
// the one that it has; to anybody else it does not exist.
func (s *Service) RevokeToken(ctx context.Context, idOrName string) (Token, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Token, error) {
		token, err := s.oneToken(ctx, tx, idOrName)
		if err != nil {
			return Token{}, err
		}
		user, err := findUser(ctx, tx, "id", token.UserID, "")
		if err != nil {
			return Token{}, err
		}
		token.RevokedAt = new(s.now())
		if err := s.revokeTokens(ctx, tx, user.ID, `id = $2`, token.ID); err != nil {
			return Token{}, err
		}
		return token, s.emit(ctx, tx, callboard.CredentialRevoked, user, nil)
	})
}

func (s *Service) oneToken(ctx context.Context, tx *sqldb.Tx, idOrName string) (Token, error) {
	var where sqltext.Where
	where.And("revoked_at IS NULL")
	if callboard.ValidID(idOrName) {
		where.And("id = ?", idOrName)
	} else {
		where.And("name = ?", idOrName)
	}
	if actor := callboard.ActorFrom(ctx); actor.Service {
		where.And("id = ?", actor.Credential)
	} else if actor.Role != callboard.RoleAdmin {
		where.And("user_id = ?", actor.ID)
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+tokenColumns+` FROM callboard_api_tokens`+where.SQL()+
		` ORDER BY id LIMIT 2`+sqldb.ForUpdate(tx), where.Args()...)
	tokens, err := sqldb.Collect(rows, err, "list tokens", scanToken)
	if err != nil {
		return Token{}, err
	}
	switch len(tokens) {
	case 0:
		return Token{}, callboard.NotFound("token")
	case 1:
		return tokens[0], nil
	default:
		return Token{}, callboard.Errorf(callboard.CodeConflict, "several tokens have this name; use the ID")
	}
}

const tokenColumns = `id, user_id, name, service, scopes, expires_at, last_used_at, created_at, revoked_at, created_by,
	(SELECT u.name FROM callboard_users u WHERE u.id = callboard_api_tokens.created_by)`

func scanToken(row sqldb.Scanner) (Token, error) {
	var (
		t                               Token
		expires, used, created, revoked sqldb.Time
		scopes                          callboard.Scopes
		creator, name                   sql.NullString
	)
	err := row.Scan(&t.ID, &t.UserID, &t.Name, &t.Service, &scopes, &expires, &used, &created, &revoked, &creator, &name)
	t.CreatedAt, t.Scopes = created.Time, scopes.List()
	t.ExpiresAt, t.LastUsedAt, t.RevokedAt = expires.Ptr(), used.Ptr(), revoked.Ptr()
	if creator.Valid {
		t.CreatedBy = &Creator{ID: creator.String, Name: cmp.Or(name.String, "Callboard")}
	}
	return t, err
}

func insertToken(ctx context.Context, tx *sqldb.Tx, t Token, parent, hash string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_api_tokens
		(id, user_id, name, token_hash, service, scopes, expires_at, created_at, created_by, parent_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.ID, t.UserID, t.Name, hash, t.Service, strings.Join(t.Scopes, " "), sqldb.OptionalTime(t.ExpiresAt), sqldb.Time{Time: t.CreatedAt}, t.CreatedBy.ID, nullable(parent))
	if err != nil {
		return fmt.Errorf("insert a token: %w", err)
	}
	return nil
}

// revokeTokens ends the tokens that the condition finds, whose arguments begin at $2, and all that were made with them. Their
// owners hear of it, but for the user with the ID except, who hears from the caller.
func (s *Service) revokeTokens(ctx context.Context, tx *sqldb.Tx, except, condition string, args ...any) error {
	args = append([]any{sqldb.Time{Time: s.now()}}, args...)
	owners := map[string]bool{}
	for {
		rows, err := tx.QueryContext(ctx, `UPDATE callboard_api_tokens SET revoked_at = $1 WHERE revoked_at IS NULL AND (`+condition+`) RETURNING user_id`, args...)
		ids, err := sqldb.CollectValues[string](rows, err, "revoke tokens")
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			owners[id] = true
		}
		// A statement of its own also finds what was made while the one before waited for the token.
		condition, args = `parent_id IN (SELECT id FROM callboard_api_tokens WHERE revoked_at = $1)`, args[:1]
	}
	delete(owners, except)
	for _, id := range slices.Sorted(maps.Keys(owners)) {
		owner, err := findUser(ctx, tx, "id", id, "")
		if err != nil {
			return err
		}
		if err := s.emit(ctx, tx, callboard.CredentialRevoked, owner, nil); err != nil {
			return err
		}
	}
	return nil
}

// revokeTokensOf ends what must not outlive an admin who is disabled or no longer one: the tokens that the admin made for others
// and, once no longer an admin, the service tokens. Those speak for everybody, whatever the role, and it took an admin to make them.
func (s *Service) revokeTokensOf(ctx context.Context, tx *sqldb.Tx, user User) error {
	condition := `created_by = $2 AND user_id <> $2`
	if user.Role != callboard.RoleAdmin {
		condition += ` OR service AND (user_id = $2 OR created_by = $2)`
	}
	return s.revokeTokens(ctx, tx, user.ID, condition, user.ID)
}
