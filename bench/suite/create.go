package suite

import (
	"context"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

// create compares how many episodes a second the servers create, with all that follows from each.
func (s *Suite) create(ctx context.Context, g *report.Group) error {
	entrants := append(s.callboards("callboard"), s.express("express"), s.pocketbase("pocketbase", "NORMAL"))
	if !s.Quick { // beside the point, and a second is dear
		entrants = append(entrants, s.pocketbase("pocketbase FULL", "FULL"))
	}
	err := s.compare(ctx, g, comparison{
		entrants: entrants,
		turn: func(ctx context.Context, c *contender) error {
			p := c.createPlan()
			p.Warmup, p.Duration = s.millis(1000, 300), s.millis(3500, 1000)
			if err := s.measured(ctx, c, p); err != nil {
				return err
			}
			return c.checkEpisodes(ctx)
		},
		finish: func(ctx context.Context, c *contender) error {
			if c.Kind != "express" {
				return nil
			}
			return c.addDelivered(ctx)
		},
	})
	if err != nil {
		return err
	}
	g.Ratio(report.Figure{
		ID: "create_sqlite_vs_express", Name: "episode create on SQLite ÷ Express: requests/s", Target: report.Target{AtLeast: 8},
	}, "callboard SQLite", "express", perSecond)
	g.Ratio(report.Figure{
		ID: "create_sqlite_vs_pocketbase", Name: "episode create on SQLite ÷ PocketBase's plain create: requests/s", Target: report.Target{AtLeast: 3},
		Note: "PocketBase is as it ships: the last writes may be gone after a power cut, and nothing follows from a write but its live message.",
	}, "callboard SQLite", "pocketbase", perSecond)
	g.Ratio(report.Figure{
		ID: "create_sqlite_vs_pocketbase_full", Name: "the same with PocketBase as durable as Callboard (synchronous=FULL)",
	}, "callboard SQLite", "pocketbase FULL", perSecond)
	g.Ratio(report.Figure{
		ID: "create_postgres_vs_express", Name: "episode create on PostgreSQL ÷ Express: requests/s", Target: report.Target{AtLeast: 3},
	}, "callboard PostgreSQL", "express", perSecond)
	return nil
}

// switches compares creating with all that follows to creating with all of it switched off, on SQLite.
func (s *Suite) switches(ctx context.Context, g *report.Group) error {
	const on, off = "callboard all on", "callboard all off"
	set := func(value string) process.Config {
		return process.Config{Env: []string{"ACTIVITY_DB_ENABLED=" + value, "NOTIFICATION_ENABLED=" + value, "PRESENCE_TRACKING_ENABLED=" + value}}
	}
	err := s.compare(ctx, g, comparison{
		entrants: append(s.onSQLite(on, set("true")), s.onSQLite(off, set("false"))...),
		turn: func(ctx context.Context, c *contender) error {
			p := c.createPlan()
			p.Warmup, p.Duration = s.millis(1000, 300), s.millis(4000, 1000)
			if err := s.measured(ctx, c, p); err != nil {
				return err
			}
			if c.name == on || c.name == on+report.Before {
				return c.checkEpisodes(ctx)
			}
			return c.check(ctx, c.ledger, episodeRows())
		},
	})
	g.Ratio(report.Figure{
		ID: "switches_throughput", Name: "all switches on ÷ all off: requests/s", Target: report.Target{AtLeast: 0.85},
	}, on, off, perSecond)
	g.Ratio(report.Figure{
		ID: "switches_p99", Name: "all switches on ÷ all off: p99", Target: report.Target{AtMost: 1.25},
	}, on, off, p99)
	return err
}

// openLoop measures the latency of creates at a fixed rate.
func (s *Suite) openLoop(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		turn: func(ctx context.Context, c *contender) error {
			p := c.createPlan()
			p.Connections, p.PerSecond = openConnections, 1000
			p.Warmup, p.Duration = s.millis(1000, 300), s.millis(5000, 2000)
			return s.measured(ctx, c, p)
		},
		finish: func(ctx context.Context, c *contender) error { return c.checkEpisodes(ctx) },
	})
	g.Median(report.Figure{
		ID: "open_loop_p99", Name: "create at 1,000 writes/s on SQLite: p99", Unit: "ms", Target: report.Target{AtMost: 5},
	}, "callboard SQLite", p99)
	g.Median(report.Figure{
		ID: "open_loop_p99_postgres", Name: "create at 1,000 writes/s on PostgreSQL: p99", Unit: "ms",
	}, "callboard PostgreSQL", p99)
	return err
}

// drain measures how long it takes, after a load at full speed, until all that follows from it is done.
func (s *Suite) drain(ctx context.Context, g *report.Group) error {
	const metric = "until all is done s"
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		turn: func(ctx context.Context, c *contender) error {
			p := c.createPlan()
			p.Duration = s.millis(20_000, 2000)
			return s.measured(ctx, c, p)
		},
		finish: func(ctx context.Context, c *contender) error { return c.checkEpisodes(ctx) },
	})
	note := "A mark that is written last must be in the log and in an inbox, which takes some milliseconds by itself."
	g.Median(report.Figure{
		ID: "drain_sqlite", Name: "all done after a load at full speed on SQLite", Unit: "s", Target: report.Target{AtMost: 1}, Note: note,
	}, "callboard SQLite", metric)
	g.Median(report.Figure{
		ID: "drain_postgres", Name: "all done after a load at full speed on PostgreSQL", Unit: "s",
	}, "callboard PostgreSQL", metric)
	return err
}

// read compares how many times a second the servers answer with one episode and who looks at it. All users look at all
// episodes, at random.
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
			if _, err := c.settle(ctx); err != nil {
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
	g.Ratio(report.Figure{
		ID: "read_vs_express", Name: "GET one episode with viewers on SQLite ÷ Express: requests/s", Target: report.Target{AtLeast: 6},
	}, "callboard SQLite", "express", perSecond)
	g.Ratio(report.Figure{
		ID: "read_postgres_vs_express", Name: "the same on PostgreSQL ÷ Express",
	}, "callboard PostgreSQL", "express", perSecond)
	return err
}
