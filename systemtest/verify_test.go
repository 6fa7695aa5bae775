package systemtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// verify proves, once nothing is on its way any more, that every acknowledged change is there with all that follows from
// it, exactly once, and that nothing is half: no episode without its events, no event without its episode.
func verify(t *testing.T, site *apptest.Site, db *sqldb.DB, acked []write) {
	t.Helper()
	site.Settle()
	events := allEvents(t, site)
	for i, e := range events {
		if e.Pos != int64(i+1) {
			t.Fatalf("the event at place %d has position %d", i+1, e.Pos)
		}
	}
	verifyAcknowledged(t, events, acked)
	verifyOutbox(t, db, events)
	verifyEpisodes(t, db, events)
	verifyActivity(t, db, events)
	verifyNotifications(t, site.Users, db, events)
}

// allEvents reads the events as an admin does that catches up from the beginning.
func allEvents(t *testing.T, site *apptest.Site) []callboard.Message {
	t.Helper()
	var events []callboard.Message
	for after := int64(0); ; {
		var page struct {
			Data []callboard.Message `json:"data"`
			Pos  int64               `json:"pos"`
			Last int64               `json:"last_pos"`
		}
		r := site.Do(http.MethodGet, fmt.Sprintf("/api/v1/events?limit=200&after=%d", after), site.Users.Admin.Token, nil)
		if err := r.JSON(&page); err != nil || r.Status != http.StatusOK {
			t.Fatalf("read events: %d %s", r.Status, r.Body)
		}
		events = append(events, page.Data...)
		if after = page.Pos; after >= page.Last {
			return events
		}
	}
}

// writeOf returns the change that an event tells of.
func writeOf(t *testing.T, e callboard.Message) write {
	t.Helper()
	var data callboard.EpisodeData
	if err := json.Unmarshal(e.Data, &data); err != nil {
		t.Fatalf("payload of %s: %v", e.Event, err)
	}
	return write{episode: e.Resource.ID, event: e.Event, version: data.Version}
}

func verifyAcknowledged(t *testing.T, events []callboard.Message, acked []write) {
	t.Helper()
	times := map[write]int{}
	for _, e := range events {
		if e.Resource.Type == "episode" {
			times[writeOf(t, e)]++
		}
	}
	for _, w := range acked {
		if times[w] != 1 {
			t.Errorf("the acknowledged %+v has %d events", w, times[w])
		}
	}
	t.Logf("%d changes acknowledged, %d events", len(acked), len(events))
}

// verifyOutbox proves that the events people read are all there are.
func verifyOutbox(t *testing.T, db *sqldb.DB, events []callboard.Message) {
	t.Helper()
	stored := sqldbtest.Column[string](t, db, `SELECT event_id FROM callboard_outbox ORDER BY id`)
	var read []string
	for _, e := range events {
		read = append(read, e.ID)
	}
	slices.Sort(stored)
	slices.Sort(read)
	if diff := gocmp.Diff(stored, read); diff != "" {
		t.Errorf("events in the outbox and as read (-stored +read):\n%s", diff)
	}
}

// verifyEpisodes proves that each version of each episode has one event, in the order of the versions.
func verifyEpisodes(t *testing.T, db *sqldb.DB, events []callboard.Message) {
	t.Helper()
	versions := map[string][]int64{}
	for _, e := range events {
		if e.Resource.Type == "episode" {
			w := writeOf(t, e)
			versions[w.episode] = append(versions[w.episode], w.version)
		}
	}
	want := map[string][]int64{}
	type episode struct {
		id      string
		version int64
	}
	for _, e := range sqldbtest.Collect(t, db, `SELECT id, version FROM callboard_episodes`, func(scan func(...any) error) (e episode, err error) {
		return e, scan(&e.id, &e.version)
	}) {
		for v := range e.version {
			want[e.id] = append(want[e.id], v+1)
		}
	}
	if diff := gocmp.Diff(want, versions); diff != "" {
		t.Errorf("versions of episodes (-stored +told by events):\n%s", diff)
	}
}

// entry is what an event leaves in the activity log.
type entry struct {
	Pos                     int64
	ID, User, Action, Where string
}

// verifyActivity proves that the log has exactly one entry per event that leaves one, and counts it once.
func verifyActivity(t *testing.T, db *sqldb.DB, events []callboard.Message) {
	t.Helper()
	registry, err := callboard.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	var want []entry
	for _, e := range events {
		if kind, known := registry.Lookup(e.Event); known && kind.Action != "" {
			want = append(want, entry{e.Pos, e.ID, e.Actor.ID, kind.Action, e.Resource.Type + ":" + e.Resource.ID})
		}
	}
	got := sqldbtest.Collect(t, db, `SELECT pos, event_id, user_id, action, resource_type, resource_id FROM callboard_activity ORDER BY pos`,
		func(scan func(...any) error) (e entry, err error) {
			var typ, id string
			err = scan(&e.Pos, &e.ID, &e.User, &e.Action, &typ, &id)
			e.Where = typ + ":" + id
			return e, err
		})
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
	counted := sqldbtest.Column[int](t, db, `SELECT CAST(coalesce(sum(entries), 0) AS BIGINT) FROM callboard_activity_daily`)[0]
	if counted != len(want) {
		t.Errorf("the statistics count %d entries of %d", counted, len(want))
	}
}

// inboxEntry is what a user has in the inbox about one episode: repeats of a type are one entry with a count.
type inboxEntry struct {
	User, Type, Episode string
	Count, Pos          int64 // Pos is that of the newest
}

// verifyNotifications proves that each recipient was told of each event exactly once, by working out from the events
// who had to be.
func verifyNotifications(t *testing.T, users apptest.Users, db *sqldb.DB, events []callboard.Message) {
	t.Helper()
	got := sqldbtest.Collect(t, db, `SELECT user_id, type, resource_id, count, pos FROM callboard_notifications
		WHERE resource_type = 'episode'`,
		func(scan func(...any) error) (e inboxEntry, err error) {
			return e, scan(&e.User, &e.Type, &e.Episode, &e.Count, &e.Pos)
		})
	want := expectedInboxes(users, events)
	sortInboxes(got)
	sortInboxes(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}
}

func sortInboxes(entries []inboxEntry) {
	slices.SortFunc(entries, func(a, b inboxEntry) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Episode, b.Episode),
			cmp.Compare(a.Pos, b.Pos))
	})
}

// expectedInboxes follows the table of the product by hand, for users who have read nothing yet.
func expectedInboxes(users apptest.Users, events []callboard.Message) []inboxEntry {
	type key struct{ user, typ, episode string }
	inboxes := map[key]*inboxEntry{}
	watchers := map[string][]string{}
	for _, e := range events {
		if e.Resource.Type != "episode" {
			continue
		}
		id := e.Resource.ID
		for _, user := range recipients(users, e.Event, watchers[id]) {
			if user == e.Actor.ID {
				continue
			}
			k := key{user, e.Event, id}
			if inboxes[k] == nil {
				inboxes[k] = &inboxEntry{User: user, Type: e.Event, Episode: id}
			}
			inboxes[k].Count++
			inboxes[k].Pos = e.Pos
		}
		if !slices.Contains(watchers[id], e.Actor.ID) && callboard.ValidID(e.Actor.ID) {
			watchers[id] = append(watchers[id], e.Actor.ID)
		}
	}
	var entries []inboxEntry
	for _, e := range inboxes {
		entries = append(entries, *e)
	}
	return entries
}

func recipients(users apptest.Users, event string, watchers []string) []string {
	switch event {
	case callboard.EpisodeCreated.Name:
		return []string{users.Admin.ID, users.Editor.ID}
	case callboard.EpisodePublished.Name:
		return []string{users.Admin.ID, users.Editor.ID, users.Viewer.ID}
	}
	return watchers
}
