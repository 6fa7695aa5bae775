package suite

import (
	"context"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

// creating returns a turn in which episodes are created, at full speed when the rate is 0, and the ledger is checked.
func (s *Suite) creating(warmup, length time.Duration, rate int) func(context.Context, *contender) error {
	return func(ctx context.Context, c *contender) error {
		p := c.createPlan()
		p.Warmup, p.Duration, p.PerSecond = warmup, length, rate
		if rate > 0 {
			p.Connections = openConnections
		}
		if err := s.measured(ctx, c, p); err != nil {
			return err
		}
		return c.checkEpisodes(ctx)
	}
}

// create compares how many episodes a second the servers create, with all that follows from each.
func (s *Suite) create(ctx context.Context, g *report.Group) error {
	entrants := append(s.callboards("callboard"), s.express("express"), s.pocketbase("pocketbase", "NORMAL"))
	if !s.Quick { // beside the point, and a second is dear
		entrants = append(entrants, s.pocketbase("pocketbase FULL", "FULL"))
	}
	err := s.compare(ctx, g, comparison{
		entrants: entrants,
		turn:     s.creating(s.millis(1000, 300), s.millis(3500, 1000), 0),
		finish: func(ctx context.Context, c *contender) error {
			if c.Kind != "express" {
				return nil
			}
			return c.addDelivered(ctx)
		},
	})
	g.Ratio("episode create on SQLite ÷ Express: requests/s", report.AtLeast(8), "callboard SQLite", "express", perSecond)
	g.Ratio("episode create on SQLite ÷ PocketBase's plain create: requests/s", report.AtLeast(3), "callboard SQLite", "pocketbase", perSecond)
	g.Note("PocketBase is as it ships: the last writes may be gone after a power cut, and nothing follows from a write but its live message.")
	g.Ratio("the same with PocketBase as durable as Callboard (synchronous=FULL)", report.Target{}, "callboard SQLite", "pocketbase FULL", perSecond)
	g.Ratio("episode create on PostgreSQL ÷ Express: requests/s", report.AtLeast(3), "callboard PostgreSQL", "express", perSecond)
	return err
}

// switches compares creating with all that follows to creating with all of it switched off, on SQLite.
func (s *Suite) switches(ctx context.Context, g *report.Group) error {
	const on, off = "callboard all on", "callboard all off"
	err := s.compare(ctx, g, comparison{
		entrants: append(s.onSQLite(on, process.Config{}), s.onSQLite(off, process.Config{Off: true})...),
		turn:     s.creating(s.millis(1000, 300), s.millis(4000, 1000), 0),
	})
	g.Ratio("all switches on ÷ all off: requests/s", report.AtLeast(0.85), on, off, perSecond)
	g.Ratio("all switches on ÷ all off: p99", report.AtMost(1.25), on, off, p99)
	return err
}

// openLoop measures the latency of creates at a fixed rate.
func (s *Suite) openLoop(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		turn:     s.creating(s.millis(1000, 300), s.millis(5000, 2000), 1000),
	})
	g.Median("create at 1,000 writes/s on SQLite: p99", "ms", report.AtMost(5), "callboard SQLite", p99)
	g.Median("the same on PostgreSQL: p99", "ms", report.Target{}, "callboard PostgreSQL", p99)
	return err
}

// drain measures how long it takes, after a load at full speed, until all that follows from it is done.
func (s *Suite) drain(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		turn:     s.creating(0, s.millis(20_000, 2000), 0),
	})
	g.Median("all done after a load at full speed on SQLite", "s", report.AtMost(1), "callboard SQLite", allDone)
	g.Note("A mark that is written last must be in the log and in an inbox, which takes some milliseconds by itself.")
	g.Median("the same on PostgreSQL", "s", report.Target{}, "callboard PostgreSQL", allDone)
	return err
}

// read compares how many times a second servers answer with a random episode and who looks at it, which all users do.
func (s *Suite) read(ctx context.Context, g *report.Group) error {
	const episodes = 1000
	err := s.compare(ctx, g, comparison{
		entrants: append(s.callboards("callboard"), s.express("express")),
		prepare: func(ctx context.Context, c *contender) error {
			p := c.createPlan()
			p.Connections, p.Requests = 4, episodes
			if _, err := load.Run(ctx, p); err != nil {
				return err
			}
			if _, err := c.Settle(ctx); err != nil {
				return err
			}
			return c.checkViewers(ctx, c.ledger.IDs()[0])
		},
		turn: func(ctx context.Context, c *contender) error {
			var requests requests
			for _, id := range c.ledger.IDs() {
				for _, u := range process.Population() {
					requests = append(requests, load.Request("GET", c.URL+"/api/v1/episodes/"+id, c.Tokens[u.Name], ""))
				}
			}
			return s.measured(ctx, c, load.Plan{
				Connections: connections, Warmup: s.millis(1000, 300), Duration: s.millis(2000, 800), Request: requests.shuffled(),
			})
		},
	})
	g.Ratio("GET one episode with viewers on SQLite ÷ Express: requests/s", report.AtLeast(6), "callboard SQLite", "express", perSecond)
	g.Ratio("the same on PostgreSQL ÷ Express", report.Target{}, "callboard PostgreSQL", "express", perSecond)
	return err
}
