package suite

import (
	"context"
	"time"

	"callboard/bench/report"
)

// memoryUse is the memory of a server before it did something, and the most meanwhile.
type memoryUse struct{ idle, peak int64 }

// idleMemory returns the memory of a server that has just started and done nothing yet.
func (s *Suite) idleMemory(ctx context.Context, c *contender) (int64, error) {
	if err := pause(ctx, s.pick(3*time.Second, 500*time.Millisecond)); err != nil { // what starting has left to do
		return 0, err
	}
	return c.Memory()
}

// memorySince returns the most memory since the peak was forgotten.
func (c *contender) memorySince(idle int64) (memoryUse, error) {
	peak, err := c.PeakMemory()
	return memoryUse{idle, peak}, err
}

// above returns in MB how much the most is above idle.
func (m memoryUse) above() float64 { return megabytes(m.peak - m.idle) }

func (m memoryUse) figure(f report.Figure) report.Figure {
	f.Unit = "MB"
	f.Parts = map[string]float64{"idle RSS MB": megabytes(m.idle), "peak RSS MB": megabytes(m.peak)}
	return single(f, []float64{m.above()})
}
