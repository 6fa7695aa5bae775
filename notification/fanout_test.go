package notification_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/notification"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// crowd is how many viewers the tests of large audiences add: several slices.
const crowd = 1200

// forEachCrowd is forEach with many users.
func forEachCrowd(t *testing.T, test func(t *testing.T, f *fixture), change ...func(*notification.Config)) {
	t.Helper()
	forEach(t, func(t *testing.T, f *fixture) {
		f.people.addViewers(crowd)
		test(t, f)
	}, change...)
}

// counts returns how many entries there are, by the number of events that they tell of.
func (f *fixture) counts() map[int]int {
	f.t.Helper()
	rows, err := f.db.QueryContext(f.t.Context(), `SELECT count, COUNT(*) FROM notifications GROUP BY count`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	counts := map[int]int{}
	for rows.Next() {
		var events, entries int
		if err := rows.Scan(&events, &entries); err != nil {
			f.t.Fatal(err)
		}
		counts[events] = entries
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	return counts
}

func (f *fixture) wantCounts(want map[int]int) {
	f.t.Helper()
	if diff := cmp.Diff(want, f.counts()); diff != "" {
		f.t.Errorf("entries by how many events they tell of (-want +got):\n%s", diff)
	}
}

func (f *fixture) published(i int) callboard.Event {
	return f.event(callboard.EpisodePublished.New(as(eve), episode(i), callboard.EpisodeData{Title: "T"}))
}

// recipients returns to whom messages went, in their order.
func recipients(sent []notification.LiveMessage) []string {
	ids := make([]string, len(sent))
	for i, m := range sent {
		ids[i] = m.UserID
	}
	return ids
}

func TestLargeAudience(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		e := f.published(1)
		f.handle(e)
		if d, err := f.Deliveries(t.Context()); d.Count != 1 || err != nil || f.people.most > 101 {
			t.Errorf("%d handed over, %v, after looking at %d users", d.Count, err, f.people.most)
		}
		f.wantCounts(map[int]int{})
		f.pass(time.Second)
		if d, err := f.Deliveries(t.Context()); d.Oldest != time.Second || err != nil {
			t.Errorf("the oldest has waited for %s, %v", d.Oldest, err)
		}
		f.settle()
		f.wantCounts(map[int]int{1: crowd + 3}) // and Ada, Vic, Val
		told := recipients(f.sockets.take())
		if len(told) != crowd+3 || !slices.IsSorted(told) {
			t.Errorf("%d messages, in order: %t", len(told), slices.IsSorted(told))
		}
		if sent := f.publish(e); len(sent) > 0 {
			t.Errorf("the relay published %d of them again", len(sent))
		}
	})
}

// What was handed over is not published by the relay, neither when it does not know (any more) who handed it over.
func TestRelayLeavesLargeAudiencesAlone(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		e, small := f.published(1), f.note("n", vic)
		f.handle(e, small)
		f.people.asked = func(after string) {
			if after > viewer(0) { // some have their entries
				f.people.asked = nil
				for _, s := range []*fixture{f, newFixture(t, f.db)} {
					if told := recipients(s.publish(e, small)); !slices.Contains(told, vic) || slices.Contains(told, eve) {
						t.Errorf("told %v", told)
					}
				}
			}
		}
		f.settle()
	})
}

// While the deliverer stops and starts between slices, and in another process at last, each entry counts the event once.
func TestLargeAudienceOverRestarts(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1))
		f.settle()
		second := f.published(1)
		f.handle(second)
		for range 2 {
			f.stopAfterAPage()
		}
		if n := f.counts()[2]; n == 0 || n == crowd+3 {
			t.Errorf("%d have got the second event when the deliverer stopped", n)
		}
		other := newFixture(t, f.db, func(c *notification.Config) { c.Users, c.Publisher = f.people, f.sockets })
		other.settle()
		f.wantCounts(map[int]int{2: crowd + 3})
	})
}

// stopAfterAPage runs the deliverer until it asks for a second page of users.
func (f *fixture) stopAfterAPage() {
	f.t.Helper()
	pages, second := 0, make(chan struct{})
	f.people.asked = func(string) {
		if pages++; pages == 2 {
			close(second)
		}
	}
	stop := f.start()
	<-second
	stop()
	f.people.asked = nil
}

// errorsOf is a log that tells of each error.
type errorsOf chan string

func (errorsOf) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (e errorsOf) Handle(_ context.Context, r slog.Record) error {
	select {
	case e <- r.Message:
	default:
	}
	return nil
}

func (e errorsOf) WithAttrs([]slog.Attr) slog.Handler { return e }
func (e errorsOf) WithGroup(string) slog.Handler      { return e }

func TestLargeAudienceGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		failed := make(errorsOf, 1)
		f := newFixture(t, db, func(c *notification.Config) { c.Logger = slog.New(failed) })
		f.people.addViewers(crowd)
		f.handle(f.published(1))
		pages := 0
		f.people.asked = func(string) {
			if pages++; pages == 2 {
				f.exec(`ALTER TABLE notifications RENAME TO notifications_away`)
			}
		}
		f.start()
		<-failed
		f.exec(`ALTER TABLE notifications_away RENAME TO notifications`)
		if err := f.Delivered(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.wantCounts(map[int]int{1: crowd + 3})
	}, sets()...)
}

// Two processes that both believe to lead write each slice once.
func TestLargeAudienceByTwo(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		other := newFixture(t, f.db, func(c *notification.Config) { c.Users = f.people })
		for range 3 {
			f.handle(f.published(1))
		}
		other.start()
		f.settle()
		f.wantCounts(map[int]int{3: crowd + 3})
	})
}

func TestLargeAudienceFollowsTheRules(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		muted, full, gone := viewer(300), viewer(301), viewer(599)
		if _, err := f.SetPreferences(t.Context(), muted, notification.Preferences{MuteAll: true}); err != nil {
			t.Fatal(err)
		}
		f.handle(f.note("a", full), f.note("b", full))
		to := []string{callboard.AudienceAll, callboard.AudienceRole(callboard.RoleViewer), viewer(1), nobody, dis}
		f.handle(f.note("to all", to...), f.note("to all and me", append(to, ada)...))
		f.people.asked = func(after string) {
			if after > viewer(0) {
				f.people.mu.Lock()
				defer f.people.mu.Unlock()
				f.people.disabled[gone] = true
			}
		}
		f.settle()
		for id, want := range map[string][]string{
			viewer(0): {"to all and me ×1", "to all ×1"},
			viewer(1): {"to all and me ×1", "to all ×1"},
			full:      {"2 more updates ×2", "b ×1", "a ×1"},
			ada:       {"to all and me ×1"},
			muted:     {}, nobody: {}, dis: {}, gone: {},
		} {
			if diff := cmp.Diff(want, f.texts(id)); diff != "" {
				t.Errorf("inbox of %s (-want +got):\n%s", id, diff)
			}
		}
	}, limitOf(2))
}

func TestManyNamedUsers(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		to := []string{nobody, dis, vic}
		for i := range 500 {
			to = append(to, viewer(i), viewer(i))
		}
		f.handle(f.note("n", to...))
		if f.people.calls != 0 {
			t.Error("users were looked up in the relay's transaction")
		}
		f.settle()
		f.wantCounts(map[int]int{1: 501})
	})
}

func TestManyWatchers(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		for i := range 300 {
			f.watch(viewer(i), 1)
		}
		f.handle(f.updated(vic, 1), f.updated(val, 2), f.updated(ada, 1))
		f.settle()
		for id, want := range map[string][]string{
			viewer(0): {"Ada updated Episode 1 ×2"}, viewer(299): {"Ada updated Episode 1 ×2"},
			vic: {"Ada updated Episode 1 ×1"}, viewer(300): {}, val: {},
		} {
			if diff := cmp.Diff(want, f.texts(id)); diff != "" {
				t.Errorf("inbox of %s (-want +got):\n%s", id, diff)
			}
		}
	})
}

// The watches of a deleted show are deleted, but not before its watchers have been told.
func TestDeletedShowsAreForgotten(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		for _, watchers := range []int{2, 300} {
			f.clear()
			show := callboard.Resource{Type: "show", ID: "s", Name: "S"}
			for i := range watchers {
				if err := f.Watch(t.Context(), viewer(i), show); err != nil {
					t.Fatal(err)
				}
			}
			f.watch(vic, 1)
			forged := f.sent(callboard.NotificationData{Type: "show_deleted", Message: "m"}, episode(1), val)
			f.handle(f.event(callboard.ShowUpdated.New(as(eve), show, callboard.ShowData{})), forged,
				f.event(callboard.ShowDeleted.New(as(ada), show, callboard.ShowData{})))
			f.settle()
			if n := f.count(`SELECT COUNT(*) FROM watches`); n != 1 {
				t.Errorf("%d watches are left of %d, want 1", n, watchers+2)
			}
			if n := f.count(`SELECT COUNT(*) FROM notifications WHERE type = 'show_deleted' AND resource_id = 's'`); n != watchers+1 { // and Eve
				t.Errorf("%d of %d watchers know that the show was deleted", n, watchers+1)
			}
		}
	})
}

// What waits for several events is delivered in the order of the events, and other writes get their turn in between.
func TestOtherWritesBetweenSlices(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1), f.published(2))
		between := 0
		f.people.asked = func(string) {
			f.exec(`DELETE FROM watches`)
			if n := f.count(`SELECT COUNT(*) FROM notifications`); n > 0 && n < 2*(crowd+3) {
				between++
			}
			first, second := f.count(`SELECT COUNT(*) FROM notifications WHERE pos = 1`), f.count(`SELECT COUNT(*) FROM notifications WHERE pos = 2`)
			if second > 0 && first < crowd+3 {
				t.Errorf("%d have got the second event and only %d the first", second, first)
			}
		}
		f.settle()
		if between < 4 {
			t.Errorf("others could write %d times", between)
		}
	})
}

func TestLargeAudienceOfAnExpiredEvent(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		f.handle(f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, "all"))
		f.set(soon)
		f.settle()
		f.wantCounts(map[int]int{})
	})
}

// While the publisher is away the entries go on; when it is back, also in another process, everybody is told.
func TestLargeAudienceIsToldAtLeastOnce(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1))
		brittle := &brittleSockets{left: 1, failed: make(chan struct{})}
		first := newFixture(t, f.db, func(c *notification.Config) { c.Users, c.Publisher = f.people, brittle })
		stop := first.start()
		<-brittle.failed
		for f.count(`SELECT COUNT(*) FROM notification_deliveries WHERE completed_at IS NOT NULL`) == 0 {
			f.exec(`DELETE FROM watches`) // gives way to the deliverer
		}
		stop()
		f.wantCounts(map[int]int{1: crowd + 3})
		f.settle()
		told := append(brittle.told, recipients(f.sockets.take())...)
		slices.Sort(told)
		if got := len(slices.Compact(told)); got != crowd+3 {
			t.Errorf("%d users were told, want %d", got, crowd+3)
		}
	})
}

// Those who do not listen are passed over, also where they end a page.
func TestLargeAudienceThatHardlyListens(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1))
		brittle := &brittleSockets{failed: make(chan struct{})}
		away := newFixture(t, f.db, func(c *notification.Config) { c.Users, c.Publisher = f.people, brittle })
		stop := away.start()
		for f.count(`SELECT COUNT(*) FROM notification_deliveries WHERE completed_at IS NOT NULL`) == 0 {
			f.exec(`DELETE FROM watches`) // gives way to the deliverer
		}
		stop()
		listens := func(userID string) bool { return userID[len(userID)-1]%8 == 0 }
		f.sockets.deaf = func(userID string) bool { return !listens(userID) }
		f.settle()
		told := recipients(f.sockets.take())
		for _, id := range told {
			if !listens(id) {
				t.Errorf("%s was told", id)
			}
		}
		if len(told) == 0 || len(told) > (crowd+3)/2 {
			t.Errorf("%d of %d users were told", len(told), crowd+3)
		}
	})
}

// brittleSockets take some calls, and then none any more.
type brittleSockets struct {
	mu     sync.Mutex
	left   int
	told   []string
	once   sync.Once
	failed chan struct{}
}

func (*brittleSockets) Hears(string) bool { return true }

func (b *brittleSockets) PublishToUsers(_ context.Context, messages []notification.LiveMessage) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == 0 {
		b.once.Do(func() { close(b.failed) })
		return errors.New("away")
	}
	b.left--
	b.told = append(b.told, recipients(messages)...)
	return nil
}

func TestDeliveredGivesUp(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := f.Delivered(ctx); err == nil || !strings.Contains(err.Error(), "cancel") {
			t.Errorf("error %v", err)
		}
	})
}
