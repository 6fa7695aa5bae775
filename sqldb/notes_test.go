package sqldb_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/callboard/callboard/sqldb"
)

// notes is a schema for tests. The label is unique where it is set.
func notes() sqldb.Migrations {
	return sqldb.Migrations{
		Name: "notes",
		SQLite: files(map[string]string{
			"00001_notes.sql": migration(`CREATE TABLE notes (
				id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, body TEXT NOT NULL DEFAULT '',
				label TEXT UNIQUE, done BOOLEAN NOT NULL DEFAULT FALSE, created_at BIGINT);`, `DROP TABLE notes;`),
			"00002_author.sql": migration(`CREATE INDEX notes_author ON notes (author);`, `DROP INDEX notes_author;`),
		}),
		Postgres: files(map[string]string{
			"00001_notes.sql": migration(`CREATE TABLE notes (
				id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author TEXT NOT NULL, body TEXT NOT NULL DEFAULT '',
				label TEXT UNIQUE, done BOOLEAN NOT NULL DEFAULT FALSE, created_at BIGINT);`, `DROP TABLE notes;`),
			"00002_author.sql": migration(`CREATE INDEX notes_author ON notes (author);`, `DROP INDEX notes_author;`),
		}),
	}
}

// tags is a second set, after notes.
func tags() sqldb.Migrations {
	same := files(map[string]string{
		"00003_tags.sql": migration(`CREATE TABLE tags (name TEXT PRIMARY KEY);`, `DROP TABLE tags;`),
	})
	return sqldb.Migrations{Name: "tags", SQLite: same, Postgres: same}
}

func migration(up, down string) string {
	return "-- +goose Up\n" + up + "\n\n-- +goose Down\n" + down + "\n"
}

func files(texts map[string]string) fstest.MapFS {
	tree := fstest.MapFS{}
	for name, text := range texts {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

func insert(ctx context.Context, tx *sqldb.Tx, author string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO notes (author) VALUES ($1)", author)
	return err
}

// write inserts one note per author, in one Write.
func write(t testing.TB, db *sqldb.DB, authors ...string) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		for _, author := range authors {
			if err := insert(ctx, tx, author); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("write: %v", err)
	}
}

// authors returns the authors of all committed notes, in the order of their insertion.
func authors(t testing.TB, q sqldb.Querier) []string {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), "SELECT author FROM notes ORDER BY id")
	if err != nil {
		t.Fatalf("read notes: %v", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var author string
		if err := rows.Scan(&author); err != nil {
			t.Fatalf("read notes: %v", err)
		}
		all = append(all, author)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read notes: %v", err)
	}
	return all
}

func count(t testing.TB, q sqldb.Querier) int {
	t.Helper()
	var n int
	if err := q.QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(&n); err != nil {
		t.Fatalf("count notes: %v", err)
	}
	return n
}
