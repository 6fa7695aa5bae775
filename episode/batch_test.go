package episode_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/sqldb"
)

func titles(list []episode.Episode) []string {
	var titles []string
	for _, e := range list {
		titles = append(titles, e.Title)
	}
	slices.Sort(titles)
	return titles
}

func TestFindMany(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		var everyone []string
		for i := range 300 { // more than one statement asks for
			everyone = append(everyone, f.create(episode.Input{Title: fmt.Sprintf("t%03d", i), ShowID: &f.show, SeasonNumber: new(i / 100)}).ID)
		}
		gone := f.create(episode.Input{Title: "gone", ShowID: &f.show})
		if err := f.Delete(ctx, gone.ID, 0); err != nil {
			t.Fatal(err)
		}
		f.create(episode.Input{Title: "Pâté", ShowID: &f.show, AirDate: new("2020-01-01"), EpisodeNumber: new(7)})
		f.create(episode.Input{Title: "Pate", ShowID: &f.show, AirDate: new("2020-01-01")})
		f.create(episode.Input{Title: "Pâté", AirDate: new("2020-01-01"), EpisodeNumber: new(7)})
		f.create(episode.Input{Title: "Pâté", SeasonNumber: new(1), EpisodeNumber: new(7)})

		byID, err := f.FindByID(ctx, f.db, append([]string{callboard.NewID(), gone.ID, gone.ID}, everyone...))
		if got := titles(byID); err != nil || len(got) != 301 || got[0] != "gone" || got[300] != "t299" {
			t.Errorf("by ID: %d, %v", len(got), err)
		}
		inShow, outside := episode.Name{ShowID: f.show, Title: "Pâté"}, episode.Name{Title: "Pâté"}
		for name, tt := range map[string]struct {
			found func(q sqldb.Querier) ([]episode.Episode, error)
			want  []string
		}{
			"places": {func(q sqldb.Querier) ([]episode.Episode, error) {
				return f.FindByPlace(ctx, q, []episode.Place{
					{f.show, 0, 1}, {f.show, 2, 100}, {f.show, 3, 1}, {f.show, -1, 7}, {f.show, -1, 1}, {f.show, 0, 1}, {callboard.NewID(), 0, 1},
				})
			}, []string{"Pâté", "t000", "t299"}},
			"places outside of shows": {func(q sqldb.Querier) ([]episode.Episode, error) {
				return f.FindByPlace(ctx, q, []episode.Place{{"", 1, 7}, {"", 0, 1}})
			}, []string{"Pâté"}},
			"names": {func(q sqldb.Querier) ([]episode.Episode, error) {
				return f.FindByName(ctx, q, []episode.Name{inShow, {f.show, "gone"}, {f.show, "T001"}})
			}, []string{"Pâté"}},
			"names outside of shows": {func(q sqldb.Querier) ([]episode.Episode, error) {
				return f.FindByName(ctx, q, []episode.Name{outside, {"", "t001"}})
			}, []string{"Pâté", "Pâté"}},
			"names with dates": {func(q sqldb.Querier) ([]episode.Episode, error) {
				return f.FindByDatedName(ctx, q, []episode.DatedName{{outside, ""}, {inShow, "2020-01-01"}, {inShow, "2020-01-02"}})
			}, []string{"Pâté", "Pâté"}},
			"nothing": {func(q sqldb.Querier) ([]episode.Episode, error) { return f.FindByPlace(ctx, q, nil) }, nil},
		} {
			got, err := tt.found(f.db)
			if diff := cmp.Diff(tt.want, titles(got)); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
			}
		}
		for season, want := range map[int]int{0: 100, 2: 100, 9: 0} {
			if got, err := f.HighestNumber(ctx, f.db, f.show, &season); got != want || err != nil {
				t.Errorf("the highest number of season %d is %d, %v; want %d", season, got, err, want)
			}
		}
	})
}

func TestCreateAndUpdateMany(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		there := f.create(episode.Input{Title: "there", ShowID: &f.show, EpisodeNumber: new(1)})
		fresh := func(title string, show *string, number int) episode.Episode {
			e, err := episode.Episode{Status: episode.Draft}.Patched(episode.Patch{
				Title: callboard.Some(title), ShowID: callboard.Some(show), EpisodeNumber: callboard.Some(&number),
			})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		list := []episode.Episode{
			fresh("taken", &f.show, 1), fresh("a", &f.show, 2), fresh("taken too", &f.show, 2), fresh("b", nil, 1), fresh("c", nil, 1),
		}
		var ids []string
		err := f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) (err error) {
			ids, err = f.CreateAllTx(ctx, tx, list)
			return err
		})
		if err != nil || len(ids) != 5 || ids[0] != "" || ids[2] != "" {
			t.Fatalf("added %q, %v; want all but the first and the third", ids, err)
		}
		stored, err := f.FindByName(ctx, f.db, []episode.Name{{f.show, "a"}, {"", "b"}, {"", "c"}})
		if err != nil || len(stored) != 3 {
			t.Fatalf("%d stored, %v", len(stored), err)
		}
		slices.SortFunc(stored, func(a, b episode.Episode) int { return strings.Compare(a.Title, b.Title) })
		a, b, c := stored[0], stored[1], stored[2]
		if ids[1] != a.ID || ids[3] != b.ID || ids[4] != c.ID {
			t.Errorf("IDs %q, stored %q, %q, %q", ids, a.ID, b.ID, c.ID)
		}
		if names, _ := f.events(); len(names) != 4 {
			t.Errorf("events %v", names)
		}
		if _, err := f.Get(ctx, a.ID); err != nil { // so that it is in the cache
			t.Error(err)
		}

		revision := func(e episode.Episode, p episode.Patch) episode.Revision {
			next, err := e.Patched(p)
			if err != nil {
				t.Fatal(err)
			}
			return episode.Revision{Old: e, New: next}
		}
		number := func(n int) episode.Patch { return episode.Patch{EpisodeNumber: callboard.Some(&n)} }
		f.create(episode.Input{Title: "stays", ShowID: &f.show, EpisodeNumber: new(3)})
		names, _ := f.events()
		old := len(names)
		var taken map[string]bool
		err = f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			locked, err := f.LockAll(ctx, tx, []string{c.ID, there.ID, a.ID, b.ID})
			if err != nil || len(locked) != 4 {
				return fmt.Errorf("locked %d: %w", len(locked), err)
			}
			taken, err = f.UpdateAllTx(ctx, tx, []episode.Revision{
				revision(there, number(3)), revision(a, number(9)), revision(b, number(5)),
				revision(c, episode.Patch{Title: callboard.Some("c"), Status: callboard.Some(episode.Published)}), revision(c, episode.Patch{}),
			})
			return err
		})
		if err != nil || len(taken) != 1 || !taken[there.ID] {
			t.Errorf("taken %v, %v", taken, err)
		}
		names, _ = f.events()
		if diff := cmp.Diff([]string{"episode_updated", "episode_updated", "episode_published"}, names[old:]); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		got, err := f.Get(ctx, a.ID)
		if err != nil || *got.EpisodeNumber != 9 || got.Version != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		circle := make([]episode.Episode, 4)
		for i := range circle {
			circle[i] = f.create(episode.Input{Title: "in a circle", ShowID: &f.show, SeasonNumber: new(3), EpisodeNumber: new(i)})
		}
		before, _ := f.events()
		err = f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			taken, err = f.UpdateAllTx(ctx, tx, []episode.Revision{ // the last one goes up to a free number, and the others round in a circle
				revision(circle[0], number(1)), revision(circle[1], number(2)), revision(circle[2], number(0)), revision(circle[3], number(4)),
			})
			return err
		})
		if err != nil || len(taken) > 0 {
			t.Errorf("a circle: taken %v, %v", taken, err)
		}
		for i, want := range []int{1, 2, 0, 4} {
			if got, err := f.Get(ctx, circle[i].ID); err != nil || *got.EpisodeNumber != want || got.Version != 2 {
				t.Errorf("a circle: %+v, %v; want number %d", got, err, want)
			}
		}
		if after, _ := f.events(); len(after) != len(before)+4 {
			t.Errorf("a circle: events %v", after[len(before):])
		}
		if _, err := there.Patched(episode.Patch{Title: callboard.Some(" ")}); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("a title of nothing: %v", err)
		}
	})
}
