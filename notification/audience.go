package notification

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"callboard"
	"callboard/sqldb"
)

// maxInline is how many recipients an event may have that is delivered in the relay's own transaction, where on SQLite
// all other writes wait for it. An event that may have more is delivered in slices, see deliverer.
const maxInline = 100

// notice is an event that notifies, with its audiences read and not yet resolved.
type notice struct {
	*content
	audience []string
	to       []callboard.Audience // those of the audience that can be read
	before   int                  // how many watches the batch itself adds before this event
}

// names returns how many users are addressed by their ID.
func (n *notice) names() int {
	count := 0
	for _, a := range n.to {
		if a.UserID != "" {
			count++
		}
	}
	return count
}

// directory answers who belongs to the audiences of one batch. It is loaded with a number of queries that depends
// neither on the events nor on their recipients, and knows no more than maxInline+1 members of any group.
type directory struct {
	roles    map[callboard.Role][]string // "" holds everybody
	watchers map[resourceKey][]string    // when the batch began
	added    []watch                     // by the events of the batch, in order
	inactive map[string]bool
}

// loadGroups reads who belongs to the groups that the notices address. added are the watches that the batch itself adds.
func (s *Service) loadGroups(ctx context.Context, q sqldb.Querier, notices []notice, added []watch) (*directory, error) {
	d := &directory{roles: map[callboard.Role][]string{}, watchers: map[resourceKey][]string{}, added: added}
	watched := map[resourceKey]bool{}
	for _, n := range notices {
		for _, a := range n.to {
			switch {
			case a.All:
				d.roles[""] = nil
			case a.Role != "":
				d.roles[a.Role] = nil
			case a.UserID == "":
				watched[keyOf(a.Watched)] = true
			}
		}
	}
	for role := range d.roles { // at most one per role
		ids, err := s.activeIDs(ctx, q, role, "", maxInline+1)
		if err != nil {
			return nil, err
		}
		d.roles[role] = ids
	}
	return d, d.loadWatchers(ctx, q, slices.Collect(maps.Keys(watched)))
}

func (s *Service) activeIDs(
	ctx context.Context, q sqldb.Querier, role callboard.Role, after string, limit int,
) ([]string, error) {
	ids, err := s.cfg.Users.ActiveIDs(ctx, q, role, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read users by role: %w", err)
	}
	return ids, nil
}

func (d *directory) loadWatchers(ctx context.Context, q sqldb.Querier, watched []resourceKey) error {
	watches, err := watchesOf(ctx, q, watched, "", maxInline+1)
	for _, w := range watches {
		d.watchers[w.on] = append(d.watchers[w.on], w.userID)
	}
	return err
}

// split separates the notices that may have more recipients than are delivered at once. Who is named twice, is the actor
// or is inactive counts too: to find that out would mean to look at all of them.
func (d *directory) split(notices []notice) (inline, deferred []notice) {
	for _, n := range notices {
		if d.size(&n) > maxInline {
			deferred = append(deferred, n)
		} else {
			inline = append(inline, n)
		}
	}
	return inline, deferred
}

func (d *directory) size(n *notice) int {
	size := n.names()
	for _, a := range n.to {
		if a.UserID == "" && size <= maxInline {
			size += len(d.members(a, n.before))
		}
	}
	return size
}

// loadInactive finds out which recipients of the notices are disabled or unknown. Users found by role are active anyway.
func (s *Service) loadInactive(ctx context.Context, q sqldb.Querier, d *directory, notices []notice) error {
	asked := map[string]bool{}
	for _, n := range notices {
		for _, a := range n.to {
			switch {
			case a.UserID != "":
				asked[a.UserID] = true
			case !a.All && a.Role == "":
				for _, id := range d.members(a, n.before) {
					asked[id] = true
				}
			}
		}
	}
	var err error
	d.inactive, err = s.inactiveAmong(ctx, q, asked)
	return err
}

func (s *Service) inactiveAmong(ctx context.Context, q sqldb.Querier, users map[string]bool) (map[string]bool, error) {
	if len(users) == 0 {
		return nil, nil
	}
	missing, err := s.cfg.Users.Exist(ctx, q, slices.Sorted(maps.Keys(users)))
	if err != nil {
		return nil, fmt.Errorf("look up recipients: %w", err)
	}
	return setOf(missing), nil
}

// recipients returns the IDs of those whom n notifies, each once. The actor is not among them, except when it sent the
// notification to itself by name.
func (d *directory) recipients(n *notice) []string {
	seen := map[string]bool{}
	var ids []string
	add := func(id string, named bool) {
		if seen[id] || d.inactive[id] || id == n.ActorID && !(named && n.sent) {
			return
		}
		seen[id] = true
		ids = append(ids, id)
	}
	for _, a := range n.to {
		if a.UserID != "" {
			add(a.UserID, true)
			continue
		}
		for _, id := range d.members(a, n.before) {
			add(id, false)
		}
	}
	return ids
}

// members returns who belongs to a group, after the first watches of the batch have been added.
func (d *directory) members(a callboard.Audience, added int) []string {
	switch {
	case a.All:
		return d.roles[""]
	case a.Role != "":
		return d.roles[a.Role]
	}
	on := keyOf(a.Watched)
	members := slices.Clone(d.watchers[on])
	for _, w := range d.added[:added] {
		if w.on == on {
			members = append(members, w.userID)
		}
	}
	return members
}
