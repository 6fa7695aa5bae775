package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const (
	connections   = 64
	settleTimeout = time.Minute
)

// errMissing marks what cannot be measured here since a part of it cannot be had.
var errMissing = errors.New("cannot be had here")

// Missing tells whether a group was not measured only because a part of it cannot be had here.
func Missing(err error) bool { return errors.Is(err, errMissing) }

// contender is a server and what was seen of it, one value per round.
type contender struct {
	*process.Server
	name   string // what people read
	ledger *load.Ledger
	stop   func() error

	results   []load.Result
	rate      []float64 // requests/s
	p99       []float64 // ms
	cpu       []float64 // µs of the server per request
	database  []float64 // µs of PostgreSQL per request; none where it is not used
	generator []float64 // µs of this program per request
	drained   []float64 // seconds from the last answer until all that follows was done
}

// phase is one measured load on a contender.
type phase struct {
	warmup, duration time.Duration
	connections      int
	perSecond        int // open loop; 0 is a closed one
	request          func(buf []byte, worker, n int) []byte
	writes           bool // answers go to the ledger
}

// createPhase creates episodes.
func (c *contender) createPhase(warmup, duration time.Duration) phase {
	body := []byte(`{"title":"Episode ` + load.Number + `","description":"Two friends find a letter that was never sent.","season_number":1}`)
	request := load.Request("POST", c.Host(), c.createPath(), c.Tokens["edgar"], body)
	return phase{
		warmup: warmup, duration: duration, connections: connections, writes: true, request: load.Numbered(request),
	}
}

func (c *contender) createPath() string {
	if c.Name == "pocketbase" {
		return "/api/collections/episodes/records"
	}
	return "/api/v1/episodes"
}

// measure runs a phase and adds what it saw to the contender. It ends when all that follows from the requests is done,
// and so does the count of CPU.
func (c *contender) measure(ctx context.Context, p phase) (load.Result, error) {
	var before usage
	plan := load.Plan{
		Host: c.Host(), Connections: p.connections, Warmup: p.warmup, Duration: p.duration, Request: p.request,
		Started: func() (err error) {
			before, err = c.usage()
			return err
		},
	}
	if p.writes {
		plan.Ledger = c.ledger
	}
	result, err := run(ctx, plan, p.perSecond)
	if err != nil {
		return result, fmt.Errorf("%s: %w", c.name, err)
	}
	settling, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	drained, err := c.Settle(settling)
	if err != nil {
		return result, err
	}
	after, err := c.usage()
	if err != nil {
		return result, err
	}
	c.add(result, before, after, drained)
	return result, nil
}

func run(ctx context.Context, plan load.Plan, perSecond int) (load.Result, error) {
	if perSecond == 0 {
		return load.Closed(ctx, plan)
	}
	return load.Open(ctx, plan, perSecond)
}

func (c *contender) add(r load.Result, before, after usage, drained time.Duration) {
	c.results = append(c.results, r)
	c.rate = append(c.rate, r.Rate)
	c.p99 = append(c.p99, r.Percentile(99))
	perRequest := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(r.Requests) }
	c.cpu = append(c.cpu, perRequest(after.server-before.server))
	c.generator = append(c.generator, perRequest(after.generator-before.generator))
	c.drained = append(c.drained, drained.Seconds())
	if c.onPostgres() {
		c.database = append(c.database, perRequest(after.database-before.database))
	}
}

// usage is CPU time taken so far.
type usage struct{ server, database, generator time.Duration }

func (c *contender) usage() (u usage, err error) {
	if u.generator, err = process.OwnCPU(); err != nil {
		return u, err
	}
	if u.server, err = c.CPU(); err != nil || !c.onPostgres() {
		return u, err
	}
	u.database, err = process.PostgresCPU()
	return u, err
}

func (c *contender) onPostgres() bool { return strings.HasPrefix(c.Database, "postgres") }

// parts returns the medians of what was seen, for a figure's parts.
func (c *contender) parts() map[string]float64 {
	parts := map[string]float64{
		c.name + " requests/s":               report.Median(c.rate),
		c.name + " p99 ms":                   report.Median(c.p99),
		c.name + " CPU µs/request":           report.Median(c.cpu),
		c.name + " generator CPU µs/request": report.Median(c.generator),
	}
	if len(c.database) > 0 {
		parts[c.name+" PostgreSQL CPU µs/request"] = report.Median(c.database)
	}
	if memory, err := c.Memory(); err == nil {
		parts[c.name+" RSS MB"] = megabytes(memory)
	}
	return parts
}

func megabytes(n int64) float64 { return float64(n) / (1 << 20) }

// latency returns the latencies of all rounds as a line of a chart.
func (c *contender) latency(chart string) report.Series {
	x, y := load.Distribution(load.Merge(c.results))
	return report.Series{Chart: chart, Name: c.name, X: x, Y: y}
}

// callboard starts a Callboard with data of its own on SQLite.
func (s *Suite) callboard(ctx context.Context, name string, env ...string) (*contender, error) {
	return s.callboardWith(ctx, name, "", env...)
}

// callboardWith does so with a program that embeds Callboard, unless that is "".
func (s *Suite) callboardWith(ctx context.Context, name, program string, env ...string) (*contender, error) {
	accounts, template, err := s.populated(ctx)
	if err != nil {
		return nil, err
	}
	opts := process.CallboardOptions{
		Binary: s.Binary, Server: program, DataDir: filepath.Join(s.Folder, "data", name), Env: env,
	}
	if err := os.CopyFS(opts.DataDir, os.DirFS(template)); err != nil {
		return nil, fmt.Errorf("copy the population: %w", err)
	}
	server, err := opts.Serve(ctx, accounts)
	return newContender(ctx, name, server, func() { os.RemoveAll(opts.DataDir) }, err)
}

// populated returns the folder of a database that holds the population, which it makes the first time.
func (s *Suite) populated(ctx context.Context) (process.Accounts, string, error) {
	opts := process.CallboardOptions{Binary: s.Binary, DataDir: filepath.Join(s.Folder, "data", "population")}
	if s.accounts.Tokens == nil {
		accounts, err := opts.Populate(ctx)
		if err != nil {
			return accounts, "", err
		}
		s.accounts = accounts
	}
	return s.accounts, opts.DataDir, nil
}

// callboardOnPostgres starts a Callboard on a PostgreSQL database of its own.
func (s *Suite) callboardOnPostgres(ctx context.Context, name, database string) (*contender, error) {
	databaseURL, drop, err := s.database(ctx, database)
	if err != nil {
		return nil, err
	}
	server, err := process.Callboard(ctx, process.CallboardOptions{
		Binary: s.Binary, DataDir: filepath.Join(s.Folder, "data", name), DatabaseURL: databaseURL,
	})
	return newContender(ctx, name, server, drop, err)
}

// express starts the Express peer on a database of its own.
func (s *Suite) express(ctx context.Context, database string) (*contender, error) {
	if s.Express == "" {
		return nil, fmt.Errorf("the Express peer %w", errMissing)
	}
	databaseURL, drop, err := s.database(ctx, database)
	if err != nil {
		return nil, err
	}
	server, err := process.Express(ctx, s.Express, databaseURL)
	return newContender(ctx, "express", server, drop, err)
}

// pocketbase starts the PocketBase peer with SQLite's setting of how it syncs: NORMAL is what it ships with, FULL is what
// survives a power cut.
func (s *Suite) pocketbase(ctx context.Context, name, synchronous string) (*contender, error) {
	if s.PocketBase == "" {
		return nil, fmt.Errorf("the PocketBase peer %w", errMissing)
	}
	server, err := process.PocketBase(ctx, s.PocketBase, filepath.Join(s.Folder, "data", name), synchronous)
	return newContender(ctx, name, server, func() {}, err)
}

func (s *Suite) database(ctx context.Context, name string) (databaseURL string, drop func(), err error) {
	if s.Postgres == "" {
		return "", nil, fmt.Errorf("PostgreSQL %w", errMissing)
	}
	return process.Database(ctx, s.Postgres, name)
}

func newContender(ctx context.Context, name string, server *process.Server, drop func(), err error) (*contender, error) {
	if err != nil {
		drop()
		return nil, err
	}
	return &contender{Server: server, name: name, ledger: load.NewLedger(), stop: func() error {
		defer drop()
		return server.Stop(context.WithoutCancel(ctx))
	}}, nil
}

// stopAll ends the contenders and adds what went wrong to err.
func stopAll(err *error, all ...*contender) {
	for _, c := range all {
		if c != nil {
			*err = errors.Join(*err, c.stop())
		}
	}
}

// merged puts parts together.
func merged(all ...map[string]float64) map[string]float64 {
	sum := map[string]float64{}
	for _, parts := range all {
		for name, value := range parts {
			sum[name] = value
		}
	}
	return sum
}

// ratio returns a figure that divides a by b, round by round.
func ratio(f report.Figure, a, b []float64) report.Figure {
	f.Unit = "×"
	f.Rounds = report.Ratios(a, b)
	f.Value = report.Median(f.Rounds)
	return f
}

// single returns a figure that is the median of its rounds.
func single(f report.Figure, rounds []float64) report.Figure {
	f.Rounds = slices.Clone(rounds)
	f.Value = report.Median(rounds)
	return f
}
