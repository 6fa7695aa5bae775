package account

import (
	"context"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// idChunk is how many IDs one statement names.
const idChunk = 500

// ActiveIDs returns the IDs of the users who are not disabled and whose role is exactly role, in order: at most limit of
// those that come after the ID after. An empty role means any, an empty ID the beginning.
func (s *Service) ActiveIDs(ctx context.Context, q sqldb.Querier, role callboard.Role, after string, limit int) ([]string, error) {
	var where sqldb.Where
	where.And("disabled_at IS NULL")
	where.And("id > ?", after)
	if role != "" {
		where.And("role = ?", role)
	}
	rows, err := q.QueryContext(ctx, `SELECT id FROM callboard_users`+where.SQL()+` ORDER BY id LIMIT `+where.Arg(limit), where.Args()...)
	return sqldb.CollectValues[string](rows, err, "find users")
}

// Names returns the names of those of the given users that exist, disabled ones too.
func (s *Service) Names(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	err := s.lookUp(ctx, q, ids, func(id, name string, _ bool) { names[id] = name })
	return names, err
}

// Missing returns those of ids that belong to nobody, or to a user who is disabled.
func (s *Service) Missing(ctx context.Context, q sqldb.Querier, ids []string) ([]string, error) {
	active := make(map[string]bool, len(ids))
	if err := s.lookUp(ctx, q, ids, func(id, _ string, disabled bool) { active[id] = !disabled }); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return active[id] }), nil
}

// UserName returns the name of one user, or an error with CodeNotFound.
func (s *Service) UserName(ctx context.Context, userID string) (string, error) {
	user, err := findUser(ctx, s.db, "id", userID, "")
	return user.Name, err
}

// ActiveRole returns the role of a user, or an error with CodeNotFound for one who is disabled or does not exist. lock is
// sqldb.ForShare, or empty.
func (s *Service) ActiveRole(ctx context.Context, q sqldb.Querier, userID, lock string) (callboard.Role, error) {
	user, err := findUser(ctx, q, "id", userID, lock)
	if err == nil && user.Disabled {
		err = callboard.NotFound("user")
	}
	return user.Role, err
}

// lookUp calls found with each of the given users that exists.
func (s *Service) lookUp(ctx context.Context, q sqldb.Querier, ids []string, found func(id, name string, disabled bool)) error {
	for chunk := range slices.Chunk(ids, idChunk) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		rows, err := q.QueryContext(ctx, `SELECT id, name, disabled_at FROM callboard_users WHERE id IN (`+ //nolint:rowserrcheck // Each does
			sqldb.Placeholders(1, len(chunk))+`)`, args...)
		err = sqldb.Each(rows, err, "find users", func(row sqldb.Scanner) error {
			var (
				id, name string
				disabled sqldb.Time
			)
			err := row.Scan(&id, &name, &disabled)
			if err == nil {
				found(id, name, !disabled.IsZero())
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
