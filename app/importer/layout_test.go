package importer

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/internal/sheet"
)

// readFile returns what openTable and entries make of a file: "title=3 season_number=1 …", then a line for each row.
func readFile(t testing.TB, path string, opts Options) (*table, string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	tab, err := openTable(t.Context(), file, info.Size(), opts)
	if err != nil {
		if callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Fatalf("%s: %v", path, err)
		}
		return nil, "refused: " + messageOf(err)
	}
	t.Cleanup(func() {
		if err := tab.close(); err != nil {
			t.Error(err)
		}
	})
	var used []string
	for _, field := range fields() {
		if at := tab.fields[field]; len(at) > 0 {
			used = append(used, fmt.Sprintf("%s=%d", field, at[0]+1))
		}
	}
	lines := []string{strings.Join(used, " ")}
	rows := 0
	err = tab.entries(t.Context(), func(e entry) error {
		rows++
		lines = append(lines, e.text())
		return nil
	})
	if err != nil || rows != tab.rows {
		t.Errorf("%s: %d rows of %d: %v", path, rows, tab.rows, err)
	}
	return tab, strings.Join(lines, "\n")
}

// readText is readFile for the content of a file.
func readText(t *testing.T, content string, opts Options) (*table, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, path, opts)
}

func messageOf(err error) string {
	if e, ok := errors.AsType[*callboard.Error](err); ok {
		if len(e.Fields) == 0 {
			return e.Message
		}
		messages := make([]string, len(e.Fields))
		for i, f := range e.Fields {
			messages[i] = f.Message
		}
		return strings.Join(messages, "; ")
	}
	return err.Error()
}

// text returns an entry as a line: 2 S1 E2 "title" 2020-01-01.
func (e entry) text() string {
	if e.skip != "" {
		return fmt.Sprintf("%d skipped: %s", e.line, e.skip)
	}
	if refused, ok := errors.AsType[*callboard.Error](e.err); ok {
		if len(refused.Fields) == 0 {
			return fmt.Sprintf("%d refused: %s", e.line, refused.Message)
		}
		names := make([]string, len(refused.Fields))
		for i, f := range refused.Fields {
			names[i] = f.Field
		}
		return fmt.Sprintf("%d refused: %s", e.line, strings.Join(names, " "))
	}
	parts := []string{fmt.Sprint(e.line)}
	p := e.patch
	if e.id != "" {
		parts = append(parts, "id")
	}
	if e.showTitle != "" {
		parts = append(parts, e.showTitle+":")
	}
	if p.SeasonNumber.Set {
		parts = append(parts, fmt.Sprintf("S%d", *p.SeasonNumber.Value))
	}
	if p.EpisodeNumber.Set {
		parts = append(parts, fmt.Sprintf("E%d", *p.EpisodeNumber.Value))
	}
	if p.Title.Set {
		parts = append(parts, fmt.Sprintf("%q", p.Title.Value))
	}
	if p.AirDate.Set {
		parts = append(parts, *p.AirDate.Value)
	}
	if p.Description.Set {
		parts = append(parts, fmt.Sprintf("(%s)", *p.Description.Value))
	}
	if p.Status.Set {
		parts = append(parts, string(p.Status.Value))
	}
	if p.Categories.Set {
		parts = append(parts, fmt.Sprintf("%q", p.Categories.Value))
	}
	if p.ThumbnailURL.Set {
		parts = append(parts, *p.ThumbnailURL.Value)
	}
	return strings.Join(parts, " ")
}

// Each header is of one file, as people and programs write them; "-" is a column that is not used.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ header, row, want string }{
		{"seasonNumber,episodeNumber,episodeTitle,airDate", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"season_number,episode_number,title,air_date", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"Season #,Ep #,Episode Title,TX Date", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"Season No.,Episode No.,Name,Release Date", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"season-no,ep-no,episode-name,original-airdate", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"S,E,Title,Aired", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"S#,E#,Title,First Aired", "1,2,A,2020-01-01", "season_number episode_number title air_date"},
		{"SEASON,EPISODE,TITLE,AIRDATE,PLOT", "1,2,A,2020-01-01,x", "season_number episode_number title air_date description"},
		{"season,number,name,airdate,summary,runtime", "1,2,A,2020-01-01,x,30", "season_number episode_number title air_date description -"},
		{"airedSeason,airedEpisodeNumber,episodeName,firstAired,overview", "1,2,A,2020-01-01,x",
			"season_number episode_number title air_date description"},
		{"seasonnum,epnum,eptitle,Logline", "1,2,A,x", "season_number episode_number title description"},
		{"No. overall,No. in season,Title,Directed by,Written by,Original air date[1],Prod. code,U.S. viewers (millions)",
			"12,2,A,B,C,2020-01-01,X,4.5", "- episode_number title - - air_date - -"},
		{"No.overall,No. inseason,Title,Original release date", "12,2,A,2020-01-01", "- episode_number title air_date"},
		{"\"No. in\nseason\",Title*,\"Original\nair date\"", "2,A,2020-01-01", "episode_number title air_date"},
		{"\u200bTitle\ufeff,Ep\u00a0No.,Season:", "A,2,1", "title episode_number season_number"},
		{"Ti\u00adtle,Number in season,orig_uk_airdate", "A,2,1963-11-23", "title episode_number air_date"},
		{"Episode,Title,Air Date (UK),Genre(s)", "2,A,2020-01-01,x", "episode_number title air_date categories"},
		{"itunes:season,itunes:episode,title,pubDate,description,itunes:image", "1,2,A,2020-01-01,x,http://x/y",
			"season_number episode_number title air_date description thumbnail_url"},
		{"Series Title,Season Number,Episode Number,Episode Title,Synopsis,Premiere Date", "B,1,2,A,x,2020-01-01",
			"show season_number episode_number title description air_date"},
		{"Show Name,Series No.,Episode No.,Episode Name,Broadcast date", "B,1,2,A,2020-01-01", "show season_number episode_number title air_date"},
		{"tconst,primaryTitle,seasonNumber,episodeNumber", "tt1,A,1,2", "- title season_number episode_number"},
		{"Nr. (ges.),Nr. (St.),Deutscher Titel,Titel,Erstausstrahlung", "12,2,B,A,2020-01-01", "- episode_number - title air_date"},
		{"Staffel,Folge,Titel,Beschreibung,Sendedatum,Schlagwörter", "1,2,A,x,2020-01-01,y",
			"season_number episode_number title description air_date categories"},
		{"Staffelnummer,Folgennummer,Episodentitel,Kurzbeschreibung,Ausstrahlung", "1,2,A,x,2020-01-01",
			"season_number episode_number title description air_date"},
		{"Saison,Épisode,Titre,Résumé,Date de diffusion", "1,2,A,x,2020-01-01", "season_number episode_number title description air_date"},
		{"Saison,N°,Titre de l’épisode,Synopsis,Première diffusion", "1,2,A,x,2020-01-01",
			"season_number episode_number title description air_date"},
		{"Temporada,Episodio,Título,Sinopsis,Fecha de emisión", "1,2,A,x,2020-01-01",
			"season_number episode_number title description air_date"},
		{"Temporada,N.º,Título del episodio,Descripción,Fecha de estreno,Género", "1,2,A,x,2020-01-01,y",
			"season_number episode_number title description air_date categories"},
		{"Temporada,Episódio,Título,Sinopse,Data de exibição", "1,2,A,x,2020-01-01", "season_number episode_number title description air_date"},
		{"Nº na temporada,Nome,Descrição,Estreia", "2,A,x,2020-01-01", "episode_number title description air_date"},
		{"シーズン,話数,サブタイトル,あらすじ,放送日", "1,2,A,x,2020-01-01", "season_number episode_number title description air_date"},
		{"番組名,第何話,タイトル,初回放送日", "B,2,A,2020-01-01", "show episode_number title air_date"},
		{"Title,Name,Workflow Status,Thumbnail URL", "A,B,draft,http://x/y", "title - status thumbnail_url"},
		{"title,date,air_date,number,number_in_season", "A,2000-01-01,2020-01-01,12,2", "title - air_date - episode_number"},
		{"Title,Notes,Notes,,", "A,x,y,,", "title - -"},
	} {
		tab, got := readText(t, test.header+"\n"+test.row+"\n", Options{})
		if tab == nil {
			t.Errorf("%s: %s", test.header, got)
			continue
		}
		var names []string
		for _, c := range tab.Layout.Columns {
			name := c.Field
			if name == "" {
				name = "-"
				if c.Why == "" {
					t.Errorf("%s: no reason for ignoring column %d", test.header, c.Position)
				}
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%q: got %s, want %s", test.header, got, test.want)
		}
	}
}

// What the names leave open, the cells of all rows decide; what they leave open too, people must.
func TestColumnsByContent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want string }{
		"codes in a column of an unknown name": {"Code No,Title\nS01E01,A\nS01E02,B\n",
			"title=2 episode_number=1\n2 S1 E1 \"A\"\n3 S1 E2 \"B\""},
		"codes beside a number in the whole show": {"Number,Title,foo\n100,A,5x01\n101,B,5x02\n",
			"title=2 episode_number=3\n2 S5 E1 \"A\"\n3 S5 E2 \"B\""},
		"codes that contradict the season": {"Season,Episode,Title\n1,S01E01,A\n2,S01E02,B\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 refused: season_number"},
		"series that are seasons": {"Series,Episode,Title\n1,1,A\n2,1,B\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S2 E1 \"B\""},
		"episode that is a title": {"Season,Number,Episode\n1,1,Pilot\n1,2,Second\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"Pilot\"\n3 S1 E2 \"Second\""},
		"episode that is a number of its own kind": {"Episode,Title\n1.01,A\n1.02,B\n", "title=2 episode_number=1\n2 refused: episode_number\n3 refused: episode_number"},
		"show, and episode that is a title": {"Title,Season,No.,Episode\nThe Office,1,1,Pilot\nThe Office,1,2,Diversity Day\n",
			"title=4 season_number=2 episode_number=3 show=1\n2 The Office: S1 E1 \"Pilot\"\n3 The Office: S1 E2 \"Diversity Day\""},
		"numbers that begin anew in each season": {"Season,foo,Title\n1,1,A\n1,2,B\n2,1,C\n2,2,D\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S1 E2 \"B\"\n4 S2 E1 \"C\"\n5 S2 E2 \"D\""},
		"numbers without a name": {",Title\n1,A\n2,B\n", "title=2 episode_number=1\n2 E1 \"A\"\n3 E2 \"B\""},
		"an index":               {",Title\n0,A\n1,B\n", "title=2\n2 \"A\"\n3 \"B\""},
		"the number in the show alone": {"No. overall,Title\n1,A\n2,B\n",
			"title=2 episode_number=1\n2 E1 \"A\"\n3 E2 \"B\""},
		"identifiers of others": {"id,season,number,name\n1234,1,1,A\n1240,1,2,B\n",
			"title=4 season_number=2 episode_number=3\n2 S1 E1 \"A\"\n3 S1 E2 \"B\""},
		"an empty column of a better name": {"episode_title,title\n,A\n,B\n", "title=2\n2 \"A\"\n3 \"B\""},
		"no header, codes": {"S01E01,Pilot,2020-01-01\nS01E02,Second,2020-01-08\n",
			"title=2 air_date=3 episode_number=1\n1 S1 E1 \"Pilot\" 2020-01-01\n2 S1 E2 \"Second\" 2020-01-08"},
		"no header, one number": {"1,Pilot\n2,Second\n", "title=2 episode_number=1\n1 E1 \"Pilot\"\n2 E2 \"Second\""},
		"no header, two numbers": {"1,1,Pilot\n1,2,Second\n2,1,Third\n",
			"title=3 season_number=1 episode_number=2\n1 S1 E1 \"Pilot\"\n2 S1 E2 \"Second\"\n3 S2 E1 \"Third\""},
		"seasons as headings": {"No.,Title,Air date\nSeason 1,,\n1,A,2020-01-01\nSeason 2,,\n1,B,2021-01-01\n",
			"title=2 air_date=3 episode_number=1\n2 skipped: names the season of the rows below it\n3 S1 E1 \"A\" 2020-01-01\n" +
				"4 skipped: names the season of the rows below it\n5 S2 E1 \"B\" 2021-01-01"},
		"remarks": {"# exported by Ann\ntitle,episode\nA,1\n# checked, by Bob\n#blackAF,2\nTotal Recall,3\nTotal,\n2 episodes,\n",
			"title=1 episode_number=2\n3 E1 \"A\"\n4 skipped: is a comment\n5 E2 \"#blackAF\"\n6 E3 \"Total Recall\"\n" +
				"7 skipped: is a total\n8 skipped: is a total"},
		"a total with sums, and an episode called so": {"season,episode,title,plot,views\n1,1,A,x,100\n,,Total,,\"1,234.5\"\n1,,Count,He counts.,7\nTotal,2,,,9\n",
			"title=3 description=4 season_number=1 episode_number=2\n2 S1 E1 \"A\" (x)\n3 skipped: is a total\n" +
				"4 S1 \"Count\" (He counts.)\n5 skipped: is a total"},
		"quotes around all titles":         {"No.,Title\n1,\"\"\"A\"\"\"\n2,“B”\n3,\"\"\"C\"\"\"\n", "title=2 episode_number=1\n2 E1 \"A\"\n3 E2 \"B\"\n4 E3 \"C\""},
		"quotes around all titles but one": {"No.,Title\n1,“A”\n2,B\n", "title=2 episode_number=1\n2 E1 \"“A”\"\n3 E2 \"B\""},
		"quotes around parts of titles":    {"No.,Title\n1,“A” and “B”\n2,“C”\n", "title=2 episode_number=1\n2 E1 \"“A” and “B”\"\n3 E2 \"“C”\""},
		"one title that is a quotation":    {"No.,Title\n1,“A”\n", "title=2 episode_number=1\n2 E1 \"“A”\""},
		"one picture in two sizes": {"title,image.medium,image.original\nA,http://x/m,http://x/o\nB,http://x/m,\n",
			"title=1 thumbnail_url=3\n2 \"A\" http://x/o\n3 \"B\" http://x/m"},
		"titles alone": {"Episode Title\nTotal Recall\nSum\nSeason 1\n", "title=1\n2 \"Total Recall\"\n3 \"Sum\"\n4 \"Season 1\""},
		"bare commas, and a key of abbreviations": {",,,\nKey:,TX = transmission,,\n,,,\nTitle,Ep,TX,\nA,1,2020-01-01,\n",
			"title=1 air_date=3 episode_number=2\n5 E1 \"A\" 2020-01-01"},
		"order of dates that one value decides": {"title,air_date\nA,03/04/1985\nB,13/04/1985\n",
			"title=1 air_date=2\n2 \"A\" 1985-04-03\n3 \"B\" 1985-04-13"},
		"order of dates that nothing decides": {"title,air_date\nA,03/04/1985\nB,1985-04-13\n",
			"title=1 air_date=2\n2 refused: air_date\n3 \"B\" 1985-04-13"},
		"an order of dates that the header says": {"title,Air date (DD/MM/YYYY)\nA,03/04/1985\n", "title=1 air_date=2\n2 \"A\" 1985-04-03"},
		"an episode whose title is a name of columns": {"foo,bar,baz\nA,x,y\nTitle,x,y\n",
			"refused: no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, " +
				"out of: #1 \"foo\"; #2 \"bar\"; #3 \"baz\""},
		"an NDJSON file": {"{\"name\":\"A\",\"season\":1,\"number\":2}\n{\"name\":\"B\",\"number\":3,\"summary\":\"x &amp; y\"}\n",
			"title=1 description=4 season_number=2 episode_number=3\n1 S1 E2 \"A\"\n2 E3 \"B\" (x & y)"},
		"IDs of Callboard": {"id,status\n018f3c5e-7d1a-7000-8000-000000000000,Draft\nx,Draft\n",
			"status=2 id=1\n2 id draft\n3 refused: id"},
		"two columns of titles": {"Title (German),Title (English)\nA,B\n",
			"refused: column 1 (\"Title (German)\") and column 2 (\"Title (English)\") can both be title, and nothing decides; " +
				"choose one with a mapping, such as title=#1"},
		"two columns of one name that is used": {"title,notes,title\nA,x,B\n",
			"refused: column 1 (\"title\") and column 3 (\"title\") can both be title, and nothing decides; " +
				"choose one with a mapping, such as title=#1"},
		"one value in all rows": {"title,season,episode\nThe Office,1,1\nThe Office,1,2\n",
			"refused: column 1 (\"title\") holds \"The Office\" in all rows, which can be the show, but not the title of each episode; " +
				"say which column holds the titles, or title=#1 if this does"},
		"numbers under a name that is not known": {"foo,title\n1,A\n2,B\n3,C\n",
			"refused: column 1 (\"foo\") looks like numbers of episodes, and no column is known to hold them; " +
				"say so with episode_number=#1, or that there are none with episode_number="},
		"numbers that do not begin with 1": {"foo,title\n14,A\n15,B\n16,C\n",
			"refused: column 1 (\"foo\") looks like numbers of episodes, and no column is known to hold them; " +
				"say so with episode_number=#1, or that there are none with episode_number="},
		"numbers that count nothing": {"foo,title\n14,A\n250,B\n16,C\n", "title=2\n2 \"A\"\n3 \"B\"\n4 \"C\""},
		"no header, and two columns of texts": {"1,Pilot,x\n2,Second,y\n",
			"refused: no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, " +
				"out of: #1, such as \"1\"; #2, such as \"Pilot\"; #3, such as \"x\""},
		"a second header, with other columns": {"season,episode,title\n1,1,A\nepisode,title,season\n1,B,2\n",
			"refused: line 3 is another header, with its columns in another order; make the tables files of their own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, got := readText(t, test.file, Options{}); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	const dates = "title,air_date\nA,03/04/1985\n"
	const titles = "Title (German),Title (English),foo\nA,B,1\n,C,2\nD,,3\n"
	for name, test := range map[string]struct {
		file string
		opts Options
		want string
	}{
		"day first":   {dates, Options{DateOrder: DayFirst}, "title=1 air_date=2\n2 \"A\" 1985-04-03"},
		"month first": {dates, Options{DateOrder: MonthFirst}, "title=1 air_date=2\n2 \"A\" 1985-03-04"},
		"columns by position, the first that is filled": {titles, Options{Mapping: Mapping{"title": {"#1", "#2"}, "episode_number": {"foo"}}},
			"title=1 episode_number=3\n2 E1 \"A\"\n3 E2 \"C\"\n4 E3 \"D\""},
		"a field left out": {titles, Options{Mapping: Mapping{"title": {"title (english)"}, "episode_number": {}}},
			"title=2\n2 \"B\"\n3 \"C\"\n4 refused: title"},
		"a file without a header": {"1,Pilot,x\n2,Second,y\n", Options{Mapping: Mapping{"title": {"#2"}, "description": {"#3"}}},
			"title=2 description=3 episode_number=1\n1 E1 \"Pilot\" (x)\n2 E2 \"Second\" (y)"},
		"names that are not known": {"foo,bar\nA,1\nB,2\n", Options{Mapping: Mapping{"title": {"foo"}, "episode_number": {"#2"}}},
			"title=1 episode_number=2\n2 E1 \"A\"\n3 E2 \"B\""},
		"a column that is not there": {"title\nA\n", Options{Mapping: Mapping{"title": {"name"}}},
			"refused: the file has no column \"name\"; it has #1 \"title\""},
		"a position that is not there": {"title\nA\n", Options{Mapping: Mapping{"title": {"#2"}}},
			"refused: the file has no column #2; it has 1"},
		"a name that two columns have": {"title,title\nA,B\n", Options{Mapping: Mapping{"title": {"title"}}},
			"refused: column 1 (\"title\") and column 2 (\"title\") are both called that; name one by its position, such as #1"},
		"a field that is none": {"title\nA\n", Options{Mapping: Mapping{"foo": {"title"}}},
			"refused: the mapping names what is no field of an episode; the fields are title, description, air_date, season_number, " +
				"episode_number, status, categories, thumbnail_url, show, id, show_id"},
		"no titles in an update": {"season,episode,status\n1,2,draft\n", Options{Mode: Update},
			"season_number=1 episode_number=2 status=3\n2 S1 E2 draft"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, got := readText(t, test.file, test.opts); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestParseMapping(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "map[]",
		"title=episode_title|story_title,": "map[title:[episode_title story_title]]",
		" title = A B , air_date=#4":       "map[air_date:[#4] title:[A B]]",
		`title="Title, original"|"a|b"`:    "map[title:[Title, original a|b]]",
		`title="the ""best"" one"`:         `map[title:[the "best" one]]`,
		"status=":                          "map[status:[]]",
		"foo=bar":                          "what is no field",
		"title":                            "has no =",
		"title=a,title=b":                  "twice",
		`title="a`:                         "quote that does not end",
		"title=\x1b[31m,\x1b[2Jx=y":        "what is no field",
	} {
		m, err := ParseMapping(text)
		if err == nil && fmt.Sprint(map[string][]string(m)) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v", text, m, err)
		}
	}
}

// A wrong value is refused with what it is, in which column, and what would be right.
func TestReasons(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"Title,Ep #\nA,7.5\n":       `episode_number "7.5" is not a whole number; write one such as 7 (column 2 ("Ep #"))`,
		"Title,Aired\nA,Q4 1989\n":  `air_date "Q4 1989" is not a date; write it as 1963-11-23 (column 2 ("Aired"))`,
		"Title,Status\nA,on air\n":  `status "on air" is none of draft, pending, approved, rejected, published, archived (column 2 ("Status"))`,
		"Title,Season\n\u200b,1\n":  `title is missing: "\u200b" shows nothing that can be one (column 1 ("Title"))`,
		"Title,Season\n,1\n":        `title is missing (column 1 ("Title"))`,
		"Title,Plot\nA,#REF!\n":     `description "#REF!" is the error of a formula; write the value (column 2 ("Plot"))`,
		"Title,TX\nA,\x1b[2J1989\n": `air_date "\x1b[2J1989" is not a date; write it as 1963-11-23 (column 2 ("TX"))`,
	} {
		tab, got := readText(t, file+"B,\n", Options{})
		if tab == nil {
			t.Errorf("%q: %s", file, got)
			continue
		}
		got = ""
		err := tab.entries(t.Context(), func(e entry) error {
			if refused, ok := errors.AsType[*callboard.Error](e.err); ok && got == "" {
				got = refused.Fields[0].Field + " " + refused.Fields[0].Message
			}
			return nil
		})
		if got != want || err != nil {
			t.Errorf("%q: got %s, %v", file, got, err)
		}
	}
}

// What is taken by a rule, or not taken, is said.
func TestNotes(t *testing.T) {
	t.Parallel()
	var rows []string
	tab, _ := readText(t, "title,season,episode,air_date,description\nA,1,Special,TBA,None\nB,1,2,17-Dec-89,x\n", Options{})
	if err := tab.entries(t.Context(), func(e entry) error {
		rows = append(rows, strings.Join(e.notes, "; "))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`description "None" stands for no value; episode_number "Special" stands for no value; air_date "TBA" stands for no value`,
		`air_date "17-Dec-89" has a year of two digits, which is taken for one of 1969 to 2068`,
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q", rows)
	}
	tab, _ = readText(t, "My Show - Schedule,\nUpdated,2024-01-01\ntitle,air_date\nA,03/04/1985\n", Options{})
	want = []string{
		`above the header, and not read: line 1 "My Show - Schedule", line 2 "Updated 2024-01-01"`,
		`column 2 ("air_date"): "03/04/1985" can mean 1985-04-03 or 1985-03-04, and no date of the column tells which; choose day-first or month-first`,
	}
	if !slices.Equal(tab.Layout.Notes, want) {
		t.Errorf("got %q", tab.Layout.Notes)
	}
}

func TestSheets(t *testing.T) {
	t.Parallel()
	const file = "testdata/kinds/season-sheets.xlsx"
	tab, got := readFile(t, file, Options{Sheet: "Season 4"})
	if !strings.HasPrefix(got, "title=2 episode_number=1\n2 S4 E1 \"Soot\"\n") || tab.Layout.Sheet != "Season 4" || tab.Layout.Others[0].Name != "Season 3" {
		t.Errorf("got %s, %+v", got, tab.Layout)
	}
	if _, got := readFile(t, "testdata/kinds/hidden-rows.xlsx", Options{HiddenRows: true}); !strings.Contains(got, "\n3 E2 \"Moss (withdrawn)\" rejected\n") {
		t.Errorf("with hidden rows: %s", got)
	}
	if _, got := readFile(t, file, Options{Sheet: "Season 5"}); !strings.HasPrefix(got, "refused: ") {
		t.Errorf("a worksheet that is not there: %s", got)
	}
}

func TestCover(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	for _, test := range []struct {
		sheets [][]string // each a list of rows, with bars between cells
		want   string
	}{
		{[][]string{{"Title|My Show", "Version|2"}, {"No.|Title", "1|A"}}, "title=2 episode_number=1\n2 E1 \"A\""},
		{[][]string{{"Read me"}, {"Title", "A", "B"}}, "title=1\n2 \"A\"\n3 \"B\""},
		{[][]string{{"Read me"}, {"foo|bar", "x|y"}}, "refused: no worksheet holds a list of episodes that is understood; choose one. " +
			"\"Sheet1\": no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, out of: #1 \"Read me\". " +
			"\"Sheet2\": no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, out of: #1 \"foo\"; #2 \"bar\""},
	} {
		book := excelize.NewFile()
		for i, rows := range test.sheets {
			name := fmt.Sprintf("Sheet%d", i+1)
			if _, err := book.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			for j, row := range rows {
				cells := strings.Split(row, "|")
				if err := book.SetSheetRow(name, fmt.Sprintf("A%d", j+1), &cells); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := errors.Join(book.SaveAs(path), book.Close()); err != nil {
			t.Fatal(err)
		}
		if _, got := readFile(t, path, Options{}); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}

// What Callboard has exported comes back as it was, in each format.
func TestOwnExport(t *testing.T) {
	t.Parallel()
	texts := []string{
		"plain", " padded ", "n/a", "-", "?", "None", "'quoted'", "''", "=1+1", "-5 degrees", "@x", "\ttab", "a &amp; b", "zero\u200bwidth",
		"two\nlines", "A, B; C", "\"x\"", "# remark", "Total", "title",
	}
	columns := []string{
		"title", "description", "air_date", "season_number", "episode_number", "status", "categories", "thumbnail_url", "id", "show_id",
		"created_at", "updated_at",
	}
	for _, format := range []sheet.Format{sheet.CSV, sheet.NDJSON, sheet.XLSX} {
		var file bytes.Buffer
		w, err := sheet.NewWriter(&file, format, columns, sheet.Options{Inert: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			err := w.Write([]any{
				sheet.Mark(text), sheet.Mark(text), "2020-01-02", 1, i, "draft", []string{text, "b"}, nil, callboard.NewID(), callboard.NewID(),
				callboard.Now(), callboard.Now(),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		tab, err := openTable(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), Options{})
		if err != nil {
			t.Fatal(format, err)
		}
		n := 0
		err = tab.entries(t.Context(), func(e entry) error {
			p, text := e.patch, texts[n]
			if e.err != nil || e.skip != "" || len(e.notes) > 0 {
				t.Errorf("%s: %q: %v %s %q", format, text, e.err, e.skip, e.notes)
				n++
				return nil
			}
			if p.Title.Value != text || *p.Description.Value != text || !slices.Equal(p.Categories.Value, []string{text, "b"}) ||
				*p.AirDate.Value != "2020-01-02" || *p.SeasonNumber.Value != 1 || *p.EpisodeNumber.Value != n || p.Status.Value != episode.Draft ||
				p.ThumbnailURL.Set || e.id == "" || e.showID == "" {
				t.Errorf("%s: %q came back as %s", format, text, e.text())
			}
			n++
			return nil
		})
		if err := errors.Join(err, tab.close()); err != nil || n != len(texts) {
			t.Errorf("%s: %d of %d: %v", format, n, len(texts), err)
		}
	}
}

// Whatever a file holds, each row below the header is an entry.
func FuzzTable(f *testing.F) {
	for _, file := range []string{
		"title,episode\nA,1\n", "x\n# y\n", "No. overall,No. in season,Title\n1,1,A\n", "S01E01,A,2020-01-01\nS01E02,B,2020-01-08\n",
		"{\"title\":\"A\"}\n", "Season 1\nnumber,title\nSeason 2\n1,A\nTotal,\n", "1,1,A\n1,2,B\n2,1,C\n",
	} {
		f.Add(file, "")
	}
	f.Add("title,n\nA,1\n", "title=#1|n,air_date=")
	f.Fuzz(func(t *testing.T, file, mapping string) {
		m, err := ParseMapping(mapping)
		if err != nil {
			return
		}
		tab, err := openTable(t.Context(), strings.NewReader(file), int64(len(file)), Options{Mapping: m})
		if err != nil {
			if code := callboard.CodeOf(err); code != callboard.CodeInvalid && code != callboard.CodeTooLarge {
				t.Fatal(err)
			}
			return
		}
		rows := 0
		err = tab.entries(t.Context(), func(e entry) error {
			if rows++; e.skip == "" && e.err == nil && !e.patch.Title.Set && e.id == "" {
				t.Errorf("line %d has no title, and is not refused", e.line)
			}
			if e.line <= tab.Layout.Header {
				t.Errorf("line %d is above the header", e.line)
			}
			return nil
		})
		if err := errors.Join(err, tab.close()); err != nil || rows != tab.rows {
			t.Errorf("%d rows of %d: %v", rows, tab.rows, err)
		}
	})
}
