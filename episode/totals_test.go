package episode_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
)

func TestTotals(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		f.create(episode.Input{Title: "Émile", ShowID: &f.show, AirDate: new("1970-01-01")})
		f.create(episode.Input{Title: "ebb", ShowID: &f.show, Status: episode.Published})
		f.create(episode.Input{Title: "zoo", Status: episode.Published, AirDate: new("1960-01-01")})
		gone := f.create(episode.Input{Title: "gone", Status: episode.Rejected})
		if err := f.Delete(acting(t), gone.ID, 0); err != nil {
			t.Fatal(err)
		}
		counts := func(draft, published, rejected int) map[episode.Status]int {
			return map[episode.Status]int{"draft": draft, "pending": 0, "approved": 0, "rejected": rejected, "published": published, "archived": 0}
		}
		for name, tt := range map[string]struct {
			filter  episode.Filter
			perShow bool
			want    episode.Totals
		}{
			"all": {episode.Filter{}, false, episode.Totals{Total: 3, Statuses: counts(1, 2, 0)}},
			"by show": {episode.Filter{}, true, episode.Totals{Total: 3, Statuses: counts(1, 2, 0), Shows: []episode.ShowTotals{
				{ShowID: &f.show, Total: 2, Statuses: counts(1, 1, 0)}, {Total: 1, Statuses: counts(0, 1, 0)},
			}}},
			"a status": {episode.Filter{Statuses: []episode.Status{episode.Published}}, false, episode.Totals{Total: 2, Statuses: counts(0, 2, 0)}},
			"a show":   {episode.Filter{ShowIDs: []string{f.show}}, false, episode.Totals{Total: 2, Statuses: counts(1, 1, 0)}},
			"a text":   {episode.Filter{Text: "emi"}, false, episode.Totals{Total: 1, Statuses: counts(1, 0, 0)}},
			"days":     {episode.Filter{AirFrom: "1950-01-01", AirTo: "1969-12-31"}, false, episode.Totals{Total: 1, Statuses: counts(0, 1, 0)}},
			"no day":   {episode.Filter{NoAirDate: true}, false, episode.Totals{Total: 1, Statuses: counts(0, 1, 0)}},
			"deleted":  {episode.Filter{Deleted: true}, false, episode.Totals{Total: 1, Statuses: counts(0, 0, 1)}},
			"nothing":  {episode.Filter{ShowIDs: []string{callboard.NewID()}}, true, episode.Totals{Statuses: counts(0, 0, 0)}},
		} {
			got, err := f.Totals(t.Context(), tt.filter, tt.perShow)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(got.Shows) == 0 {
				got.Shows = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if n, err := f.Count(t.Context(), tt.filter); err != nil || n != tt.want.Total {
				t.Errorf("%s: Count says %d, %v", name, n, err)
			}
		}
	})
}

func TestFiltersThatCannotBe(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		for field, filter := range map[string]episode.Filter{
			"status": {Statuses: []episode.Status{"lost"}}, "show_id": {ShowIDs: []string{"\x00"}}, "id": {IDs: []string{"1"}},
			"air_date_from": {AirFrom: "soon"}, "air_date_to": {AirTo: "1970-02-30"}, "no_air_date": {NoAirDate: true, AirTo: "1970-01-01"},
		} {
			_, err := f.Totals(t.Context(), filter, false)
			wantCode(t, err, callboard.CodeInvalid, field)
			_, err = f.List(t.Context(), filter, "", callboard.Page{})
			wantCode(t, err, callboard.CodeInvalid, field)
			wantCode(t, f.Each(t.Context(), filter, "", nil), callboard.CodeInvalid, field)
		}
	})
}
