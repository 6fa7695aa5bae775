package activity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"callboard/sqldb"
)

// Full text is the one place where the two databases must be asked differently. Words are letters and digits only, so
// nothing in them is an operator of either query language.
//
// A word may occur in every entry, or in none of millions, and neither may be slow.

// match finds entries by their words on SQLite.
type match struct {
	db     sqldb.Querier
	words  []string
	terms  []string // of the full text, one for each word
	exact  bool     // the terms find nothing else
	looked int      // entries that may be read in a step, when the terms find more
}

const (
	// blockBits makes blocks of 65,536 positions. The full text has a word for each, and that bounds a search for several
	// words: SQLite goes on to the next entry that has them all, however far it is, unless one of them comes to its end.
	blockBits = 16
	// firstBlock is the word of the first block. It and the next are private characters of Unicode, which are in no query.
	firstBlock, blockWords = 0xF0000, 65_534
	// fewEntries is how many entries a word may have for all of them to be gone through in one step.
	fewEntries = 256
)

func blockOf(pos int64) int64 { return pos >> blockBits }

func blockWord(block int64) string { return string(rune(firstBlock + block%blockWords)) }

// read is a step.
func (m match) read(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
	if m.exact {
		return m.candidates(ctx, before, limit)
	}
	candidates, reached, err := m.candidates(ctx, before, m.looked)
	found := slices.DeleteFunc(candidates, func(e Entry) bool { return !m.passes(e) })
	if err != nil || len(found) < limit {
		return found, reached, err
	}
	return read(found, limit, reached)
}

// passes tells whether each of the words begins one of the entry.
func (m match) passes(e Entry) bool {
	words := entryWords(e)
	for _, w := range m.words {
		begins := func(word string) bool {
			return word == w || utf8.RuneCountInString(w) >= minPrefix && strings.HasPrefix(word, w)
		}
		if !slices.ContainsFunc(words, begins) {
			return false
		}
	}
	return true
}

// candidates returns the entries that the terms find: of a single one all, of several those in one block, unless one of
// them leads to few.
func (m match) candidates(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
	all := strings.Join(m.terms, " AND ")
	if len(m.terms) == 1 {
		entries, err := m.query(ctx, all, span{0, before}, limit)
		return orFail(entries, limit, 0, err)
	}
	before, err := m.end(ctx, before)
	if err != nil {
		return nil, 0, err
	}
	block := blockOf(before - 1)
	floor := block << blockBits
	entries, err := m.query(ctx, all+` AND "`+blockWord(block)+`"`, span{floor, before}, limit)
	if err != nil || len(entries) == limit || floor == 0 {
		return orFail(entries, limit, floor, err)
	}
	if few, err := m.few(ctx, floor); err != nil || !few {
		return entries, floor, err
	}
	older, err := m.query(ctx, all, span{0, floor}, limit-len(entries))
	return orFail(append(entries, older...), limit, 0, err)
}

// end returns the position behind the newest entry from before the given one, or thereabouts.
func (m match) end(ctx context.Context, before int64) (int64, error) {
	var end int64
	if err := m.db.QueryRowContext(ctx, `SELECT coalesce(max(pos), 0) + 1 FROM activity`).Scan(&end); err != nil {
		return 0, fmt.Errorf("read activity: %w", err)
	}
	return min(before, end), nil
}

func orFail(entries []Entry, limit int, floor int64, err error) ([]Entry, int64, error) {
	if err != nil {
		return nil, 0, err
	}
	return read(entries, limit, floor)
}

// few tells whether one of the terms finds few entries from before a position.
func (m match) few(ctx context.Context, before int64) (bool, error) {
	for _, term := range m.terms {
		var n int
		err := m.db.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT rowid FROM activity_words
			WHERE activity_words MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3)`, term, before, fewEntries).Scan(&n)
		if err != nil {
			return false, fmt.Errorf("read words of activity: %w", err)
		}
		if n < fewEntries {
			return true, nil
		}
	}
	return false, nil
}

// query walks the full text from its newest end, and only as far as needed.
func (m match) query(ctx context.Context, text string, within span, limit int) ([]Entry, error) {
	return queryEntries(ctx, m.db, `SELECT `+strings.Join(entryColumns(), ", ")+`
		FROM activity_words CROSS JOIN activity ON activity.pos = activity_words.rowid
		WHERE activity_words MATCH $1 AND activity_words.rowid >= $2 AND activity_words.rowid < $3
		ORDER BY activity_words.rowid DESC LIMIT $4`, text, within.first, within.end, limit)
}

// selectFound returns the newest entries in which all words begin one, on PostgreSQL.
func selectFound(ctx context.Context, q sqldb.Querier, words []string, before int64, limit int) ([]Entry, error) {
	query := postgresQuery(words)
	entries, err := queryEntries(ctx, q, foundIn(`SELECT pos, words FROM activity_words
		WHERE pos < $2 ORDER BY pos DESC LIMIT `+strconv.Itoa(recentEntries), `WHERE `+matches), query, before, limit)
	if err != nil || len(entries) == limit {
		return entries, err
	}
	return queryEntries(ctx, q, foundIn(`SELECT pos FROM activity_words WHERE `+matches, `WHERE pos < $2`), query, before, limit)
}

func postgresQuery(words []string) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = w
		if utf8.RuneCountInString(w) >= minPrefix {
			terms[i] += ":*"
		}
	}
	return strings.Join(terms, " & ")
}

// recentEntries is how many entries are read through on PostgreSQL, before its index is asked. The index finds all entries
// with a word or none, so it is for words that are rare.
const recentEntries = 5000

const matches = `to_tsvector('simple', words) @@ to_tsquery('simple', $1)`

// foundIn returns the query for the newest entries of a set of positions. MATERIALIZED and the inner limit keep the
// planner, which cannot know how frequent a word is, from walking the whole log for a rare one.
func foundIn(set, where string) string {
	return `WITH found AS MATERIALIZED (` + set + `)
		SELECT ` + strings.Join(entryColumns(), ", ") + ` FROM activity
		WHERE pos IN (SELECT pos FROM found ` + where + ` ORDER BY pos DESC LIMIT $3) ORDER BY pos DESC`
}
