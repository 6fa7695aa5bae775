package sqldb

import (
	"context"
	"slices"
	"sync/atomic"
)

// WithBeforeCommit returns a context under which the next Write that commits also runs fn, inside its transaction and after
// the Write's own function succeeded. So what fn stores is there exactly when the change is. When fn returns an error, the
// Write is rolled back and returns it.
//
// fn belongs to one committed Write only. It runs again when the transaction it ran in rolled back, and is left out of a
// Write that runs while another one, under the same context, has it. Several run in the order added.
func WithBeforeCommit(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) context.Context {
	outer, _ := ctx.Value(hookKey{}).([]*commitHook)
	return context.WithValue(ctx, hookKey{}, append(slices.Clip(outer), &commitHook{fn: fn}))
}

type hookKey struct{}

type commitHook struct {
	fn    writeFunc
	taken atomic.Bool // by a Write that is open, or that committed
}

// takeHooks takes those of ctx that are free.
func takeHooks(ctx context.Context) []*commitHook {
	all, _ := ctx.Value(hookKey{}).([]*commitHook)
	var taken []*commitHook
	for _, h := range all {
		if h.taken.CompareAndSwap(false, true) {
			taken = append(taken, h)
		}
	}
	return taken
}
