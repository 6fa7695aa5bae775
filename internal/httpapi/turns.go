package httpapi

import (
	"context"
	"sync"

	"callboard"
)

// Turns has each caller's requests of a kind that reads much run one after the other. Who sends forty at once waits for those alone,
// and leaves room for everybody else. The zero Turns is ready.
type Turns struct {
	mu    sync.Mutex
	users map[string]*turn
}

type turn struct {
	taken chan struct{}
	n     int // requests that have it or wait for it
}

// Take waits for the turn of the actor of ctx, and returns what to call at its end. The error is that of ctx.
func (t *Turns) Take(ctx context.Context) (done func(), err error) {
	user := callboard.ActorFrom(ctx).Ref().ID
	t.mu.Lock()
	own := t.users[user]
	if own == nil {
		own = &turn{taken: make(chan struct{}, 1)}
		if t.users == nil {
			t.users = map[string]*turn{}
		}
		t.users[user] = own
	}
	own.n++
	t.mu.Unlock()
	select {
	case own.taken <- struct{}{}:
		return func() { <-own.taken; t.leave(user, own) }, nil
	case <-ctx.Done():
		t.leave(user, own)
		return nil, ctx.Err()
	}
}

func (t *Turns) leave(user string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.n--; own.n == 0 {
		delete(t.users, user)
	}
}
