package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"

	"github.com/callboard/callboard/sqldb"
)

// Run is one attempt of a job, as its handler sees it. It is safe for concurrent use, also by a handler that was left behind.
type Run struct {
	service  *Service
	kind     Kind
	job      Job
	reporter *reporter
	logger   *slog.Logger
	cancel   context.CancelCauseFunc
	cause    func() error // why the context of the attempt ended

	mu           sync.Mutex // also guards the owner's role in job
	atCompletion []func(ctx context.Context, tx *sqldb.Tx) error
	onFailure    []func(ctx context.Context)
	outcome      string
	cleaned      bool // nothing waits for what OnFailure is given from now on
}

func newRun(s *Service, kind Kind, j Job) *Run {
	r := &Run{service: s, kind: kind, job: j}
	r.reporter = newReporter(r)
	r.logger = slog.New(newLineHandler(r.reporter))
	return r
}

// Job returns the job as it was when the attempt began.
func (r *Run) Job() Job { return r.job }

// Logger returns a logger whose lines are kept with the job, and are logged by the server at level debug. At most 1,000
// lines of an attempt are kept, of 2,000 bytes each.
func (r *Run) Logger() *slog.Logger { return r.logger }

// Progress tells how far the job has come, 0 to 100, and what it is at, in at most 200 characters. It costs nothing to call
// it often: it is sent and kept at most five times a second, and the last one always is.
func (r *Run) Progress(percent float64, message string) { r.reporter.progressed(percent, message) }

// Outcome says in a few words what comes of the job, for its event and the notification of its owner when it is completed: "862 rows
// in, 1 refused". Everybody may read it, so it quotes nothing that the job works on. Default: "done".
func (r *Run) Outcome(words string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcome = clip(words, maxOutcome)
}

// Write runs fn in a transaction as DB.Write does, but only while the attempt has the job, else it returns ErrLeaseLost, and
// while the owner has the role that the attempt began with, else it returns CodeForbidden. After either the handler ends. What is
// written here is not undone when the attempt fails later: see SaveCheckpoint.
func (r *Run) Write(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error {
	return r.service.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		holder, err := lockHolder(ctx, tx, r.job.ID)
		if err != nil {
			return err
		}
		if holder != r.job.runID {
			r.cancel(ErrLeaseLost)
			return ErrLeaseLost
		}
		if _, err := r.ownerRole(ctx, tx, sqldb.ForShare(tx)); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// AtCompletion has fn called within the transaction that completes the job, with the owner as its actor, so that what it
// writes and the completion are one. An error of it fails the attempt as one of the handler would. fn may be called more
// than once, each time in a new transaction.
func (r *Run) AtCompletion(fn func(ctx context.Context, tx *sqldb.Tx) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.atCompletion = append(r.atCompletion, fn)
}

// OnFailure has fn called when the attempt ends and has not completed the job: to clear away what it has made outside of
// the database. When that is already so, since the handler was left behind, fn is called at once. After a crash it is not
// called. The handler may be running still when fn is called, so what fn works with must not be changed afterwards.
func (r *Run) OnFailure(fn func(ctx context.Context)) {
	r.mu.Lock()
	late := r.cleaned
	if !late {
		r.onFailure = append(r.onFailure, fn)
	}
	r.mu.Unlock()
	if late {
		fn(context.Background())
	}
}

func (r *Run) cleanUp(ctx context.Context) {
	r.mu.Lock()
	r.cleaned = true
	fns := r.onFailure
	r.mu.Unlock()
	for _, fn := range fns {
		fn(ctx)
	}
}

// SaveCheckpoint keeps state, any JSON, within a transaction of Run.Write, along with the part of the work that it describes. The
// next attempt, also after a crash, goes on from there: see LoadCheckpoint.
func (r *Run) SaveCheckpoint(ctx context.Context, tx *sqldb.Tx, state any) error {
	b, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("encode the checkpoint of the job: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE callboard_jobs SET checkpoint = $2 WHERE id = $1`, r.job.ID, string(b)); err != nil {
		return fmt.Errorf("save the checkpoint of the job: %w", err)
	}
	return nil
}

// LoadCheckpoint reads into state what an earlier attempt has saved last, and reports whether there was any.
func (r *Run) LoadCheckpoint(ctx context.Context, state any) (bool, error) {
	return r.service.loadCheckpoint(ctx, r.job.ID, state)
}

// Checkpoint is Run.LoadCheckpoint for others than the work itself, also after its end.
func (s *Service) Checkpoint(ctx context.Context, id string, state any) (bool, error) {
	if _, err := s.Get(ctx, id); err != nil {
		return false, err
	}
	return s.loadCheckpoint(ctx, id, state)
}

func (s *Service) loadCheckpoint(ctx context.Context, id string, state any) (bool, error) {
	var saved *string
	err := s.db.QueryRowContext(ctx, `SELECT checkpoint FROM callboard_jobs WHERE id = $1`, id).Scan(&saved)
	if err == nil && saved != nil {
		err = json.Unmarshal([]byte(*saved), state)
	}
	if err != nil {
		return false, fmt.Errorf("read the checkpoint of the job: %w", err)
	}
	return saved != nil, nil
}

// ClearReport takes back what earlier attempts have reported, for work that begins anew.
func (r *Run) ClearReport(ctx context.Context, tx *sqldb.Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE callboard_jobs SET problems = 0 WHERE id = $1`, r.job.ID); err != nil {
		return fmt.Errorf("clear the report of the job: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_job_problems WHERE job_id = $1`, r.job.ID); err != nil {
		return fmt.Errorf("clear the report of the job: %w", err)
	}
	return nil
}

// Report adds problems to the report of the job, within a transaction of Run.Write: items that it could not take, or about which there
// is something to say.
func (r *Run) Report(ctx context.Context, tx *sqldb.Tx, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var total int64
	err := tx.QueryRowContext(ctx, `UPDATE callboard_jobs SET problems = problems + $2 WHERE id = $1 RETURNING problems`, r.job.ID, len(problems)).Scan(&total)
	if err != nil {
		return fmt.Errorf("count the problems of the job: %w", err)
	}
	first := total - int64(len(problems)) + 1
	rows := make([][]any, len(problems))
	for i, p := range problems {
		rows[i] = []any{r.job.ID, first + int64(i), p.Item, p.Reason, p.Outcome}
	}
	return sqldb.BulkInsert(ctx, tx, "callboard_job_problems", []string{"job_id", "seq", "item", "reason", "outcome"}, rows, "")
}
