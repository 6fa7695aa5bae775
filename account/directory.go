package account

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// idChunk is how many IDs one statement names.
const idChunk = 500

// isAccountID reports whether id can be that of an account alone: it is a UUID. One that is not in lower case is nobody's.
func isAccountID(id string) bool { return callboard.ValidID(strings.ToLower(id)) }

// Resolve returns what is known of the users with the given IDs, and leaves out those whom nobody knows. It asks the application
// first, where Config.Users says who its users are. Else a UUID is an account, and any other ID belongs to a user of an application,
// who exists: what is known of that user is what the last token said.
func (s *Service) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := make(map[string]callboard.UserInfo, len(ids))
	for chunk := range slices.Chunk(ids, idChunk) {
		if err := s.resolve(ctx, chunk, known); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (s *Service) resolve(ctx context.Context, ids []string, known map[string]callboard.UserInfo) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !callboard.ValidUserID(id) })
	if err := s.resolveOwn(ctx, ids, known); err != nil {
		return err
	}
	var accounts, external []string
	for _, id := range ids {
		switch _, done := known[id]; {
		case done:
		case isAccountID(id):
			accounts = append(accounts, id)
		case s.users == nil:
			external = append(external, id)
		}
	}
	if err := s.resolveAccounts(ctx, accounts, known); err != nil {
		return err
	}
	return s.resolveExternal(ctx, external, known)
}

// resolveOwn asks the application, where it says who its users are.
func (s *Service) resolveOwn(ctx context.Context, ids []string, known map[string]callboard.UserInfo) error {
	if s.users == nil || len(ids) == 0 {
		return nil
	}
	theirs, err := s.users.Resolve(ctx, ids)
	if err != nil {
		return fmt.Errorf("ask the application for users: %w", err)
	}
	for id, user := range theirs {
		user.Name = cmp.Or(user.Name, id)
		known[id] = user
	}
	return nil
}

func (s *Service) resolveAccounts(ctx context.Context, ids []string, known map[string]callboard.UserInfo) error {
	if len(ids) == 0 {
		return nil
	}
	//nolint:rowserrcheck // Each does
	rows, err := s.db.Within(ctx).QueryContext(ctx, `SELECT id, name, role, disabled_at FROM callboard_users WHERE id IN (`+
		sqltext.Placeholders(1, len(ids))+`)`, anySlice(ids)...)
	return sqldb.Each(rows, err, "find users", func(row sqldb.Scanner) error {
		var (
			id       string
			user     callboard.UserInfo
			disabled sqldb.Time
		)
		err := row.Scan(&id, &user.Name, &user.Role, &disabled)
		user.Disabled = !disabled.IsZero()
		known[id] = user
		return err
	})
}

// Members returns the IDs of the users of an audience who are not disabled, in order: accounts, and users of applications. Those of
// an application that does not list them are found among those who have been here.
func (s *Service) Members(ctx context.Context, a callboard.Audience, after string, limit int) ([]string, error) {
	ids, err := s.accountsIn(ctx, a, after, limit)
	if err != nil {
		return nil, err
	}
	var others []string
	if lister, ok := s.users.(callboard.UserLister); ok {
		others, err = lister.Members(ctx, a, after, limit)
	} else {
		others, err = s.externalIn(ctx, a, after, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("list the users of applications: %w", err)
	}
	ids = slices.DeleteFunc(append(ids, others...), func(id string) bool { return id <= after || !callboard.ValidUserID(id) })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(limit, len(ids))], nil
}

func (s *Service) accountsIn(ctx context.Context, a callboard.Audience, after string, limit int) ([]string, error) {
	if !a.All && !a.Role.Valid() {
		return nil, nil // accounts have no other roles, and no groups
	}
	var where sqltext.Where
	where.And("disabled_at IS NULL")
	where.And("id > ?", after)
	if !a.All {
		where.And("role = ?", a.Role)
	}
	rows, err := s.db.Within(ctx).QueryContext(ctx, `SELECT id FROM callboard_users`+where.SQL()+` ORDER BY id LIMIT `+where.Arg(limit), where.Args()...)
	return sqldb.CollectValues[string](rows, err, "find users")
}

// ActiveRole returns the role of a user, or an error with CodeNotFound for one who is disabled or does not exist. lock is
// sqldb.ForShare, or empty; it holds an account alone.
func (s *Service) ActiveRole(ctx context.Context, q sqldb.Querier, userID, lock string) (callboard.Role, error) {
	known := map[string]callboard.UserInfo{}
	if err := s.resolveOwn(ctx, []string{userID}, known); err != nil {
		return "", err
	}
	user, ok := known[userID]
	if !ok && isAccountID(userID) {
		account, err := findUser(ctx, q, "id", userID, lock)
		if err == nil && account.Disabled {
			err = callboard.NotFound("user")
		}
		return account.Role, err
	}
	if !ok && s.users == nil {
		e, err := findExternal(ctx, q, userID)
		if err != nil {
			return "", err
		}
		user, ok = e.UserInfo, true
	}
	if !ok || user.Disabled {
		return "", callboard.NotFound("user")
	}
	return user.Actor(userID).Role, nil
}

func anySlice(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}
