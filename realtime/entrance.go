package realtime

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// entrance watches over the connections on which nobody has signed in: each has a short time for it, and there are few at a
// time, beyond which the one that has been there longest is closed. Who signs in at once is never kept out by those who don't.
type entrance struct {
	limit    int
	patience time.Duration

	mu      sync.Mutex
	waiting list.List // of *arrival, who has waited longest first
}

// arrival is a connection on which nobody has signed in yet.
type arrival struct {
	entrance *entrance
	// These are under the entrance's lock.
	end   func() // closes the connection
	place *list.Element
	timer *time.Timer
	gone  bool
}

type arrivalKey struct{}

// arrivalOf returns the arrival that ctx carries; that of a connection which did not come through limit does nothing.
func arrivalOf(ctx context.Context) *arrival {
	if a, ok := ctx.Value(arrivalKey{}).(*arrival); ok {
		return a
	}
	return &arrival{entrance: &entrance{}, gone: true}
}

// arrive lets a connection wait, which end closes.
func (e *entrance) arrive(end func()) *arrival {
	a := &arrival{entrance: e, end: end}
	a.wait()
	return a
}

// wait gives the connection the usual time, from now on.
func (a *arrival) wait() {
	e := a.entrance
	e.mu.Lock()
	defer e.mu.Unlock()
	if a.gone || a.place != nil {
		return
	}
	a.place = e.waiting.PushBack(a)
	a.timer = time.AfterFunc(e.patience, a.expire)
	if e.waiting.Len() > e.limit {
		oldest := e.waiting.Front().Value.(*arrival)
		oldest.remove()
		go oldest.end() // it may take a moment, and the lock
	}
}

// expire closes a connection whose time is over.
func (a *arrival) expire() {
	a.entrance.mu.Lock()
	waits, end := a.place != nil, a.end
	a.remove()
	a.entrance.mu.Unlock()
	if waits {
		end()
	}
}

// pass ends the waiting: somebody signs in, which may take its time, and is not hurried.
func (a *arrival) pass() {
	a.entrance.mu.Lock()
	defer a.entrance.mu.Unlock()
	a.remove()
}

// leave is pass for a connection that is closed.
func (a *arrival) leave() {
	a.entrance.mu.Lock()
	defer a.entrance.mu.Unlock()
	a.remove()
	a.gone = true
}

// remove is called with the lock held.
func (a *arrival) remove() {
	if a.place != nil {
		a.entrance.waiting.Remove(a.place)
		a.timer.Stop()
		a.place = nil
	}
}

// closeWith replaces what closes the connection.
func (a *arrival) closeWith(end func()) {
	a.entrance.mu.Lock()
	defer a.entrance.mu.Unlock()
	a.end = end
}
