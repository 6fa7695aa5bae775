package importer

import (
	"bytes"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestUnderstood(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want, note string }{
		"seasons in first rows": {"Season,No,Title\n1,1,A\n,2,B\n2,3,C\n,4,D\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S1 E2 \"B\"\n4 S2 E3 \"C\"\n5 S2 E4 \"D\"", "has the value above it"},
		"shows and seasons in first rows": {"Show,Season,No,Title\nX,1,1,A\n,,2,B\n,2,1,C\nY,1,1,D\n,,2,E\n",
			"title=4 season_number=2 episode_number=3 show=1\n2 X: S1 E1 \"A\"\n3 X: S1 E2 \"B\"\n4 X: S2 E1 \"C\"\n5 Y: S1 E1 \"D\"\n6 Y: S1 E2 \"E\"", "has the value above it"},
		"seasons in first rows, a special without a number": {"Season,No,Title\n1,1,A\n,2,B\n,,Special\n2,1,C\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 refused: season_number\n4 refused: season_number\n5 S2 E1 \"C\"", "do not go on"},
		"a season in each row, but of specials": {"Season,No,Title\n1,1,A\n1,2,B\n,,Special\n2,1,C\n2,2,D\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S1 E2 \"B\"\n4 \"Special\"\n5 S2 E1 \"C\"\n6 S2 E2 \"D\"", ""},
		"labels above the header": {"Title:,Lost,Season:,2\nNo,Episode name,Writer\n1,A,x\n2,B,y\n",
			"title=2 episode_number=1\n3 E1 \"A\"\n4 E2 \"B\"", "Title: Lost Season: 2"},
		"colons in the header": {"No:,Title:,Date:\n1,A,2001-01-01\n2,B,\n", "title=2 air_date=3 episode_number=1\n2 E1 \"A\" 2001-01-01\n3 E2 \"B\"", ""},
		"a remark behind the header": {"Season,Episode,Title,,,\n1,1,A,,,\n1,2,B,,,late\n1,3,Hi, there,,,\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S1 E2 \"B\"\n" +
				"4 refused: has 7 cells where the header has 6; put a text that holds the delimiter in quotes", ""},
		"decimal commas": {"Nr.;Titel\n1,0;Eins\n2,00;Zwei\n2,5;Drei\n1,000;Vier\n", "title=2 episode_number=1\n2 E1 \"Eins\"\n3 E2 \"Zwei\"\n" +
			"4 refused: episode_number\n5 refused: episode_number", ""},
		"a zone in brackets": {"No,Title,Air date\n1,A,\"January 5, 2023 8:00 PM (GMT+1)\"\n2,B,\"January 6, 2023 (GMT+1)\"\n", "title=2 air_date=3 episode_number=1\n" +
			"2 E1 \"A\" 2023-01-05\n3 refused: air_date", ""},
		"rows of check boxes below": {"No,Title,Done?,Sent\n1,A,TRUE,FALSE\n2,B,FALSE,FALSE\n,,FALSE,\n,,falsch,wahr\n",
			"title=2 episode_number=1\n2 E1 \"A\"\n3 E2 \"B\"\n4 skipped: has nothing but check boxes\n5 skipped: has nothing but check boxes", ""},
		"a check box beside a number, and a word that is none": {"No,Title,Done?\n1,A,TRUE\n3,,FALSE\n,,maybe\n",
			"title=2 episode_number=1\n2 E1 \"A\"\n3 refused: title\n4 refused: title", ""},
		"titles of which one is a word of check boxes": {"Title,Done?\nFalse,TRUE\nTrue,FALSE\n", "title=1\n2 \"False\"\n3 \"True\"", ""},
		"three questions": {"Code,Working title,Final title,TX UK,TX US\n101,A,B,2001-01-02,2001-01-03\n102,C,D,2001-02-02,2001-02-03\n103,E,F,2001-03-02,2001-03-03\n",
			"refused: column 2 (\"Working title\") and column 3 (\"Final title\") can both be title, and nothing decides; choose one with a mapping, such as title=#2; " +
				"column 4 (\"TX UK\") and column 5 (\"TX US\") can both be air_date, and nothing decides; choose one with a mapping, such as air_date=#4; " +
				"column 1 (\"Code\") looks like numbers of episodes, and no column is known to hold them; " +
				"say so with episode_number=#1, or that there are none with episode_number=", ""},
		"two names of one field": {"{\"title\":\"A\"}\n{\"titel\":\"B\"}\n{\"title\":\"C\",\"titel\":\"\"}\n", "title=1\n1 \"A\"\n2 \"B\"\n3 \"C\"", ""},
		"two names of one field in one object": {"{\"title\":\"A\"}\n{\"title\":\"C\",\"titel\":\"D\"}\n",
			"refused: column 1 (\"title\") and column 2 (\"titel\") can both be title, and nothing decides; choose one with a mapping, such as title=#1", ""},
		"too many columns": {strings.Repeat("Title,", 501) + "\n" + strings.Repeat("A,", 501) + "\n1,2,3\n",
			"refused: no header can be read: line 1 has 502 cells; more than 500 columns cannot be read", ""},
		"codes in titles": {"Title,Note\nS01E05 - A,\n1x06: B,\nS02E01 C,\n",
			"title=1\n2 S1 E5 \"A\"\n3 S1 E6 \"B\"\n4 S2 E1 \"C\"", "titles begin with season and number"},
		"codes in some titles":          {"Title,Note\nS01E05 - A,\nB,\n", "title=1\n2 \"S01E05 - A\"\n3 \"B\"", ""},
		"codes in titles and a number":  {"Title,No\nS01E05 - A,5\nS01E06 - B,6\n", "title=1 episode_number=2\n2 E5 \"S01E05 - A\"\n3 E6 \"S01E06 - B\"", ""},
		"the title in French":           {"Titre original,Titre en français\nA,B\nC,D\n", "title=2\n2 \"B\"\n3 \"D\"", ""},
		"the title in Spanish":          {"Título original,Título español\nA,B\nC,D\n", "title=2\n2 \"B\"\n3 \"D\"", ""},
		"the title in Portuguese":       {"Título em português,Título original\nA,B\nC,D\n", "title=1\n2 \"A\"\n3 \"C\"", ""},
		"the title in Italian":          {"Titolo originale,Titolo italiano\nA,B\nC,D\n", "title=2\n2 \"B\"\n3 \"D\"", ""},
		"the title in another language": {"Titre original,Titre basque\nA,B\nC,D\n", "refused: column 1 (\"Titre original\") and column 2 (\"Titre basque\") can both be title, and nothing decides; choose one with a mapping, such as title=#1", ""},
		"titles in two languages":       {"Titre français,Titre anglais\nA,B\nC,D\n", "refused: column 1 (\"Titre français\") and column 2 (\"Titre anglais\") can both be title, and nothing decides; choose one with a mapping, such as title=#1", ""},
	} {
		tab, got := readText(t, test.file, Options{})
		if got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
		if tab != nil && (!strings.Contains(strings.Join(tab.Layout.Notes, "\n"), test.note) || test.note == "" && len(tab.Layout.Notes) > 0) {
			t.Errorf("%s: %q", name, tab.Layout.Notes)
		}
	}
}

// A row that names no show among rows that do belongs to none, which is said, also of a new one in a file of IDs.
func TestRowsWithoutShow(t *testing.T) {
	t.Parallel()
	const id = "018f3c5e-7d1a-7000-8000-00000000000"
	for file, want := range map[string]string{
		"id,show,title\n" + id + "1,X,A\n" + id + "2,,B\n,,C\n,X,D\n": "4",
		"show,title\nX,A\nX,B\nX,C\n,D\n":                             "5",
		"show,show_id,title\nX,,A\nX,,B\n," + id + "3,C\n,,D\nX,,E\n": "5",
	} {
		tab, _ := readText(t, file, Options{})
		var lines []string
		err := tab.entries(t.Context(), func(e entry) error {
			if strings.Contains(strings.Join(e.notes, "; "), `names no show (column `) {
				lines = append(lines, strconv.Itoa(e.line))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(lines, " "); got != want {
			t.Errorf("%q: said of %q, not of %q", file, got, want)
		}
	}
}

// Of worksheets the first that has more than titles is read, wherever it is; of several that have titles alone none.
func TestWorksheetOfTheEpisodes(t *testing.T) {
	t.Parallel()
	crew, guests := []any{"Name", "Status", "Ann", "draft"}, []any{"Name", "Status", "Bob", "draft"}
	episodes := []any{"Title", "Episode", "A", 1}
	for name, test := range map[string]struct {
		sheets [][]any
		want   string
	}{
		"crew first":      {[][]any{crew, guests, episodes}, "title=1 episode_number=2\n2 E1 \"A\""},
		"crew alone":      {[][]any{crew}, "title=1 status=2\n2 \"Ann\" draft"},
		"crew and guests": {[][]any{crew, guests}, `refused: the worksheets "Sheet1" and "Sheet2" can both hold the episodes, and nothing decides; choose one`},
	} {
		book := excelize.NewFile()
		for i, cells := range test.sheets {
			sheet := []string{"Sheet1", "Sheet2", "Sheet3"}[i]
			if _, err := book.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
			for j, cell := range []string{"A1", "B1", "A2", "B2"} {
				if err := book.SetCellValue(sheet, cell, cells[j]); err != nil {
					t.Fatal(err)
				}
			}
		}
		var file bytes.Buffer
		if err := book.Write(&file); err != nil {
			t.Fatal(err)
		}
		if _, got := readText(t, file.String(), Options{}); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// An apostrophe is taken off in silence only where Callboard has put it.
func TestApostrophesAreSaid(t *testing.T) {
	t.Parallel()
	tab, _ := readText(t, "No,Title,Description\n1,A,'-\n2,'=B,x\n3,'Tis,\"a;'=b\"\n4,D,x\n", Options{})
	said := map[int]int{}
	if err := tab.entries(t.Context(), func(e entry) error { said[e.line] = len(e.notes); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := map[int]int{2: 1, 3: 1, 4: 1, 5: 0}; !maps.Equal(said, want) {
		t.Errorf("%v, want %v", said, want)
	}
}
