package importer

import (
	"bytes"
	"strings"
	"testing"

	"github.com/callboard/callboard"
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
