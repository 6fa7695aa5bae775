package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callboard"
	"callboard/sqldb"
)

// mailing is an event on its way to a large audience: a row of notification_deliveries.
type mailing struct {
	*content
	to []callboard.Audience
	progress
}

// progress is how far a mailing has come, in the order of the user IDs.
type progress struct {
	pos       int64 // of the event
	eventID   string
	after     string // up to whom the entries are written
	told      string // up to whom they are published, at least
	completed bool   // nobody comes after that
}

// storedContent is a content as a mailing keeps it.
type storedContent struct {
	*content
	Priority     Priority `json:"priority"`
	ResourceType string   `json:"resource_type"`
	ResourceID   string   `json:"resource_id"`
	Sent         bool     `json:"sent"`
	Once         bool     `json:"once"`
}

func (c *content) stored() string {
	return encode(storedContent{c, c.Priority, c.resource.typ, c.resource.id, c.sent, c.once})
}

func contentFrom(text string) (*content, error) {
	stored := storedContent{content: &content{}}
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("decode content of a delivery: %w", err)
	}
	c := stored.content
	c.Priority, c.sent, c.once = stored.Priority, stored.Sent, stored.Once
	c.resource = resourceKey{stored.ResourceType, stored.ResourceID}
	return c, nil
}

// deliveriesTopic is the signal that there is something to deliver.
const deliveriesTopic = "notification_deliveries"

// handOver makes mailings of the notices. It is done in the relay's transaction, whose cursor moves along: so each event
// becomes one mailing, exactly once.
func handOver(ctx context.Context, tx *sqldb.Tx, notices []notice, now time.Time) error {
	if len(notices) == 0 {
		return nil
	}
	rows := make([][]any, len(notices))
	for i, n := range notices {
		rows[i] = []any{n.Pos, n.EventID, n.stored(), encode(n.audience), "", "", sqldb.Time{Time: now}}
	}
	columns := []string{"pos", "event_id", "content", "audience", "after_user", "told_user", "created_at"}
	err := sqldb.BulkInsert(ctx, tx, "notification_deliveries", columns, rows, "ON CONFLICT (pos) DO NOTHING")
	if err != nil {
		return fmt.Errorf("hand over to large audiences: %w", err)
	}
	tx.Signal(deliveriesTopic)
	return nil
}

// maxMailings is how many mailings are looked at in one round, the oldest first.
const maxMailings = 64

// openMailings reads the mailings of which entries are still to be written.
func (s *Service) openMailings(ctx context.Context) ([]*mailing, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+progressColumns+`, content, audience FROM notification_deliveries
		WHERE completed_at IS NULL ORDER BY pos LIMIT $1`, maxMailings)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return scanAll(rows, scanMailing)
}

func scanMailing(scan scanFunc) (*mailing, error) {
	var m mailing
	var content, audience string
	err := m.scan(scan, &content, &audience)
	if err != nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal([]byte(audience), &names); err != nil {
		return nil, fmt.Errorf("decode audience of a delivery: %w", err)
	}
	m.to = parseAudiences(names)
	m.content, err = contentFrom(content)
	return &m, err
}

const progressColumns = `pos, event_id, after_user, told_user, completed_at IS NOT NULL`

func (p *progress) scan(scan scanFunc, more ...any) error {
	return scan(append([]any{&p.pos, &p.eventID, &p.after, &p.told, &p.completed}, more...)...)
}

func readProgress(ctx context.Context, q sqldb.Querier) ([]progress, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+progressColumns+` FROM notification_deliveries ORDER BY pos LIMIT $1`, maxMailings)
	if err != nil {
		return nil, fmt.Errorf("read progress of deliveries: %w", err)
	}
	return scanAll(rows, func(scan scanFunc) (p progress, err error) { return p, p.scan(scan) })
}

// advance moves the cursors of a mailing from one place to the next, and reports false when it is no longer at the first:
// then somebody else has moved it. On PostgreSQL it also locks the row, so that nobody does so meanwhile.
func advance(ctx context.Context, tx *sqldb.Tx, from, to progress, now time.Time) (bool, error) {
	completed := sqldb.Time{}
	if to.completed {
		completed.Time = now
	}
	n, err := execCount(ctx, tx, `UPDATE notification_deliveries SET after_user = $3, told_user = $4, completed_at = $5
		WHERE pos = $1 AND after_user = $2 AND completed_at IS NULL`, from.pos, from.after, to.after, to.told, completed)
	if err != nil {
		return false, fmt.Errorf("advance delivery: %w", err)
	}
	return n == 1, nil
}

func deleteMailing(ctx context.Context, tx *sqldb.Tx, pos int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM notification_deliveries WHERE pos = $1`, pos)
	if err != nil {
		return fmt.Errorf("delete delivery: %w", err)
	}
	return nil
}

// underDelivery returns which of the events are on their way to large audiences.
func underDelivery(ctx context.Context, q sqldb.Querier, eventIDs []string) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT event_id FROM notification_deliveries
		WHERE event_id IN (SELECT value FROM `+texts(q)+`)`, encode(eventIDs))
	if err != nil {
		return nil, fmt.Errorf("look for deliveries: %w", err)
	}
	ids, err := scanAll(rows, func(scan scanFunc) (id string, err error) { return id, scan(&id) })
	return setOf(ids), err
}

// Deliveries tells what is on its way to large audiences.
type Deliveries struct {
	Count  int
	Oldest time.Duration // age of the oldest; 0 when there is none
}

// Deliveries reads how many events are on their way to large audiences.
func (s *Service) Deliveries(ctx context.Context) (Deliveries, error) {
	var d Deliveries
	var oldest sqldb.Time
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*), MIN(created_at) FROM notification_deliveries`).Scan(&d.Count, &oldest)
	if err != nil {
		return d, fmt.Errorf("count deliveries: %w", err)
	}
	if !oldest.IsZero() {
		d.Oldest = max(0, s.now().Sub(oldest.Time))
	}
	return d, nil
}
