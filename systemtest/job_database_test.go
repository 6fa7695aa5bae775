package systemtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// freely is how many of the diligent jobs do not wait at the gate.
const freely = 10

// diligent is a handler that makes an episode at each of three steps, and a last one as it completes. How far it has come
// is saved with each. Before the second step, all but the first jobs wait until the gate is open.
func diligent(gate <-chan struct{}) func(*app.App) apptest.Toil {
	return func(a *app.App) apptest.Toil {
		return func(ctx context.Context, run *job.Run, text string) (any, error) {
			return nil, beDiligent(ctx, a, run, text, gate)
		}
	}
}

func beDiligent(ctx context.Context, a *app.App, run *job.Run, text string, gate <-chan struct{}) error {
	var number, done int
	if _, err := fmt.Sscanf(text, "Job %d", &number); err != nil {
		return err
	}
	if _, err := run.LoadCheckpoint(ctx, &done); err != nil {
		return err
	}
	for ; done < 3; done++ {
		if done == 1 && number >= freely {
			select {
			case <-gate:
			case <-ctx.Done():
			}
		}
		err := run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			if _, err := a.Episodes.CreateTx(ctx, tx, episode.Input{Title: fmt.Sprintf("%s, step %d", text, done)}); err != nil {
				return err
			}
			return run.SaveCheckpoint(ctx, tx, done+1)
		})
		if err != nil {
			return err
		}
		run.Progress(float64(done*30), text)
		run.Logger().Info("a step is done", "step", done)
		wait(ctx, 10*time.Millisecond)
	}
	run.AtCompletion(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := a.Episodes.CreateTx(ctx, tx, episode.Input{Title: text + ", done"})
		return err
	})
	return nil
}

// startDiligent starts a server with diligent handlers, and queues n jobs.
func startDiligent(t *testing.T, database string, n int, gate <-chan struct{}) (*apptest.Server, []string) {
	t.Helper()
	settings := job.Settings{Concurrency: 4, Backoff: 50 * time.Millisecond, MaxAttempts: 25}
	s := apptest.Start(t, apptest.Options{Kind: database, Config: apptest.WithToil(settings, diligent(gate))})
	ids := make([]string, n)
	for i := range n {
		ids[i] = s.QueueToil(fmt.Sprintf("Job %d", i)).ID
	}
	return s, ids
}

// awaitCompleted waits until n jobs are completed.
func awaitCompleted(t *testing.T, s *apptest.Server, n int) {
	t.Helper()
	apptest.Eventually(t, "jobs are completed", func() error {
		r, err := s.Try(t.Context(), http.MethodGet, apptest.JobsPath+"?status=completed&limit=200", s.Users.Admin.Token, nil)
		if got := strings.Count(string(r.Body), `"queued_at"`); err == nil && got < n {
			err = fmt.Errorf("%d of %d, answer %d", got, n, r.Status)
		}
		return err
	})
}

// verifyDiligence proves that all jobs have done everything, once.
func verifyDiligence(t *testing.T, s *apptest.Server, ids []string) {
	t.Helper()
	jobs := map[string]apptest.Job{}
	for _, id := range ids {
		if jobs[id] = s.AwaitDone(id); jobs[id].Status != "completed" {
			t.Errorf("the job is %+v", jobs[id])
		}
	}
	s.Settle()
	times := map[string]int{}
	for _, title := range sqldbtest.Column[string](t, s.DB, `SELECT title FROM callboard_episodes`) {
		times[title]++
	}
	for i := range ids {
		for _, step := range []string{"step 0", "step 1", "step 2", "done"} {
			if title := fmt.Sprintf("Job %d, %s", i, step); times[title] != 1 {
				t.Errorf("%q is there %d times", title, times[title])
			}
		}
	}
	attempts := verifyTrails(t, s.DB, jobs)
	events := allEvents(t, &s.Site)
	verifyOutbox(t, s.DB, events)
	verifyActivity(t, s.DB, events)
	t.Logf("%d attempts of %d jobs", attempts, len(ids))
}

var errNotNoticed = errors.New("nothing is logged")

// While the table of jobs is away, requests about jobs are refused and everything else works. Once it is back, the jobs go
// on; none is lost, and none does anything twice. No line of a log is lost either.
func TestJobsTableAway(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"callboard_jobs", "callboard_river_job", "callboard_job_logs"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			sqldbtest.EachKind(t, func(t *testing.T, database string) {
				gate := make(chan struct{})
				s, ids := startDiligent(t, database, size(30, 60), gate)
				awaitCompleted(t, s, 5)
				sqldbtest.RenameTable(t, s.DB, table, "callboard_away")
				close(gate)
				createEpisodes(t, s, "Meanwhile", size(5, 20))
				if table != "callboard_job_logs" {
					r := s.Do(http.MethodPost, apptest.JobsPath, s.Users.Editor.Token, obj{"kind": apptest.KindToil, "args": obj{}})
					if r.Status < 500 || r.Problem() == "" || containsFold(string(r.Body), "table") || containsFold(string(r.Body), "relation") {
						t.Errorf("a job is queued: answer %d %.300s", r.Status, r.Body)
					}
				}
				apptest.Eventually(t, "the server notices", func() error {
					if log := s.Log.String(); !strings.Contains(log, "cannot be written yet") && !strings.Contains(log, "no such table") &&
						!strings.Contains(log, "does not exist") {
						return errNotNoticed
					}
					return nil
				})
				sqldbtest.RenameTable(t, s.DB, "callboard_away", table)
				verifyDiligence(t, s, ids)
				if n := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_job_logs WHERE line LIKE 'a step is done%'`)[0]; table == "callboard_job_logs" && n != 3*len(ids) {
					t.Errorf("%d lines are kept of %d steps", n, 3*len(ids))
				}
			})
		})
	}
}

// When PostgreSQL drops all connections of the server, again and again, the jobs go on by themselves.
func TestJobsWhenConnectionsAreLost(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	s, ids := startDiligent(t, sqldbtest.Postgres, size(60, 120), gate)
	operator := connectAs(t, s.Config.DatabaseURL, "operator")
	for round := range size(3, 5) {
		awaitCompleted(t, s, 5+15*round)
		dropConnections(t, operator)
		if round == 0 {
			close(gate)
		}
	}
	verifyDiligence(t, s, ids)
}

// When PostgreSQL is away for longer than the queue tries to write how its jobs ended, they go on all the same.
func TestJobsWhenPostgresIsAway(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	s, ids := startDiligent(t, sqldbtest.Postgres, size(30, 60), gate)
	operator := connectAs(t, serverURL(t, s.Config.DatabaseURL), "operator")
	name := sqldbtest.Column[string](t, s.DB, `SELECT current_database()`)[0]
	awaitCompleted(t, s, 10)
	allowConnections(t, operator, name, false)
	close(gate)
	wait(t.Context(), time.Duration(size(3, 12))*time.Second)
	allowConnections(t, operator, name, true)
	verifyDiligence(t, s, ids)
}

// Of two servers on one database, the one takes over what the other was at when it was killed.
func TestJobsOfKilledNode(t *testing.T) {
	needLong(t)
	t.Parallel()
	for name, leads := range map[string]bool{"the leader": true, "the other": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed := apptest.NewBinary(t, apptest.Options{Kind: sqldbtest.Postgres}, noLimit)
			survivor := killed.Beside()
			first, second := killed, survivor
			if !leads {
				first, second = survivor, killed
			}
			first.Start()
			if !first.Await("leads the consumers") {
				t.Fatal("the first server does not lead")
			}
			second.Start()
			l := newJobLoad(t, survivor, 4000)
			l.queue(size(2, 4), size(3, 4), size(2, 4), size(2, 4))
			awaitBothAtWork(t, l)
			killed.Kill()
			began := time.Now()
			l.awaitAll()
			took := time.Since(began)
			attempts := l.verify(survivor.OpenDB(), filepath.Join(survivor.Config.DataDir, "files"))
			t.Logf("all jobs were done %v after the kill", took)
			if attempts <= len(l.jobs) {
				t.Errorf("%d attempts of %d jobs: the kill has met none", attempts, len(l.jobs))
			}
		})
	}
}

// awaitBothAtWork waits until two imports run, which is one on each node, and neither is near its end.
func awaitBothAtWork(t *testing.T, l *jobLoad) {
	t.Helper()
	apptest.Eventually(t, "both nodes are at work", func() error {
		n := l.count(func(j apptest.Job) bool {
			return j.Kind == kindImport && j.Status == "processing" && j.Progress > 0 && j.Progress < 50
		})
		if n < 2 {
			return fmt.Errorf("%d imports run", n)
		}
		return nil
	})
}
