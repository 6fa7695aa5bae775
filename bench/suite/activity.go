package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/report"
)

const bulkEntries = 1000 // as many as fit in one call

// activity measures logging: one entry at a time at a fixed rate, and many in one call beside writing rows without a server.
func (s *Suite) activity(ctx context.Context, g *report.Group) error {
	if err := s.logOne(ctx, g); err != nil {
		return err
	}
	return s.logBulk(ctx, g)
}

func (s *Suite) logOne(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		turn: func(ctx context.Context, c *contender) error {
			request := load.Request("POST", c.URL+"/api/v1/activity", c.Tokens["edgar"], `{"action":"watched_take","resource_type":"take",`+
				`"resource_id":"`+load.Number+`","resource_name":"Scene 12, take 3","metadata":{"seconds":42}}`)
			return s.measured(ctx, c, load.Plan{
				Connections: openConnections, PerSecond: 500, Warmup: s.millis(1000, 300), Duration: s.millis(3000, 1500),
				Request: load.Numbered(request), Ledger: c.ledger,
			})
		},
		finish: func(ctx context.Context, c *contender) error {
			return c.check(ctx, c.ledger, effect{"activity", 1, `SELECT event_id, count(*) FROM callboard_activity WHERE action = 'watched_take' GROUP BY event_id`})
		},
	})
	g.Median("POST activity, one entry, 500/s: p99", "ms", report.AtMost(5), "callboard SQLite", p99)
	return err
}

const (
	acknowledged = "acknowledged rows/s"
	settled      = "rows/s until all are in the log"
	rawInsert    = "raw insert"
)

func (s *Suite) logBulk(ctx context.Context, g *report.Group) error {
	const server = "callboard bulk SQLite"
	body, sent := bulkBody(takes()), map[*contender]int64{}
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard bulk"),
		turn: func(ctx context.Context, c *contender) error {
			began := time.Now()
			r, err := load.Run(ctx, load.Plan{Connections: 1, Duration: s.millis(2000, 700), Request: requests{
				load.Request("POST", c.URL+"/api/v1/activity/bulk", c.Tokens["edgar"], body),
			}.inTurn()})
			if err != nil {
				return err
			}
			if _, err := c.Settle(ctx); err != nil {
				return err
			}
			rows := float64(r.Requests * bulkEntries)
			c.add(acknowledged, rows/r.Elapsed.Seconds())
			c.add(settled, rows/time.Since(began).Seconds())
			sent[c] += int64(rows)
			s.Log("%s: %.0f rows/s acknowledged, %.0f in the log", c.name, c.last(acknowledged), c.last(settled))
			if err := c.checkCount(ctx, sent[c], `callboard_activity WHERE action = 'imported_take'`); err != nil || c.name != server {
				return err
			}
			return s.writeRaw(ctx, c) // once beside this Callboard
		},
	})
	g.Ratio("activity/bulk of 1,000 on SQLite ÷ raw multi-row insert: rows/s", report.AtLeast(0.6), server, rawInsert, acknowledged)
	g.Note("Rows that are acknowledged, which are durable then, beside the same rows inserted straight into a table with the same indexes.")
	return err
}

func takes() []map[string]any {
	entries := make([]map[string]any, bulkEntries)
	for i := range entries {
		entries[i] = map[string]any{
			"action": "imported_take", "resource_type": "take", "resource_id": fmt.Sprintf("take-%06d", i),
			"resource_name": fmt.Sprintf("Scene %d, take %d", i/10+1, i%10+1), "metadata": map[string]any{"seconds": i},
		}
	}
	return entries
}

func bulkBody(entries []map[string]any) string {
	body, _ := json.Marshal(map[string]any{"entries": entries}) // which cannot fail for texts and numbers
	return string(body)
}
