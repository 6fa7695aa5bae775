package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const (
	noOpBody       = `{"kind":"no-op"}`
	jobConnections = 32
	jobEntries     = 3 // of a job in the log: it was queued, started, completed
	// surplus is how many jobs more than the target are queued in a second, so that as many as the target can be done in one.
	surplus = 1.02
)

// jobServer is a Callboard that has jobs which do nothing.
type jobServer struct {
	*contender
	id        string // in those of its figures
	database  string // what people call its database
	perSecond float64
	startMS   float64 // within which a job has to start

	jobs   *load.Ledger
	rows   *sql.DB
	alone  []float64 // creates/s without jobs
	beside []float64 // creates/s while jobs are done
	tail   []float64 // p99 of those creates, ms
	done   []float64 // jobs/s meanwhile
	most   []float64 // jobs/s with nothing beside
	cost   []float64 // µs of CPU of the server per job, with nothing beside
	costDB []float64 // the same of PostgreSQL
}

// Jobs measures what a job costs by itself, with jobs that do nothing: how soon it starts, how many are done in a second, and
// what they leave for the rest of the work.
func (s *Suite) Jobs(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	var all []*jobServer
	defer func() {
		for _, j := range all {
			if j.rows != nil {
				err = errors.Join(err, j.rows.Close())
			}
			stopAll(&err, j.contender)
		}
	}()
	if all, err = s.startJobServers(ctx); err != nil {
		return nil, nil, err
	}
	for _, j := range all {
		f, err := s.startDelay(ctx, j)
		if err != nil {
			return nil, nil, err
		}
		figures = append(figures, f)
	}
	for round := range s.Rounds {
		for _, j := range all {
			if err := s.jobRound(ctx, j, round); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, j := range all {
		if err := j.check(ctx); err != nil { // the episodes
			return nil, nil, err
		}
		figures = append(figures, j.figures()...)
	}
	return figures, nil, nil
}

func (s *Suite) startJobServers(ctx context.Context) (all []*jobServer, err error) {
	onSQLite, err := s.callboardWith(ctx, "callboard jobs", s.NoOp)
	if err != nil {
		return nil, err
	}
	sqlite := &jobServer{contender: onSQLite, id: "sqlite", database: "SQLite", perSecond: 500, startMS: 100}
	all = append(all, sqlite)
	postgres, err := s.jobsOnPostgres(ctx)
	switch {
	case errors.Is(err, errMissing):
		s.NotMeasured("jobs on PostgreSQL", err)
		err = nil
	case err == nil:
		all = append(all, &jobServer{contender: postgres, id: "postgres", database: "PostgreSQL", perSecond: 1000, startMS: 50})
	}
	for _, j := range all {
		j.jobs = load.NewLedger()
		var opening error
		j.rows, opening = process.Open(j.Database)
		err = errors.Join(err, opening)
	}
	return all, err
}

func (s *Suite) jobsOnPostgres(ctx context.Context) (*contender, error) {
	databaseURL, drop, err := s.database(ctx, "bench_jobs")
	if err != nil {
		return nil, err
	}
	const name = "callboard jobs PostgreSQL"
	server, err := process.Callboard(ctx, process.CallboardOptions{
		Binary: s.Binary, Server: s.NoOp, DataDir: filepath.Join(s.Folder, "data", name), DatabaseURL: databaseURL,
	})
	return newContender(ctx, name, server, drop, err)
}

// jobRound measures creates without jobs and beside them, first one and then the other, and then jobs alone.
func (s *Suite) jobRound(ctx context.Context, j *jobServer, round int) error {
	p := j.createPhase(s.pick(500*time.Millisecond, 100*time.Millisecond), s.pick(2500*time.Millisecond, 800*time.Millisecond))
	steps := []func(context.Context, phase) error{j.withoutJobs, j.withJobs}
	if round%2 == 1 { // what grows from one to the next is not always to the cost of the same
		steps[0], steps[1] = steps[1], steps[0]
	}
	for _, step := range steps {
		if err := step(ctx, p); err != nil {
			return err
		}
	}
	n := 4000
	if s.Quick {
		n = 300
	}
	if err := j.onlyJobs(ctx, n); err != nil {
		return err
	}
	last := func(values []float64) float64 { return values[len(values)-1] }
	s.Log("%s: %.0f creates/s, %.0f beside %.0f jobs/s; at most %.0f jobs/s at %.0f µs", j.name, last(j.alone), last(j.beside),
		last(j.done), last(j.most), last(j.cost))
	return nil
}

func (j *jobServer) withoutJobs(ctx context.Context, p phase) error {
	r, err := j.measure(ctx, p)
	j.alone = append(j.alone, r.Rate)
	return err
}

// withJobs measures creates while jobs are queued at the rate of the target, and how many of those are done meanwhile.
func (j *jobServer) withJobs(ctx context.Context, p phase) error {
	group, loads := errgroup.WithContext(ctx)
	group.Go(func() error {
		_, err := load.Open(loads, load.Plan{
			Host: j.Host(), Connections: jobConnections, Duration: p.warmup + p.duration, Request: j.noOp(), Ledger: j.jobs,
		}, int(j.perSecond*surplus))
		if errors.Is(err, load.ErrBehind) { // the jobs that are done tell
			err = nil
		}
		return err
	})
	group.Go(func() error {
		var before int64
		r, err := load.Closed(loads, load.Plan{
			Host: j.Host(), Connections: p.connections, Warmup: p.warmup, Duration: p.duration, Request: p.request, Ledger: j.ledger,
			Started: func() (err error) {
				before, err = j.count(ctx, `SELECT count(*) FROM jobs WHERE status = 'completed'`)
				return err
			},
		})
		if err != nil {
			return fmt.Errorf("%s: %w", j.name, err)
		}
		after, err := j.count(ctx, `SELECT count(*) FROM jobs WHERE status = 'completed'`)
		j.beside, j.tail = append(j.beside, r.Rate), append(j.tail, r.Percentile(99))
		j.done = append(j.done, float64(after-before)/r.Elapsed.Seconds())
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return j.finish(ctx)
}

func (j *jobServer) noOp() func(buf []byte, worker, n int) []byte {
	return load.Numbered(load.Request("POST", j.Host(), "/api/v1/jobs", j.Tokens["edgar"], []byte(noOpBody)))
}

// onlyJobs measures from the first of n jobs until all that follows from the last is there.
func (j *jobServer) onlyJobs(ctx context.Context, n int) error {
	before, err := j.usage()
	if err != nil {
		return err
	}
	began := time.Now()
	r, err := load.Closed(ctx, load.Plan{
		Host: j.Host(), Connections: jobConnections, Requests: n, Request: j.noOp(), Ledger: j.jobs,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", j.name, err)
	}
	if err := j.finish(ctx); err != nil {
		return err
	}
	jobs := float64(r.Requests)
	j.most = append(j.most, jobs/time.Since(began).Seconds())
	after, err := j.usage()
	j.cost = append(j.cost, float64((after.server-before.server).Microseconds())/jobs)
	if j.onPostgres() {
		j.costDB = append(j.costDB, float64((after.database-before.database).Microseconds())/jobs)
	}
	return errors.Join(err, j.checkJobs(ctx))
}

// finish waits until all jobs are done, and all that follows from them.
func (j *jobServer) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	for {
		left, err := j.count(ctx, `SELECT count(*) FROM jobs WHERE status IN ('pending', 'processing')`)
		if err != nil {
			return err
		}
		if left == 0 {
			_, err := j.Settle(ctx)
			return err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("%s: %d jobs are left: %w", j.name, left, err)
		}
	}
}

func (j *jobServer) count(ctx context.Context, query string) (n int64, err error) {
	if err := j.rows.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: count jobs: %w", j.name, err)
	}
	return n, nil
}

// checkJobs holds the ledger of jobs against the tables: each one that was acknowledged is completed, and told of once.
func (j *jobServer) checkJobs(ctx context.Context) error {
	for _, e := range []effect{
		{"jobs", 1, `SELECT CAST(id AS TEXT), 1 FROM jobs WHERE status = 'completed' AND attempt = 1`},
		{"activity", jobEntries, `SELECT resource_id, count(*) FROM activity WHERE resource_type = 'job' GROUP BY resource_id`},
		{"kinds of activity", jobEntries, `SELECT resource_id, count(DISTINCT action) FROM activity WHERE resource_type = 'job' GROUP BY resource_id`},
		{"notifications", 1, `SELECT resource_id, count(*) FROM notifications WHERE resource_type = 'job' GROUP BY resource_id`},
	} {
		rows, err := process.RowsByID(ctx, j.Database, e.query)
		if err != nil {
			return err
		}
		if err := j.jobs.Check(e.table, rows, e.want); err != nil {
			return fmt.Errorf("%s: %w", j.name, err)
		}
	}
	return nil
}

func (j *jobServer) figures() []report.Figure {
	most := single(report.Figure{
		ID: "jobs_" + j.id, Name: "jobs that do nothing on " + j.database + ", with all their events", Unit: "/s",
		Target: report.Target{AtLeast: j.perSecond},
		Note:   "From the first that is queued until all entries of the last are in the log.",
		Parts:  map[string]float64{"CPU µs/job": report.Median(j.cost)},
	}, j.most)
	if len(j.costDB) > 0 {
		most.Parts["PostgreSQL CPU µs/job"] = report.Median(j.costDB)
	}
	done := single(report.Figure{
		ID: "jobs_beside_" + j.id, Name: "jobs that do nothing on " + j.database + ", done while creates go at full speed", Unit: "/s",
		Target: report.Target{AtLeast: j.perSecond},
		Note:   fmt.Sprintf("%.0f a second are queued.", j.perSecond*surplus),
	}, j.done)
	kept := ratio(report.Figure{
		ID: "jobs_creates_kept_" + j.id, Target: report.Target{AtLeast: 0.8},
		Name: fmt.Sprintf("episode create on %s beside %.0f jobs/s ÷ without jobs: requests/s", j.database, j.perSecond),
	}, j.beside, j.alone)
	kept.Parts = merged(j.parts(), map[string]float64{
		"creates/s without jobs": report.Median(j.alone), "creates/s beside jobs": report.Median(j.beside),
		"creates beside jobs p99 ms": report.Median(j.tail), "jobs/s beside creates": report.Median(j.done),
	})
	if report.Median(j.done) < j.perSecond {
		kept.Note = "The jobs did not keep up, so the ratio is better than it would be beside as many as that."
	}
	return []report.Figure{most, done, kept}
}
