package sheet

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// A quote that is part of a text, as in a cell that begins with "Weird Al, can open what the inch mark at the end of a cell far below closes.
// CSV does not tell the rows between from one text of many lines; but then the lines look like the rows of the file, as those of a text do not.

// shape is what the rows of a file have in common.
type shape struct {
	figures []map[string]int // of each column of numbers, codes or dates how often it has each pattern; nil for another one
	spaced  bool             // a space is behind each delimiter, as it else is behind the commas of a sentence
}

// withShape adds the shape of the rows of the sample, as far as they are on one line.
func (d dialect) withShape(sample []byte) dialect {
	d.figures = make([]map[string]int, d.width)
	for i := range d.figures {
		d.figures[i] = map[string]int{}
	}
	rows, spaced := 0, 0
	for len(sample) > 0 {
		rec, _ := d.record(sample, true)
		line := sample[:rec.size]
		sample = sample[rec.size:]
		if rec.err != nil || len(rec.cells) < 2 || rec.lines > 1 && len(rec.cells) != d.width {
			continue
		}
		if rows++; d.isSentence(line) {
			spaced++
		}
		for i, cell := range rec.cells[:min(len(rec.cells), d.width)] {
			if !cell.empty() && !strings.ContainsAny(cell.Text, "\r\n") {
				d.figures[i][pattern(cell.Text)]++
			}
		}
	}
	for i, patterns := range d.figures {
		texts, figures := patterns[""], -patterns[""]
		for _, n := range patterns {
			figures += n
		}
		delete(patterns, "")
		if figures == 0 || texts > 1+figures/4 || len(patterns) > 1+figures/4 { // the header is one of the texts
			d.figures[i] = nil
		}
	}
	d.spaced = 2*spaced > rows
	return d
}

// isSentence reports whether a space is behind each delimiter.
func (d dialect) isSentence(line []byte) bool {
	return !d.spaced && bytes.Count(line, []byte{d.delimiter}) == bytes.Count(line, []byte{d.delimiter, ' '})
}

// pattern is what numbers, codes and dates that are written alike have in common: "9-9-9", "a9a9". It is empty for a text.
func pattern(text string) string {
	const longest = len("2006-01-02T15:04:05.000+00:00")
	text = strings.Trim(text, ` "`)
	if len(text) > longest || !strings.ContainsFunc(text, unicode.IsDigit) {
		return ""
	}
	var b strings.Builder
	last := rune(0)
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.IsLetter(r):
			r = 'a'
		}
		if r != last || r != '9' && r != 'a' {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// tall is a cell in quotes that has several lines.
type tall struct {
	column int // counted from 0
	inside []byte
}

// looksLikeRows reports whether what is in the quotes of a cell may be rows of the file, the first and the last of them in part: one of its
// lines has numbers and dates where the rows have them, two of them, or one in a line that has as many cells as it should. In a row
// that has more or fewer cells than others one is enough. In a file of texts alone, the first and the last line must both
// have as many cells.
func (d dialect) looksLikeRows(cell tall, oddRow bool) bool {
	column, inside := cell.column, cell.inside
	if d.width < 2 || bytes.IndexByte(inside, d.delimiter) < 0 {
		return false
	}
	var lines [][]byte
	for rest := inside; ; {
		end, next, more := d.lineEnd(rest, false)
		if !more {
			lines = append(lines, rest)
			break
		}
		lines = append(lines, rest[:end])
		rest = rest[next:]
	}
	last := len(lines) - 1
	if !slices.ContainsFunc(d.figures, func(patterns map[string]int) bool { return patterns != nil }) {
		return last > 0 && d.cells(lines[0]) == d.width-column && d.cells(lines[last]) == column+1 && !d.isSentence(inside)
	}
	for i, line := range lines {
		cells, from, width := d.split(string(line)), 0, d.width
		switch i {
		case 0:
			cells, from, width = cells[1:], column+1, d.width-column-1
		case last:
			cells, width = cells[:len(cells)-1], column
		}
		if !d.isSentence(line) && d.fits(cells, from, oddRow || len(cells) == width) {
			return true
		}
	}
	return false
}

func (d dialect) cells(line []byte) int { return 1 + bytes.Count(line, []byte{d.delimiter}) }

// fits reports whether cells from a column on have figures where the rows have them.
func (d dialect) fits(cells []Cell, from int, oneIsEnough bool) bool {
	hits := 0
	for i, cell := range cells {
		if from+i >= len(d.figures) || d.figures[from+i] == nil || cell.empty() {
			continue
		}
		if d.figures[from+i][pattern(cell.Text)] == 0 {
			return false
		}
		hits++
	}
	return hits > 1 || hits == 1 && oneIsEnough
}
