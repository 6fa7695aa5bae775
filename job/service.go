package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"riverqueue.com/riverui"

	"callboard"
	"callboard/sqldb"
)

// Limits of a job.
const (
	maxArgs     = 256 << 10 // bytes of JSON
	maxResult   = 64 << 10
	maxPriority = 4
)

// Live sends events straight to the sockets. app fills it.
type Live interface {
	Ephemeral(ctx context.Context, ev callboard.Event) error
}

// Files are what jobs have made. app fills it.
type Files interface {
	// DeleteOfJobsTx deletes the files of the given jobs.
	DeleteOfJobsTx(ctx context.Context, tx *sqldb.Tx, jobIDs []string) error
}

// Config is what a Service needs. DB and Access are required.
type Config struct {
	DB      *sqldb.DB
	Kinds   []Kind
	Access  callboard.Access
	Live    Live  // nil: progress is not sent
	Files   Files // nil: jobs make none
	Logger  *slog.Logger
	Metrics prometheus.Registerer

	Poll         time.Duration // how often to look for what is due without being woken; 0 means 2 s
	StopGrace    time.Duration // how long running jobs may go on when the server stops; 0 means 10 s
	AbandonAfter time.Duration // how long a handler that should end is waited for; 0 means 5 s
	Retention    time.Duration // how long jobs are kept after their end; 0 means 30 days
}

func (c Config) withDefaults() Config {
	setDefault(&c.Poll, fetchPoll)
	setDefault(&c.StopGrace, 10*time.Second)
	setDefault(&c.AbandonAfter, 5*time.Second)
	setDefault(&c.Retention, 30*24*time.Hour)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// Service queues and runs jobs.
type Service struct {
	cfg     Config
	db      *sqldb.DB
	log     *slog.Logger
	metrics *metrics
	kinds   map[string]Kind

	node        *node
	client      *river.Client[*sql.Tx]
	listener    *sqldb.ListenerPool // nil on SQLite
	admin       *riverui.Handler
	running     running
	additions   groups[*addition]
	transitions groups[*transition]
	notices     *notices
	working     sync.Map    // rows of the queue that this process works on
	retries     sync.Map    // time.Time of the next attempt by queue row, from its failure until River asks
	stopping    atomic.Bool // attempts that end now were interrupted
}

// New returns the service. Run makes it work; without it jobs can be queued, for others to run. Close ends it.
func New(ctx context.Context, cfg Config) (*Service, error) {
	cfg = cfg.withDefaults()
	s := &Service{
		cfg: cfg, db: cfg.DB, log: cfg.Logger, metrics: newMetrics(cfg.Metrics), kinds: index(cfg.Kinds), node: newNode(cfg.DB, cfg.Logger),
		notices: newNotices(),
	}
	s.additions = groups[*addition]{db: cfg.DB, apply: s.addGroup, limit: groupTime}
	s.transitions = groups[*transition]{db: cfg.DB, apply: transitGroup, limit: groupTime}
	var err error
	if cfg.DB.Dialect() == sqldb.Postgres {
		if s.listener, err = cfg.DB.NewListenerPool(ctx); err != nil {
			return nil, fmt.Errorf("set up the job queue: %w", err)
		}
	}
	if s.client, err = s.newClient(); err == nil {
		s.admin, err = s.newAdmin()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close frees what New opened.
func (s *Service) Close() {
	if s.listener != nil {
		s.listener.Close()
	}
}

// Kinds returns the kinds of jobs, by name.
func (s *Service) Kinds() map[string]Kind { return s.kinds }

// Request asks for a job.
type Request struct {
	Kind string
	// Args are the arguments: a struct, or its JSON.
	Args        any
	EpisodeID   *string // the episode it belongs to; the kind may choose another
	Priority    int     // 1 to 4, 1 comes first; 0 means 2
	MaxAttempts int     // 1 to 25; 0 means what the kind says
}

// draft returns the job that in asks for, once it keeps the rules.
func (s *Service) draft(ctx context.Context, in Request) (Job, error) {
	kind, err := s.checkRequest(ctx, in)
	if err != nil {
		return Job{}, err
	}
	args, err := encodeArgs(in.Args)
	if err != nil {
		return Job{}, err
	}
	placement, err := kind.check(ctx, args)
	if err != nil {
		return Job{}, err
	}
	now, actor := callboard.Now(), callboard.ActorFrom(ctx)
	setDefault(&in.Priority, 2)
	setDefault(&in.MaxAttempts, kind.MaxAttempts)
	j := Job{
		ID: callboard.NewID(), Kind: kind.Name, Status: Pending, Priority: in.Priority, Args: args, EpisodeID: in.EpisodeID,
		OwnerID: actor.ID, OwnerName: actor.Name, ownerRole: actor.Role, MaxAttempts: in.MaxAttempts, CreatedAt: now, QueuedAt: now,
	}
	if placement.EpisodeID != "" {
		j.EpisodeID = &placement.EpisodeID
	}
	if placement.Unique != "" {
		j.uniqueKey = new(kind.Name + ":" + placement.Unique)
	}
	return j, nil
}

func (s *Service) checkRequest(ctx context.Context, in Request) (Kind, error) {
	var v callboard.Invalid
	kind, known := s.kinds[in.Kind]
	v.Check(known, "kind", "is not a kind of job; GET /api/v1/jobs/kinds lists them")
	v.Check(in.Priority >= 0 && in.Priority <= maxPriority, "priority", "must be 1 to %d", maxPriority)
	v.Check(in.MaxAttempts >= 0 && in.MaxAttempts <= MaxAttempts, "max_attempts", "must be 1 to %d", MaxAttempts)
	if in.EpisodeID != nil {
		res := callboard.Resource{Type: "episode", ID: *in.EpisodeID}
		err := s.cfg.Access.CanRead(ctx, callboard.ActorFrom(ctx), res)
		if code := callboard.CodeOf(err); code != "" && code != callboard.CodeNotFound {
			return kind, err
		}
		v.Check(err == nil, "episode_id", "is not the ID of an episode")
	}
	return kind, v.Err()
}

func encodeArgs(args any) (json.RawMessage, error) {
	if args == nil {
		return json.RawMessage("{}"), nil
	}
	b, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("encode the arguments of a job: %w", err)
	}
	if len(b) > maxArgs {
		return nil, callboard.Errorf(callboard.CodeTooLarge, "the arguments are larger than %d KB", maxArgs>>10)
	}
	return b, nil
}

// Get returns a job. One of somebody else is CodeNotFound, but for admins.
func (s *Service) Get(ctx context.Context, id string) (Job, error) {
	j, err := selectJob(ctx, s.db, id, "")
	if err == nil && !mayManage(callboard.ActorFrom(ctx), j) {
		err = callboard.NotFound("job")
	}
	if err != nil {
		return Job{}, err
	}
	return j, nil
}

// CanRead returns nil when actor may read the job, and else CodeNotFound.
func (s *Service) CanRead(ctx context.Context, actor callboard.Actor, id string) error {
	_, err := s.Get(callboard.WithActor(ctx, actor), id)
	return err
}

// mayManage reports whether actor may see and cancel j: its owner, and admins.
func mayManage(actor callboard.Actor, j Job) bool {
	return !actor.IsZero() && (actor.ID == j.OwnerID || actor.Role == callboard.RoleAdmin)
}

func (s *Service) lock(ctx context.Context, tx *sqldb.Tx, id string) (Job, error) {
	j, err := selectJob(ctx, tx, id, sqldb.ForUpdate(tx))
	if err == nil && !mayManage(callboard.ActorFrom(ctx), j) {
		err = callboard.NotFound("job")
	}
	return j, err
}

// Cancel calls a job off and emits JobCancelled, also when it is being processed: from then on it commits nothing. One
// that is done is CodeConflict.
func (s *Service) Cancel(ctx context.Context, id string) (Job, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) {
		return s.CancelTx(ctx, tx, id)
	})
}

// CancelTx is Cancel within tx.
func (s *Service) CancelTx(ctx context.Context, tx *sqldb.Tx, id string) (Job, error) {
	j, err := s.lock(ctx, tx, id)
	if err != nil {
		return Job{}, err
	}
	if j.Status.Done() {
		return Job{}, callboard.Errorf(callboard.CodeConflict, "the job is %s already", j.Status)
	}
	if err := s.dequeue(ctx, tx, j.queueID); err != nil {
		return Job{}, err
	}
	j.end(Cancelled)
	tx.OnCommit(func() { s.running.cancel(j.ID, errCancelled) })
	return j, s.save(ctx, tx, j, s.event(ctx, callboard.JobCancelled, j))
}

// Retry starts a job that failed or was cancelled once more, with all its attempts before it, and emits JobQueued. What it
// has saved of its work it goes on from. One that waits for its next attempt gets it now. Any other is CodeConflict.
func (s *Service) Retry(ctx context.Context, id string) (Job, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) {
		return s.RetryTx(ctx, tx, id)
	})
}

// RetryTx is Retry within tx.
func (s *Service) RetryTx(ctx context.Context, tx *sqldb.Tx, id string) (Job, error) {
	j, err := s.lock(ctx, tx, id)
	if err != nil {
		return Job{}, err
	}
	if _, known := s.kinds[j.Kind]; !known {
		return Job{}, callboard.Errorf(callboard.CodeConflict, "this server no longer has the kind of the job")
	}
	switch {
	case j.Status == Pending && j.NextRunAt != nil:
		return s.runNow(ctx, tx, j)
	case j.Status == Failed || j.Status == Cancelled:
		return s.startAnew(ctx, tx, j)
	}
	return Job{}, callboard.Errorf(callboard.CodeConflict, "the job is %s; only one that failed, was cancelled or waits for its next attempt can be retried", j.Status)
}

// runNow gives the job another row, since the queue may not have written yet that this one waits.
func (s *Service) runNow(ctx context.Context, tx *sqldb.Tx, j Job) (Job, error) {
	j.NextRunAt = nil
	if err := s.dequeue(ctx, tx, j.queueID); err != nil {
		return Job{}, err
	}
	if err := s.enqueue(ctx, tx, &j); err != nil {
		return Job{}, err
	}
	return j, updateJob(ctx, tx, j)
}

func (s *Service) startAnew(ctx context.Context, tx *sqldb.Tx, j Job) (Job, error) {
	if j.uniqueKey != nil {
		if err := refuseTwin(ctx, tx, *j.uniqueKey); err != nil {
			return Job{}, err
		}
	}
	j.Status, j.Attempt, j.Error, j.QueuedAt = Pending, 0, "", callboard.Now()
	j.StartedAt, j.FinishedAt, j.NextRunAt = nil, nil, nil
	if err := s.enqueue(ctx, tx, &j); err != nil {
		return Job{}, err
	}
	return j, s.save(ctx, tx, j, s.event(ctx, callboard.JobQueued, j))
}
