package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// Whatever a file holds, each of its lines is part of exactly one row, and what a row has was in its lines.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,\"x\ny\"\n2,\"z\n3,w\n", "n,a,b\n1,x,\"hi\n2,y,z\n3,z,5'\"\n4,x,y\n", "a\tb\n\"Weird Al\" Y\t1\n", "a;b\r\"x \\\"y\\\" \";2\r\n",
		"sep=|\na|b\n", "a,b\n\r1,2\n\r", "\"\"\"\n\"\"\"x\n,\"\"", "a,\xff\n\x00,b", "a, \"b\" ,c\r\n\"", "\"a\"\r,\"b\"\r",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := &text{buf: data, ended: true}
		c, err := openCSV(whole)
		if err != nil {
			t.Fatal(err)
		}
		for {
			from, line := whole.from, c.line
			row, err := c.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			span := data[from:whole.from]
			if row.Line != line || len(span) == 0 || c.line-line != c.lines(span) {
				t.Fatalf("row %+v of %q on lines %d to %d", row, span, line, c.line-1)
			}
			checkSpan(t, c, row, span)
		}
		if whole.from != len(data) {
			t.Fatalf("%q is left", data[whole.from:])
		}
	})
}

// checkSpan compares a row with the part of the file that it was read from.
func checkSpan(t *testing.T, c *csvRows, row Row, span []byte) {
	t.Helper()
	var cells strings.Builder
	for _, cell := range row.Cells {
		cells.WriteString(cell.Text)
	}
	content, got := string(span), cells.String()
	if row.Err != nil {
		got = row.Raw
		content = strings.ToValidUTF8(content, "\uFFFD")
	}
	ignored := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("\"\\ \r\n", r) || r == rune(c.delimiter) {
				return -1
			}
			return r
		}, s)
	}
	if ignored(strings.ToValidUTF8(got, "\uFFFD")) != ignored(strings.ToValidUTF8(content, "\uFFFD")) {
		t.Fatalf("%q became %+v", span, row)
	}
}

// What is written is what is read, but that a text whose lines look like rows of the file may be refused.
func FuzzWriteAndRead(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add("a\r\n\"b\"", " c ", "\\\"")
	f.Add("x\n1;2;3", "\t|", "=1\n\r")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		want := []string{a, b, c}
		for i, text := range want {
			want[i] = strings.Map(func(r rune) rune { // what has many of these is taken for no text
				if r < ' ' && !strings.ContainsRune("\t\r\n", r) {
					return -1
				}
				return r
			}, strings.ToValidUTF8(text, ""))
		}
		if emptyCells([]Cell{{Text: want[0]}, {Text: want[1]}, {Text: want[2]}}) || len(a)+len(b)+len(c) > MaxRow/2 {
			return
		}
		for _, format := range []Format{CSV, NDJSON} {
			var file bytes.Buffer
			w, err := NewWriter(&file, format, []string{"first", "second", "third"}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Write([]any{want[0], want[1], want[2]}), w.Close()); err != nil {
				t.Fatal(err)
			}
			s, err := Open(bytes.NewReader(file.Bytes()), int64(file.Len()), ReadOptions{})
			if err != nil {
				t.Fatalf("%q: %v", file.Bytes(), err)
			}
			row, err := s.Next()
			if format == CSV {
				row, err = s.Next()
			}
			if err != nil {
				t.Fatalf("%q: %v", file.Bytes(), err)
			}
			if row.Err != nil && strings.ContainsAny(strings.Join(want, ""), "\r\n") && format == CSV {
				return
			}
			row.Cells = append(row.Cells, make([]Cell, 3-len(row.Cells))...)
			for i, cell := range row.Cells {
				if cell.Text != want[i] && !(Cell{Text: want[i]}).empty() {
					t.Fatalf("%q became %+v", want, row)
				}
			}
		}
	})
}
