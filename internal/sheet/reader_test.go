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

// table is a sheet as it was read: its first row, and the others by line and name of the column, where a bad one is its reason.
type table struct {
	Format sheet.Format
	Header []string
	Rows   map[int]map[string]string
	Bad    map[int]string
}

func open(file string) (*sheet.Reader, error) {
	return sheet.Open(strings.NewReader(file), int64(len(file)), sheet.ReadOptions{})
}

func readAll(t *testing.T, file string) (table, error) {
	t.Helper()
	s, err := open(file)
	if err != nil {
		return table{}, err
	}
	got := table{Format: s.Info().Format, Header: s.Info().Names}
	rows, err := rest(t, s)
	for _, row := range rows {
		switch {
		case row.Err != nil:
			if got.Bad == nil {
				got.Bad = map[int]string{}
			}
			got.Bad[row.Line] = row.Err.Error()
		case got.Header == nil:
			for _, cell := range row.Cells {
				got.Header = append(got.Header, cell.Text)
			}
		default:
			if got.Rows == nil {
				got.Rows = map[int]map[string]string{}
			}
			got.Rows[row.Line] = map[string]string{}
			for i, cell := range row.Cells {
				name := fmt.Sprintf("#%d", i+1)
				if i < len(got.Header) {
					name = got.Header[i]
				}
				if cell.Text != "" {
					got.Rows[row.Line][name] = cell.Text
				}
			}
		}
	}
	return got, err
}

// rest reads what is left, and closes the reader.
func rest(t testing.TB, s *sheet.Reader) (rows []sheet.Row, err error) {
	t.Helper()
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

// rowsOf reads a text as rows of the form "line: cell|cell" or "line! reason", with the kind of a cell that is no text behind it.
func rowsOf(t testing.TB, file string, opts sheet.ReadOptions) (got []string, info sheet.Info, err error) {
	t.Helper()
	s, err := sheet.Open(strings.NewReader(file), int64(len(file)), opts)
	if err != nil {
		return nil, sheet.Info{}, err
	}
	if _, err := s.Next(); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := s.Rewind(); err != nil {
		t.Fatal(err)
	}
	rows, err := rest(t, s)
	for _, row := range rows {
		if row.Err != nil {
			got = append(got, fmt.Sprintf("%d! %v", row.Line, row.Err))
			continue
		}
		cells := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = cell.Text
			if cell.Kind != sheet.Text {
				cells[i] += [...]string{"", " (number)", " (date)", " (bool)", " (list)", " (error)", " (uncomputed)", " (nested)"}[cell.Kind]
			}
		}
		line := fmt.Sprintf("%d: ", row.Line)
		if row.Hidden {
			line = fmt.Sprintf("%d hidden: ", row.Line)
		}
		got = append(got, line+strings.Join(cells, "|"))
	}
	return got, s.Info(), err
}

const cutOff = "would be the end of the JSON array, which is missing: the file may be cut off"

func TestReadNDJSON(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file  string
		names []string
		want  []string
	}{
		"values": {
			"\xef\xbb\xbf\n{\"a\":\" 1\",\"b\":2.50}\r\n\n{\"b\":true,\"c\":[\"x\",\"y;\"],\"a\":null}\n{}\n{\"z\":1}",
			[]string{"a", "b", "c", "z"},
			[]string{"2:  1|2.50 (number)", `4: |true (bool)|["x","y;"] (list)`, "6: |||1 (number)"},
		},
		"what is no flat object": {
			"{\"a\":1}\n[]\n{\"a\":{}}\n{\"a\":[1]}\n{\"a\":1,\" a\":2}\n{\"a\":1} x\n{\"a\"\n",
			[]string{"a"},
			[]string{
				"1: 1 (number)", "2! is not a JSON object", "3: {} (nested)", "4: [1] (nested)", "5! has the same name twice",
				"6! is not a JSON object", "7! is not a JSON object",
			},
		},
		"broken at once": {"{\"a\":1,\"b\n{\"c\":2}\n", []string{"a", "c"}, []string{"1! is not a JSON object", "2: |2 (number)"}},
		"half of a surrogate pair": {
			`{"a":"\ud83d\ude00"}` + "\n" + `{"a":"x\ud83d"}` + "\n" + `{"a":["\udfff"]}` + "\n",
			[]string{"a"},
			[]string{
				"1: 😀", "2! holds half of a surrogate pair, such as \\ud800 alone", "3! holds half of a surrogate pair, such as \\ud800 alone",
			},
		},
		"an array": {
			"[\n  {\"a\": 1,\n   \"b\": \"x}\\\"{\"},\n  {\"b\": \"y\"}, {\"a\": 2}\n,\n  7,\n{\"b\": {}}\n]\n", []string{"a", "b"},
			[]string{
				"2: 1 (number)|x}\"{", "4: |y", "4: 2 (number)", "6! is not a JSON object",
				"7: |{} (nested)",
			},
		},
		"an array that is cut off": {"[{\"a\":1},{\"a\":", []string{"a"}, []string{"1: 1 (number)", "1! is not a JSON object", "1! " + cutOff}},
		"an array without its end": {"[{\"a\":1},\n", []string{"a"}, []string{"1: 1 (number)", "2! " + cutOff}},
		"a name that appears late": {
			"{\"a\":1}\n" + strings.Repeat("{}\n", 40_000) + "{\"b\":2}\n", []string{"a", "b"}, []string{"1: 1 (number)", "40002: |2 (number)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, info, err := rowsOf(t, tt.file, sheet.ReadOptions{})
			if err != nil || info.Format != sheet.NDJSON {
				t.Fatal(info, err)
			}
			if diff := cmp.Diff(tt.names, info.Names); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, message string }{
		"empty":            {"", "the file is empty"},
		"empty lines":      {"\n\n", "the file is empty"},
		"no object":        {"{\"a\n{}\n", "holds no objects that have names"},
		"arrays of arrays": {"[\n[\"title\",\"n\"],\n[\"A\",1]\n]", "holds no objects that have names"},
		"empty array":      {"[]", "holds no objects that have names"},
		"many names":       {"{\"a\":1}\n" + "{" + names(600) + "}\n", "more than 500 columns"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, tt.file)
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

func TestSpool(t *testing.T) {
	t.Parallel()
	file, size, closeFile, err := sheet.Spool(io.MultiReader(strings.NewReader("a,b\n"), strings.NewReader("1,2\n")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Open(file, size, sheet.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := rest(t, s); len(rows) != 2 || err != nil {
		t.Errorf("%+v, %v", rows, err)
	}
	if err := closeFile(); err != nil {
		t.Error(err)
	}
}

// forever is a file that repeats a part up to its size behind a head.
type forever struct {
	head, part string
	size       int64
}

func (f forever) ReadAt(p []byte, at int64) (int, error) {
	for i := range p {
		switch pos := at + int64(i); {
		case pos >= f.size:
			return i, io.EOF
		case pos < int64(len(f.head)):
			p[i] = f.head[pos]
		default:
			p[i] = f.part[(pos-int64(len(f.head)))%int64(len(f.part))]
		}
	}
	return len(p), nil
}

// What never ends must not fill the memory. The test is not parallel, since it measures that of the whole process.
func TestReadKeepsMemoryFlat(t *testing.T) {
	large(t)
	const (
		size  = 12 << 20
		bound = 6 << 20
	)
	for name, file := range map[string]forever{
		"rows":                 {"a,b\n", "some text,1963-11-23\n", size},
		"quote without end":    {"a,b\n\"", "x\n", size},
		"quotes without end":   {"a,b\n", "\"x\n", size},
		"line without end":     {"a,b\n", "xy", size},
		"object without end":   {"{\"a\":1}\n{", " ", size},
		"objects":              {"{\"a\":1}\n", "{\"a\":\"some text\"}\n", size},
		"utf-16, line, no end": {"\xff\xfea\x00\n\x00", "x\x00", size},
	} {
		t.Run(name, func(t *testing.T) {
			before, most := heap(), uint64(0)
			s, err := sheet.Open(file, file.size, sheet.ReadOptions{})
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
		s, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.ReadOptions{})
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
			if row.Line < line || row.Line == line && s.Info().Names == nil || row.Err == nil && len(row.Cells) == 0 {
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
