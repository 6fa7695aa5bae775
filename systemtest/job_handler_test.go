package systemtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// startToil starts a server with the kind toil.
func startToil(t *testing.T, database string, settings job.Settings, work apptest.Toil) *apptest.Server {
	t.Helper()
	return apptest.Start(t, apptest.Options{Kind: database, Config: apptest.WithToil(settings, func(*app.App) apptest.Toil { return work })})
}

// misbehaving are handlers that end in a way that no handler should, what becomes of their jobs, and how often they are tried.
func misbehaving() map[string]struct {
	work     apptest.Toil
	status   string
	says     string
	attempts int
} {
	type outcome = struct {
		work     apptest.Toil
		status   string
		says     string
		attempts int
	}
	returns := func(result any, err error) apptest.Toil {
		return func(context.Context, *job.Run, string) (any, error) { return result, err }
	}
	return map[string]outcome{
		"panics": {func(context.Context, *job.Run, string) (any, error) { panic("secret of the handler") },
			"failed", "the handler of the job crashed; the log of the server tells more", 2},
		"panics with nil": {func(context.Context, *job.Run, string) (any, error) { panic(nil) },
			"failed", "the handler of the job crashed; the log of the server tells more", 2},
		"ends its goroutine": {func(context.Context, *job.Run, string) (any, error) { runtime.Goexit(); return nil, nil },
			"failed", "the handler of the job crashed; the log of the server tells more", 2},
		"huge result":     {returns(strings.Repeat("a", 10<<20), nil), "failed", "the result of the job is larger than 64 KB", 1},
		"largest result":  {returns(strings.Repeat("a", 64<<10-2), nil), "completed", "", 1},
		"no JSON":         {returns(func() {}, nil), "failed", "the result of the job cannot be kept", 1},
		"NUL in result":   {returns("a\x00b\xff", nil), "completed", "", 1},
		"internal error":  {returns(nil, errors.New("secret of the handler")), "failed", "failed by an internal error; the log of the server tells more", 2},
		"fault of input":  {returns(nil, callboard.Errorf(callboard.CodeInvalid, "no good")), "failed", "no good", 1},
		"try again later": {returns(nil, callboard.Errorf(callboard.CodeUnavailable, "away")), "failed", "away", 2},
		"NUL in error":    {returns(nil, callboard.Errorf(callboard.CodeInvalid, "a\x00b\xff")), "failed", "ab", 1},
		"long error": {returns(nil, callboard.Errorf(callboard.CodeInvalid, "a%s", strings.Repeat("é", 5000))), "failed",
			"a" + strings.Repeat("é", 1998) + "…", 1},
		"fails at the completion": {func(_ context.Context, run *job.Run, _ string) (any, error) {
			run.AtCompletion(func(context.Context, *sqldb.Tx) error {
				return callboard.Errorf(callboard.CodeConflict, "taken by now")
			})
			return "done", nil
		}, "failed", "taken by now", 1},
		"panics at the completion": {func(_ context.Context, run *job.Run, _ string) (any, error) {
			run.AtCompletion(func(context.Context, *sqldb.Tx) error { panic("secret of the handler") })
			return "done", nil
		}, "failed", "the handler of the job crashed; the log of the server tells more", 2},
	}
}

// However a handler ends, its job has an end with a reason that tells nothing internal, and the server goes on.
func TestMisbehavingHandlers(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		handlers := misbehaving()
		settings := job.Settings{MaxAttempts: 2, Backoff: 10 * time.Millisecond}
		s := startToil(t, database, settings, func(ctx context.Context, run *job.Run, text string) (any, error) {
			return handlers[text].work(ctx, run, text)
		})
		ids := map[string]string{}
		for name := range handlers {
			ids[name] = s.QueueToil(name).ID
		}
		jobs := map[string]apptest.Job{}
		for name, want := range handlers {
			j := s.AwaitDone(ids[name])
			jobs[j.ID] = j
			if j.Status != want.status || j.Error != want.says || j.Attempt != want.attempts {
				t.Errorf("%s: the job is %s at attempt %d: %.300q", name, j.Status, j.Attempt, j.Error)
			}
		}
		s.Settle()
		verifyTrails(t, s.DB, jobs)
		secrets := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_outbox WHERE payload LIKE '%secret of the handler%'`)[0]
		lines := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_job_logs WHERE line LIKE '%secret of the handler%'`)[0]
		if secrets+lines > 0 || !strings.Contains(s.Log.String(), "secret of the handler") {
			t.Errorf("%d events and %d lines tell what only the log of the server should", secrets, lines)
		}
	})
}

// A handler that neither ends when its time is up nor when it is called off is left alone: its job fails or is tried again,
// others run in its place, what it writes later is refused, and what it makes later is cleared away.
func TestHandlerHangs(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		release, late, cleared := make(chan struct{}), make(chan error, 1), false
		settings := job.Settings{MaxAttempts: 2, Concurrency: 1, Timeout: 100 * time.Millisecond, Backoff: 10 * time.Millisecond}
		s := startToil(t, database, settings, func(ctx context.Context, run *job.Run, text string) (any, error) {
			if text != "hangs" || run.Job().Attempt > 1 {
				return text, nil
			}
			<-release
			run.Progress(99, "still here")
			run.OnFailure(func(context.Context) { cleared = true })
			late <- run.Write(context.WithoutCancel(ctx), func(context.Context, *sqldb.Tx) error { return nil })
			return "too late", nil
		})
		hangs, next := s.QueueToil("hangs"), s.QueueToil("next")
		if j := s.AwaitDone(next.ID); j.Status != "completed" {
			t.Errorf("the next job is %+v", j)
		}
		j := s.AwaitDone(hangs.ID)
		if j.Status != "completed" || j.Attempt != 2 || string(j.Result) != `"hangs"` {
			t.Errorf("the job is %+v", j)
		}
		close(release)
		if err := <-late; !errors.Is(err, job.ErrLeaseLost) || !cleared {
			t.Errorf("a handler that was given up can write: %v; what it made is cleared away: %v", err, cleared)
		}
		s.Settle()
		verifyTrails(t, s.DB, map[string]apptest.Job{j.ID: j})
		reasons := sqldbtest.Column[string](t, s.DB, `SELECT metadata FROM callboard_activity WHERE action = 'retried_job'`)
		if len(reasons) != 1 || !strings.Contains(reasons[0], "took longer than 100ms") {
			t.Errorf("the reasons are %v", reasons)
		}
		if again := s.Job(hangs.ID); !gocmp.Equal(again, j) {
			t.Errorf("the handler has changed the job: %+v", again)
		}
		if metrics := s.Do("GET", "/metrics", s.Users.Service, nil); !strings.Contains(string(metrics.Body), `callboard_jobs_abandoned_total{kind="toil"} 1`) {
			t.Error("/metrics does not tell of the abandoned handler")
		}
	})
}

// A handler that tells too much costs little: few messages go out, the last one among them, and few lines are kept.
func TestChattyHandler(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		start, heard := make(chan struct{}), make(chan struct{})
		s := startToil(t, database, job.Settings{}, func(ctx context.Context, run *job.Run, _ string) (any, error) {
			<-start
			for n := range 100_000 {
				run.Logger().Info("line", "n", n)
				run.Progress(float64(n)/2000, fmt.Sprintf("step %d", n))
			}
			for n := 0; ctx.Err() == nil; n++ { // until there were enough messages to see how often they come
				select {
				case <-heard:
					run.Progress(77.7, "the last word")
					return nil, nil
				default:
					run.Progress(50+float64(n%200)/10, fmt.Sprintf("more %d", n))
				}
			}
			return nil, ctx.Err()
		})
		socket := s.Dial(s.Users.Editor.Token)
		j := s.QueueToil("chatty")
		if _, err := socket.Subscribe(t.Context(), "job:"+j.ID, realtimetest.SubscribeOptions{}); err != nil {
			t.Fatal(err)
		}
		close(start)
		var messages []callboard.Message
		for {
			push := next(t, socket)
			if push.Message.Event == "job_completed" {
				break
			}
			if push.Message.Event != "job_progress" {
				continue
			}
			if messages = append(messages, push.Message); len(messages) == 8 {
				close(heard)
			}
		}
		verifyPace(t, messages)
		if j := s.Job(j.ID); j.Status != "completed" || j.Message != "the last word" || j.Progress != 100 {
			t.Errorf("the job is %+v", j)
		}
		lines := sqldbtest.Column[string](t, s.DB, `SELECT line FROM callboard_job_logs ORDER BY seq`)
		if len(lines) != 1001 || lines[999] != "line n=999" || !strings.HasPrefix(lines[1000], "further lines") {
			t.Errorf("%d lines are kept, the last is %q", len(lines), lines[len(lines)-1])
		}
		durable := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_outbox WHERE name = 'job_progress'`)[0]
		if durable > 0 {
			t.Errorf("%d messages of progress are kept as events", durable)
		}
	})
}

// verifyPace proves that at most five messages come in a second, but for the last one, which always comes.
func verifyPace(t *testing.T, messages []callboard.Message) {
	t.Helper()
	last := messages[len(messages)-1]
	if !strings.Contains(string(last.Data), `"progress":77.7,"message":"the last word"`) || last.Pos != 0 {
		t.Errorf("the last message is %s at position %d", last.Data, last.Pos)
	}
	for i := range max(len(messages)-6, 0) {
		if d := messages[i+5].Timestamp.Sub(messages[i].Timestamp); d < time.Second-20*time.Millisecond {
			t.Errorf("six messages of progress within %v", d)
		}
	}
	if !slices.IsSortedFunc(messages, func(a, b callboard.Message) int { return a.Timestamp.Compare(b.Timestamp) }) {
		t.Error("the messages are out of order")
	}
}
