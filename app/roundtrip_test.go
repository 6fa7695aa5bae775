package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/app/jobkinds"
)

// carried is what a sheet carries of an episode.
type carried struct {
	Title         string   `json:"title"`
	Description   *string  `json:"description"`
	AirDate       *string  `json:"air_date"`
	SeasonNumber  *int     `json:"season_number"`
	EpisodeNumber *int     `json:"episode_number"`
	Status        string   `json:"status"`
	Categories    []string `json:"categories"`
	ThumbnailURL  *string  `json:"thumbnail_url"`
}

// A real sheet goes in, out in each format, and in again, all as jobs, and comes back without a difference. The row that
// cannot be used is in the report, by its line.
func TestSheetsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		content, err := os.ReadFile("importer/testdata/lighthouse.csv")
		if err != nil {
			t.Fatal(err)
		}
		const rows, untitled = 40, 32 // of the sample, and the line of the one that has no title
		r := &roundTrip{t: t, s: s, token: s.Users.Editor.Token}
		show, report := r.importSheet("episodes.csv", content, obj{
			"show_title": "Doctor Who", "mapping": obj{"title": []string{"episode_title", "story_title"}},
		})
		if want := fmt.Sprintf("\ufeffitem,reason,outcome\nline %d,\"title is missing (column 3 (\"\"episode_title\"\"))\",refused\n", untitled); report != want {
			t.Errorf("the report is %q, want %q", report, want)
		}
		first := r.episodes(show)
		if len(first) != rows-1 {
			t.Fatalf("%d episodes of %d rows", len(first), rows)
		}
		for _, format := range []string{"csv", "ndjson", "xlsx"} {
			again, _ := r.importSheet("again", r.export(show, format), obj{"show_title": "In " + format, "mapping": obj{"show": []string{}, "show_id": []string{}, "id": []string{}}})
			if diff := cmp.Diff(first, r.episodes(again)); diff != "" {
				t.Errorf("as %s (-went +came):\n%s", format, diff)
			}
		}
	})
}

type roundTrip struct {
	t     *testing.T
	s     *apptest.Server
	token string
}

// importSheet returns the show that the rows went into, and the report.
func (r *roundTrip) importSheet(name string, content []byte, args obj) (show, report string) {
	r.t.Helper()
	args["file_id"] = r.s.UploadFile(apptest.FilesPath, r.token, name, bytes.NewReader(content)).ID
	j := r.done("data-import", args)
	var result struct {
		Shows []struct{ ID string }
	}
	if err := json.Unmarshal(j.Result, &result); err != nil || len(result.Shows) != 1 {
		r.t.Fatalf("%s, %v", j.Result, err)
	}
	return result.Shows[0].ID, string(r.s.Do(http.MethodGet, apptest.JobsPath+"/"+j.ID+"/report", r.token, nil).Body)
}

func (r *roundTrip) export(show, format string) []byte {
	r.t.Helper()
	j := r.done("bulk-export", obj{"what": "episodes", "format": format, "episodes": obj{"show_id": show}})
	var result struct {
		URL string `json:"url"`
	}
	if err := json.Unmarshal(j.Result, &result); err != nil {
		r.t.Fatal(err)
	}
	return r.s.Do(http.MethodGet, result.URL, r.token, nil).Body
}

func (r *roundTrip) done(kind string, args obj) apptest.Job {
	r.t.Helper()
	j := r.s.AwaitDone(r.s.QueueJob(r.token, kind, args).ID)
	if j.Status != "completed" {
		r.t.Fatalf("%s: %+v", kind, j)
	}
	return j
}

func (r *roundTrip) episodes(show string) []carried {
	r.t.Helper()
	var list []carried
	r.s.Want(http.StatusOK, http.MethodGet, "/api/v1/episodes?sort=number&limit=200&show_id="+show, r.token, nil, &list)
	return list
}

// The rows that a job has refused are told by what it ran with, not by what is saved now. Those of a dry run are all there, once, also
// when it is tried again.
func TestRefusedRowsOfJobs(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		r := &roundTrip{t: t, s: s, token: s.Users.Editor.Token}
		refused := func(id string) string {
			return string(s.Do(http.MethodGet, "/api/v1/imports/"+id+"/refused", r.token, nil).Body)
		}
		var created struct{ ID string }
		s.Want(http.StatusCreated, http.MethodPost, "/api/v1/shows", r.token, obj{"title": "The Lamp Room"}, &created)
		show := created.ID
		mapping := "/api/v1/shows/" + show + "/import-mapping"
		s.Want(http.StatusOK, http.MethodPut, mapping, r.token, obj{"mapping": obj{"title": []string{"foo"}, "air_date": []string{"bar"}}}, nil)
		file := s.UploadFile(apptest.FilesPath, r.token, "foo.csv", strings.NewReader("foo,bar\nPilot,soon\nSecond,2020-01-02\n")).ID
		dry := r.done("data-import", obj{"file_id": file, "show_id": show, "dry_run": true})
		real := r.done("data-import", obj{"file_id": file, "show_id": show})
		s.Want(http.StatusNoContent, http.MethodDelete, mapping, r.token, nil, nil)
		want := "\ufefffoo,bar,refused because\nPilot,soon,\"air_date \"\"soon\"\" is not a date; write it as 1963-11-23 (column 2 (\"\"bar\"\"))\"\n"
		for _, j := range []apptest.Job{dry, real} {
			if got := refused(j.ID); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}

		const rows = 10_050 // more than a report over HTTP lists
		file = s.UploadFile(apptest.FilesPath, r.token, "bad.csv", strings.NewReader("title,air_date\nB,soon\n"+strings.Repeat("A,soon\n", rows-1))).ID
		j := s.AwaitDone(s.QueueJob(r.token, "data-import", obj{"file_id": file, "show_id": show, "dry_run": true}).ID)
		for attempt := range 2 {
			if j.Status != "failed" || j.Problems != rows {
				t.Fatalf("attempt %d: %+v", attempt, j)
			}
			if n := strings.Count(refused(j.ID), "is not a date"); n != rows {
				t.Errorf("attempt %d: %d of %d rows", attempt, n, rows)
			}
			var result jobkinds.ImportResult
			if err := json.Unmarshal(j.Result, &result); err != nil || result.Refused != rows || len(result.Layout.Columns) != 2 || !result.DryRun {
				t.Errorf("attempt %d: the result is %s, %v", attempt, j.Result, err)
			}
			if attempt == 0 {
				s.Want(http.StatusOK, http.MethodPost, apptest.JobsPath+"/"+j.ID+"/retry", r.token, nil, nil)
				j = s.AwaitDone(j.ID)
			}
		}
	})
}
