package value

import "strings"

// CutCode splits a title such as "S01E05 - Pilot" into the place that it begins with, and the rest.
func CutCode(title string) (n Numbering, rest string, ok bool) {
	text := CleanLine(title)
	if text == "" || !strings.ContainsRune("sS0123456789", rune(text[0])) {
		return Numbering{}, title, false
	}
	code, rest, _ := strings.Cut(text, " ")
	code = strings.TrimRight(code, ":.-–—")
	rest = strings.TrimLeft(rest, " :.-–—|")
	if n, err := ParseNumber(code); err == nil && n.Season != nil && n.Number != nil && n.Rule == "" && rest != "" {
		return n, rest, true
	}
	return Numbering{}, title, false
}
