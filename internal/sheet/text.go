package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// peek is how much of a file is looked at to detect its encoding, delimiter and format, in bytes.
const peek = 64 << 10

// decodeText returns r as UTF-8 without byte order mark.
func decodeText(r io.Reader) (*bufio.Reader, error) {
	raw := bufio.NewReaderSize(r, peek)
	head, err := raw.Peek(peek)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	var decoder encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		decoder = unicode.UTF8BOM
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		decoder = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case validHead(head):
		return raw, nil
	default:
		decoder = charmap.Windows1252 // what spreadsheets on Windows write when they do not write UTF-8
	}
	return bufio.NewReaderSize(decoder.NewDecoder().Reader(raw), peek), nil
}

// validHead reports whether head is UTF-8, but for a character that its end may have cut.
func validHead(head []byte) bool {
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRune(head); len(head) == 0 || r != utf8.RuneError || size != 1 {
			break
		}
		head = head[:len(head)-1]
	}
	return utf8.Valid(head)
}

// delimiterOf returns the delimiter that occurs most in the first line, outside of quotes; a comma when none does.
func delimiterOf(head []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(head) {
		if c == '\n' && !quoted {
			break
		}
		if c == '"' {
			quoted = !quoted
		}
		if !quoted && strings.ContainsRune(",;\t|", c) {
			counts[c]++
		}
	}
	best := ','
	for _, c := range ",;\t|" {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}
