package notification

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// aggregateKey is what the events of one entry have in common.
type aggregateKey struct {
	userID, typ string
	on          resourceKey
}

// entry is an inbox entry that a round of deliveries makes or adds to.
type entry struct {
	id       string // of the row
	isNew    bool   // to be inserted
	userID   string
	count    int64 // how many events it tells of, after the round
	added    int64 // how many of them came in this round
	priority Priority
	newest   int64    // position of the newest event it tells of
	oldest   int64    // position of the oldest one; 0 where that was not kept
	content  *content // of the newest event, when that came in this round
	digest   bool
}

// message returns the text that the entry has by itself, or nil where it is that of its content.
func (e *entry) message() *string {
	if !e.digest {
		return nil
	}
	text := digestMessage(e.count)
	return &text
}

// text returns what a new entry says.
func (e *entry) text() string {
	if own := e.message(); own != nil {
		return *own
	}
	return e.content.Message
}

// aggregator joins the deliveries of a round with the unread entries about the same, so that an inbox stays readable.
type aggregator struct {
	rates *rates
	open  map[aggregateKey]*entry // unread entries that more events may join
	order []*entry                // all that the round changes, in order
}

func (s *Service) loadAggregator(ctx context.Context, tx *sqldb.Tx, round []delivery, now time.Time) (*aggregator, error) {
	a := &aggregator{open: map[aggregateKey]*entry{}}
	var err error
	if a.rates, err = loadRates(ctx, tx, int64(s.cfg.RateLimit), round, now); err != nil {
		return nil, err
	}
	return a, a.loadOpen(ctx, tx, round, now)
}

func keyFor(d delivery) aggregateKey { return aggregateKey{d.userID, d.Type, d.resource} }

func digestKey(userID string) aggregateKey { return aggregateKey{userID: userID, typ: TypeDigest} }

// put adds one delivery: to the unread entry about the same, as an entry of its own, or to the digest.
func (a *aggregator) put(d delivery) {
	key, joins := keyFor(d), d.joins()
	if e := a.open[key]; joins && e != nil {
		a.join(e, d.content)
		return
	}
	if d.Priority.limited() && !a.rates.take(d.userID) {
		a.digest(d)
		return
	}
	e := a.add(d.userID, d.content)
	if joins {
		a.open[key] = e
	}
}

func (a *aggregator) add(userID string, c *content) *entry {
	e := &entry{
		id: callboard.NewID(), isNew: true, userID: userID, count: 1, added: 1, priority: c.Priority, newest: c.Pos, oldest: c.Pos, content: c,
	}
	a.order = append(a.order, e)
	return e
}

// join adds an event to an entry. The newest event speaks for the entry; an older one, which was a dead letter and comes
// late, only counts. The entry's own event does not count twice.
func (a *aggregator) join(e *entry, c *content) {
	if c.Pos == e.newest {
		return
	}
	if e.added == 0 {
		a.order = append(a.order, e)
	}
	e.count++
	e.added++
	e.oldest = min(e.oldest, c.Pos)
	if c.Priority.rank() > e.priority.rank() {
		e.priority = c.Priority
	}
	if c.Pos > e.newest {
		e.newest, e.content = c.Pos, c
	}
}

// digest adds a delivery to the user's digest, which is an entry like any other, except that it only counts.
func (a *aggregator) digest(d delivery) {
	key := digestKey(d.userID)
	if e := a.open[key]; e != nil {
		a.join(e, d.digest())
		return
	}
	a.open[key] = a.add(d.userID, d.digest())
	a.open[key].digest = true
}

// loadOpen reads the unread entries that the round may join, in one query. They stay locked until the transaction ends,
// so that nobody marks one as read while an event joins it.
func (a *aggregator) loadOpen(ctx context.Context, tx *sqldb.Tx, round []delivery, now time.Time) error {
	keys := a.keys(round)
	if len(keys) == 0 {
		return nil
	}
	found := `user_id = k.value->>0 AND type = k.value->>1 AND resource_id = k.value->>3 AND read_at IS NULL`
	matching := `resource_type = k.value->>2 AND (expires_at IS NULL OR expires_at > $2)`
	//nolint:rowserrcheck // Each does
	rows, err := tx.QueryContext(ctx, `SELECT n.id, n.user_id, n.type, n.resource_type, n.resource_id, n.count,
			n.priority, n.pos, COALESCE(n.first_pos, 0)
		FROM `+elements(tx, 1)+` k CROSS JOIN `+lookUpEach(tx, "callboard_notifications", found, matching)+`
		ORDER BY n.id`+sqldb.ForUpdate(tx), encode(keys), sqldb.Time{Time: now})
	return sqldb.Each(rows, err, "read unread entries", func(row sqldb.Scanner) error {
		var e entry
		var key aggregateKey
		err := row.Scan(&e.id, &key.userID, &key.typ, &key.on.typ, &key.on.id, &e.count, &e.priority, &e.newest, &e.oldest)
		e.userID, e.digest, a.open[key] = key.userID, key.typ == TypeDigest, &e
		return err
	})
}

// keys lists what the entries that the round may join are found by.
func (a *aggregator) keys(round []delivery) [][4]string {
	seen := map[aggregateKey]bool{}
	var keys [][4]string
	add := func(k aggregateKey) {
		if !seen[k] {
			seen[k] = true
			keys = append(keys, [4]string{k.userID, k.typ, k.on.typ, k.on.id})
		}
	}
	coming := map[string]int64{}
	for _, d := range round {
		if d.joins() {
			add(keyFor(d))
		}
		if !d.Priority.limited() {
			continue
		}
		if coming[d.userID]++; a.rates.mayExceed(d.userID, coming[d.userID]) {
			add(digestKey(d.userID))
		}
	}
	return keys
}

// save writes what the round has changed: new entries in one bulk insert, the others in one update, and the rates.
func (a *aggregator) save(ctx context.Context, tx *sqldb.Tx) error {
	var made, joined []*entry
	for _, e := range a.order {
		if e.isNew {
			made = append(made, e)
		} else {
			joined = append(joined, e)
		}
	}
	if err := insertEntries(ctx, tx, made); err != nil {
		return err
	}
	if err := updateEntries(ctx, tx, joined); err != nil {
		return err
	}
	return a.rates.save(ctx, tx)
}

func insertColumns() []string {
	return []string{
		"id", "user_id", "type", "message", "data", "priority", "actor_id", "actor_name", "resource_type", "resource_id",
		"event_id", "pos", "first_pos", "count", "created_at", "expires_at",
	}
}

// insertEntries inserts new entries. One that is there already would be a fault elsewhere, since what follows from an event
// commits once; the rest must not fail for it.
func insertEntries(ctx context.Context, tx *sqldb.Tx, entries []*entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		c := e.content
		rows[i] = []any{
			e.id, e.userID, c.Type, e.text(), c.Data, string(e.priority), c.ActorID, c.ActorName,
			c.resource.typ, c.resource.id, c.EventID, c.Pos, e.oldest, e.count, c.CreatedAt, c.ExpiresAt,
		}
	}
	err := sqldb.BulkInsert(ctx, tx, "callboard_notifications", insertColumns(), rows, "ON CONFLICT (event_id, user_id) DO NOTHING")
	if err != nil {
		return fmt.Errorf("insert entries: %w", err)
	}
	return nil
}

// updateEntries updates all entries in one statement. The contents travel apart from the entries, since thousands of
// entries may share one. An entry that only late events joined has none, and keeps what it says.
func updateEntries(ctx context.Context, tx *sqldb.Tx, entries []*entry) error {
	if len(entries) == 0 {
		return nil
	}
	type numbered struct {
		Index int `json:"i"`
		*content
	}
	rows, contents := make([][6]any, len(entries)), []numbered{}
	index := map[*content]int{}
	for i, e := range entries {
		at, known := index[e.content]
		if !known {
			at = len(index)
			index[e.content] = at
			if e.content != nil {
				contents = append(contents, numbered{at, e.content})
			}
		}
		rows[i] = [6]any{e.id, e.count, string(e.priority), e.message(), at, e.oldest}
	}
	if _, err := tx.ExecContext(ctx, updateSQL(tx), encode(rows), encode(contents)); err != nil {
		return fmt.Errorf("update entries: %w", err)
	}
	return nil
}

// updateSQL is the statement of updateEntries. MATERIALIZED keeps the databases from reading the JSON once per entry.
func updateSQL(q sqldb.Querier) string {
	return `WITH r AS MATERIALIZED (
			SELECT value->>0 AS id, CAST(value->>1 AS BIGINT) AS count, value->>2 AS priority, value->>3 AS message,
				CAST(value->>4 AS BIGINT) AS i, NULLIF(CAST(value->>5 AS BIGINT), 0) AS first_pos
			FROM ` + elements(q, 1) + ` AS rows
		), c AS MATERIALIZED (
			SELECT CAST(value->>'i' AS BIGINT) AS i, value->>'message' AS message, value->>'data' AS data,
				value->>'actor_id' AS actor_id, value->>'actor_name' AS actor_name, value->>'event_id' AS event_id,
				CAST(value->>'pos' AS BIGINT) AS pos, CAST(value->>'created_at' AS BIGINT) AS created_at,
				CAST(value->>'expires_at' AS BIGINT) AS expires_at
			FROM ` + elements(q, 2) + ` AS contents
		)
		UPDATE callboard_notifications AS n SET
			count = r.count, first_pos = r.first_pos, priority = r.priority, message = COALESCE(r.message, c.message, n.message),
			data = COALESCE(c.data, n.data), actor_id = COALESCE(c.actor_id, n.actor_id),
			actor_name = COALESCE(c.actor_name, n.actor_name), event_id = COALESCE(c.event_id, n.event_id),
			pos = COALESCE(c.pos, n.pos), created_at = COALESCE(c.created_at, n.created_at),
			expires_at = CASE WHEN c.i IS NULL THEN n.expires_at ELSE c.expires_at END
		FROM r LEFT JOIN c ON c.i = r.i WHERE n.id = r.id`
}
