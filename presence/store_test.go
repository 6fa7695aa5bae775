package presence

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
)

// backend is a store under the suite. around runs a test: where time can be virtual, it is.
type backend struct {
	open   func(t *testing.T, limits Limits) Store
	around func(t *testing.T, test func(t *testing.T))
}

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	testStore(t, backend{
		open:   func(_ *testing.T, limits Limits) Store { return NewMemoryStore(limits) },
		around: synctest.Test,
	})
}

const (
	ttl   = 6 * time.Second
	grace = 2 * time.Second
)

// storeTest is one open store, running, with the changes it tells of.
type storeTest struct {
	Store
	t  *testing.T
	mu sync.Mutex
	ch []string
}

func (b backend) start(t *testing.T, limits Limits) *storeTest {
	st := &storeTest{Store: b.open(t, limits), t: t}
	st.Watch(func(c Change) {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.ch = append(st.ch, describe(c))
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = st.Run(ctx) // ends with ctx's error
	}()
	t.Cleanup(func() { cancel(); <-done })
	return st
}

func describe(c Change) string {
	switch {
	case c.Status:
		return "status " + c.User.ID
	case c.Editing:
		return c.Resource.ID + "~" + c.User.ID
	case c.Joined:
		return c.Resource.ID + "+" + c.User.ID
	default:
		return c.Resource.ID + "-" + c.User.ID
	}
}

func (st *storeTest) changes() []string {
	st.mu.Lock()
	defer st.mu.Unlock()
	return slices.Clone(st.ch)
}

// await waits until the store has told of the given changes, and fails when it tells of others.
func (st *storeTest) await(want ...string) {
	st.t.Helper()
	deadline := time.After(5 * ttl)
	for !slices.Equal(st.changes(), want) {
		select {
		case <-deadline:
			st.t.Fatalf("changes: %v, want %v", st.changes(), want)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (st *storeTest) touch(ctx context.Context, res callboard.Resource, u callboard.UserRef, session string, ttl time.Duration) error {
	return st.Touch(ctx, res, u, session, ttl, true)
}

func (st *storeTest) choose(ctx context.Context, userID string, choice StatusChoice, ttl time.Duration) error {
	return st.SetStatus(ctx, userID, choice, callboard.Now(), callboard.Now().Add(ttl))
}

func (st *storeTest) refresh(ctx context.Context, res callboard.Resource, u callboard.UserRef, session string, ttl time.Duration) error {
	return st.Touch(ctx, res, u, session, ttl, false)
}

func (st *storeTest) must(err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
}

func (st *storeTest) ids(res callboard.Resource) []string {
	st.t.Helper()
	viewers, total, err := st.Viewers(st.t.Context(), res, Viewer{}, 0)
	st.must(err)
	ids := []string{}
	for _, v := range viewers {
		ids = append(ids, v.UserID)
	}
	if total != len(ids) {
		st.t.Errorf("total %d, want %d", total, len(ids))
	}
	return ids
}

func episode(id string) callboard.Resource { return callboard.Resource{Type: "episode", ID: id} }
func user(id string) callboard.UserRef     { return callboard.UserRef{ID: id, Name: "Name of " + id} }

func testStore(t *testing.T, b backend) {
	tests := []struct {
		name   string
		limits Limits
		test   func(t *testing.T, st *storeTest)
	}{
		{"a user joins once and leaves with the last session", Limits{}, testLastSession},
		{"a session that is not refreshed expires", Limits{}, testExpiry},
		{"a session that comes back within the grace does not flicker", Limits{}, testGrace},
		{"a refresh does not revive what is leaving", Limits{}, testRefreshLeaving},
		{"a refresh begins a lost session again", Limits{}, testRefreshLost},
		{"remove ends requests and dropped sockets only", Limits{}, testRemove},
		{"the list is in the order of arrival and takes new names", Limits{}, testList},
		{"limits refuse newcomers only", Limits{Viewers: 3, PerResource: 2}, testLimits},
		{"a user's own limit is felt by that user alone", Limits{PerUser: 2}, testLimitOfUser},
		{"a tab that has made a request leaves as a tab", Limits{}, testTabWithRequest},
		{"who is invisible is announced to nobody", Limits{}, testInvisible},
		{"a user who is removed leaves everything at once", Limits{}, testRemoveUser},
		{"sessions of a user are bounded", Limits{}, testSessionLimit},
		{"statuses lapse", Limits{}, testStatuses},
		{"a viewer edits fields for a while", Limits{}, testEditing},
		{"fields end with the viewer", Limits{}, testEditingEnds},
		{"who is invisible edits unseen", Limits{}, testEditingUnseen},
		{"the fields of a viewer are bounded", Limits{}, testEditingLimit},
		{"counts", Limits{}, testCounts},
		{"many at once", Limits{}, testMany},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b.around(t, func(t *testing.T) { tt.test(t, b.start(t, tt.limits)) })
		})
	}
}

func testLastSession(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	for _, session := range []string{"", "tab1", "tab2", "tab1"} {
		st.must(st.touch(ctx, a, user("u"), session, ttl))
	}
	st.must(st.Leave(ctx, a, "u", "tab1", 0))
	st.await("a+u")
	st.must(st.Leave(ctx, a, "u", "tab2", 0)) // with the session of requests
	st.await("a+u", "a-u")
	st.must(st.Leave(ctx, a, "u", "", 0)) // nobody there
	st.await("a+u", "a-u")
	if got := st.ids(a); len(got) != 0 {
		t.Errorf("viewers after the last left: %v", got)
	}
}

func testExpiry(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("stays"), "", ttl))
	st.must(st.touch(ctx, a, user("goes"), "", ttl/2))
	start := time.Now()
	st.await("a+stays", "a+goes", "a-goes")
	if got := time.Since(start); got < ttl/2 {
		t.Errorf("left after %s, before its TTL of %s", got, ttl/2)
	}
	st.must(st.touch(ctx, a, user("stays"), "", ttl)) // now lasts until later than at first
	<-time.After(ttl * 3 / 4)
	st.await("a+stays", "a+goes", "a-goes")
	st.await("a+stays", "a+goes", "a-goes", "a-stays")
}

func testGrace(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "before", ttl))
	st.must(st.Leave(ctx, a, "u", "before", grace))
	<-time.After(grace / 2)
	st.must(st.touch(ctx, a, user("u"), "after", 2*ttl))
	<-time.After(ttl)
	st.await("a+u")
	start := time.Now()
	st.must(st.Leave(ctx, a, "u", "after", grace))
	st.await("a+u", "a-u")
	if got := time.Since(start); got < grace || got > grace+ttl/2 {
		t.Errorf("left %s after the socket dropped, want about %s", got, grace)
	}
}

func testRefreshLeaving(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "s", ttl))
	st.must(st.Leave(ctx, a, "u", "s", grace))
	st.must(st.refresh(ctx, a, user("u"), "s", time.Hour))
	st.await("a+u", "a-u")
	st.must(st.touch(ctx, a, user("u"), "s", ttl))
	st.must(st.Leave(ctx, a, "u", "s", grace))
	st.must(st.touch(ctx, a, user("u"), "s", time.Hour)) // does revive it
	<-time.After(2 * grace)
	st.await("a+u", "a-u", "a+u")
}

func testRefreshLost(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.refresh(ctx, a, user("u"), "s", ttl))
	st.await("a+u")
	<-time.After(ttl * 3 / 4)
	st.must(st.refresh(ctx, a, user("u"), "s", ttl))
	<-time.After(ttl / 2)
	st.await("a+u")
	st.await("a+u", "a-u")
}

func testRemove(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "", ttl))
	st.must(st.touch(ctx, a, user("u"), "live", ttl))
	st.must(st.Remove(ctx, a, "u"))
	st.await("a+u")
	st.must(st.Leave(ctx, a, "u", "live", grace))
	st.must(st.Remove(ctx, a, "u"))
	st.await("a+u", "a-u")
	st.must(st.Remove(ctx, a, "nobody"))
	st.must(st.Remove(ctx, episode("empty"), "u"))
}

func testList(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	arrived := []string{}
	for _, id := range []string{"c", "gone", "a", "b"} {
		st.must(st.touch(ctx, a, user(id), "", ttl))
		<-time.After(time.Millisecond)
		if arrived = append(arrived, id); !slices.Equal(arrived, st.ids(a)) {
			t.Errorf("viewers %v, want %v", st.ids(a), arrived)
		}
	}
	st.must(st.Remove(ctx, a, "gone"))
	if diff := cmp.Diff([]string{"c", "a", "b"}, st.ids(a)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	st.must(st.touch(ctx, a, callboard.UserRef{ID: "a", Name: "New"}, "", ttl))
	st.must(st.touch(ctx, a, callboard.UserRef{ID: "a"}, "", ttl)) // no name is no new name
	viewers, _, err := st.Viewers(ctx, a, Viewer{}, 0)
	st.must(err)
	if got := viewers[1].Name; got != "New" {
		t.Errorf("name %q, want New", got)
	}
	page, total, err := st.Viewers(ctx, a, viewers[0], 1)
	st.must(err)
	if diff := cmp.Diff(viewers[1:2], page); diff != "" || total != 3 {
		t.Errorf("the page after the first (-want +got), of %d:\n%s", total, diff)
	}
	if rest, _, err := st.Viewers(ctx, a, viewers[2], 5); err != nil || len(rest) != 0 {
		t.Errorf("after the last: %v, %v", rest, err)
	}
	one, err := st.Viewer(ctx, a, "a")
	st.must(err)
	if diff := cmp.Diff(viewers[1], one); diff != "" {
		t.Errorf("one viewer (-want +got):\n%s", diff)
	}
	if _, err := st.Viewer(ctx, a, "nobody"); callboard.CodeOf(err) != callboard.CodeNotFound {
		t.Errorf("a viewer who is not there: %v", err)
	}
	if got := st.ids(episode("other")); len(got) != 0 {
		t.Errorf("viewers of another resource: %v", got)
	}
}

func testLimits(t *testing.T, st *storeTest) {
	ctx, a, b := t.Context(), episode("a"), episode("b")
	st.must(st.touch(ctx, a, user("1"), "", ttl))
	st.must(st.touch(ctx, a, user("2"), "", ttl))
	st.wantFull(st.touch(ctx, a, user("3"), "", ttl))
	st.must(st.touch(ctx, b, user("3"), "", ttl))
	st.wantFull(st.touch(ctx, b, user("4"), "", ttl))
	st.must(st.touch(ctx, a, user("1"), "more", ttl)) // is there already
	st.must(st.Leave(ctx, b, "3", "", 0))
	st.must(st.touch(ctx, b, user("4"), "", ttl))
	stats, err := st.Stats(ctx)
	st.must(err)
	if stats.Refused != 2 {
		t.Errorf("refused %d, want 2", stats.Refused)
	}
}

func testLimitOfUser(t *testing.T, st *storeTest) {
	ctx := t.Context()
	st.must(st.touch(ctx, online, user("greedy"), "tab", ttl)) // does not count
	for i := range 10 {
		if err := st.touch(ctx, episode(fmt.Sprint(i)), user("greedy"), "", ttl); i >= 2 && callboard.CodeOf(err) != callboard.CodeRateLimited {
			t.Errorf("thing %d: %v, want CodeRateLimited", i, err)
		} else if i < 2 {
			st.must(err)
		}
	}
	st.must(st.touch(ctx, episode("1"), user("greedy"), "", ttl)) // is there already
	st.must(st.touch(ctx, episode("9"), user("other"), "", ttl))
	st.must(st.Remove(ctx, episode("0"), "greedy"))
	st.must(st.touch(ctx, episode("9"), user("greedy"), "", ttl))
	<-time.After(2 * ttl)
	st.must(st.touch(ctx, episode("a"), user("greedy"), "", ttl)) // what has lapsed counts no longer
	st.must(st.touch(ctx, episode("b"), user("greedy"), "", ttl))
}

func testTabWithRequest(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "", time.Hour))
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	st.must(st.Leave(ctx, a, "u", "tab", grace))
	start := time.Now()
	st.await("a+u")
	st.await("a+u", "a-u")
	if got := time.Since(start); got < grace || got > grace+ttl/2 {
		t.Errorf("left %s after the tab was closed, want about %s", got, grace)
	}
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	st.must(st.Leave(ctx, a, "u", "tab", grace))
	st.must(st.touch(ctx, a, user("u"), "", time.Hour)) // a request within the grace is a new sign of life
	<-time.After(2 * grace)
	st.await("a+u", "a-u", "a+u")
}

func testInvisible(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	st.must(st.touch(ctx, a, user("v"), "tab", time.Hour))
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusOffline}, ttl))
	st.await("a+u", "a+v", "a-u")
	st.must(st.touch(ctx, episode("b"), user("u"), "", time.Hour))
	st.must(st.touch(ctx, episode("c"), user("u"), "", time.Hour))
	st.must(st.Remove(ctx, episode("c"), "u"))
	if got := append(st.ids(a), st.ids(episode("b"))...); !slices.Equal(got, []string{"v"}) {
		t.Errorf("viewers %v, want v alone", got)
	}
	<-time.After(time.Millisecond)
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusBusy}, ttl))
	if got := append(st.ids(a), st.ids(episode("b"))...); !slices.Equal(got, []string{"v", "u", "u"}) {
		t.Errorf("viewers %v, want u again on both", got)
	}
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusOffline}, ttl))
	<-time.After(2 * ttl) // the choice lapses
	if got := append(st.ids(a), st.ids(episode("b"))...); !slices.Equal(got, []string{"v", "u", "u"}) {
		t.Errorf("viewers %v, want u again on both", got)
	}
}

func testRemoveUser(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "", time.Hour))
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	st.must(st.touch(ctx, a, user("v"), "tab", time.Hour))
	st.must(st.touch(ctx, online, user("u"), "tab", time.Hour))
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusBusy}, ttl))
	st.must(st.RemoveUser(ctx, "u"))
	st.await("a+u", "a+v", "online+u", "a-u", "online-u")
	st.must(st.Leave(ctx, a, "u", "tab", grace)) // of the socket that is ended
	st.must(st.RemoveUser(ctx, "nobody"))
	chosen, err := st.Statuses(ctx, []string{"u"})
	st.must(err)
	stats, err := st.Stats(ctx)
	st.must(err)
	if diff := cmp.Diff(Stats{Resources: 1, Viewers: 1, Sessions: 1}, stats); diff != "" || len(chosen) != 0 {
		t.Errorf("left of the user: %v, stats (-want +got):\n%s", chosen, diff)
	}
	<-time.After(2 * ttl)
	st.await("a+u", "a+v", "online+u", "a-u", "online-u")
}

func (st *storeTest) wantFull(err error) {
	st.t.Helper()
	if callboard.CodeOf(err) != callboard.CodeUnavailable {
		st.t.Errorf("beyond the limit: %v, want CodeUnavailable", err)
	}
}

func testSessionLimit(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	for i := range 3 * maxSessions {
		st.must(st.touch(ctx, a, user("u"), fmt.Sprint(i), ttl+time.Duration(i)*time.Millisecond))
	}
	stats, err := st.Stats(ctx)
	st.must(err)
	if stats.Sessions != maxSessions {
		t.Errorf("%d sessions, want %d", stats.Sessions, maxSessions)
	}
	st.await("a+u")
	st.await("a+u", "a-u")
}

func testStatuses(t *testing.T, st *storeTest) {
	ctx := t.Context()
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusBusy, Text: "rehearsal"}, ttl))
	st.must(st.choose(ctx, "v", StatusChoice{Status: StatusAway}, time.Hour))
	got, err := st.Statuses(ctx, []string{"u", "v", "w"})
	st.must(err)
	want := map[string]StatusChoice{"u": {Status: StatusBusy, Text: "rehearsal"}, "v": {Status: StatusAway}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	<-time.After(ttl)
	got, err = st.Statuses(ctx, []string{"u", "v"})
	st.must(err)
	if diff := cmp.Diff(map[string]StatusChoice{"v": {Status: StatusAway}}, got); diff != "" {
		t.Errorf("after the TTL (-want +got):\n%s", diff)
	}
}

func testCounts(t *testing.T, st *storeTest) {
	ctx := t.Context()
	st.must(st.touch(ctx, episode("a"), user("u"), "", ttl))
	st.must(st.touch(ctx, episode("a"), user("u"), "tab", ttl))
	st.must(st.touch(ctx, episode("b"), user("u"), "", ttl))
	st.must(st.touch(ctx, online, user("u"), "tab", ttl))
	got, err := st.Stats(ctx)
	st.must(err)
	if diff := cmp.Diff(Stats{Resources: 2, Viewers: 2, Sessions: 3, Online: 1}, got); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

// testMany has many users come and go on a few resources at once: every join is followed by its leave, and nothing stays.
func testMany(t *testing.T, st *storeTest) {
	ctx := t.Context()
	var wg sync.WaitGroup
	for u := range 50 {
		wg.Go(func() {
			for i := range 40 {
				res := episode(fmt.Sprint(i % 5))
				_ = st.touch(ctx, res, user(fmt.Sprint("u", u)), "s", ttl)
				_, _, _ = st.Viewers(ctx, res, Viewer{}, 0)
				_ = st.refresh(ctx, res, user(fmt.Sprint("u", u)), "s", ttl)
				_ = st.Leave(ctx, res, fmt.Sprint("u", u), "s", 0)
			}
		})
	}
	wg.Wait()
	there := map[string]bool{}
	for _, c := range st.changes() {
		key, joined := c, false
		for i, r := range c {
			if r == '+' || r == '-' {
				key, joined = c[:i]+c[i+1:], r == '+'
			}
		}
		if there[key] == joined {
			t.Fatalf("%s while it was already so", c)
		}
		there[key] = joined
	}
	stats, err := st.Stats(ctx)
	st.must(err)
	if stats.Viewers != 0 || stats.Resources != 0 {
		t.Errorf("left behind: %+v", stats)
	}
}

// editing returns the viewers in order, with the fields that they edit.
func (st *storeTest) editing(res callboard.Resource) []string {
	st.t.Helper()
	viewers, _, err := st.Viewers(st.t.Context(), res, Viewer{}, MaxListed)
	st.must(err)
	list := []string{}
	for _, v := range viewers {
		list = append(list, fmt.Sprint(v.UserID, v.Editing))
	}
	return list
}

func (st *storeTest) wantEditing(res callboard.Resource, want ...string) {
	st.t.Helper()
	if diff := cmp.Diff(want, st.editing(res)); diff != "" {
		st.t.Errorf("viewers and what they edit (-want +got):\n%s", diff)
	}
}

func testEditing(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	for _, id := range []string{"first", "u", "w"} {
		st.must(st.touch(ctx, a, user(id), "tab", time.Hour))
		<-time.After(time.Millisecond)
	}
	joined := []string{"a+first", "a+u", "a+w"}
	st.must(st.Edit(ctx, a, "u", "title", ttl))
	st.await(append(joined, "a~u")...)
	st.wantEditing(a, "u[title]", "first[]", "w[]")
	st.must(st.Edit(ctx, a, "w", "number", ttl))
	st.must(st.Edit(ctx, a, "u", "air_date", ttl))
	told := append(joined, "a~u", "a~w", "a~u")
	st.wantEditing(a, "u[air_date title]", "w[number]", "first[]")

	<-time.After(ttl / 2)
	start := time.Now()
	st.must(st.Edit(ctx, a, "u", "title", ttl)) // is typed in all the time: nothing to tell
	st.must(st.Edit(ctx, a, "nobody", "title", ttl))
	st.must(st.Edit(ctx, episode("empty"), "u", "title", ttl))
	st.await(told...)
	st.must(st.Edit(ctx, a, "w", "number", 0))
	st.must(st.Edit(ctx, a, "w", "number", 0)) // twice is no change
	told = append(told, "a~w")
	st.await(told...)
	st.wantEditing(a, "u[air_date title]", "first[]", "w[]")
	told = append(told, "a~u")
	st.await(told...)
	st.wantEditing(a, "u[title]", "first[]", "w[]")
	st.await(append(told, "a~u")...)
	if lasted := time.Since(start); lasted < ttl || lasted > ttl+2*sweepEvery {
		t.Errorf("the field lapsed after %s, want %s", lasted, ttl)
	}
	st.wantEditing(a, "first[]", "u[]", "w[]")
}

func testEditingEnds(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "tab", ttl))
	st.must(st.Edit(ctx, a, "u", "title", time.Hour))
	st.must(st.Leave(ctx, a, "u", "tab", grace)) // a reload
	st.must(st.touch(ctx, a, user("u"), "tab2", ttl))
	st.wantEditing(a, "u[title]")
	st.must(st.Remove(ctx, a, "u"))
	st.wantEditing(a, "u[]")
	st.must(st.Edit(ctx, a, "u", "title", time.Hour))
	st.must(st.Leave(ctx, a, "u", "tab2", 0))
	st.await("a+u", "a~u", "a~u", "a~u", "a-u")
	st.must(st.touch(ctx, a, user("u"), "tab", ttl))
	st.wantEditing(a, "u[]") // came back, and has not typed yet
	st.must(st.Edit(ctx, a, "u", "title", time.Hour))
	st.await("a+u", "a~u", "a~u", "a~u", "a-u", "a+u", "a~u", "a-u") // the tab crashed
	if got := st.editing(a); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

func testEditingUnseen(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusOffline}, 2*ttl))
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	st.must(st.Edit(ctx, a, "u", "title", time.Hour))
	st.must(st.Edit(ctx, a, "u", "number", ttl))
	st.await()
	st.await("a+u", "status u")
	st.wantEditing(a, "u[title]")
	st.must(st.choose(ctx, "u", StatusChoice{Status: StatusOffline}, ttl))
	st.must(st.Edit(ctx, a, "u", "title", 0))
	st.await("a+u", "status u", "a-u")
	if got := st.editing(a); len(got) != 0 {
		t.Errorf("seen: %v", got)
	}
}

func testEditingLimit(t *testing.T, st *storeTest) {
	ctx, a := t.Context(), episode("a")
	st.must(st.touch(ctx, a, user("u"), "tab", time.Hour))
	for i := range MaxEditing + 2 {
		st.must(st.Edit(ctx, a, "u", fmt.Sprint("f", i), ttl))
	}
	st.wantEditing(a, "u[f2 f3 f4 f5 f6 f7 f8 f9]")
}
