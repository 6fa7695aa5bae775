package presence

import (
	"maps"
	"slices"
	"time"
)

// calendar files what expires under the second in which to look at it, so that a sweep costs no more than what is due, however much is
// held. What is extended stays where it is until then: most calls only extend.
type calendar struct {
	seconds map[int64]map[expirer]struct{}
	swept   int64 // the last second that was swept, perhaps not to its end
}

// expirer is what stands in the calendar. expire is called with the lock held.
type expirer interface {
	expire(m *MemoryStore, now time.Duration)
}

// due takes out what is filed for the seconds until now. Some of it may expire later in the present second.
func (c *calendar) due(now time.Duration) []expirer {
	var due []expirer
	for last := int64(now / time.Second); ; c.swept++ {
		due = slices.AppendSeq(due, maps.Keys(c.seconds[c.swept]))
		delete(c.seconds, c.swept)
		if c.swept >= last {
			return due
		}
	}
}

// file puts e under the second of a time, unless it is filed under an earlier one, and returns its second.
func (c *calendar) file(e expirer, filed int64, at time.Duration) int64 {
	second := max(int64(at/time.Second), c.swept)
	if second >= filed {
		return filed
	}
	c.remove(e, filed)
	if c.seconds[second] == nil {
		c.seconds[second] = map[expirer]struct{}{}
	}
	c.seconds[second][e] = struct{}{}
	return second
}

func (c *calendar) remove(e expirer, filed int64) { delete(c.seconds[filed], e) }
