package suite

import (
	"context"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
)

const (
	connections     = 64
	openConnections = 128 // of a load at a fixed rate: so many that one is free whenever a request is due
	settleTimeout   = 2 * time.Minute

	perSecond = "requests/s"
	p99       = "p99 ms"
	allDone   = "until all is done s"
)

// createPlan creates episodes, at all nodes in turn.
func (c *contender) createPlan() load.Plan {
	var atNode []func(n int) vegeta.Target
	for _, url := range c.URLs() {
		atNode = append(atNode, c.createAt(url))
	}
	request := func(n int) vegeta.Target { return atNode[n%len(atNode)](n) }
	return load.Plan{Connections: connections, Request: request, Ledger: c.ledger}
}

// createAt creates episodes at one node.
func (c *contender) createAt(url string) func(n int) vegeta.Target {
	path := "/api/v1/episodes"
	if c.Kind == "pocketbase" {
		path = "/api/collections/episodes/records"
	}
	return load.Numbered(load.Request("POST", url+path, c.Tokens["edgar"],
		`{"title":"Episode `+load.Number+`","description":"Two friends find a letter that was never sent.","season_number":1}`))
}

// measured runs a load and adds what it saw. The count of CPU ends when all that follows from the requests is done.
func (s *Suite) measured(ctx context.Context, c *contender, p load.Plan) error {
	var before usage
	p.Started = func() (err error) {
		before, err = c.usage()
		return err
	}
	r, err := load.Run(ctx, p)
	if err != nil {
		return err
	}
	drained, err := c.Settle(ctx)
	if err != nil {
		return err
	}
	after, err := c.usage()
	if err != nil {
		return err
	}
	perRequest := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(r.Requests) }
	c.add(perSecond, r.Rate)
	c.add("p50 ms", r.Percentile(50))
	c.add(p99, r.Percentile(99))
	c.add("p99.9 ms", r.Percentile(99.9))
	c.add("CPU µs/request", perRequest(after.server-before.server))
	if c.onPostgres() {
		c.add("PostgreSQL CPU µs/request", perRequest(after.database-before.database))
	}
	c.add("generator CPU µs/request", perRequest(after.generator-before.generator))
	if p.PerSecond > 0 {
		c.add("generator late p99 ms", load.Millis(r.Late, 99))
	}
	if c.Kind == "callboard" {
		c.add(allDone, drained.Seconds())
	}
	rss, _, err := c.Memory()
	c.add("RSS MB", megabytes(rss))
	s.Log("%s: %.0f requests/s, p50 %.2f ms, p99 %.1f ms, %.0f µs CPU", c.name, r.Rate, r.Percentile(50), r.Percentile(99), c.last("CPU µs/request"))
	return err
}

// usage is CPU time taken so far.
type usage struct{ server, database, generator time.Duration }

func (c *contender) usage() (u usage, err error) {
	for _, n := range c.Nodes() {
		cpu, err := n.CPU()
		if err != nil {
			return u, err
		}
		u.server += cpu
	}
	if c.onPostgres() {
		u.database, err = process.CPUOf("postgres")
	}
	u.generator = process.OwnCPU()
	return u, err
}

// idleMemory returns the memory of a server that has just started and done nothing yet, in MB.
func (s *Suite) idleMemory(ctx context.Context, c *contender) (float64, error) {
	if err := pause(ctx, s.millis(3000, 500)); err != nil { // what starting has left to do
		return 0, err
	}
	rss, _, err := c.Memory()
	return megabytes(rss), err
}

// peakMemory returns the most that the server took while something was done, in MB.
func (c *contender) peakMemory(do func() error) (float64, error) {
	if err := c.ForgetPeak(); err != nil {
		return 0, err
	}
	if err := do(); err != nil {
		return 0, err
	}
	_, peak, err := c.Memory()
	return megabytes(peak), err
}

func megabytes(n int64) float64 { return float64(n) / (1 << 20) }
