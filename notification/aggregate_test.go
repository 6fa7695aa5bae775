package notification_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
)

func TestRepeatsBecomeOneEntry(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.watch(vic, 2)
		f.handle(f.updated(eve, 1), f.updated(ada, 1), f.updated(eve, 2))
		f.handle(f.updated(eve, 1))
		want := []string{"Eve updated Episode 1 ×3", "Eve updated Episode 2 ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
		top := f.inbox(vic)[0]
		if top.Pos != 4 || top.ActorID != eve || !top.CreatedAt.Equal(noon().Add(4*time.Millisecond)) {
			t.Errorf("the entry does not tell of the newest event: %+v", top)
		}
	})
}

func TestReadOrArchivedEntriesAreNotJoined(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.handle(f.updated(eve, 1))
		if _, err := f.MarkRead(t.Context(), vic, f.inbox(vic)[0].ID); err != nil {
			t.Fatal(err)
		}
		f.handle(f.updated(ada, 1))
		if _, err := f.Archive(t.Context(), vic, f.inbox(vic)[0].ID); err != nil {
			t.Fatal(err)
		}
		f.handle(f.updated(eve, 1))
		want := []string{"Eve updated Episode 1 ×1", "Eve updated Episode 1 ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsNotJoined(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		note := callboard.NotificationData{Type: "note", Message: "m"}
		brief := callboard.NotificationData{Type: "brief", Message: "m", ExpiresAt: &soon}
		f.handle(
			f.note("no resource", vic), f.note("no resource", vic),
			f.sent(note, episode(1), vic), f.sent(note, episode(2), vic),
			f.sent(note, callboard.Resource{Type: "show", ID: "ep-1"}, vic),
			f.sent(brief, episode(1), vic),
		)
		f.pass(time.Hour)
		f.handle(f.sent(callboard.NotificationData{Type: "brief", Message: "m"}, episode(1), vic))
		for _, n := range f.inbox(vic) {
			if n.Count != 1 {
				t.Errorf("entry of %d events: %+v", n.Count, n)
			}
		}
		if n := len(f.inbox(vic)); n != 6 { // the brief one has expired
			t.Errorf("%d entries, want 6", n)
		}
	})
}

func TestJoinedEntryKeepsTheHighestPriority(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		for _, priority := range []string{"low", "urgent", "normal"} {
			f.handle(f.sent(callboard.NotificationData{Type: "note", Message: priority, Priority: priority}, episode(1), vic))
		}
		if n := f.inbox(vic)[0]; n.Priority != "urgent" || n.Count != 3 || n.Message != "normal" {
			t.Errorf("entry %+v", n)
		}
	})
}

func TestLateEventOnlyCounts(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		first, late, newest := f.updated(eve, 1), f.updated(ada, 1), f.updated(eve, 1)
		f.handle(first, newest)
		before := f.inbox(vic)[0]
		f.handle(late)
		after := f.inbox(vic)[0]
		before.Count = 3
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("entry after a late event (-want +got):\n%s", diff)
		}
		f.handle(newest)
		if n := f.inbox(vic)[0]; n.Count != 3 {
			t.Errorf("the newest event counted again: %d", n.Count)
		}
	})
}

func TestRateLimitMakesADigest(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("1", vic), f.note("2", vic), f.note("3", vic), f.note("4", vic), f.note("1", val))
		late := f.note("late", vic)
		f.handle(f.note("5", vic))
		want := []string{"3 more updates ×3", "2 ×1", "1 ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
		f.handle(late)
		digest := f.inbox(vic)[0]
		if digest.Count != 4 || digest.Message != "4 more updates" || digest.Pos != 7 || digest.Type != notification.TypeDigest {
			t.Errorf("digest after a late event: %+v", digest)
		}
		if diff := cmp.Diff([]string{"1 ×1"}, f.texts(val)); diff != "" {
			t.Errorf("inbox of another user (-want +got):\n%s", diff)
		}
	}, limitOf(2))
}

func limitOf(n int) func(*notification.Config) {
	return func(c *notification.Config) { c.RateLimit = n }
}

// What a user may get returns little by little: of the window before the present one counts what lies within the last hour.
func TestRateLimitIsPerHour(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		for _, step := range []struct {
			after time.Duration // since the step before
			own   int           // of ten notes, those that become an entry of their own
		}{
			{0, 4}, {59 * time.Minute, 0}, {time.Minute, 0}, {15 * time.Minute, 1}, {30 * time.Minute, 2},
			{15 * time.Minute, 1}, // all of the first window is over; three came in the second
			{10 * time.Hour, 4},
		} {
			f.pass(step.after)
			before := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE type = 'note'`)
			var notes []callboard.Event
			for range 10 {
				notes = append(notes, f.note("n", vic))
			}
			f.handle(notes...)
			if own := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE type = 'note'`) - before; own != step.own {
				t.Errorf("%s later: %d entries, want %d", step.after, own, step.own)
			}
		}
		if n := f.count(`SELECT SUM(count) FROM callboard_notifications`); n != 70 {
			t.Errorf("the entries tell of %d events, want 70", n)
		}
	}, limitOf(4))
}

func TestWhatTheRateLimitSpares(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.handle(f.updated(eve, 1), f.note("over", vic))
		f.handle(
			f.updated(eve, 1), // joins
			f.sent(callboard.NotificationData{Type: "note", Message: "high", Priority: "high"}, callboard.Resource{}, vic),
			f.sent(callboard.NotificationData{Type: "note", Message: "urgent", Priority: "urgent"}, callboard.Resource{}, vic),
		)
		want := []string{"urgent ×1", "high ×1", "Eve updated Episode 1 ×2", "1 more update ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
	}, limitOf(1))
}

func TestNoRateLimit(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const many = notification.DefaultRateLimit + 10
		var events []callboard.Event
		for i := range many {
			events = append(events, f.note(strconv.Itoa(i), vic))
		}
		f.handle(events...)
		if n := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE type = 'note'`); n != many {
			t.Errorf("%d entries, want %d", n, many)
		}
		if n := f.count(`SELECT COUNT(*) FROM callboard_notification_rates`); n != 0 {
			t.Errorf("%d users' rates are kept, which nobody needs", n)
		}
	}, limitOf(-1))
}

// TestNothingIsLost holds the sum of the counts to the number of events, whatever joined what.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.watch(vic, 1)
		f.watch(vic, 2)
		for round := range 5 {
			f.handle(f.updated(eve, 1), f.note("n", vic), f.updated(eve, 2), f.note("n", vic), f.note("n", vic))
			if round == 2 {
				if _, err := f.MarkAllRead(t.Context(), vic, 0); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := f.count(`SELECT SUM(count) FROM callboard_notifications WHERE user_id = $1`, vic); n != 25 {
			t.Errorf("the entries tell of %d events, want 25", n)
		}
	}, limitOf(4))
}
