package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// table is a sheet as it was read: its rows by line, where a bad one is its reason.
type table struct {
	Format sheet.Format
	Header []string
	Rows   map[int]map[string]string
	Bad    map[int]string
}

// readAll reads a file both ways, which must agree.
func readAll(t *testing.T, file string) (table, error) {
	t.Helper()
	s, err := sheet.Open(strings.NewReader(file), int64(len(file)))
	got, err := rest(t, s, err)
	s, streamErr := sheet.OpenStream(io.MultiReader(strings.NewReader(file)))
	streamed, streamErr := rest(t, s, streamErr)
	if callboard.CodeOf(err) != callboard.CodeOf(streamErr) || err == nil && !cmp.Equal(got, streamed) {
		t.Errorf("read in place: %v, %v\nstreamed: %v, %v", got, err, streamed, streamErr)
	}
	return got, err
}

func rest(t *testing.T, s *sheet.Reader, err error) (table, error) {
	t.Helper()
	if err != nil {
		return table{}, err
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	got := table{Format: s.Format(), Header: s.Header()}
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		if row.Err != nil {
			if got.Bad == nil {
				got.Bad = map[int]string{}
			}
			got.Bad[row.Line] = row.Err.Error()
			continue
		}
		if got.Rows == nil {
			got.Rows = map[int]map[string]string{}
		}
		got.Rows[row.Line] = row.Cells
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file string
		want table
	}{
		"csv": {"a,b\n1, 2 \n\n\"x\n\"\"y\"\"\",\n,\n3\n4,5,6\n", table{sheet.CSV, []string{"a", "b"}, map[int]map[string]string{
			2: {"a": "1", "b": "2"}, 4: {"a": "x\n\"y\""}, 7: {"a": "3"},
		}, map[int]string{8: "has 3 cells where the header names 2 columns"}}},
		"line breaks of dos, kept inside of quotes": {"a;b\r\n\"x\r\ny\";\"z\"\r\n6\" nail;\"q\"\r\n\"lazy\"\r;\"z\"\r\n", table{
			sheet.CSV, []string{"a", "b"}, map[int]map[string]string{
				2: {"a": "x\r\ny", "b": "z"}, 4: {"a": "6\" nail", "b": "q"}, 5: {"a": "lazy\"\r;\"z"},
			}, nil,
		}},
		"no quote at the end": {"a\n\"x\ny", table{sheet.CSV, []string{"a"}, map[int]map[string]string{2: {"a": "x\ny"}}, nil}},
		"ndjson": {"\xef\xbb\xbf\n{\"a\":\" 1\",\"b\":2.50}\r\n\n{\"b\":true,\"c\":[\"x\",\"y;\"],\"a\":null}\n[]\n{\"a\":{}}\n" +
			"{\"a\":[1]}\n{\"a\":1,\"a\":2}\n{\"a\":1} x\n{\"a\"\n\n{}\n{\"z\":1}", table{
			sheet.NDJSON, []string{"a", "b", "c", "z"}, map[int]map[string]string{
				2: {"a": " 1", "b": "2.50"}, 4: {"b": "true", "c": `["x","y;"]`}, 13: {"z": "1"},
			}, map[int]string{
				5: "is not a JSON object", 6: "holds more than texts, numbers, booleans and lists of texts",
				7: "holds more than texts, numbers, booleans and lists of texts", 8: "has the same name twice",
				9: "is not a JSON object", 10: "is not a JSON object",
			},
		}},
		"ndjson that is broken at once": {"{\"a\":1,\"b\n{\"c\":2}\n", table{
			sheet.NDJSON, []string{"a", "c"}, map[int]map[string]string{2: {"c": "2"}}, map[int]string{1: "is not a JSON object"},
		}},
		"ndjson with half of a surrogate pair": {`{"a":"\ud83d\ude00"}` + "\n" + `{"a":"x\ud83d"}` + "\n" + `{"a":["\udfff"]}` + "\n" + `{"\ud800":1}` + "\n", table{
			sheet.NDJSON, []string{"a", "\ufffd"}, map[int]map[string]string{1: {"a": "😀"}}, map[int]string{
				2: "holds half of a surrogate pair, such as \\ud800 alone", 3: "holds half of a surrogate pair, such as \\ud800 alone",
				4: "holds half of a surrogate pair, such as \\ud800 alone",
			},
		}},
		"a brace begins no object": {"{x,b\n1,2\n", table{sheet.CSV, []string{"{x", "b"}, map[int]map[string]string{2: {"{x": "1", "b": "2"}}, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := readAll(t, tt.file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2<<20)
	for name, tt := range map[string]struct{ file, message string }{
		"empty":                    {"", "the file is empty"},
		"empty lines":              {"\n\n", "the file is empty"},
		"binary":                   {"\x7fELF\x00\x01", "neither text nor"},
		"no object":                {"{\"a\n{}\n", "no line in its beginning is a JSON object"},
		"json array":               {" [\n {\"a\":1}]", "the file is a JSON array"},
		"many columns":             {strings.Repeat("c,", 501) + "\n", "more than 500 columns"},
		"many names":               {"{" + names(600) + "}\n", "more than 500 columns"},
		"the same name":            {"a, a\n", "the same name"},
		"old workbook":             {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + long, "locked with a password or in the format of Excel 97"},
		"long header":              {long, "begins on line 1 is larger"},
		"long cell":                {"a\nb\n\n" + long + "\n", "begins on line 4 is larger"},
		"long row of short cells":  {"a\nb\n" + strings.Repeat("x,", 1<<20) + "\n", "begins on line 3 is larger"},
		"quote without end":        {"a,b\n1,2\n\n3,\"" + strings.Repeat("x\n", 1<<20), "begins on line 4 is larger"},
		"long object":              {"{\"a\":1}\n{\"a\":\"" + long + "\"}\n", "begins on line 2 is larger"},
		"object without end":       {"{\"a\":1}\n\n{\"a\":\"" + long, "begins on line 3 is larger"},
		"line of an object, later": {"{\"a\":1}\n" + "{" + names(600) + "}\n", "more than 500 columns"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, tt.file)
			wantInvalid(t, err, tt.message)
			s, err := sheet.Open(strings.NewReader(tt.file), int64(len(tt.file)))
			if err == nil {
				_, err = s.Count(t.Context())
			}
			wantInvalid(t, err, tt.message)
		})
	}
}

func names(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`"n%d":1`, i)
	}
	return strings.Join(all, ",")
}

func wantInvalid(t *testing.T, err error, message string) {
	t.Helper()
	if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), message) {
		t.Errorf("error %v, want CodeInvalid with %q", err, message)
	}
}

func TestReadRefusesTooManyRows(t *testing.T) {
	t.Parallel()
	large(t)
	n := 0
	read := func(r io.Reader) error {
		s, err := sheet.OpenStream(r)
		if err != nil {
			return err
		}
		for n = 0; ; n++ {
			if _, err := s.Next(); err != nil {
				return err
			}
		}
	}
	wantInvalid(t, read(io.LimitReader(&forever{part: []byte("a\n")}, 3*sheet.MaxRows)), "more than 1000000 rows")
	if n != sheet.MaxRows {
		t.Errorf("%d rows before the error", n)
	}
}

// forever gives the same part again and again.
type forever struct {
	part []byte
	n    int
}

func (f *forever) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = f.part[f.n%len(f.part)]
		f.n++
	}
	return len(p), nil
}

// What never ends must not fill the memory. The test is not parallel, since it measures that of the whole process.
func TestReadKeepsMemoryFlat(t *testing.T) {
	large(t)
	const (
		size  = 12 << 20
		bound = 5 << 20
	)
	for name, parts := range map[string][2]string{
		"rows":                 {"a,b\n", "some text,1963-11-23\n"},
		"quote without end":    {"a,b\n", "\"x\n"},
		"line without end":     {"a,b\n", "xy"},
		"object without end":   {"{\"a\":1}\n{", " "},
		"objects":              {"{\"a\":1}\n", "{\"a\":\"some text\"}\n"},
		"utf-16, line, no end": {"\xff\xfea\x00\n\x00", "x\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			file := io.LimitReader(io.MultiReader(strings.NewReader(parts[0]), &forever{part: []byte(parts[1])}), size)
			before, most := heap(), uint64(0)
			s, err := sheet.OpenStream(file)
			for n := 0; err == nil; n++ {
				if _, err = s.Next(); n%100_000 == 0 {
					most = max(most, heap())
				}
			}
			most = max(most, heap())
			if !errors.Is(err, io.EOF) && callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Error(err)
			}
			if most > before+bound {
				t.Errorf("%d MB of memory for a file of %d MB", (most-before)>>20, size>>20)
			}
			runtime.KeepAlive(s)
		})
	}
}

// heap returns how many bytes are in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n\"1\r\n\";2\n"))
	f.Add([]byte("\xff\xfea\x00\n\x00"))
	f.Add([]byte("{\"a\":[\"b\"]}\n{\"a\":1}\n"))
	for _, seed := range [][]byte{workbook(f, [][]any{{"a"}, {1, "x_x0041_"}}), archive(f, parts())} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			wantRefusal(t, err)
			return
		}
		line := 0
		for {
			row, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				wantRefusal(t, err)
				break
			}
			if row.Line <= line || row.Err == nil && len(row.Cells) == 0 {
				t.Fatalf("row %+v after line %d", row, line)
			}
			line = row.Line
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func wantRefusal(t *testing.T, err error) {
	t.Helper()
	if code := callboard.CodeOf(err); code != callboard.CodeInvalid && code != callboard.CodeTooLarge {
		t.Fatalf("an error that is not the file's fault: %v", err)
	}
}

// large skips a test of much data under the race detector, which takes ten times as long and has nothing to find: one goroutine
// reads or writes a sheet.
func large(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: much data, and one goroutine")
	}
}
