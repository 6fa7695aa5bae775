package notification

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Watch makes the user a watcher of res. It is no error if that is so already, but CodeInvalid for what cannot be the ID of a user or
// a resource. Whether there is such a user is not asked: whom nobody knows is not notified.
func (s *Service) Watch(ctx context.Context, userID string, res callboard.Resource) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return s.WatchTx(ctx, tx, userID, res) })
}

// WatchTx is Watch as part of tx, which may be the application's own.
func (s *Service) WatchTx(ctx context.Context, tx outbox.Tx, userID string, res callboard.Resource) error {
	var v callboard.Validator
	v.UserID("user_id", userID)
	v.Resource("", res)
	if err := cmp.Or(v.Err(), sqldb.CheckExecer(tx)); err != nil {
		return err
	}
	if own, ok := tx.(*sqldb.Tx); ok {
		return insertWatches(ctx, own, []watch{{userID: userID, on: keyOf(res)}})
	}
	return s.insertForeign(ctx, tx, userID, res)
}

// insertForeign inserts a watch in a transaction of the application. One that is there already is written again, and so counted:
// a statement that wrote nothing was on another database.
func (s *Service) insertForeign(ctx context.Context, tx outbox.Tx, userID string, res callboard.Resource) error {
	err := s.db.InsertForeign(ctx, tx, "callboard_watches", watchColumns(), [][]any{{userID, res.Type, res.ID}},
		"ON CONFLICT (resource_type, resource_id, user_id) DO UPDATE SET user_id = excluded.user_id")
	if err != nil {
		return fmt.Errorf("insert watch: %w", err)
	}
	return nil
}

// Unwatch ends that the user watches res. It is no error if that is so already.
func (s *Service) Unwatch(ctx context.Context, userID string, res callboard.Resource) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return s.UnwatchTx(ctx, tx, userID, res) })
}

// UnwatchTx is Unwatch as part of tx, which may be the application's own.
func (s *Service) UnwatchTx(ctx context.Context, tx outbox.Tx, userID string, res callboard.Resource) error {
	if err := sqldb.CheckExecer(tx); err != nil {
		return err
	}
	query := `DELETE FROM callboard_watches WHERE resource_type = $1 AND resource_id = $2 AND user_id = $3`
	if _, own := tx.(*sqldb.Tx); !own {
		if err := s.insertForeign(ctx, tx, userID, res); err != nil { // shows that it is on the right database, as no deletion does
			return err
		}
		query = s.db.Qualify(query)
	}
	if _, err := tx.ExecContext(ctx, query, res.Type, res.ID, userID); err != nil {
		return fmt.Errorf("delete watch: %w", err)
	}
	return nil
}

// Forget deletes all watches of res, for a resource that is gone for good.
func (s *Service) Forget(ctx context.Context, res callboard.Resource) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		return forgetWatches(ctx, tx, []resourceKey{keyOf(res)}, beyondIDs)
	})
}

// Watching reports whether the user watches res.
func (s *Service) Watching(ctx context.Context, userID string, res callboard.Resource) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM callboard_watches
		WHERE resource_type = $1 AND resource_id = $2 AND user_id = $3`, res.Type, res.ID, userID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read watch: %w", err)
	}
	return n > 0, nil
}

// Watches returns what the user watches, of one type unless that is empty, in the order of types and IDs. The resources have no names;
// a deleted episode, which can be restored, is among them.
func (s *Service) Watches(ctx context.Context, userID, typ string, page callboard.Page) (callboard.List[callboard.Resource], error) {
	var after watchKey
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return callboard.List[callboard.Resource]{}, err
		}
	}
	var w sqltext.Where
	w.And("user_id = ?", userID)
	if typ != "" {
		w.And("resource_type = ?", typ)
	}
	w.And("(resource_type, resource_id) > (?, ?)", after.Type, after.ID)
	rows, err := s.db.QueryContext(ctx, `SELECT resource_type, resource_id FROM callboard_watches`+w.SQL()+
		` ORDER BY resource_type, resource_id LIMIT `+w.Arg(page.Size()+1), w.Args()...)
	watched, err := sqldb.Collect(rows, err, "list watches", func(row sqldb.Scanner) (res callboard.Resource, err error) {
		err = row.Scan(&res.Type, &res.ID)
		return res, err
	})
	if err != nil {
		return callboard.List[callboard.Resource]{}, err
	}
	return callboard.NewList(watched, page.Size(), func(res callboard.Resource) any { return watchKey{res.Type, res.ID} }), nil
}

// watchKey is the sort key of a list of what a user watches.
type watchKey struct {
	Type string `json:"t"`
	ID   string `json:"i"`
}

// Watchers returns the IDs of the users who watch res, also of those who are disabled.
func (s *Service) Watchers(ctx context.Context, res callboard.Resource) ([]string, error) {
	watches, err := watchesOf(ctx, s.db, []resourceKey{keyOf(res)}, "", math.MaxInt32)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(watches))
	for i, w := range watches {
		ids[i] = w.userID
	}
	return ids, nil
}

// resourceKey is a resource without its name, as a map key.
type resourceKey struct{ typ, id string }

func keyOf(res callboard.Resource) resourceKey { return resourceKey{res.Type, res.ID} }

// watch says that a user watches a resource.
type watch struct {
	userID string
	on     resourceKey
}

// beyondIDs sorts after every user ID: it begins with the last character there is, which no ID holds. The column's order is that of
// the bytes on both databases, as it is in Go.
const beyondIDs = "\U0010FFFF"

// watchesOf returns the watches of all the given resources, in one query: of each at most limit, by the users whose IDs
// come after the ID after.
func watchesOf(ctx context.Context, q sqldb.Querier, resources []resourceKey, after string, limit int) ([]watch, error) {
	if len(resources) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT w.user_id, w.resource_type, w.resource_id
		FROM `+elements(q, 1)+` k CROSS JOIN callboard_watches w
		WHERE w.resource_type = k.value->>0 AND w.resource_id = k.value->>1 AND w.user_id > $2
			AND w.user_id <= COALESCE((SELECT last.user_id FROM callboard_watches last
				WHERE last.resource_type = k.value->>0 AND last.resource_id = k.value->>1 AND last.user_id > $2
				ORDER BY last.user_id LIMIT 1 OFFSET $3), '`+beyondIDs+`')
		ORDER BY w.resource_type, w.resource_id, w.user_id`, encodeKeys(resources), after, limit-1)
	return sqldb.Collect(rows, err, "read watches", func(row sqldb.Scanner) (w watch, err error) {
		err = row.Scan(&w.userID, &w.on.typ, &w.on.id)
		return w, err
	})
}

func encodeKeys(resources []resourceKey) string {
	pairs := make([][2]string, len(resources))
	for i, r := range resources {
		pairs[i] = [2]string{r.typ, r.id}
	}
	return encode(pairs)
}

// forgetWatches deletes the watches of the resources by the users up to the given ID.
func forgetWatches(ctx context.Context, tx *sqldb.Tx, resources []resourceKey, upTo string) error {
	if len(resources) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM callboard_watches WHERE user_id <= $2 AND (resource_type, resource_id) IN (
		SELECT k.value->>0, k.value->>1 FROM `+elements(tx, 1)+` k)`, encodeKeys(resources), upTo)
	if err != nil {
		return fmt.Errorf("delete watches: %w", err)
	}
	return nil
}

func watchColumns() []string { return []string{"user_id", "resource_type", "resource_id"} }

func insertWatches(ctx context.Context, tx *sqldb.Tx, watches []watch) error {
	if len(watches) == 0 {
		return nil
	}
	rows := make([][]any, len(watches))
	for i, w := range watches {
		rows[i] = []any{w.userID, w.on.typ, w.on.id}
	}
	if err := sqldb.BulkInsert(ctx, tx, "callboard_watches", watchColumns(), rows, "ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("insert watches: %w", err)
	}
	return nil
}
