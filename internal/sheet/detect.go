package sheet

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// A text in an encoding of the time before Unicode does not say which one. What decides here: all bytes of the file must have a
// meaning; letters must be those of a language that is written in the encoding, with capitals, quotes and dashes where they belong;
// and no other encoding that gives other characters may be nearly as probable. All else is left to the user.
const (
	judged    = 64 << 10 // bytes of different lines
	sure      = 5        // as a logarithm: the next encoding is 150 times less probable
	plausible = -4.5
)

// candidate is an encoding that a text may have.
type candidate struct {
	name      string
	enc       encoding.Encoding
	prior     float64
	languages []string             // letters beyond ASCII, by language
	han       func(r rune) float64 // for those with thousands of characters
	sample    []string             // lines as they read
	key       string               // the same for encodings that give the same characters
	score     float64
	average   float64 // by word or character
}

// foreignLine is a line that is not ASCII.
type foreignLine struct {
	number int
	raw    string
}

func detectLegacy(file *io.SectionReader, counts byteCounts) (charset, error) {
	var used []byte
	for c := 0x80; c < 0x100; c++ {
		if counts.of[c] > 0 {
			used = append(used, byte(c))
		}
	}
	left := slices.DeleteFunc(candidates(), func(c candidate) bool { return c.single() && badCharacter(c.decode(used)) >= 0 })
	var sample []foreignLine
	var read []byte
	size, seen := 0, map[string]bool{}
	err := foreignLines(file, func(number int, line []byte) {
		left = slices.DeleteFunc(left, func(c candidate) bool {
			if c.single() {
				return false
			}
			read, _, _ = transform.Append(c.enc.NewDecoder(), read[:0], line)
			return badCharacter(string(read)) >= 0
		})
		if size < judged && !seen[string(line)] {
			seen[string(line)] = true
			size += len(line)
			sample = append(sample, foreignLine{number, string(line)})
		}
	})
	if err != nil {
		return charset{}, err
	}
	for i := range left {
		left[i].judge(sample, used)
	}
	return decide(left, sample, counts)
}

func (c candidate) single() bool {
	_, ok := c.enc.(*charmap.Charmap)
	return ok
}

func (c candidate) decode(raw []byte) string {
	text, _ := c.enc.NewDecoder().Bytes(raw) // no error: there is U+FFFD instead
	return string(text)
}

func decide(left []candidate, sample []foreignLine, counts byteCounts) (charset, error) {
	slices.SortStableFunc(left, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	var different []candidate
	for _, c := range left {
		if !slices.ContainsFunc(different, func(d candidate) bool { return d.key == c.key }) {
			different = append(different, c)
		}
	}
	good := func(c candidate) bool { return c.average > plausible || c.han != nil && c.average > 2*plausible }
	switch {
	case len(different) > 0 && good(different[0]) && (len(different) == 1 || different[0].score-different[1].score > sure):
		best := different[0]
		return charset{name: best.name, decoder: best.enc, clean: true, mixed: best.single() && counts.sequences > 0}, nil
	case counts.sequences >= counts.bad && !slices.ContainsFunc(different, good):
		return charset{name: "UTF-8"}, nil
	case len(different) == 0:
		return charset{}, errOption("encoding",
			"the encoding of the text cannot be told: it is not UTF-8, and each other one that is known lacks some of its bytes. "+
				"Save it as UTF-8, or name its encoding; lines that are not in it are then refused by themselves")
	}
	different = slices.DeleteFunc(different, func(c candidate) bool { return c.score < different[0].score-3*sure })
	return charset{}, errUnsure(different[:min(len(different), 4)], sample)
}

// errUnsure shows how a line would read.
func errUnsure(may []candidate, sample []foreignLine) error {
	line, most := 0, 0
	for i := range sample[:min(len(sample), 1000)] {
		readings := map[string]bool{}
		for _, c := range may {
			readings[c.sample[i]] = true
		}
		if len(readings) > most {
			line, most = i, len(readings)
		}
	}
	var readings []string
	for _, c := range may {
		text := c.sample[line]
		at := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
		readings = append(readings, fmt.Sprintf("%q in %s", around(text, max(at, 0)), c.name))
	}
	return errOption("encoding",
		"the text is not UTF-8, and its encoding cannot be told for sure: line %d would be %s. Say which encoding is right, or save the file as UTF-8",
		sample[line].number, strings.Join(readings, ", "))
}

// judge sets how probable it is that a text has these lines.
func (c *candidate) judge(sample []foreignLine, used []byte) {
	j := judgement{candidate: c, seen: map[string]bool{}, byLanguage: make([]float64, len(c.languages))}
	for _, letters := range c.languages {
		j.alphabets = append(j.alphabets, alphabet(letters))
	}
	for _, line := range sample {
		text := c.decode([]byte(line.raw))
		c.sample = append(c.sample, text)
		j.line(text)
	}
	c.score = c.prior + j.score
	if len(j.byLanguage) > 0 {
		c.score += slices.Max(j.byLanguage)
	}
	if j.letters == 0 && c.name != "windows-1252" { // which is the usual one when there are only quotes and dashes
		c.score -= 6
	}
	c.average = (c.score - c.prior) / float64(max(j.items, 1))
	c.key = strings.Join(c.sample, "\n")
	if c.single() {
		c.key = c.decode(used)
	}
}

// judgement is what speaks for and against an encoding. Each word counts once: a file may have one in every row.
type judgement struct {
	*candidate
	alphabets  []map[rune]float64
	seen       map[string]bool
	byLanguage []float64
	score      float64
	items      int
	letters    int // of these
}

func (j *judgement) line(text string) {
	runes := []rune(text)
	for i := 0; i < len(runes); {
		if !isWord(runes[i]) {
			if runes[i] >= utf8.RuneSelf {
				j.symbol(runes, i)
			}
			i++
			continue
		}
		start := i
		for i < len(runes) && isWord(runes[i]) {
			i++
		}
		j.word(runes[start:i])
		if i < len(runes) && unicode.IsDigit(runes[i]) && runes[i-1] >= utf8.RuneSelf && j.han == nil { // Ł10
			j.score -= 4
		}
	}
}

// isWord reports whether r is part of a word. Some that Unicode calls letters are signs.
func isWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && !strings.ContainsRune("ªºµƒ", r)
}

func (j *judgement) word(word []rune) {
	if !slices.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) || j.seen[string(word)] {
		return
	}
	j.seen[string(word)] = true
	if j.mixed(word) {
		j.score -= 10
	}
	upper, lower := 0, 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	for i, r := range word {
		if i > 0 && unicode.IsUpper(r) && word[i-1] >= utf8.RuneSelf && lower > 0 { // âJâE, ÀMatar
			j.score -= 6
		}
		if r < utf8.RuneSelf {
			continue
		}
		j.items++
		j.letters++
		if j.han != nil {
			j.score += j.han(r)
			if i > 0 && word[i-1] < utf8.RuneSelf || i+1 < len(word) && word[i+1] < utf8.RuneSelf {
				j.score -= 2
			}
			continue
		}
		if i > 0 && unicode.IsUpper(r) && lower > 0 || unicode.IsLower(r) && lower == 1 && upper > 1 { // CafÈ, CAFé
			j.score -= 6
		}
		if i > 0 && i+1 < len(word) && isVowel(r) == isVowel(word[i-1]) && isVowel(r) == isVowel(word[i+1]) && unicode.Is(unicode.Latin, r) {
			j.score -= 3
		} else if i > 0 && isVowel(r) && isVowel(word[i-1]) && unicode.Is(unicode.Latin, r) {
			j.score--
		}
		j.letter(unicode.ToLower(r))
	}
}

// letter counts by language: a text is mostly in one.
func (j *judgement) letter(r rune) {
	least := unknown
	for _, letters := range j.alphabets {
		if _, ok := letters[r]; ok {
			least = -6
		}
	}
	for i, letters := range j.alphabets {
		if p, ok := letters[r]; ok {
			j.byLanguage[i] += p
		} else {
			j.byLanguage[i] += least
		}
	}
}

// mixed reports whether a word is of more than one alphabet.
func (j *judgement) mixed(word []rune) bool {
	latin, other := false, false
	for _, r := range word {
		if unicode.Is(unicode.Latin, r) {
			latin = true
		} else if halfWidth := r >= 0xFF61 && r <= 0xFF9F; !unicode.In(r, unicode.Common, unicode.Inherited) && j.han == nil || halfWidth {
			other = true
		}
	}
	return latin && other
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyáàâäãåæéèêëěęėíìîïıįóòôöõøœőúùûüůűųýÿąăāīēū", unicode.ToLower(r))
}

// symbol judges a sign by what stands beside it.
func (j *judgement) symbol(runes []rune, i int) {
	before, after := ' ', ' '
	if i > 0 {
		before = runes[i-1]
	}
	if i+1 < len(runes) {
		after = runes[i+1]
	}
	context := string(runes[max(i-3, 0):min(i+4, len(runes))])
	if j.seen[context] {
		return
	}
	j.seen[context] = true
	j.items++
	switch r := runes[i]; {
	case j.han == nil:
		j.score += signScore(runes, i, before, after)
	case unicode.IsPunct(r), r >= 0xFF01 && r < 0xFF61, r == 0x3000: // and digits and spaces as wide as Chinese characters
		j.score -= 4
	default:
		j.score += unknown
	}
}

// signScore judges a sign by where it stands. Other encodings have letters in its place, so that it must not look like one.
func signScore(runes []rune, i int, before, after rune) float64 {
	sign := runes[i]
	alone := func(r rune) bool { return !isWord(r) && !unicode.IsDigit(r) }
	has := func(runes []rune, partners string) bool { return strings.ContainsAny(string(runes), partners) }
	inWord := unicode.IsLower(before) && unicode.IsLower(after)
	fits := false
	switch {
	case sign == '’' && isContraction(before, runes[i+1:]):
		return 1
	case sign == '’' && isWord(before) && alone(after) && !strings.ContainsRune("sSnNxz", before) && !has(runes[:i], "‘"):
		return -5
	case sign == '’':
		fits = alone(before) != alone(after) || isWord(before)
	case strings.ContainsRune("”»›", sign):
		fits = !unicode.IsSpace(before) && alone(after) && has(runes[:i], "“”„«‹»›")
	case strings.ContainsRune("“‘„‚«‹", sign):
		fits = alone(before) && after != ',' && has(runes[i+1:], "“”‘’»›«‹")
	case sign == '¿', sign == '¡':
		fits = alone(before) && isWord(after) && has(runes[i+1:], "?!")
	case sign == '\u00a0' && inWord, strings.ContainsRune("–—", sign) && inWord:
		return -5
	case strings.ContainsRune("\u00a0–—", sign):
		fits = alone(before) == alone(after) || unicode.IsSpace(before) || unicode.IsSpace(after)
	case sign == '…':
		fits = !isWord(after) || !isWord(before)
	case sign == '°' && (unicode.IsDigit(before) || before == ' '), sign == '©' && !isWord(after):
		return -1
	case strings.ContainsRune("®™", sign):
		fits = !isWord(after)
	case strings.ContainsRune("ªº½¼¾²³", sign):
		fits = !isWord(after) && (!isWord(before) || strings.ContainsRune("nNm", before))
	case strings.ContainsRune("€£¥§×•·", sign):
		fits = !isWord(before) && !isWord(after)
	}
	if fits {
		return -2.5
	}
	return unknown
}

// isContraction reports whether an apostrophe is that of don't, it's or we'll.
func isContraction(before rune, rest []rune) bool {
	end := slices.IndexFunc(rest, func(r rune) bool { return !isWord(r) })
	if end < 0 {
		end = len(rest)
	}
	return isWord(before) && slices.Contains([]string{"s", "t", "re", "ll", "ve", "d", "m"}, string(rest[:end]))
}
