package dataset

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// wordsPerInsert is how many rows one statement inserts. Each leaves a segment of the full text, of which there may be
// 2,000.
const wordsPerInsert = 16_384

// fillWords fills the full text of the log in db, in the way that its schema tells.
func fillWords(ctx context.Context, db *sql.Conn, e *entries) error {
	var text string
	err := db.QueryRowContext(ctx, `SELECT sql FROM sqlite_master WHERE name = 'activity_words'`).Scan(&text)
	if err != nil {
		return fmt.Errorf("find activity_words in the schema: %w", err)
	}
	key, tuned := "pos", strings.Contains(strings.ToLower(text), "using fts5")
	if tuned {
		key = "rowid"
		// Large segments that are merged once, at the end, or merging would take most of the time.
		err := execute(ctx, db, `INSERT INTO activity_words (activity_words, rank) VALUES ('hashsize', 67108864)`,
			`INSERT INTO activity_words (activity_words, rank) VALUES ('automerge', 0)`,
			`INSERT INTO activity_words (activity_words, rank) VALUES ('crisismerge', 1999)`)
		if err != nil {
			return err
		}
	}
	if err := insertWords(ctx, db, key, e); err != nil || !tuned {
		return err
	}
	return execute(ctx, db, `INSERT INTO activity_words (activity_words) VALUES ('optimize')`)
}

func insertWords(ctx context.Context, db *sql.Conn, key string, e *entries) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill the full text: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it has nothing to do
	var list strings.Builder
	for first := 1; first <= e.count; first += wordsPerInsert {
		list.Reset()
		separator := `["`
		for pos := first; pos <= min(first+wordsPerInsert-1, e.count); pos++ {
			made := e.at(pos)
			list.WriteString(separator)
			list.WriteString(e.words(&made) + block(made.pos))
			separator = `","`
		}
		list.WriteString(`"]`)
		_, err := tx.ExecContext(ctx, `INSERT INTO activity_words (`+key+`, words) SELECT key + $1, value FROM json_each($2)`, first, list.String())
		if err != nil {
			return fmt.Errorf("fill the full text: %w", err)
		}
	}
	return tx.Commit()
}

// block returns the word that the product gives all entries of a block of positions.
func block(pos int64) string { return " " + string(rune(0xF0000+pos>>16)) }

// vocabularyWord is how many letters the words of the vocabulary have at least.
const vocabularyWord = 4

// fillVocabulary fills the table of all longer words, by which the product finds those that begin in some way.
func fillVocabulary(ctx context.Context, db *sql.Conn, e *entries) error {
	t, err := newTable(ctx, db, "activity_vocabulary", "word")
	if err != nil {
		return err
	}
	for _, word := range slices.Sorted(maps.Keys(e.vocabulary())) {
		if len(word) < vocabularyWord {
			continue
		}
		if err := t.add(ctx, word); err != nil {
			return err
		}
	}
	return t.finish(ctx)
}

// vocabulary returns the words of all entries.
func (e *entries) vocabulary() map[string]bool {
	words := map[string]bool{}
	add := func(text string) {
		for word := range strings.FieldsSeq(text) {
			words[word] = true
		}
	}
	acted, touched, happened := make([]bool, len(e.users)), make([]bool, len(e.resources)), map[*variant]bool{}
	for pos := 1; pos <= e.count; pos++ {
		made := e.at(pos)
		if v := e.variantOf(&made); !happened[v] {
			happened[v] = true
			add(v.words)
		}
		if !acted[made.user] {
			acted[made.user] = true
			add(e.users[made.user].words)
		}
		if !touched[made.about] {
			touched[made.about] = true
			add(e.resources[made.about].words)
		}
	}
	return words
}

// tuples returns the placeholders of n rows.
func tuples(n, columns int) string {
	row := "(" + strings.Repeat(", ?", columns)[2:] + ")"
	return strings.Repeat(", "+row, n)[2:]
}

// moveWords takes the full text from the database at path: its tables as they are, but for its settings.
func moveWords(ctx context.Context, db *sql.Conn, path string) error {
	if err := execute(ctx, db, `ATTACH `+quote(path)+` AS words`); err != nil {
		return err
	}
	names, err := texts(ctx, db, `SELECT name FROM words.sqlite_master
		WHERE type = 'table' AND name GLOB 'activity_words*' AND name <> 'activity_words_config' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := execute(ctx, db, `DELETE FROM main.`+name, `INSERT INTO main.`+name+` SELECT * FROM words.`+name); err != nil {
			return err
		}
	}
	return execute(ctx, db, `DETACH words`)
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
