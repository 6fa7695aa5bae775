package activity

import (
	"context"
	"fmt"
	"time"

	"callboard"
)

// MaxStatsDays is the longest window of Stats.
const MaxStatsDays = 366

// topUsers is how many of the most active users Stats names.
const topUsers = 10

// Stats tells how much happened in a window of whole days (UTC) that ends today.
type Stats struct {
	Days     int
	Total    int64
	ByAction []Count // most first
	ByUser   []Count // the ten most active; Key is the user's ID
	ByDay    []Count // oldest first; Key is a date such as 2026-11-24; days without entries are left out
}

// Count is how many entries have the given key.
type Count struct {
	Key     string
	Name    string // of the user, in ByUser
	Entries int64
}

// Stats returns the figures of the last days, 1 to MaxStatsDays. They come from daily sums that are kept with the log,
// in the same transaction, so they agree with it to the entry and do not get slower as it grows.
func (s *Service) Stats(ctx context.Context, days int) (Stats, error) {
	var v callboard.Invalid
	v.Check(days >= 1 && days <= MaxStatsDays, "days", "must be 1 to %d", MaxStatsDays)
	if err := v.Err(); err != nil {
		return Stats{}, err
	}
	first := dayOf(s.cfg.Now()) - int64(days) + 1
	stats := Stats{Days: days}
	var err error
	if stats.ByAction, err = s.sums(ctx, "action", "sum(entries) DESC, action", first, 1000); err != nil {
		return Stats{}, err
	}
	if stats.ByUser, err = s.sums(ctx, "user_id", "sum(entries) DESC, user_id", first, topUsers); err != nil {
		return Stats{}, err
	}
	if stats.ByDay, err = s.sums(ctx, "CAST(day AS TEXT)", "min(day)", first, MaxStatsDays); err != nil {
		return Stats{}, err
	}
	for i, day := range stats.ByDay {
		stats.ByDay[i].Key = dateOf(day.Key)
		stats.Total += day.Entries
	}
	return stats, s.nameTop(ctx, stats.ByUser)
}

// sums adds up the daily counts since the given day per key. key and order are texts of this file.
func (s *Service) sums(ctx context.Context, key, order string, since int64, limit int) ([]Count, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+key+`, CAST(sum(entries) AS BIGINT) FROM activity_daily
		WHERE day >= $1 GROUP BY `+key+` ORDER BY `+order+` LIMIT $2`, since, limit)
	if err != nil {
		return nil, fmt.Errorf("read activity counts: %w", err)
	}
	defer rows.Close()
	var counts []Count
	for rows.Next() {
		var c Count
		if err := rows.Scan(&c.Key, &c.Entries); err != nil {
			return nil, fmt.Errorf("read activity counts: %w", err)
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}

func dateOf(day string) string {
	var n int64
	_, _ = fmt.Sscan(day, &n) // an integer column as text
	return time.Unix(n*24*60*60, 0).UTC().Format(time.DateOnly)
}

func (s *Service) nameTop(ctx context.Context, counts []Count) error {
	ids := make([]string, len(counts))
	for i, c := range counts {
		ids[i] = c.Key
	}
	names, err := s.cfg.Users.Names(ctx, s.db, ids)
	if err != nil {
		return err
	}
	for i, c := range counts {
		counts[i].Name = names[c.Key]
	}
	return nil
}
