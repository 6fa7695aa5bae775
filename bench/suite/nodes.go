package suite

import (
	"context"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

const (
	nodes     = 3
	oneConns  = 24 // to PostgreSQL, of one node; three have as many together, and PostgreSQL takes 100
	nodeConns = oneConns / nodes

	oneNode         = "callboard one node"
	onPostgresAlone = "callboard nodes on PostgreSQL"
	onRedis         = "callboard nodes on Redis"

	followerCPU = "follower's CPU µs/event"
	redisCPU    = "Redis CPU µs/event"
)

// nodes compares several nodes on one PostgreSQL with one. On one machine they cannot be faster: what is measured is what it
// costs that there are several.
func (s *Suite) nodes(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: append(s.onPostgres(oneNode, process.Config{MaxConns: oneConns}), s.clusters()...),
		turn: func(ctx context.Context, c *contender) error {
			if err := s.creating(s.millis(1000, 300), s.millis(4000, 1000), 0)(ctx, c); err != nil {
				return err
			}
			return s.following(ctx, c)
		},
		finish: s.picture,
	})
	for name, server := range map[string]string{"PostgreSQL alone": onPostgresAlone, "PostgreSQL and Redis": onRedis} {
		g.Ratio("three nodes on "+name+" ÷ one node: episodes created/s", report.AtLeast(0.9), server, oneNode, perSecond)
		g.Median("the same: CPU of a node that only follows", "µs/event", report.Target{}, server, followerCPU)
		g.Median("the same: memory of a node for each socket at another", "KB", report.Target{}, server, "KB/socket elsewhere")
	}
	return err
}

// clusters returns three nodes with and without Redis.
func (s *Suite) clusters() []entrant {
	return append(s.onPostgres(onPostgresAlone, process.Config{Nodes: nodes, MaxConns: nodeConns}),
		s.onPostgres(onRedis, process.Config{Nodes: nodes, MaxConns: nodeConns, RedisURL: s.Redis})...)
}

// following measures what a change costs on the nodes that did not make it, and in what they share: 200 a second at one node.
func (s *Suite) following(ctx context.Context, c *contender) error {
	before, err := c.shares()
	if err != nil {
		return err
	}
	p := c.createPlan()
	p.PerSecond, p.Duration = 200, s.millis(5000, 1500)
	p.Request = c.createAt(c.URL)
	r, err := load.Run(ctx, p)
	if err != nil {
		return err
	}
	if _, err := c.Settle(ctx); err != nil {
		return err
	}
	after, err := c.shares()
	if err != nil {
		return err
	}
	micros := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(r.Requests) }
	c.add("all nodes' CPU µs/event", micros(after.all-before.all))
	c.add("PostgreSQL CPU µs/event", micros(after.postgres-before.postgres))
	c.add(redisCPU, micros(after.redis-before.redis))
	least := time.Duration(0)
	for i := range c.Others { // one of them may lead, and does more
		if cpu := after.others[i] - before.others[i]; i == 0 || cpu < least {
			least = cpu
		}
	}
	if len(c.Others) > 0 {
		c.add(followerCPU, micros(least))
	}
	return nil
}

// picture measures what each node keeps of a socket that another has: who is there.
func (s *Suite) picture(ctx context.Context, c *contender) error {
	if len(c.Others) == 0 {
		return nil
	}
	plan, err := c.viewers(ctx, s.idleSockets(), c.URL)
	if err != nil {
		return err
	}
	swarm, err := s.socketMemory(ctx, c, c.Others[0], "KB/socket elsewhere", plan)
	if err == nil {
		swarm.Close()
	}
	return err
}

// shares is the CPU time that nodes, and what they share, have taken so far.
type shares struct {
	all, postgres, redis time.Duration
	others               []time.Duration // of each further node
}

func (c *contender) shares() (u shares, err error) {
	for i, n := range c.Nodes() {
		cpu, err := n.CPU()
		if err != nil {
			return u, err
		}
		if u.all += cpu; i > 0 {
			u.others = append(u.others, cpu)
		}
	}
	if u.postgres, err = process.CPUOf("postgres"); err == nil {
		u.redis, err = process.CPUOf("redis-server")
	}
	return u, err
}
