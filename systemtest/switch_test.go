package systemtest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// call is a request that the route answers well while its service is on.
type call struct {
	method, path string
	admin        bool // only those may call it
	body         any
	status       int
}

const someID = "01900000-0000-7000-8000-000000000000"

func activityCalls() []call {
	entry := map[string]any{"action": "looked", "resource_type": "prop", "resource_id": "1"}
	return []call{
		{http.MethodPost, "/api/v1/activity", false, entry, 201},
		{http.MethodPost, "/api/v1/activity/bulk", false, map[string]any{"entries": []any{entry}}, 201},
		{http.MethodGet, "/api/v1/activity/feed", false, nil, 200},
		{http.MethodGet, "/api/v1/activity/resource/episode/" + someID, false, nil, 200},
		{http.MethodGet, "/api/v1/activity/user/" + someID, false, nil, 200},
		{http.MethodGet, "/api/v1/activity/search?q=word", false, nil, 200},
		{http.MethodGet, "/api/v1/activity/stats", false, nil, 200},
		{http.MethodGet, "/api/v1/activity/export", false, nil, 200},
	}
}

func notificationCalls() []call {
	sent := map[string]any{"user_id": "all", "type": "hello", "message": "Hello"}
	return []call{
		{http.MethodPost, "/api/v1/notifications", true, sent, 201},
		{http.MethodGet, "/api/v1/notifications", false, nil, 200},
		{http.MethodGet, "/api/v1/notifications/unread-count", false, nil, 200},
		{http.MethodPost, "/api/v1/notifications/" + someID + "/read", false, nil, 404},
		{http.MethodPost, "/api/v1/notifications/" + someID + "/archive", false, nil, 404},
		{http.MethodDelete, "/api/v1/notifications/" + someID, false, nil, 404},
		{http.MethodPost, "/api/v1/notifications/read-all", false, nil, 200},
		{http.MethodGet, "/api/v1/notifications/preferences", false, nil, 200},
		{http.MethodPut, "/api/v1/episodes/" + someID + "/watch", false, nil, 404},
		{http.MethodDelete, "/api/v1/episodes/" + someID + "/watch", false, nil, 404},
		{http.MethodPut, "/api/v1/watches/prop/1", false, nil, 204},
		{http.MethodGet, "/api/v1/watches/prop/1", false, nil, 200},
		{http.MethodDelete, "/api/v1/watches/prop/1", false, nil, 204},
	}
}

func presenceCalls() []call {
	seen := map[string]any{"resource_type": "prop", "resource_id": "1"}
	return []call{
		{http.MethodPost, "/api/v1/presence/viewers", false, seen, 200},
		{http.MethodGet, "/api/v1/presence/resource-viewers/prop/1", false, nil, 200},
		{http.MethodDelete, "/api/v1/presence/viewers?resource_type=prop&resource_id=1", false, nil, 0},
		{http.MethodGet, "/api/v1/presence/online-users", false, nil, 200},
		{http.MethodGet, "/api/v1/presence/status", false, nil, 200},
		{http.MethodPost, "/api/v1/presence/status", false, map[string]any{"status": "away"}, 200},
		{http.MethodGet, "/api/v1/presence/stats", true, nil, 200},
	}
}

// service is one of those with a switch.
type service struct {
	part   string // in /readyz
	says   string
	off    func(*app.Config)
	calls  []call
	tables []string
}

func services() []service {
	return []service{
		{"activity", "the activity log is switched off", func(c *app.Config) { c.DisableActivity = true },
			activityCalls(), []string{"callboard_activity", "callboard_activity_daily"}},
		{"notifications", "notifications are switched off", func(c *app.Config) { c.DisableNotifications = true },
			notificationCalls(), []string{"callboard_notifications", "callboard_watches"}},
		{"presence", "presence is switched off", func(c *app.Config) { c.DisablePresence = true }, presenceCalls(), nil},
	}
}

// A service that is switched off says so to those who may call it, and leaves no trace; everything else works.
func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	for _, off := range services() {
		t.Run(off.part, func(t *testing.T) {
			t.Parallel()
			sqldbtest.EachKind(t, func(t *testing.T, kind string) {
				s := apptest.Start(t, apptest.Options{Kind: kind, Config: off.off})
				socket := s.Dial(s.Users.Viewer.Token)
				for _, other := range services() {
					if other.part == off.part {
						checkOff(t, s, off)
					} else {
						checkOn(t, s, other)
					}
				}
				checkLife(t, s, socket, off)
			})
		})
	}
}

func checkOff(t *testing.T, s *apptest.Server, off service) {
	t.Helper()
	for _, c := range off.calls {
		r := s.Do(c.method, c.path, s.Users.Admin.Token, c.body)
		checkUnavailable(t, r)
		if !strings.HasPrefix(r.Problem(), off.says) {
			t.Errorf("%s %s says %q, want %q", c.method, c.path, r.Problem(), off.says)
		}
		if r := s.Do(c.method, c.path, "", c.body); r.Status != http.StatusUnauthorized {
			t.Errorf("%s %s by nobody: %d, want 401", c.method, c.path, r.Status)
		}
		if r := s.Do(c.method, c.path, s.Users.Viewer.Token, c.body); c.admin && r.Status != http.StatusForbidden {
			t.Errorf("%s %s by a viewer: %d, want 403", c.method, c.path, r.Status)
		}
	}
	if ready, status := s.Ready(); status != http.StatusOK || ready.Parts[off.part].Status != "off" {
		t.Errorf("/readyz: %d %+v, want the part off", status, ready)
	}
}

func checkOn(t *testing.T, s *apptest.Server, on service) {
	t.Helper()
	for _, c := range on.calls {
		r := s.Do(c.method, c.path, s.Users.Admin.Token, c.body)
		if c.status == 0 && r.Status/100 == 2 {
			continue
		}
		if r.Status != c.status {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, r.Status, r.Body, c.status)
		}
	}
}

// checkLife has an episode live, and looks at what the services that are on make of it.
func checkLife(t *testing.T, s *apptest.Server, socket *realtimetest.Client, off service) {
	t.Helper()
	acked := createEpisodes(t, s, "Life", 3)
	hearEach(t, socket, callboard.EpisodeCreated.Name, acked)
	path := episodesPath + "/" + acked[0].episode
	s.Want(http.StatusOK, http.MethodPatch, path, s.Users.Admin.Token, map[string]any{"status": "published"}, nil)
	hear(t, socket, callboard.EpisodePublished.Name)
	s.Settle()
	for _, other := range services() {
		for _, table := range other.tables {
			rows := sqldbtest.Column[int](t, s.DB, "SELECT count(*) FROM "+table)[0]
			if other.part == off.part && rows > 0 || other.part != off.part && rows == 0 {
				t.Errorf("%s is off, and %s has %d rows", off.part, table, rows)
			}
		}
	}
	var look struct {
		Viewers []any `json:"viewers"`
	}
	r := s.Do(http.MethodGet, path, s.Users.Viewer.Token, nil)
	if err := r.JSON(&look); err != nil || r.Status != http.StatusOK {
		t.Fatalf("read the episode: %d %s", r.Status, r.Body)
	}
	want := 1
	if off.part == "presence" {
		want = 0
	}
	if len(look.Viewers) != want {
		t.Errorf("%s is off, and the episode has %d viewers, want %d", off.part, len(look.Viewers), want)
	}
	_, err := socket.Subscribe(t.Context(), "viewers:episode:"+acked[0].episode, realtimetest.SubscribeOptions{})
	if refused := err != nil; refused != (off.part == "presence") {
		t.Errorf("%s is off, and listening to the viewers gives: %v", off.part, err)
	}
}
