package sqldbtest

import (
	"context"
	"strings"
	"testing"

	"github.com/callboard/callboard/sqldb"
)

// Collect reads all rows of a query; scan makes one value of a row.
func Collect[T any](t testing.TB, db *sqldb.DB, query string, scan func(scan func(dest ...any) error) (T, error)) []T {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

// RenameTable renames a table, as somebody does who has the wrong window open. Both names are callboard_…, as in statements.
func RenameTable(t testing.TB, db *sqldb.DB, from, to string) {
	t.Helper()
	if db.Schema() != "" { // the new name is in the schema of the old one
		to = strings.TrimPrefix(to, "callboard_")
	}
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "ALTER TABLE "+from+" RENAME TO "+to)
		return err
	})
	if err != nil {
		t.Fatalf("rename %s: %v", from, err)
	}
}

// Column reads the one column of a query.
func Column[T any](t testing.TB, db *sqldb.DB, query string) []T {
	t.Helper()
	return Collect(t, db, query, func(scan func(dest ...any) error) (v T, err error) { return v, scan(&v) })
}
