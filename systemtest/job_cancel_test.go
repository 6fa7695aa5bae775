package systemtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// stage has handlers of the kind toil wait for the test. What they do is in the text of the job: "waits" until it is let
// go, "fails" at its first attempt, or ends at once.
type stage struct {
	*apptest.Server
	t       *testing.T
	started chan string // IDs
	ended   chan error  // what a write gives when the handler was called off
	goOn    chan struct{}
}

func newStage(t *testing.T, database string, settings job.Settings) *stage {
	t.Helper()
	g := &stage{t: t, started: make(chan string, 1000), ended: make(chan error, 1000), goOn: make(chan struct{})}
	g.Server = startToil(t, database, settings, g.work)
	return g
}

func (g *stage) work(ctx context.Context, run *job.Run, text string) (any, error) {
	g.started <- run.Job().ID
	switch {
	case text == "waits":
		select {
		case <-g.goOn:
			return text, nil
		case <-ctx.Done():
		}
		g.ended <- run.Write(context.WithoutCancel(ctx), func(context.Context, *sqldb.Tx) error { return nil })
		return nil, ctx.Err()
	case text == "fails" && run.Job().Attempt == 1:
		return nil, errors.New("not this time")
	case text == "invalid":
		return nil, callboard.Errorf(callboard.CodeInvalid, "no good")
	}
	return text, nil
}

// atWork queues a job that waits within its handler.
func (g *stage) atWork() apptest.Job {
	g.t.Helper()
	j := g.QueueToil("waits")
	g.awaitStart(j.ID)
	return j
}

func (g *stage) awaitStart(id string) {
	g.t.Helper()
	select {
	case got := <-g.started:
		if got != id {
			g.t.Fatalf("job %s has started, want %s", got, id)
		}
	case <-time.After(30 * time.Second):
		g.t.Fatalf("job %s does not start", id)
	}
}

// failedOnce queues a job that waits for its next attempt.
func (g *stage) failedOnce() apptest.Job {
	g.t.Helper()
	j := g.QueueToil("fails")
	g.awaitStart(j.ID)
	return g.AwaitJob(j.ID, "waiting for its next attempt", func(j apptest.Job) bool { return j.NextRunAt != nil })
}

func (g *stage) post(id, verb string) apptest.Response {
	g.t.Helper()
	return g.Do(http.MethodPost, apptest.JobsPath+"/"+id+"/"+verb, g.Users.Editor.Token, nil)
}

func (g *stage) mustPost(id, verb, status string) {
	g.t.Helper()
	var j apptest.Job
	g.Want(http.StatusOK, http.MethodPost, apptest.JobsPath+"/"+id+"/"+verb, g.Users.Editor.Token, nil, &j)
	if j.Status != status {
		g.t.Errorf("%s: the job is %s, want %s", verb, j.Status, status)
	}
}

func (g *stage) refuses(id, verb string) {
	g.t.Helper()
	if r := g.post(id, verb); r.Status != http.StatusConflict || r.Problem() == "" {
		g.t.Errorf("%s: answer %d %.200s, want 409", verb, r.Status, r.Body)
	}
}

func (g *stage) hasEvents(id string, want ...string) {
	g.t.Helper()
	if diff := gocmp.Diff(want, jobEvents(g.t, g.DB, id)); diff != "" {
		g.t.Errorf("events of the job (-want +got):\n%s", diff)
	}
}

// A job is called off wherever it is in its life, once.
func TestJobCancelled(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		g := newStage(t, database, job.Settings{Concurrency: 1, Backoff: time.Hour})
		failed := g.failedOnce()
		running := g.atWork()
		waiting := g.QueueToil("ends")
		for _, id := range []string{waiting.ID, failed.ID, running.ID} {
			g.mustPost(id, "cancel", "cancelled")
			g.refuses(id, "cancel")
		}
		if err := <-g.ended; !errors.Is(err, job.ErrLeaseLost) {
			t.Errorf("a job that was called off can write: %v", err)
		}
		last := g.QueueToil("ends")
		g.awaitStart(last.ID) // none of those that were called off
		g.AwaitJobStatus(last.ID, "completed")
		g.refuses(last.ID, "cancel")
		g.hasEvents(waiting.ID, "job_queued", "job_cancelled")
		g.hasEvents(failed.ID, "job_queued", "job_started", "job_retry", "job_cancelled")
		g.hasEvents(running.ID, "job_queued", "job_started", "job_cancelled")
		g.hasEvents(last.ID, "job_queued", "job_started", "job_completed")
		g.verifyTrails(waiting, failed, running, last)
	})
}

func (g *stage) verifyTrails(jobs ...apptest.Job) {
	g.t.Helper()
	g.Settle()
	now := map[string]apptest.Job{}
	for _, j := range jobs {
		now[j.ID] = g.Job(j.ID)
	}
	verifyTrails(g.t, g.DB, now)
}

// A job that failed or was called off starts anew, one that waits for its next attempt gets it, and all others are left
// alone.
func TestJobRetried(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		g := newStage(t, database, job.Settings{Concurrency: 1, Backoff: time.Hour, MaxAttempts: 2})
		invalid := g.QueueToil("invalid")
		g.awaitStart(invalid.ID)
		g.AwaitJobStatus(invalid.ID, "failed")
		g.mustPost(invalid.ID, "retry", "pending")
		g.awaitStart(invalid.ID)
		invalid = g.AwaitJobStatus(invalid.ID, "failed")

		failed := g.failedOnce()
		g.mustPost(failed.ID, "retry", "pending")
		g.awaitStart(failed.ID)
		failed = g.AwaitJobStatus(failed.ID, "completed")
		g.refuses(failed.ID, "retry")

		running := g.atWork()
		waiting := g.QueueToil("ends")
		g.refuses(running.ID, "retry")
		g.refuses(waiting.ID, "retry")
		g.mustPost(running.ID, "cancel", "cancelled")
		g.mustPost(running.ID, "retry", "pending")
		g.awaitStart(waiting.ID)
		g.awaitStart(running.ID)
		close(g.goOn)
		g.AwaitJobStatus(running.ID, "completed")

		g.hasEvents(invalid.ID, "job_queued", "job_started", "job_failed", "job_queued", "job_started", "job_failed")
		g.hasEvents(failed.ID, "job_queued", "job_started", "job_retry", "job_started", "job_completed")
		g.hasEvents(running.ID, "job_queued", "job_started", "job_cancelled", "job_queued", "job_started", "job_completed")
		if invalid.Attempt != 1 || failed.Attempt != 2 {
			t.Errorf("attempts %d and %d, want 1 and 2", invalid.Attempt, failed.Attempt)
		}
		g.verifyTrails(invalid, failed, running, waiting)
	})
}

// The next attempt can be had the moment that the last one has failed.
func TestJobRetriedAtOnce(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		g := newStage(t, database, job.Settings{Concurrency: 8, Backoff: time.Hour})
		var jobs []apptest.Job
		for range size(10, 25) {
			j := g.QueueToil("fails")
			apptest.Eventually(t, "it can be retried", func() error {
				if r := g.post(j.ID, "retry"); r.Status != http.StatusOK {
					return fmt.Errorf("answer %d %s", r.Status, r.Body)
				}
				return nil
			})
			jobs = append(jobs, j)
		}
		for _, j := range jobs {
			g.AwaitJobStatus(j.ID, "completed")
			g.hasEvents(j.ID, "job_queued", "job_started", "job_retry", "job_started", "job_completed")
		}
		g.verifyTrails(jobs...)
	})
}

// When a job is called off the moment that it ends, it is one of both, and the answer tells which.
func TestJobCancelledAsItEnds(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		jobs := size(80, 200)
		g := newStage(t, database, job.Settings{Concurrency: 4})
		ended := map[string]int{}
		for n := range jobs / 4 {
			g.goOn = make(chan struct{})
			ids := make([]string, 4)
			for i := range ids {
				ids[i] = g.QueueToil("waits").ID
			}
			for range ids {
				<-g.started
			}
			for id, status := range g.race(ids, time.Duration(n%10)*500*time.Microsecond) {
				ended[g.endedOnce(id, status)]++
			}
		}
		t.Logf("%v", ended)
		if ended["job_completed"] == 0 || ended["job_cancelled"] == 0 {
			t.Errorf("they did not race: %v", ended)
		}
	})
}

// race calls jobs off, and lets them end a little later. It returns the answers.
func (g *stage) race(ids []string, head time.Duration) map[string]int {
	g.t.Helper()
	answers := map[string]int{}
	var mu sync.Mutex
	var calls sync.WaitGroup
	for _, id := range ids {
		calls.Go(func() {
			r, err := g.Try(g.t.Context(), http.MethodPost, apptest.JobsPath+"/"+id+"/cancel", g.Users.Editor.Token, nil)
			if err != nil {
				g.t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			answers[id] = r.Status
		})
	}
	wait(g.t.Context(), head)
	close(g.goOn)
	calls.Wait()
	return answers
}

// endedOnce proves that a job has ended once, as the answer to its cancelling says, and returns the event.
func (g *stage) endedOnce(id string, answer int) string {
	g.t.Helper()
	g.AwaitDone(id)
	want := map[int]string{http.StatusOK: "job_cancelled", http.StatusConflict: "job_completed"}[answer]
	g.hasEvents(id, "job_queued", "job_started", want)
	return want
}

// What an admin does in the pages of the queue leaves the same events.
func TestJobsThroughAdminPages(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, database string) {
		g := newStage(t, database, job.Settings{Concurrency: 1, Backoff: time.Hour})
		running := g.atWork()
		waiting := g.QueueToil("ends")
		for _, j := range []apptest.Job{waiting, running} { // in this order, as the second makes room for the first
			g.admin("delete", j.ID, http.StatusConflict)
			g.admin("cancel", j.ID, http.StatusOK)
			g.admin("cancel", j.ID, http.StatusConflict)
			if j = g.Job(j.ID); j.Status != "cancelled" {
				t.Errorf("the job is %+v", j)
			}
		}
		g.admin("retry", waiting.ID, http.StatusOK)
		g.awaitStart(waiting.ID)
		g.AwaitJobStatus(waiting.ID, "completed")
		g.hasEvents(running.ID, "job_queued", "job_started", "job_cancelled")
		g.hasEvents(waiting.ID, "job_queued", "job_cancelled", "job_queued", "job_started", "job_completed")
		names := sqldbtest.Column[string](t, g.DB, `SELECT actor_name FROM callboard_outbox WHERE name = 'job_cancelled'`)
		if diff := gocmp.Diff([]string{"Ada", "Ada"}, names); diff != "" {
			t.Errorf("who did it (-want +got):\n%s", diff)
		}
		g.adminRefusals(running.ID)
	})
}

// admin posts to the pages of the queue, by the number of the row that stands for a job.
func (g *stage) admin(verb, id string, status int) {
	g.t.Helper()
	row := sqldbtest.Column[int64](g.t, g.DB, `SELECT queue_id FROM callboard_jobs WHERE id = '`+id+`'`)[0]
	body := obj{"ids": []string{strconv.FormatInt(row, 10)}}
	if r := g.Do(http.MethodPost, "/admin/jobs/api/jobs/"+verb, g.Users.Admin.Token, body); r.Status != status {
		g.t.Errorf("%s in the pages: answer %d %.200s, want %d", verb, r.Status, r.Body, status)
	}
}

// adminRefusals sends what the pages do not take, and looks for ways around the service.
func (g *stage) adminRefusals(id string) {
	g.t.Helper()
	before := jobEvents(g.t, g.DB, id)
	header := http.Header{"Content-Type": {"application/json"}}
	for body, status := range map[string]int{
		`{"ids":[]}`: 400, `{"ids":["x"]}`: 400, `{"ids":[1e99]}`: 400, `nonsense`: 400, `{"ids":["999999999"]}`: 404,
		`{"ids":[` + strings.Repeat("1,", 100_000) + `1]}`: 400,
	} {
		if r := g.Raw(http.MethodPost, "/admin/jobs/api/jobs/cancel", g.Users.Admin.Token, header, strings.NewReader(body)); r.Status != status {
			g.t.Errorf("%.40s: answer %d %.200s, want %d", body, r.Status, r.Body, status)
		}
	}
	for _, path := range []string{"/api%2Fjobs/cancel", "/api/jobs%2Fcancel", "//api/jobs/cancel", "/api/jobs/cancel/", "/./api/jobs/cancel"} {
		if r := g.Raw(http.MethodPost, "/admin/jobs"+path, g.Users.Admin.Token, header, strings.NewReader(`{"ids":["1"]}`)); r.Status < 300 {
			g.t.Errorf("%s: answer %d %.200s", path, r.Status, r.Body)
		}
	}
	if diff := gocmp.Diff(before, jobEvents(g.t, g.DB, id)); diff != "" {
		g.t.Errorf("events of the job (-before +after):\n%s", diff)
	}
	for caller, token := range map[string]string{"an editor": g.Users.Editor.Token, "a viewer": g.Users.Viewer.Token, "nobody": ""} {
		for _, path := range []string{"/admin/jobs/", "/admin/jobs/api/jobs", "/admin/jobs/api/states"} {
			if r := g.Do(http.MethodGet, path, token, nil); r.Status != 401 && r.Status != 403 {
				g.t.Errorf("%s gets %s: answer %d", caller, path, r.Status)
			}
		}
	}
}

// byHand is what somebody does to the table of the queue, to the row of a job that waits or runs, and what becomes of the job.
type byHand struct {
	name    string
	running bool
	do      string // the SQL; %d stands for the row
	status  string
	events  []string
}

func handiwork() []byHand {
	const (
		queued, started, retry, completed = "job_queued", "job_started", "job_retry", "job_completed"
		cancelled, failed                 = "job_cancelled", "job_failed"
	)
	end := func(state string) string {
		return `UPDATE callboard_river_job SET state = '` + state + `', finalized_at = CURRENT_TIMESTAMP WHERE id = %d`
	}
	const remove = `DELETE FROM callboard_river_job WHERE id = %d`
	return []byHand{
		{"delete a waiting one", false, remove, "completed", []string{queued, started, completed}},
		{"delete a running one", true, remove, "completed", []string{queued, started, retry, started, completed}},
		{"cancel a waiting one", false, end("cancelled"), "cancelled", []string{queued, cancelled}},
		{"cancel a running one", true, end("cancelled"), "cancelled", []string{queued, started, cancelled}},
		{"discard a waiting one", false, end("discarded"), "failed", []string{queued, failed}},
		{"complete a waiting one", false, end("completed"), "failed", []string{queued, failed}},
		{"run a waiting one", false, `UPDATE callboard_river_job SET state = 'running', attempted_at = CURRENT_TIMESTAMP WHERE id = %d`,
			"completed", []string{queued, started, completed}},
		{"run a running one again", true, `UPDATE callboard_river_job SET state = 'available' WHERE id = %d`, "completed",
			[]string{queued, started, retry, started, completed}},
	}
}

// Whatever somebody does to the table of the queue, the jobs are put right by themselves.
func TestQueueChangedByHand(t *testing.T) {
	needLong(t)
	t.Parallel()
	for _, hand := range handiwork() {
		t.Run(hand.name, func(t *testing.T) {
			t.Parallel()
			sqldbtest.EachKind(t, func(t *testing.T, database string) {
				g := newStage(t, database, job.Settings{Concurrency: 1, Backoff: 10 * time.Millisecond})
				first := g.atWork()
				j := first
				if !hand.running {
					j = g.QueueToil("ends")
				}
				g.byHand(hand.do, j.ID)
				settled := func(j apptest.Job) bool { return j.Attempt > 1 || j.Done() || j.Error != "" }
				if hand.running {
					g.AwaitJob(j.ID, "put right", settled)
				}
				close(g.goOn)
				g.AwaitJobStatus(j.ID, hand.status)
				g.hasEvents(j.ID, hand.events...)
				g.verifyTrails(j)
			})
		})
	}
}

// byHand changes the row of a job in the queue.
func (g *stage) byHand(statement, id string) {
	g.t.Helper()
	row := sqldbtest.Column[int64](g.t, g.DB, `SELECT queue_id FROM callboard_jobs WHERE id = '`+id+`'`)[0]
	err := g.DB.Write(g.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(statement, row))
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// A job that is called off while the queue is out of order leaves nothing behind that would run later.
func TestJobCancelledAfterItsRowIsGone(t *testing.T) {
	t.Parallel()
	g := newStage(t, sqldbtest.SQLite, job.Settings{Concurrency: 1})
	g.atWork()
	j := g.QueueToil("ends")
	g.byHand(`DELETE FROM callboard_river_job WHERE id = %d`, j.ID)
	g.mustPost(j.ID, "cancel", "cancelled")
	close(g.goOn)
	g.hasEvents(j.ID, "job_queued", "job_cancelled")
	g.verifyTrails(j)
}
