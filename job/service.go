package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job/internal/riverqueue"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Live sends events straight to the sockets. app fills it.
type Live interface {
	Ephemeral(ctx context.Context, ev callboard.Event) error
}

// Files are what jobs have made. app fills it.
type Files interface {
	// DeleteOfJobsTx deletes the files of the given jobs.
	DeleteOfJobsTx(ctx context.Context, tx *sqldb.Tx, jobIDs ...string) error
}

// Owners tells what the owners of jobs may do now. app fills it with the accounts.
type Owners interface {
	// ActiveRole returns the role of a user, or CodeNotFound for one who is disabled or does not exist. lock is the suffix that
	// keeps it as it is until the transaction ends, or empty.
	ActiveRole(ctx context.Context, q sqldb.Querier, userID, lock string) (callboard.Role, error)
}

// Config is what a Service needs. DB and Access are required.
type Config struct {
	DB      *sqldb.DB
	Log     *outbox.Log // nil: one that knows Callboard's own events alone
	Kinds   []Kind
	Access  callboard.Access
	Owners  Owners // nil: owners keep the role that they had when they queued the job
	Live    Live   // nil: progress is not sent
	Files   Files  // nil: jobs make none
	Logger  *slog.Logger
	Metrics prometheus.Registerer

	PathPrefix string // of the server's paths, for River's pages

	Poll         time.Duration // how often to look for what is due without being woken; 0 means 2 s
	StopGrace    time.Duration // how long running jobs may go on when the server stops; 0 means 10 s
	AbandonAfter time.Duration // how long a handler that should end is waited for; 0 means 5 s
	Retention    time.Duration // how long jobs are kept after their end; 0 means 30 days
}

func (c Config) withDefaults() Config {
	c.Poll = cmp.Or(c.Poll, 2*time.Second)
	c.StopGrace = cmp.Or(c.StopGrace, 10*time.Second)
	c.AbandonAfter = cmp.Or(c.AbandonAfter, 5*time.Second)
	c.Retention = cmp.Or(c.Retention, 30*24*time.Hour)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Log == nil {
		c.Log = outbox.New(outbox.Config{DB: c.DB})
	}
	return c
}

// Service queues and runs jobs.
type Service struct {
	cfg         Config
	db          *sqldb.DB
	log         *slog.Logger
	metrics     *metrics
	kinds       map[string]Kind
	queue       *riverqueue.Queue
	transitions *batcher
	turns       turns
	active      sync.Map      // of *Run: the attempts of this process
	stopping    atomic.Bool   // attempts that end now were interrupted
	hurry       chan struct{} // closed when StopGrace ends before its time
	endGrace    func()        // closes hurry
}

// New returns the service. Run makes it work; without it jobs can be queued, for others to run. Close ends it.
func New(ctx context.Context, cfg Config) (*Service, error) {
	cfg = cfg.withDefaults()
	s := &Service{
		cfg: cfg, db: cfg.DB, log: cfg.Logger, kinds: map[string]Kind{}, transitions: newBatcher(cfg.DB, batchTime),
		turns: turns{last: map[string]map[string]int64{}},
	}
	s.metrics = newMetrics(cfg.Metrics, s.db, s.kinds)
	s.hurry = make(chan struct{})
	s.endGrace = sync.OnceFunc(func() { close(s.hurry) })
	limits := map[string]riverqueue.Limits{}
	for _, k := range cfg.Kinds {
		if k.work == nil {
			return nil, errors.New("job: a kind was not made by Define")
		}
		if _, twice := s.kinds[k.Name]; twice {
			return nil, fmt.Errorf("job: the kind %s is defined twice", k.Name)
		}
		s.metrics.expect(k.Name)
		s.kinds[k.Name], limits[k.Name] = k, riverqueue.Limits{Concurrency: k.Concurrency, Timeout: k.Timeout}
	}
	var err error
	s.queue, err = riverqueue.New(ctx, riverqueue.Config{
		DB: cfg.DB, Logger: cfg.Logger, Poll: cfg.Poll, Kinds: limits, Prefix: cfg.PathPrefix + adminPath, Work: s.work, Turn: s.turn,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close frees what New opened.
func (s *Service) Close() { s.queue.Close() }

// EndGrace ends StopGrace before its time: the contexts of what still runs end as soon as Run stops.
func (s *Service) EndGrace() { s.endGrace() }

// LiveNodes returns how many processes work on the jobs of a database on PostgreSQL, which each server does. On SQLite it is
// always 0.
func LiveNodes(ctx context.Context, db *sqldb.DB) (int, error) {
	nodes, err := riverqueue.LiveNodes(ctx, db)
	return len(nodes), err
}

// Run works on jobs until ctx ends, and returns when it has stopped: nothing new is begun, what runs gets StopGrace to end,
// then its contexts end, and what has not come to its end waits for the next start. leads reports whether this node does what
// one node does for all.
func (s *Service) Run(ctx context.Context, leads func() bool) error {
	alive, stopAlive := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAlive()
	wait, err := s.queue.ShowAlive(alive)
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	defer wait()
	defer stopAlive()
	if err := s.reconcileAtStart(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := s.queue.Start(ctx); err != nil {
		return err
	}
	s.reconcileLoop(ctx, leads)
	return s.queue.Stop(s.cfg.StopGrace, s.cfg.AbandonAfter+s.cfg.StopGrace, s.hurry, func() { s.stopping.Store(true) })
}

// Get returns a job. One of somebody else is CodeNotFound, but for admins.
func (s *Service) Get(ctx context.Context, id string) (Job, error) { return s.get(ctx, s.db, id, "") }

// get returns a job that the actor may see and cancel: its owner, and admins. lock is the suffix that locks its row.
func (s *Service) get(ctx context.Context, q sqldb.Querier, id, lock string) (Job, error) {
	j, err := selectJob(ctx, q, id, lock)
	if err != nil {
		return Job{}, err
	}
	actor := callboard.ActorFrom(ctx)
	if actor.IsZero() || actor.ID != j.OwnerID && actor.Role != callboard.RoleAdmin {
		return Job{}, callboard.NotFound("job")
	}
	return j, nil
}

// Cancel calls a job off and emits JobCancelled, also when it is being processed: from then on it commits nothing. One
// that is done is CodeConflict.
func (s *Service) Cancel(ctx context.Context, id string) (Job, error) {
	return s.change(ctx, id, func(ctx context.Context, tx *sqldb.Tx, j *Job) error {
		if j.Status.Done() {
			return callboard.Errorf(callboard.CodeConflict, "the job is %s already", j.Status)
		}
		if err := s.queue.Remove(ctx, tx, j.queueID); err != nil {
			return err
		}
		tx.OnCommit(func() { s.endAttempts(id, errCancelled) })
		return s.cancel(ctx, tx, j)
	})
}

// Retry starts a job that failed or was cancelled once more, with all its attempts before it, and emits JobQueued. What it
// has saved of its work it goes on from. One that waits for its next attempt gets it now. Any other is CodeConflict.
func (s *Service) Retry(ctx context.Context, id string) (Job, error) {
	j, err := s.change(ctx, id, func(ctx context.Context, tx *sqldb.Tx, j *Job) error {
		if _, known := s.kinds[j.Kind]; !known {
			return callboard.Errorf(callboard.CodeConflict, "this server no longer has the kind of the job")
		}
		switch {
		case j.Status == Pending && j.NextRunAt != nil:
			j.NextRunAt = nil
			return s.requeue(ctx, tx, j)
		case j.Status == Failed || j.Status == Cancelled:
			return s.reset(ctx, tx, j)
		}
		return callboard.Errorf(callboard.CodeConflict,
			"the job is %s; only one that failed, was cancelled or waits for its next attempt can be retried", j.Status)
	})
	return j, conflictOf(err)
}

// change applies a transition that the actor of ctx asks for.
func (s *Service) change(ctx context.Context, id string, apply transition) (Job, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) {
		j, err := s.get(ctx, tx, id, sqldb.ForUpdate(tx))
		if err == nil {
			err = apply(ctx, tx, &j)
		}
		return j, err
	})
}

// endAttempts ends the attempts of a job that run here: it can have two at once while one of them no longer has it. Those on
// other nodes are ended by the queue.
func (s *Service) endAttempts(jobID string, cause error) {
	s.active.Range(func(run, _ any) bool {
		if r := run.(*Run); r.job.ID == jobID {
			r.cancel(cause)
		}
		return true
	})
}
