package sqldb

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// holdTime bounds how long a commit is held. On SQLite all other writes wait for it.
const holdTime = 100 * time.Millisecond

// Hold lets what is known only after a Write be part of its transaction, such as the answer to the request that made it.
type Hold struct {
	taken   atomic.Bool    // by a Write that runs or is held
	ready   chan struct{}  // closed when that waits with its commit
	last    chan writeFunc // what is to run before the commit; nil: nothing
	done    chan struct{}  // closed when the Write has ended
	err     error          // its result
	ran     bool           // what Release was given
	detach  func() bool    // from the end of the caller's context
	release sync.Once
}

type holdKey struct{}

// WithHold returns a context under which the next Write returns to its caller when its function and its hooks have succeeded, but
// commits no sooner than Release. Until then nobody sees the change: what else is done with the database under that context
// first lets it commit, and so does holdTime. Functions of Tx.OnCommit run before Release returns, and must not use the database
// under that context. Release has to be called, whatever happens.
func WithHold(ctx context.Context) (context.Context, *Hold) {
	h := &Hold{ready: make(chan struct{}), last: make(chan writeFunc, 1)}
	return context.WithValue(ctx, holdKey{}, h), h
}

// Release runs fn, unless it is nil, as the last part of the transaction that is held, and commits. The error is what Write would
// have returned; then nothing was stored. ran tells whether fn was run: it is not where no Write is held any more.
func (h *Hold) Release(fn func(ctx context.Context, tx *Tx) error) (ran bool, err error) {
	if !h.holds() {
		return false, nil
	}
	h.release.Do(func() { h.last <- fn })
	<-h.done
	return h.ran, h.err
}

// holds reports whether the Write has given its result to its caller. It may have been committed since.
func (h *Hold) holds() bool {
	select {
	case <-h.ready:
		return true
	default:
		return false
	}
}

// write runs fn by commit, and returns when that has ended, or when its commit is held.
func (h *Hold) write(ctx context.Context, fn writeFunc, commit func(context.Context, writeFunc) error) error {
	// Once the caller has gone on, its context may end at any time without meaning the change.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.detach = context.AfterFunc(ctx, cancel)
	done := make(chan struct{})
	h.done = done
	go func() {
		h.err = errGoexit // until proven otherwise
		defer close(done)
		defer cancel()
		defer h.detach()
		h.err = commit(WithBeforeCommit(own, h.wait), func(ctx context.Context, tx *Tx) error {
			if h.holds() { // PostgreSQL asks for a repeat, and the caller has gone on with the result of the first attempt
				return unavailable(msgUndone, errors.New("a transaction that was held could not be committed"))
			}
			return fn(ctx, tx)
		})
	}()
	select {
	case <-h.ready:
		return nil
	case <-done:
	}
	if h.holds() {
		return h.err
	}
	err := h.err
	h.taken.Store(false) // nothing was written: the next Write may be held
	return err
}

// wait is the last hook of the Write.
func (h *Hold) wait(ctx context.Context, tx *Tx) error {
	h.detach()
	close(h.ready)
	timer := time.NewTimer(holdTime)
	defer timer.Stop()
	select {
	case fn := <-h.last:
		if fn == nil {
			return nil
		}
		err := fn(ctx, tx)
		h.ran = err == nil
		return err
	case <-timer.C:
		return nil
	}
}

// letCommit has what is held under ctx committed, before the database is used in another way.
func letCommit(ctx context.Context) error {
	h, _ := ctx.Value(holdKey{}).(*Hold)
	if h == nil || ctx.Value(txKey{}) != nil { // a context from inside the Write cannot wait for it
		return nil
	}
	_, err := h.Release(nil)
	return err
}
