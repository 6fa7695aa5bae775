package importer

import (
	"bytes"
	"errors"
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
