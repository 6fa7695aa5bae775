package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// Verified is what a verification has found: that a part is as it must be, or the place where it is not.
type Verified struct {
	Place string // of a fault, such as "position 42"
	Fault bool
	Text  string
}

// Tell gets what a verification finds, one by one.
type Tell func(Verified)

// Fault tells what is not as it must be, and where.
func (t Tell) Fault(place, format string, args ...any) {
	t(Verified{Place: place, Fault: true, Text: fmt.Sprintf(format, args...)})
}

// OK tells what is as it must be.
func (t Tell) OK(format string, args ...any) { t(Verified{Text: fmt.Sprintf(format, args...)}) }

// verifyPage is how many events are read, and held in memory, at a time.
const verifyPage = 500

// Verify goes through the events that are kept, and checks that their positions have no gaps, that no consumer is ahead of them, and that
// each dead letter has its event. visit gets the events in order, a page at a time.
func Verify(ctx context.Context, q sqldb.Querier, tell Tell, visit func(events []callboard.Event) error) error {
	last, err := LastPos(ctx, q)
	if err != nil {
		return err
	}
	oldest, err := oldestPos(ctx, q, last)
	if err != nil {
		return err
	}
	missing, n := int64(0), int64(0)
	for at := oldest - 1; at < last; {
		upTo := min(at+verifyPage, last)
		events, err := eventsBetween(ctx, q, at, upTo)
		if err != nil {
			return err
		}
		for i := range events {
			if gap := events[i].Pos - at - 1; gap > 0 {
				missing += gap
				tell.Fault(fmt.Sprintf("position %d", at+1), "%d events are missing", gap)
			}
			at = events[i].Pos
		}
		if gap := upTo - at; gap > 0 {
			missing += gap
			tell.Fault(fmt.Sprintf("position %d", at+1), "%d events are missing", gap)
		}
		at, n = upTo, n+int64(len(events))
		if err := visit(events); err != nil {
			return err
		}
	}
	if missing == 0 {
		tell.OK("%d events are kept, from position %d to %d without a gap", n, oldest, last)
	}
	if err := verifyCursors(ctx, q, tell, last); err != nil {
		return err
	}
	return verifyDeadLetters(ctx, q, tell)
}

func verifyCursors(ctx context.Context, q sqldb.Querier, tell Tell, last int64) error {
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT name, pos FROM callboard_consumers WHERE pos > $1 ORDER BY name`, last)
	return sqldb.Each(rows, err, "read cursors", func(row sqldb.Scanner) error {
		var name string
		var pos int64
		err := row.Scan(&name, &pos)
		tell.Fault("consumer "+name, "it is at position %d, and the newest event at %d", pos, last)
		return err
	})
}

// verifyDeadLetters tells what is owed. That is no fault, unless the event is gone.
func verifyDeadLetters(ctx context.Context, q sqldb.Querier, tell Tell) error {
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT d.consumer, d.pos, d.error, coalesce(e.event_id, '') = d.event_id
		FROM callboard_dead_letters d LEFT JOIN callboard_outbox e ON e.`+strings.TrimPrefix(posColumn(q), "callboard_outbox.")+` = d.pos
		ORDER BY d.consumer, d.pos`)
	return sqldb.Each(rows, err, "read dead letters", func(row sqldb.Scanner) error {
		var consumer, cause string
		var pos int64
		var there bool
		err := row.Scan(&consumer, &pos, &cause, &there)
		if there {
			tell.OK("the event at position %d is a dead letter of %s, and will be tried again: %s", pos, consumer, cause)
		} else {
			tell.Fault(fmt.Sprintf("position %d", pos), "the event is missing, and %s has yet to take it", consumer)
		}
		return err
	})
}

// DeadLetters returns those of the positions from first to last that a consumer has set aside.
func DeadLetters(ctx context.Context, q sqldb.Querier, consumer string, first, last int64) (map[int64]bool, error) {
	letters := map[int64]bool{}
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT pos FROM callboard_dead_letters WHERE consumer = $1 AND pos BETWEEN $2 AND $3`, consumer, first, last)
	return letters, sqldb.Each(rows, err, "read dead letters", func(row sqldb.Scanner) error {
		var pos int64
		err := row.Scan(&pos)
		letters[pos] = true
		return err
	})
}

// Cursor returns how far a consumer has come: to a position, and into the event after it.
func Cursor(ctx context.Context, q sqldb.Querier, consumer string) (pos int64, within bool, err error) {
	var sub string
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT pos, sub FROM callboard_consumers WHERE name = $1`, consumer)
	err = sqldb.Each(rows, err, "read a cursor", func(row sqldb.Scanner) error { return row.Scan(&pos, &sub) })
	return pos, sub != "", err
}

// Versioned is a table whose rows have a version that grows by one with each event about them.
type Versioned struct {
	Table  string   // callboard_…
	Type   string   // of the resource
	Events []string // that tell of a version
}

// clockSkew is by how much times of events and rows may be off against the order of positions.
const clockSkew = time.Minute

// VerifyVersions checks that each version of each row has one event, as far back as events are kept, and that none has another version than
// its last event. Memory does not grow with the rows: the database adds up.
func VerifyVersions(ctx context.Context, q sqldb.Querier, tell Tell, v Versioned) error {
	var oldest sqldb.Time
	if err := q.QueryRowContext(ctx, `SELECT min(appended_at) FROM callboard_outbox`).Scan(&oldest); err != nil {
		return fmt.Errorf("read the oldest event: %w", err)
	}
	version := `json_extract(payload, '$.version')`
	if q.Dialect() == sqldb.Postgres {
		version = `CAST(payload::json->>'version' AS BIGINT)`
	}
	args := []any{v.Type, sqldb.Time{Time: oldest.Add(clockSkew)}}
	for _, name := range v.Events {
		args = append(args, name)
	}
	told := `SELECT resource_id, count(*) AS n, min(` + version + `) AS low, max(` + version + `) AS high FROM callboard_outbox
		WHERE resource_type = $1 AND name IN (` + sqltext.Placeholders(3, len(v.Events)) + `) AND NOT direct GROUP BY resource_id`
	if oldest.IsZero() {
		return nil // nothing is kept that could be held against the rows
	}
	faults := 0
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `WITH told AS (`+told+`)
		SELECT coalesce(r.id, told.resource_id), coalesce(r.version, 0), coalesce(told.n, 0), coalesce(told.low, 0), coalesce(told.high, 0)
		FROM told LEFT JOIN `+v.Table+` r ON r.id = told.resource_id
		WHERE r.id IS NULL OR told.high <> r.version OR told.n <> told.high - told.low + 1
		UNION ALL
		SELECT r.id, r.version, 0, 0, 0 FROM `+v.Table+` r WHERE r.updated_at > $2 AND NOT EXISTS (SELECT 1 FROM told WHERE told.resource_id = r.id)
		ORDER BY 1`, args...)
	err = sqldb.Each(rows, err, "compare "+v.Type+" with events", func(row sqldb.Scanner) error {
		var id string
		var has, n, low, high int64
		if err := row.Scan(&id, &has, &n, &low, &high); err != nil {
			return err
		}
		faults++
		place := v.Type + " " + id
		switch {
		case has == 0:
			tell.Fault(place, "it is gone, and its events are of the versions %d to %d", low, high)
		case n == 0:
			tell.Fault(place, "it was changed, to version %d, without an event", has)
		case high != has:
			tell.Fault(place, "it has version %d, and its last event tells of %d", has, high)
		default:
			tell.Fault(place, "of its versions %d to %d there are %d events", low, high, n)
		}
		return nil
	})
	if err == nil && faults == 0 {
		tell.OK("each version of each %s has its event, as far back as events are kept", v.Type)
	}
	return err
}
