package outbox

import (
	"context"
	"time"
)

// Idle reports whether the relay would find nothing to write.
func (r *Relay) Idle(ctx context.Context) (bool, error) { return r.idle(ctx) }

// Adapt tells a relay that does not run how long a batch took, and returns the size of the next.
func (r *Relay) Adapt(events int, took time.Duration) int {
	r.adapt(events, took)
	return r.batch
}
