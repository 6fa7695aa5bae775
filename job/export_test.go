package job

import (
	"context"
	"time"

	"callboard/sqldb"
)

// NodeKey returns what names this process among those that live.
func (s *Service) NodeKey() int32 { return s.node.key }

// Groups are groups of changes, as texts.
type Groups = groups[string]

// NewGroups returns groups whose changes are made by apply, within limit.
func NewGroups(db *sqldb.DB, limit time.Duration, apply func(ctx context.Context, tx *sqldb.Tx, group []string) error) *Groups {
	return &Groups{db: db, apply: apply, limit: limit}
}

// Commit is commit.
func (g *groups[T]) Commit(change T) error { return g.commit(change) }

// Waiting returns how many changes wait for the group that is being committed.
func (g *groups[T]) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}
