// Package value reads how people write values in the cells of spreadsheets: texts, numbers, dates and lists.
//
// It understands what one person would understand without a doubt, and guesses nothing. What can mean two things, or is
// nothing that the field can hold, is an error that shows the cell and says what would be right. What is read by a rule that
// the cell itself does not state, such as the century of 17-Dec-89, carries that Rule, so that an import can tell it.
//
// Dates have a scanner of their own. go-dateparser, which knows most languages, reads 03/04/1985 as 4 March and passes over a
// weekday that contradicts the date, also in its strict mode; it takes 0.3 ms for a date, which is a minute for 200,000 rows,
// and up to a second for a cell that holds none. dateparse guesses the same and knows English only.
package value

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rule is what a value was read by, where the cell leaves something open. It is a sentence's end that follows the value,
// for an import's report. Empty means that the cell says it all.
type Rule string

// The rules.
const (
	NoValue      Rule = "stands for no value"
	TwoDigitYear Rule = "has a year of two digits, which is taken for one of 1969 to 2068"
	DayNumber    Rule = "is a day number of a spreadsheet, which is counted from 1900"
	OtherOrder   Rule = "has day and month in another order than the column, but can mean one day only"
	NoteLeftOut  Rule = "has a note in brackets, which is left out"
	TotalLeftOut Rule = "has a total after \"of\", which is left out"
	MarkLeftOut  Rule = "has an apostrophe by which a spreadsheet takes it for a text, which is left out"
	OtherColumn  Rule = "says itself whether it is a season or an episode, and is taken for that instead of what the column is"
)

const shown = 40

// Show returns a cell for a message: in quotes, at most 40 characters of it, and with escapes in place of all that a
// terminal could obey or nobody could see.
func Show(cell string) string {
	end, runes := 0, 0
	for end < len(cell) && runes < shown {
		_, width := utf8.DecodeRuneInString(cell[end:])
		end += width
		runes++
	}
	if end == len(cell) {
		return strconv.Quote(cell)
	}
	return strconv.Quote(cell[:end] + "…")
}

// NoText reports whether a cell of a text says that there is none: "", "-", "n/a", "None", "?", "#N/A".
func NoText(cell string) bool { return placeholder(plain(cell)) }

// NoNumber is NoText for a season or an episode number, which also "Special" and "TBA" say.
func NoNumber(cell string) bool { return noNumber(plain(cell)) }

// NoDate is NoText for a date, which also "TBA" and "unaired" say.
func NoDate(cell string) bool { return readDate(cell).none }

func placeholder(text string) bool {
	switch text {
	case "", "n/a", "n.a.", "na", "none", "null", "nil", "nan", "#n/a", "(null)", "(none)", `\n`:
		return true
	}
	return strings.Trim(text, "-") == "" || strings.Trim(text, "?") == ""
}

func undecided(text string) bool {
	switch text {
	case "tba", "tbd", "tbc", "t.b.a.", "t.b.d.", "t.b.c.", "to be announced", "to be determined", "to be confirmed", "unknown":
		return true
	}
	return placeholder(text)
}

func noNumber(text string) bool {
	return text == "special" || text == "specials" || text == "unnumbered" || undecided(text)
}

func noDate(text string) bool {
	switch text {
	case "nat", "unaired", "not aired", "never aired", "not yet aired", "unreleased":
		return true
	}
	return undecided(text)
}

// SheetError reports whether a cell is what spreadsheets show in place of a formula's value that cannot be computed.
func SheetError(cell string) bool {
	if len(cell) == 0 || cell[0] != '#' {
		return false
	}
	switch strings.TrimRight(cell, " ") {
	case "#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
		"#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!", "#EXTERNAL!", "#GETTING_DATA", "#ERROR!":
		return true
	}
	return strings.Trim(cell, "#") == "" && len(cell) > 1 // a column too narrow for its dates
}
