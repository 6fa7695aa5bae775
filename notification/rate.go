package notification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// rateWindow is the span over which the rate limit counts.
const rateWindow = time.Hour

// rate is how many limited entries a user got: in the window that began at started, and in the one before.
type rate struct {
	started       time.Time
	used, earlier int64
	changed       bool
}

// at returns r as it stands at the given time. A window begins with the first entry, and others follow on it as long as
// there are entries; after a pause the next entry begins anew.
func (r rate) at(now time.Time) rate {
	switch age := now.Sub(r.started); {
	case age < 0: // clocks differ
		return r
	case age < rateWindow:
		return r
	case age < 2*rateWindow:
		return rate{started: r.started.Add(rateWindow), earlier: r.used}
	}
	return rate{started: now}
}

// left returns how many entries the user may still get under the limit. Of the window before this one counts as much as
// still lies within the last hour, as if its entries had come evenly: so what a user may get returns little by little.
func (r rate) left(limit int64, now time.Time) int64 {
	window, rest := rateWindow.Milliseconds(), max(0, rateWindow-now.Sub(r.started)).Milliseconds()
	free := (limit-r.used)*window - r.earlier*rest
	return max(0, (free+window-1)/window)
}

// rates are the rates of the users of a round. The zero value limits nobody.
type rates struct {
	limit int64 // entries per user and window; negative for none
	now   time.Time
	users map[string]*rate
}

// loadRates reads the rates of all whom the limit may concern, in one query. Where nothing is limited it asks nothing.
func loadRates(ctx context.Context, tx *sqldb.Tx, limit int64, round []delivery, now time.Time) (*rates, error) {
	r := &rates{limit: limit, now: now, users: map[string]*rate{}}
	users := usersOf(slices.DeleteFunc(slices.Clone(round), func(d delivery) bool { return !d.Priority.limited() }))
	if limit < 0 || len(users) == 0 {
		return r, nil
	}
	//nolint:rowserrcheck // Each does
	rows, err := tx.QueryContext(ctx, `SELECT user_id, started_at, used, earlier FROM callboard_notification_rates
		WHERE user_id IN (SELECT value FROM `+texts(tx)+`)`, encode(users))
	return r, sqldb.Each(rows, err, "read rates", func(row sqldb.Scanner) error {
		var userID string
		var started sqldb.Time
		var stored rate
		err := row.Scan(&userID, &started, &stored.used, &stored.earlier)
		stored.started = started.Time
		stored = stored.at(now)
		r.users[userID] = &stored
		return err
	})
}

// take takes one from what the user may still get, and reports whether there was one.
func (r *rates) take(userID string) bool {
	if r.limit < 0 {
		return true
	}
	user := r.users[userID]
	if user == nil {
		user = &rate{started: r.now}
		r.users[userID] = user
	}
	if user.left(r.limit, r.now) == 0 {
		return false
	}
	user.used++
	user.changed = true
	return true
}

// mayExceed reports whether that many entries are more than the user may still get.
func (r *rates) mayExceed(userID string, entries int64) bool {
	if r.limit < 0 {
		return false
	}
	var user rate
	if known := r.users[userID]; known != nil {
		user = *known
	}
	return entries > user.left(r.limit, r.now)
}

// save writes the rates that have changed, in one statement for all.
func (r *rates) save(ctx context.Context, tx *sqldb.Tx) error {
	var rows [][]any
	for userID, user := range r.users {
		if user.changed {
			rows = append(rows, []any{userID, sqldb.Time{Time: user.started}, user.used, user.earlier})
		}
	}
	columns := []string{"user_id", "started_at", "used", "earlier"}
	err := sqldb.BulkInsert(ctx, tx, "callboard_notification_rates", columns, rows, `ON CONFLICT (user_id) DO UPDATE
		SET started_at = excluded.started_at, used = excluded.used, earlier = excluded.earlier`)
	if err != nil {
		return fmt.Errorf("save rates: %w", err)
	}
	return nil
}
