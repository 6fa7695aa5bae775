package sqldb_test

import (
	"context"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// PostgreSQL keeps every text prepared, so inserts of all sizes must be few texts.
func TestBulkInsertIsFewTexts(t *testing.T) {
	t.Parallel()
	const most = 300
	db := sqldbtest.Open(t, sqldbtest.Postgres, notes())
	conn := pin(t, db)
	defer conn.Close()
	rows := make([][]any, most)
	for i := range rows {
		rows[i] = []any{"ada", i}
	}
	for n := range most {
		err := conn.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return sqldb.BulkInsert(ctx, tx, "notes", []string{"author", "created_at"}, rows[:n+1], "")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var texts int
	err := conn.SQL().QueryRowContext(t.Context(),
		`SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO notes%'`).Scan(&texts)
	if err != nil || texts != 9 { // 1, 2, 4 … 256 rows
		t.Errorf("%d texts are prepared, %v, want 9", texts, err)
	}
	if n, want := count(t, db), most*(most+1)/2; n != want {
		t.Errorf("%d notes are stored, want %d", n, want)
	}
}
