package activity_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Who makes up names by the thousand makes statistics no slower, and finds what was logged under them.
func TestMadeUpActionsAreCountedTogether(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		log := func(actions ...string) {
			events := make([]callboard.Event, len(actions))
			for i, action := range actions {
				events[i] = callboard.ActivityLogged.New(f.as(f.ben), callboard.Resource{Type: "cut", ID: "1"}, callboard.ActivityData{UserID: f.ben.ID, Action: action})
				events[i].CreatedAt = *f.now
			}
			f.happen(events...)
		}
		var names []string
		for i := range 1200 {
			names = append(names, fmt.Sprint("made-up-", i))
		}
		log("cut", "cut")
		for batch := range slices.Chunk(names, 150) {
			log(batch...)
		}
		log("cut", "late", "late", "made-up-1")
		if rows := sqldbtest.Column[int](t, f.db, `SELECT count(*) FROM callboard_activity_daily`)[0]; rows > 1001 {
			t.Errorf("%d counts of one day", rows)
		}
		stats, err := f.Stats(t.Context(), 7, "")
		if err != nil || stats.Total != 1206 {
			t.Errorf("%d entries are counted, %v", stats.Total, err)
		}
		want := []activity.Count{
			{Key: "*", Source: "application", Entries: 203}, {Key: "cut", Source: "application", Entries: 3},
			{Key: "made-up-1", Source: "application", Entries: 2}, {Key: "made-up-0", Source: "application", Entries: 1},
		}
		if diff := cmp.Diff(want, stats.ByAction[:len(want)]); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		late := activity.Filter{Action: "late", Since: f.now.Add(-time.Hour)}
		list, err := f.Feed(t.Context(), late, callboard.Page{})
		if err != nil || len(list.Items) != 2 {
			t.Errorf("%d entries of an action that has no count, %v", len(list.Items), err)
		}
	})
}

func TestStatsAgreeWithTheLog(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		today := *f.now
		*f.now = today.AddDate(0, 0, -10)
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "0", "long ago", nil))
		*f.now = today.AddDate(0, 0, -1)
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "x", nil), f.episodeEvent(callboard.EpisodeCreated, f.ada, "2", "y", nil))
		*f.now = today
		f.happen(f.episodeEvent(callboard.EpisodeUpdated, f.ben, "1", "x", nil))
		got, err := f.Stats(t.Context(), 7, "")
		if err != nil {
			t.Fatal(err)
		}
		want := activity.Stats{
			Days: 7, Total: 3,
			BySource: []activity.Count{{Key: "callboard", Entries: 3}},
			ByAction: []activity.Count{
				{Key: "created_episode", Source: "callboard", Entries: 2}, {Key: "updated_episode", Source: "callboard", Entries: 1},
			},
			ByUser: []activity.Count{{Key: f.ada.ID, Name: "Ada", Entries: 2}, {Key: f.ben.ID, Name: "Ben", Entries: 1}},
			ByDay:  []activity.Count{{Key: "2026-11-23", Entries: 2}, {Key: "2026-11-24", Entries: 1}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stats (-want +got):\n%s", diff)
		}
		if _, err := f.Stats(t.Context(), 0, ""); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("no days: %v", err)
		}
	})
}

// Who may not read an entry does not learn from the statistics that it is there.
func TestStatsKeepWhatIsPrivate(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "x", nil))
		stats := func(actor callboard.Actor) activity.Stats {
			t.Helper()
			stats, err := f.Stats(f.as(actor), 7, "")
			if err != nil {
				t.Fatal(err)
			}
			return stats
		}
		counts := func(actor callboard.Actor) int64 {
			t.Helper()
			counts, err := f.Counts(f.as(actor), activity.Filter{Until: f.now.Add(time.Hour)}, true, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			return counts.Total
		}
		before := stats(f.ben)
		signedIn := callboard.SignedIn.New(f.as(f.ada), callboard.Resource{Type: "user", ID: f.ada.ID}, callboard.SignInData{})
		failed := callboard.SignInFailed.New(f.as(callboard.System("Sign-in")), callboard.Resource{}, callboard.SignInData{})
		signedIn.CreatedAt, failed.CreatedAt = *f.now, *f.now
		f.happen(signedIn, failed)
		if diff := cmp.Diff(before, stats(f.ben)); diff != "" {
			t.Errorf("what a viewer sees of sign-ins (-before +after):\n%s", diff)
		}
		want := activity.Stats{
			Days: 7, Total: 3,
			BySource: []activity.Count{{Key: "callboard", Entries: 3}},
			ByAction: []activity.Count{
				{Key: "created_episode", Source: "callboard", Entries: 1}, {Key: "failed_sign_in", Source: "callboard", Entries: 1},
				{Key: "signed_in", Source: "callboard", Entries: 1},
			},
			ByUser: []activity.Count{{Key: f.ada.ID, Name: "Ada", Entries: 1}},
			ByDay:  []activity.Count{{Key: "2026-11-24", Entries: 3}},
		}
		if diff := cmp.Diff(want, stats(f.ada)); diff != "" {
			t.Errorf("what an admin sees (-want +got):\n%s", diff)
		}
		if ben, ada := counts(f.ben), counts(f.ada); ben != 1 || ada != 3 {
			t.Errorf("a viewer counts %d and an admin %d, want 1 and 3", ben, ada)
		}
		claim := callboard.ActivityLogged.New(f.as(f.ben), callboard.Resource{Type: "cut", ID: "1"}, callboard.ActivityData{UserID: f.ben.ID, Action: "signed_in"})
		claim.CreatedAt = *f.now
		f.happen(claim)
		if got := stats(f.ben); got.Total != before.Total+1 || len(got.ByUser) != 2 {
			t.Errorf("an application's entry with the name of a private action is not counted: %+v", got)
		}
	})
}
