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
	// maxExpansion is how many words a beginning may stand for. With more, its first three characters are searched, and
	// what is found is looked at: words in such numbers are mostly numbers or codes.
	maxExpansion = 512
	// maxKnown bounds what a process remembers to be in a table.
	maxKnown = 50_000
)

// memory is what is known to be in a table. It belongs to the handler, which is called once at a time.
type memory[K comparable] struct{ known map[K]bool }

func newMemory[K comparable]() memory[K] { return memory[K]{known: map[K]bool{}} }

func (m memory[K]) remember(keys []K) {
	if len(m.known)+len(keys) > maxKnown {
		clear(m.known)
	}
	for _, k := range keys {
		m.known[k] = true
	}
}

// addVocabulary writes those of the words that may be new.
func (h *Handler) addVocabulary(ctx context.Context, tx *sqldb.Tx, words []string) error {
	var rows [][]any
	var fresh []string
	for _, w := range distinct(words, len(words)) {
		if !h.words.known[w] && utf8.RuneCountInString(w) >= longPrefix {
			rows, fresh = append(rows, []any{w}), append(fresh, w)
		}
	}
	err := sqldb.BulkInsert(ctx, tx, "activity_vocabulary", []string{"word"}, rows, "ON CONFLICT DO NOTHING")
	if err != nil {
		return fmt.Errorf("write vocabulary of activity: %w", err)
	}
	tx.OnCommit(func() { h.words.remember(fresh) })
	return nil
}

// newMatch returns what finds the entries in which each of the words begins one. It has no terms when there are none.
func newMatch(ctx context.Context, q sqldb.Querier, words []string, looked int) (match, error) {
	m := match{db: q, words: words, exact: true, looked: looked}
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		switch {
		case n < minPrefix:
			m.terms = append(m.terms, `"`+w+`"`)
			continue
		case n < longPrefix:
			m.terms = append(m.terms, `"`+w+`"*`)
			continue
		}
		whole, err := wordsFrom(ctx, q, w)
		if err != nil || len(whole) == 0 {
			return match{}, err
		}
		if len(whole) > maxExpansion {
			m.terms, m.exact = append(m.terms, `"`+string([]rune(w)[:longPrefix-1])+`"*`), false
			continue
		}
		m.terms = append(m.terms, `("`+strings.Join(whole, `" OR "`)+`")`)
	}
	return m, nil
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
