package notification

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const columns = `id, user_id, type, message, data, priority, actor_id, actor_name, resource_type, resource_id,
	event_id, pos, count, read_at, archived_at, expires_at, created_at`

func scanNotification(row sqldb.Scanner) (Notification, error) {
	var n Notification
	var data string
	var read, archived, expires, created sqldb.Time
	err := row.Scan(&n.ID, &n.UserID, &n.Type, &n.Message, &data, &n.Priority, &n.ActorID, &n.ActorName,
		&n.ResourceType, &n.ResourceID, &n.EventID, &n.Pos, &n.Count, &read, &archived, &expires, &created)
	n.Data, n.CreatedAt = json.RawMessage(data), created.Time
	n.ReadAt, n.ArchivedAt, n.ExpiresAt = read.Ptr(), archived.Ptr(), expires.Ptr()
	return n, err
}

// position is the sort key of an inbox. It is unique in it, since one event makes at most one entry per user.
type position struct {
	Pos int64 `json:"pos"`
}

func list(
	ctx context.Context, q sqldb.Querier, userID string, f Filter, page callboard.Page, now time.Time,
) (callboard.List[Notification], error) {
	w, err := inboxWhere(userID, f, page, now)
	if err != nil {
		return callboard.List[Notification]{}, err
	}
	size := page.Size()
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM callboard_notifications`+w.SQL()+
		` ORDER BY pos DESC LIMIT `+w.Arg(size+1), w.Args()...)
	items, err := sqldb.Collect(rows, err, "list notifications", scanNotification)
	if err != nil {
		return callboard.List[Notification]{}, err
	}
	return callboard.NewList(items, size, func(n Notification) any { return position{n.Pos} }), nil
}

func inboxWhere(userID string, f Filter, page callboard.Page, now time.Time) (*sqltext.Where, error) {
	w := &sqltext.Where{}
	w.And("user_id = ?", userID)
	if f.Archived {
		w.And("archived_at IS NOT NULL")
	} else {
		w.And("archived_at IS NULL")
	}
	if f.Unread {
		w.And("read_at IS NULL")
	}
	if f.Type != "" {
		w.And("type = ?", f.Type)
	}
	w.And("(expires_at IS NULL OR expires_at > ?)", sqldb.Time{Time: now})
	if page.Cursor != "" {
		last, err := decodePosition(page.Cursor)
		if err != nil {
			return nil, err
		}
		w.And("pos < ?", last.Pos)
	}
	return w, nil
}

func decodePosition(cursor string) (position, error) {
	var p position
	if err := callboard.DecodeCursor(cursor, &p); err != nil {
		return p, err
	}
	var v callboard.Validator
	v.Check(p.Pos > 0, "cursor", "is not a cursor of this list; leave it out to start from the beginning")
	return p, v.Err()
}

// maxUnread is how far unread entries are counted: somebody with that many has stopped counting, and an inbox may hold a
// million.
const maxUnread = 1000

// unreadCounts returns how many unread notifications each of the users has, up to maxUnread, in one query. The condition on
// the type, which always holds, leads SQLite to the index of unread entries.
func unreadCounts(ctx context.Context, q sqldb.Querier, userIDs []string, now time.Time) (map[string]int64, error) {
	return countByUser(ctx, q, `read_at IS NULL AND type > '' AND (expires_at IS NULL OR expires_at > $2)`,
		maxUnread, userIDs, now)
}

// countByUser counts the notifications of each of the users that fulfil the condition, whose parameter 2 is t, up to limit.
func countByUser(
	ctx context.Context, q sqldb.Querier, condition string, limit int64, userIDs []string, t time.Time,
) (map[string]int64, error) {
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT users.value, (SELECT COUNT(*) FROM (
			SELECT 1 FROM callboard_notifications WHERE user_id = users.value AND `+condition+` LIMIT $3) AS counted)
		FROM (SELECT value FROM `+texts(q)+`) AS users`, encode(userIDs), sqldb.Time{Time: t}, limit)
	counts := make(map[string]int64, len(userIDs))
	return counts, sqldb.Each(rows, err, "count notifications", func(row sqldb.Scanner) error {
		var userID string
		var n int64
		err := row.Scan(&userID, &n)
		counts[userID] = n
		return err
	})
}

func markRead(ctx context.Context, tx *sqldb.Tx, userID, id string, now time.Time) (Notification, error) {
	return updateOne(ctx, tx, `UPDATE callboard_notifications SET read_at = COALESCE(read_at, $3)
		WHERE id = $1 AND user_id = $2 RETURNING `+columns, id, userID, sqldb.Time{Time: now})
}

func markUnread(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	return updateOne(ctx, tx, `UPDATE callboard_notifications SET read_at = NULL, archived_at = NULL
		WHERE id = $1 AND user_id = $2 RETURNING `+columns, id, userID)
}

func unarchive(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	return updateOne(ctx, tx, `UPDATE callboard_notifications SET archived_at = NULL
		WHERE id = $1 AND user_id = $2 RETURNING `+columns, id, userID)
}

func archive(ctx context.Context, tx *sqldb.Tx, userID, id string, now time.Time) (Notification, error) {
	return updateOne(ctx, tx, `UPDATE callboard_notifications
		SET archived_at = COALESCE(archived_at, $3), read_at = COALESCE(read_at, $3)
		WHERE id = $1 AND user_id = $2 RETURNING `+columns, id, userID, sqldb.Time{Time: now})
}

// updateOne runs an update that returns the one entry it changed. An entry of somebody else is as absent as none.
func updateOne(ctx context.Context, tx *sqldb.Tx, query string, args ...any) (Notification, error) {
	n, err := scanNotification(tx.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Notification{}, callboard.NotFound("notification")
	}
	if err != nil {
		return Notification{}, fmt.Errorf("update notification: %w", err)
	}
	return n, nil
}

func deleteOne(ctx context.Context, tx *sqldb.Tx, userID, id string) error {
	n, err := execCount(ctx, tx, `DELETE FROM callboard_notifications WHERE id = $1 AND user_id = $2`, id, userID)
	if err != nil {
		return fmt.Errorf("delete notification: %w", err)
	}
	if n == 0 {
		return callboard.NotFound("notification")
	}
	return nil
}

// markAllRead locks the rows in the order of their ids, as the handler does, so that the two cannot deadlock. The condition
// on the type, which always holds, leads SQLite to the index of unread entries.
func markAllRead(ctx context.Context, tx *sqldb.Tx, userID string, upTo int64, now time.Time) (int64, error) {
	n, err := execCount(ctx, tx, `UPDATE callboard_notifications SET read_at = $3 WHERE id IN (
			SELECT id FROM callboard_notifications WHERE user_id = $1 AND type > '' AND read_at IS NULL AND (pos <= $2 OR $2 = 0)
			ORDER BY id`+sqldb.ForUpdate(tx)+`)`, userID, upTo, sqldb.Time{Time: now})
	if err != nil {
		return 0, fmt.Errorf("mark notifications as read: %w", err)
	}
	return n, nil
}

func changeStatements() map[Change]string {
	const now = `CAST($3 AS BIGINT)`
	return map[Change]string{
		ChangeRead:      `UPDATE callboard_notifications SET read_at = COALESCE(read_at, ` + now + `)`,
		ChangeUnread:    `UPDATE callboard_notifications SET read_at = NULL, archived_at = NULL`,
		ChangeArchive:   `UPDATE callboard_notifications SET archived_at = COALESCE(archived_at, ` + now + `), read_at = COALESCE(read_at, ` + now + `)`,
		ChangeUnarchive: `UPDATE callboard_notifications SET archived_at = NULL`,
		ChangeDelete:    `DELETE FROM callboard_notifications`,
	}
}

// changeMany locks the rows in the order of their ids, as markAllRead does. The last condition always holds: each statement has to have
// all parameters.
func changeMany(ctx context.Context, tx *sqldb.Tx, userID string, change Change, ids []string, now time.Time) (int64, error) {
	n, err := execCount(ctx, tx, changeStatements()[change]+` WHERE id IN (SELECT id FROM callboard_notifications
			WHERE user_id = $2 AND id IN (SELECT value FROM `+texts(tx)+`) ORDER BY id`+sqldb.ForUpdate(tx)+`) AND CAST($3 AS BIGINT) IS NOT NULL`,
		encode(ids), userID, sqldb.Time{Time: now})
	if err != nil {
		return 0, fmt.Errorf("change notifications: %w", err)
	}
	return n, nil
}

func execCount(ctx context.Context, tx *sqldb.Tx, query string, args ...any) (int64, error) {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// elements is a table of the elements of the JSON array in parameter n, whose column is called value. A set of any size
// is thus one parameter, in one statement. The alias of the table is the caller's.
func elements(q sqldb.Querier, n int) string {
	if q.Dialect() == sqldb.Postgres {
		return fmt.Sprintf("(SELECT value FROM jsonb_array_elements($%d::text::jsonb) AS a(value))", n)
	}
	return fmt.Sprintf("(SELECT value FROM json_each($%d))", n)
}

// lookUpEach joins the rows of table, called n, for each row of what stands before it: found by an index, and of those the ones
// that match. On PostgreSQL the offset keeps the planner from anything else, such as reading the whole table, or all that is
// unread for each row: it does so as long as it has no statistics.
func lookUpEach(q sqldb.Querier, table, found, matching string) string {
	if q.Dialect() == sqldb.Postgres {
		return "LATERAL (SELECT * FROM " + table + " WHERE " + found + " OFFSET 0) n WHERE " + matching
	}
	return table + " n WHERE " + found + " AND " + matching
}

// texts is a table of the texts of the JSON array in parameter 1, whose column is called value.
func texts(q sqldb.Querier) string {
	if q.Dialect() == sqldb.Postgres {
		return "jsonb_array_elements_text($1::text::jsonb) AS a(value)"
	}
	return "json_each($1)"
}

// encode returns v as JSON text. What is passed to it always encodes: texts, numbers, and slices and structs of them.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
