package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const (
	entriesPerSecond = 500
	bulkEntries      = 1000
	loggedAction     = "watched_take" // of entries that are sent one by one
	importedAction   = "imported_take"
)

// Activity measures logging: one entry at a time at a fixed rate, and as many as fit in one call beside writing the same
// rows without a server.
func (s *Suite) Activity(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	c, err := s.callboard(ctx, "callboard")
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	post, err := s.postFigure(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	series = append(series, c.latency("activity"))
	bulk, err := s.bulkFigure(ctx)
	return []report.Figure{post, bulk}, series, err
}

func (s *Suite) postFigure(ctx context.Context, c *contender) (report.Figure, error) {
	body := []byte(`{"action":"` + loggedAction + `","resource_type":"take","resource_id":"` + load.Number +
		`","resource_name":"Scene 12, take 3","metadata":{"seconds":42}}`)
	p := phase{
		warmup: s.pick(time.Second, 300*time.Millisecond), duration: s.pick(3*time.Second, 1500*time.Millisecond), connections: openConnections,
		perSecond: entriesPerSecond, writes: true,
		request: load.Numbered(load.Request("POST", c.Host(), "/api/v1/activity", c.Tokens["edgar"], body)),
	}
	for range s.Rounds {
		result, err := c.measure(ctx, p)
		if err != nil {
			return report.Figure{}, err
		}
		s.logRound(c, result)
	}
	rows, err := process.RowsByID(ctx, c.Database, `SELECT event_id, count(*) FROM activity WHERE action = $1 GROUP BY event_id`, loggedAction)
	if err != nil {
		return report.Figure{}, err
	}
	return c.openFigure(report.Figure{
		ID: "activity_post_p99", Name: "POST activity, one entry, 500/s: p99", Target: report.Target{AtMost: 5},
	}), c.ledger.Check("activity", rows, 1)
}

// bulkRates are rows per second, one value per round.
type bulkRates struct {
	acknowledged, settled []float64 // by the server: until it has answered, and until all rows are in the log
	words, plain          []float64 // without a server: with the words of the search, and without
}

func (s *Suite) bulkFigure(ctx context.Context) (f report.Figure, err error) {
	c, err := s.callboard(ctx, "callboard bulk")
	if err != nil {
		return f, err
	}
	defer stopAll(&err, c)
	words, err := s.rawLog(ctx, c, "raw with words", true)
	if err != nil {
		return f, err
	}
	defer words.close(&err)
	plain, err := s.rawLog(ctx, c, "raw", false)
	if err != nil {
		return f, err
	}
	defer plain.close(&err)
	var rates bulkRates
	sent := 0
	for range s.Rounds {
		n, err := s.bulkRound(ctx, c, words, plain, &rates)
		if err != nil {
			return f, err
		}
		sent += n
	}
	if err := c.checkBulk(ctx, sent); err != nil {
		return f, err
	}
	return c.bulkResult(rates), nil
}

// bulkRound measures the server and both twins, and returns how many entries the server has acknowledged.
func (s *Suite) bulkRound(ctx context.Context, c *contender, words, plain *rawLog, rates *bulkRates) (sent int, err error) {
	length := s.pick(2*time.Second, 700*time.Millisecond)
	body, err := bulkBody()
	if err != nil {
		return 0, err
	}
	request := load.Request("POST", c.Host(), "/api/v1/activity/bulk", c.Tokens["edgar"], body)
	result, err := c.measure(ctx, phase{duration: length, connections: 1, request: load.Numbered(request)})
	if err != nil {
		return 0, err
	}
	rows := float64(result.Requests * bulkEntries)
	rates.acknowledged = append(rates.acknowledged, rows/result.Elapsed.Seconds())
	rates.settled = append(rates.settled, rows/(result.Elapsed.Seconds()+c.drained[len(c.drained)-1]))
	for _, twin := range []struct {
		log  *rawLog
		into *[]float64
	}{{words, &rates.words}, {plain, &rates.plain}} {
		rate, err := twin.log.fill(ctx, length)
		if err != nil {
			return 0, err
		}
		*twin.into = append(*twin.into, rate)
	}
	s.Log("bulk: %.0f rows/s acknowledged, %.0f in the log; raw %.0f, without words %.0f",
		rates.acknowledged[len(rates.acknowledged)-1], rates.settled[len(rates.settled)-1],
		rates.words[len(rates.words)-1], rates.plain[len(rates.plain)-1])
	return result.Requests * bulkEntries, nil
}

func (c *contender) checkBulk(ctx context.Context, sent int) error {
	there, err := process.Count(ctx, c.Database, `SELECT count(*) FROM activity WHERE action = $1`, importedAction)
	if err == nil && there != int64(sent) {
		err = fmt.Errorf("%s: %d entries were acknowledged and %d are in the log", c.name, sent, there)
	}
	return err
}

func (c *contender) bulkResult(rates bulkRates) report.Figure {
	f := ratio(report.Figure{
		ID: "activity_bulk_vs_raw", Name: "activity/bulk of 1,000 ÷ raw multi-row insert: rows/s", Target: report.Target{AtLeast: 0.6},
		Note: "Rows that are acknowledged, which are durable then, beside rows of the log and of its search.",
	}, rates.acknowledged, rates.words)
	f.Parts = map[string]float64{
		"acknowledged rows/s":               report.Median(rates.acknowledged),
		"rows/s until all are in the log":   report.Median(rates.settled),
		"raw rows/s":                        report.Median(rates.words),
		"raw rows/s without search":         report.Median(rates.plain),
		"ratio to raw without search":       report.Median(report.Ratios(rates.acknowledged, rates.plain)),
		"ratio until all are in the log":    report.Median(report.Ratios(rates.settled, rates.words)),
		"callboard CPU µs/row until in log": report.Median(c.cpu) / bulkEntries,
	}
	return f
}

type bulkEntry struct {
	Action       string         `json:"action"`
	ResourceType string         `json:"resource_type"`
	ResourceID   string         `json:"resource_id"`
	ResourceName string         `json:"resource_name"`
	Metadata     map[string]any `json:"metadata"`
}

// bulkBatch returns the entries of one call.
func bulkBatch() []bulkEntry {
	entries := make([]bulkEntry, bulkEntries)
	for i := range entries {
		entries[i] = bulkEntry{
			Action: importedAction, ResourceType: "take", ResourceID: fmt.Sprintf("take-%06d", i),
			ResourceName: fmt.Sprintf("Scene %d, take %d", i/10+1, i%10+1), Metadata: map[string]any{"seconds": i},
		}
	}
	return entries
}

func bulkBody() ([]byte, error) {
	body, err := json.Marshal(map[string]any{"entries": bulkBatch()})
	if err != nil {
		return nil, fmt.Errorf("write entries: %w", err)
	}
	return body, nil
}

// rawLog makes a database as the server does and opens it for writing as the server does.
func (s *Suite) rawLog(ctx context.Context, c *contender, name string, words bool) (*rawLog, error) {
	opts := process.CallboardOptions{Binary: s.Binary, DataDir: filepath.Join(s.Folder, "data", name)}
	if err := opts.Migrate(ctx); err != nil {
		return nil, err
	}
	return openRawLog(ctx, filepath.Join(opts.DataDir, "callboard.db"), c.IDs["edgar"], words)
}
