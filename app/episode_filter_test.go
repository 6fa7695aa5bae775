package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

// The list, its totals and the export take the same filters, with several statuses, shows and days.
func TestFiltersOfEpisodes(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		viewer, editor := s.Users.Viewer.Token, s.Users.Editor.Token
		nine := created(s, "/api/v1/shows", obj{"title": "Lighthouse Nine"})
		water := created(s, "/api/v1/shows", obj{"title": "Low Water"})
		ids := map[string]string{}
		for _, e := range []obj{
			{"title": "Pilot", "show_id": nine, "status": "published", "air_date": "2026-11-01"},
			{"title": "Fog", "show_id": nine, "status": "approved", "air_date": "2026-11-30"},
			{"title": "Ebb", "show_id": water, "status": "approved"},
			{"title": "Alone", "status": "draft", "air_date": "2026-12-01"},
		} {
			ids[e["title"].(string)] = created(s, "/api/v1/episodes", e)
		}
		type totals struct {
			Total    int
			Statuses map[string]int
			Shows    []struct {
				ShowID *string `json:"show_id"`
				Total  int
			}
		}
		for _, tt := range []struct {
			query  string
			filter obj // the same for an export
			want   []string
		}{
			{"status=published&status=approved", obj{"statuses": []string{"published", "approved"}}, []string{"Ebb", "Fog", "Pilot"}},
			{"status=draft", obj{"status": "draft"}, []string{"Alone"}},
			{"show_id=" + nine + "&show_id=" + water + "&status=approved", obj{"show_ids": []string{nine, water}, "status": "approved"}, []string{"Ebb", "Fog"}},
			{"show_id=" + water, obj{"show_id": water}, []string{"Ebb"}},
			{"air_date_from=2026-11-01&air_date_to=2026-11-30", obj{"air_date_from": "2026-11-01", "air_date_to": "2026-11-30"}, []string{"Fog", "Pilot"}},
			{"air_date_to=2026-11-29", obj{"air_date_to": "2026-11-29"}, []string{"Pilot"}},
			{"no_air_date=true", obj{"no_air_date": true}, []string{"Ebb"}},
			{"q=o", obj{"q": "o"}, []string{"Alone", "Fog", "Pilot"}},
			{"status=rejected", obj{"status": "rejected"}, nil},
		} {
			var list []struct{ Title string }
			s.Want(200, http.MethodGet, "/api/v1/episodes?sort=title&"+tt.query, viewer, nil, &list)
			var got []string
			for _, e := range list {
				got = append(got, e.Title)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.query, diff)
			}
			var counted totals
			s.Want(200, http.MethodGet, "/api/v1/episodes/totals?"+tt.query, viewer, nil, &counted)
			if counted.Total != len(tt.want) || len(counted.Statuses) != 6 || counted.Shows != nil {
				t.Errorf("%s: the totals are %+v", tt.query, counted)
			}
			if diff := cmp.Diff(tt.want, exportedTitles(t, s, obj{"episodes": tt.filter})); diff != "" {
				t.Errorf("export of %v (-want +got):\n%s", tt.filter, diff)
			}
		}
		var counted totals
		s.Want(200, http.MethodGet, "/api/v1/episodes/totals?by=show", viewer, nil, &counted)
		if counted.Total != 4 || counted.Statuses["approved"] != 2 || len(counted.Shows) != 3 || *counted.Shows[0].ShowID != nine || counted.Shows[0].Total != 2 {
			t.Errorf("the totals by show are %+v", counted)
		}
		chosen := []string{ids["Ebb"], ids["Alone"], callboard.NewID()}
		if diff := cmp.Diff([]string{"Alone", "Ebb"}, exportedTitles(t, s, obj{"ids": chosen})); diff != "" {
			t.Errorf("export of a selection (-want +got):\n%s", diff)
		}
		for field, args := range map[string]obj{
			"args.ids":                  {"ids": chosen, "episodes": obj{"status": "draft"}},
			"args.ids[0]":               {"ids": []string{"Ebb"}},
			"args.episodes.statuses":    {"episodes": obj{"status": "draft", "statuses": []string{"pending"}}},
			"args.episodes.show_ids":    {"episodes": obj{"show_id": nine, "show_ids": []string{water}}},
			"args.episodes.show_ids[0]": {"episodes": obj{"show_ids": []string{"x"}}},
			"args.episodes.no_air_date": {"episodes": obj{"no_air_date": true, "air_date_to": "2026-11-30"}},
		} {
			args["what"] = "episodes"
			r := s.Do(http.MethodPost, apptest.JobsPath, editor, obj{"kind": "bulk-export", "args": args})
			if r.Status != 422 || !strings.Contains(string(r.Body), `"`+field+`"`) {
				t.Errorf("%s: answer %d %s", field, r.Status, r.Body)
			}
		}
		for query, field := range map[string]string{
			"status=lost": "status", "show_id=x": "show_id", "air_date_from=soon": "air_date_from", "air_date_to=2026-02-30": "air_date_to",
			"no_air_date=true&air_date_to=2026-02-03": "no_air_date",
		} {
			for _, path := range []string{"/api/v1/episodes?", "/api/v1/episodes/totals?"} {
				if r := s.Do(http.MethodGet, path+query, viewer, nil); r.Status != 422 || !strings.Contains(string(r.Body), field) {
					t.Errorf("%s: answer %d %s", query, r.Status, r.Body)
				}
			}
		}
	})
}

// exportedTitles exports episodes and returns their titles in order.
func exportedTitles(t *testing.T, s *apptest.Server, args obj) (titles []string) {
	t.Helper()
	args["what"], args["format"] = "episodes", "ndjson"
	j := s.AwaitDone(s.QueueJob(s.Users.Editor.Token, "bulk-export", args).ID)
	var result struct{ URL string }
	if err := json.Unmarshal(j.Result, &result); err != nil || j.Status != "completed" {
		t.Fatalf("the export is %+v, %v", j, err)
	}
	r := s.Do(http.MethodGet, result.URL, s.Users.Editor.Token, nil)
	for line := range strings.Lines(string(r.Body)) {
		var row struct{ Title string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, row.Title)
	}
	slices.Sort(titles)
	return titles
}
