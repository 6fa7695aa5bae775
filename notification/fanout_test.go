package notification_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
)

// crowd is how many viewers the tests of large audiences add: several chunks.
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
	rows, err := f.db.QueryContext(f.t.Context(), `SELECT count, COUNT(*) FROM callboard_notifications GROUP BY count`)
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
		taken, sub := f.part([]callboard.Event{e}, "")
		if n := f.counts()[1]; taken != 0 || sub == "" || n == 0 || n > 101 || f.people.most > 101 {
			t.Errorf("the first part: %d taken, up to %q, %d entries, after looking at %d users", taken, sub, n, f.people.most)
		}
		for taken == 0 { // each part is undone once, and done again
			f.handleAndUndo(sub, e)
			taken, sub = f.part([]callboard.Event{e}, sub)
		}
		f.wantCounts(map[int]int{1: crowd + 3}) // and Ada, Vic, Val
		told := recipients(f.publish(e))
		if len(told) != crowd+3 || !slices.IsSorted(told) {
			t.Errorf("%d messages, in order: %t", len(told), slices.IsSorted(told))
		}
	})
}

// A large audience is a matter of its own, and everything keeps its order.
func TestLargeAudienceAmongOthers(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		events := []callboard.Event{f.note("before", vic), f.published(1), f.note("after", vic)}
		if taken, sub := f.part(events, ""); taken != 1 || sub != "" {
			t.Fatalf("%d taken, up to %q; want the first alone", taken, sub)
		}
		f.handle(events[1:]...)
		want := []string{"after ×1", "Eve published Episode 1 ×1", "before ×1"}
		if diff := cmp.Diff(want, f.texts(vic)); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
	})
}

// Another process goes on where one has stopped, and each entry counts the event once.
func TestLargeAudienceOverRestarts(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		f.handle(f.published(1))
		second := []callboard.Event{f.published(1)}
		_, sub := f.part(second, "")
		_, sub = f.part(second, sub)
		if n := f.counts()[2]; n == 0 || n == crowd+3 {
			t.Errorf("%d have got the second event when the process stopped", n)
		}
		other := newFixture(t, f.db, func(c *notification.Config) { c.Users = f.people })
		for taken := 0; taken == 0; {
			taken, sub = other.part(second, sub)
		}
		f.wantCounts(map[int]int{2: crowd + 3})
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
		f.people.asked = func(after string) {
			if after > viewer(0) {
				f.people.mu.Lock()
				defer f.people.mu.Unlock()
				f.people.disabled[gone] = true
			}
		}
		f.handle(f.note("to all", to...), f.note("to all and me", append(to, ada)...))
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

// Users with IDs of an application are watchers, members of groups and recipients as all others, wherever their IDs sort.
func TestIDsOfApplications(t *testing.T) {
	t.Parallel()
	ids := []string{"42", "auth0|abc", "Zoe", "zzz", "me@example.org", "é", "日本", "🎬"}
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		show := callboard.Resource{Type: "show", ID: "s", Name: "S"}
		f.people.mu.Lock()
		for _, id := range ids {
			f.people.roles[id] = callboard.RoleViewer
		}
		f.people.mu.Unlock()
		for _, id := range ids {
			if err := f.Watch(t.Context(), id, show); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"Ada deleted S ×1", "to all ×1", "by name ×1", "Ada updated S ×1"}
		f.handle(f.event(callboard.ShowUpdated.New(as(ada), show, callboard.ShowData{})), f.note("by name", ids...),
			f.note("to all", callboard.AudienceAll), f.event(callboard.ShowDeleted.New(as(ada), show, callboard.ShowData{})))
		for _, id := range ids {
			if diff := cmp.Diff(want, f.texts(id)); diff != "" {
				t.Errorf("inbox of %q (-want +got):\n%s", id, diff)
			}
		}
		if n := f.count(`SELECT COUNT(*) FROM callboard_watches`); n != 0 {
			t.Errorf("%d watches of a deleted show are left", n)
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
			f.handle(f.event(callboard.ShowCreated.New(as(eve), show, callboard.ShowData{})), forged,
				f.event(callboard.ShowDeleted.New(as(ada), show, callboard.ShowData{})))
			if n := f.count(`SELECT COUNT(*) FROM callboard_watches`); n != 1 {
				t.Errorf("%d watches are left of %d, want 1", n, watchers+2)
			}
			if n := f.count(`SELECT COUNT(*) FROM callboard_notifications WHERE type = 'show_deleted' AND resource_id = 's'`); n != watchers+1 { // and Eve
				t.Errorf("%d of %d watchers know that the show was deleted", n, watchers+1)
			}
		}
	})
}

func TestLargeAudienceOfAnExpiredEvent(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		soon := f.now().Add(time.Minute)
		e := []callboard.Event{f.sent(callboard.NotificationData{Type: "b", Message: "b", ExpiresAt: &soon}, callboard.Resource{}, "all")}
		_, sub := f.part(e, "")
		before := f.counts()
		f.set(soon)
		if taken, _ := f.part(e, sub); taken != 1 {
			t.Error("it goes on")
		}
		f.wantCounts(before)
	})
}

// Those who do not listen are passed over, also where they end a page.
func TestLargeAudienceThatHardlyListens(t *testing.T) {
	t.Parallel()
	forEachCrowd(t, func(t *testing.T, f *fixture) {
		e := f.published(1)
		f.handle(e)
		listens := func(userID string) bool { return userID[len(userID)-1]%8 == 0 }
		f.sockets.deaf = func(userID string) bool { return !listens(userID) }
		told := recipients(f.publish(e))
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
