package activity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const (
	// MaxCounted is how many entries Counts goes through: those that the index of its filter leads to, the newest first.
	MaxCounted = 50_000
	// MaxCountedDays and MaxCountedHours are the longest times that Counts divides into days, and into hours.
	MaxCountedDays, MaxCountedHours = 366, 32 * 24
	// maxCountedUsers is how many of the most active users Counts names.
	maxCountedUsers = 100
	// quarter is the time by which zones differ from each other, so hours and days of all zones are made of quarters.
	quarter = 15 * time.Minute
)

// Counts tells how many entries pass a filter, per hour or day of a time zone and per person.
type Counts struct {
	Since, Until time.Time
	Total        int64
	ByTime       []TimeCount // oldest first; what has no entries is left out
	ByUser       []Count     // the 100 most active
	// Complete is false where there is more to go through than MaxCounted. Then all from CountedSince on is counted, and nothing before.
	Complete     bool
	CountedSince time.Time
}

// TimeCount is how many entries there are in the hour or day that begins at Start.
type TimeCount struct {
	Start   time.Time
	Entries int64
}

// Counts counts the entries that pass the filter by hours, or else by days, of a zone. Without Until it counts until now, and without Since
// for 30 days or 48 hours. The count is exact; how far back it goes is bounded, see Counts.Complete. Private entries are counted for admins alone.
// A time that is too long, or negative, is CodeInvalid.
func (s *Service) Counts(ctx context.Context, f Filter, hours bool, zone *time.Location) (Counts, error) {
	if f.Until.IsZero() {
		f.Until = s.cfg.Now()
	}
	longest, usual := MaxCountedDays*24*time.Hour, 30*24*time.Hour
	if hours {
		longest, usual = MaxCountedHours*time.Hour, 48*time.Hour
	}
	if f.Since.IsZero() {
		f.Since = f.Until.Add(-usual)
	}
	var v callboard.Validator
	v.Check(f.Since.Before(f.Until), "since", "must be before until")
	v.Check(f.Until.Sub(f.Since) <= longest, "since", "must be at most %d days before until", longest/(24*time.Hour))
	if err := v.Err(); err != nil {
		return Counts{}, err
	}
	if f.Resource.ID != "" {
		if err := s.reader(ctx).rights.Check(ctx, f.Resource); err != nil {
			return Counts{}, err
		}
	}
	r, err := s.newScan(ctx, f)
	if err != nil {
		return Counts{}, err
	}
	return s.count(ctx, r, Counts{Since: f.Since, Until: f.Until, CountedSince: f.Since, Complete: true, ByTime: []TimeCount{}, ByUser: []Count{}}, hours, zone)
}

// count fills in the counts. The databases add up quarters of hours, of which those of the zone are made here.
func (s *Service) count(ctx context.Context, r scan, c Counts, hours bool, zone *time.Location) (Counts, error) {
	floor, err := r.countFloor(ctx, s.counted)
	if err != nil {
		return Counts{}, err
	}
	if floor.pos > r.first {
		c.Complete, c.CountedSince, r.first = false, floor.at, floor.pos
	}
	var w sqltext.Where
	for _, condition := range r.index {
		w.And(condition.text, condition.arg)
	}
	w.And("pos >= ?", r.first)
	w.And("pos < ?", r.end)
	for _, condition := range r.residual {
		w.And(condition.text, condition.arg)
	}
	s.onlyPublic(ctx, &w)
	//nolint:rowserrcheck // Each does
	rows, err := s.db.QueryContext(ctx, `SELECT created_at / `+strconv.FormatInt(quarter.Microseconds(), 10)+`, user_id, count(*) FROM callboard_activity`+w.SQL()+`
		GROUP BY 1, 2`, w.Args()...)
	byTime, byUser := map[int64]int64{}, map[string]int64{}
	err = sqldb.Each(rows, err, "count activity", func(row sqldb.Scanner) error {
		var at, n int64
		var user string
		err := row.Scan(&at, &user, &n)
		c.Total += n
		byTime[startOf(time.UnixMicro(at*quarter.Microseconds()).In(zone), hours).Unix()] += n
		byUser[user] += n
		return err
	})
	if err != nil {
		return Counts{}, err
	}
	for start, n := range byTime {
		c.ByTime = append(c.ByTime, TimeCount{time.Unix(start, 0).In(zone), n})
	}
	slices.SortFunc(c.ByTime, func(a, b TimeCount) int { return a.Start.Compare(b.Start) })
	for user, n := range byUser {
		c.ByUser = append(c.ByUser, Count{Key: user, Entries: n})
	}
	slices.SortFunc(c.ByUser, compareCounts)
	c.ByUser = c.ByUser[:min(len(c.ByUser), maxCountedUsers)]
	return c, s.nameTop(ctx, c.ByUser)
}

// startOf returns the beginning of the hour or day of t in its zone. Of an hour that a clock goes through twice each is one of its own.
func startOf(t time.Time, hours bool) time.Time {
	if !hours {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	}
	return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second)
}

// countedFrom is an entry from which on is counted.
type countedFrom struct {
	pos int64
	at  time.Time
}

// countFloor returns the oldest entry that is counted, or the zero countedFrom where all are.
func (r scan) countFloor(ctx context.Context, counted int) (floor countedFrom, err error) {
	var w sqltext.Where
	for _, c := range r.index {
		w.And(c.text, c.arg)
	}
	w.And("pos >= ?", r.first)
	w.And("pos < ?", r.end)
	//nolint:rowserrcheck // Each does
	rows, err := r.db.QueryContext(ctx, `SELECT pos, created_at FROM callboard_activity`+w.SQL()+` ORDER BY pos DESC LIMIT 1 OFFSET `+
		strconv.Itoa(counted-1), w.Args()...)
	err = sqldb.Each(rows, err, "count activity", func(row sqldb.Scanner) error {
		var at sqldb.Time
		err := row.Scan(&floor.pos, &at)
		floor.at = at.Time
		return err
	})
	if err != nil {
		return countedFrom{}, fmt.Errorf("bound counts: %w", err)
	}
	return floor, nil
}
