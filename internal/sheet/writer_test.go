package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

func write(t *testing.T, format sheet.Format, opts sheet.Options, columns []string, rows ...[]any) ([]byte, error) {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b, format, columns, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			if closeErr := w.Close(); !errors.Is(closeErr, err) {
				t.Errorf("closed after an error: %v", closeErr)
			}
			return nil, err
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	columns := []string{"text", "n", "list", "at"}
	rows := [][]any{
		{"=1+1", -1, []string{"a", "b"}, at},
		{"a\r\n\"b\",<c>", 1.5, []string{"a;b"}, nil},
		{nil, int64(7), []string{}, true},
	}
	for format, want := range map[sheet.Format]string{
		sheet.CSV: "\ufefftext,n,list,at\n'=1+1,-1,\"a; b\",2026-03-04T05:06:07.000008Z\n\"a\r\n\"\"b\"\",<c>\",1.5,\"[\"\"a;b\"\"]\",\n,7,,true\n",
		sheet.NDJSON: `{"text":"=1+1","n":-1,"list":["a","b"],"at":"2026-03-04T05:06:07.000008Z"}` + "\n" +
			`{"text":"a\r\n\"b\",<c>","n":1.5,"list":["a;b"],"at":null}` + "\n" + `{"text":null,"n":7,"list":[],"at":true}` + "\n",
	} {
		got, err := write(t, format, sheet.Options{Inert: true}, columns, rows...)
		if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", format, err, diff)
		}
	}
}

// What we write must be what another implementation reads.
func TestWriteXLSX(t *testing.T) {
	t.Parallel()
	awkward := "=1+1 <&> \"x\" _x0041_ \x0b tab\t line\r\nend "
	file, err := write(t, sheet.XLSX, sheet.Options{Inert: true}, []string{"text", "n", "at", "flag", "list"},
		[]any{awkward, 1234567, time.Date(1963, 11, 23, 17, 16, 20, 0, time.UTC), true, []string{"a", "b"}},
		[]any{nil, -0.25, time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC), false, []string{"[a"}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"text", "n", "at", "flag", "list"}, {awkward, "1234567", "1963-11-23 17:16:20 UTC", "TRUE", "a; b"},
		{"", "-0.25", "1800-01-01T00:00:00Z", "FALSE", `["[a"]`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ours, err := readAll(t, string(file))
	if err != nil || ours.Rows[2]["at"] != "1963-11-23 17:16:20" || ours.Rows[2]["text"] != awkward {
		t.Errorf("%+v, %v", ours, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 32_766) + "𝄞"
	_, err := write(t, sheet.XLSX, sheet.Options{}, []string{"a", "b"}, []any{"x", long})
	if callboard.CodeOf(err) != callboard.CodeTooLarge || !strings.Contains(err.Error(), "row 2, column b") {
		t.Errorf("a long cell: %v", err)
	}
	if _, err = write(t, sheet.XLSX, sheet.Options{}, []string{"a"}, []any{strings.Repeat("é", 32_767)}); err != nil {
		t.Errorf("a cell as long as it may be: %v", err)
	}
	for _, format := range []sheet.Format{sheet.CSV, sheet.NDJSON, sheet.XLSX} {
		if _, err := write(t, format, sheet.Options{}, []string{"a"}, []any{struct{}{}}); err == nil {
			t.Errorf("%s takes anything", format)
		}
		if _, err := write(t, format, sheet.Options{}, []string{"a"}, []any{1, 2}); err == nil {
			t.Errorf("%s takes rows of another width", format)
		}
		if _, err := write(t, format, sheet.Options{}, []string{"a"}, []any{math.NaN()}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	if _, err := sheet.NewWriter(io.Discard, "pdf", nil, sheet.Options{}); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestWriteRefusesTooManyRows(t *testing.T) {
	t.Parallel()
	large(t)
	w, err := sheet.NewWriter(io.Discard, sheet.XLSX, []string{"a"}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 1_048_575 {
		if err := w.Write([]any{nil}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write([]any{nil}); callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("one row too many: %v", err)
	}
}

// A file that is given up leaves nothing behind, and is never finished.
func TestDiscard(t *testing.T) {
	large(t)
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b, sheet.XLSX, []string{"a"}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if err := w.Write([]any{strings.Repeat("x", 32_000)}); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(folder); len(left) == 0 {
		t.Error("no temporary file: the test has too little text")
	}
	w.Discard()
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%d temporary files are left", len(left))
	}
	if err := w.Close(); err == nil || b.Len() != 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

// brokenWriter fails after so many bytes.
type brokenWriter struct{ left int }

var errFull = errors.New("no room")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteTellsOfABrokenWriter(t *testing.T) {
	t.Parallel()
	for _, format := range []sheet.Format{sheet.CSV, sheet.NDJSON, sheet.XLSX} {
		w, err := sheet.NewWriter(&brokenWriter{left: 8 << 10}, format, []string{"a"}, sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; err == nil && i < 10_000; i++ {
			err = w.Write([]any{callboard.NewID()})
		}
		// XLSX goes out at the end only.
		if format != sheet.XLSX && !errors.Is(err, errFull) || !errors.Is(w.Close(), errFull) {
			t.Errorf("%s: %v, and closed: %v", format, err, w.Close())
		}
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "'", "''", "'''", "-", "n/a", "'-", "'n/a", "''n/a", "=x", "'=x", "''=x", "=x ", "\tx", "'\tx", "' x", "'' x", "''x ",
		" x", "x ", "'x ", "'tis", "'=x ", "\r", "x'", "'\t", "''\t", "—", " ",
	} {
		checkMark(t, text)
	}
	for _, text := range []string{"'tis the season", "It's", "=x", "a - b", "[x]"} {
		if sheet.Mark(text) != text {
			t.Errorf("%q is marked", text)
		}
	}
}

// FuzzMark takes any texts through each format and back, and holds what Excel may make of CSV in any locale to be no formula.
func FuzzMark(f *testing.F) {
	for _, text := range []string{
		"''=x ", "a;=1+1", "a;'=1", "a; \"=1\"", "\t=1", "a\n- b", "a\r\n'+b", "＝1", "_x005F_", "_xD83D_x0041_", "_xD83D\x01x0041_", "\U0010FFFF", "\x01", "[a;=1", "a\n'=b",
	} {
		f.Add(text, "a;b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, ""), strings.ToValidUTF8(b, "")
		checkMark(t, a)
		checkMark(t, "'"+a)
		list := []string{a, b}
		if a == b {
			list = list[:1]
		}
		if got := sheet.Split(sheet.Join(list)); !slices.Equal(got, list) {
			t.Errorf("%q became %q", list, got)
		}
		checkInert(t, a, list)
	})
}

// checkInert reads CSV as a spreadsheet does where cells are separated otherwise: quotes count only at the beginning of a cell.
func checkInert(t *testing.T, text string, list []string) {
	t.Helper()
	file, err := write(t, sheet.CSV, sheet.Options{Inert: true}, []string{"a", "b", "c"}, []any{"x", text, list})
	if err != nil {
		t.Fatal(err)
	}
	for _, separator := range ",;\t" {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file), "\ufeff")))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
		records, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range slices.Concat(records...) {
			if cell = strings.TrimLeft(cell, " "); cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("%q and %q have the formula %q where %q separates", text, list, cell, separator)
			}
		}
	}
	got, err := readAll(t, string(file))
	if callboard.CodeOf(err) == callboard.CodeInvalid && strings.ContainsRune(text, 0) {
		return // no text
	}
	if cell := got.Rows[2]["c"]; err != nil || !slices.Equal(sheet.Split(cell), list) {
		t.Errorf("%q became %q: %v", list, cell, err)
	}
}

func TestWriteInert(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "-5": "'-5", " =1": "' =1", "a;=1": "\"a;'=1\"", `a; "@b"`: `"a;' ""@b"""`, "a\t+1": "\"a\t'+1\"", "a\n- b": "\"a\n'- b\"",
		"a;b": "\"a;b\"", "a,=1": "\"a,=1\"", "a - b": "a - b", "a;'=1": "\"a;'=1\"", "＝1": "'＝1",
	} {
		got, err := write(t, sheet.CSV, sheet.Options{Inert: true, NoBOM: true}, []string{"a"}, []any{text})
		if err != nil || string(got) != "a\n"+want+"\n" {
			t.Errorf("%q is written as %q: %v", text, got, err)
		}
		checkInert(t, text, []string{text, "b"})
	}
}

// A day is a date in XLSX, and a time is one that says in which zone it is.
func TestWriteDays(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 3, 4, 1, 30, 0, 0, zone)
	file, err := write(t, sheet.XLSX, sheet.Options{}, []string{"day", "at"},
		[]any{sheet.Day("1963-11-23"), at}, []any{sheet.Day("0001-01-01"), nil})
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := rowsOf(t, string(file), sheet.ReadOptions{})
	want := []string{"1: day|at", "2: 1963-11-23 (date)|2026-03-03 23:30:00 (date)", "3: 0001-01-01"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for format, want := range map[sheet.Format]string{
		sheet.CSV:    "\ufeffday,at\n1963-11-23,2026-03-04T01:30:00+02:00\n",
		sheet.NDJSON: `{"day":"1963-11-23","at":"2026-03-04T01:30:00+02:00"}` + "\n",
	} {
		got, err := write(t, format, sheet.Options{Inert: true}, []string{"day", "at"}, []any{sheet.Day("1963-11-23"), at})
		if string(got) != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// checkMark takes a text to CSV and back.
func checkMark(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsRune(text, 0) || len(text) > sheet.MaxRow/2 {
		return
	}
	marked := sheet.Mark(text)
	if got := sheet.Unmark(marked); got != text || sheet.Blank(marked) {
		t.Errorf("%q, marked %q, became %q", text, marked, got)
	}
	for _, format := range []sheet.Format{sheet.CSV, sheet.NDJSON, sheet.XLSX} {
		file, err := write(t, format, sheet.Options{Inert: true}, []string{"a", "b"}, []any{marked, 1})
		if callboard.CodeOf(err) == callboard.CodeTooLarge {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(t, string(file))
		if len(got.Rows) != 1 || err != nil || sheet.Unmark(got.Rows[rowOf(format)]["a"]) != text {
			t.Errorf("%s: %q became %+v, %v", format, text, got, err)
		}
	}
}

func rowOf(format sheet.Format) int {
	if format == sheet.NDJSON {
		return 1
	}
	return 2
}

func TestList(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string][]string{
		"": nil, "-": nil, "a, b;c|a": {"a", "b", "c"}, `["a;b"," c"]`: {"a;b", " c"}, "[]": {}, `["a",null]`: {`["a"`, "null]"},
		"'=a; b": {"=a", "b"}, "[a": {"[a"},
	} {
		if got := sheet.Split(cell); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
	for _, list := range [][]string{{"=a", "b"}, {"n/a"}, {"a,b"}, {"[a]"}, {"'a"}, {" a"}, {"a\"b", "c"}} {
		if got := sheet.Split(sheet.Join(list)); !slices.Equal(got, list) {
			t.Errorf("%q became %q", list, got)
		}
	}
}
