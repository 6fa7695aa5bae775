package sheet_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/internal/sheet"
)

func TestStrayQuotes(t *testing.T) {
	t.Parallel()
	const opens, inside = "has a quote that may be stray: it closes on line %d only, and lines between look like rows of their own",
		"is inside of quotes that open on line %d and may be stray: it may be a row of its own"
	stray := func(from, to int) []string {
		want := []string{fmt.Sprintf("%d! "+opens, from, to)}
		for line := from + 1; line <= to; line++ {
			want = append(want, fmt.Sprintf("%d! "+inside, line, from))
		}
		return want
	}
	for name, tt := range map[string]struct {
		file string
		want []string
	}{
		"a short row between": {
			"Season,Episode,Title,Note\n1,1,A,x\n1,2,\"Al,y\n1,3,C\n1,4,D 12\",x\n1,5,E,x\n",
			slices.Concat([]string{"1: Season|Episode|Title|Note", "2: 1|1|A|x"}, stray(3, 5), []string{"6: 1|5|E|x"}),
		},
		"a note between": {
			"Season,Episode,Title,Note\n1,1,A,x\n1,2,\"Al,y\n# Ann\n1,4,D 12\",x\n1,5,E,x\n",
			slices.Concat([]string{"1: Season|Episode|Title|Note", "2: 1|1|A|x"}, stray(3, 5), []string{"6: 1|5|E|x"}),
		},
		"a blank line between": {
			"No;Title;Date\n1;A;2001-01-01\n2;\"Hi;2001-01-08\n\n4;D 21\";2001-01-22\n5;E;\n",
			slices.Concat([]string{"1: No|Title|Date", "2: 1|A|2001-01-01"}, stray(3, 5), []string{"6: 5|E"}),
		},
		"spaces behind all commas": {
			"Season, Episode, Title\n1, 1, A\n1, 2, \"Al\n1, 3, C\n1, 4, D 12\"\n1, 5, E\n",
			slices.Concat([]string{"1: Season| Episode| Title", "2: 1| 1| A"}, stray(3, 5), []string{"6: 1| 5| E"}),
		},
		"in the first column": {
			"Title,No,Date\nA,1,2001-01-01\n\"Al,2,2001-01-08\nnote\nD 12\",4,2001-01-22\nE,5,2001-01-29\n",
			slices.Concat([]string{"1: Title|No|Date", "2: A|1|2001-01-01"}, stray(3, 5), []string{"6: E|5|2001-01-29"}),
		},
		"closes in another column": {
			"No,Title,Note,Place\n1,A,x,y\n2,\"Al,x,y\n3,C,x\n4,D,12\",y\n5,E,x,y\n",
			slices.Concat([]string{"1: No|Title|Note|Place", "2: 1|A|x|y"}, stray(3, 5), []string{"6: 5|E|x|y"}),
		},
		"texts alone": {
			"Title,Director,Note\nA,B,x\nC,\"Al,x\nD\nE,F 12\",x\nG,H,x\n",
			slices.Concat([]string{"1: Title|Director|Note", "2: A|B|x"}, stray(3, 5), []string{"6: G|H|x"}),
		},
		"sentences, lists and numbers": {
			"Season,Episode,Title,Note\n1,1,A,\"One, two, three, four\n5, 6, seven\n\n1,200 houses, and more\n3,5\"\n" +
				"1,2,\"A, B\nC, D\",\"2,5 and 7\nx,y,z,w\"\n1,3,C,x\n",
			[]string{
				"1: Season|Episode|Title|Note", "2: 1|1|A|One, two, three, four\n5, 6, seven\n\n1,200 houses, and more\n3,5",
				"7: 1|2|A, B\nC, D|2,5 and 7\nx,y,z,w", "10: 1|3|C|x",
			},
		},
		"paragraphs of texts alone": {
			"Title,Note\nA,\"b,c\nd, e\n\nf,g\"\nB,\"x,y\"\n", []string{"1: Title|Note", "2: A|b,c\nd, e\n\nf,g", "6: B|x,y"},
		},
	} {
		got, _, err := rowsOf(t, tt.file, sheet.ReadOptions{})
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// A file of a program that quotes as it should is read exactly, whatever its texts hold.
func TestProperQuotesAreRead(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		var file strings.Builder
		w := csv.NewWriter(&file)
		w.Comma = []rune{',', ';', '\t'}[r.IntN(3)]
		w.UseCRLF = r.IntN(2) == 0
		rows := [][]string{{"Season", "Episode", "Title", "Description", "Air date"}}
		for i := range 3 + r.IntN(20) {
			rows = append(rows, []string{fmt.Sprint(1 + i/5), fmt.Sprint(1 + i%5), prose(r), prose(r), fmt.Sprintf("2001-01-%02d", 1+i)})
		}
		if r.IntN(3) == 0 {
			for i := range rows {
				rows[i] = append(rows[i][2:], rows[i][:2]...)
			}
		}
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		for i, row := range rowsIn(t, file.String()) {
			got := make([]string, len(rows[i]))
			for j, cell := range row.Cells {
				got[j] = strings.ReplaceAll(cell.Text, "\r\n", "\n")
			}
			if row.Err != nil || !slices.Equal(got, rows[i]) {
				t.Fatalf("seed %d: row %d %q became %q, %v of\n%s", seed, i, rows[i], got, row.Err, file.String())
			}
		}
	}
}

// prose is a text with all that needs quotes. Its lines begin with a word, as those of no row do.
func prose(r *rand.Rand) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var b strings.Builder
	for line := range 1 + r.IntN(4)*r.IntN(2) {
		if line > 0 {
			b.WriteString(pick("\n", "\n\n"))
		}
		b.WriteString(pick("One", "\"Two\"", "three,four", "Fünf"))
		for range r.IntN(6) {
			b.WriteString(pick(" ", ", ", ",", "; ", ";", "\t", "\" ", " \"", ". ") + pick("six", "7", "\"eight\"", "9\"", "Ann"))
		}
	}
	return b.String()
}

// A quote that somebody forgot to double loses no row, whatever closes it: each line is a row, or is refused.
func TestStrayQuotesLoseNoRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5000) {
		r := rand.New(rand.NewPCG(seed, 2))
		delimiter := []string{",", ";", "\t", "|", ", "}[r.IntN(5)]
		lines := []string{strings.Join([]string{"Season", "Episode", "Title", "Air date", "Note"}, delimiter)}
		titles := map[int]string{} // by line
		open := 1 + r.IntN(6)
		for i := range 8 + r.IntN(8) {
			cells := []string{"1", fmt.Sprint(i + 1), fmt.Sprintf("T%d", i), fmt.Sprintf("2001-01-%02d", 1+i), "n"}
			at := 2 + 2*r.IntN(2)
			switch {
			case i == open:
				cells[at] = "\"" + cells[at]
			case i > open && r.IntN(3) == 0:
				cells[at] += " 12\""
			case i != open+1 && r.IntN(3) == 0:
				cells = cells[:3+r.IntN(2)]
			}
			titles[len(lines)+1] = cells[2]
			lines = append(lines, strings.Join(cells, delimiter))
			if r.IntN(5) == 0 {
				lines = append(lines, []string{"", "# note"}[r.IntN(2)])
			}
		}
		file := strings.Join(lines, "\n") + "\n"
		for _, row := range rowsIn(t, file) {
			if row.Err != nil || len(row.Cells) > 2 && strings.TrimSpace(row.Cells[2].Text) == titles[row.Line] {
				delete(titles, row.Line)
			}
		}
		if len(titles) > 0 {
			t.Fatalf("seed %d: %v are lost of\n%s", seed, titles, file)
		}
	}
}

func rowsIn(t *testing.T, file string) []sheet.Row {
	t.Helper()
	s, err := open(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := rest(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
