package activity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/callboard/callboard/sqldb"
)

// Full text is the one place where the two databases must be asked differently. Words are letters and digits only, so
// nothing in them is an operator of either query language.

const (
	// minPrefix is the shortest beginning that is searched, in characters; a single character is a word of its own.
	minPrefix = 2
	// maxPrefix is the longest beginning that SQLite's full text has an index of, as its table says.
	maxPrefix = 3
	// maxExpansion is how many words a longer beginning may stand for. With more, its first characters are searched, and what is
	// found is checked: words in such numbers are mostly numbers or codes.
	maxExpansion = 128
	// checkLimit is how many entries are checked by one read.
	checkLimit = 128
)

// Blocks are of 131,072 positions. The full text of SQLite has a word for each, since it looks for the next entry that has all
// of several words however far it is, unless one of them comes to its end: two frequent words that are never together would
// take 14 ms in a million entries, and 0.1 ms in ten thousand.
const (
	blockBits = 17
	// fewEntries is how many entries a word may have for all of them to be gone through at once.
	fewEntries = 256
	// firstBlock is the word of the first block. It and the next are private characters of Unicode, which are in no query.
	firstBlock, blockWords = 0xF0000, 65_534
)

func blockWord(block int64) string { return string(rune(firstBlock + block%blockWords)) }

// reading reads the newest entries from before a position, as scan.read does.
type reading func(ctx context.Context, before int64, limit int) ([]Entry, int64, error)

// textReader returns what finds entries by their words. Where all words are frequent and a filter has an index, that is gone through
// instead, and the words are checked: of two frequent things together there may be few, or none.
func (s *Service) textReader(ctx context.Context, words []string, r scan) (reading, error) {
	var byWords reading
	few := false
	if s.db.Dialect() == sqldb.SQLite {
		q, err := newTextQuery(ctx, s.db, words)
		if err != nil {
			return nil, err
		}
		if byWords = q.read; len(r.index) > 0 {
			if _, few, err = q.probe(ctx, r.end); err != nil {
				return nil, err
			}
		}
	} else {
		byWords = func(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
			return s.searchPostgres(ctx, words, before, limit)
		}
		if len(r.index) > 0 {
			var err error
			if few, err = s.fewOnPostgres(ctx, words); err != nil {
				return nil, err
			}
		}
	}
	if len(r.index) == 0 || few {
		return byWords, nil
	}
	return func(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
		entries, reached, err := r.read(ctx, before, limit)
		return slices.DeleteFunc(entries, func(e Entry) bool { return !hasWords(e, words) }), reached, err
	}, nil
}

// fewOnPostgres reports whether the index finds few entries with all words: it is asked for no more than that.
func (s *Service) fewOnPostgres(ctx context.Context, words []string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM callboard_activity WHERE words @@ CAST($1 AS tsquery) LIMIT $2) AS found`,
		tsquery(words), recentEntries).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read words of activity: %w", err)
	}
	return n < recentEntries, nil
}

// textQuery finds entries by their words on SQLite.
type textQuery struct {
	db    sqldb.Querier
	terms []string // of the full text, one for each word
	check []string // words whose terms find more than they should
}

func newTextQuery(ctx context.Context, db sqldb.Querier, words []string) (textQuery, error) {
	q := textQuery{db: db}
	for _, w := range words {
		switch n := utf8.RuneCountInString(w); {
		case n < minPrefix:
			q.terms = append(q.terms, `"`+w+`"`)
			continue
		case n <= maxPrefix:
			q.terms = append(q.terms, `"`+w+`"*`)
			continue
		}
		whole, err := expand(ctx, db, w)
		switch {
		case err != nil:
			return textQuery{}, err
		case len(whole) > maxExpansion:
			q.terms, q.check = append(q.terms, `"`+string([]rune(w)[:maxPrefix])+`"*`), append(q.check, w)
		case len(whole) > 0:
			q.terms = append(q.terms, `("`+strings.Join(whole, `" OR "`)+`")`)
		default: // no entry has it
			q.terms = append(q.terms, `"`+w+`"`)
		}
	}
	return q, nil
}

// expand returns the words that begin with prefix, and at most one more than maxExpansion. SQLite would find them too, but
// gather all their entries before the first is known: a frequent one takes 200 ms in a million entries instead of 0.2.
// Each word is sought behind the one before, since the vocabulary lists a word as often as it occurs.
func expand(ctx context.Context, db sqldb.Querier, prefix string) ([]string, error) {
	rows, err := db.QueryContext(ctx, `WITH RECURSIVE found (word) AS (
			SELECT (SELECT term FROM callboard_activity_vocabulary WHERE term >= $1 LIMIT 1)
			UNION ALL SELECT (SELECT term FROM callboard_activity_vocabulary WHERE term >= word || char(1) LIMIT 1) FROM found WHERE word < $2)
		SELECT word FROM found WHERE word < $2 LIMIT $3`, prefix, prefix+string(utf8.MaxRune), maxExpansion+1)
	return sqldb.CollectValues[string](rows, err, "read words of activity")
}

// read is scan.read for a search.
func (q textQuery) read(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
	text, floor, n := strings.Join(q.terms, " AND "), int64(0), limit
	if len(q.terms) > 1 {
		newest, few, err := q.probe(ctx, before)
		if err != nil || newest == 0 {
			return nil, 0, err
		}
		before = newest + 1
		if !few {
			block := newest >> blockBits
			text, floor = text+` AND "`+blockWord(block)+`"`, block<<blockBits
		}
	}
	if len(q.check) > 0 {
		n = checkLimit
	}
	entries, err := queryEntries(ctx, q.db, `SELECT `+strings.Join(entryColumns(), ", ")+`
		FROM callboard_activity_words CROSS JOIN callboard_activity ON callboard_activity.pos = callboard_activity_words.rowid
		WHERE callboard_activity_words MATCH $1 AND callboard_activity_words.rowid >= $2 AND callboard_activity_words.rowid < $3
		ORDER BY callboard_activity_words.rowid DESC LIMIT $4`, text, floor, before, n)
	reached := reachedBy(entries, n, floor)
	if len(q.check) > 0 {
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return !q.passes(e) })
	}
	if len(entries) > limit {
		entries, reached = entries[:limit], entries[limit-1].Pos
	}
	return entries, reached, err
}

// probe returns where the newest entry with all terms may be, 0 for nowhere, and whether one of the terms has few entries.
func (q textQuery) probe(ctx context.Context, before int64) (newest int64, few bool, err error) {
	newest = before - 1
	for _, term := range q.terms {
		var n int
		var last int64
		err := q.db.QueryRowContext(ctx, `SELECT count(*), coalesce(max(rowid), 0) FROM (SELECT rowid FROM callboard_activity_words
			WHERE callboard_activity_words MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3)`, term, before, fewEntries).Scan(&n, &last)
		if err != nil {
			return 0, false, fmt.Errorf("read words of activity: %w", err)
		}
		newest, few = min(newest, last), few || n < fewEntries
	}
	return newest, few, nil
}

// passes tells whether each word that is to be checked begins one of the entry.
func (q textQuery) passes(e Entry) bool { return hasWords(e, q.check) }

// hasWords reports whether each of words begins one of the entry; a single character has to be one.
func hasWords(e Entry, words []string) bool {
	there := entryWords(e)
	for _, w := range words {
		if !slices.ContainsFunc(there, func(word string) bool {
			return word == w || utf8.RuneCountInString(w) >= minPrefix && strings.HasPrefix(word, w)
		}) {
			return false
		}
	}
	return true
}

// recentEntries is how many entries are read through on PostgreSQL, before its index is asked. The index finds all entries
// with a word or none, so it is for words that are rare.
const recentEntries = 5000

// searchPostgres returns the newest entries in which all words begin one. The inner limit and MATERIALIZED keep the planner,
// which cannot know how frequent a word is, from walking the whole log for a rare one.
func (s *Service) searchPostgres(ctx context.Context, words []string, before int64, limit int) ([]Entry, int64, error) {
	columns := strings.Join(entryColumns(), ", ")
	var entries []Entry
	for _, query := range []string{
		`SELECT ` + columns + ` FROM (SELECT * FROM callboard_activity WHERE pos < $2 ORDER BY pos DESC LIMIT ` + strconv.Itoa(recentEntries) + `) AS recent
			WHERE words @@ CAST($1 AS tsquery) ORDER BY pos DESC LIMIT $3`,
		`WITH found AS MATERIALIZED (SELECT pos FROM callboard_activity WHERE words @@ CAST($1 AS tsquery))
			SELECT ` + columns + ` FROM callboard_activity WHERE pos IN (SELECT pos FROM found WHERE pos < $2 ORDER BY pos DESC LIMIT $3)
			ORDER BY pos DESC`,
	} {
		var err error
		if entries, err = queryEntries(ctx, s.db, query, tsquery(words), before, limit); err != nil || len(entries) == limit {
			return entries, reachedBy(entries, limit, 0), err
		}
	}
	return entries, 0, nil
}

// tsquery returns the query of PostgreSQL for entries that have all words.
func tsquery(words []string) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = w
		if utf8.RuneCountInString(w) >= minPrefix {
			terms[i] += ":*"
		}
	}
	return strings.Join(terms, " & ")
}
