package presence

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of presence.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("presence", migrations) }

// record remembers in the database who was announced as a viewer, so that a server that starts again, also after a crash, knows
// whom it has to announce as gone, and whom not to announce once more. A join is recorded before it is sent, and a leave
// afterwards: a crash in between repeats the leave, and loses neither.
//
// Each node has its own rows, of the viewers whom it has a session of, so that no two write the same one. What a node that has died
// leaves behind is deleted by those that outlive it, or by the next one that starts.
type record struct {
	db   *sqldb.DB
	node func() string // the ID of this one
}

// joined records the joins among changes.
func (r record) joined(ctx context.Context, changes []Change) error {
	rows := map[Change][]any{} // by the change without the name: a statement must not name a row twice
	for _, c := range changes {
		if c.Own && c.Joined {
			key := Change{Resource: c.Resource, User: callboard.UserRef{ID: c.User.ID}}
			rows[key] = []any{r.node(), c.Resource.Type, c.Resource.ID, c.User.ID, c.User.Name, sqldb.Time{Time: c.Since}}
		}
	}
	if r.db == nil || len(rows) == 0 {
		return nil
	}
	list := make([][]any, 0, len(rows))
	for _, row := range rows {
		list = append(list, row)
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		columns := []string{"node", "resource_type", "resource_id", "user_id", "user_name", "since"}
		err := sqldb.BulkInsert(ctx, tx, "callboard_presence_node_viewers", columns, list, `ON CONFLICT (node, resource_type, resource_id, user_id)
			DO UPDATE SET user_name = excluded.user_name, since = excluded.since`)
		if err != nil {
			return fmt.Errorf("record viewers: %w", err)
		}
		return nil
	})
}

// left forgets those whose last change was to leave.
func (r record) left(ctx context.Context, changes []Change) error {
	gone := map[Change]bool{}
	for _, c := range changes {
		if !c.Own {
			continue
		}
		gone[Change{Resource: c.Resource, User: callboard.UserRef{ID: c.User.ID}}] = !c.Joined
	}
	if r.db == nil || len(gone) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		for c, left := range gone {
			if !left {
				continue
			}
			err := tx.Queue(ctx, `DELETE FROM callboard_presence_node_viewers
				WHERE node = $1 AND resource_type = $2 AND resource_id = $3 AND user_id = $4`, r.node(), c.Resource.Type, c.Resource.ID, c.User.ID)
			if err != nil {
				return fmt.Errorf("forget viewers: %w", err)
			}
		}
		return nil
	})
}

// gone forgets nodes.
func (r record) gone(ctx context.Context, nodes []string) error {
	if r.db == nil || len(nodes) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		for _, node := range nodes {
			if err := tx.Queue(ctx, `DELETE FROM callboard_presence_node_viewers WHERE node = $1`, node); err != nil {
				return fmt.Errorf("forget the viewers of a node: %w", err)
			}
		}
		return nil
	})
}

// Recorded is a viewer who was announced.
type Recorded struct {
	Node     string // that had a session of the viewer
	Resource callboard.Resource
	Viewer
}

func (r record) all(ctx context.Context) (list []Recorded, err error) {
	rows, err := r.db.QueryContext(ctx, `SELECT node, resource_type, resource_id, user_id, user_name, since
		FROM callboard_presence_node_viewers ORDER BY since`)
	err = sqldb.Each(rows, err, "read recorded viewers", func(row sqldb.Scanner) error {
		var v Recorded
		var since sqldb.Time
		err := row.Scan(&v.Node, &v.Resource.Type, &v.Resource.ID, &v.UserID, &v.Name, &since)
		v.Since = since.Time
		list = append(list, v)
		return err
	})
	return list, err
}

// status keeps a chosen status.
func (r record) status(ctx context.Context, userID string, choice StatusChoice, expires time.Time) error {
	if r.db == nil {
		return nil
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_presence_statuses (user_id, status, text, expires_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, text = excluded.text, expires_at = excluded.expires_at`,
			userID, choice.Status, choice.Text, sqldb.Time{Time: expires})
		if err != nil {
			return fmt.Errorf("keep status: %w", err)
		}
		return nil
	})
}

// restoreStatuses takes up the chosen statuses, and deletes those that have lapsed.
func (s *Service) restoreStatuses(ctx context.Context) error {
	now := callboard.Now()
	err := s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM callboard_presence_statuses WHERE expires_at <= $1`, sqldb.Time{Time: now})
		return err
	})
	if err != nil {
		return fmt.Errorf("delete lapsed statuses: %w", err)
	}
	rows, err := s.cfg.DB.QueryContext(ctx, `SELECT user_id, status, text, expires_at FROM callboard_presence_statuses`)
	return sqldb.Each(rows, err, "read statuses", func(row sqldb.Scanner) error {
		var userID string
		var choice StatusChoice
		var expires sqldb.Time
		if err := row.Scan(&userID, &choice.Status, &choice.Text, &expires); err != nil {
			return err
		}
		return s.store.SetStatus(ctx, userID, choice, expires.Add(-s.cfg.StatusTTL), expires.Time)
	})
}

// Restore takes up the statuses that users chose and the viewers that were there when the server ended, without announcing them
// again. Those who do not come back leave after the TTL, which is announced; where other nodes are running that know of none of them,
// already after the grace. It is called before anybody else calls the Service.
func (s *Service) Restore(ctx context.Context) error {
	if s.cfg.DB == nil {
		return nil
	}
	if err := s.restoreStatuses(ctx); err != nil {
		return err
	}
	list, err := s.emit.record.all(ctx)
	if err != nil {
		return err
	}
	for _, v := range list {
		if err := s.store.Restore(ctx, v.Node, v.Resource, v.Viewer, s.cfg.TTL); err != nil {
			return err
		}
	}
	return nil
}
