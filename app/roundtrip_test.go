package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/apptest"
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
