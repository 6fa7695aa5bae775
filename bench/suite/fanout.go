package suite

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

const fanOutEvery = time.Second

// fanOut measures a notification to 10,000 users: how long its sender and others wait, and when all inboxes have it.
func (s *Suite) fanOut(ctx context.Context, g *report.Group) error {
	inboxes := int64(10_000 + len(process.Population()) - 1) // all but the sender's
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		prepare: func(ctx context.Context, c *contender) error {
			_, err := c.addViewers(ctx, 10_000)
			return err
		},
		turn: func(ctx context.Context, c *contender) error {
			return c.fanOutRound(ctx, inboxes, s.millis(5000, 2500))
		},
		finish: func(ctx context.Context, c *contender) error {
			s.Log("%s: request %.1f ms, beside it %.1f ms, rows %.2f s", c.name, c.last("request ms"), c.last("creates beside p99 ms"), c.last("rows s"))
			return c.checkEpisodes(ctx)
		},
	})
	g.Worst("one notification to 10,000 users: the request", "ms", report.AtMost(10), "callboard SQLite", "request ms")
	g.Median("episodes created meanwhile, 50/s: p99", "ms", report.Target{}, "callboard SQLite", "creates beside p99 ms")
	g.Worst("one notification to 10,000 users: until all rows are in place", "s", report.AtMost(2), "callboard SQLite", "rows s")
	return err
}

// fanOutRound sends a notification a second while episodes are created at a fixed rate, and for a second more.
func (c *contender) fanOutRound(ctx context.Context, inboxes int64, length time.Duration) error {
	var beside load.Result
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		p := c.createPlan()
		p.PerSecond, p.Duration = 50, length
		beside, err = load.Run(ctx, p)
		return err
	})
	group.Go(func() error {
		began := time.Now()
		for next := began.Add(fanOutEvery / 2); next.Before(began.Add(length - fanOutEvery)); next = next.Add(fanOutEvery) {
			if err := pause(ctx, time.Until(next)); err != nil {
				return err
			}
			if err := c.notifyAll(ctx, inboxes); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	c.add("creates beside p99 ms", beside.Percentile(99))
	return nil
}

// notifyAll notifies everybody and waits until all rows are there.
func (c *contender) notifyAll(ctx context.Context, inboxes int64) error {
	began := time.Now()
	var answer struct{ Data struct{ ID string } }
	body := `{"user_id":"all","type":"call","message":"Call time is 7"}`
	if err := c.Ask(ctx, http.MethodPost, "/api/v1/notifications", "ada", body, &answer); err != nil {
		return err
	}
	request := time.Since(began)
	if err := c.awaitCount(ctx, inboxes, `callboard_notifications WHERE event_id = $1`, answer.Data.ID); err != nil {
		return err
	}
	c.add("request ms", request.Seconds()*1000)
	c.add("rows s", time.Since(began).Seconds())
	return nil
}
