package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func equal(a, b []string) bool { return slices.Equal(a, b) }

type issuer struct{}

func (issuer) IssueSocketToken(_ context.Context, actor callboard.Actor) (string, time.Time, error) {
	return "token of " + actor.Name, time.Unix(2e9, 0).UTC(), nil
}

// cast knows Anna and Ben.
type cast struct{}

func (cast) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if id == annaID || id == benID {
			known[id] = callboard.UserInfo{}
		}
	}
	return known, nil
}

// asTold takes the actor from a header.
func asTold(r *http.Request) (callboard.Actor, error) {
	switch r.Header.Get("X-As") {
	case "viewer":
		return callboard.Actor{ID: benID, Name: "Ben", Role: callboard.RoleViewer}, nil
	case "admin":
		return callboard.Actor{ID: annaID, Name: "Anna", Role: callboard.RoleAdmin}, nil
	case "service":
		return callboard.Actor{ID: benID, Name: "App", Role: callboard.RoleViewer, Service: true}, nil
	}
	return callboard.Actor{}, nil
}

func do(t *testing.T, h http.Handler, as, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1/socket/"+path, strings.NewReader(body))
	r.Header.Set("X-As", as)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Result().Body)
	must(t, err)
	return w.Code, string(answer)
}

// TestSend sends messages over HTTP, and receives them on sockets by way of the outbox.
func TestSend(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations())
	s := start(t, func(c *realtime.Config) { c.DB, c.Tokens, c.Users = db, issuer{}, cast{} })
	events := outbox.New(outbox.Config{DB: db})
	events.Add(outbox.Consumer{Name: "live", Send: s.Publish})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- events.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	api := httpapi.New(httpapi.Config{Authenticate: asTold})
	s.Routes(api)
	h := api.Handler()
	ben := s.dial("ben")
	_, err := ben.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)

	const big = 9007199254740993 // beyond what a float64 holds
	hello := fmt.Sprintf(`{"event":"hello","data":{"n":%d}}`, big)
	scenarios := []struct {
		name, as, method, path, body string
		status                       int
		contains                     string // of the answer
		channel                      string // on which the message arrives; empty: nothing does
	}{
		{"nobody", "", "POST", "broadcast", hello, 401, "", ""},
		{"a viewer", "viewer", "POST", "broadcast", hello, 403, "", ""},
		{"broadcast", "admin", "POST", "broadcast", hello, 202, `"id"`, "broadcast"},
		{"by a service", "service", "POST", "broadcast", hello, 202, `"id"`, "broadcast"},
		{"to a user", "service", "POST", "notify-user/" + benID, hello, 202, `"id"`, "user:" + benID},
		{"to another user", "service", "POST", "notify-user/" + annaID, hello, 202, `"id"`, ""},
		{"to a room", "service", "POST", "notify-room/green", hello, 202, `"id"`, "room:green"},
		{"to a bad room", "service", "POST", "notify-room/a:b", hello, 422, "room", ""},
		{"to a bad user", "service", "POST", "notify-user/role:admin", hello, 422, "user_id", ""},
		{"to an unknown user", "service", "POST", "notify-user/0197a000-0000-7000-8000-000000000009", hello, 422, "no such user", ""},
		{"without data", "service", "POST", "broadcast", `{"event":"hello"}`, 202, `"id"`, "broadcast"},
		{"ephemeral", "service", "POST", "broadcast", `{"event":"hello","ephemeral":true,"data":{"a":"é"}}`, 202, `"id"`, "broadcast"},
		{"a name of the catalog", "admin", "POST", "broadcast", `{"event":"episode_created"}`, 202, `"id"`, "broadcast"},
		{"a name of the catalog to a user", "service", "POST", "notify-user/" + benID, `{"event":"job_started"}`, 202, `"id"`, "user:" + benID},
		{"a name of the catalog by a viewer", "viewer", "POST", "broadcast", `{"event":"episode_created"}`, 403, "", ""},
		{"the name of notifications", "admin", "POST", "broadcast", `{"event":"notification"}`, 422, "event", ""},
		{"the name of the list of viewers", "service", "POST", "broadcast", `{"event":"viewers","ephemeral":true}`, 422, "list of viewers", ""},
		{"a name of clients in a room", "service", "POST", "notify-room/green", `{"event":"caught-up"}`, 422, "connection", ""},
		{"a bad name", "admin", "POST", "broadcast", `{"event":"a b"}`, 422, "event", ""},
		{"a list", "admin", "POST", "broadcast", `{"event":"hello","data":[1]}`, 422, "data", ""},
		{"too much", "admin", "POST", "broadcast", `{"event":"hello","data":{"x":"` + strings.Repeat("x", realtime.MaxSendData) + `"}}`, 413, "", ""},
		{"too old", "admin", "POST", "broadcast", `{"event":"hello","timestamp":"2001-01-01T00:00:00Z"}`, 422, "timestamp", ""},
		{"disconnect by a service", "service", "POST", "disconnect/" + annaID, "", 403, "", ""},
		{"disconnect", "admin", "POST", "disconnect/" + annaID, "", 202, annaID, ""},
		{"stats", "admin", "GET", "stats", "", 200, `"connections":1`, ""},
		{"stats by a viewer", "viewer", "GET", "stats", "", 403, "", ""},
		{"connections", "admin", "GET", "connections?limit=10", "", 200, `"name":"Ben"`, ""},
		{"token", "viewer", "GET", "token", "", 200, `"token of Ben"`, ""},
	}
	for _, sc := range scenarios {
		status, body := do(t, h, sc.as, sc.method, sc.path, sc.body)
		if status != sc.status || !strings.Contains(body, sc.contains) {
			t.Errorf("%s: %d %s, want %d with %q", sc.name, status, body, sc.status, sc.contains)
			continue
		}
		if sc.channel == "" {
			continue
		}
		p, err := ben.Next(within(t))
		must(t, err)
		named := strings.Contains(sc.body, `"`+p.Message.Event+`"`)
		if p.Channel != sc.channel || !named || !p.Message.Direct || !strings.Contains(body, p.Message.ID) {
			t.Errorf("%s: got %s on %s, want it on %s", sc.name, p.Raw, p.Channel, sc.channel)
		}
		if positioned := p.Message.Pos > 0; positioned == strings.Contains(sc.body, "ephemeral") {
			t.Errorf("%s: position %d", sc.name, p.Message.Pos)
		}
		if strings.Contains(sc.body, fmt.Sprint(big)) && string(p.Message.Data) != fmt.Sprintf(`{"n":%d}`, big) {
			t.Errorf("%s: data %s", sc.name, p.Message.Data)
		}
	}
}

// The names that the JavaScript client takes for something else are those that nobody may send.
func TestClientEventsAreThoseOfTheClient(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../clients/js/src/message.ts")
	must(t, err)
	var names []string
	for _, set := range regexp.MustCompile(`(?s)ReadonlySet<string> = new Set\(\[(.*?)\]`).FindAllSubmatch(source, -1) {
		for _, name := range regexp.MustCompile(`'([^']+)'`).FindAllSubmatch(set[1], -1) {
			names = append(names, string(name[1]))
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(callboard.ClientEvents()))); diff != "" {
		t.Errorf("names that are not events (-clients/js +server):\n%s", diff)
	}
}

func TestSentMessagesLeaveWithTheirTransaction(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		s := start(t, func(c *realtime.Config) { c.DB = db })
		c := s.dial("anna")
		undone := fmt.Errorf("undone")
		acting := callboard.WithActor(t.Context(), callboard.Actor{ID: annaID, Name: "Anna", Role: callboard.RoleAdmin})
		err := db.Write(acting, func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := s.BroadcastTx(ctx, tx, realtime.SendRequest{Event: "lost", Ephemeral: true})
			must(t, err)
			_, err = s.SendToRoomTx(ctx, tx, "green", realtime.SendRequest{Event: "lost"})
			must(t, err)
			return undone
		})
		if err == nil {
			t.Fatal("the write did not fail")
		}
		must(t, db.Write(acting, func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := s.BroadcastTx(ctx, tx, realtime.SendRequest{Event: "kept", Ephemeral: true})
			must(t, err)
			_, err = s.SendToUserTx(ctx, tx, annaID, realtime.SendRequest{Event: "stored"})
			return err
		}))
		p, err := c.Next(within(t))
		must(t, err)
		if p.Message.Event != "kept" {
			t.Errorf("got %s", p.Message.Event)
		}
		var stored int
		must(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM callboard_outbox`).Scan(&stored))
		if stored != 1 {
			t.Errorf("%d events stored, want the one that was not ephemeral", stored)
		}
		for _, ephemeral := range []bool{false, true} {
			req := realtime.SendRequest{Event: "whose", Ephemeral: ephemeral}
			if _, err := s.Broadcast(t.Context(), req); callboard.CodeOf(err) != callboard.CodeForbidden {
				t.Errorf("a message by nobody, ephemeral %v: %v", ephemeral, err)
			}
			if _, err := s.BroadcastTx(acting, (*sqldb.Tx)(nil), req); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("a message in no transaction, ephemeral %v: %v", ephemeral, err)
			}
		}
	}, outbox.Migrations())
}

func TestSendWithoutADatabase(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if _, err := s.Broadcast(t.Context(), realtime.SendRequest{Event: "x"}); callboard.CodeOf(err) != callboard.CodeUnavailable {
		t.Errorf("%v, want CodeUnavailable", err)
	}
}

// An event that failed in its turn and comes after later ones is heard all the same.
func TestLateEventsAreHeard(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations())
	s := start(t, func(c *realtime.Config) { c.DB = db })
	client := s.dial("ben")
	send := func(ctx context.Context, events []callboard.Event) error {
		for _, e := range events {
			if e.Name == "late" && !outbox.Late(ctx) {
				return errors.New("not now")
			}
		}
		return s.Publish(ctx, events)
	}
	events := outbox.New(outbox.Config{DB: db, RetryFirst: time.Millisecond})
	events.Add(outbox.Consumer{Name: "live", Send: send})
	must(t, db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		for _, name := range []string{"late", "early"} {
			e := callboard.NewEvent(callboard.WithActor(ctx, callboard.System("Test")), name, callboard.Resource{}, map[string]int{})
			e.Channels, e.Direct = []string{callboard.BroadcastChannel}, true
			if err := events.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	}))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- events.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	for _, name := range []string{"early", "late"} {
		_, err := client.NextOf(within(t), name)
		must(t, err)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		edit   func(*realtime.Config)
		header string // that a proxy added
		want   string
	}{
		{"where the API is", nil, "", `"url":"","port":0`},
		{"a port of their own", func(c *realtime.Config) { c.Port = 8081 }, "", `"url":"","port":8081`},
		{"behind a proxy, which has other ports", func(c *realtime.Config) { c.Port = 8081 }, "X-Forwarded-For", `"url":"","port":0`},
		{"behind another proxy", func(c *realtime.Config) { c.Port = 8081 }, "Forwarded", `"url":"","port":0`},
		{"as set", func(c *realtime.Config) { c.URL, c.Port = "wss://sockets.example", 8081 }, "Forwarded", `"url":"wss://sockets.example"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := httpapi.New(httpapi.Config{Authenticate: asTold})
			start(t, tt.edit).Routes(api)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/socket/address", nil)
			if tt.header != "" {
				r.Header.Set(tt.header, "for=203.0.113.7")
			}
			w := httptest.NewRecorder()
			api.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("%d %s, want %s", w.Code, w.Body, tt.want)
			}
		})
	}
}

// An ephemeral event of an application says who acts, and is about something where its type refers to that, as one of the log.
func TestEphemeralEventsAreChecked(t *testing.T) {
	t.Parallel()
	moved := callboard.EventType{Name: "playhead_moved", Summary: "The playhead moved.", Ephemeral: true, Channels: []string{"broadcast", "{resource}"}}
	registry, err := callboard.NewRegistry(moved)
	must(t, err)
	db := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations())
	s := start(t, func(c *realtime.Config) { c.DB, c.Log = db, outbox.New(outbox.Config{DB: db, Events: registry}) })
	c := s.dial("anna")
	ben := callboard.WithActor(t.Context(), callboard.Actor{ID: benID, Name: "Ben", Role: callboard.RoleViewer})
	cut, around := callboard.Resource{Type: "cut", ID: "7"}, callboard.Relations{}
	if err := s.Ephemeral(t.Context(), moved.Event(t.Context(), cut, around, nil)); callboard.CodeOf(err) != callboard.CodeForbidden {
		t.Errorf("by nobody: %v", err)
	}
	if err := s.Ephemeral(ben, moved.Event(ben, callboard.Resource{}, around, nil)); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("about nothing: %v", err)
	}
	sent := moved.Event(ben, cut, around, nil)
	must(t, s.Ephemeral(ben, sent))
	p, err := c.Next(within(t))
	must(t, err)
	if p.Message.ID != sent.ID {
		t.Errorf("heard %s", p.Raw)
	}
}
