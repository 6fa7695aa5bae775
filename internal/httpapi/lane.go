package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/callboard/callboard"
)

// lane keeps requests that take much work apart from the others: few run at the same time, one of a user, and a short queue
// waits for them, for a short time. All others are to come again later.
type lane struct {
	slots    chan struct{}
	queue    int           // how many may wait
	wait     time.Duration // how long
	patience time.Duration // with a caller who does not read

	mu      sync.Mutex
	waiting int
	users   map[string]bool // whose request runs or waits
}

const (
	laneSlots = 2
	laneQueue = 16
	laneWait  = 10 * time.Second
	// laneRetry is when a caller should try again.
	laneRetry = 10 * time.Second
)

// heavyDescription is what the document says of every heavy operation.
const heavyDescription = "Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended."

func newLane() *lane {
	return &lane{
		slots: make(chan struct{}, laneSlots), queue: laneQueue, wait: laneWait, patience: lanePatience, users: map[string]bool{},
	}
}

// enter returns once the user's request may run, and what to call when it has ended. The error has CodeRateLimited when it may
// not, or is that of ctx.
func (l *lane) enter(ctx context.Context, userID string) (leave func(), err error) {
	if err := l.lineUp(userID); err != nil {
		return nil, err
	}
	timer := time.NewTimer(l.wait)
	defer timer.Stop()
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = busy("too much of this kind is under way")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting--
	if err != nil {
		delete(l.users, userID)
		return nil, err
	}
	return func() {
		l.mu.Lock()
		delete(l.users, userID)
		l.mu.Unlock()
		<-l.slots
	}, nil
}

// lineUp counts a request as waiting.
func (l *lane) lineUp(userID string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.users[userID]:
		return busy("something of this kind is under way for you; wait until it has ended")
	case l.waiting >= l.queue:
		return busy("too much of this kind is under way")
	}
	l.users[userID] = true
	l.waiting++
	return nil
}

func busy(message string) error {
	return &callboard.Error{Code: callboard.CodeRateLimited, Message: message, RetryAfter: laneRetry}
}

const (
	// laneRate is what a caller has to take of a heavy answer, in bytes a second; it may fall behind by lanePatience.
	laneRate     = 32 << 10
	lanePatience = 20 * time.Second
)

// laneWriter breaks off an answer whose caller reads slowly, and so keeps a slot from others. What the server takes for the
// answer does not count.
type laneWriter struct {
	http.ResponseWriter
	patience time.Duration // at most: what is underway to the caller is no reason to wait for minutes
	left     time.Duration // of it
}

// Write sends b in chunks, each within the time that is left.
func (w *laneWriter) Write(b []byte) (total int, err error) {
	for {
		start := time.Now()
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(start.Add(w.left)) // a writer of a test has none
		n, err := w.ResponseWriter.Write(b[total:min(len(b), total+writeChunk)])
		w.left = min(w.left-time.Since(start)+time.Duration(n)*time.Second/laneRate, w.patience)
		if total += n; err != nil || total == len(b) {
			return total, err
		}
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *laneWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// done gives the connection its usual deadline back.
func (w *laneWriter) done() {
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Time{}) // as above
}
