package notification

import (
	"context"
	"fmt"
	"slices"

	"callboard"
	"callboard/sqldb"
)

// notice is an event that notifies, with its audiences read and not yet resolved.
type notice struct {
	*content
	to     []callboard.Audience
	before int // how many watches the batch itself adds before this event
}

// directory answers who belongs to the audiences of one batch. It is loaded with a number of queries that depends
// neither on the events nor on their recipients.
type directory struct {
	roles    map[callboard.Role][]string // "" holds everybody
	watchers map[resourceKey][]string    // when the batch began
	added    []watch                     // by the events of the batch, in order
	inactive map[string]bool
}

// loadDirectory reads who belongs to the audiences of the notices. added are the watches that the batch itself adds.
func (s *Service) loadDirectory(ctx context.Context, q sqldb.Querier, notices []notice, added []watch) (*directory, error) {
	d := &directory{roles: map[callboard.Role][]string{}, watchers: map[resourceKey][]string{}, added: added}
	watched, named := map[resourceKey]bool{}, map[string]bool{}
	for _, n := range notices {
		for _, a := range n.to {
			switch {
			case a.All:
				d.roles[""] = nil
			case a.Role != "":
				d.roles[a.Role] = nil
			case a.UserID != "":
				named[a.UserID] = true
			default:
				watched[keyOf(a.Watched)] = true
			}
		}
	}
	for role := range d.roles { // at most one per role
		ids, err := s.cfg.Users.ActiveIDs(ctx, q, role)
		if err != nil {
			return nil, fmt.Errorf("read users by role: %w", err)
		}
		d.roles[role] = ids
	}
	if err := d.loadWatchers(ctx, q, watched, named); err != nil {
		return nil, err
	}
	return d, s.loadInactive(ctx, q, d, named)
}

// loadWatchers reads the watchers of the resources, and adds them and those to come to named.
func (d *directory) loadWatchers(
	ctx context.Context, q sqldb.Querier, watched map[resourceKey]bool, named map[string]bool,
) error {
	if len(watched) == 0 {
		return nil
	}
	resources := make([]resourceKey, 0, len(watched))
	for r := range watched {
		resources = append(resources, r)
	}
	watches, err := watchesOf(ctx, q, resources)
	if err != nil {
		return err
	}
	for _, w := range watches {
		d.watchers[w.on] = append(d.watchers[w.on], w.userID)
		named[w.userID] = true
	}
	for _, w := range d.added {
		if watched[w.on] {
			named[w.userID] = true
		}
	}
	return nil
}

// loadInactive finds out who of those named is disabled or unknown. Users found by role are active anyway.
func (s *Service) loadInactive(ctx context.Context, q sqldb.Querier, d *directory, named map[string]bool) error {
	if len(named) == 0 {
		return nil
	}
	ids := make([]string, 0, len(named))
	for id := range named {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	missing, err := s.cfg.Users.Exist(ctx, q, ids)
	if err != nil {
		return fmt.Errorf("look up recipients: %w", err)
	}
	d.inactive = setOf(missing)
	return nil
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
