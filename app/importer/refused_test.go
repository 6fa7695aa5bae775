package importer

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Cells beyond the header stay in the file; only the reason of an earlier import gives way.
func TestRefusedRowsKeepTheirCells(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header, cells []string
		want          string
	}{
		"as many as columns": {[]string{"title", "date"}, []string{"A", "soon"}, "A,soon,wrong"},
		"fewer":              {[]string{"title", "date"}, []string{"A"}, "A,,wrong"},
		"one more":           {[]string{"title", "date"}, []string{"A", "May 4", "2020"}, `A,"May 4, 2020",wrong`},
		"two more":           {[]string{"title", "date"}, []string{"A", "B", "C", "D"}, `A,"B, C, D",wrong`},
		"refused before":     {[]string{"title", "date", refusedColumn}, []string{"A", "soon", "old"}, "A,soon,wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			w := NewRefusedWriter(&file, callboard.CSV)
			if err := w.Write(RefusedRow{Header: test.header, Cells: test.cells, Reason: "wrong"}); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if _, row, _ := strings.Cut(strings.TrimSpace(file.String()), "\n"); row != test.want {
				t.Errorf("got %s, want %s", row, test.want)
			}
		})
	}
}

// What a heading or a worksheet says of a row is in the file of refused rows, so that they come in as they would have.
func TestRefusedRowsKeepTheirSeason(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	const file = "Season 1,,,\nNo,Title,Air date,Status\n1,Pilot,2001-01-01,draft\n2,Second,2001-01-08,done\nSeason 2,,,\n1,Back,2002-01-01,draft\n" +
		"2,Again,2002-01-08,done\nS03E01,Own,2002-01-09,done\n3,More,,,x\n"
	opts := Options{ShowTitle: new("S")}
	var refused bytes.Buffer
	w := NewRefusedWriter(&refused, callboard.CSV)
	report, err := f.Import(f.ctx(), strings.NewReader(file), int64(len(file)), opts, Hooks{Refused: w.Write})
	if err = errors.Join(err, w.Close()); err != nil || report.Created != 2 || report.Refused != 4 {
		t.Fatalf("%v, %+v", err, report.Counts)
	}
	head, rows, _ := strings.Cut(strings.TrimPrefix(refused.String(), "\ufeff"), "\n")
	if head = strings.TrimSpace(head); head != "No,Title,Air date,Status,season_number,refused because" {
		t.Errorf("the header is %s", head)
	}
	mended := head + "\n" + strings.NewReplacer("done", "draft", `", x"`, "").Replace(rows)
	report, err = f.Import(f.ctx(), strings.NewReader(mended), int64(len(mended)), opts, Hooks{})
	if err != nil || report.Created != 4 {
		t.Fatalf("%v, %+v of %s", err, report.Counts, mended)
	}
	want := []string{
		"S 1/1 Pilot 2001-01-01", "S 1/2 Second 2001-01-08", "S 2/1 Back 2002-01-01", "S 2/2 Again 2002-01-08", "S 2/3 More", "S 3/1 Own 2002-01-09",
	}
	if diff := cmp.Diff(want, f.all()); diff != "" {
		t.Errorf("episodes (-want +got):\n%s", diff)
	}
}
