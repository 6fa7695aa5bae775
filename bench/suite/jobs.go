package suite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/sync/errgroup"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
	"github.com/callboard/callboard/bench/sockets"
)

const (
	noOpJob     = `{"kind":"no-op"}`
	jobEntries  = 3    // of a job in the log: it was queued, started, completed
	surplus     = 1.02 // of jobs that are queued in a second, so that as many as the target can be done
	jobsDone    = "jobs/s"
	jobsBeside  = "jobs/s beside creates"
	createsKept = "creates kept beside jobs"
	jobStart    = "queued → job_started ms"
)

// jobRun is what jobs are measured with on one server.
type jobRun struct {
	*contender
	perSecond float64
	queued    *load.Ledger // of jobs
}

// jobs measures with jobs that do nothing how soon they start, how many are done, and what they leave for other work.
func (s *Suite) jobs(ctx context.Context, g *report.Group) (err error) {
	var config process.Config
	if config.Server, err = s.peer(ctx, "jobs"); err != nil {
		return err
	}
	runs := map[*contender]*jobRun{}
	err = s.compare(ctx, g, comparison{
		entrants: append(s.onSQLite("callboard jobs SQLite", config), s.onPostgres("callboard jobs PostgreSQL", config)...),
		prepare: func(ctx context.Context, c *contender) error {
			runs[c] = &jobRun{contender: c, perSecond: 500, queued: new(load.Ledger)}
			if c.onPostgres() {
				runs[c].perSecond = 1000
			}
			return s.startDelay(ctx, runs[c])
		},
		turn: func(ctx context.Context, c *contender) error { return s.jobRound(ctx, runs[c]) },
	})
	jobFigures(g, "SQLite", 500, 100)
	jobFigures(g, "PostgreSQL", 1000, 50)
	return err
}

func jobFigures(g *report.Group, on string, rate, startMS float64) {
	server := "callboard jobs " + on
	g.Worst("job queued → job_started on a socket, idle server on "+on+": p99", "ms", report.AtMost(startMS), server, jobStart)
	g.Note("The clock starts when the answer to the request is there, which is sent once the job is committed.")
	g.Median("jobs that do nothing on "+on+", with all their events", "/s", report.AtLeast(rate), server, jobsDone)
	g.Note("From the first that is queued until all entries of the last are in the log.")
	g.Median("jobs that do nothing on "+on+", done while creates go at full speed", "/s", report.AtLeast(rate), server, jobsBeside)
	g.Note(fmt.Sprintf("%.0f a second are queued.", rate*surplus))
	g.Median(fmt.Sprintf("episode create on %s beside %.0f jobs/s ÷ without jobs: requests/s", on, rate), "×",
		report.AtLeast(0.8), server, createsKept)
	g.Note("Where the jobs do not keep up, it is better than it would be beside as many as that.")
}

// jobRound measures creates without jobs and beside them, and then jobs alone.
func (s *Suite) jobRound(ctx context.Context, j *jobRun) error {
	p := j.createPlan()
	p.Warmup, p.Duration = s.millis(500, 100), s.millis(2500, 800)
	alone, err := load.Run(ctx, p)
	if err != nil {
		return err
	}
	if err := j.done(ctx); err != nil {
		return err
	}
	beside, err := j.withJobs(ctx, p)
	if err != nil {
		return err
	}
	j.add("creates/s without jobs", alone.Rate)
	j.add("creates/s beside jobs", beside.Rate)
	j.add("creates beside jobs p99 ms", beside.Percentile(99))
	j.add(createsKept, beside.Rate/alone.Rate)
	if err := j.onlyJobs(ctx, pick(s, 4000, 300)); err != nil {
		return err
	}
	s.Log("%s: %.0f creates/s, %.0f beside %.0f jobs/s; at most %.0f jobs/s at %.0f µs", j.name, alone.Rate, beside.Rate, j.last(jobsBeside),
		j.last(jobsDone), j.last("CPU µs/job"))
	return errors.Join(j.checkEpisodes(ctx), j.checkJobs(ctx))
}

// withJobs measures creates while jobs are queued at the rate of the target, and how many of those are done meanwhile.
func (j *jobRun) withJobs(ctx context.Context, p load.Plan) (creates load.Result, err error) {
	const completed = `callboard_jobs WHERE status = 'completed'`
	group, loads := errgroup.WithContext(ctx)
	group.Go(func() error {
		queue := j.plan()
		queue.Duration, queue.PerSecond = p.Warmup+p.Duration, int(j.perSecond*surplus)
		if _, err := load.Run(loads, queue); !errors.Is(err, load.ErrBehind) { // the jobs that are done tell
			return err
		}
		return nil
	})
	var before, after int64
	group.Go(func() (err error) {
		p.Started = func() (err error) {
			before, err = process.Count(ctx, j.Database, completed)
			return err
		}
		if creates, err = load.Run(loads, p); err == nil {
			after, err = process.Count(ctx, j.Database, completed)
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return creates, err
	}
	j.add(jobsBeside, float64(after-before)/creates.Elapsed.Seconds())
	return creates, j.done(ctx)
}

// plan queues jobs.
func (j *jobRun) plan() load.Plan {
	request := load.Request("POST", j.URL+"/api/v1/jobs", j.Tokens["edgar"], noOpJob)
	return load.Plan{Connections: 32, Request: requests{request}.inTurn(), Ledger: j.queued}
}

// onlyJobs measures from the first of n jobs until all that follows from the last is there.
func (j *jobRun) onlyJobs(ctx context.Context, n int) error {
	before, err := j.usage()
	if err != nil {
		return err
	}
	began := time.Now()
	p := j.plan()
	p.Requests = n
	if _, err := load.Run(ctx, p); err != nil {
		return err
	}
	if err := j.done(ctx); err != nil {
		return err
	}
	j.add(jobsDone, float64(n)/time.Since(began).Seconds())
	after, err := j.usage()
	perJob := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(n) }
	j.add("CPU µs/job", perJob(after.server-before.server))
	if j.onPostgres() {
		j.add("PostgreSQL CPU µs/job", perJob(after.database-before.database))
	}
	return err
}

// done waits until all jobs are done, and all that follows from them.
func (j *jobRun) done(ctx context.Context) error {
	if err := j.awaitCount(ctx, 0, `callboard_jobs WHERE status IN ('pending', 'processing')`); err != nil {
		return err
	}
	_, err := j.Settle(ctx)
	return err
}

// checkJobs holds the ledger of jobs against the tables: each one that was acknowledged is completed, and told of once.
func (j *jobRun) checkJobs(ctx context.Context) error {
	return j.check(ctx, j.queued, []effect{
		{"jobs", 1, `SELECT CAST(id AS TEXT), 1 FROM callboard_jobs WHERE status = 'completed' AND attempt = 1`},
		{"activity", jobEntries, `SELECT resource_id, count(*) FROM callboard_activity WHERE resource_type = 'job' GROUP BY resource_id`},
		{"kinds of activity", jobEntries, `SELECT resource_id, count(DISTINCT action) FROM callboard_activity WHERE resource_type = 'job' GROUP BY resource_id`},
		{"notifications", 1, `SELECT resource_id, count(*) FROM callboard_notifications WHERE resource_type = 'job' GROUP BY resource_id`},
	}...)
}

const (
	// Jobs are queued so far apart that one is done before the next, and never in step with anything that runs at fixed times.
	jobEvery, jobJitter = 20 * time.Millisecond, 30 * time.Millisecond
	jobsBefore          = 5 // that do not count
	startTimeout        = 10 * time.Second
)

// startDelay measures on an idle server how soon everybody who listens knows that a job has started.
func (s *Suite) startDelay(ctx context.Context, j *jobRun) error {
	swarm, err := sockets.Open(ctx, sockets.Plan{Protocol: sockets.Centrifuge(), Servers: []string{j.URL}, Tokens: []string{j.Tokens["vic"]}, Sockets: 1})
	if err != nil {
		return err
	}
	defer swarm.Close()
	started := make(chan arrival, 100)
	swarm.Hear(func(at time.Time, message []byte) {
		if data := gjson.GetBytes(message, "push.pub.data"); data.Get("event").String() == "job_started" {
			started <- arrival{data.Get("resource.id").String(), at}
		}
	})
	for i := range jobsBefore + pick(s, 200, 40) {
		if err := pause(ctx, jobEvery+rand.N(jobJitter)); err != nil {
			return err
		}
		var answer struct{ Data struct{ ID string } }
		if err := j.Ask(ctx, http.MethodPost, "/api/v1/jobs", "edgar", noOpJob, &answer); err != nil {
			return err
		}
		answered := time.Now()
		j.queued.Add(answer.Data.ID)
		at, err := await(ctx, started, answer.Data.ID)
		if err != nil {
			return err
		}
		if i >= jobsBefore {
			j.add(jobStart, max(0, at.Sub(answered).Seconds()*1000)) // it may even be there before
		}
	}
	delays := j.group.Rounds(j.name, jobStart)
	s.Log("%s: a job starts within %.1f ms (p50), %.1f ms (p99)", j.name, report.Median(delays), report.Percentile99(delays))
	return errors.Join(j.done(ctx), j.checkJobs(ctx))
}

// arrival is a message that a job has started.
type arrival struct {
	job string
	at  time.Time
}

// await waits for the message of one job. Those before it are passed over.
func await(ctx context.Context, started <-chan arrival, job string) (time.Time, error) {
	timeout := time.After(startTimeout)
	for {
		select {
		case a := <-started:
			if a.job == job {
				return a.at, nil
			}
		case <-timeout:
			return time.Time{}, fmt.Errorf("job %s has not started within %s", job, startTimeout)
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}
