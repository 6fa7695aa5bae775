package episode_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// awkward are episodes whose texts a sheet may take for something else.
func awkward() []episode.Input {
	texts := []string{
		"=1+1", "+1", "-1", "@x", "-", "n/a", "null", "—", "'", "''", "'=x", "'-", "'n/a", "''=x", " padded ", "\ttab", "=end ", "'=end ",
		"[a]", "a,b;c|d\te", "Dæmons “one” 𝄞", "1963-11-23", "0001", "1e5", "TRUE", "line\nbreak", "dos\r\nbreak\r", "vertical\vtab",
		"_x0041_", `"quoted"`, `"`, `\`, "<b>&amp;", "x\u2028y", "\u00a0", "{\"a\":1}", "#REF!", "?",
	}
	all := []episode.Input{
		{Title: "nothing else"},
		{Title: "specials", SeasonNumber: new(0), EpisodeNumber: new(0), AirDate: new("0001-01-01")},
		{Title: "file", ThumbnailURL: new("/api/v1/files/" + callboard.NewID() + "/content"), Status: episode.Archived},
		{Title: "link", ThumbnailURL: new("https://example.org/a,b?c=d"), Status: episode.Published},
		{Title: "empty", Description: new("")},
		{Title: strings.Repeat("é", 255), Description: new(strings.Repeat("\n\"", 5000))},
	}
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			all = append(all, episode.Input{Title: text})
		}
		all = append(all, episode.Input{Title: "described", Description: &text},
			episode.Input{Title: "in one category", Categories: []string{text}},
			episode.Input{Title: "in several", Categories: []string{text, "drama", "=sum", "a;b"}})
	}
	return all
}

// roundTrip exports all, and imports the file into an empty database. Nothing may differ but what an import makes anew.
func roundTrip(t *testing.T, f fixture, format callboard.Format) {
	t.Helper()
	var file bytes.Buffer
	written := 0
	err := f.Export(t.Context(), &file, callboard.SheetOptions{Format: format}, episode.Filter{}, episode.ByCreated, func(n int) { written = n })
	if err != nil {
		t.Fatal(err)
	}
	db := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations(), episode.Migrations())
	to := fixture{Service: episode.New(episode.Config{DB: db, Shows: oneShow{f.show}}), t: t, db: db, show: f.show}
	report, err := to.Import(t.Context(), bytes.NewReader(file.Bytes()), episode.ImportOptions{ShowID: &f.show})
	if err != nil || report.Bad > 0 || report.Rows != written {
		t.Fatalf("%d written, %+v, %v", written, report, err)
	}
	if diff := cmp.Diff(all(t, f), all(t, to),
		cmpopts.IgnoreFields(episode.Episode{}, "ID", "CreatedAt", "UpdatedAt", "Version")); diff != "" {
		t.Errorf("(-exported +imported):\n%s", diff)
	}
}

func all(t *testing.T, f fixture) []episode.Episode {
	t.Helper()
	var list []episode.Episode
	err := f.Each(t.Context(), episode.Filter{}, episode.ByCreated, func(e episode.Episode) error {
		list = append(list, e)
		return nil
	})
	if n, countErr := f.Count(t.Context(), episode.Filter{}); err != nil || countErr != nil || n != len(list) {
		t.Fatalf("%d of %d episodes, %v, %v", len(list), n, err, countErr)
	}
	return list
}

func TestExportIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		sample, err := os.Open("testdata/episodes.csv")
		if err != nil {
			t.Fatal(err)
		}
		defer sample.Close()
		mapping, err := episode.ParseMapping("title=episode_title|story_title,air_date=orig_uk_airdate,description=writer,categories=director")
		if err != nil {
			t.Fatal(err)
		}
		if r, err := f.Import(t.Context(), sample, episode.ImportOptions{ShowID: &f.show, Mapping: mapping}); err != nil || r.Imported < 35 || r.Bad != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, in := range awkward() {
			in.ShowID = &f.show
			f.create(in)
		}
		for _, format := range []callboard.Format{callboard.CSV, callboard.NDJSON, callboard.XLSX} {
			t.Run(string(format), func(t *testing.T) { roundTrip(t, f, format) })
		}
	})
}

// Pages must neither overlap nor leave a gap, in any order.
func TestEach(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		rows := strings.Repeat("same,1,,1963-11-23\nother,2,,\n", 301)
		_, err := f.Import(t.Context(), strings.NewReader("title,season,number,date\n"+rows), episode.ImportOptions{ShowID: &f.show})
		if err != nil {
			t.Fatal(err)
		}
		f.create(episode.Input{Title: "alone"})
		for _, sort := range []episode.Sort{"", episode.ByTitle, episode.ByLastAired, episode.ByNumber, episode.ByLastUpdated} {
			var seen, keys []string
			err := f.Each(t.Context(), episode.Filter{ShowID: f.show}, sort, func(e episode.Episode) error {
				seen, keys = append(seen, e.ID), append(keys, e.Title)
				return nil
			})
			if err != nil || len(seen) != 602 || (sort == episode.ByTitle && !slices.IsSorted(keys)) {
				t.Errorf("%q: %d episodes, %v", sort, len(seen), err)
			}
			slices.Sort(seen)
			if len(slices.Compact(seen)) != 602 {
				t.Errorf("%q: some came twice", sort)
			}
		}
		stop := errors.New("enough")
		if err := f.Each(t.Context(), episode.Filter{}, "", func(episode.Episode) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = f.Each(ctx, episode.Filter{}, "", func(episode.Episode) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wantCode(t, f.Each(t.Context(), episode.Filter{}, "rating", nil), callboard.CodeInvalid, "sort")
	})
}

func TestThumbnailMayBeAFile(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		id := callboard.NewID()
		f.create(episode.Input{Title: "x", ThumbnailURL: new("/api/v1/files/" + id + "/content")})
		f.create(episode.Input{Title: "x", ThumbnailURL: new("/a/call.board/api/v1/files/" + id + "/content")})
		for _, path := range []string{
			"/api/v1/files/" + id, "/api/v1/files//content", "/api/v1/files/x/../" + id + "/content", "/api/v1/files/" + id + "/content?x",
			"api/v1/files/" + id + "/content", "/api/v1/files/" + strings.ToUpper(id) + "/content", "//example.org/x",
			"//example.org/api/v1/files/" + id + "/content", `/\example.org/api/v1/files/` + id + "/content",
		} {
			_, err := f.Create(t.Context(), episode.Input{Title: "x", ThumbnailURL: &path})
			wantCode(t, err, callboard.CodeInvalid, "thumbnail_url")
		}
	})
}
