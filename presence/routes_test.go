package presence

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	annaID = "0197a000-0000-7000-8000-000000000001"
	benID  = "0197a000-0000-7000-8000-000000000002"
)

// readable lets everybody read everything but the episode "secret".
type readable struct{}

func (readable) CanRead(_ context.Context, _ callboard.Actor, res callboard.Resource) error {
	if res.ID == "secret" {
		return callboard.NotFound("episode")
	}
	return nil
}

// CanEdit refuses viewers, and everybody the episode "fixed".
func (r readable) CanEdit(ctx context.Context, actor callboard.Actor, res callboard.Resource) error {
	if !actor.Role.Includes(callboard.RoleEditor) || res.ID == "fixed" {
		return callboard.Errorf(callboard.CodeForbidden, "no")
	}
	return r.CanRead(ctx, actor, res)
}

type names map[string]string

func (n names) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if name, ok := n[id]; ok {
			known[id] = callboard.UserInfo{Name: name, Role: callboard.RoleEditor}
		}
	}
	return known, nil
}

// asTold takes the actor from a header: "viewer", "admin" or "service".
func asTold(r *http.Request) (callboard.Actor, error) {
	switch r.Header.Get("X-As") {
	case "viewer":
		return callboard.Actor{ID: annaID, Name: "Anna", Role: callboard.RoleViewer}, nil
	case "admin":
		return callboard.Actor{ID: "0197a000-0000-7000-8000-0000000000aa", Name: "Boss", Role: callboard.RoleAdmin}, nil
	case "service":
		return callboard.Actor{ID: "0197a000-0000-7000-8000-0000000000bb", Role: callboard.RoleViewer, Service: true}, nil
	}
	return callboard.Actor{}, nil
}

func serve(t *testing.T, s *Service) http.Handler {
	t.Helper()
	a := httpapi.New(httpapi.Config{Authenticate: asTold})
	s.Routes(a)
	return a.Handler()
}

// serveOff serves the routes of a presence that is switched off.
func serveOff() http.Handler {
	a := httpapi.New(httpapi.Config{Authenticate: asTold})
	new(Service).Routes(httpapi.Off(a, "presence is switched off"))
	return a.Handler()
}

func do(t *testing.T, h http.Handler, as, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1/presence/"+path, strings.NewReader(body))
	r.Header.Set("X-As", as)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Result().Body)
	ok(t, err)
	return w.Code, string(answer)
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Access: readable{}, EditAccess: readable{}, Users: names{benID: "Ben"}})
	ok(t, err)
	ok(t, s.Connected(t.Context(), callboard.UserRef{ID: annaID, Name: "Anna"}, "tab"))
	ok(t, s.Connected(t.Context(), callboard.UserRef{ID: benID, Name: "Ben"}, "tab"))
	h := serve(t, s)
	track := func(id, user string) string {
		return fmt.Sprintf(`{"resource_type":"episode","resource_id":%q,"user_id":%q}`, id, user)
	}
	editing := func(id, user, field string) string {
		return fmt.Sprintf(`{"resource_type":"episode","resource_id":%q,"user_id":%q,"editing":%q}`, id, user, field)
	}
	scenarios := []struct {
		name, as, method, path, body string
		status                       int
		contains                     string
	}{
		{"nobody", "", "GET", "online-users", "", 401, ""},
		{"own viewer", "viewer", "POST", "viewers", `{"resource_type":"episode","resource_id":"a"}`, 200, `"name":"Anna"`},
		{"another viewer", "viewer", "POST", "viewers", track("a", benID), 403, ""},
		{"an admin for another", "admin", "POST", "viewers", track("a", benID), 200, `"name":"Ben"`},
		{"a service for another", "service", "POST", "viewers", track("b", benID), 200, `"total":1`},
		{"a service that names nobody", "service", "POST", "viewers", `{"resource_type":"episode","resource_id":"b"}`, 422, "user_id"},
		{"a service that removes nobody", "service", "DELETE", "viewers?resource_type=episode&resource_id=b", "", 422, "user_id"},
		{"a service without a status", "service", "POST", "status", `{"status":"away"}`, 422, "user_id"},
		{"an unknown user", "service", "POST", "viewers", track("b", "0197a000-0000-7000-8000-000000000009"), 422, "no such user"},
		{"what may not be read is not joined", "viewer", "POST", "viewers", `{"resource_type":"episode","resource_id":"secret"}`, 404, ""},
		{"a bad name", "viewer", "POST", "viewers", `{"resource_type":"a:b","resource_id":"a"}`, 422, "resource_type"},
		{"an unknown field", "viewer", "POST", "viewers", `{"resource_type":"a","resource_id":"a","x":1}`, 422, ""},
		{"viewers", "viewer", "GET", "resource-viewers/episode/a?cache_ttl=1000", "", 200, `"total":2`},
		{"viewers of nothing", "viewer", "GET", "resource-viewers/episode/none", "", 200, `"viewers":[],"total":0`},
		{"viewers of a secret", "viewer", "GET", "resource-viewers/episode/secret", "", 404, ""},
		{"negative age", "viewer", "GET", "resource-viewers/episode/a?cache_ttl=-1", "", 422, "cache_ttl"},
		{"of many", "viewer", "GET", "resource-viewers/episode?id=none&id=a&id=secret&id=b&id=a", "", 200,
			`[{"resource_id":"none","viewers":[],"total":0},{"resource_id":"a","viewers":[{`},
		{"of many, without what may not be read", "viewer", "GET", "resource-viewers/episode?id=secret", "", 200, `"data":[]`},
		{"of none", "viewer", "GET", "resource-viewers/episode", "", 422, "id"},
		{"of too many", "viewer", "GET", "resource-viewers/episode?id=a" + strings.Repeat("&id=a", MaxMany), "", 422, "id"},
		{"of one that can be none", "viewer", "GET", "resource-viewers/episode?id=a&id=a:b", "", 422, "id[1]."},
		{"an editor edits", "service", "POST", "viewers", editing("a", benID, "title"), 200, `"name":"Ben","since":`},
		{"and is seen first", "viewer", "GET", "resource-viewers/episode/a", "", 200, `"viewers":[{"user_id":"` + benID + `"`},
		{"with the field", "viewer", "GET", "resource-viewers/episode?id=a", "", 200, `"editing":["title"]`},
		{"a viewer does not edit", "viewer", "POST", "viewers", editing("a", "", "title"), 403, ""},
		{"nor with the help of an admin", "admin", "POST", "viewers", editing("a", annaID, "title"), 422, "no such user"},
		{"what nobody may edit", "admin", "POST", "viewers", editing("fixed", "", "title"), 403, ""},
		{"a field that is no name", "admin", "POST", "viewers", editing("a", "", "a b"), 422, "editing"},
		{"another's field", "viewer", "DELETE", "viewers?resource_type=episode&resource_id=a&editing=title&user_id=" + benID, "", 403, ""},
		{"the end of no name", "admin", "DELETE", "viewers?resource_type=episode&resource_id=a&editing=a:b", "", 422, "editing"},
		{"the end of a field", "service", "DELETE", "viewers?resource_type=episode&resource_id=a&editing=title&user_id=" + benID, "", 204, ""},
		{"leaves a viewer", "viewer", "GET", "resource-viewers/episode/a", "", 200, `"total":2`},
		{"remove another", "viewer", "DELETE", "viewers?resource_type=episode&resource_id=a&user_id=" + benID, "", 403, ""},
		{"remove oneself", "viewer", "DELETE", "viewers?resource_type=episode&resource_id=a", "", 204, ""},
		{"remove without a resource", "viewer", "DELETE", "viewers", "", 422, "resource_type"},
		{"one is left", "viewer", "GET", "resource-viewers/episode/a", "", 200, `"total":1`},
		{"online", "viewer", "GET", "online-users?limit=1", "", 200, `"next_cursor":"`},
		{"a bad cursor", "viewer", "GET", "online-users?cursor=x", "", 422, "cursor"},
		{"default status", "viewer", "GET", "status", "", 200, `"status":"online"`},
		{"choose", "viewer", "POST", "status", `{"status":"dnd","text":"on air"}`, 200, `"text":"on air"`},
		{"chosen status", "viewer", "GET", "status", "", 200, `"status":"dnd"`},
		{"unknown status", "viewer", "POST", "status", `{"status":"asleep"}`, 422, "status"},
		{"another's status", "viewer", "POST", "status", `{"status":"dnd","user_id":"` + benID + `"}`, 403, ""},
		{"a service sets a status", "service", "POST", "status", `{"status":"away","user_id":"` + benID + `"}`, 200, "away"},
		{"stats are for admins", "viewer", "GET", "stats", "", 403, ""},
		{"stats", "admin", "GET", "stats", "", 200, `"online":2`},
	}
	for _, sc := range scenarios {
		status, body := do(t, h, sc.as, sc.method, sc.path, sc.body)
		if status != sc.status || !strings.Contains(body, sc.contains) {
			t.Errorf("%s: %d %s, want %d with %q", sc.name, status, body, sc.status, sc.contains)
		}
	}
}

func TestOnlineUsersArePaged(t *testing.T) {
	t.Parallel()
	s, err := New(Config{})
	ok(t, err)
	const crowd, limit = 25, 10
	for i := range 2 * crowd { // every other one is invisible
		u := user(fmt.Sprintf("u%02d", i))
		ok(t, s.Connected(t.Context(), u, "tab"))
		if i%2 == 0 {
			ok(t, s.SetStatus(t.Context(), u, StatusChoice{Status: StatusOffline}))
		}
	}
	h := serve(t, s)
	sizes, seen, cursor := []int{}, map[string]bool{}, ""
	for range crowd {
		status, body := do(t, h, "viewer", "GET", fmt.Sprintf("online-users?limit=%d&cursor=%s", limit, cursor), "")
		var page httpapi.Page[OnlineUser]
		ok(t, json.Unmarshal([]byte(body), &page))
		sizes = append(sizes, len(page.Data))
		for _, u := range page.Data {
			seen[u.UserID] = true
		}
		if cursor = page.Pagination.NextCursor; status != 200 || cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]int{limit, limit, crowd - 2*limit}, sizes); diff != "" || len(seen) != crowd {
		t.Errorf("%d users on pages of (-want +got):\n%s", len(seen), diff)
	}
}

func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	h := serveOff()
	for _, path := range []string{"online-users", "status", "resource-viewers/episode/a"} {
		if status, body := do(t, h, "viewer", "GET", path, ""); status != 503 || !strings.Contains(body, "presence is switched off") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, _ := do(t, h, "", "GET", "online-users", ""); status != 401 {
		t.Errorf("switched off, and signed out: %d, want 401", status)
	}
}

// However many look, every answer tells the same number.
func TestManyViewersAreCountedAlike(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Access: readable{}})
	ok(t, err)
	const crowd = MaxAnswered + 10
	for i := range 210 {
		ok(t, s.Track(t.Context(), episode("a"), user(fmt.Sprint(i))))
	}
	for i := range crowd {
		ok(t, s.Track(t.Context(), episode("b"), user(fmt.Sprint(i))))
	}
	h := serve(t, s)
	for id, total := range map[string]int{"a": 210, "b": crowd} {
		status, body := do(t, h, "viewer", "GET", "resource-viewers/episode/"+id, "")
		var answer struct{ Data ViewerList }
		ok(t, json.Unmarshal([]byte(body), &answer))
		if status != 200 || answer.Data.Total != total || len(answer.Data.Viewers) != min(total, MaxAnswered) {
			t.Errorf("%s: %d, %d viewers of %d, want %d", id, status, len(answer.Data.Viewers), answer.Data.Total, total)
		}
		live, err := s.List(t.Context(), episode(id))
		ok(t, err)
		if live.Total != total || len(live.Viewers) != MaxListed {
			t.Errorf("%s: a live list of %d of %d, want %d of %d", id, len(live.Viewers), live.Total, MaxListed, total)
		}
	}
}

// A user who looks at too much is told so, and others go on.
func TestTrackingTooMuch(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Access: readable{}, Limits: Limits{PerUser: 1}})
	ok(t, err)
	h := serve(t, s)
	for _, tt := range []struct {
		as, id string
		status int
	}{{"viewer", "a", 200}, {"viewer", "a", 200}, {"viewer", "b", 429}, {"admin", "b", 200}} {
		if status, body := do(t, h, tt.as, "POST", "viewers", `{"resource_type":"episode","resource_id":"`+tt.id+`"}`); status != tt.status {
			t.Errorf("%s looks at %s: %d %s, want %d", tt.as, tt.id, status, body, tt.status)
		}
	}
}
