package job_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestLifeOfAJob(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, func(_ context.Context, run *job.Run, args testArgs) (any, error) {
			run.Logger().Info("at work", "text", args.Text)
			run.Progress(40, "halfway, nearly")
			return map[string]string{"said": args.Text}, nil
		}))
		queued := f.queue("hello")
		f.run()
		j := f.awaitStatus(queued.ID, job.Completed)
		if j.Progress != 100 || j.Attempt != 1 || string(j.Result) != `{"said":"hello"}` || j.FinishedAt == nil {
			t.Errorf("the job is %+v", j)
		}
		if diff := cmp.Diff([]string{"job_queued", "job_started", "job_completed"}, f.trail(j.ID)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		lines, err := f.Lines(as(t, ada()), j.ID, callboard.Page{})
		if err != nil || len(lines.Items) != 1 || lines.Items[0].Line != "at work text=hello" {
			t.Errorf("log lines %+v, %v", lines.Items, err)
		}
		if len(f.progress) != 1 {
			t.Errorf("%d live messages of progress", len(f.progress))
		}
	})
}

func TestRetries(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{MaxAttempts: 2}, func(_ context.Context, run *job.Run, args testArgs) (any, error) {
			if args.Text == "twice" && run.Job().Attempt == 2 {
				return nil, nil
			}
			if args.Text == "invalid" {
				return "what was found", callboard.Errorf(callboard.CodeInvalid, "the input is no good")
			}
			return nil, errors.New("secret internals")
		}))
		twice, never, invalid := f.queue("twice"), f.queue("never"), f.queue("invalid")
		f.run()
		f.awaitStatus(twice.ID, job.Completed)
		if j := f.awaitStatus(never.ID, job.Failed); j.Attempt != 2 || errorOf(j) != "failed by an internal error; the log of the server tells more" {
			t.Errorf("the job is %+v", j)
		}
		if j := f.awaitStatus(invalid.ID, job.Failed); j.Attempt != 1 || errorOf(j) != "the input is no good" || string(j.Result) != `"what was found"` {
			t.Errorf("the job is %+v", j)
		}
		want := map[string][]string{
			twice.ID:   {"job_queued", "job_started", "job_retry", "job_started", "job_completed"},
			never.ID:   {"job_queued", "job_started", "job_retry", "job_started", "job_failed"},
			invalid.ID: {"job_queued", "job_started", "job_failed"},
		}
		for id, names := range want {
			if diff := cmp.Diff(names, f.trail(id)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		}
	})
}

// Events are for all, and what a handler says of a failure may quote what it read for its owner: a sheet, say.
func TestEventsDoNotQuoteHandlers(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{MaxAttempts: 2}, func(_ context.Context, run *job.Run, args testArgs) (any, error) {
			if run.Job().Attempt == 1 {
				return nil, callboard.Errorf(callboard.CodeUnavailable, "the first line is %s", args.Text)
			}
			return nil, callboard.Errorf(callboard.CodeInvalid, "the last line is %s", args.Text)
		}))
		j := f.queue("payroll")
		f.run()
		if j = f.awaitStatus(j.ID, job.Failed); errorOf(j) != "the last line is payroll" {
			t.Errorf("its owner reads %q", errorOf(j))
		}
		rows, err := db.QueryContext(t.Context(), `SELECT payload FROM callboard_outbox WHERE resource_id = $1`, j.ID)
		payloads, err := sqldb.CollectValues[string](rows, err, "read the events")
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, payload := range payloads {
			if strings.Contains(payload, "line is") {
				t.Errorf("all read %s", payload)
			}
			told += strings.Count(payload, "find the reason there")
		}
		if told != 2 {
			t.Errorf("%d events tell of a failure, want 2: %s", told, payloads)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		started, ended := make(chan struct{}, 2), make(chan error, 2)
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, func(ctx context.Context, run *job.Run, _ testArgs) (any, error) {
			started <- struct{}{}
			<-ctx.Done()
			ended <- run.Write(context.WithoutCancel(ctx), func(context.Context, *sqldb.Tx) error { return nil })
			return nil, ctx.Err()
		}))
		waiting := f.queue("waits")
		if j, err := f.Cancel(as(t, ada()), waiting.ID); err != nil || j.Status != job.Cancelled {
			t.Fatalf("cancel a waiting job: %+v, %v", j, err)
		}
		running := f.queue("runs")
		f.run()
		<-started
		j, err := f.Cancel(as(t, ada()), running.ID)
		if err != nil || j.Status != job.Cancelled {
			t.Fatalf("cancel a running job: %+v, %v", j, err)
		}
		if err := <-ended; !errors.Is(err, job.ErrLeaseLost) {
			t.Errorf("a cancelled job can write: %v", err)
		}
		if _, err := f.Cancel(as(t, ada()), running.ID); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("cancel twice: %v", err)
		}
		for id, names := range map[string][]string{
			waiting.ID: {"job_queued", "job_cancelled"}, running.ID: {"job_queued", "job_started", "job_cancelled"},
		} {
			if diff := cmp.Diff(names, f.trail(id)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		}
	})
}

func TestStopInTheMiddle(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		started := make(chan struct{}, 2)
		first := true
		f := newFixture(t, db, job.Config{StopGrace: 10 * time.Millisecond}, worker(job.Settings{MaxAttempts: 1}, func(ctx context.Context, run *job.Run, _ testArgs) (any, error) {
			var saved int
			if ok, err := run.LoadCheckpoint(ctx, &saved); err != nil || ok == first {
				t.Errorf("saved: %v %v", ok, err)
			}
			if !first {
				return saved, nil
			}
			first = false
			err := run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return run.SaveCheckpoint(ctx, tx, 41) })
			started <- struct{}{}
			<-ctx.Done()
			return nil, errors.Join(err, ctx.Err())
		}))
		queued := f.queue("long")
		stop := f.run()
		<-started
		stop()
		if j := f.awaitStatus(queued.ID, job.Pending); j.Attempt != 0 {
			t.Errorf("the job is %+v", j)
		}
		again := newFixture(t, db, job.Config{}, worker(job.Settings{MaxAttempts: 1}, func(ctx context.Context, run *job.Run, _ testArgs) (any, error) {
			var saved int
			_, err := run.LoadCheckpoint(ctx, &saved)
			return saved, err
		}))
		again.run()
		if j := again.awaitStatus(queued.ID, job.Completed); string(j.Result) != "41" {
			t.Errorf("the job is %+v", j)
		}
		want := []string{"job_queued", "job_started", "job_retry", "job_started", "job_completed"}
		if diff := cmp.Diff(want, f.trail(queued.ID)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// Kinds that cannot be worked on are refused by name, and none is built.
func TestKindsAreChecked(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, migrations()...)
	once := worker(job.Settings{}, func(context.Context, *job.Run, testArgs) (any, error) { return struct{}{}, nil })
	for want, kinds := range map[string][]job.Kind{"Define": {{}}, "twice": {once, once}} {
		if _, err := job.New(t.Context(), job.Config{DB: db, Kinds: kinds, Access: all{}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// owners disables the owner of a job while the attempt looks at it for the first time.
type owners struct {
	service  *job.Service
	disabled atomic.Bool
}

// ActiveRole implements job.Owners.
func (o *owners) ActiveRole(ctx context.Context, q sqldb.Querier, userID, _ string) (callboard.Role, error) {
	if o.disabled.Swap(true) {
		return "", callboard.NotFound("user")
	}
	if err := o.service.FollowRights(context.WithoutCancel(ctx), userID); err != nil {
		return "", err
	}
	var one int
	return callboard.RoleEditor, q.QueryRowContext(ctx, `SELECT 1`).Scan(&one) // as the look at the accounts does, which is called off
}

// An owner who is disabled before the handler begins is no fault of the server, which would try again.
func TestOwnerDisabledAtTheStart(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		o := &owners{}
		f := newFixture(t, db, job.Config{Owners: o}, worker(job.Settings{MaxAttempts: 5},
			func(context.Context, *job.Run, testArgs) (any, error) {
				return nil, errors.New("the handler was called")
			}))
		o.service = f.Service
		queued := f.queue("hello")
		f.run()
		j := f.awaitStatus(queued.ID, job.Failed)
		if j.Attempt != 1 || j.Error == nil || !strings.Contains(*j.Error, "disabled") {
			t.Errorf("the job is %+v", j)
		}
	})
}
