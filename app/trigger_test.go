package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// step is one write of the trigger table and all that must follow from it.
type step struct {
	name   string
	by     apptest.User
	method string
	path   string
	body   any
	status int

	action   string   // of its activity entry
	changes  string   // within the entry's metadata
	event    string   // live, to everybody
	notified []string // the names of those who get a notification
}

// TestTriggerTable walks an episode and a show through their lives, and looks after each step at the log, the inboxes and
// the sockets.
func TestTriggerTable(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		var show, episode struct {
			ID string `json:"id"`
		}
		u := s.Users
		w := watch(t, s)
		s.Want(201, http.MethodPost, "/api/v1/shows", u.Admin.Token, map[string]any{"title": "Lighthouse Nine"}, &show)
		w.verify(step{name: "show created", by: u.Admin, action: "created_show", event: "show_created"}, show.ID)
		s.Want(201, http.MethodPost, "/api/v1/episodes", u.Editor.Token, map[string]any{"title": "Pilot", "show_id": show.ID}, &episode)
		w.verify(step{name: "episode created", by: u.Editor, action: "created_episode", event: "episode_created",
			notified: []string{"Ada"}}, episode.ID)
		s.Want(204, http.MethodPut, "/api/v1/episodes/"+episode.ID+"/watch", u.Viewer.Token, nil, nil)

		path := "/api/v1/episodes/" + episode.ID
		for _, st := range []step{
			{name: "episode updated", by: u.Admin, method: http.MethodPatch, path: path, body: map[string]any{"title": "The Pilot"},
				action: "updated_episode", changes: `"title":{"old":"Pilot","new":"The Pilot"}`, event: "episode_updated",
				notified: []string{"Ben", "Vera"}},
			{name: "published", by: u.Editor, method: http.MethodPut, path: path,
				body:   map[string]any{"title": "The Pilot", "show_id": show.ID, "status": "published", "air_date": "2026-12-01"},
				action: "published_episode", event: "episode_published", notified: []string{"Ada", "Vera"},
				changes: `"air_date":{"old":null,"new":"2026-12-01"},"status":{"old":"draft","new":"published"}`},
			{name: "archived", by: u.Admin, method: http.MethodPatch, path: path, body: map[string]any{"status": "archived"},
				action: "archived_episode", changes: `"old":"published","new":"archived"`, event: "episode_archived",
				notified: []string{"Ben", "Vera"}},
			{name: "deleted", by: u.Editor, method: http.MethodDelete, path: path, status: 204,
				action: "deleted_episode", event: "episode_deleted", notified: []string{"Ada", "Vera"}},
			{name: "restored", by: u.Admin, method: http.MethodPost, path: path + "/restore",
				action: "restored_episode", event: "episode_restored"},
			{name: "nothing changes", by: u.Admin, method: http.MethodPatch, path: path, body: map[string]any{"status": "archived"}},
			{name: "deleted again", by: u.Admin, method: http.MethodDelete, path: path, status: 204,
				action: "deleted_episode", event: "episode_deleted", notified: []string{"Ben", "Vera"}},
		} {
			s.Want(max(st.status, 200), st.method, st.path, st.by.Token, st.body, nil)
			w.verify(st, episode.ID)
		}
		path = "/api/v1/shows/" + show.ID
		for _, st := range []step{
			{name: "show updated", by: u.Editor, method: http.MethodPatch, path: path, body: map[string]any{"title": "Lighthouse 9"},
				action: "updated_show", changes: `"title":{"old":"Lighthouse Nine","new":"Lighthouse 9"}`, event: "show_updated",
				notified: []string{"Ada"}},
			{name: "show deleted", by: u.Editor, method: http.MethodDelete, path: path, status: 204,
				action: "deleted_show", event: "show_deleted", notified: []string{"Ada"}},
		} {
			s.Want(max(st.status, 200), st.method, st.path, st.by.Token, st.body, nil)
			w.verify(st, show.ID)
		}
		w.verifyCatchUp()
	})
}

// witness listens as three users and remembers what it has seen.
type witness struct {
	t       *testing.T
	s       *apptest.Server
	users   []apptest.User
	sockets map[string]*realtimetest.Client // by user name
	heard   []realtimetest.Push             // what Ada heard on broadcast, in order
	told    map[string]map[string]int       // notifications per user name and type
}

func watch(t *testing.T, s *apptest.Server) *witness {
	t.Helper()
	w := &witness{
		t: t, s: s, users: []apptest.User{s.Users.Admin, s.Users.Editor, s.Users.Viewer},
		sockets: map[string]*realtimetest.Client{}, told: map[string]map[string]int{},
	}
	s.Settle() // that the users were created, they are told too
	for _, u := range w.users {
		w.sockets[u.Name] = s.Dial(u.Token)
		w.told[u.Name] = map[string]int{}
	}
	return w
}

func (w *witness) verify(st step, id string) {
	w.t.Helper()
	w.s.Settle()
	w.verifyActivity(st, id)
	w.verifyLive(st, id)
	w.verifyInboxes(st)
}

type logEntry struct {
	ID       string          `json:"id"`
	Pos      int64           `json:"pos"`
	UserName string          `json:"user_name"`
	Action   string          `json:"action"`
	Metadata json.RawMessage `json:"metadata"`
}

// verifyActivity looks at the newest entry.
func (w *witness) verifyActivity(st step, id string) {
	w.t.Helper()
	if st.action == "" {
		return
	}
	typ, _, _ := strings.Cut(st.event, "_")
	var entries []logEntry
	w.s.Want(200, http.MethodGet, "/api/v1/activity/resource/"+typ+"/"+id, w.s.Users.Viewer.Token, nil, &entries)
	e := entries[0]
	if e.Action != st.action || e.UserName != st.by.Name || !strings.Contains(string(e.Metadata), st.changes) {
		w.t.Errorf("%s: the newest entry is %s by %s with %s", st.name, e.Action, e.UserName, e.Metadata)
	}
}

// verifyLive takes the next message of each socket's broadcast and channel of the user.
func (w *witness) verifyLive(st step, id string) {
	w.t.Helper()
	for _, u := range w.users {
		want := map[string]int{}
		if st.event != "" {
			want[st.event]++
		}
		if slices.Contains(st.notified, u.Name) {
			want["notification"]++
		}
		got := map[string]int{}
		for range len(want) {
			push := nextDurable(w.t, w.sockets[u.Name])
			got[push.Message.Event]++
			if !callboard.ValidID(push.Message.ID) || push.Message.Pos == 0 || push.Message.Resource.ID != id || push.Message.Actor.Name != st.by.Name {
				w.t.Errorf("%s: %s heard %+v", st.name, u.Name, push.Message)
			}
			if push.Channel == callboard.BroadcastChannel && u.Name == "Ada" {
				w.heard = append(w.heard, push)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("%s: messages for %s (-want +got):\n%s", st.name, u.Name, diff)
		}
	}
}

// verifyInboxes counts what each user was told, collapsed or not.
func (w *witness) verifyInboxes(st step) {
	w.t.Helper()
	for _, u := range w.users {
		if slices.Contains(st.notified, u.Name) {
			w.told[u.Name][st.event]++
		}
		var inbox []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
			Count   int    `json:"count"`
		}
		w.s.Want(200, http.MethodGet, "/api/v1/notifications", u.Token, nil, &inbox)
		got := map[string]int{}
		for _, n := range inbox {
			got[n.Type] += n.Count
		}
		if diff := cmp.Diff(w.told[u.Name], got); diff != "" {
			w.t.Errorf("%s: inbox of %s (-want +got):\n%s", st.name, u.Name, diff)
		}
	}
}

// verifyCatchUp compares GET /events with what was heard live.
func (w *witness) verifyCatchUp() {
	w.t.Helper()
	r := w.s.Do(http.MethodGet, "/api/v1/events?limit=200", w.s.Users.Viewer.Token, nil)
	var feed struct {
		Data []callboard.Message `json:"data"`
	}
	if err := r.JSON(&feed); err != nil {
		w.t.Fatal(err)
	}
	var latest struct {
		Data []callboard.Message `json:"data"`
		Pos  int64               `json:"pos"`
	}
	r = w.s.Do(http.MethodGet, "/api/v1/events?latest=true", w.s.Users.Viewer.Token, nil)
	if err := r.JSON(&latest); err != nil || len(latest.Data) != 0 || latest.Pos != feed.Data[len(feed.Data)-1].Pos {
		w.t.Errorf("latest: %s, %v", r.Body, err)
	}
	var missed, live []string
	for _, m := range feed.Data {
		if m.Resource.Type == "episode" || m.Resource.Type == "show" {
			missed = append(missed, fmt.Sprint(m.Pos, m.ID, m.Event))
		}
	}
	for _, p := range w.heard {
		live = append(live, fmt.Sprint(p.Message.Pos, p.Message.ID, p.Message.Event))
	}
	if diff := cmp.Diff(live, missed); diff != "" {
		w.t.Errorf("GET /events and the sockets disagree (-live +events):\n%s", diff)
	}
}

// nextDurable skips ephemeral messages: that users come online is told in between.
func nextDurable(t *testing.T, c *realtimetest.Client) realtimetest.Push {
	t.Helper()
	for {
		if push := next(t, c); push.Message.Pos > 0 {
			return push
		}
	}
}

// nextOf skips to the next message with one of the given names.
func nextOf(t *testing.T, c *realtimetest.Client, names ...string) realtimetest.Push {
	t.Helper()
	for {
		if push := next(t, c); slices.Contains(names, push.Message.Event) {
			return push
		}
	}
}

func next(t *testing.T, c *realtimetest.Client) realtimetest.Push {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	push, err := c.Next(ctx)
	if err != nil {
		t.Fatalf("no message: %v", err)
	}
	return push
}

func subscribe(t *testing.T, c *realtimetest.Client, channel string) realtimetest.Subscription {
	t.Helper()
	sub, err := c.Subscribe(t.Context(), channel, realtimetest.SubscribeOptions{})
	if err != nil {
		t.Fatalf("subscribe to %s: %v", channel, err)
	}
	return sub
}

// TestViewers has two users look at one episode, and one of them leave.
func TestViewers(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		var episode struct {
			ID string `json:"id"`
		}
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]any{"title": "Pilot"}, &episode)
		s.Settle()
		socket := s.Dial(s.Users.Admin.Token)
		subscribe(t, socket, "episode:"+episode.ID)

		for i, u := range []apptest.User{s.Users.Editor, s.Users.Viewer} {
			r := s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID, u.Token, nil)
			var got struct {
				Viewers []struct {
					UserID string `json:"user_id"`
				} `json:"viewers"`
			}
			if err := r.JSON(&got); err != nil || len(got.Viewers) != i+1 || got.Viewers[i].UserID != u.ID {
				t.Errorf("viewers %+v, %v", got.Viewers, err)
			}
			if push := nextOf(t, socket, "viewer_joined", "viewer_left"); push.Message.Event != "viewer_joined" || !strings.Contains(string(push.Message.Data), u.ID) || push.Message.Pos != 0 {
				t.Errorf("heard %+v", push.Message)
			}
			s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID, u.Token, nil) // again: nobody joins twice
		}
		s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID, s.Users.Service, nil)                    // an application looks at nothing
		s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID+"?track=false", s.Users.Admin.Token, nil) // nor does who only reads
		s.Want(204, http.MethodDelete, "/api/v1/presence/viewers?resource_type=episode&resource_id="+episode.ID, s.Users.Viewer.Token, nil, nil)
		if push := nextOf(t, socket, "viewer_joined", "viewer_left"); push.Message.Event != "viewer_left" || !strings.Contains(string(push.Message.Data), s.Users.Viewer.ID) {
			t.Errorf("heard %+v", push.Message)
		}
	})
}

// TestDisabledUserIsNoViewer disables a user who looks at an episode by requests alone, which would count for an hour.
func TestDisabledUserIsNoViewer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) { c.PresenceTTL = time.Hour }})
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]any{"title": "Pilot"}, &episode)
	socket := s.Dial(s.Users.Admin.Token)
	subscribe(t, socket, "episode:"+episode.ID)
	s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID, s.Users.Viewer.Token, nil)
	s.Want(204, http.MethodDelete, "/api/v1/users/"+s.Users.Viewer.ID, s.Users.Admin.Token, nil, nil)
	for _, want := range []string{"viewer_joined", "viewer_left"} {
		if push := nextOf(t, socket, "viewer_joined", "viewer_left"); push.Message.Event != want || !strings.Contains(string(push.Message.Data), s.Users.Viewer.ID) {
			t.Errorf("heard %+v, want %s", push.Message, want)
		}
	}
	r := s.Do(http.MethodGet, "/api/v1/episodes/"+episode.ID, s.Users.Editor.Token, nil)
	var got struct {
		Viewers []struct {
			UserID string `json:"user_id"`
		} `json:"viewers"`
		Total int `json:"viewers_total"`
	}
	if err := r.JSON(&got); err != nil || got.Total != 1 || len(got.Viewers) != 1 || got.Viewers[0].UserID != s.Users.Editor.ID {
		t.Errorf("viewers %+v, %v, want the editor alone", got, err)
	}
}

// TestOwnThingsOfOwnType gives a thing of an application a type of Callboard's: the answer says what to do instead.
func TestOwnThingsOfOwnType(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, typ := range []string{"episode", "show", "file", "job", "room"} {
		for method, path := range map[string]string{
			http.MethodPost: "/api/v1/presence/viewers", http.MethodGet: "/api/v1/presence/resource-viewers/" + typ + "/my-own-1",
		} {
			var body any
			if method == http.MethodPost {
				body = map[string]any{"resource_type": typ, "resource_id": "my-own-1"}
			}
			r := s.Do(method, path, s.Users.Viewer.Token, body)
			if r.Status != http.StatusNotFound || !strings.Contains(r.Problem(), "such as app."+typ) {
				t.Errorf("%s with %s: answer %d %q", method, typ, r.Status, r.Problem())
			}
		}
	}
	s.Want(200, http.MethodPost, "/api/v1/presence/viewers", s.Users.Viewer.Token, map[string]any{"resource_type": "app.episode", "resource_id": "my-own-1"}, nil)
}

// TestChannelsArePrivate has a viewer try what is not for it.
func TestChannelsArePrivate(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, channel := range []string{
		"user:" + s.Users.Admin.ID, "episode:" + callboard.NewID(), "show:x", "broadcast:all", "nonsense", "room:", "room:a:b",
		"viewers:user:" + s.Users.Admin.ID, "viewers:room:a", "viewers:viewers:a", "episode:*", "a:\x00",
	} {
		socket := s.Dial(s.Users.Viewer.Token)
		_, err := socket.Subscribe(t.Context(), channel, realtimetest.SubscribeOptions{})
		if _, refused := errors.AsType[*realtimetest.Refused](err); !refused {
			t.Errorf("%q: %v, want a refusal", channel, err)
		}
	}
	for _, token := range []string{"", "cb_wrong", "a.b.c"} {
		if _, err := realtimetest.Connect(t.Context(), s.URL()+"/connection/websocket", realtimetest.Options{Token: token}); err == nil {
			t.Errorf("token %q is let in", token)
		}
	}
}

// TestRightsEndAtOnce disables a user whose socket is open.
func TestRightsEndAtOnce(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		socket := s.Dial(s.Users.Viewer.Token)
		var e struct {
			ID string `json:"id"`
		}
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Admin.Token, obj{"title": "Looked at"}, &e)
		s.Want(200, http.MethodPost, "/api/v1/presence/viewers", s.Users.Viewer.Token, obj{"resource_type": "episode", "resource_id": e.ID}, nil)
		s.Want(204, http.MethodDelete, "/api/v1/users/"+s.Users.Viewer.ID, s.Users.Admin.Token, nil, nil)
		select {
		case <-socket.Done():
		case <-time.After(20 * time.Second):
			t.Fatal("the socket of a disabled user lives on")
		}
		if _, err := realtimetest.Connect(t.Context(), s.URL()+"/connection/websocket", realtimetest.Options{Token: s.Users.Viewer.Token}); err == nil {
			t.Error("a disabled user is let in")
		}
		for _, path := range []string{"/api/v1/presence/online-users", "/api/v1/presence/resource-viewers/episode/" + e.ID} {
			apptest.Eventually(t, "a disabled user is neither online nor a viewer", func() error {
				if r := s.Do(http.MethodGet, path, s.Users.Admin.Token, nil); strings.Contains(string(r.Body), s.Users.Viewer.ID) {
					return fmt.Errorf("%s: %s", path, r.Body)
				}
				return nil
			})
		}
		if r := s.Do(http.MethodGet, "/api/v1/auth/me", s.Users.Viewer.Token, nil); r.Status != 401 {
			t.Errorf("REST answers %d", r.Status)
		}
	})
}

// TestActivityOverHTTP asks for the log in every way that there is.
func TestActivityOverHTTP(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, u := range []apptest.User{s.Users.Admin, s.Users.Editor} {
			s.Want(201, http.MethodPost, "/api/v1/shows", u.Token, obj{"title": "Lighthouse of " + u.Name}, nil)
		}
		s.Settle()
		for query, want := range map[string]int{
			"feed?action=created_show": 2, "feed?action=nothing": 0, "feed?user_id=" + s.Users.Editor.ID: 1,
			"feed?resource_type=show&limit=1": 1, "feed?resource_type=cut": 0, "feed?since=2001-01-01T00:00:00Z&action=created_show": 2,
			"feed?until=2001-01-01T00:00:00Z": 0, "user/" + s.Users.Admin.ID: 1, "user/system": 4, // with the viewer's own token
			"search?q=lighthouse%20ben": 1,
		} {
			var entries []logEntry
			s.Want(200, http.MethodGet, "/api/v1/activity/"+query, s.Users.Viewer.Token, nil, &entries)
			if len(entries) != want {
				t.Errorf("%s: %d entries, want %d", query, len(entries), want)
			}
		}
		for query, want := range map[string]int{
			"export?format=csv&action=created_show": 3, "export?format=ndjson&action=created_show": 2, "export?user_id=nobody": 1,
		} {
			r := s.Do(http.MethodGet, "/api/v1/activity/"+query, s.Users.Viewer.Token, nil)
			if lines := strings.Count(string(r.Body), "\n"); lines != want || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %d lines, want %d: %s", query, lines, want, r.Header)
			}
		}
	})
}
