package activity_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/sqldb"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		today := *f.now
		*f.now = today.AddDate(0, 0, -31)
		old := make([]callboard.Event, 1500)
		for i := range old {
			old[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), "stale", nil)
		}
		f.happen(old...)
		*f.now = today
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "x", "fresh", nil))
		if n, err := f.Sweep(t.Context()); n != 1500 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		for word, want := range map[string]int{"stale": 0, "fresh": 1} {
			list, err := f.Search(t.Context(), word, activity.Filter{}, callboard.Page{})
			if err != nil || len(list.Items) != want {
				t.Errorf("%s: %v, %v", word, summary(list), err)
			}
		}
		if stats, err := f.Stats(t.Context(), 60, ""); err != nil || stats.Total != 1 {
			t.Errorf("stats: %+v, %v", stats, err)
		}
		if n, err := f.Sweep(t.Context()); n != 0 || err != nil {
			t.Errorf("swept again: %d, %v", n, err)
		}
	})
}

// Of swept entries nothing is left in any table, the full text included, though they come again and again.
func TestSweepLeavesNothing(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		tables := []string{"callboard_activity", "callboard_activity_daily", "callboard_activity_user_days"}
		if f.db.Dialect() == sqldb.SQLite {
			tables = append(tables, "callboard_activity_words", "callboard_activity_vocabulary")
		}
		for round := range 5 {
			events := make([]callboard.Event, 2000)
			for i := range events {
				events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), fmt.Sprintf("Stale r%dn%d", round, i), nil)
			}
			for batch := range slices.Chunk(events, 200) {
				f.happen(batch...)
			}
			*f.now = f.now.AddDate(0, 0, 70) // more than the retention and the 32 days for which users are counted together
			if n, err := f.Sweep(t.Context()); n != len(events) || err != nil {
				t.Fatalf("swept %d, %v", n, err)
			}
			for _, table := range tables {
				var rows int
				if err := f.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&rows); err != nil || rows != 0 {
					t.Errorf("round %d: %s keeps %d rows, %v", round, table, rows, err)
				}
			}
		}
	})
}
