package value_test

import (
	"strings"
	"testing"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, cell, text, line string }{
		{"empty", "", "", ""},
		{"ascii", "Dead Reckoning", "Dead Reckoning", "Dead Reckoning"},
		{"spaces around", "  Pilot\t ", "Pilot", "Pilot"},
		{"spaces inside stay", "a  b", "a  b", "a  b"},
		{"line breaks", "a\r\nb\rc\nd", "a\nb\nc\nd", "a b c d"},
		{"Unicode line breaks", "a\u2028b\u2029c\vd\fe", "a\nb\nc\nd\ne", "a b c d e"},
		{"an empty line", "a \n\n b", "a \n\n b", "a b"},
		{"tabs", "a\tb", "a\tb", "a b"},
		{"entities", "Law &amp; Order &#39;A&#x27; &quot;b&quot; &eacute;", `Law & Order 'A' "b" é`, `Law & Order 'A' "b" é`},
		{"entities of spaces", "17&nbsp;December&#160;1989&#8203;", "17 December 1989", "17 December 1989"},
		{"entities are decoded once", "&amp;amp;", "&amp;", "&amp;"},
		{"an entity without a semicolon is none", "R&D &copy AT&T ?a=1&copy=2;", "R&D &copy AT&T ?a=1&copy=2;", "R&D &copy AT&T ?a=1&copy=2;"},
		{"the beginning of an entity is none", "&notit; &ampx;", "&notit; &ampx;", "&notit; &ampx;"},
		{"a semicolon as an entity", "&semi;", ";", ";"},
		{"Windows-1252 in an entity", "It&#146;s", "It’s", "It’s"},
		{"Windows-1252 taken for Latin-1", "It\u0092s \u0093on\u0094\u0085\u0081", "It’s “on”…", "It’s “on”…"},
		{"control characters", "A\x00B\x07C\x1b[31mD\x7f", "ABC[31mD", "ABC[31mD"},
		{"zero width", "\ufeffA\u200bB\u2060C\u00adD", "ABCD", "ABCD"},
		{"spaces of Unicode", "a\u00a0b\u2009c\u202fd\u3000e\u00a0", "a b c d e", "a b c d e"},
		{"direction in Latin", "\u200eA\u200fB\u202eC\u2066D\u2069", "ABCD", "ABCD"},
		{"marks of direction in Hebrew", "\u200fשלום C\u200f!\u200f", "שלום C\u200f!", "שלום C\u200f!"},
		{"joiners as noise", "\u200dA\u200dB \u200c c\u200d", "AB  c", "AB  c"},
		{"joiners in Persian", "می\u200cخواهم\u200c", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiners in Sinhala", "ශ්\u200dරී", "ශ්\u200dරී", "ශ්\u200dරී"},
		{"joiners that end a Malayalam word", "അവന്\u200d വന്നു", "അവന്\u200d വന്നു", "അവന്\u200d വന്നു"},
		{"joiners in emoji", "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈", "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈", "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈"},
		{"a joiner behind an emoji", "👩\u200d", "👩", "👩"},
		{"flags of tags", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"},
		{"nothing to see", "\u00a0\u200b\ufeff ", "", ""},
		{"what is no UTF-8 stays", "Caf\xe9\u00a0", "Caf\xe9", "Caf\xe9"},
		{"nor does it become a character", "0\xc2\x04\x910", "0\xc2 \x910", "0\xc2 \x910"},
		{"Japanese", "日本語", "日本語", "日本語"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := value.Clean(tt.cell); got != tt.text {
				t.Errorf("Clean(%q) = %q, want %q", tt.cell, got, tt.text)
			}
			if got := value.CleanLine(tt.cell); got != tt.line {
				t.Errorf("CleanLine(%q) = %q, want %q", tt.cell, got, tt.line)
			}
		})
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ cell, want string }{
		{"VII", `"VII"`},
		{"", `""`},
		{"a\x1b]0;x\ab", `"a\x1b]0;x\ab"`},
		{"17\u00a0Dec\u200b\u202e", `"17\u00a0Dec\u200b\u202e"`},
		{"\u009b31m", `"\u009b31m"`},
		{"\xff", `"\xff"`},
		{`say "hi"`, `"say \"hi\""`},
		{strings.Repeat("é", 40), `"` + strings.Repeat("é", 40) + `"`},
		{strings.Repeat("é", 41), `"` + strings.Repeat("é", 40) + `…"`},
	} {
		if got := value.Show(tt.cell); got != tt.want {
			t.Errorf("Show(%q) = %s, want %s", tt.cell, got, tt.want)
		}
	}
}

func TestNoValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cell               string
		text, number, date bool
	}{
		{"", true, true, true},
		{" \u200b", true, true, true},
		{"-", true, true, true},
		{"—", true, true, true},
		{"–", true, true, true},
		{"−−", true, true, true},
		{"?", true, true, true},
		{"???", true, true, true},
		{"N/A", true, true, true},
		{"n.a.", true, true, true},
		{"na", true, true, true},
		{"None", true, true, true},
		{"NULL", true, true, true},
		{"(null)", true, true, true},
		{`\N`, true, true, true},
		{"NaN", true, true, true},
		{"#N/A", true, true, true},
		{"TBA", false, true, true},
		{"tbc", false, true, true},
		{"Unknown", false, true, true},
		{"Special", false, true, false},
		{"unaired", false, false, true},
		{"Nana", false, false, false},
		{"none of us", false, false, false},
		{"0", false, false, false},
		{"No", false, false, false},
	} {
		if got := value.NoText(tt.cell); got != tt.text {
			t.Errorf("NoText(%q) = %t", tt.cell, got)
		}
		if got := value.NoNumber(tt.cell); got != tt.number {
			t.Errorf("NoNumber(%q) = %t", tt.cell, got)
		}
		if got := value.NoDate(tt.cell); got != tt.date {
			t.Errorf("NoDate(%q) = %t", tt.cell, got)
		}
	}
}

func TestSheetError(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#N/A", "#####"} {
		if !value.SheetError(cell) {
			t.Errorf("SheetError(%q) = false", cell)
		}
	}
	for _, cell := range []string{"", "#", "#5", "#NAME", "NAME?", "#blackAF"} {
		if value.SheetError(cell) {
			t.Errorf("SheetError(%q) = true", cell)
		}
	}
}
