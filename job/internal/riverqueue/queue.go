// Package riverqueue is River as jobs use it: a row for each job that waits or runs. River says what is due, and hands it to one
// worker at a time; what a job is and becomes is in the table of jobs.
package riverqueue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/callboard/callboard/sqldb"
)

const (
	// fetchPause is how long a queue rests between two looks for work; a notice of new work is heeded after it. On SQLite each
	// look is a commit of its own, which all other writes wait for.
	fetchPause       = 10 * time.Millisecond
	fetchPauseSQLite = 25 * time.Millisecond
	// rescueAfter is when River gives up on a row that is running beyond its timeout. Reconciling is much faster; this is for
	// what it cannot see, such as a process that lives but no longer works.
	rescueAfter = 10 * time.Minute
	// timeoutMargin is how much longer River waits for an attempt than the attempt itself does.
	timeoutMargin = 5 * time.Minute
	// retention is how long rows are kept that are done: long enough to look at them. The table of jobs remembers.
	retention = time.Hour
)

// Config is what a Queue needs.
type Config struct {
	DB     *sqldb.DB
	Logger *slog.Logger
	Poll   time.Duration // how often to look without a notice: for work that other nodes had no notice for
	Kinds  map[string]Limits
	Prefix string // of the paths of River's pages
	// Work does the work of a row. What becomes of the row is what it returns: nil, Drop, Later or RetryAt.
	Work func(ctx context.Context, row Row) error
	// Turn returns the rows of a kind that are to be taken before all others, at most limit.
	Turn func(ctx context.Context, kind string, limit int) ([]int64, error)
}

// Limits are those of a kind of jobs.
type Limits struct {
	Concurrency int
	Timeout     time.Duration // of an attempt
}

// Row stands for a job that is due.
type Row struct {
	ID    int64
	Kind  string
	JobID string
}

// Queue gives the rows that are due to workers.
type Queue struct {
	cfg      Config
	node     *node
	client   *river.Client[*sql.Tx]
	listener *sqldb.ListenerPool // nil on SQLite
	notices  *notices
	pages    *pages
	working  sync.Map // rows that this process works on
}

// New returns the queue. Start makes it work; without it rows can be inserted, for others to work on. Close ends it.
func New(ctx context.Context, cfg Config) (*Queue, error) {
	q := &Queue{cfg: cfg, node: newNode(cfg.DB, cfg.Logger), notices: newNotices()}
	var err error
	if cfg.DB.Dialect() == sqldb.Postgres {
		if q.listener, err = cfg.DB.NewListenerPool(ctx); err != nil {
			return nil, fmt.Errorf("set up the job queue: %w", err)
		}
	}
	if q.client, err = q.newClient(); err == nil {
		q.pages, err = q.newPages()
	}
	if err != nil {
		q.Close()
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return q, nil
}

// Close frees what New opened.
func (q *Queue) Close() {
	if q.listener != nil {
		q.listener.Close()
	}
}

func (q *Queue) newClient() (*river.Client[*sql.Tx], error) {
	workers, queues := river.NewWorkers(), map[string]river.QueueConfig{}
	for name, limits := range q.cfg.Kinds {
		river.AddWorkerArgs(workers, jobRef{kind: name}, &worker{queue: q, timeout: limits.Timeout + timeoutMargin})
		queues[name] = river.QueueConfig{MaxWorkers: limits.Concurrency} // a queue for each, so that none waits for another kind
	}
	pause := fetchPause
	if q.cfg.DB.Dialect() == sqldb.SQLite {
		pause = fetchPauseSQLite
	}
	return river.NewClient(q.driver(), &river.Config{
		Schema: q.cfg.DB.Schema(), ReindexerIndexNames: q.indexes(),
		ID: q.node.name, Queues: queues, Workers: workers, Logger: slog.New(warnings{q.cfg.Logger.Handler()}),
		FetchCooldown: pause, FetchPollInterval: q.cfg.Poll, RescueStuckJobsAfter: rescueAfter,
		CompletedJobRetentionPeriod: retention, CancelledJobRetentionPeriod: retention, DiscardedJobRetentionPeriod: retention,
	})
}

// indexes returns those that River rebuilds from time to time, under the names that they have.
func (q *Queue) indexes() []string {
	names := river.ReindexerIndexNamesDefault()
	if q.cfg.DB.Schema() == "" {
		for i, name := range names {
			names[i] = q.cfg.DB.TablePrefix() + name
		}
	}
	return names
}

// Start works until Stop. ctx ends what River's pages do in the background.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	if err := q.pages.reads.Start(ctx); err != nil {
		return fmt.Errorf("start the pages of the job queue: %w", errors.Join(err, q.client.StopAndCancel(context.WithoutCancel(ctx))))
	}
	return nil
}

// Stop ends the work: nothing new is begun, and what runs may end by itself within grace, and until hurry is closed. Then force is
// called, and the contexts of what still runs end; it is waited for up to patience.
func (q *Queue) Stop(grace, patience time.Duration, hurry <-chan struct{}, force func()) error {
	stopped := make(chan error, 1)
	go func() { stopped <- q.client.Stop(context.Background()) }()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case err := <-stopped:
		return err
	case <-timer.C:
	case <-hurry:
	}
	force()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return q.client.StopAndCancel(ctx)
}

// Insertion is a row that is to be.
type Insertion struct {
	Kind, JobID           string
	Priority, MaxAttempts int
	At                    *time.Time // nil: at once
}

// Insert adds a row, which workers see once tx is committed, and returns its ID.
func (q *Queue) Insert(ctx context.Context, tx *sqldb.Tx, in Insertion) (int64, error) {
	opts := &river.InsertOpts{Queue: in.Kind, Priority: in.Priority, MaxAttempts: in.MaxAttempts}
	if in.At != nil {
		opts.ScheduledAt = *in.At
	}
	inserted, err := q.client.InsertTx(ctx, tx.SQL(), jobRef{JobID: in.JobID, kind: in.Kind}, opts)
	if err != nil {
		return 0, fmt.Errorf("queue the job: %w", err)
	}
	tx.OnCommit(func() { q.wakeAt(in.Kind, in.At) })
	return inserted.Job.ID, nil
}

// Remove takes a row out of the queue, if it is there. The context of an attempt that runs ends, wherever it does.
func (q *Queue) Remove(ctx context.Context, tx *sqldb.Tx, id int64) error {
	return tx.Savepoint(ctx, func(ctx context.Context) error {
		_, err := q.client.JobCancelTx(ctx, tx.SQL(), id)
		if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return fmt.Errorf("take the job out of the queue: %w", err)
		}
		return nil
	})
}

// Paused returns the kinds whose queues somebody has paused: nothing of theirs is begun until they are resumed.
func (q *Queue) Paused(ctx context.Context) ([]string, error) {
	rows, err := q.cfg.DB.QueryContext(ctx, `SELECT name FROM callboard_river_queue WHERE paused_at IS NOT NULL ORDER BY name`)
	names, err := sqldb.CollectValues[string](rows, err, "read paused queues")
	return slices.DeleteFunc(names, func(name string) bool {
		_, known := q.cfg.Kinds[name]
		return !known
	}), err
}

// Working reports whether this process works on a row.
func (q *Queue) Working(id int64) bool {
	_, working := q.working.Load(id)
	return working
}

// wakeAt has the queue of a kind looked at when the time has come; nil is now.
func (q *Queue) wakeAt(kind string, at *time.Time) {
	if at == nil {
		q.notices.add(kind)
		return
	}
	time.AfterFunc(time.Until(*at)+fetchPause, func() { q.notices.add(kind) })
}

// warnings lets only warnings and errors of the queue through: what happens to jobs is in their events.
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
