package importer

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// listTests are the files of testdata/lists, each with what it needs to be told. Beside each lies what a person reads in it: a line for each
// row below the header, with what becomes of it and why, and the cells of the episode. These were not made by the importer.
func listTests(t *testing.T) map[string]Options {
	t.Helper()
	office := func(m string) Options {
		mapping, err := ParseMapping(m)
		if err != nil {
			t.Fatal(err)
		}
		return Options{ShowTitle: new("Harbour Lights"), Mapping: mapping}
	}
	plain := office("")
	russian := plain
	russian.Encoding = "windows-1251"
	chinese := plain
	chinese.Encoding = "gb18030"
	archive := office("title=Programme Title")
	archive.ShowTitle = nil
	return map[string]Options{
		"archive-shows.csv": archive, "dates-mixed.csv": {}, "numbers-mixed.csv": {}, "seasons-mixed.csv": {}, "calc-it.csv": plain, "codes.csv": plain, "delivery.xlsx": {}, "excel-cn.csv": chinese,
		"excel-de.csv": plain, "excel-es.csv": plain, "excel-fr.csv": plain, "excel-jp.csv": plain, "excel-paste.tsv": plain,
		"excel-ru.csv": russian, "excel-unicode.txt": plain, "google-sheets.csv": plain, "imdb.tsv": plain, "kitsu.json": plain,
		"libreoffice.csv": plain, "mac-1904.xlsx": plain, "merged-seasons.xlsx": plain, "numbers.csv": plain, "pandas.csv": plain,
		"planilha-pt.csv": plain, "podcast.csv": plain, "production-us.csv": plain, "readme-table.md": plain,
		"sheet-per-season.xlsx": plain, "shotgrid.csv": office("status=,episode_number="), "tmdb.ndjson": plain, "tracker-seasons.csv": plain,
		"tvmaze.csv": plain, "wiki-season.csv": plain,
	}
}

func TestListsAreReadAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for name, opts := range listTests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, sqldbtest.Open(t, "sqlite", tables()...))
			path := filepath.Join("testdata", "lists", name)
			wantRows, wantEpisodes := readWant(t, path+".want.csv")
			plan := f.takeFile(path, opts, false)
			report := f.takeFile(path, opts, true)
			if diff := cmp.Diff(plan.Problems, report.Problems); diff != "" || plan.Counts != report.Counts {
				t.Errorf("plan %+v and import %+v differ (-plan +import):\n%s", plan.Counts, report.Counts, diff)
			}
			if diff := cmp.Diff(wantRows, rowsOf(report, wantRows)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if report.Rows != len(wantRows) || report.Created != len(wantEpisodes) {
				t.Errorf("got %+v, want %d rows and %d episodes", report.Counts, len(wantRows), len(wantEpisodes))
			}
			if diff := cmp.Diff(wantEpisodes, f.cells(opts)); diff != "" {
				t.Errorf("episodes (-want +got):\n%s", diff)
			}
			again := f.takeFile(path, opts, true)
			if again.Unchanged != report.Created || again.Refused != report.Refused || again.Skipped != report.Skipped {
				t.Errorf("again: got %+v after %+v", again.Counts, report.Counts)
			}
			if t.Failed() {
				t.Logf("%s\ncolumns %+v\nnotes %q\nproblems %+v", report.Layout, report.Layout.Columns, report.Layout.Notes, report.Problems)
			}
		})
	}
}

// takeFile plans or imports a file.
func (f fixture) takeFile(path string, opts Options, write bool) Report {
	f.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		f.t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		f.t.Fatal(err)
	}
	take := f.Plan
	if write {
		take = f.Import
	}
	report, err := take(callboard.WithActor(f.t.Context(), callboard.System("Import")), file, info.Size(), opts, Hooks{})
	if err != nil {
		f.t.Fatal(err)
	}
	f.addsUp(report.Counts)
	return report
}

// listRow is what becomes of a line, and a part of the reason.
type listRow struct{ Outcome, Reason string }

// readWant returns the rows by line, and the cells of the episodes in order.
func readWant(t *testing.T, path string) (rows map[int]listRow, episodes []string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows = map[int]listRow{}
	for _, record := range records[1:] {
		line, err := strconv.Atoi(record[0])
		if err != nil {
			t.Fatal(err)
		}
		rows[line] = listRow{record[1], record[2]}
		if record[1] == string(Created) {
			cells := record[3:]
			if cells[6] == "" {
				cells[6] = string(episode.Draft)
			}
			episodes = append(episodes, fmt.Sprintf("%q", cells))
		}
	}
	slices.Sort(episodes)
	return rows, episodes
}

// rowsOf returns what became of the lines of want, and of others that there is something to say of.
func rowsOf(report Report, want map[int]listRow) map[int]listRow {
	got := map[int]listRow{}
	for line := range want {
		got[line] = listRow{Outcome: string(Created)}
	}
	for _, p := range report.Problems {
		row := listRow{Outcome: string(p.Outcome)}
		if part := want[p.Line].Reason; part != "" || p.Outcome == Refused || p.Outcome == Skipped {
			if row.Reason = p.Reason; part != "" && strings.Contains(p.Reason, part) {
				row.Reason = part
			}
		}
		got[p.Line] = row
	}
	return got
}

// cells returns the cells of all episodes, in the order of readWant. The show is empty where the options give it.
func (f fixture) cells(opts Options) []string {
	f.t.Helper()
	list, err := f.cfg.Episodes.List(f.t.Context(), episode.Filter{}, "", callboard.Page{Limit: 100})
	if err != nil {
		f.t.Fatal(err)
	}
	var cells []string
	number := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	for _, e := range list.Items {
		title := ""
		if opts.ShowTitle == nil && e.ShowID != nil {
			s, err := f.cfg.Shows.Get(f.t.Context(), *e.ShowID)
			if err != nil {
				f.t.Fatal(err)
			}
			title = s.Title
		}
		cells = append(cells, fmt.Sprintf("%q", []string{
			title, number(e.SeasonNumber), number(e.EpisodeNumber), e.Title, textOf(e.AirDate), textOf(e.Description), string(e.Status),
			strings.Join(e.Categories, "; "), textOf(e.ThumbnailURL),
		}))
	}
	slices.Sort(cells)
	return cells
}
