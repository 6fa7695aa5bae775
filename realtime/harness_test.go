package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// redisURL is a Redis for tests. Each server has names of its own in it.
const (
	redisAddr = "127.0.0.1:6379"
	redisURL  = "redis://" + redisAddr + "/9"
)

// onRedis has start link servers by Redis.
var onRedis bool

// TestMain runs the suite in memory, and once more on Redis.
func TestMain(m *testing.M) {
	code := m.Run()
	if conn, err := net.DialTimeout("tcp", redisAddr, time.Second); err == nil {
		_ = conn.Close()
		onRedis = true
		fmt.Println("=== with Redis")
		code = max(code, m.Run())
	} else if needtest.Required("redis") {
		fmt.Println("FAIL: there is no Redis at", redisAddr)
		code = 1
	} else {
		fmt.Println("SKIP: the suite on Redis, which is not at", redisAddr)
	}
	os.Exit(code)
}

// accounts knows credentials: it is the Authenticator of the tests.
type accounts struct {
	mu      sync.Mutex
	known   map[string]callboard.Actor
	expires map[string]time.Time
	away    bool
}

const (
	annaID = "0197a000-0000-7000-8000-000000000001"
	benID  = "0197a000-0000-7000-8000-000000000002"
)

func newAccounts() *accounts {
	return &accounts{
		known: map[string]callboard.Actor{
			"anna":  {ID: annaID, Name: "Anna", Role: callboard.RoleEditor},
			"anna2": {ID: annaID, Name: "Anna", Role: callboard.RoleEditor},
			"ben":   {ID: benID, Name: "Ben", Role: callboard.RoleViewer},
		},
		expires: map[string]time.Time{},
	}
}

func (a *accounts) Verify(_ context.Context, credential string) (callboard.Actor, time.Time, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.away {
		return callboard.Actor{}, time.Time{}, errors.New("the database is away")
	}
	actor, ok := a.known[credential]
	if !ok {
		return callboard.Actor{}, time.Time{}, callboard.Errorf(callboard.CodeUnauthenticated, "unknown")
	}
	return actor, a.expires[credential], nil
}

func (a *accounts) RequestCredential(r *http.Request) string {
	if c, err := r.Cookie("session"); err == nil {
		return c.Value
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

func (a *accounts) change(fn func(a *accounts)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fn(a)
}

// access lets everybody read everything but what the error says.
type access struct{}

func (access) CanRead(_ context.Context, _ callboard.Actor, res callboard.Resource) error {
	switch res.ID {
	case "forbidden":
		return callboard.Errorf(callboard.CodeForbidden, "no")
	case "absent":
		return callboard.NotFound("episode")
	case "away":
		return errors.New("the database is away")
	}
	return nil
}

type server struct {
	*realtime.Service
	accounts *accounts
	http     *httptest.Server
	t        *testing.T
}

// start serves sockets on a port of its own. edit may change the configuration.
func start(t *testing.T, edit func(*realtime.Config)) *server {
	t.Helper()
	s := &server{accounts: newAccounts(), t: t}
	cfg := realtime.Config{Authenticator: s.accounts, Access: access{}}
	if onRedis {
		cfg.RedisURL, cfg.RedisPrefix = redisURL, "test-"+uuid.NewString()
	}
	if edit != nil {
		edit(&cfg)
	}
	var err error
	if s.Service, err = realtime.New(cfg); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.Mount(mux)
	s.http = httptest.NewUnstartedServer(mux)
	s.http.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if tcp, ok := c.(*net.TCPConn); ok {
			must(t, tcp.SetWriteBuffer(32<<10)) // or a client that does not read fills megabytes before it is noticed
		}
		return ctx
	}
	s.http.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		s.http.Close()
	})
	return s
}

func (s *server) url() string { return s.http.URL + realtime.PathWebSocket }

func (s *server) dial(token string) *realtimetest.Client {
	s.t.Helper()
	return realtimetest.Dial(s.t, s.url(), realtimetest.Options{Token: token})
}

// within returns a context that ends long after anything that is waited for should have happened.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func codeOf(err error) int {
	if r, ok := errors.AsType[*realtimetest.Refused](err); ok {
		return r.Code
	}
	return -1
}

// event returns an event at a position, with the position as its payload.
func event(pos int64, channels ...string) callboard.Event {
	ev := callboard.NewEvent(context.Background(), "episode_updated", callboard.Resource{Type: "episode", ID: "e"},
		map[string]int64{"n": pos})
	ev.Pos, ev.Channels = pos, channels
	return ev
}

func events(from, to int64, channels ...string) []callboard.Event {
	var list []callboard.Event
	for pos := from; pos <= to; pos++ {
		list = append(list, event(pos, channels...))
	}
	return list
}

// wantPositions reads as many messages as there are positions and compares.
func wantPositions(t *testing.T, c *realtimetest.Client, from, to int64) realtimetest.Push {
	t.Helper()
	var last realtimetest.Push
	for pos := from; pos <= to; pos++ {
		p, err := c.Next(within(t))
		must(t, err)
		if p.Message.Pos != pos {
			t.Fatalf("position %d, want %d", p.Message.Pos, pos)
		}
		last = p
	}
	return last
}

func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx := within(t)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			t.Fatalf("never came: %s", what)
		case <-tick.C:
		}
	}
}

// recorder is a presence that notes what it is told.
type recorder struct {
	mu    sync.Mutex
	calls []string
	fail  error
}

func (r *recorder) note(format string, args ...any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, fmt.Sprintf(format, args...))
	return r.fail
}

func (r *recorder) count(call string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, c := range r.calls {
		if c == call {
			n++
		}
	}
	return n
}

func (r *recorder) Join(_ context.Context, res callboard.Resource, u callboard.UserRef, _ string) error {
	return r.note("join %s %s", res.ID, u.Name)
}

func (r *recorder) Refresh(_ context.Context, res callboard.Resource, u callboard.UserRef, _ string) error {
	return r.note("refresh %s %s", res.ID, u.Name)
}

func (r *recorder) Leave(_ context.Context, res callboard.Resource, u callboard.UserRef, _ string) error {
	return r.note("leave %s %s", res.ID, u.Name)
}

func (r *recorder) ViewersJSON(context.Context, callboard.Resource) (json.RawMessage, error) {
	return json.RawMessage(`{"viewers":[],"total":0}`), nil
}

func (r *recorder) Announce(res callboard.Resource) { _ = r.note("announce %s", res.ID) }

func (r *recorder) Connected(_ context.Context, u callboard.UserRef, _ string) error {
	return r.note("connected %s", u.Name)
}

func (r *recorder) Alive(_ context.Context, u callboard.UserRef, _ string) error {
	return r.note("alive %s", u.Name)
}

func (r *recorder) Disconnected(_ context.Context, u callboard.UserRef, _ string) error {
	return r.note("disconnected %s", u.Name)
}

// counted counts verifications.
type counted struct {
	*accounts
	calls atomic.Int64
}

func (c *counted) Verify(ctx context.Context, credential string) (callboard.Actor, time.Time, error) {
	c.calls.Add(1)
	return c.accounts.Verify(ctx, credential)
}
