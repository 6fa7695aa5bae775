package activity

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/callboard/callboard/internal/sqltext"
)

// Limits of the full text.
const (
	maxQueryWords = 16
	maxEntryWords = 200 // words of one entry that can be found
	maxWord       = 64  // bytes of one word; what is longer is cut
)

// wordsOf splits text into the words that are indexed and searched: letters and digits, without case and accents. It is
// done here, and not by the databases, so that both find the same.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(sqltext.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		words[i] = cut(w, maxWord)
	}
	return words
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// entryWords returns the distinct words by which an entry is found, always the same ones.
func entryWords(e Entry) []string {
	words := wordsOf(e.UserName + " " + e.Resource.Name + " " + e.Action + " " + e.Resource.Type)
	var metadata any
	if json.Unmarshal(e.Metadata, &metadata) != nil {
		return distinct(words, maxEntryWords)
	}
	var b strings.Builder
	writeStrings(&b, metadata)
	more := wordsOf(b.String())
	if len(words)+len(more) > maxEntryWords {
		slices.Sort(more) // the order of a map is not the same each time
	}
	return distinct(append(words, more...), maxEntryWords)
}

// writeStrings collects the text values of a JSON document; its keys are not searched.
func writeStrings(b *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		b.WriteString(v)
		b.WriteByte(' ')
	case []any:
		for _, item := range v {
			writeStrings(b, item)
		}
	case map[string]any:
		for _, item := range v {
			writeStrings(b, item)
		}
	}
}

func distinct(words []string, limit int) []string {
	seen := make(map[string]bool, len(words))
	var out []string
	for _, w := range words {
		if !seen[w] && len(out) < limit {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}
