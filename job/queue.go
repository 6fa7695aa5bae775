package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"callboard/sqldb"
)

// This file speaks to River: one row of its table stands for a job that waits or runs.

const (
	// fetchPause is how long a queue rests between two looks for work; a notice of new work is heeded after it. On SQLite each
	// look is a commit of its own, which all other writes wait for.
	fetchPause       = 10 * time.Millisecond
	fetchPauseSQLite = 25 * time.Millisecond
	// fetchPoll is how often a queue looks without a notice: for work that other nodes had no notice for.
	fetchPoll = 2 * time.Second
	// rescueAfter is when River gives up on a row that is running beyond its timeout. Reconciling is much faster; this is for
	// what it cannot see, such as a process that lives but no longer works.
	rescueAfter = 10 * time.Minute
	// timeoutMargin is how much longer River waits for an attempt than the attempt itself does.
	timeoutMargin = 5 * time.Minute
)

// reference is what River keeps of a job. The arguments are in the table of jobs.
type reference struct {
	JobID string `json:"job_id"`
	Base  int    `json:"base,omitempty"` // attempts before this row
}

// envelope is a reference to a job of the kind whose arguments are A.
type envelope[A Args] struct{ reference }

// Kind implements river.JobArgs.
func (envelope[A]) Kind() string {
	var zero A
	return zero.Kind()
}

// worker hands a row to the service.
type worker[A Args] struct {
	river.WorkerDefaults[envelope[A]]
	service *Service
	kind    string
}

func registerWorker[A Args](workers *river.Workers, s *Service) error {
	var zero A
	return river.AddWorkerSafely(workers, &worker[A]{service: s, kind: zero.Kind()})
}

// Work implements river.Worker.
func (w *worker[A]) Work(ctx context.Context, row *river.Job[envelope[A]]) error {
	return w.service.work(ctx, w.kind, row.JobRow, row.Args.JobID)
}

// Timeout implements river.Worker. The attempt ends by itself before.
func (w *worker[A]) Timeout(*river.Job[envelope[A]]) time.Duration {
	return w.service.kinds[w.kind].Timeout + timeoutMargin
}

// NextRetry implements river.Worker: the time that the job and its event tell.
func (w *worker[A]) NextRetry(row *river.Job[envelope[A]]) time.Time {
	if at, ok := w.service.retries.LoadAndDelete(row.ID); ok {
		return at.(time.Time)
	}
	return time.Time{} // River's own policy
}

// MigrateQueue makes or updates the tables of the queue. It may be called by many processes at once.
func MigrateQueue(ctx context.Context, db *sqldb.DB) error {
	return sqldb.Locked(ctx, db, func(ctx context.Context) error {
		migrator, err := rivermigrate.New(driverFor(db, nil, nil), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
		if err != nil {
			return fmt.Errorf("migrate the job queue: %w", err)
		}
		return nil
	})
}

// driverFor returns River's view of the database. Without a listener a PostgreSQL client polls.
func driverFor(db *sqldb.DB, listener *sqldb.ListenerPool, own *notices) riverdriver.Driver[*sql.Tx] {
	switch {
	case db.Dialect() == sqldb.SQLite:
		return promptDriver{riversqlite.New(db.SQL()), own, true}
	case listener == nil:
		return riverdatabasesql.New(db.SQL())
	default:
		return promptDriver{riverdatabasesql.NewWithPgxListener(db.SQL(), listener.Pool), own, false}
	}
}

func (s *Service) newClient() (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	queues := map[string]river.QueueConfig{}
	for name, k := range s.kinds {
		if err := k.register(workers, s); err != nil {
			return nil, fmt.Errorf("register the kind %s: %w", name, err)
		}
		queues[name] = river.QueueConfig{MaxWorkers: k.Concurrency} // a queue for each, so that none waits for another kind
	}
	pause := fetchPause
	if s.db.Dialect() == sqldb.SQLite {
		pause = fetchPauseSQLite
	}
	client, err := river.NewClient(driverFor(s.db, s.listener, s.notices), &river.Config{
		ID: s.node.name, Queues: queues, Workers: workers, Logger: slog.New(warnings{s.log.Handler()}),
		FetchCooldown: pause, FetchPollInterval: s.cfg.Poll, RescueStuckJobsAfter: rescueAfter,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return client, nil
}

// dequeue takes the row of a job out of the queue. The context of an attempt that runs ends, wherever it does.
func (s *Service) dequeue(ctx context.Context, tx *sqldb.Tx, queueID int64) error {
	return tx.Savepoint(ctx, func(ctx context.Context) error {
		_, err := s.client.JobCancelTx(ctx, tx.SQL(), queueID)
		if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return fmt.Errorf("take the job out of the queue: %w", err)
		}
		return nil
	})
}

// notifyAt has the queue of a kind looked at when the time has come; nil is now.
func (s *Service) notifyAt(kind string, at *time.Time) {
	if at == nil {
		s.notices.add(kind)
		return
	}
	time.AfterFunc(time.Until(*at)+fetchPause, func() { s.notices.add(kind) })
}

// warnings lets only warnings and errors of the queue through: what happens to jobs is told by their events.
type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
