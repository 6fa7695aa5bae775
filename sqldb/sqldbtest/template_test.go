package sqldbtest_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// tableOf is a set of migrations that make one table with a column of that name.
func tableOf(column string) sqldb.Migrations {
	const head, down = "-- +goose Up\n", "\n-- +goose Down\nDROP TABLE words;\n"
	files := fstest.MapFS{"00001_words.sql": {Data: []byte(head + "CREATE TABLE words (" + column + " TEXT);" + down)}}
	return sqldb.Migrations{Name: "words", SQLite: files, Postgres: files}
}

// Databases of one schema are copies that share nothing, and migrations that say something else make another schema.
func TestCopiesAreApart(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		first, second := sqldbtest.Open(t, kind, tableOf("word")), sqldbtest.Open(t, kind, tableOf("word"))
		err := first.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO words (word) VALUES ('curtain')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		again, other := sqldbtest.Open(t, kind, tableOf("word")), sqldbtest.Open(t, kind, tableOf("line"))
		for name, n := range map[string]int{
			"the first":  len(sqldbtest.Column[string](t, first, `SELECT word FROM words`)) - 1,
			"the second": len(sqldbtest.Column[string](t, second, `SELECT word FROM words`)),
			"a later":    len(sqldbtest.Column[string](t, again, `SELECT word FROM words`)),
			"another":    len(sqldbtest.Column[string](t, other, `SELECT line FROM words`)),
		} {
			if n != 0 {
				t.Errorf("%s copy has %d rows too many", name, n)
			}
		}
	})
}
