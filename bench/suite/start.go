package suite

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"callboard/bench/process"
	"callboard/bench/report"
)

// starts is how often a server is started.
const starts = 5

// startFigure stops the server and measures how long it takes to start again: from running the program until it has told
// where it is and answers.
func (s *Suite) startFigure(ctx context.Context, c *scaled) (report.Figure, error) {
	f := report.Figure{
		ID: "start_10m", Name: fmt.Sprintf("start on a log of %s entries", short(c.entries)), Unit: "ms",
		Target: report.Target{AtMost: 300}, Note: "The file is in the cache of the system.",
	}
	var rounds []float64
	for range starts {
		if err := c.Stop(ctx); err != nil {
			return f, err
		}
		took, err := c.start(ctx)
		if err != nil {
			return f, err
		}
		rounds = append(rounds, took.Seconds()*1000)
	}
	memory, err := c.Memory()
	f.Parts = map[string]float64{"RSS MB": megabytes(memory)}
	return single(f, rounds), err
}

// start starts the server anew.
func (c *scaled) start(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	server, err := c.opts.Serve(ctx, process.Accounts{})
	if err != nil {
		return 0, err
	}
	*c.Server = *server // stop ends this one now
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/healthz", nil)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", c.name, err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", c.name, err)
	}
	took := time.Since(began)
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", c.name, answer.StatusCode)
	}
	_ = answer.Body.Close()
	return took, err
}
