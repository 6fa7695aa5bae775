package activity

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// MaxStatsDays is the longest window of Stats.
const MaxStatsDays = 366

// topUsers is how many of the most active users Stats names.
const topUsers = 10

// Stats tells how much happened in a window of whole days (UTC) that ends today.
type Stats struct {
	Days     int
	Total    int64
	BySource []Count // most first
	ByAction []Count // most first; an action that both Callboard and applications logged is counted for each. See otherActions
	ByUser   []Count // the ten most active; Key is the user's ID
	ByDay    []Count // oldest first; Key is a date such as 2026-11-24; days without entries are left out
}

// Count is how many entries have the given key.
type Count struct {
	Key     string
	Name    string // of the user or application, in ByUser
	Source  Source // in ByAction
	Entries int64
}

// Stats returns the figures of the last days, 1 to MaxStatsDays, of all entries or of those of one source. They come from daily
// sums that are kept with the log, in the same transaction, so they agree with it to the entry and do not get slower as it grows.
// Entries of private actions are counted for admins alone, and in ByUser for nobody: a count that grows tells of the entry.
func (s *Service) Stats(ctx context.Context, days int, source Source) (Stats, error) {
	var v callboard.Validator
	v.Check(days >= 1 && days <= MaxStatsDays, "days", "must be 1 to %d", MaxStatsDays)
	if err := v.Err(); err != nil {
		return Stats{}, err
	}
	first := s.firstDay(days)
	stats := Stats{Days: days}
	var err error
	if stats.BySource, err = s.dailySums(ctx, "source, ''", "sum(entries) DESC, source", first, source, 2); err != nil {
		return Stats{}, err
	}
	if stats.ByAction, err = s.dailySums(ctx, "action, source", "sum(entries) DESC, action, source", first, source, 1000); err != nil {
		return Stats{}, err
	}
	if stats.ByUser, err = s.topUsers(ctx, first, source); err != nil {
		return Stats{}, err
	}
	if stats.ByDay, err = s.dailySums(ctx, "CAST(day AS TEXT), ''", "min(day)", first, source, MaxStatsDays); err != nil {
		return Stats{}, err
	}
	for i, day := range stats.ByDay {
		stats.ByDay[i].Key = dateOf(day.Key)
		stats.Total += day.Entries
	}
	return stats, s.nameTop(ctx, stats.ByUser)
}

// firstDay returns the first of the last days, but none before the retention: the months of users may still count days
// whose entries are deleted.
func (s *Service) firstDay(days int) int64 {
	now := s.cfg.Now()
	first := dayOf(now) - int64(days) + 1
	if s.cfg.Retention > 0 {
		first = max(first, dayOf(now.Add(-s.cfg.Retention)))
	}
	return first
}

// dailySums adds up the daily counts since the given day per key and source. columns and order are texts of this file.
func (s *Service) dailySums(ctx context.Context, columns, order string, since int64, source Source, limit int) ([]Count, error) {
	group := strings.TrimSuffix(columns, ", ''") // the place of a source where that is not part of the key
	var w sqltext.Where
	w.And("day >= ?", since)
	if source != "" {
		w.And("source = ?", source)
	}
	s.onlyPublic(ctx, &w)
	return s.counts(ctx, `SELECT `+columns+`, CAST(sum(entries) AS BIGINT) FROM callboard_activity_daily`+w.SQL()+
		` GROUP BY `+group+` ORDER BY `+order+` LIMIT `+w.Arg(limit), w.Args()...)
}

// onlyPublic leaves out private entries for all but admins.
func (s *Service) onlyPublic(ctx context.Context, w *sqltext.Where) {
	if callboard.ActorFrom(ctx).Role == callboard.RoleAdmin {
		return
	}
	args := []any{FromCallboard}
	for _, action := range s.cfg.Log.Registry().PublicActions() {
		args = append(args, action)
	}
	w.And("(source <> ? OR action IN (?"+strings.Repeat(", ?", len(args)-2)+"))", args...)
}

func compareCounts(a, b Count) int {
	return cmp.Or(cmp.Compare(b.Entries, a.Entries), cmp.Compare(a.Key, b.Key))
}

// topUsers returns those who did most since the given day: in the days before the next month begins, and in the months.
func (s *Service) topUsers(ctx context.Context, since int64, source Source) ([]Count, error) {
	month := (since + monthDays - 1) / monthDays * monthDays
	return s.counts(ctx, `SELECT user_id, '', CAST(sum(entries) AS BIGINT) FROM callboard_activity_user_days
		WHERE (days = 1 AND first >= $1 AND first < $2 OR days = $3 AND first >= $2) AND ($4 = '' OR source = $4)
		GROUP BY user_id ORDER BY sum(entries) DESC, user_id LIMIT $5`, since, month, monthDays, string(source), topUsers)
}

func (s *Service) counts(ctx context.Context, query string, args ...any) ([]Count, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	return sqldb.Collect(rows, err, "read activity counts", func(row sqldb.Scanner) (c Count, err error) {
		err = row.Scan(&c.Key, &c.Source, &c.Entries)
		return c, err
	})
}

func dateOf(day string) string {
	var n int64
	_, _ = fmt.Sscan(day, &n) // an integer column as text
	return time.Unix(n*24*60*60, 0).UTC().Format(time.DateOnly)
}

// nameTop fills in names. Applications are named as in their newest entry.
func (s *Service) nameTop(ctx context.Context, counts []Count) error {
	ids := make([]string, len(counts))
	for i, c := range counts {
		ids[i] = c.Key
	}
	known, err := s.resolve(ctx, ids)
	if err != nil {
		return err
	}
	for i, c := range counts {
		if user, ok := known[c.Key]; ok {
			counts[i].Name = user.Name
			continue
		}
		last, err := s.ByUser(ctx, c.Key, callboard.Page{Limit: 1})
		if err != nil {
			return err
		}
		for _, e := range last.Items {
			counts[i].Name = e.UserName
		}
	}
	return nil
}

// monthDays is how many days are also counted together for each user.
const monthDays = 32

// userSpans returns the lengths of the spans of days for which users are counted.
func userSpans() []int64 { return []int64{1, monthDays} }

// dayOf returns the day of t in UTC, in days since 1970-01-01.
func dayOf(t time.Time) int64 { return t.UTC().Unix() / (24 * 60 * 60) }

// counted is an action or a user in a span of days, which starts at first, by the entries of one source.
type counted struct {
	days, first int64
	key         string
	source      Source
}

// sum is how many entries there are, and between which positions.
type sum struct{ entries, firstPos, lastPos int64 }

// sums adds up. Its rows are in an order that is the same each time: else two nodes might wait for each other's locks.
type sums map[counted]sum

func (s sums) add(key counted, pos int64) {
	was, ok := s[key]
	if !ok {
		was = sum{0, pos, pos}
	}
	s[key] = sum{was.entries + 1, min(was.firstPos, pos), max(was.lastPos, pos)}
}

func (s sums) rows(row func(counted, sum) []any) [][]any {
	rows := make([][]any, 0, len(s))
	for _, key := range slices.SortedFunc(maps.Keys(s), func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.days, b.days), cmp.Compare(a.first, b.first), cmp.Compare(a.key, b.key),
			cmp.Compare(a.source, b.source))
	}) {
		rows = append(rows, row(key, s[key]))
	}
	return rows
}

const (
	// maxActions is how many actions of applications are counted by name on one day. They choose the names, and who made up a million
	// would have all statistics, and lists of a time, go through them.
	maxActions = 1000
	// otherActions is what the others are counted as together. No action is called so.
	otherActions = "*"
)

type dayAction struct {
	day    int64
	action string
}

// rareActions returns the actions of applications in entries that are counted as otherActions: those that are new on a day which has
// maxActions.
func rareActions(ctx context.Context, tx *sqldb.Tx, entries []Entry) (map[dayAction]bool, error) {
	days := map[int64][]any{}
	seen := map[dayAction]bool{}
	for _, e := range entries {
		if key := (dayAction{dayOf(e.CreatedAt), e.Action}); e.Source == FromApplication && !seen[key] {
			seen[key] = true
			days[key.day] = append(days[key.day], e.Action)
		}
	}
	rare := map[dayAction]bool{}
	for day, actions := range days {
		known, err := countActions(ctx, tx, day)
		if err != nil {
			return nil, err
		}
		if known+len(actions) <= maxActions {
			continue
		}
		there, err := actionsAmong(ctx, tx, day, actions)
		if err != nil {
			return nil, err
		}
		for _, action := range actions {
			switch {
			case there[action.(string)]:
			case known < maxActions:
				known++
			default:
				rare[dayAction{day, action.(string)}] = true
			}
		}
	}
	return rare, nil
}

// countActions returns how many actions of applications the day has counted by name, up to maxActions.
func countActions(ctx context.Context, tx *sqldb.Tx, day int64) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM callboard_activity_daily WHERE day = $1 AND source = $2 LIMIT $3) AS named`,
		day, string(FromApplication), maxActions).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count actions: %w", err)
	}
	return n, nil
}

// actionsAmong returns those of the actions that the day has counted by name for applications.
func actionsAmong(ctx context.Context, tx *sqldb.Tx, day int64, actions []any) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT action FROM callboard_activity_daily WHERE day = $1 AND source = $2
		AND action IN (`+sqltext.Placeholders(3, len(actions))+`)`, append([]any{day, string(FromApplication)}, actions...)...)
	there := map[string]bool{}
	names, err := sqldb.CollectValues[string](rows, err, "read actions")
	for _, name := range names {
		there[name] = true
	}
	return there, err
}

// insertCounts adds entries to the counts.
func (s *Service) insertCounts(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	rare, err := rareActions(ctx, tx, entries)
	if err != nil {
		return err
	}
	daily, users := sums{}, sums{}
	for _, e := range entries {
		day, action := dayOf(e.CreatedAt), e.Action
		if rare[dayAction{day, action}] && e.Source == FromApplication {
			action = otherActions
		}
		daily.add(counted{1, day, action, e.Source}, e.Pos)
		if s.private(e) {
			continue
		}
		for _, days := range userSpans() {
			users.add(counted{days, day - day%days, e.UserID, e.Source}, e.Pos)
		}
	}
	err = sqldb.BulkInsert(ctx, tx, "callboard_activity_daily", []string{"day", "action", "source", "entries", "first_pos", "last_pos"},
		daily.rows(func(k counted, s sum) []any { return []any{k.first, k.key, k.source, s.entries, s.firstPos, s.lastPos} }),
		`ON CONFLICT (day, action, source) DO UPDATE SET entries = callboard_activity_daily.entries + excluded.entries,
			first_pos = CASE WHEN excluded.first_pos < callboard_activity_daily.first_pos THEN excluded.first_pos ELSE callboard_activity_daily.first_pos END,
			last_pos = CASE WHEN excluded.last_pos > callboard_activity_daily.last_pos THEN excluded.last_pos ELSE callboard_activity_daily.last_pos END`)
	if err != nil {
		return err
	}
	return sqldb.BulkInsert(ctx, tx, "callboard_activity_user_days", []string{"days", "first", "user_id", "source", "entries"},
		users.rows(func(k counted, s sum) []any { return []any{k.days, k.first, k.key, k.source, s.entries} }),
		`ON CONFLICT (days, first, user_id, source) DO UPDATE SET entries = callboard_activity_user_days.entries + excluded.entries`)
}
