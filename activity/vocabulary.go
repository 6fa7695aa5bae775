package activity

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"callboard/sqldb"
)

// A search is for beginnings of words. SQLite's full text walks the entries with a whole word from the newest one, and
// stops when it has enough; for a beginning it would first gather the entries of every word that begins like this, which
// takes seconds when they are frequent. Its index of beginnings keeps short ones as if they were words, and a table of all
// longer words tells which ones a longer beginning stands for.
const (
	// minPrefix is the shortest beginning that is searched, in characters; a single character is a word of its own.
	minPrefix = 2
	// longPrefix is one more than the longest beginning that the full text indexes, as its table says.
	longPrefix = 4
	// maxExpansion is how many words a beginning may stand for; with more, the full text gathers after all. Each costs a
	// few look-ups, and words in such numbers are mostly numbers or codes, each in few entries.
	maxExpansion = 256
	// maxKnown bounds the words that a process remembers to be in the table.
	maxKnown = 50_000
)

// vocabulary writes new words to the table of words. It belongs to the handler, which is called once at a time.
type vocabulary struct{ known map[string]bool }

func newVocabulary() *vocabulary { return &vocabulary{known: map[string]bool{}} }

// add writes those of the words that may be new.
func (v *vocabulary) add(ctx context.Context, tx *sqldb.Tx, words []string) error {
	var rows [][]any
	var added []string
	for _, w := range distinct(words, len(words)) {
		if !v.known[w] && utf8.RuneCountInString(w) >= longPrefix {
			rows, added = append(rows, []any{w}), append(added, w)
		}
	}
	err := sqldb.BulkInsert(ctx, tx, "activity_vocabulary", []string{"word"}, rows, "ON CONFLICT DO NOTHING")
	if err != nil {
		return fmt.Errorf("write vocabulary of activity: %w", err)
	}
	tx.OnCommit(func() { v.remember(added) })
	return nil
}

func (v *vocabulary) remember(words []string) {
	if len(v.known)+len(words) > maxKnown {
		clear(v.known)
	}
	for _, w := range words {
		v.known[w] = true
	}
}

// matchText returns the full-text query for entries in which each of the words begins one. It is empty when there are none.
func matchText(ctx context.Context, q sqldb.Querier, words []string) (string, error) {
	terms := make([]string, len(words))
	for i, w := range words {
		n := utf8.RuneCountInString(w)
		switch {
		case n < minPrefix:
			terms[i] = `"` + w + `"`
		case n < longPrefix:
			terms[i] = `"` + w + `"*`
		default:
			whole, err := wordsFrom(ctx, q, w)
			if err != nil || len(whole) == 0 {
				return "", err
			}
			terms[i] = anyOf(w, whole)
		}
	}
	return strings.Join(terms, " AND "), nil
}

func anyOf(prefix string, words []string) string {
	if len(words) > maxExpansion {
		return `"` + prefix + `"*`
	}
	return `("` + strings.Join(words, `" OR "`) + `")`
}

// wordsFrom returns the known words that begin with prefix, and at most one more than maxExpansion.
func wordsFrom(ctx context.Context, q sqldb.Querier, prefix string) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT word FROM activity_vocabulary WHERE word >= $1 AND word < $2 ORDER BY word LIMIT $3`,
		prefix, prefix+string(utf8.MaxRune), maxExpansion+1)
	if err != nil {
		return nil, fmt.Errorf("read vocabulary of activity: %w", err)
	}
	defer rows.Close()
	var words []string
	for rows.Next() {
		var w string
		if err := rows.Scan(&w); err != nil {
			return nil, fmt.Errorf("read vocabulary of activity: %w", err)
		}
		words = append(words, w)
	}
	return words, rows.Err()
}
