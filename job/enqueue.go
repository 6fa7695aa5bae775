package job

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job/internal/riverqueue"
	"github.com/callboard/callboard/sqldb"
)

// Limits of a request.
const (
	maxArgs     = 256 << 10 // bytes of JSON
	maxPriority = 4
)

// Request asks for a job.
type Request struct {
	Kind string
	// Args are the arguments: a struct, or its JSON.
	Args        any
	EpisodeID   *string // the episode it belongs to; the kind may choose another
	Priority    int     // 1 to 4 among the jobs of one owner, 1 comes first; 0 means 2
	MaxAttempts int     // 1 to 25; 0 means what the kind says
}

// Queue adds a job of the actor of ctx and emits JobQueued. A field that breaks a rule is CodeInvalid; a job that does the
// same and is under way is CodeConflict, and one beyond the limit of the kind for a user is CodeRateLimited.
func (s *Service) Queue(ctx context.Context, in Request) (Job, error) {
	j, err := s.draft(ctx, in)
	if err != nil {
		return Job{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Job, error) { return s.add(ctx, tx, j) })
}

// QueueTx is Queue within tx, so that a change and the job that follows from it are one.
func (s *Service) QueueTx(ctx context.Context, tx *sqldb.Tx, in Request) (Job, error) {
	j, err := s.draft(ctx, in)
	if err != nil {
		return Job{}, err
	}
	return s.add(ctx, tx, j)
}

func (s *Service) add(ctx context.Context, tx *sqldb.Tx, j Job) (Job, error) {
	if err := refuseDuplicate(ctx, tx, j); err != nil {
		return Job{}, err
	}
	if err := s.refuseBeyondLimit(ctx, tx, j); err != nil {
		return Job{}, err
	}
	if err := s.enqueue(ctx, tx, &j); err != nil {
		return Job{}, err
	}
	if err := insertJob(ctx, tx, j); err != nil {
		return Job{}, err
	}
	return j, s.cfg.Log.Append(ctx, tx, s.event(ctx, callboard.JobQueued, j))
}

// retryBeyondLimit is when somebody who has too many jobs under way should try again.
const retryBeyondLimit = time.Minute

// refuseBeyondLimit is CodeRateLimited when the owner has as many jobs of the kind under way as the kind allows. Jobs that are
// queued at the same moment on PostgreSQL may come to a few more.
func (s *Service) refuseBeyondLimit(ctx context.Context, tx *sqldb.Tx, j Job) error {
	limit := s.kinds[j.Kind].PerOwner
	if limit <= 0 {
		return nil
	}
	n, err := countUnderWay(ctx, tx, j.OwnerID, j.Kind, limit)
	if err == nil && n >= limit {
		err = &callboard.Error{Code: callboard.CodeRateLimited, RetryAfter: retryBeyondLimit,
			Message: fmt.Sprintf("you have %d jobs of this kind under way, and may not have more; wait until one has ended", limit)}
	}
	return err
}

// enqueue adds the row that stands for the job from now on. Attempts that it has had count.
func (s *Service) enqueue(ctx context.Context, tx *sqldb.Tx, j *Job) (err error) {
	j.queueID, err = s.queue.Insert(ctx, tx, riverqueue.Insertion{
		Kind: j.Kind, JobID: j.ID, Priority: j.Priority, MaxAttempts: max(j.MaxAttempts-j.Attempt, 1), At: j.NextRunAt,
	})
	return err
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
	j := Job{
		ID: callboard.NewID(), Kind: kind.Name, Status: Pending, Priority: cmp.Or(in.Priority, 2), Args: args, EpisodeID: in.EpisodeID,
		OwnerID: actor.ID, OwnerName: actor.Name, ownerRole: actor.Role, MaxAttempts: cmp.Or(in.MaxAttempts, kind.MaxAttempts),
		CreatedAt: now, QueuedAt: now,
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
	var v callboard.Validator
	kind, known := s.kinds[in.Kind]
	v.Check(known, "kind", "is not a kind of job; GET /api/v1/jobs/kinds lists them")
	v.Check(in.Priority >= 0 && in.Priority <= maxPriority, "priority", "must be 1 to %d", maxPriority)
	v.Check(in.MaxAttempts >= 0 && in.MaxAttempts <= MaxAttempts, "max_attempts", "must be 1 to %d", MaxAttempts)
	if in.EpisodeID != nil {
		err := s.cfg.Access.CanRead(ctx, callboard.ActorFrom(ctx), callboard.Resource{Type: "episode", ID: *in.EpisodeID})
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
