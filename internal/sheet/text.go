package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sampleSize is how much of a text is looked at for its delimiter and the ends of its lines, in bytes.
const sampleSize = 256 << 10

// text gives out what a file holds as UTF-8, as much at a time as is asked for. It holds up to a row.
type text struct {
	r       io.Reader
	charset charset
	buf     []byte
	from    int // what is before it was given out
	ended   bool
}

// newText reads a file from its beginning.
func newText(file *io.SectionReader, cs charset) (*text, error) {
	if _, err := file.Seek(int64(cs.mark), io.SeekStart); err != nil {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	t := &text{r: file, charset: cs}
	if cs.decoder != nil {
		t.r = cs.decoder.NewDecoder().Reader(file)
	}
	return t, nil
}

// rest returns what is read and not given out, and whether it is all that is left.
func (t *text) rest() (data []byte, last bool) { return t.buf[t.from:], t.ended }

// skip gives out n bytes.
func (t *text) skip(n int) { t.from += n }

// more reads more, twice as much as it holds so that nothing is looked at too often. It reports false at the end of the file, or when rest
// is longer than a row may be.
func (t *text) more() (bool, error) {
	held := len(t.buf) - t.from
	if t.ended || held > MaxRow+utf8.UTFMax {
		return false, nil
	}
	if want := max(2*held, 64<<10); cap(t.buf) < want {
		t.buf = append(make([]byte, 0, want), t.buf[t.from:]...)
	} else {
		t.buf = append(t.buf[:0], t.buf[t.from:]...)
	}
	t.from = 0
	for len(t.buf) < cap(t.buf) && !t.ended {
		n, err := t.r.Read(t.buf[len(t.buf):cap(t.buf)])
		t.buf = t.buf[:len(t.buf)+n]
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("read sheet: %w", err)
		}
		t.ended = err != nil
	}
	return true, nil
}

// peek returns the next n bytes, or what there is.
func (t *text) peek(n int) (data []byte, last bool, err error) {
	for {
		data, last = t.rest()
		if last || len(data) >= n {
			return data, last, nil
		}
		if _, err := t.more(); err != nil {
			return nil, false, err
		}
	}
}

// check returns an error that names the first cell that holds bytes which are not of the encoding.
func (t *text) check(cells []Cell) error {
	for i, cell := range cells {
		if t.charset.mixed && t.charset.isUTF8(cell.Text) {
			return fmt.Errorf("column %d, %q: it is in UTF-8, and the rest of the file in %s", i+1, around(cell.Text, 0), t.charset.name)
		}
		if at := t.charset.bad(cell.Text); at >= 0 {
			what := "a byte"
			if t.charset.decoder == nil {
				what = fmt.Sprintf("the byte 0x%02X", cell.Text[at])
			}
			return fmt.Errorf("column %d, %q: %s in it is not %s", i+1, around(cell.Text, at), what, t.charset.name)
		}
	}
	return nil
}

var (
	objectStart = regexp.MustCompile(`^\s*\{\s*["}]`)
	arrayStart  = regexp.MustCompile(`^\s*\[\s*[{\]\["]`)
)

// around shows a text near one of its bytes, on one line.
func around(text string, at int) string {
	const before, after = 20, 20
	start, end := max(at-before, 0), min(at+after, len(text))
	shown := strings.ToValidUTF8(text[start:end], "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, shown))
}

func openText(file *io.SectionReader, opts ReadOptions) (*Reader, error) {
	cs, err := charsetOf(file, opts.Encoding)
	if err != nil {
		return nil, err
	}
	t, err := newText(file, cs)
	if err != nil {
		return nil, err
	}
	head, _, err := t.peek(sampleSize)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, errEmpty()
	}
	if err := checkMarkup(head); err != nil {
		return nil, err
	}
	s := &Reader{info: Info{Format: CSV, Encoding: cs.name}, close: func() error { return nil }}
	if array := arrayStart.Match(head); array || objectStart.Match(head) {
		names, err := objectNames(t, array)
		if err != nil {
			return nil, err
		}
		s.info.Format, s.info.Names = NDJSON, names.list
		s.begin = func() (source, error) {
			t, err := newText(file, cs)
			return &objectLines{text: t, array: array, names: names, line: 1, seen: make([]int, len(names.list))}, err
		}
		return s, s.Rewind()
	}
	rows, err := openCSV(t)
	if err != nil {
		return nil, err
	}
	s.info.Delimiter = rune(rows.delimiter)
	first, start := *rows, t.from // behind the line of the separator
	s.begin = func() (source, error) {
		t, err := newText(file, cs)
		if err != nil {
			return nil, err
		}
		if _, _, err := t.peek(start); err != nil {
			return nil, err
		}
		t.skip(start)
		again := first
		again.text = t
		return &again, nil
	}
	return s, s.Rewind()
}
