package sqldb_test

import (
	"context"
	"testing"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// BenchmarkWrite measures durable writes of two rows each: one after the other, and from 64 goroutines at once.
func BenchmarkWrite(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind+"/serial", func(b *testing.B) {
			db := sqldbtest.Open(b, kind, notes())
			for b.Loop() {
				writeTwo(b, db)
			}
		})
		b.Run(kind+"/64-writers", func(b *testing.B) {
			db := sqldbtest.Open(b, kind, notes())
			b.SetParallelism(32) // × GOMAXPROCS, 2 where the targets were set
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					writeTwo(b, db)
				}
			})
		})
	}
}

func writeTwo(b *testing.B, db *sqldb.DB) {
	err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		for range 2 {
			if _, err := tx.ExecContext(ctx, "INSERT INTO notes (author, body, created_at) VALUES ($1, $2, $3)", "ada", "hello", 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Error(err)
	}
}

// BenchmarkBulkInsert measures rows of four columns, 10,000 per transaction.
func BenchmarkBulkInsert(b *testing.B) {
	rows := make([][]any, 10_000)
	for i := range rows {
		rows[i] = []any{"ada", "hello", i, nil}
	}
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			db := sqldbtest.Open(b, kind, notes())
			for b.Loop() {
				err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
					return sqldb.BulkInsert(ctx, tx, "notes", []string{"author", "body", "created_at", "label"}, rows, "")
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(rows))/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
