package importer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Whatever a file is, what is said of it fits into the result of a job, with all counts.
func TestBriefReports(t *testing.T) {
	t.Parallel()
	wide := func(columns int, name, sample string) string {
		var header, row strings.Builder
		header.WriteString("title,number")
		row.WriteString("Pilot,1")
		for i := range columns {
			fmt.Fprintf(&header, ",%s %d", name, i)
			row.WriteString("," + sample)
		}
		return header.String() + "\n" + row.String() + "\n"
	}
	var shows strings.Builder
	shows.WriteString("show,title\n")
	for i := range 1200 {
		fmt.Fprintf(&shows, "%s %d,Pilot %d\n", strings.Repeat("<&>", 70), i, i)
	}
	for name, tt := range map[string]struct {
		file    string
		columns int // that are listed
		shows   int // in all
	}{
		"few columns":                {wide(3, "extra", "x"), 5, 0},
		"many columns":               {wide(250, "extra column with a name", strings.Repeat("long value ", 9)), 252, 0},
		"many columns of long names": {wide(450, strings.Repeat("<&>", 40), strings.Repeat("<&>", 40)), 2, 0},
		"many shows":                 {shows.String(), 2, 1200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
			report, err := f.Plan(f.ctx(), strings.NewReader(tt.file), int64(len(tt.file)), Options{}, Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			before, err := json.Marshal(report)
			if err != nil {
				t.Fatal(err)
			}
			brief := report.Brief()
			if after, _ := json.Marshal(report); string(after) != string(before) {
				t.Error("the report itself was changed")
			}
			if brief.Shows == nil {
				t.Error("shows are null in JSON")
			}
			brief.Problems = nil
			if size := sizeOf(brief); size > 60<<10 {
				t.Errorf("%d bytes", size)
			}
			if len(brief.Layout.Columns) != tt.columns || brief.Counts != report.Counts || brief.ShowCount != tt.shows || len(brief.Shows) > maxShows {
				t.Errorf("%d columns, %+v, %d shows, of which %d are listed", len(brief.Layout.Columns), brief.Counts, brief.ShowCount, len(brief.Shows))
			}
			if said := slices.ContainsFunc(brief.Layout.Notes, func(note string) bool {
				return strings.Contains(note, "listed here")
			}); said != (tt.columns < len(report.Layout.Columns)) {
				t.Errorf("notes %q", brief.Layout.Notes)
			}
		})
	}
	l := Layout{Sheet: strings.Repeat("s", 100<<10), Notes: slices.Repeat([]string{strings.Repeat("n", 10<<10)}, 20)}
	for range 3000 {
		l.Others = append(l.Others, Worksheet{Name: "another"})
		l.Columns = append(l.Columns, Column{Field: "title", Why: strings.Repeat("w", 500)})
	}
	if size := sizeOf(l.brief()); size > briefLayout+1000 {
		t.Errorf("%d bytes", size)
	}
}
