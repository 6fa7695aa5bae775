package sqldb

import (
	"context"
	"sync/atomic"
)

// WithParticipant returns a context under which the next Write that commits also runs fn, inside its transaction and
// after the Write's own function succeeded. So what fn stores is there exactly when the change is. When fn returns an
// error, the Write is rolled back and returns it.
//
// fn takes part in one committed Write only. It runs again when the transaction it ran in rolled back, and is left out
// of a Write that runs while another one, under the same context, has it. Several participants run in the order added.
func WithParticipant(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) context.Context {
	outer, _ := ctx.Value(participantKey{}).(*participant)
	return context.WithValue(ctx, participantKey{}, &participant{fn: fn, outer: outer})
}

// Bound reports whether a Write under ctx concerns more than itself: it would have participants, or be inside another Write,
// which is an error. What gathers writes of many contexts leaves such a one alone.
func Bound(ctx context.Context) bool {
	return inWrite(ctx) || ctx.Value(participantKey{}) != nil
}

type participantKey struct{}

type participant struct {
	fn    writeFunc
	outer *participant
	taken atomic.Bool // by a Write that is open, or that committed
}

type participants []*participant

// claimParticipants takes those of ctx that are free, the one added first in front.
func claimParticipants(ctx context.Context) participants {
	p, _ := ctx.Value(participantKey{}).(*participant)
	return p.claim()
}

func (p *participant) claim() participants {
	if p == nil {
		return nil
	}
	claimed := p.outer.claim()
	if p.taken.CompareAndSwap(false, true) {
		claimed = append(claimed, p)
	}
	return claimed
}

func (ps participants) run(ctx context.Context, tx *Tx) error {
	for _, p := range ps {
		if err := p.fn(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// release frees them for the next Write, after this one did not commit.
func (ps participants) release() {
	for _, p := range ps {
		p.taken.Store(false)
	}
}
