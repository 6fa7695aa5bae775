package notification

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// directory answers who belongs to the audiences of one batch. It is loaded with a number of queries that depends
// neither on the events nor on their recipients, and knows no more than maxInline+1 members of any group.
type directory struct {
	groups   map[callboard.Audience][]string // everybody, roles and groups
	watchers map[resourceKey][]string        // when the batch began
	added    []watch                         // by the events of the batch, in order
	inactive map[string]bool
}

// isGroup reports whether a is everybody, a role or a group: those who belong to it are listed.
func isGroup(a callboard.Audience) bool { return a.All || a.Role != "" || a.Group != "" }

// loadGroups reads who belongs to the groups that the pending notifications address. added are the watches that the batch itself adds.
func (s *Service) loadGroups(ctx context.Context, q sqldb.Querier, toNotify []pending, added []watch) (*directory, error) {
	d := &directory{groups: map[callboard.Audience][]string{}, watchers: map[resourceKey][]string{}, added: added}
	watched := map[resourceKey]bool{}
	for _, n := range toNotify {
		for _, a := range n.to {
			switch {
			case isGroup(a):
				d.groups[a] = nil
			case a.UserID == "":
				watched[keyOf(a.Watched)] = true
			}
		}
	}
	for group := range d.groups {
		ids, err := s.members(ctx, group, "", maxInline+1)
		if err != nil {
			return nil, err
		}
		d.groups[group] = ids
	}
	return d, d.loadWatchers(ctx, q, slices.Collect(maps.Keys(watched)))
}

// members returns the next of those who belong to everybody, a role or a group. Users that cannot be listed belong to none.
func (s *Service) members(ctx context.Context, group callboard.Audience, after string, limit int) ([]string, error) {
	lister, ok := s.cfg.Users.(callboard.UserLister)
	if !ok {
		return nil, nil
	}
	ids, err := lister.Members(ctx, group, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list the users of an audience: %w", err)
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

// size returns how many recipients n may have, counted up to a little more than maxInline. Who is named twice, is the actor
// or is inactive counts too: to find that out would mean to look at all of them.
func (d *directory) size(n *pending) int {
	size := 0
	for _, a := range n.to {
		if a.UserID != "" {
			size++
		} else if size <= maxInline {
			size += len(d.members(a, n.watches))
		}
	}
	return size
}

// loadInactive finds out which recipients of the pending notifications are disabled or unknown. Members of a group are active anyway.
func (s *Service) loadInactive(ctx context.Context, d *directory, toNotify []pending) error {
	asked := map[string]bool{}
	for _, n := range toNotify {
		for _, a := range n.to {
			switch {
			case a.UserID != "":
				asked[a.UserID] = true
			case !isGroup(a):
				for _, id := range d.members(a, n.watches) {
					asked[id] = true
				}
			}
		}
	}
	var err error
	d.inactive, err = s.inactiveAmong(ctx, slices.Sorted(maps.Keys(asked)))
	return err
}

// inactiveAmong returns those of the users who are disabled or unknown.
func (s *Service) inactiveAmong(ctx context.Context, ids []string) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := s.cfg.Users.Resolve(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look up recipients: %w", err)
	}
	inactive := map[string]bool{}
	for _, id := range ids {
		if user, ok := known[id]; !ok || user.Disabled {
			inactive[id] = true
		}
	}
	return inactive, nil
}

// recipients returns the IDs of those whom n notifies, each once. The actor is not among them, except when it sent the
// notification to itself by name.
func (d *directory) recipients(n *pending) []string {
	seen := map[string]bool{}
	var ids []string
	add := func(id string, named bool) {
		if seen[id] || d.inactive[id] || n.own(id, named) {
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
		for _, id := range d.members(a, n.watches) {
			add(id, false)
		}
	}
	return ids
}

// members returns who belongs to a group, after the first watches of the batch have been added.
func (d *directory) members(a callboard.Audience, watches int) []string {
	if isGroup(a) {
		return d.groups[a]
	}
	on := keyOf(a.Watched)
	members := slices.Clone(d.watchers[on])
	for _, w := range d.added[:watches] {
		if w.on == on {
			members = append(members, w.userID)
		}
	}
	return members
}

// recipientChunk is the next users of a large audience.
type recipientChunk struct {
	ids   []string // whom to notify
	last  string   // the ID up to which the audience has been read
	final bool     // nobody comes after it
}

// recipientsAfter returns the next limit users of the audiences in the order of their IDs, less those who are not to be
// notified: the actor, unless it addressed itself, and those who are disabled or unknown.
func (s *Service) recipientsAfter(ctx context.Context, q sqldb.Querier, n *pending, after string, limit int) (recipientChunk, error) {
	candidates, err := s.candidatesAfter(ctx, q, n, after, limit+1)
	if err != nil {
		return recipientChunk{}, err
	}
	ids := slices.Sorted(maps.Keys(candidates))
	chunk := recipientChunk{last: after, final: len(ids) <= limit}
	ids = ids[:min(limit, len(ids))]
	if len(ids) == 0 {
		return chunk, nil
	}
	chunk.last = ids[len(ids)-1]
	asked := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return candidates[id].active })
	inactive, err := s.inactiveAmong(ctx, asked)
	chunk.ids = slices.DeleteFunc(ids, func(id string) bool {
		return inactive[id] || n.own(id, candidates[id].named)
	})
	return chunk, err
}

// candidate is what is known of a member of an audience.
type candidate struct{ named, active bool }

// candidatesAfter returns the next limit members of each of the audiences, and so at least the next of all of them.
func (s *Service) candidatesAfter(
	ctx context.Context, q sqldb.Querier, n *pending, after string, limit int,
) (map[string]candidate, error) {
	found := map[string]candidate{}
	groups, watched := map[callboard.Audience]bool{}, []resourceKey(nil)
	for _, a := range n.to {
		switch {
		case isGroup(a):
			groups[a] = true
		case a.UserID == "":
			watched = append(watched, keyOf(a.Watched))
		case a.UserID > after:
			found[a.UserID] = candidate{named: true}
		}
	}
	for group := range groups {
		ids, err := s.members(ctx, group, after, limit)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			found[id] = candidate{named: found[id].named, active: true}
		}
	}
	watches, err := watchesOf(ctx, q, watched, after, limit)
	for _, w := range watches {
		if _, known := found[w.userID]; !known {
			found[w.userID] = candidate{}
		}
	}
	return found, err
}
