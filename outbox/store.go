package outbox

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"callboard"
	"callboard/sqldb"
)

// On PostgreSQL transactions commit in another order than that of their ids, so an event gets its position from the leader,
// in a column of its own. On SQLite one writer appends at a time: there the id is the position, and relay_state tells how
// far positions are given.

// posColumn returns the column that holds the position of an event that has one.
func posColumn(q sqldb.Querier) string {
	if q.Dialect() == sqldb.SQLite {
		return "outbox.id"
	}
	return "outbox.pos"
}

// waiting returns the condition for events without a position.
func waiting(q sqldb.Querier) string {
	if q.Dialect() == sqldb.SQLite {
		return "outbox.id > (SELECT last_pos FROM relay_state WHERE id = 1)"
	}
	return "outbox.pos IS NULL"
}

// eventColumns are qualified because the claim joins, and its RETURNING would else be ambiguous.
func eventColumns(q sqldb.Querier) string {
	return `outbox.event_id, outbox.name, outbox.actor_id, outbox.actor_name, outbox.resource_type, outbox.resource_id,
		outbox.resource_name, outbox.channels, outbox.audience, outbox.payload, outbox.ip, outbox.user_agent,
		outbox.created_at, ` + posColumn(q)
}

// claim gives the oldest events without a position, at most limit of them, the positions after last, and returns them in
// that order.
func claim(ctx context.Context, tx *sqldb.Tx, last int64, limit int) ([]callboard.Event, error) {
	query := claimPostgres(tx)
	if tx.Dialect() == sqldb.SQLite {
		query = `SELECT ` + eventColumns(tx) + ` FROM outbox WHERE id > $1 ORDER BY id LIMIT $2`
	}
	rows, err := tx.QueryContext(ctx, query, last, limit)
	if err != nil {
		return nil, fmt.Errorf("claim events: %w", err)
	}
	events, err := scanEvents(rows)
	if err != nil {
		return nil, fmt.Errorf("claim events: %w", err)
	}
	slices.SortFunc(events, func(a, b callboard.Event) int { return cmp.Compare(a.Pos, b.Pos) }) // RETURNING has no order
	return events, nil
}

// claimPostgres claims by "pos IS NULL" rather than by "id > last seen", since a transaction may commit after one that took
// a higher id: the late row is found, because it still has no position.
func claimPostgres(tx *sqldb.Tx) string {
	return `UPDATE outbox SET pos = next.pos
		FROM (
			SELECT id, CAST($1 AS BIGINT) + row_number() OVER (ORDER BY id) AS pos
			FROM (SELECT id FROM outbox WHERE pos IS NULL ORDER BY id LIMIT $2) AS oldest
		) AS next
		WHERE outbox.id = next.id
		RETURNING ` + eventColumns(tx)
}

// eventsAfter returns positioned events in order, from the one after pos.
func eventsAfter(ctx context.Context, q sqldb.Querier, pos int64, limit int) ([]callboard.Event, error) {
	column := posColumn(q)
	rows, err := q.QueryContext(ctx, `SELECT `+eventColumns(q)+` FROM outbox WHERE `+column+` > $1
		AND `+column+` <= (SELECT last_pos FROM relay_state WHERE id = 1) ORDER BY `+column+` LIMIT $2`, pos, limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return scanEvents(rows)
}

func scanEvents(rows *sql.Rows) ([]callboard.Event, error) {
	defer rows.Close()
	var events []callboard.Event
	for rows.Next() {
		e, err := scanEvent(rows)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

func scanEvent(rows *sql.Rows) (callboard.Event, error) {
	var (
		e                  callboard.Event
		channels, audience string
		payload            string
		created            sqldb.Time
	)
	err := rows.Scan(&e.ID, &e.Name, &e.Actor.ID, &e.Actor.Name, &e.Resource.Type, &e.Resource.ID, &e.Resource.Name,
		&channels, &audience, &payload, &e.IP, &e.UserAgent, &created, &e.Pos)
	if err != nil {
		return e, err
	}
	e.CreatedAt, e.Data = created.Time, json.RawMessage(payload)
	if err := decodeNames(channels, &e.Channels); err != nil {
		return e, fmt.Errorf("channels of event %s: %w", e.ID, err)
	}
	if err := decodeNames(audience, &e.Audience); err != nil {
		return e, fmt.Errorf("audience of event %s: %w", e.ID, err)
	}
	return e, nil
}

func decodeNames(s string, names *[]string) error {
	if s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), names)
}

// state is the one row of relay_state.
type state struct {
	last      int64 // the newest position given
	published int64 // the newest position known to be published; the truth may be further on, see Relay.saveCursor
}

func readState(ctx context.Context, q sqldb.Querier, suffix string) (state, error) {
	var s state
	err := q.QueryRowContext(ctx, `SELECT last_pos, published_pos FROM relay_state WHERE id = 1`+suffix).
		Scan(&s.last, &s.published)
	if err != nil {
		return s, fmt.Errorf("read relay state: %w", err)
	}
	return s, nil
}

func writeState(ctx context.Context, tx *sqldb.Tx, s state) error {
	_, err := tx.ExecContext(ctx, `UPDATE relay_state SET last_pos = $1, published_pos = $2 WHERE id = 1`,
		s.last, s.published)
	if err != nil {
		return fmt.Errorf("write relay state: %w", err)
	}
	return nil
}

// hasWork reports, without a write transaction, whether an event has no position yet or a parked one of the handlers is
// due. What a handler that is switched off owes waits until it is back.
func hasWork(ctx context.Context, q sqldb.Querier, handlers []Handler, now time.Time) (bool, error) {
	query, args := `SELECT EXISTS (SELECT 1 FROM outbox WHERE `+waiting(q)+`)`, []any(nil)
	if len(handlers) > 0 {
		query += ` OR EXISTS (SELECT 1 FROM relay_parked WHERE handled_at IS NULL AND next_at <= $1
			AND handler IN (` + sqldb.Placeholders(2, len(handlers)) + `))`
		args = append(args, sqldb.Time{Time: now})
	}
	for _, h := range handlers {
		args = append(args, h.Name())
	}
	var some bool
	err := q.QueryRowContext(ctx, query, args...).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for events: %w", err)
	}
	return some, nil
}

// oldestPos returns the lowest position that is still kept, or the one after last when none is.
func oldestPos(ctx context.Context, q sqldb.Querier, last int64) (int64, error) {
	var oldest sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT min(`+posColumn(q)+`) FROM outbox`).Scan(&oldest)
	if err != nil {
		return 0, fmt.Errorf("read oldest position: %w", err)
	}
	if !oldest.Valid {
		return last + 1, nil
	}
	return min(oldest.Int64, last+1), nil
}
