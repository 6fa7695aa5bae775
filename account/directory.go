package account

import (
	"context"
	"fmt"

	"callboard"
	"callboard/sqldb"
)

// idChunk is how many IDs one query asks for.
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
	rows, err := q.QueryContext(ctx, `SELECT id FROM users`+where.SQL()+` ORDER BY id LIMIT `+where.Arg(limit), where.Args()...)
	return collect(rows, err, scanText)
}

// Names returns the names of those of the given users that exist, disabled ones too.
func (s *Service) Names(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	err := s.lookUp(ctx, q, ids, func(u entry) { names[u.id] = u.name })
	return names, err
}

// Missing returns those of ids that belong to nobody, or to a user who is disabled.
func (s *Service) Missing(ctx context.Context, q sqldb.Querier, ids []string) (missing []string, err error) {
	active := make(map[string]bool, len(ids))
	if err := s.lookUp(ctx, q, ids, func(u entry) { active[u.id] = !u.disabled }); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !active[id] {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

// UserName returns the name of one user, or an error with CodeNotFound.
func (s *Service) UserName(ctx context.Context, userID string) (string, error) {
	names, err := s.Names(ctx, s.db, []string{userID})
	if err != nil {
		return "", err
	}
	name, ok := names[userID]
	if !ok {
		return "", callboard.NotFound("user")
	}
	return name, nil
}

type entry struct {
	id, name string
	disabled bool
}

func (s *Service) lookUp(ctx context.Context, q sqldb.Querier, ids []string, found func(entry)) error {
	for len(ids) > 0 {
		n := min(len(ids), idChunk)
		args := make([]any, n)
		for i, id := range ids[:n] {
			args[i] = id
		}
		rows, err := q.QueryContext(ctx, `SELECT id, name, disabled_at FROM users WHERE id IN (`+
			sqldb.Placeholders(1, n)+`)`, args...)
		entries, err := collect(rows, err, scanEntry)
		if err != nil {
			return err
		}
		for _, e := range entries {
			found(e)
		}
		ids = ids[n:]
	}
	return nil
}

func scanEntry(row scanner) (entry, error) {
	var (
		e        entry
		disabled sqldb.Time
	)
	if err := row.Scan(&e.id, &e.name, &disabled); err != nil {
		return entry{}, fmt.Errorf("read a user: %w", err)
	}
	e.disabled = !disabled.IsZero()
	return e, nil
}
