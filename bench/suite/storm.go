package suite

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
	"github.com/callboard/callboard/bench/sockets"
)

const (
	mostSockets = 20_000 // on one node, by default
	spareFiles  = 500    // that a process may have open beside the sockets
	stormRate   = 4      // messages per second while all come back: with 5,000 sockets, 20,000 deliveries
	backIn      = "s until all are back"
	crowded     = "callboard crowd"
)

// storm measures what happens when all come at once: thousands of sockets on three nodes that are cut at the same instant, and a
// node that is as full as it gets.
func (s *Suite) storm(ctx context.Context, g *report.Group) error {
	cut, crowd := pick(s, 5000, 1000), pick(s, mostSockets, 2000)
	config := process.Config{Nodes: nodes, MaxConns: nodeConns, RedisURL: s.Redis}
	var swarm *sockets.Swarm
	err := s.compare(ctx, g, comparison{
		entrants: s.onPostgres(onRedis, config),
		prepare: func(ctx context.Context, c *contender) (err error) {
			plan, err := c.viewers(ctx, cut, c.URLs()...)
			if err == nil {
				swarm, err = sockets.Open(ctx, plan)
			}
			return err
		},
		turn:   func(ctx context.Context, c *contender) error { return s.cutAll(ctx, c, swarm) },
		finish: func(context.Context, *contender) error { return swarm.Err() },
	})
	if swarm != nil {
		swarm.Close()
	}
	if err != nil {
		return err
	}
	g.Worst(fmt.Sprintf("%d sockets on three nodes, cut at once: until all are back", cut), "s", report.AtMost(10), onRedis, backIn)
	g.Note(fmt.Sprintf("With %d messages a second meanwhile, each of which every socket must get, and once.", stormRate))

	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return fmt.Errorf("ask how many files may be open: %w", err)
	}
	crowd = min(crowd, int(files.Max)-spareFiles)
	err = s.compare(ctx, g, comparison{
		entrants: s.onSQLite(crowded, process.Config{}),
		finish:   func(ctx context.Context, c *contender) error { return s.crowd(ctx, c, crowd) },
	})
	g.Median(fmt.Sprintf("%d sockets on one node: memory of each", crowd), "KB", report.AtMost(30), crowded, "KB/socket")
	g.Median("the same: a message to all of them, p99", "ms", report.AtMost(1000), crowded, "message p99 ms")
	return err
}

// cutAll cuts all sockets while messages are sent.
func (s *Suite) cutAll(ctx context.Context, c *contender, swarm *sockets.Swarm) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		_, err := swarm.Measure(ctx, sockets.Load{Rate: stormRate, Messages: 5 * stormRate, Send: c.broadcast})
		return err
	})
	group.Go(func() error {
		if err := pause(ctx, s.millis(1000, 500)); err != nil {
			return err
		}
		took, err := swarm.Cut(ctx)
		c.add(backIn, took.Seconds())
		return err
	})
	err := group.Wait()
	s.Log("%s: all are back after %.1f s", c.name, c.last(backIn))
	return err
}

// crowd fills one node, and sends messages to all.
func (s *Suite) crowd(ctx context.Context, c *contender, n int) error {
	plan, err := c.viewers(ctx, n, c.URL)
	if err != nil {
		return err
	}
	swarm, err := s.socketMemory(ctx, c, c.Server, "KB/socket", plan)
	if err != nil {
		return err
	}
	defer swarm.Close()
	r, err := swarm.Measure(ctx, sockets.Load{Rate: 1, Messages: pick(s, 20, 5), Send: c.broadcast})
	if err != nil {
		return err
	}
	c.add("message p99 ms", load.Millis(r.Latency, 99))
	s.Log("%s: a message to all p99 %.0f ms", c.name, c.last("message p99 ms"))
	return nil
}

// viewers adds users who only look, and returns the plan of sockets of theirs at the servers in turn, which come back when they are cut.
func (c *contender) viewers(ctx context.Context, n int, servers ...string) (sockets.Plan, error) {
	ids, err := c.addViewers(ctx, n/socketsPerUser)
	if err != nil {
		return sockets.Plan{}, err
	}
	tokens, err := tokensOf(ids)
	return sockets.Plan{Protocol: sockets.Centrifuge(), Servers: servers, Tokens: tokens, Sockets: n, Returns: true}, err
}

// broadcast sends a message of an application's own to everybody.
func (c *contender) broadcast(ctx context.Context, mark string) error {
	return c.Ask(ctx, http.MethodPost, "/api/v1/socket/broadcast", "ada", `{"event":"bench","data":{"mark":"`+mark+`"}}`, nil)
}
