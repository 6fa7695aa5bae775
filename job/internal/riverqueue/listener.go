package riverqueue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"

	"github.com/callboard/callboard/sqldb"
)

// topicInsert is what River calls the notice that there is work in a queue.
const topicInsert = "river_insert"

const (
	// listenPause is how long the listener rests on SQLite when this process has no notice. Notices that River sends
	// itself wait so long.
	listenPause = time.Second
	// lookTime is enough to look for notices once: River's own listener looks again every 50 ms, and is stopped before.
	lookTime = 45 * time.Millisecond
)

// notices are the queues that this process has given work to, until River has the notice. They are needed because
// River itself sends notices of new work only once in a while, and not at all of a job whose time has come: such a job would wait for
// the next look at the queue.
type notices struct {
	mu        sync.Mutex
	queues    map[string]struct{}
	interrupt context.CancelFunc // ends the listening
}

func newNotices() *notices { return &notices{queues: map[string]struct{}{}, interrupt: func() {}} }

// add has a queue looked at, at once.
func (n *notices) add(queue string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.queues[queue] = struct{}{}
	n.interrupt()
}

// takeOr returns a notice for one of the queues. When there is none, the next one calls interrupt.
func (n *notices) takeOr(interrupt context.CancelFunc) *riverdriver.Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	for queue := range n.queues {
		delete(n.queues, queue)
		return &riverdriver.Notification{Topic: topicInsert, Payload: fmt.Sprintf(`{"queue": %q}`, queue)}
	}
	n.interrupt = interrupt
	return nil
}

// promptListener is a listener of River's that also receives the notices of this process, at once and without the database. On
// SQLite it looks for others once a second: River's own looks 20 times, which took more CPU than all the rest of an idle
// server.
type promptListener struct {
	riverdriver.Listener
	own      *notices
	rarely   bool
	channels string
}

// Listen implements riverdriver.Listener.
func (l *promptListener) Listen(ctx context.Context, topic string) error {
	return l.Listener.Listen(ctx, l.channels+topic)
}

// Unlisten implements riverdriver.Listener.
func (l *promptListener) Unlisten(ctx context.Context, topic string) error {
	return l.Listener.Unlisten(ctx, l.channels+topic)
}

// WaitForNotification implements riverdriver.Listener.
func (l *promptListener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	for {
		listening, cancel := context.WithCancel(ctx)
		notice, err := l.own.takeOr(cancel), error(nil)
		if notice == nil {
			notice, err = l.listen(listening)
		}
		cancel()
		switch {
		case err == nil || !ended(err):
			return notice, err
		case ctx.Err() != nil:
			return nil, ctx.Err() // and not what ended the listening: River takes any other error for a broken connection
		}
	}
}

// listen waits for a notice of others.
func (l *promptListener) listen(ctx context.Context) (*riverdriver.Notification, error) {
	if !l.rarely {
		notice, err := l.Listener.WaitForNotification(ctx)
		if err == nil {
			notice.Topic = strings.TrimPrefix(notice.Topic, l.channels)
		}
		return notice, err
	}
	looking, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	notice, err := l.Listener.WaitForNotification(looking)
	if err != nil && ended(err) {
		sqldb.Wait(ctx, listenPause)
	}
	return notice, err
}

func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
