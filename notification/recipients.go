package notification

import (
	"context"
	"maps"
	"slices"

	"callboard"
)

// recipientPage is the next users of a large audience.
type recipientPage struct {
	ids   []string // whom to notify
	last  string   // the ID up to which the audience has been read
	final bool     // nobody comes after it
}

// recipientsAfter returns the next n users of the audiences in the order of their IDs, less those who are not to be
// notified. It reads who belongs to the audiences now: somebody who begins to watch before it is their turn is told too.
func (s *Service) recipientsAfter(ctx context.Context, m *mailing, n int) (recipientPage, error) {
	candidates, err := s.candidatesAfter(ctx, m, n+1)
	if err != nil {
		return recipientPage{}, err
	}
	ids := slices.Sorted(maps.Keys(candidates))
	page := recipientPage{last: m.after, final: len(ids) <= n}
	ids = ids[:min(n, len(ids))]
	if len(ids) == 0 {
		return page, nil
	}
	page.last = ids[len(ids)-1]
	page.ids, err = s.notifiable(ctx, m, ids, candidates)
	return page, err
}

// candidate is what is known of a member of an audience.
type candidate struct{ named, active bool }

// candidatesAfter returns the next n members of each of the audiences, and so at least the next n of all of them.
func (s *Service) candidatesAfter(ctx context.Context, m *mailing, n int) (map[string]candidate, error) {
	found := map[string]candidate{}
	roles, watched := map[callboard.Role]bool{}, []resourceKey(nil)
	for _, a := range m.to {
		switch {
		case a.All:
			roles[""] = true
		case a.Role != "":
			roles[a.Role] = true
		case a.UserID == "":
			watched = append(watched, keyOf(a.Watched))
		case a.UserID > m.after:
			found[a.UserID] = candidate{named: true}
		}
	}
	for role := range roles {
		ids, err := s.activeIDs(ctx, s.db, role, m.after, n)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			found[id] = candidate{named: found[id].named, active: true}
		}
	}
	watches, err := watchesOf(ctx, s.db, watched, m.after, n)
	for _, w := range watches {
		if _, known := found[w.userID]; !known {
			found[w.userID] = candidate{}
		}
	}
	return found, err
}

// notifiable leaves out the actor, unless it addressed itself, and those who are disabled or unknown.
func (s *Service) notifiable(ctx context.Context, m *mailing, ids []string, known map[string]candidate) ([]string, error) {
	asked := map[string]bool{}
	for _, id := range ids {
		if !known[id].active {
			asked[id] = true
		}
	}
	inactive, err := s.inactiveAmong(ctx, s.db, asked)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		return inactive[id] || id == m.ActorID && !(known[id].named && m.sent)
	}), nil
}
