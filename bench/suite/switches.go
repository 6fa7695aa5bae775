package suite

import (
	"context"
	"time"

	"callboard/bench/load"
	"callboard/bench/report"
)

// Switches compares creating with all that follows to creating with all of it switched off, on SQLite.
func (s *Suite) Switches(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	var on, off *contender
	defer func() { stopAll(&err, on, off) }()
	if on, err = s.callboard(ctx, "all on", switches("true")...); err != nil {
		return nil, nil, err
	}
	if off, err = s.callboard(ctx, "all off", switches("false")...); err != nil {
		return nil, nil, err
	}
	for range s.Rounds {
		for _, c := range []*contender{on, off} {
			if err := s.switchRound(ctx, c, c == on); err != nil {
				return nil, nil, err
			}
		}
	}
	parts := merged(on.parts(), off.parts())
	throughput := ratio(report.Figure{
		ID: "switches_throughput", Name: "all switches on ÷ all off: requests/s", Target: report.Target{AtLeast: 0.85}, Parts: parts,
	}, on.rate, off.rate)
	p99 := ratio(report.Figure{
		ID: "switches_p99", Name: "all switches on ÷ all off: p99", Target: report.Target{AtMost: 1.25}, Parts: parts,
	}, on.p99, off.p99)
	return []report.Figure{throughput, p99}, []report.Series{on.latency("switches"), off.latency("switches")}, nil
}

func switches(value string) []string {
	return []string{"ACTIVITY_DB_ENABLED=" + value, "NOTIFICATION_ENABLED=" + value, "PRESENCE_TRACKING_ENABLED=" + value}
}

func (s *Suite) switchRound(ctx context.Context, c *contender, effects bool) error {
	phase := c.createPhase(s.pick(time.Second, 300*time.Millisecond), s.pick(4*time.Second, time.Second))
	result, err := c.measure(ctx, phase)
	if err != nil {
		return err
	}
	s.logRound(c, result)
	if err := c.checkEpisodes(ctx); err != nil || !effects {
		return err
	}
	return c.checkEffects(ctx)
}

func (s *Suite) logRound(c *contender, r load.Result) {
	s.Log("%s: %.0f requests/s, p50 %.1f ms, p99 %.1f ms, %.0f µs CPU", c.name, r.Rate, r.Percentile(50), r.Percentile(99), c.cpu[len(c.cpu)-1])
}
