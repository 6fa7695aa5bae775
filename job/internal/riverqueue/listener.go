package riverqueue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"

	"callboard/sqldb"
)

// topicInsert is what River calls the notice that there is work in a queue.
const topicInsert = "river_insert"

const (
	// listenPause is how long the listener rests on SQLite when this process has nothing to tell. Notices that River sends
	// itself wait so long.
	listenPause = time.Second
	// lookTime is enough to look for notices once: River's own listener looks again every 50 ms, and is stopped before.
	lookTime = 45 * time.Millisecond
)

// notices are the queues that this process has given work to, until the listener has told River. They are needed because
// River itself tells of new work only once in a while, and not at all of a job whose time has come: such a job would wait for
// the next look at the queue.
type notices struct {
	mu     sync.Mutex
	queues map[string]struct{}
	wake   sqldb.Wakeup
}

func newNotices() *notices {
	return &notices{queues: map[string]struct{}{}, wake: sqldb.NewWakeup()}
}

// add has a queue looked at, at once.
func (n *notices) add(queue string) {
	n.mu.Lock()
	n.queues[queue] = struct{}{}
	n.mu.Unlock()
	n.wake.Raise()
}

// take returns a notice for one of the queues, nil when there is none.
func (n *notices) take() *riverdriver.Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	for queue := range n.queues {
		delete(n.queues, queue)
		return &riverdriver.Notification{Topic: topicInsert, Payload: fmt.Sprintf(`{"queue": %q}`, queue)}
	}
	return nil
}

// promptDriver is a driver of River's with a promptListener.
type promptDriver struct {
	riverdriver.Driver[*sql.Tx]
	own    *notices
	rarely bool
}

// GetListener implements riverdriver.Driver.
func (d promptDriver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &promptListener{d.Driver.GetListener(params), d.own, d.rarely}
}

// promptListener is a listener of River's that also hears the notices of this process, at once and without the database. On
// SQLite it looks for others once a second: River's own looks 20 times, which took more CPU than all the rest of an idle
// server.
type promptListener struct {
	riverdriver.Listener
	own    *notices
	rarely bool
}

// WaitForNotification implements riverdriver.Listener.
func (l *promptListener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	for {
		if notice := l.own.take(); notice != nil {
			return notice, nil
		}
		notice, err := l.listen(ctx)
		switch {
		case err == nil || !ended(err):
			return notice, err
		case ctx.Err() != nil:
			return nil, ctx.Err() // and not what ended the listening: River takes any other error for a broken connection
		}
	}
}

// listen waits for a notice of others until there is one of our own. Its error is that of a context in that case.
func (l *promptListener) listen(ctx context.Context) (*riverdriver.Notification, error) {
	listening, cancel := context.WithCancel(ctx)
	defer cancel()
	if l.rarely {
		var done context.CancelFunc
		listening, done = context.WithTimeout(listening, lookTime)
		defer done()
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-l.own.wake:
			if l.rarely {
				l.own.wake.Raise() // for the rest that follows
			}
			cancel()
		case <-listening.Done():
		}
	}()
	notice, err := l.Listener.WaitForNotification(listening)
	cancel()
	<-watched
	if l.rarely && err != nil && ended(err) {
		l.rest(ctx)
	}
	return notice, err
}

func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (l *promptListener) rest(ctx context.Context) {
	timer := time.NewTimer(listenPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-l.own.wake:
	case <-timer.C:
	}
}
