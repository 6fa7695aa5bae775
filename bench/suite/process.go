package suite

import (
	"context"
	"fmt"
	"os"
	"time"

	"callboard/bench/report"
)

// Process measures what a server costs that nobody asks anything: CPU, memory, and the size of its binary.
func (s *Suite) Process(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	binary, err := os.Stat(s.Binary)
	if err != nil {
		return nil, nil, fmt.Errorf("find the binary: %w", err)
	}
	c, err := s.callboard(ctx, "callboard")
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	if err := pause(ctx, s.pick(3*time.Second, time.Second)); err != nil { // what starting has left to do
		return nil, nil, err
	}
	busy, err := c.idle(ctx, s.pick(10*time.Second, 2*time.Second))
	if err != nil {
		return nil, nil, err
	}
	memory, err := c.Memory()
	if err != nil {
		return nil, nil, err
	}
	peak, err := c.PeakMemory()
	if err != nil {
		return nil, nil, err
	}
	small := report.Target{AtMost: 60}
	return []report.Figure{
		single(report.Figure{ID: "idle_cpu", Name: "idle: CPU of one core", Unit: "%", Target: report.Target{AtMost: 1}}, []float64{busy}),
		single(report.Figure{
			ID: "idle_memory", Name: "idle: memory", Unit: "MB", Target: small, Parts: map[string]float64{"peak MB": megabytes(peak)},
		}, []float64{megabytes(memory)}),
		single(report.Figure{ID: "binary_size", Name: "binary", Unit: "MB", Target: small}, []float64{megabytes(binary.Size())}),
	}, nil, nil
}

// idle returns the share of one core, in per cent, that the server takes by itself.
func (c *contender) idle(ctx context.Context, length time.Duration) (float64, error) {
	before, err := c.CPU()
	if err != nil {
		return 0, err
	}
	if err := pause(ctx, length); err != nil {
		return 0, err
	}
	after, err := c.CPU()
	return 100 * (after - before).Seconds() / length.Seconds(), err
}

func pause(ctx context.Context, length time.Duration) error {
	select {
	case <-time.After(length):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
