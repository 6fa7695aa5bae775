package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// newest is the position before which all entries are.
const newest = math.MaxInt64

// Filter narrows a list of entries. Zero fields do not filter.
type Filter struct {
	UserID   string
	Action   string
	Source   Source
	Resource callboard.Resource // Type alone, or Type and ID
	Since    time.Time          // inclusive
	Until    time.Time          // exclusive
}

// passes reports whether the entry is one that the filter lets through.
func (f Filter) passes(e Entry) bool {
	return (f.UserID == "" || f.UserID == e.UserID) && (f.Action == "" || f.Action == e.Action) && (f.Source == "" || f.Source == e.Source) &&
		(f.Resource.Type == "" || f.Resource.Type == e.Resource.Type) && (f.Resource.ID == "" || f.Resource.ID == e.Resource.ID) &&
		!e.CreatedAt.Before(f.Since) && (f.Until.IsZero() || e.CreatedAt.Before(f.Until))
}

// scan reads the entries that pass a filter: an index leads to them, and the residual conditions are checked on each.
type scan struct {
	db              sqldb.Querier
	index, residual []condition
	first, end      int64 // all are from first on, and before end
	scanLimit       int
}

// condition is a condition of a query, with "?" for its argument.
type condition struct {
	text string
	arg  any
}

// newScan chooses the index itself: neither database can know how many entries the busiest user has.
func (s *Service) newScan(ctx context.Context, f Filter) (scan, error) {
	r := scan{db: s.db, end: newest, scanLimit: s.scanLimit}
	typ := f.Resource.Type
	if f.Resource.ID != "" {
		r.index = []condition{{"resource_type = ?", typ}, {"resource_id = ?", f.Resource.ID}}
		typ = ""
	}
	for _, c := range []condition{{"user_id", f.UserID}, {"action", f.Action}, {"resource_type", typ}} {
		switch {
		case c.arg == "":
		case r.index == nil:
			r.index = []condition{{c.text + " = ?", c.arg}}
		default: // in a form that no index is used for
			r.residual = append(r.residual, condition{c.text + " || '' = ?", c.arg})
		}
	}
	if f.Source != "" {
		r.residual = append(r.residual, condition{"source = ?", f.Source})
	}
	if !f.Since.IsZero() {
		r.residual = append(r.residual, condition{"created_at >= ?", sqldb.Time{Time: f.Since}})
	}
	if !f.Until.IsZero() {
		r.residual = append(r.residual, condition{"created_at < ?", sqldb.Time{Time: f.Until}})
	}
	if f.Since.IsZero() && f.Until.IsZero() {
		return r, nil
	}
	var err error
	r.first, r.end, err = s.positionsOf(ctx, f)
	return r, err
}

// positionsOf returns the range of positions that the days of the filter's time have. Times nearly follow positions, so that a
// list of last year begins there; an entry that is dated back widens the range of its day, and is found all the same.
func (s *Service) positionsOf(ctx context.Context, f Filter) (first, end int64, err error) {
	var w sqltext.Where
	if !f.Since.IsZero() {
		w.And("day >= ?", dayOf(f.Since))
	}
	if !f.Until.IsZero() {
		w.And("day <= ?", dayOf(f.Until))
	}
	if f.Action != "" {
		w.And("(action = ? OR action = ?)", f.Action, otherActions)
	}
	if f.Source != "" {
		w.And("source = ?", f.Source)
	}
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(min(first_pos), 0), coalesce(max(last_pos), -1) + 1 FROM callboard_activity_daily`+w.SQL(),
		w.Args()...).Scan(&first, &end)
	if err != nil {
		return 0, 0, fmt.Errorf("read days of activity: %w", err)
	}
	return first, end, nil
}

// read returns the newest entries from before a position, at most limit. It has looked at all from the position reached on,
// which is 0 when none are left: what it scans is bounded, however few entries pass the residual conditions.
func (r scan) read(ctx context.Context, before int64, limit int) (entries []Entry, reached int64, err error) {
	var w sqltext.Where
	for _, c := range r.index {
		w.And(c.text, c.arg)
	}
	w.And("pos < ?", min(before, r.end))
	floor := int64(0)
	if len(r.residual) > 0 {
		err := r.db.QueryRowContext(ctx, `SELECT pos FROM callboard_activity`+w.SQL()+` ORDER BY pos DESC LIMIT 1 OFFSET `+
			strconv.Itoa(r.scanLimit), w.Args()...).Scan(&floor)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, 0, fmt.Errorf("read activity: %w", err)
		}
	}
	if floor <= r.first {
		floor = 0 // all that is left
	}
	w.And("pos >= ?", max(floor, r.first)) // one condition, for SQLite walks down to the first of several
	for _, c := range r.residual {
		w.And(c.text, c.arg)
	}
	entries, err = queryEntries(ctx, r.db, `SELECT `+strings.Join(entryColumns(), ", ")+` FROM callboard_activity`+w.SQL()+`
		ORDER BY pos DESC LIMIT `+w.Arg(limit), w.Args()...)
	return entries, reachedBy(entries, limit, floor), err
}

// reachedBy returns how far entries come that were read down to a floor, with a limit.
func reachedBy(entries []Entry, limit int, floor int64) int64 {
	if len(entries) < limit {
		return floor
	}
	return entries[limit-1].Pos
}
