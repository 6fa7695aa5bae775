package notification_test

import (
	stdcmp "cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/notification"
)

// What is published from memory is what is in the table.
func TestPublishFromMemoryAsFromTheTable(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		f.watch(vic, 1)
		events := []callboard.Event{
			f.updated(eve, 1), f.updated(ada, 1), f.note("a", vic, val), f.note("over", vic), f.note("over again", vic),
			f.sent(callboard.NotificationData{Type: "b", Message: "b", Priority: "urgent", Data: map[string]any{"a": "b"},
				ExpiresAt: &soon}, episode(2), val),
		}
		f.handle(events...)
		f.exec(`UPDATE notifications SET message = 'from the table' WHERE user_id = $1 AND type = 'b'`, val)
		fromMemory := f.publish(events...)
		f.exec(`UPDATE notifications SET message = 'b' WHERE user_id = $1 AND type = 'b'`, val)
		fromTable := f.publish(events...)
		slices.SortStableFunc(fromMemory, func(a, b notification.LiveMessage) int { // the order of the users is of no importance
			return stdcmp.Or(stdcmp.Compare(a.Message.Pos, b.Message.Pos), stdcmp.Compare(a.UserID, b.UserID))
		})
		if diff := cmp.Diff(fromTable, fromMemory); diff != "" {
			t.Errorf("messages (-from the table +from memory):\n%s", diff)
		}
		if len(fromTable) != 6 {
			t.Errorf("%d messages, want 6", len(fromTable))
		}
	}, limitOf(2))
}

// What has changed since it was made is read from the table.
func TestWhatHasChangedIsPublishedFromTheTable(t *testing.T) {
	t.Parallel()
	steps := map[string]struct {
		change func(f *fixture, entry string) error
		sent   int
	}{
		"nothing":  {func(*fixture, string) error { return nil }, 2},
		"read":     {func(f *fixture, id string) error { _, err := f.MarkRead(f.t.Context(), vic, id); return err }, 1},
		"archived": {func(f *fixture, id string) error { _, err := f.Archive(f.t.Context(), vic, id); return err }, 1},
		"deleted":  {func(f *fixture, id string) error { return f.Delete(f.t.Context(), vic, id) }, 1},
		"all read": {func(f *fixture, _ string) error { _, err := f.MarkAllRead(f.t.Context(), vic, 0); return err }, 1},
		"muted": {func(f *fixture, _ string) error {
			_, err := f.SetPreferences(f.t.Context(), vic, notification.Preferences{MuteAll: true})
			return err
		}, 1},
		"long ago": {func(f *fixture, _ string) error {
			f.exec(`DELETE FROM notifications`) // as another process may have done
			f.pass(time.Minute)
			return nil
		}, 0},
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEach(t, func(t *testing.T, f *fixture) {
				e := f.note("n", vic, val)
				f.handle(e)
				if err := step.change(f, f.inbox(vic)[0].ID); err != nil {
					t.Fatal(err)
				}
				sent := 0
				for _, m := range f.publish(e) {
					if m.Message.Event == notification.EventNotification {
						sent++
					}
				}
				if sent != step.sent {
					t.Errorf("%d messages, want %d", sent, step.sent)
				}
			})
		})
	}
}

// A publisher that fails is asked again, with all that it was asked before, and never with a large audience.
func TestPublishAgainFromMemory(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		large, small := f.published(1), f.note("n", vic, val)
		f.handle(large, small)
		f.settle()
		f.sockets.take()
		away := errors.New("away")
		for range 2 {
			f.sockets.fail = away
			if err := f.Publish(t.Context(), []callboard.Event{large, small}); !errors.Is(err, away) {
				t.Errorf("error %v", err)
			}
		}
		f.sockets.fail = nil
		if sent := recipients(f.publish(large, small)); !cmp.Equal(sent, []string{vic, val}) {
			t.Errorf("told %v", sent)
		}
	})
}
