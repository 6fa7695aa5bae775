package job

import (
	"context"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"callboard/sqldb"
)

// topic is the signal that follows each commit that has a notice for the queue.
const topic = "jobs"

const (
	// listenPause is how long the listener rests when nothing is signalled. Notices that River sends itself wait so long.
	listenPause = time.Second
	// lookTime is enough to look for notices once: River's own listener looks again every 50 ms, and is stopped before.
	lookTime = 45 * time.Millisecond
)

// promptDriver is River's driver for SQLite with a listener that looks for notices when there is a signal. River's own looks
// 20 times a second, which took more CPU than all the rest of an idle server.
type promptDriver struct {
	*riversqlite.Driver
	db *sqldb.DB
}

// GetListener implements riverdriver.Driver.
func (d promptDriver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &promptListener{Listener: d.Driver.GetListener(params), db: d.db}
}

// promptListener waits for the end of a commit before it looks.
type promptListener struct {
	riverdriver.Listener
	db      *sqldb.DB
	signals <-chan struct{}
	stop    func()
}

// Connect implements riverdriver.Listener.
func (l *promptListener) Connect(ctx context.Context) error {
	l.signals, l.stop = l.db.Listen(topic)
	err := l.Listener.Connect(ctx)
	if err != nil {
		l.stop()
	}
	return err
}

// Close implements riverdriver.Listener.
func (l *promptListener) Close(ctx context.Context) error {
	if l.stop != nil {
		l.stop()
	}
	return l.Listener.Close(ctx)
}

// WaitForNotification implements riverdriver.Listener.
func (l *promptListener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	for {
		look, cancel := context.WithTimeout(ctx, lookTime)
		notice, err := l.Listener.WaitForNotification(look)
		late := look.Err() != nil
		cancel()
		if ctx.Err() != nil || err == nil || !late {
			return notice, err
		}
		timer := time.NewTimer(listenPause)
		select {
		case <-ctx.Done():
		case <-l.signals:
		case <-timer.C:
		}
		timer.Stop()
	}
}
