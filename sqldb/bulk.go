package sqldb

import (
	"context"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Limits of one INSERT of BulkInsert.
const (
	maxBulkParams = 30_000 // SQLite takes 32,766, PostgreSQL 65,535
	maxBulkRows   = 512    // beyond it larger statements are no faster
)

// BulkInsert inserts rows, each with a value for every one of columns, with as few statements as both databases allow.
// suffix ends each statement, such as "ON CONFLICT DO NOTHING"; it must not use parameters. It is all or nothing only
// within tx: on an error, let the transaction or a savepoint fail. table, columns and suffix are SQL text and must not
// come from outside.
func BulkInsert(ctx context.Context, tx *Tx, table string, columns []string, rows [][]any, suffix string) error {
	return bulkInsert(ctx, tx, table, columns, rows, suffix, func(ctx context.Context, query string, args ...any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// QueueInsert is BulkInsert for the last statements of a write: on PostgreSQL they are sent along with the commit, which saves
// a round trip, and their error is that of the Write. The values must not be changed afterwards.
func QueueInsert(ctx context.Context, tx *Tx, table string, columns []string, rows [][]any, suffix string) error {
	return bulkInsert(ctx, tx, table, columns, rows, suffix, tx.Queue)
}

func bulkInsert(ctx context.Context, tx *Tx, table string, columns []string, rows [][]any, suffix string,
	run func(ctx context.Context, query string, args ...any) error,
) error {
	if len(rows) == 0 {
		return nil
	}
	if len(columns) == 0 || len(columns) > maxBulkParams {
		return fmt.Errorf("sqldb: bulk insert into %s with %d columns", table, len(columns))
	}
	perStatement := min(maxBulkRows, maxBulkParams/len(columns))
	args := make([]any, 0, min(perStatement, len(rows))*len(columns))
	var query string
	for start, last := 0, 0; start < len(rows); start += last {
		// A power of two, so that there are few texts: both databases keep each text prepared, PostgreSQL a large one in
		// hundreds of kilobytes per connection.
		n := 1 << (bits.Len(uint(min(len(rows)-start, perStatement))) - 1)
		chunk := rows[start : start+n]
		args = args[:0]
		for i, row := range chunk {
			if len(row) != len(columns) {
				return fmt.Errorf("sqldb: bulk insert into %s: row %d has %d values for %d columns", table, start+i, len(row), len(columns))
			}
			args = append(args, row...)
		}
		if n != last {
			query, last = bulkText(tx.Dialect(), table, columns, n, suffix), n
		}
		if err := run(ctx, query, args...); err != nil {
			return fmt.Errorf("bulk insert into %s: %w", table, err)
		}
	}
	return nil
}

// bulkText writes the statement. SQLite gets plain question marks: it takes $1 for a name, and looks each name up among
// all before it, which makes thousands of them slow.
func bulkText(dialect Dialect, table string, columns []string, rows int, suffix string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for n := range rows * len(columns) {
		switch {
		case n == 0:
			b.WriteByte('(')
		case n%len(columns) == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		if dialect == SQLite {
			b.WriteByte('?')
		} else {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n + 1))
		}
	}
	b.WriteString(") " + suffix)
	return b.String()
}
