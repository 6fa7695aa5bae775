package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// posColumn returns the column that holds the position of an event; see the sequencer.
func posColumn(q sqldb.Querier) string {
	if q.Dialect() == sqldb.SQLite {
		return "callboard_outbox.id"
	}
	return "callboard_outbox.pos"
}

func eventColumns(q sqldb.Querier) string { return eventColumnsAt(posColumn(q)) }

func eventColumnsAt(pos string) string {
	return `callboard_outbox.event_id, callboard_outbox.name, callboard_outbox.actor_id, callboard_outbox.actor_name, callboard_outbox.resource_type, callboard_outbox.resource_id,
		callboard_outbox.resource_name, callboard_outbox.channels, callboard_outbox.audience, callboard_outbox.payload, callboard_outbox.ip, callboard_outbox.user_agent,
		callboard_outbox.direct, callboard_outbox.created_at, callboard_outbox.trace, ` + pos
}

// eventsBetween returns the events after a position and up to another, in order. Positions have no gaps, so where fewer come
// than were asked for, the others are not there yet.
func eventsBetween(ctx context.Context, q sqldb.Querier, after, upTo int64) ([]callboard.Event, error) {
	rows, err := q.QueryContext(ctx, selectBetween(q), after, upTo)
	return sqldb.Collect(rows, err, "read events", scanEvent)
}

// eventsWithin is eventsBetween within the bytes of a page. It reports whether those ended it.
func eventsWithin(ctx context.Context, q sqldb.Querier, after, upTo int64) (events []callboard.Event, full bool, err error) {
	rows, err := q.QueryContext(ctx, selectBetween(q), after, upTo)
	most := int(upTo - after)
	events, size, err := sqldb.CollectPage(rows, err, "read events", scanEvent, func(e callboard.Event) int { return len(e.Data) }, most)
	return events[:min(size, len(events))], size < most, err
}

func selectBetween(q sqldb.Querier) string {
	column := posColumn(q)
	return `SELECT ` + eventColumns(q) + ` FROM callboard_outbox WHERE ` + column + ` > $1 AND ` + column + ` <= $2 ORDER BY ` + column
}

// eventsAt returns the events at the given positions, at most a batch of them, in order.
func eventsAt(ctx context.Context, q sqldb.Querier, positions []int64) ([]callboard.Event, error) {
	args := make([]any, len(positions))
	for i, pos := range positions {
		args[i] = pos
	}
	rows, err := q.QueryContext(ctx, `SELECT `+eventColumns(q)+` FROM callboard_outbox
		WHERE `+posColumn(q)+` IN (`+sqltext.Placeholders(1, len(positions))+`) ORDER BY `+posColumn(q), args...)
	return sqldb.Collect(rows, err, "read events", scanEvent)
}

// IDAt returns the ID of the event at a position, or "" where there is none, or none any more.
func (l *Log) IDAt(ctx context.Context, pos int64) (string, error) {
	events, err := eventsAt(ctx, l.cfg.DB, []int64{pos})
	if err != nil || len(events) == 0 {
		return "", err
	}
	return events[0].ID, nil
}

func scanEvent(row sqldb.Scanner) (callboard.Event, error) {
	var (
		e                  callboard.Event
		channels, audience string
		payload            string
		created            sqldb.Time
		traced             sql.NullString
	)
	err := row.Scan(&e.ID, &e.Name, &e.Actor.ID, &e.Actor.Name, &e.Resource.Type, &e.Resource.ID, &e.Resource.Name,
		&channels, &audience, &payload, &e.IP, &e.UserAgent, &e.Direct, &created, &traced, &e.Pos)
	if err != nil {
		return e, err
	}
	e.CreatedAt, e.Trace, e.Data = created.Time, traced.String, json.RawMessage(payload)
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

// oldestPos returns the lowest position that is still kept, or the one after last when none is.
func oldestPos(ctx context.Context, q sqldb.Querier, last int64) (int64, error) {
	var oldest sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT min(`+posColumn(q)+`) FROM callboard_outbox`).Scan(&oldest)
	if err != nil {
		return 0, fmt.Errorf("read oldest position: %w", err)
	}
	if !oldest.Valid {
		return last + 1, nil
	}
	return min(oldest.Int64, last+1), nil
}
