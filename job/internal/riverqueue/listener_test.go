package riverqueue

import (
	"context"
	"errors"
	"testing"

	"github.com/riverqueue/river/riverdriver"
)

// quiet is a listener that never hears anything.
type quiet struct {
	riverdriver.Listener
	asked chan struct{}
}

func (q quiet) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case q.asked <- struct{}{}:
	default:
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// River ends the waiting every few seconds, and takes all but a cancelled context for a broken connection.
func TestListenerThatIsEnded(t *testing.T) {
	t.Parallel()
	for name, rarely := range map[string]bool{"sqlite": true, "postgres": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &promptListener{quiet{asked: make(chan struct{}, 1)}, newNotices(), rarely, ""}
			ctx, cancel := context.WithTimeout(t.Context(), 3*lookTime) // at rest, on SQLite
			defer cancel()
			ended, end := context.WithCancel(t.Context())
			context.AfterFunc(ctx, end)
			if notice, err := l.WaitForNotification(ended); notice != nil || !errors.Is(err, context.Canceled) {
				t.Errorf("%+v, %v", notice, err)
			}
		})
	}
}

// What this process has for a queue is told at once, while it listens and while it rests, and once.
func TestListenerHearsItsOwn(t *testing.T) {
	t.Parallel()
	for name, rarely := range map[string]bool{"sqlite": true, "postgres": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own, asked := newNotices(), make(chan struct{}, 1)
			l := &promptListener{quiet{asked: asked}, own, rarely, ""}
			own.add("early")
			if notice, err := l.WaitForNotification(t.Context()); err != nil || notice.Payload != `{"queue": "early"}` {
				t.Fatalf("%+v, %v", notice, err)
			}
			go func() {
				<-asked
				own.add("late")
				own.add("late")
			}()
			if notice, err := l.WaitForNotification(t.Context()); err != nil || notice.Payload != `{"queue": "late"}` {
				t.Fatalf("%+v, %v", notice, err)
			}
		})
	}
}
