package importer

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/show"
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

// exportTo exports all, and imports the file into to. Nothing may differ but what an import makes anew.
func (f fixture) exportTo(t *testing.T, to fixture, format callboard.Format) Report {
	t.Helper()
	var file bytes.Buffer
	written := 0
	err := f.cfg.Episodes.Export(f.ctx(), &file, callboard.SheetOptions{Format: format}, episode.Filter{}, episode.ByCreated, func(n int) { written = n })
	if err != nil {
		t.Fatal(err)
	}
	report, err := to.Import(f.ctx(), bytes.NewReader(file.Bytes()), int64(file.Len()), Options{}, Hooks{})
	if err != nil || report.Refused > 0 || report.Skipped > 0 || report.Rows != written {
		t.Fatalf("%d written, %+v, %v, %+v", written, report.Counts, err, report.FirstProblems(10))
	}
	if diff := cmp.Diff(f.list(t), to.list(t),
		cmpopts.IgnoreFields(episode.Episode{}, "ID", "ShowID", "CreatedAt", "UpdatedAt", "Version")); diff != "" {
		t.Errorf("(-exported +imported):\n%s", diff)
	}
	return report
}

func (f fixture) list(t testing.TB) []episode.Episode {
	t.Helper()
	var list []episode.Episode
	err := f.cfg.Episodes.Each(f.ctx(), episode.Filter{}, episode.ByCreated, func(e episode.Episode) error {
		list = append(list, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What was exported comes back: into an empty server with shows of the same titles, and into the same one as rows that say nothing new.
func TestExportIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		for _, title := range []string{"Lighthouse Nine", "=1+1; the show", "n/a"} {
			created, err := f.cfg.Shows.Create(f.ctx(), show.Input{Title: title})
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range awkward() {
				in.ShowID = &created.ID
				if _, err := f.cfg.Episodes.Create(f.ctx(), in); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := f.cfg.Episodes.Create(f.ctx(), episode.Input{Title: "outside of shows", EpisodeNumber: new(7)}); err != nil {
			t.Fatal(err)
		}
		for _, format := range []callboard.Format{callboard.CSV, callboard.NDJSON, callboard.XLSX} {
			t.Run(string(format), func(t *testing.T) {
				events := len(f.events())
				if r := f.exportTo(t, f, format); r.Unchanged != r.Rows || len(f.events()) != events {
					t.Errorf("into the same server: %+v, %d events, want all unchanged: %+v", r.Counts, len(f.events())-events, r.FirstProblems(5))
				}
				empty := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
				if r := f.exportTo(t, empty, format); r.Created != r.Rows || len(r.Shows) != 3 {
					t.Errorf("into an empty server: %+v, %d shows", r.Counts, len(r.Shows))
				}
			})
		}
	})
}
