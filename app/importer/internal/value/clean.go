package value

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns a cell as the text that its reader sees: without spaces around it, and without control characters and
// characters that have no width. Entities of HTML are decoded, once; one needs its semicolon, since "?a=1&copy=2" has none.
// All spaces of Unicode become the common one, and all line breaks "\n". Joiners, and marks of direction, stay where a script
// or an emoji needs them. C1 control characters are what Windows-1252 has in their place, as in browsers (WHATWG HTML,
// "numeric character reference end state"). Bytes that are no UTF-8 stay.
func Clean(cell string) string {
	cell = strings.Trim(cell, " ")
	if tidy(cell, true) {
		return cell
	}
	return clean(decode(cell))
}

// CleanLine is Clean for a text of one line: line breaks and tabs, with the spaces around them, become one space.
func CleanLine(cell string) string {
	cell = strings.Trim(cell, " ")
	if tidy(cell, false) {
		return cell
	}
	text := clean(decode(cell))
	if !strings.ContainsAny(text, "\n\t") {
		return text
	}
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\t' }) {
		if part = strings.Trim(part, " "); part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}

// tidy reports whether a cell is ASCII that needs no cleaning, as nearly all are.
func tidy(cell string, lines bool) bool {
	if cell == "" {
		return true
	}
	for i := range len(cell) {
		c := cell[i]
		if (c < ' ' || c >= 0x7f || c == '&') && !(lines && (c == '\n' || c == '\t')) {
			return false
		}
	}
	return cell[0] > ' ' && cell[len(cell)-1] > ' '
}

func decode(cell string) string {
	start := strings.IndexByte(cell, '&')
	if start < 0 {
		return cell
	}
	const longest = len("&CounterClockwiseContourIntegral;")
	var b strings.Builder
	b.WriteString(cell[:start])
	for rest := cell[start:]; rest != ""; {
		end := strings.IndexByte(rest[:min(len(rest), longest)], ';') + 1
		text := html.UnescapeString(rest[:end])
		// "&notit;" is read as "¬it;": no entity of that name.
		if end == 0 || len(text) > 1 && text[len(text)-1] == ';' {
			end, text = 1, "&"
		}
		b.WriteString(text)
		next := strings.IndexByte(rest[end:], '&')
		if next < 0 {
			next = len(rest) - end
		}
		b.WriteString(rest[end : end+next])
		rest = rest[end+next:]
	}
	return b.String()
}

func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	rightToLeft := strings.ContainsFunc(text, isRightToLeft)
	last := ' ' // what was written last
	for i := 0; i < len(text); {
		r, width := utf8.DecodeRuneInString(text[i:])
		raw := text[i : i+width]
		i += width
		switch {
		case r == utf8.RuneError && width == 1:
			b.WriteString(raw)
			last = r
			continue
		case r == '\r' && strings.HasPrefix(text[i:], "\n"):
			continue
		}
		r = seen(r)
		if r == 0 || isJoiner(r) && !joins(last, text[i:]) || isDirectionMark(r) && !rightToLeft {
			if last != utf8.RuneError {
				continue
			}
			r = ' ' // or the bytes around it could become a character
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimFunc(b.String(), func(r rune) bool { return isDirectionMark(r) || unicode.IsSpace(r) })
}

// seen returns what a character is written as: itself, a space, a line break, or 0 for nothing.
func seen(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r < ' ' || r == 0x7f:
		return 0
	case r < 0x7f:
		return r
	case r <= 0x9f:
		return windows1252(r)
	case r == '\u00ad' || r == '\u200b' || r == '\ufeff', // soft hyphen, zero-width space, byte order mark
		r >= '\u202a' && r <= '\u202e',                  // embeddings and overrides of direction
		r >= '\u2060' && r <= '\u206f' && r != '\u2065': // word joiner, invisible operators, isolates, deprecated controls
		return 0
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

func isDirectionMark(r rune) bool { return r == '\u200e' || r == '\u200f' || r == '\u061c' }

func isRightToLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc || r >= 0x10800 && r <= 0x10fff ||
		r >= 0x1e800 && r <= 0x1efff
}

// joins reports whether a joiner between last and rest can be seen: it forms Persian and Indic words and sequences of emoji,
// and does nothing beside ASCII. Malayalam and Devanagari also end words with a sign and a joiner.
func joins(last rune, rest string) bool {
	if last < 0x80 || isJoiner(last) || isDirectionMark(last) {
		return false
	}
	if unicode.Is(unicode.M, last) && !unicode.Is(unicode.Variation_Selector, last) {
		return true
	}
	for _, r := range rest {
		if next := seen(r); next != 0 && !isJoiner(next) && !isDirectionMark(next) {
			return next >= 0x80 && next != utf8.RuneError
		}
	}
	return false
}

func windows1252(r rune) rune {
	const table = "€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00\x00‘’“”•–—˜™š›œ\x00žŸ"
	n := rune(0x80)
	for _, c := range table {
		if n == r {
			return c
		}
		n++
	}
	return 0
}

// plain is a cell as words and numbers are looked for in it: cleaned, in lower case, with the digits, dashes, slashes and
// points of other scripts as those of ASCII, accents in their composed form, and without what makes a text of it in a
// spreadsheet: '7 and ="007".
func plain(cell string) string {
	text := CleanLine(cell)
	if inner, ok := strings.CutPrefix(text, `="`); ok && strings.HasSuffix(inner, `"`) {
		text = strings.TrimSpace(inner[:len(inner)-1])
	}
	text = strings.TrimPrefix(text, "'")
	for i := range len(text) {
		if text[i] >= 0x80 {
			return strings.ToLower(strings.Map(ascii, norm.NFC.String(text)))
		}
	}
	return strings.ToLower(text)
}

func ascii(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r >= '\u2010' && r <= '\u2015', r == '−':
		return '-'
	case r == '‘', r == '’', r == '′':
		return '\''
	case isDirectionMark(r), isJoiner(r):
		return -1
	}
	for _, zero := range [...]rune{0x660, 0x6f0, 0x966, 0x9e6, 0xe50} { // Arabic, Persian, Devanagari, Bengali, Thai
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}
