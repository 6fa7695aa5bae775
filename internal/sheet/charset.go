package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/callboard/callboard"
)

// charset is how a text is encoded.
type charset struct {
	name    string
	decoder encoding.Encoding // nil: UTF-8
	mark    int               // bytes of the byte order mark
	clean   bool              // all of the file can be decoded
	mixed   bool              // there may be lines of UTF-8 in it
}

// bad returns where the first character of a text is that could not be decoded, or -1. The decoders put U+FFFD there, or a
// control character for a byte that has no meaning.
func (c charset) bad(text string) int {
	if c.clean || c.decoder == nil && utf8.ValidString(text) {
		return -1
	}
	if c.decoder != nil {
		return badCharacter(text)
	}
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// badCharacter returns where a decoder could not go on, or -1.
func badCharacter(text string) int {
	return strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || 0x80 <= r && r < 0xA0 })
}

// isUTF8 reports whether a text was UTF-8 before it was decoded as something else, as in CafÃ©.
func (c charset) isUTF8(text string) bool {
	raw, err := c.decoder.NewEncoder().String(text)
	return err == nil && utf8.ValidString(raw) && len(raw) < len(text)
}

func utf16Charset(endian unicode.Endianness, mark int) charset {
	cs := charset{name: "UTF-16LE", decoder: unicode.UTF16(endian, unicode.IgnoreBOM), mark: mark}
	if endian == unicode.BigEndian {
		cs.name = "UTF-16BE"
	}
	return cs
}

// charsetOf returns how a file is encoded: as it is called, or else as all of its content says.
func charsetOf(file *io.SectionReader, called string) (charset, error) {
	head := make([]byte, 3)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return charset{}, fmt.Errorf("read sheet: %w", err)
	}
	var marked charset
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		marked = charset{name: "UTF-8", mark: 3}
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		marked = utf16Charset(unicode.LittleEndian, 2)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		marked = utf16Charset(unicode.BigEndian, 2)
	}
	if called != "" {
		named, err := charsetNamed(called)
		if err == nil && marked.name != "" && marked.name != named.name && !strings.EqualFold(called, "utf-16") {
			err = errOption("encoding", "the file begins with the byte order mark of %s, so that it is in no other encoding", marked.name)
		}
		if marked.name != "" {
			named = marked
		}
		return named, err
	}
	if marked.name != "" {
		return marked, nil
	}
	return detectCharset(file)
}

// charsetNamed knows the names of the Encoding Standard and of IANA, and some that people say.
func charsetNamed(called string) (charset, error) {
	name := strings.ToLower(strings.TrimSpace(called))
	switch name {
	case "macroman", "mac-roman", "mac roman":
		name = "macintosh"
	case "cp932", "cp943":
		name = "shift_jis"
	case "cp936":
		name = "gbk"
	case "cp949":
		name = "euc-kr"
	case "cp950":
		name = "big5"
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		enc, err = htmlindex.Get(strings.NewReplacer("_", "-", " ", "-").Replace(name))
	}
	if err != nil {
		enc, err = ianaindex.IANA.Encoding(name)
	}
	if err != nil || enc == nil || enc == encoding.Replacement {
		return charset{}, errOption("encoding",
			"the encoding that was asked for is not known; name it as in windows-1252, windows-1250, macintosh, shift_jis, gb18030 or utf-8")
	}
	shown, err := ianaindex.MIME.Name(enc)
	if err != nil {
		shown = name
	}
	switch shown {
	case "UTF-8":
		return charset{name: shown}, nil
	case "UTF-16LE", "UTF-16":
		return utf16Charset(unicode.LittleEndian, 0), nil
	case "UTF-16BE":
		return utf16Charset(unicode.BigEndian, 0), nil
	}
	return charset{name: shown, decoder: enc}, nil
}

// byteCounts are what the bytes of a file say of its encoding.
type byteCounts struct {
	of        [256]int
	zeros     [2]int // at even and odd places
	sequences int    // of more than one byte that are UTF-8
	bad       int    // bytes that are not
	shifts    bool   // there are the escapes of ISO-2022-JP
	size      int
}

// detectCharset reads a file to its end. What it returns is sure; else the error says what the text may be.
func detectCharset(file *io.SectionReader) (charset, error) {
	counts, err := countBytes(file)
	if err != nil {
		return charset{}, err
	}
	if order, ok := counts.utf16(); ok && order.readable(file) {
		return order, nil
	}
	controls := 0
	for c := range byte(' ') {
		if !strings.ContainsRune("\t\n\v\f\r\x1a\x1b", rune(c)) {
			controls += counts.of[c]
		}
	}
	// A text may have some strange characters, or be filled up with zeros.
	if zeros := counts.of[0]; zeros == counts.size || (controls-zeros)*5 > counts.size || counts.bad > 0 && controls*50 > counts.size {
		return charset{}, callboard.Errorf(callboard.CodeInvalid, "the file is neither text nor a workbook; save the list as CSV or XLSX")
	}
	switch {
	case counts.bad == 0 && counts.shifts:
		return charset{name: "ISO-2022-JP", decoder: japanese.ISO2022JP}, nil
	case counts.bad == 0, counts.sequences >= 4*counts.bad: // text in other encodings is UTF-8 by chance now and then, but not mostly
		return charset{name: "UTF-8", clean: counts.bad == 0}, nil
	}
	return detectLegacy(file, counts)
}

func countBytes(file *io.SectionReader) (byteCounts, error) {
	var counts byteCounts
	buf := make([]byte, 64<<10)
	held := 0
	for {
		n, err := file.ReadAt(buf[held:], int64(counts.size))
		if err != nil && !errors.Is(err, io.EOF) {
			return counts, fmt.Errorf("read sheet: %w", err)
		}
		foreign := held > 0
		for i, c := range buf[held : held+n] {
			counts.of[c]++
			if c == 0 {
				counts.zeros[(counts.size+i)%2]++
			}
			foreign = foreign || c >= utf8.RuneSelf || c == '\x1b'
		}
		counts.size += n
		data := buf[:held+n]
		held = 0
		if foreign {
			held = copy(buf, counts.sequencesOf(data, err != nil))
		}
		if err != nil {
			return counts, nil
		}
	}
}

// sequencesOf counts what is UTF-8 in data, and returns its end when that may be the beginning of a character.
func (b *byteCounts) sequencesOf(data []byte, last bool) (rest []byte) {
	b.shifts = b.shifts || bytes.Contains(data, []byte("\x1b$B")) || bytes.Contains(data, []byte("\x1b$@"))
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !last && !utf8.FullRune(data[i:]) {
			return data[i:]
		}
		_, size := utf8.DecodeRune(data[i:])
		if size > 1 {
			b.sequences++
		} else {
			b.bad++
		}
		i += size
	}
	return nil
}

// utf16 tells UTF-16 without a byte order mark by its zeros: those of ASCII characters, of which each line has one, are all on one
// side.
func (b *byteCounts) utf16() (charset, bool) {
	for side, order := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		zeros := b.zeros[side]
		if zeros > 0 && b.zeros[1-side] == 0 && b.size%2 == 0 && (zeros*10 > b.size || b.bad > 0 && zeros*100 > b.size) {
			return utf16Charset(order, 0), true
		}
	}
	return charset{}, false
}

// readable reports whether the beginning of a file has no characters that texts do not have, or hardly any.
func (c charset) readable(file *io.SectionReader) bool {
	head := make([]byte, 4<<10)
	n, _ := file.ReadAt(head, 0)
	text, err := c.decoder.NewDecoder().Bytes(head[:n])
	bad := 0
	for _, r := range string(text) {
		if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			bad++
		}
	}
	return err == nil && bad*10 < utf8.RuneCount(text)
}

// foreignLines calls fn for each line of a file that is not ASCII, with its number. Those that are too long to be a row are left out.
func foreignLines(file *io.SectionReader, fn func(number int, line []byte)) error {
	t, err := newText(file, charset{})
	if err != nil {
		return err
	}
	for number := 1; ; {
		data, last := t.rest()
		if len(data) == 0 && last {
			return nil
		}
		end, next, ok := dialect{}.lineEnd(data, last)
		if !ok {
			more, err := t.more()
			if err != nil {
				return err
			}
			if !more {
				t.skip(len(data) - 1)
			}
			continue
		}
		if slices.ContainsFunc(data[:end], func(c byte) bool { return c >= utf8.RuneSelf }) {
			fn(number, data[:end])
		}
		t.skip(next)
		number++
	}
}
