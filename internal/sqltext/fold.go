package sqltext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns text as it is searched and sorted: without case and accents. It is done here, and kept in a column of its
// own, because the two databases fold differently.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) { // a mark that the decomposition has split off
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

// Contains returns the pattern for LIKE … ESCAPE '\' that finds text anywhere within a folded column.
func Contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(Fold(text)) + "%"
}
