package account

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"callboard"
	"callboard/sqldb"
)

const maxTokenName = 100 // characters

// Token is an API token, without its secret.
type Token struct {
	ID         string     `json:"id"`
	UserID     string     `json:"user_id"`
	Name       string     `json:"name"`
	Service    bool       `json:"service" doc:"It stands for an application, which acts for others."`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty" doc:"To the minute."`
	CreatedAt  time.Time  `json:"created_at"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
}

// NewToken describes an API token to create.
type NewToken struct {
	Name      string
	Service   bool
	ExpiresAt *time.Time // nil: never
	UserID    string     // whose rights it has; empty means the actor's
}

// CreateToken creates an API token and returns its secret, which is nowhere stored and cannot be shown again. Users create
// their own; admins create those of others and service tokens. An application cannot create tokens.
func (s *Service) CreateToken(ctx context.Context, in NewToken) (token Token, secret string, err error) {
	in.UserID = cmp.Or(in.UserID, callboard.ActorFrom(ctx).ID)
	in.Name = strings.TrimSpace(in.Name)
	if err := s.mayCreate(ctx, in); err != nil {
		return Token{}, "", err
	}
	token = Token{ID: callboard.NewID(), UserID: in.UserID, Name: in.Name, Service: in.Service, CreatedAt: s.now()}
	if in.ExpiresAt != nil {
		token.ExpiresAt = new(in.ExpiresAt.UTC().Truncate(time.Microsecond))
	}
	secret = newSecret(tokenPrefix)
	err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		user, err := findUser(ctx, tx, "id", in.UserID, sqldb.ForShare(tx))
		if err != nil {
			return err
		}
		if user.Disabled {
			return callboard.Errorf(callboard.CodeConflict, "the user is disabled")
		}
		return insertToken(ctx, tx, token, hashSecret(secret))
	})
	if err != nil {
		return Token{}, "", err
	}
	return token, secret, nil
}

func (s *Service) mayCreate(ctx context.Context, in NewToken) error {
	if callboard.ActorFrom(ctx).Service {
		return callboard.Errorf(callboard.CodeForbidden, "an application cannot create tokens")
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
	v.Check(in.ExpiresAt == nil || in.ExpiresAt.After(s.now()), "expires_at", "must be in the future")
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
	rows, err := s.db.QueryContext(ctx, `SELECT `+tokenColumns+` FROM api_tokens
		WHERE user_id = $1 AND revoked_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $3`, userID, before, page.Size()+1)
	tokens, err := sqldb.Collect(rows, err, "list tokens", scanToken)
	if err != nil {
		return callboard.List[Token]{}, err
	}
	return callboard.NewList(tokens, page.Size(), func(t Token) any { return t.ID }), nil
}

// RevokeToken ends an API token, found by its ID or, where only one has it, by its name. A name that looks like an ID
// finds nothing, or a token could be named so that another cannot be revoked. Users revoke their own, admins all; to
// anybody else it does not exist.
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
		if _, err := tx.ExecContext(ctx, `UPDATE api_tokens SET revoked_at = $1 WHERE id = $2`,
			sqldb.OptionalTime(token.RevokedAt), token.ID); err != nil {
			return Token{}, fmt.Errorf("revoke a token: %w", err)
		}
		return token, s.emit(ctx, tx, callboard.CredentialRevoked, user, nil)
	})
}

func (s *Service) oneToken(ctx context.Context, tx *sqldb.Tx, idOrName string) (Token, error) {
	var where sqldb.Where
	where.And("revoked_at IS NULL")
	if callboard.ValidID(idOrName) {
		where.And("id = ?", idOrName)
	} else {
		where.And("name = ?", idOrName)
	}
	if needAdmin(ctx) != nil {
		where.And("user_id = ?", callboard.ActorFrom(ctx).ID)
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+tokenColumns+` FROM api_tokens`+where.SQL()+
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

const tokenColumns = `id, user_id, name, service, expires_at, last_used_at, created_at, revoked_at`

func scanToken(row sqldb.Scanner) (Token, error) {
	var (
		t                               Token
		expires, used, created, revoked sqldb.Time
	)
	err := row.Scan(&t.ID, &t.UserID, &t.Name, &t.Service, &expires, &used, &created, &revoked)
	t.CreatedAt = created.Time
	t.ExpiresAt, t.LastUsedAt, t.RevokedAt = expires.Ptr(), used.Ptr(), revoked.Ptr()
	return t, err
}

func insertToken(ctx context.Context, tx *sqldb.Tx, t Token, hash string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO api_tokens (id, user_id, name, token_hash, service, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ID, t.UserID, t.Name, hash, t.Service, sqldb.OptionalTime(t.ExpiresAt), sqldb.Time{Time: t.CreatedAt})
	if err != nil {
		return fmt.Errorf("insert a token: %w", err)
	}
	return nil
}

// revokeServiceTokens ends the service tokens of a user who is no longer an admin: they speak for everybody, whatever the
// role, and it took an admin to make them.
func (s *Service) revokeServiceTokens(ctx context.Context, tx *sqldb.Tx, userID string) error {
	_, err := tx.ExecContext(ctx, `UPDATE api_tokens SET revoked_at = $1 WHERE user_id = $2 AND service AND revoked_at IS NULL`,
		sqldb.Time{Time: s.now()}, userID)
	if err != nil {
		return fmt.Errorf("revoke service tokens: %w", err)
	}
	return nil
}
