package suite

import (
	"context"
	"time"

	"callboard/bench/load"
	"callboard/bench/report"
)

const (
	writesPerSecond  = 1000
	openConnections  = 128 // so many that one is free whenever a request is due
	maxGeneratorLate = 1.0 // ms at p99, beyond which the figure is that of the generator
)

// OpenLoop measures the latency of creates at a fixed rate, on SQLite.
func (s *Suite) OpenLoop(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	c, err := s.callboard(ctx, "callboard")
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	for range s.Rounds {
		phase := c.createPhase(s.pick(time.Second, 300*time.Millisecond), s.pick(5*time.Second, 2*time.Second))
		phase.connections, phase.perSecond = openConnections, writesPerSecond
		result, err := c.measure(ctx, phase)
		if err != nil {
			return nil, nil, err
		}
		s.logRound(c, result)
	}
	if err := c.check(ctx); err != nil {
		return nil, nil, err
	}
	figure := c.openFigure(report.Figure{
		ID: "open_loop_p99", Name: "create at 1,000 writes/s on SQLite: p99", Target: report.Target{AtMost: 5},
	})
	return []report.Figure{figure}, []report.Series{c.latency("open_loop")}, nil
}

// openFigure returns the p99 of a load at a fixed rate, with what else there is to know.
func (c *contender) openFigure(f report.Figure) report.Figure {
	f.Unit = "ms"
	f = single(f, c.p99)
	all := load.Result{Latency: load.Merge(c.results)}
	late := c.medianOf(func(r load.Result) float64 { return r.LatePercentile(99) })
	f.Parts = merged(c.parts(), map[string]float64{
		"p50 ms": all.Percentile(50), "p99.9 ms": all.Percentile(99.9), "most ms": all.Percentile(100),
		"generator late p99 ms": late,
	})
	if late > maxGeneratorLate {
		f.Note = "The generator itself was late, so the server is better than this."
	}
	return f
}

func (c *contender) medianOf(value func(load.Result) float64) float64 {
	var values []float64
	for _, r := range c.results {
		values = append(values, value(r))
	}
	return report.Median(values)
}

// Drain measures how long the relay needs, after a load at full speed, until all that follows from it is done.
func (s *Suite) Drain(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	c, err := s.callboard(ctx, "callboard")
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	length := s.pick(time.Minute, 2*time.Second)
	result, err := c.measure(ctx, c.createPhase(0, length))
	if err != nil {
		return nil, nil, err
	}
	s.logRound(c, result)
	if err := c.check(ctx); err != nil {
		return nil, nil, err
	}
	figure := single(report.Figure{
		ID: "relay_drain", Name: "relay done after a load at full speed", Unit: "s", Target: report.Target{AtMost: 1},
		Parts: merged(c.parts(), map[string]float64{"load s": length.Seconds(), "writes": float64(result.Requests)}),
	}, c.drained)
	return []report.Figure{figure}, nil, nil
}
