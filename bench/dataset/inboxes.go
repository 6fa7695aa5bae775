package dataset

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// table collects rows and inserts them many at a time.
type table struct {
	db     *sql.Conn
	insert string
	width  int
	full   *sql.Stmt
	args   []any
}

// batch is how many rows one statement inserts.
const batch = 100

func newTable(ctx context.Context, db *sql.Conn, name string, columns ...string) (*table, error) {
	t := &table{db: db, width: len(columns), insert: `INSERT INTO ` + name + ` (` + strings.Join(columns, ", ") + `) VALUES `}
	if err := execute(ctx, db, `BEGIN`); err != nil {
		return nil, err
	}
	var err error
	if t.full, err = db.PrepareContext(ctx, t.insert+tuples(batch, t.width)); err != nil {
		return nil, fmt.Errorf("%s…: %w", t.insert, err)
	}
	return t, nil
}

func (t *table) add(ctx context.Context, values ...any) error {
	t.args = append(t.args, values...)
	if len(t.args) < batch*t.width {
		return nil
	}
	_, err := t.full.ExecContext(ctx, t.args...)
	t.args = t.args[:0]
	if err != nil {
		return fmt.Errorf("%s…: %w", t.insert, err)
	}
	return nil
}

// finish inserts what is left and commits.
func (t *table) finish(ctx context.Context) error {
	if n := len(t.args) / t.width; n > 0 {
		if _, err := t.db.ExecContext(ctx, t.insert+tuples(n, t.width), t.args...); err != nil {
			return fmt.Errorf("%s…: %w", t.insert, err)
		}
	}
	if err := t.full.Close(); err != nil {
		return fmt.Errorf("%s…: %w", t.insert, err)
	}
	return execute(ctx, t.db, `COMMIT`)
}

func fillUsers(ctx context.Context, db *sql.Conn, users []User, now time.Time) error {
	created := now.Add(-span).UnixMicro()
	accounts, err := newTable(ctx, db, "users", "id", "email", "name", "role", "time_zone", "created_at", "updated_at")
	if err != nil {
		return err
	}
	for _, u := range users {
		if err := accounts.add(ctx, u.ID, u.Email, u.Name, u.Role, "UTC", created, created); err != nil {
			return err
		}
	}
	if err := accounts.finish(ctx); err != nil {
		return err
	}
	tokens, err := newTable(ctx, db, "api_tokens", "id", "user_id", "name", "token_hash", "service", "created_at")
	if err != nil {
		return err
	}
	for _, u := range users {
		sum := sha256.Sum256([]byte(u.Token))
		if err := tokens.add(ctx, u.ID, u.ID, "bench", hex.EncodeToString(sum[:]), false, created); err != nil {
			return err
		}
	}
	return tokens.finish(ctx)
}

// fillOutbox keeps the events of the newest entries, all handled and published.
func fillOutbox(ctx context.Context, db *sql.Conn, e *entries) error {
	columns := []string{"id", "event_id", "name", "actor_id", "actor_name", "resource_type", "resource_id",
		"resource_name", "channels", "audience", "payload", "ip", "user_agent", "created_at", "appended_at", "pos"}
	stored, err := texts(ctx, db, `SELECT name FROM pragma_table_info('outbox')`)
	if err != nil {
		return err
	}
	if !slices.Contains(stored, "pos") { // it is generated from the id
		columns = columns[:len(columns)-1]
	}
	t, err := newTable(ctx, db, "outbox", columns...)
	if err != nil {
		return err
	}
	for pos := max(1, e.count-keptEvents+1); pos <= e.count; pos++ {
		if err := t.add(ctx, e.event(pos)[:len(columns)]...); err != nil {
			return err
		}
	}
	if err := t.finish(ctx); err != nil {
		return err
	}
	return execute(ctx, db, fmt.Sprintf(`UPDATE relay_state SET last_pos = %d, published_pos = %d`, e.count, e.count))
}

// event returns the row of the outbox from which the entry at a position follows.
func (e *entries) event(pos int) []any {
	made := e.at(pos)
	id := made.eventID()
	u, r, v := e.users[made.user], e.resources[made.about], e.variantOf(&made)
	channels, payload := `["broadcast","`+r.Type+`:`+r.ID+`"]`, `{"title":"`+r.Name+v.tail
	if v.source == fromApplication {
		channels = `["` + r.Type + `:` + r.ID + `"]`
		payload = `{"user_id":"` + u.ID + `","action":"` + v.action + `","metadata":` + payload + `}`
	}
	return []any{
		pos, string(id[:]), v.event, u.ID, u.Name, r.Type, r.ID, r.Name, channels, `[]`, payload,
		u.ip, userAgent, made.created, made.created, pos,
	}
}

// fillNotifications gives every user the same number of notifications. Of four, one is unread and one is archived. Their
// indexes are made afterwards, as the schema has them.
func fillNotifications(ctx context.Context, db *sql.Conn, e *entries, count int) error {
	indexes, err := texts(ctx, db, `SELECT sql FROM sqlite_master WHERE tbl_name = 'notifications' AND type = 'index' AND sql NOT NULL`)
	if err != nil {
		return err
	}
	names, err := texts(ctx, db, `SELECT name FROM sqlite_master WHERE tbl_name = 'notifications' AND type = 'index' AND sql NOT NULL`)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := execute(ctx, db, `DROP INDEX `+name); err != nil {
			return err
		}
	}
	if err := insertNotifications(ctx, db, e, count); err != nil {
		return err
	}
	return execute(ctx, db, indexes...)
}

func insertNotifications(ctx context.Context, db *sql.Conn, e *entries, count int) error {
	t, err := newTable(ctx, db, "notifications", "id", "user_id", "type", "message", "data", "priority", "actor_id",
		"actor_name", "resource_type", "resource_id", "event_id", "pos", "count", "read_at", "archived_at", "created_at")
	if err != nil {
		return err
	}
	for n := range count {
		made := e.at(e.causeOf(n, count))
		actor, about, v := e.users[made.user], e.resources[made.about], e.variantOf(&made)
		user := e.users[n%len(e.users)]
		id, event := uuid(made.created/1000, uint64(n)), made.eventID()
		var read, archived any
		switch n / len(e.users) % 4 {
		case 1:
			read, archived = made.created, made.created
		case 2, 3:
			read = made.created
		}
		err := t.add(ctx, string(id[:]), user.ID, v.event, actor.Name+" "+strings.ReplaceAll(v.action, "_", " ")+" "+about.Name,
			`{"title":"`+about.Name+`"}`, "normal", actor.ID, actor.Name, about.Type, about.ID, string(event[:]), made.pos, 1,
			read, archived, made.created)
		if err != nil {
			return err
		}
	}
	return t.finish(ctx)
}

// causeOf returns the position of the entry that notification n of count follows from. Each notifies every user once.
func (e *entries) causeOf(n, count int) int {
	rounds := (count + len(e.users) - 1) / len(e.users)
	return max(1, e.count-(rounds-1-n/len(e.users))*max(1, e.count/(2*rounds)))
}
