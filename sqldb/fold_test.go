package sqldb_test

import (
	"context"
	"testing"

	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestFoldAndContains(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		for _, body := range []string{"Žluťoučký KŮŇ", `100% of a_b\c`, "100 percent"} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO notes (author, body) VALUES ('ada', $1)", sqltext.Fold(body))
				return err
			})
			if err != nil {
				t.Fatalf("write: %v", err)
			}
		}
		for text, want := range map[string]int{"kůň": 1, "KUN": 1, "zlutoucky": 1, "100": 2, "100%": 1, "a_b": 1, "a.b": 0, `b\c`: 1, "": 3} {
			var got int
			err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM notes WHERE body LIKE $1 ESCAPE '\'`, sqltext.Contains(text)).Scan(&got)
			if err != nil || got != want {
				t.Errorf("%q is found %d times, %v; want %d", text, got, err, want)
			}
		}
	}, notes())
}
