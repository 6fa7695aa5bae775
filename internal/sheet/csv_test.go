package sheet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/internal/sheet"
)

const (
	badQuote = `has a quote that is not closed where its cell ends; quotes inside of a quoted cell are doubled: "say ""hi"""`
	noQuote  = `has a quote that is never closed, or only far below`
)

func TestReadCSV(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2<<20)
	for name, tt := range map[string]struct {
		file      string
		delimiter rune
		want      []string
	}{
		"plain":                     {"a,b\n1, 2 \n\n\"x\n\"\"y\"\"\",\n,\n3\n4,5,6\n", ',', []string{"1: a|b", "2: 1| 2 ", "4: x\n\"y\"", "7: 3", "8: 4|5|6"}},
		"no line break at the end":  {"a,b\n1,2", ',', []string{"1: a|b", "2: 1|2"}},
		"one column":                {"title\nA\nB\n", ',', []string{"1: title", "2: A", "3: B"}},
		"CR alone":                  {"a,b\r1,2\r\r3,4\r", ',', []string{"1: a|b", "2: 1|2", "4: 3|4"}},
		"LF CR":                     {"a,b\n\r1,2\n\r\n\r3,4\n\r", ',', []string{"1: a|b", "2: 1|2", "4: 3|4"}},
		"CRLF":                      {"a,b\r\n1,2\r\n\r\n3,4\r\n", ',', []string{"1: a|b", "2: 1|2", "4: 3|4"}},
		"all kinds of ends":         {"a,b\r\n1,2\n3,4\r5,6", ',', []string{"1: a|b", "2: 1|2", "3: 3|4", "4: 5|6"}},
		"line breaks in cells":      {"a;b\r\n\"x\r\ny\nz\r\n\";\"z\"\r\n1;2\r\n", ';', []string{"1: a|b", "2: x\r\ny\nz\r\n|z", "6: 1|2"}},
		"line of the separator":     {"sep=;\r\na;b,c\r\n1;2\r\n", ';', []string{"2: a|b,c", "3: 1|2"}},
		"separator in quotes":       {"\"sep=|\"\na|b\n", '|', []string{"2: a|b"}},
		"no separator":              {"sep=ab,c\n1,2\n", ',', []string{"1: sep=ab|c", "2: 1|2"}},
		"semicolons, and decimals":  {"a;b;c\nx;1;8,5\ny;2;9,0\n", ';', []string{"1: a|b|c", "2: x|1|8,5", "3: y|2|9,0"}},
		"titles above":              {"Plan, new; 2024\n\na\tb\tc\nx, y\t1\t\nx, z\t2\t3\n", '\t', []string{"1: Plan, new; 2024", "3: a|b|c", "4: x, y|1", "5: x, z|2|3"}},
		"bars, and lists with them": {"a,b,c\nx,1,p|q\ny,2,p|q|r\n", ',', []string{"1: a|b|c", "2: x|1|p|q", "3: y|2|p|q|r"}},
		"bars":                      {"a|b\n1|2\n", '|', []string{"1: a|b", "2: 1|2"}},
		"spaces around quotes":      {"a,b,c\n1, \"x, y\" ,2\n", ',', []string{"1: a|b|c", "2: 1|x, y|2"}},
		"quotes inside of a cell":   {"a,b\n6\" nail,it's 5\"\n", ',', []string{"1: a|b", "2: 6\" nail|it's 5\""}},
		"a title that begins with quotes": {
			"n\ttitle\n1\t\"Weird Al\" Yankovic\n2\tThe \"Bye\"\n3\t\"A\" and \"B\"\n", '\t',
			[]string{"1: n|title", "2: 1|\"Weird Al\" Yankovic", "3: 2|The \"Bye\"", "4: 3|\"A\" and \"B\""},
		},
		"quotes inside of quotes": {
			"n,title\n1,\"He said \"hi\" to me\"\n2,\"The \"Bye\", again\"\n3,\"x\"y\"\n4,\"\"A\"\" B\n", ',',
			[]string{"1: n|title", "2: 1|He said \"hi\" to me", "3! " + badQuote, "4! " + badQuote, "5! " + badQuote},
		},
		"a delimiter in such quotes": {"n,title\n1,\"Al, the\" Weird\n2,x\n", ',', []string{"1: n|title", "2! " + badQuote, "3: 2|x"}},
		"a stray quote": {
			"n,a,b\n1,\"he said hi,\n2,x,fine\n3,\"q, r\",ok\n4,\"bye,\n", ',',
			[]string{"1: n|a|b", "2! " + badQuote, "3: 2|x|fine", "4: 3|q, r|ok", "5! " + noQuote},
		},
		"no quote at the end": {"a,b\n1,\"x\ny,2", ',', []string{"1: a|b", "2! " + noQuote, "3: y|2"}},
		"a stray quote that another closes": {
			"n,a,b\n1,x,\"hi\n2,y,z\n3,z,5'\"\n4,x,y\n", ',',
			[]string{
				"1: n|a|b", "2! has a quote that may be stray: it closes on line 4 only, and lines between look like rows of their own",
				"3! is inside of quotes that open on line 2 and may be stray: it may be a row of its own",
				"4! is inside of quotes that open on line 2 and may be stray: it may be a row of its own", "5: 4|x|y",
			},
		},
		"a stray quote that another closes in another column": {
			"n,a,b\n1,x,\"hi\n2,y,z\n3,5'\",z\n4,x,y\n", ',',
			[]string{"1: n|a|b", "2! " + badQuote, "3: 2|y|z", "4: 3|5'\"|z", "5: 4|x|y"},
		},
		"sentences of many lines": {
			"n,a,b\n1,x,\"One, two, three.\nFour, five, six.\"\n2,x,y\n", ',',
			[]string{"1: n|a|b", "2: 1|x|One, two, three.\nFour, five, six.", "4: 2|x|y"},
		},
		"backslashes": {
			"n,a\n1,\"he said \\\"hi, you\\\" \\\\ there\"\n2,\"C:\\\"\n3,\"bad \\\" one\" x\n", ',',
			[]string{"1: n|a", "2: 1|he said \"hi, you\" \\ there", "3: 2|C:\\", "4! " + badQuote},
		},
		"bytes that are not UTF-8": {
			"n,a\n1,Café\n2,Bad \xe9 byte\n3,日本語\n4,\"é\n\xff\"\n5,x\n", ',',
			[]string{
				"1: n|a", "2: 1|Café", "3! column 2, \"Bad \ufffd byte\": the byte 0xE9 in it is not UTF-8", "4: 3|日本語",
				"5! column 2, \"é \ufffd\": the byte 0xFF in it is not UTF-8", "7: 5|x",
			},
		},
		"NUL":                    {"a,b\n1,x\x00y\n\x00\x00,\x00\n\x1a", ',', []string{"1: a|b", "2: 1|x\x00y"}},
		"a brace is no object":   {"{x,b\n1,2\n", ',', []string{"1: {x|b", "2: 1|2"}},
		"a long line":            {"a,b\n" + long + "\n1,2\n", ',', []string{"1: a|b", "2! is longer than 1 MB", "3: 1|2"}},
		"a long line at the end": {"a,b\n" + long, ',', []string{"1: a|b", "2! is longer than 1 MB"}},
		"a long quote":           {"a,b\n1,\"x\n" + strings.Repeat("yyy\n", 300_000) + "\"\n1,2\n", ',', nil},
		"many cells":             {"a,b\n" + strings.Repeat("1,", 501) + "\n3,4\n", ',', []string{"1: a|b", "2! has 502 cells; more than 500 columns cannot be read", "3: 3|4"}},
		"many empty cells":       {"a,b\n1,2" + strings.Repeat(",", 1000) + "\n", ',', []string{"1: a|b", "2: 1|2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, info, err := rowsOf(t, tt.file, sheet.ReadOptions{})
			if err != nil || info.Format != sheet.CSV || info.Delimiter != tt.delimiter {
				t.Fatalf("%+v, %v", info, err)
			}
			if tt.want == nil { // every line by itself
				if len(got) != 300_004 {
					t.Errorf("%d rows", len(got))
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A reader that goes back to the first row reads the same again.
func TestRewind(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"sep=;\na;b\n1;2\n", "a,b\n\"1\n\",2\n", "{\"a\":1}\n{\"a\":2}\n"} {
		s, err := open(file)
		if err != nil {
			t.Fatal(err)
		}
		var read [2][]sheet.Row
		for i := range read {
			for {
				row, err := s.Next()
				if err != nil {
					break
				}
				read[i] = append(read[i], row)
			}
			if err := s.Rewind(); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(read[0], read[1]); diff != "" || len(read[0]) != 2 {
			t.Errorf("%q (-first +again):\n%s", file, diff)
		}
	}
}
