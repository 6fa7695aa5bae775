package job_test

import (
	"context"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// BenchmarkNoOp measures jobs that do nothing, from queueing to completion with all their events, while a hundred wait.
func BenchmarkNoOp(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			db := openLarge(b, kind)
			done := make(chan struct{}, 128)
			s := benchService(b, db, func(context.Context, *job.Run, testArgs) (any, error) {
				done <- struct{}{}
				return nil, nil
			})
			ctx, cancel := context.WithCancel(callboard.WithActor(b.Context(), ada()))
			stopped := make(chan error, 1)
			go func() { stopped <- s.Run(ctx, func() bool { return true }) }()
			waiting := make(chan struct{}, 100)
			go func() {
				for range b.N {
					waiting <- struct{}{}
					go func() {
						if _, err := s.Queue(ctx, job.Request{Kind: "test-work"}); err != nil {
							b.Error(err)
						}
					}()
				}
			}()
			b.ResetTimer()
			for range b.N {
				<-done
				<-waiting
			}
			awaitCompleted(b, db, b.N)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
			cancel()
			if err := <-stopped; err != nil {
				b.Error(err)
			}
		})
	}
}

// awaitCompleted waits until n jobs are completed.
func awaitCompleted(b *testing.B, db *sqldb.DB, n int) {
	b.Helper()
	committed, stop := db.Listen(outbox.Topic)
	defer stop()
	for completed := 0; ; <-committed {
		err := db.QueryRowContext(b.Context(), `SELECT count(*) FROM callboard_jobs WHERE status = 'completed'`).Scan(&completed)
		if err != nil {
			b.Fatal(err)
		}
		if completed == n {
			return
		}
	}
}

// openLarge opens a database with as many connections as a server has.
func openLarge(b *testing.B, kind string) *sqldb.DB {
	b.Helper()
	db, err := sqldb.Open(b.Context(), sqldb.Config{URL: sqldbtest.URL(b, kind)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := sqldb.Migrate(b.Context(), db, migrations()...); err != nil {
		b.Fatal(err)
	}
	return db
}

func benchService(b *testing.B, db *sqldb.DB, work func(context.Context, *job.Run, testArgs) (any, error)) *job.Service {
	b.Helper()
	s, err := job.New(b.Context(), job.Config{DB: db, Kinds: []job.Kind{worker(job.Settings{Concurrency: 64}, work)}, Access: all{}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return s
}
