package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
)

// Filter narrows a list of entries. Zero fields do not filter.
type Filter struct {
	UserID   string
	Action   string
	Resource callboard.Resource // Type alone, or Type and ID
	Since    time.Time          // inclusive
	Until    time.Time          // exclusive
}

// filtered reads the entries that pass a filter.
type filtered struct {
	db     sqldb.Querier
	filter Filter
	limits limits
}

// condition is a condition of a query, with "?" for its argument.
type condition struct {
	text string
	arg  any
}

// way is an index that leads to entries, and the conditions that it leaves to be looked at. Where it has several arms,
// they are read side by side.
type way struct {
	arms [][]condition
	rest []condition
	keys int // may be looked at in a step
}

// span is the positions from first to before end.
type span struct{ first, end int64 }

// read is a step.
func (f filtered) read(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
	within, err := f.filter.timed(ctx, f.db, span{0, before})
	if err != nil || within.first >= within.end {
		return nil, 0, err
	}
	ways, err := f.ways(ctx)
	if err != nil || len(ways) == 0 {
		return nil, 0, err
	}
	best, floor, err := f.furthest(ctx, ways, within)
	if err != nil {
		return nil, 0, err
	}
	entries, err := best.entries(ctx, f.db, span{floor, within.end}, limit)
	if err != nil {
		return nil, 0, err
	}
	if floor == within.first {
		floor = 0
	}
	return read(entries, limit, floor)
}

// ways returns the indexes that may be used, or none when there can be no such entry.
func (f filtered) ways(ctx context.Context) ([]way, error) {
	user, action, typ := equal("user_id", f.filter.UserID), equal("action", f.filter.Action), equal("resource_type", f.filter.Resource.Type)
	times := f.filter.times()
	if id := equal("resource_id", f.filter.Resource.ID); id != nil && typ == nil {
		return []way{f.way([][]condition{nil}, id, user, action, times)}, nil
	} else if id != nil {
		return []way{f.way([][]condition{join(typ, id)}, user, action, times)}, nil
	}
	var ways []way
	if user != nil {
		w := f.way([][]condition{user}, action, typ, times)
		if times == nil {
			w.keys = f.limits.covered
		}
		ways = append(ways, w)
	}
	if action == nil && typ == nil {
		return orLog(ways, f.way([][]condition{nil}, times)), nil
	}
	kinds, err := f.kinds(ctx, join(action, typ))
	if err != nil || len(kinds) == 0 {
		return nil, err
	}
	if len(kinds) <= f.limits.kinds {
		ways = append(ways, f.way(kinds, user, times))
	}
	return orLog(ways, f.way([][]condition{nil}, action, typ, times)), nil
}

func orLog(ways []way, log way) []way {
	if len(ways) == 0 {
		return []way{log}
	}
	return ways
}

func (f filtered) way(arms [][]condition, rest ...[]condition) way {
	return way{arms: arms, rest: join(rest...), keys: f.limits.looked}
}

func equal(column, value string) []condition {
	if value == "" {
		return nil
	}
	return []condition{{column + " = ?", value}}
}

func join(parts ...[]condition) (all []condition) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func (f Filter) times() (times []condition) {
	if !f.Since.IsZero() {
		times = append(times, condition{"created_at >= ?", sqldb.Time{Time: f.Since}})
	}
	if !f.Until.IsZero() {
		times = append(times, condition{"created_at < ?", sqldb.Time{Time: f.Until}})
	}
	return times
}

// kinds returns the arms by which activity_kind leads to the entries that fulfil conditions, and at most one more than
// are read side by side.
func (f filtered) kinds(ctx context.Context, conditions []condition) ([][]condition, error) {
	var w sqldb.Where
	and(&w, conditions)
	rows, err := f.db.QueryContext(ctx, `SELECT resource_type, action FROM activity_kinds`+w.SQL()+` LIMIT `+w.Arg(f.limits.kinds+1), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read kinds of activity: %w", err)
	}
	defer rows.Close()
	var kinds [][]condition
	for rows.Next() {
		var k kind
		if err := rows.Scan(&k.resourceType, &k.action); err != nil {
			return nil, fmt.Errorf("read kinds of activity: %w", err)
		}
		kinds = append(kinds, join(equal("resource_type", k.resourceType), equal("action", k.action)))
	}
	return kinds, rows.Err()
}

func and(w *sqldb.Where, conditions []condition) {
	for _, c := range conditions {
		w.And(c.text, c.arg)
	}
}

// furthest returns the way that comes furthest in a step, and how far: who looks for what a busy user seldom does had
// better go by the action, and who looks for what everybody does by the user.
func (f filtered) furthest(ctx context.Context, ways []way, within span) (best way, floor int64, err error) {
	floor = newest
	for _, w := range ways {
		reached, err := w.floor(ctx, f.db, within)
		if err != nil {
			return way{}, 0, err
		}
		if reached < floor {
			best, floor = w, reached
		}
		if floor == within.first {
			break
		}
	}
	return best, floor, nil
}

// floor returns how far down a step comes.
func (w way) floor(ctx context.Context, q sqldb.Querier, within span) (int64, error) {
	floor := within.first
	if len(w.rest) == 0 { // every key leads to an entry
		return floor, nil
	}
	for _, arm := range w.arms {
		reached := floor
		query, args := armQuery("pos", arm, span{floor, within.end}, nil, 1)
		err := q.QueryRowContext(ctx, fmt.Sprintf("%s OFFSET %d", query, w.keys/len(w.arms)), args...).Scan(&reached)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("read activity: %w", err)
		}
		floor = reached
	}
	return floor, nil
}

// entries returns the newest entries within a span to which w leads.
func (w way) entries(ctx context.Context, q sqldb.Querier, within span, limit int) ([]Entry, error) {
	columns := strings.Join(entryColumns(), ", ")
	if len(w.arms) == 1 {
		query, args := armQuery(columns, w.arms[0], within, w.rest, limit)
		return queryEntries(ctx, q, query, args...)
	}
	var all sqldb.Where
	arms := make([]string, len(w.arms))
	for i, arm := range w.arms {
		arms[i] = `SELECT pos FROM (` + armText(&all, "pos", arm, within, w.rest, limit) + `) AS arm`
	}
	return queryEntries(ctx, q, `SELECT `+columns+` FROM activity WHERE pos IN (`+strings.Join(arms, ` UNION ALL `)+`)
		ORDER BY pos DESC LIMIT `+all.Arg(limit), all.Args()...)
}

func armQuery(columns string, arm []condition, within span, rest []condition, limit int) (string, []any) {
	var w sqldb.Where
	text := armText(&w, columns, arm, within, rest, limit)
	return text, w.Args()
}

// armText writes the query of an arm. The conditions that are left are hidden from the planner: it would choose the index
// by guessing, and what it has to choose from has been measured.
func armText(args *sqldb.Where, columns string, arm []condition, within span, rest []condition, limit int) string {
	texts := make([]string, 0, len(arm)+len(rest)+2)
	bind := func(text string, arg any) { texts = append(texts, strings.Replace(text, "?", args.Arg(arg), 1)) }
	for _, c := range arm {
		bind(c.text, c.arg)
	}
	for _, c := range rest {
		bind(strings.Replace(c.text, " = ", " || '' = ", 1), c.arg)
	}
	if within.first > 0 {
		bind("pos >= ?", within.first)
	}
	bind("pos < ?", within.end)
	return `SELECT ` + columns + ` FROM activity WHERE ` + strings.Join(texts, " AND ") + ` ORDER BY pos DESC LIMIT ` + args.Arg(limit)
}
