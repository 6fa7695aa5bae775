package dataset

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// wordsPerInsert is how many rows one statement inserts.
const wordsPerInsert = 500

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
		// Larger segments than those of single writes, or merging them would take most of the time.
		if err := execute(ctx, db, `INSERT INTO activity_words (activity_words, rank) VALUES ('hashsize', 67108864)`); err != nil {
			return err
		}
	}
	if err := insertWords(ctx, db, `INSERT INTO activity_words (`+key+`, words) VALUES `, e); err != nil || !tuned {
		return err
	}
	return execute(ctx, db, `DELETE FROM activity_words_config WHERE k = 'hashsize'`)
}

func insertWords(ctx context.Context, db *sql.Conn, insert string, e *entries) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill the full text: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it has nothing to do
	args := make([]any, 0, 2*wordsPerInsert)
	full, err := tx.PrepareContext(ctx, insert+tuples(wordsPerInsert, 2))
	if err != nil {
		return fmt.Errorf("fill the full text: %w", err)
	}
	defer full.Close()
	for pos := 1; pos <= e.count; pos++ {
		made := e.at(pos)
		if args = append(args, made.pos, e.words(&made)); len(args) < 2*wordsPerInsert {
			continue
		}
		if _, err := full.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("fill the full text: %w", err)
		}
		args = args[:0]
	}
	if len(args) > 0 {
		if _, err := tx.ExecContext(ctx, insert+tuples(len(args)/2, 2), args...); err != nil {
			return fmt.Errorf("fill the full text: %w", err)
		}
	}
	return tx.Commit()
}

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

// moveWords takes the full text from the database at path: its tables as they are.
func moveWords(ctx context.Context, db *sql.Conn, path string) error {
	if err := execute(ctx, db, `ATTACH `+quote(path)+` AS words`); err != nil {
		return err
	}
	names, err := texts(ctx, db, `SELECT name FROM words.sqlite_master
		WHERE type = 'table' AND name GLOB 'activity_words*' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
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
