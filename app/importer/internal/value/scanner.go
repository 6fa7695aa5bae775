package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner reads a plain text from left to right.
type scanner struct {
	text string
	at   int
}

func (s *scanner) done() bool { return s.at == len(s.text) }

func (s *scanner) rest() string { return s.text[s.at:] }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.done() {
		return 0
	}
	return s.text[s.at]
}

func (s *scanner) spaces() { s.skip(" ") }

func (s *scanner) skip(bytes string) {
	for !s.done() && strings.IndexByte(bytes, s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) take(prefix string) bool {
	if !strings.HasPrefix(s.rest(), prefix) {
		return false
	}
	s.at += len(prefix)
	return true
}

func (s *scanner) digits() string {
	start := s.at
	for !s.done() && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.text[start:s.at]
}

// word returns the letters that come next.
func (s *scanner) word() string {
	start := s.at
	for !s.done() {
		if c := s.text[s.at]; c < utf8.RuneSelf {
			if c < 'a' || c > 'z' {
				break
			}
			s.at++
			continue
		}
		r, width := utf8.DecodeRuneInString(s.rest())
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		s.at += width
	}
	return s.text[start:s.at]
}

// takeWord takes one of the words that come next, or nothing.
func (s *scanner) takeWord(words ...string) bool {
	start := s.at
	word := s.word()
	for _, w := range words {
		if w == word {
			return true
		}
	}
	s.at = start
	return false
}

// footnotes skips marks of footnotes, as they stay behind when a table of Wikipedia is copied: [1], [a], [note 2], *, †.
func (s *scanner) footnotes() {
	for {
		s.skip(" *")
		if s.take("†") || s.take("‡") {
			continue
		}
		end := strings.IndexByte(s.rest(), ']')
		if s.peek() != '[' || end < 0 || !isFootnote(s.text[s.at+1:s.at+end]) {
			return
		}
		s.at += end + 1
	}
}

func isFootnote(text string) bool {
	mark := scanner{text: text}
	if word := mark.word(); len(word) > 1 && word != "note" && word != "nb" {
		return text == "citation needed"
	}
	mark.spaces()
	return len(mark.digits()) <= 3 && mark.done() && text != ""
}
