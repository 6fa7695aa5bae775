package importer

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A plan of a long file with a note on every row still says which one is refused at its end.
func TestNotesDoNotCrowdOutRefusedRows(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	report, err := f.start("title,error\n"+strings.Repeat("A,\n", maxProblems+700)+"B,is odd\n", Options{}, Hooks{}, false)
	if err != nil || len(report.Problems) != maxProblems+1 || report.Problems[maxProblems].Outcome != Refused {
		t.Errorf("%v, %+v, %d problems", err, report.Counts, len(report.Problems))
	}
}

// Options that say nothing of a file are not passed over in silence.
func TestOptionsThatDoNotFitTheFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	var workbook bytes.Buffer
	out, err := sheet.NewWriter(&workbook, sheet.XLSX, []string{"title"}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(out.Write([]any{"A"}), out.Close()); err != nil {
		t.Fatal(err)
	}
	for field, test := range map[string]struct {
		file string
		opts Options
	}{
		"sheet":    {"title\nA\n", Options{Sheet: "Episodes"}},
		"encoding": {workbook.String(), Options{Encoding: "windows-1252"}},
	} {
		_, err := f.Plan(acting(t), strings.NewReader(test.file), int64(len(test.file)), test.opts, Hooks{})
		if refused, ok := errors.AsType[*callboard.Error](err); !ok || len(refused.Fields) != 1 || refused.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// What a file needs to be told, or is told wrongly, is named by the option.
func TestErrorsNameTheOption(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	content := func(name string) string {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, test := range map[string]struct {
		file string
		opts Options
		want []string
	}{
		"a worksheet that is not there":      {content("kinds/season-sheets.xlsx"), Options{Sheet: "Season 9"}, []string{"sheet"}},
		"an encoding that nobody knows":      {"title\nA\n", Options{Encoding: "klingon"}, []string{"encoding"}},
		"an encoding that cannot be":         {"\ufefftitle\nA\n", Options{Encoding: "windows-1252"}, []string{"encoding"}},
		"an encoding that cannot be told":    {"title\nA\xf5\xf0\n", Options{}, []string{"encoding"}},
		"columns that are not there":         {"title\nA\n", Options{Mapping: Mapping{"air_date": {"TX"}, "title": {"#7"}}}, []string{"mapping.title", "mapping.air_date"}},
		"no titles":                          {"foo\nA\n", Options{}, []string{"mapping.title"}},
		"one title in all rows":              {"title\nA\nA\n", Options{}, []string{"mapping.title"}},
		"two columns of one meaning":         {"Titel,Title,Nr\nA,B,1\n", Options{}, []string{"mapping.title"}},
		"numbers in a column of another use": {"title,foo\nA,11\nB,12\n", Options{}, []string{"mapping.episode_number"}},
		"an unknown field":                   {"title\nA\n", Options{Mapping: Mapping{"titel": {"title"}}}, []string{"mapping"}},
		"an order that is none":              {"title\nA\n", Options{DateOrder: "sideways"}, []string{"date_order"}},
	} {
		_, err := f.Plan(acting(t), strings.NewReader(test.file), int64(len(test.file)), test.opts, Hooks{})
		refused, ok := errors.AsType[*callboard.Error](err)
		if !ok || refused.Code != callboard.CodeInvalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, field := range refused.Fields {
			got = append(got, field.Field)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q: %v", name, got, test.want, err)
		}
	}
}

// A title that all rows have is that of the episodes where it cannot be that of the show.
func TestOneTitleInAllRows(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	created, err := f.cfg.Shows.Create(acting(t), show.Input{Title: "Channel 4"})
	if err != nil {
		t.Fatal(err)
	}
	const file = "title,date\nNews,2020-01-01\nNews,2020-01-02\n"
	for name, test := range map[string]struct {
		opts Options
		rows int
	}{
		"no show": {Options{}, 0}, "the show": {Options{ShowTitle: new("NEWS")}, 0},
		"another show": {Options{ShowTitle: new("Channel 5")}, 2}, "another show by its ID": {Options{ShowID: &created.ID}, 2},
	} {
		report, err := f.Plan(acting(t), strings.NewReader(file), int64(len(file)), test.opts, Hooks{})
		if report.Created != test.rows || (err == nil) != (test.rows > 0) {
			t.Errorf("%s: %+v, %v", name, report.Counts, err)
		}
	}
}

// The limit is on rows: the header, and what stands above it, do not count.
func TestAsManyRowsAsAreAllowed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("two files of a million rows")
	}
	const head = "My Show,\ntitle,description\n"
	file := head + strings.Repeat("A,b\n", maxRows)
	tab, err := openTable(t.Context(), strings.NewReader(file), int64(len(file)), Options{Mapping: Mapping{"title": {"title"}}})
	if err != nil || tab.rows != maxRows {
		t.Fatal(err)
	}
	if err := tab.close(); err != nil {
		t.Error(err)
	}
	file += "A,b\n"
	_, err = openTable(t.Context(), strings.NewReader(file), int64(len(file)), Options{})
	if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "more than 1000000 rows below the header") {
		t.Error(err)
	}
}

func TestMappingsThatCannotBe(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	created, err := f.cfg.Shows.Create(acting(t), show.Input{Title: "Lost"})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]Mapping{
		"no field": {}, "an unknown field": {"titel": {"a"}}, "an empty name": {"title": {" "}}, "a long name": {"title": {strings.Repeat("é", mostName+1)}},
		"many columns": {"title": make([]string, sheet.MaxColumns+1)},
	} {
		_, err := f.SaveMapping(acting(t), created.ID, m)
		if refused, ok := errors.AsType[*callboard.Error](err); !ok || len(refused.Fields) != 1 || refused.Fields[0].Field != "mapping" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.SaveMapping(acting(t), created.ID, Mapping{"title": {strings.Repeat("é", mostName), "#3"}, "status": {}}); err != nil {
		t.Error(err)
	}
}
