package notification_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// actorOf signs in whoever the header X-User names; with X-Service, by a service token.
func (p *people) actorOf(r *http.Request) (callboard.Actor, error) {
	id := r.Header.Get("X-User")
	if id == "" {
		return callboard.Actor{}, nil
	}
	return callboard.Actor{ID: id, Name: nameOf(id), Role: p.roles[id], Service: r.Header.Get("X-Service") != ""}, nil
}

// call is one request by a user and what must come back.
type call struct {
	name         string
	method, path string // below /api/v1/notifications
	user         string
	service      bool
	body         string
	status       int
	contains     string
	events       int // that the outbox must gain
}

func (f *fixture) server() http.Handler {
	a := httpapi.New(httpapi.Config{Authenticate: f.people.actorOf})
	f.Routes(a)
	return a.Handler()
}

func send(h http.Handler, c call) *httptest.ResponseRecorder {
	r := httptest.NewRequest(c.method, "/api/v1/notifications"+c.path, strings.NewReader(c.body))
	if c.user != "" {
		r.Header.Set("X-User", c.user)
	}
	if c.service {
		r.Header.Set("X-Service", "1")
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (f *fixture) run(t *testing.T, calls []call) {
	t.Helper()
	h := f.server()
	for _, c := range calls {
		before := f.count(`SELECT COUNT(*) FROM callboard_outbox`)
		w := send(h, c)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.contains) {
			t.Errorf("%s: %d %s, want %d with %s", c.name, w.Code, w.Body, c.status, c.contains)
		}
		if got := f.count(`SELECT COUNT(*) FROM callboard_outbox`) - before; got != c.events {
			t.Errorf("%s: %d events, want %d", c.name, got, c.events)
		}
	}
}

func TestPostNotification(t *testing.T) {
	t.Parallel()
	body := func(user string) string { return `{"user_id":` + user + `,"type":"note","message":"m"}` }
	one := body(`"` + vic + `"`)
	full := `{"user_id":["all","role:editor","watchers:episode:1"],"type":"note","message":"m","data":{"a":1},` +
		`"priority":"urgent","resource_type":"episode","resource_id":"1","expires_at":"2030-01-01T00:00:00Z"}`
	forEach(t, func(t *testing.T, f *fixture) {
		f.run(t, []call{
			{name: "an admin", method: "POST", user: ada, body: one, status: 201, contains: `{"data":{"id":"`, events: 1},
			{name: "a service", method: "POST", user: vic, service: true, body: full, status: 201, contains: `"id"`, events: 1},
			{name: "a list", method: "POST", user: ada, body: body(`["` + vic + `","` + val + `"]`), status: 201, events: 1},
			{name: "nobody", method: "POST", body: one, status: 401},
			{name: "a viewer", method: "POST", user: vic, body: one, status: 403},
			{name: "an editor", method: "POST", user: eve, body: one, status: 403},
			{name: "no body", method: "POST", user: ada, status: 400},
			{name: "half a body", method: "POST", user: ada, body: one[:20], status: 400},
			{name: "unknown field", method: "POST", user: ada, body: one[:len(one)-1] + `,"x":1}`, status: 422},
			{name: "unknown user", method: "POST", user: ada, body: body(`"` + nobody + `"`), status: 422, contains: "no such user"},
			{name: "no user at all", method: "POST", user: ada, body: body(`"nobody"`), status: 422, contains: "user_id"},
			{name: "a number for a user", method: "POST", user: ada, body: body(`5`), status: 422, contains: "user_id"},
			{name: "null for a user", method: "POST", user: ada, body: body(`null`), status: 422, contains: "user_id"},
			{name: "no recipients", method: "POST", user: ada, body: body(`[]`), status: 422, contains: "user_id"},
			{name: "a message of zero width", method: "POST", user: ada, body: strings.Replace(one, `"m"`, `"\u200b "`, 1), status: 422, contains: "can be seen"},
			{name: "no message", method: "POST", user: ada, body: strings.Replace(one, `"m"`, `""`, 1), status: 422, contains: "message"},
			{name: "data is a list", method: "POST", user: ada, body: one[:len(one)-1] + `,"data":[]}`, status: 422, contains: "data"},
			{name: "odd priority", method: "POST", user: ada, body: strings.Replace(full, "urgent", "top", 1), status: 422, contains: "priority"},
			{name: "half a resource", method: "POST", user: ada, body: strings.Replace(full, `"resource_id":"1",`, "", 1), status: 422, contains: "resource_id"},
			{name: "past", method: "POST", user: ada, body: strings.Replace(full, "2030", "2020", 1), status: 422, contains: "expires_at"},
		})
	})
}

func TestInboxRoutes(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("one", vic), f.note("two", vic), f.note("foreign", val))
		own, foreign := "/"+f.inbox(vic)[0].ID, "/"+f.inbox(val)[0].ID
		f.run(t, []call{
			{name: "nobody", method: "GET", status: 401},
			{name: "nobody's count", method: "GET", path: "/unread-count", status: 401},
			{name: "list", method: "GET", user: vic, status: 200, contains: `"message":"two"`},
			{name: "page", method: "GET", path: "?limit=1", user: vic, status: 200, contains: `"pagination":{"limit":1,"next_cursor":"ey`},
			{name: "empty", method: "GET", path: "?archived=true", user: vic, status: 200, contains: `"data":[]`},
			{name: "type", method: "GET", path: "?type=other&unread=true", user: vic, status: 200, contains: `"data":[]`},
			{name: "bad cursor", method: "GET", path: "?cursor=%21", user: vic, status: 422, contains: "cursor"},
			{name: "bad limit", method: "GET", path: "?limit=201", user: vic, status: 422, contains: "limit"},
			{name: "bad flag", method: "GET", path: "?unread=maybe", user: vic, status: 422, contains: "unread"},
			{name: "count", method: "GET", path: "/unread-count", user: vic, status: 200, contains: `{"data":{"unread_count":2}}`},
			{name: "read", method: "POST", path: own + "/read", user: vic, status: 200, contains: `"read_at":"2026-03-02T12:00:00Z"`},
			{name: "read again", method: "POST", path: own + "/read", user: vic, status: 200},
			{name: "unread", method: "POST", path: own + "/unread", user: vic, status: 200, contains: `"id"`},
			{name: "unread again", method: "POST", path: own + "/unread", user: vic, status: 200},
			{name: "both count", method: "GET", path: "/unread-count", user: vic, status: 200, contains: `{"unread_count":2}`},
			{name: "unread a foreign one", method: "POST", path: foreign + "/unread", user: vic, status: 404},
			{name: "read once more", method: "POST", path: own + "/read", user: vic, status: 200},
			{name: "unarchive a foreign one", method: "POST", path: foreign + "/unarchive", user: vic, status: 404},
			{name: "read a foreign one", method: "POST", path: foreign + "/read", user: vic, status: 404},
			{name: "an admin too", method: "POST", path: foreign + "/read", user: ada, status: 404},
			{name: "archive a foreign one", method: "POST", path: foreign + "/archive", user: vic, status: 404},
			{name: "delete a foreign one", method: "DELETE", path: foreign, user: vic, status: 404},
			{name: "no such one", method: "DELETE", path: "/" + nobody, user: vic, status: 404},
			{name: "not an ID", method: "POST", path: "/7/read", user: vic, status: 422, contains: "id"},
			{name: "archive", method: "POST", path: own + "/archive", user: vic, status: 200, contains: `"archived_at"`},
			{name: "unarchive", method: "POST", path: own + "/unarchive", user: vic, status: 200, contains: `"read_at"`},
			{name: "it is back", method: "GET", path: "?limit=1", user: vic, status: 200, contains: own[1:]},
			{name: "archive again", method: "POST", path: own + "/archive", user: vic, status: 200},
			{name: "unread from the archive", method: "POST", path: own + "/unread", user: vic, status: 200},
			{name: "it is back, and unread", method: "GET", path: "?limit=1&unread=true", user: vic, status: 200, contains: own[1:]},
			{name: "archive once more", method: "POST", path: own + "/archive", user: vic, status: 200},
			{name: "read up to", method: "POST", path: "/read-all", user: vic, body: `{"up_to_pos":1}`, status: 200, contains: `{"marked":1}`},
			{name: "read all", method: "POST", path: "/read-all", user: vic, status: 200, contains: `{"marked":0}`},
			{name: "read all of an odd body", method: "POST", path: "/read-all", user: vic, body: `{"x":1}`, status: 422},
			{name: "delete", method: "DELETE", path: own, user: vic, status: 204},
			{name: "delete again", method: "DELETE", path: own, user: vic, status: 404},
			{name: "the foreign one is untouched", method: "GET", path: "/unread-count", user: val, status: 200, contains: `:1}`},
		})
	})
}

// Many are changed at once, each as alone; what belongs to somebody else, or is not there, is passed over.
func TestChangeMany(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.handle(f.note("one", vic), f.note("two", vic), f.note("three", vic), f.note("foreign", val))
		var ids []string
		for _, n := range f.inbox(vic) {
			ids = append(ids, n.ID)
		}
		foreign := f.inbox(val)[0].ID
		change := func(what string, ids ...string) string {
			body, err := json.Marshal(map[string]any{"change": what, "ids": ids})
			if err != nil {
				t.Fatal(err)
			}
			return string(body)
		}
		post := func(name, body string, status int, contains string) call {
			return call{name: name, method: "POST", path: "/change", user: vic, body: body, status: status, contains: contains}
		}
		count := func(n int) call {
			return call{name: "count", method: "GET", path: "/unread-count", user: vic, status: 200, contains: fmt.Sprintf(`{"unread_count":%d}`, n)}
		}
		f.run(t, []call{
			{name: "nobody", method: "POST", path: "/change", body: change("read", ids...), status: 401},
			post("no IDs", change("read"), 422, "ids"),
			post("an odd ID", change("read", "7"), 422, "ids[0]"),
			post("an odd change", change("burn", ids...), 422, "change"),
			post("too many", change("read", slices.Repeat(ids[:1], notification.MaxChanged+1)...), 422, "ids"),
			post("two and what is not there", change("read", ids[0], ids[1], ids[0], foreign, nobody), 200, `{"changed":2}`), count(1),
			post("again", change("read", ids[0], ids[1]), 200, `{"changed":2}`), count(1),
			post("unread", change("unread", ids[0]), 200, `{"changed":1}`), count(2),
			post("archive", change("archive", ids[0], ids[1]), 200, `{"changed":2}`), count(1),
			{name: "is out of the inbox", method: "GET", path: "?archived=true&limit=1", user: vic, status: 200, contains: ids[0]},
			post("back", change("unarchive", ids[0], ids[1]), 200, `{"changed":2}`), count(1),
			post("archive", change("archive", ids...), 200, `{"changed":3}`), count(0),
			post("unread", change("unread", ids...), 200, `{"changed":3}`), count(3),
			post("delete", change("delete", ids[0], foreign), 200, `{"changed":1}`), count(2),
			post("delete again", change("delete", ids[0]), 200, `{"changed":0}`),
			{name: "the foreign one is untouched", method: "GET", path: "/unread-count", user: val, status: 200, contains: `:1}`},
		})
	})
}

func TestPreferenceRoutes(t *testing.T) {
	t.Parallel()
	set := `{"mute_all":false,"types":{"note":{"in_app":true,"live":false}},` +
		`"quiet_hours":{"start":"22:00","end":"07:00","time_zone":"Europe/Berlin","days":["mon"]}}`
	put := func(name, body string, status int, contains string) call {
		return call{name: name, method: "PUT", path: "/preferences", user: vic, body: body, status: status, contains: contains}
	}
	forEach(t, func(t *testing.T, f *fixture) {
		f.run(t, []call{
			{name: "defaults", method: "GET", path: "/preferences", user: vic, status: 200, contains: `{"data":{"mute_all":false,"types":{}}}`},
			put("set", set, 200, `{"data":`+set+`,"message":`),
			{name: "get", method: "GET", path: "/preferences", user: vic, status: 200, contains: set},
			{name: "of another user", method: "GET", path: "/preferences", user: val, status: 200, contains: `"types":{}`},
			put("unknown field", `{"mute_all":true,"types":{},"x":1}`, 422, "x"),
			put("unknown channel", `{"mute_all":true,"types":{"a":{"in_app":true,"live":true,"fax":true}}}`, 422, "fax"),
			put("half a document", `{"mute_all":true}`, 422, "types"),
			put("half a channel", `{"mute_all":true,"types":{"a":{"in_app":true}}}`, 422, "live"),
			put("odd zone", strings.Replace(set, "Europe/Berlin", "Mars", 1), 422, "time_zone"),
			put("odd day", strings.Replace(set, `"mon"`, `"someday"`, 1), 422, "days"),
			{name: "nobody", method: "PUT", path: "/preferences", body: set, status: 401},
		})
	})
}

func TestRoutesOfNoService(t *testing.T) {
	t.Parallel()
	p := &people{roles: map[string]callboard.Role{ada: callboard.RoleAdmin}}
	a := httpapi.New(httpapi.Config{Authenticate: p.actorOf})
	new(notification.Service).Routes(httpapi.Off(a, "notifications are switched off"))
	h := a.Handler()
	for _, path := range [][2]string{
		{"POST", ""}, {"GET", ""}, {"GET", "/unread-count"}, {"POST", "/" + nobody + "/read"}, {"POST", "/read-all"},
		{"POST", "/" + nobody + "/archive"}, {"DELETE", "/" + nobody}, {"GET", "/preferences"}, {"PUT", "/preferences"},
	} {
		w := send(h, call{method: path[0], path: path[1], user: ada})
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "notifications are switched off") {
			t.Errorf("%s %s: %d %s", path[0], path[1], w.Code, w.Body)
		}
		if w := send(h, call{method: path[0], path: path[1]}); w.Code != http.StatusUnauthorized {
			t.Errorf("%s %s of nobody: %d", path[0], path[1], w.Code)
		}
	}
}

func TestRequestsAreNotHeldUpBySockets(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		slow := &slowSockets{entered: make(chan struct{}), release: make(chan struct{})}
		f := newFixture(t, db, func(c *notification.Config) { c.Publisher = slow })
		f.handle(f.note("n", vic))
		if w := send(f.server(), call{method: "POST", path: "/read-all", user: vic}); w.Code != http.StatusOK {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		<-slow.entered // the answer is there, and the push has only begun
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := f.Close(short); err == nil {
			t.Error("closed while a message was on its way")
		}
		slow.release <- struct{}{}
	}, sets()...)
}

// slowSockets hang until they are released.
type slowSockets struct{ entered, release chan struct{} }

func (*slowSockets) HasSubscribers(string) bool { return true }

func (s *slowSockets) PublishToUsers(context.Context, []notification.LiveMessage) error {
	s.entered <- struct{}{}
	<-s.release
	return nil
}

func TestNotificationOnTheWire(t *testing.T) {
	t.Parallel()
	at := noon()
	n := notification.Notification{
		ID: nobody, UserID: vic, Type: "note", Message: "m", Data: json.RawMessage(`{}`), Priority: "low", ActorID: ada,
		ActorName: "Ada", ResourceType: "episode", ResourceID: "1", EventID: eve, Pos: 1, Count: 2, ReadAt: &at, CreatedAt: at,
	}
	b, err := json.Marshal(n)
	want := `{"id":"` + nobody + `","user_id":"` + vic + `","type":"note","message":"m","data":{},"priority":"low",` +
		`"actor_id":"` + ada + `","actor_name":"Ada","resource_type":"episode","resource_id":"1","event_id":"` + eve +
		`","pos":1,"count":2,"read_at":"2026-03-02T12:00:00Z","created_at":"2026-03-02T12:00:00Z"}`
	if diff := cmp.Diff(want, string(b)); diff != "" || err != nil {
		t.Errorf("JSON (-want +got), %v:\n%s", err, diff)
	}
}
