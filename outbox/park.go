package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
)

// parkedBatch is how many parked events of one handler are tried in one transaction.
const parkedBatch = 64

// maxErrorText bounds the error text kept with a parked event, in bytes.
const maxErrorText = 500

// parkedEvent names a (handler, event) that did not succeed in its turn.
type parkedEvent struct {
	handler  string
	pos      int64
	attempts int
}

// park notes that handler did not take these events, and when to try each again. The rows stand for work that is still
// owed: they are never deleted by age, and the events they name are kept as long.
func park(ctx context.Context, tx *sqldb.Tx, handler string, failed []failure, now time.Time,
	backoff func(int) time.Duration,
) error {
	rows := make([][]any, len(failed))
	for i, f := range failed {
		attempts := f.attempts + 1
		rows[i] = []any{
			handler, f.event.ID, f.event.Pos, attempts, sqldb.Time{Time: now.Add(backoff(attempts))},
			errorText(f.err), sqldb.Time{Time: now},
		}
	}
	columns := []string{"handler", "event_id", "pos", "attempts", "next_at", "error", "parked_at"}
	err := sqldb.BulkInsert(ctx, tx, "relay_parked", columns, rows, `ON CONFLICT (handler, pos) DO UPDATE
		SET attempts = excluded.attempts, next_at = excluded.next_at, error = excluded.error`)
	if err != nil {
		return fmt.Errorf("park events of %s: %w", handler, err)
	}
	return nil
}

// errorText cuts the text to what every database takes: one that PostgreSQL refuses would keep the event from being
// parked, and so stop the relay.
func errorText(err error) string {
	text := err.Error()
	text = strings.ToValidUTF8(text[:min(len(text), maxErrorText)], "")
	return strings.ReplaceAll(text, "\x00", "")
}

// retryParked tries the parked events that are due, and returns how many succeeded.
func (r *Relay) retryParked(ctx context.Context, tx *sqldb.Tx) (int, error) {
	succeeded := 0
	for _, h := range r.cfg.Handlers {
		n, err := r.retryHandler(ctx, tx, h)
		if err != nil {
			return 0, err
		}
		succeeded += n
	}
	return succeeded, nil
}

func (r *Relay) retryHandler(ctx context.Context, tx *sqldb.Tx, h Handler) (int, error) {
	now := r.cfg.Now()
	events, attempts, err := dueEvents(ctx, tx, h.Name(), now, min(parkedBatch, r.batch))
	if err != nil || len(events) == 0 {
		return 0, err
	}
	failed, err := r.try(ctx, tx, h, events)
	if err != nil {
		return 0, err
	}
	for i := range failed {
		failed[i].attempts = attempts[failed[i].event.Pos]
	}
	if err := park(ctx, tx, h.Name(), failed, now, r.backoff); err != nil {
		return 0, err
	}
	_, publishes := h.(Publisher)
	if err := settle(ctx, tx, h.Name(), handled(events, failed), now, publishes); err != nil {
		return 0, err
	}
	if len(failed) > 0 {
		return len(events) - len(failed), nil
	}
	return len(events), hurry(ctx, tx, h.Name(), now)
}

// handled returns the events that are not among failed; both are in position order.
func handled(events []callboard.Event, failed []failure) []callboard.Event {
	var rest []callboard.Event
	for _, e := range events {
		if len(failed) > 0 && failed[0].event.Pos == e.Pos {
			failed = failed[1:]
			continue
		}
		rest = append(rest, e)
	}
	return rest
}

func dueEvents(ctx context.Context, tx *sqldb.Tx, handler string, now time.Time, limit int) ([]callboard.Event, map[int64]int, error) {
	due, err := parkedRows(ctx, tx, `SELECT pos, attempts FROM relay_parked
		WHERE handler = $1 AND handled_at IS NULL AND next_at <= $2 ORDER BY pos LIMIT $3`,
		handler, sqldb.Time{Time: now}, limit)
	if err != nil || len(due) == 0 {
		return nil, nil, err
	}
	attempts := make(map[int64]int, len(due))
	positions := make([]int64, len(due))
	for i, p := range due {
		attempts[p.pos], positions[i] = p.attempts, p.pos
	}
	events, err := eventsAt(ctx, tx, positions)
	return events, attempts, err
}

func parkedRows(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]parkedEvent, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read parked events: %w", err)
	}
	defer rows.Close()
	var parked []parkedEvent
	for rows.Next() {
		var p parkedEvent
		if err := rows.Scan(&p.pos, &p.attempts); err != nil {
			return nil, err
		}
		parked = append(parked, p)
	}
	return parked, rows.Err()
}

// settle ends the parking of events that were handled. Those of a handler that publishes stay marked until stage 2 has
// published them, so that a crash in between does not lose the message.
func settle(ctx context.Context, tx *sqldb.Tx, handler string, events []callboard.Event, now time.Time, publishes bool) error {
	for _, e := range events { // at most parkedBatch, and only after a failure
		var err error
		if publishes {
			_, err = tx.ExecContext(ctx, `UPDATE relay_parked SET handled_at = $3 WHERE handler = $1 AND pos = $2`,
				handler, e.Pos, sqldb.Time{Time: now})
		} else {
			_, err = tx.ExecContext(ctx, `DELETE FROM relay_parked WHERE handler = $1 AND pos = $2`, handler, e.Pos)
		}
		if err != nil {
			return fmt.Errorf("settle parked events: %w", err)
		}
	}
	return nil
}

// hurry makes the other parked events of a handler due at once, since it evidently works again.
func hurry(ctx context.Context, tx *sqldb.Tx, handler string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE relay_parked SET next_at = $2
		WHERE handler = $1 AND handled_at IS NULL AND next_at > $2`, handler, sqldb.Time{Time: now})
	if err != nil {
		return fmt.Errorf("hurry parked events: %w", err)
	}
	return nil
}

// unpark deletes the rows of events that were handled late and are now published.
func unpark(ctx context.Context, tx *sqldb.Tx, done []parkedEvent) error {
	for _, p := range done {
		_, err := tx.ExecContext(ctx, `DELETE FROM relay_parked WHERE handler = $1 AND pos = $2`, p.handler, p.pos)
		if err != nil {
			return fmt.Errorf("unpark events: %w", err)
		}
	}
	return nil
}

// parkedCounts returns how many events are owed per handler.
func parkedCounts(ctx context.Context, q sqldb.Querier) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, `SELECT handler, count(*) FROM relay_parked WHERE handled_at IS NULL GROUP BY handler`)
	if err != nil {
		return nil, fmt.Errorf("count parked events: %w", err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var handler string
		var n int
		if err := rows.Scan(&handler, &n); err != nil {
			return nil, err
		}
		counts[handler] = n
	}
	return counts, rows.Err()
}

// firstParked returns the lowest parked position, or false.
func firstParked(ctx context.Context, q sqldb.Querier) (int64, bool, error) {
	var pos sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT min(pos) FROM relay_parked`).Scan(&pos)
	if err != nil {
		return 0, false, fmt.Errorf("read first parked event: %w", err)
	}
	return pos.Int64, pos.Valid, nil
}

// Debt is what one handler owes.
type Debt struct {
	Handler  string
	Events   int
	FirstPos int64
	Attempts int       // of the event that was tried most
	NextAt   time.Time // when the next one is tried again
	Error    string    // of one of them
}

// Parked returns what each handler owes; handlers that owe nothing are left out.
func (r *Relay) Parked(ctx context.Context) ([]Debt, error) {
	rows, err := r.cfg.DB.QueryContext(ctx, `SELECT handler, count(*), min(pos), max(attempts), min(next_at), min(error)
		FROM relay_parked WHERE handled_at IS NULL GROUP BY handler ORDER BY handler`)
	if err != nil {
		return nil, fmt.Errorf("read parked events: %w", err)
	}
	defer rows.Close()
	var debts []Debt
	for rows.Next() {
		var d Debt
		var next sqldb.Time
		if err := rows.Scan(&d.Handler, &d.Events, &d.FirstPos, &d.Attempts, &next, &d.Error); err != nil {
			return nil, fmt.Errorf("read parked events: %w", err)
		}
		d.NextAt = next.Time
		debts = append(debts, d)
	}
	return debts, rows.Err()
}
