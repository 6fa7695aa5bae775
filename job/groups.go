package job

import (
	"context"
	"sync"
	"time"

	"callboard"
	"callboard/sqldb"
)

const (
	// maxGroup is how many changes are committed together at most. It bounds what is held in memory and under lock.
	maxGroup = 64
	// groupTime bounds how long the database may take for a group, or for a change that somebody holds up.
	groupTime = 30 * time.Second
)

// errSlow is also that of a change whose row somebody has locked for too long.
var errSlow = &callboard.Error{
	Code: callboard.CodeUnavailable, Message: "the database takes too long; try again later", RetryAfter: time.Second,
}

// groups commit changes of many goroutines together: while one group is being committed the next one gathers, so that there is
// a transaction for each change when little goes on, and one for dozens under load.
type groups[T any] struct {
	db *sqldb.DB
	// apply makes the changes of a group. Its error undoes them all; it is called again for each alone when one of them may
	// be at fault.
	apply func(ctx context.Context, tx *sqldb.Tx, group []T) error
	limit time.Duration // of a group

	mu      sync.Mutex
	waiting []*member[T]
	busy    bool // a goroutine commits what is waiting
}

type member[T any] struct {
	change T
	err    error
	done   chan struct{} // closed once err is set
}

// commit returns once change is durable, or has failed. No context ends it, so that which of the two is known for certain
// unless the database is away.
func (g *groups[T]) commit(change T) error {
	m := &member[T]{change: change, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, m)
	if !g.busy {
		g.busy = true
		go g.run()
	}
	g.mu.Unlock()
	<-m.done
	return m.err
}

// run commits until nothing is waiting.
func (g *groups[T]) run() {
	for {
		g.mu.Lock()
		group := g.waiting[:min(len(g.waiting), maxGroup)]
		g.waiting = g.waiting[len(group):]
		g.busy = len(group) > 0
		g.mu.Unlock()
		if len(group) == 0 {
			return
		}
		g.write(group)
		for _, m := range group {
			close(m.done)
		}
	}
}

func (g *groups[T]) write(group []*member[T]) {
	changes := make([]T, len(group))
	for i, m := range group {
		changes[i] = m.change
	}
	err := writeWithin(context.Background(), g.db, g.limit, func(ctx context.Context, tx *sqldb.Tx) error {
		return g.apply(ctx, tx, changes)
	})
	if err != nil && len(group) > 1 && callboard.CodeOf(err) != callboard.CodeUnavailable {
		for i := range group {
			g.write(group[i : i+1])
		}
		return
	}
	for _, m := range group {
		m.err = err
	}
}

// writeWithin is DB.Write that only limit ends, and not ctx. After it the database counts as away.
func writeWithin(ctx context.Context, db *sqldb.DB, limit time.Duration, fn func(ctx context.Context, tx *sqldb.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	err := db.Write(ctx, fn)
	if err != nil && ctx.Err() != nil {
		return errSlow
	}
	return err
}
