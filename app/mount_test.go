package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// host is an application that has Callboard on a mux of its own, and signs its users in by a cookie of its own.
type host struct {
	t     *testing.T
	cfg   app.Config
	board *app.App
	url   string // with the prefix
	away  atomic.Bool
}

// authenticate knows Carla, an editor, by the application's cookie.
func (h *host) authenticate(r *http.Request) (callboard.Actor, error) {
	cookie, err := r.Cookie("app_session")
	switch {
	case h.away.Load():
		return callboard.Actor{}, errors.New("the sessions are away")
	case err != nil:
		return callboard.Actor{}, nil //nolint:nilerr // nobody that the application knows
	case cookie.Value == "carla":
		return callboard.Actor{ID: "carla-7", Name: "Carla", Role: callboard.RoleEditor}, nil
	}
	return callboard.Actor{}, callboard.Errorf(callboard.CodeUnauthenticated, "sign in again")
}

// CanRead lets nobody read the cut that is secret.
func (h *host) CanRead(_ context.Context, _ callboard.Actor, res callboard.Resource) error {
	if res.ID == "secret" {
		return callboard.Errorf(callboard.CodeForbidden, "that cut is secret")
	}
	return nil
}

// newHost returns a host that has started.
func newHost(t *testing.T, kind string, edit func(*app.Config)) *host {
	t.Helper()
	h := mountHost(t, kind, edit)
	if err := h.board.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

func mountHost(t *testing.T, kind string, edit func(*app.Config)) *host {
	t.Helper()
	h := &host{t: t}
	cfg := app.Config{
		DataDir: t.TempDir(), DatabaseURL: sqldbtest.MigratedURL(t, kind, app.Migrations()), DatabaseConns: 8,
		PathPrefix: "/callboard", Authenticate: h.authenticate, Access: h, Logger: slog.New(slog.DiscardHandler),
	}
	if edit != nil {
		edit(&cfg)
	}
	h.cfg = cfg
	var err error
	if h.board, err = app.New(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.board.Close(); err != nil {
			t.Error(err)
		}
	})
	mux := http.NewServeMux()
	mux.Handle("/callboard/", h.board.Handler())
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the application") })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	h.url = server.URL + "/callboard"
	return h
}

// do sends a request with headers, "Name: value" each.
func (h *host) do(method, path, body string, headers ...string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

const carlasCookie = "Cookie: app_session=carla"

// The application's users write and listen with the application's cookie, from its own pages alone.
func TestMounted(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		h := newHost(t, kind, nil)
		carla := realtimetest.Options{Cookie: &http.Cookie{Name: "app_session", Value: "carla"}}
		socket := realtimetest.Dial(t, h.url+realtime.PathWebSocket, carla)
		if status, text := h.do("POST", "/api/v1/episodes", `{"title":"Pilot"}`, carlasCookie); status != 201 {
			t.Fatalf("answer %d %s", status, text)
		}
		push, err := socket.NextOf(t.Context(), "episode_created")
		if err != nil || push.Message.Actor.ID != "carla-7" || push.Message.Actor.Name != "Carla" {
			t.Errorf("heard %+v, %v", push, err)
		}
		for name, tt := range map[string]struct {
			headers []string
			status  int
		}{
			"nobody":                  {nil, 401},
			"whom it refuses":         {[]string{"Cookie: app_session=eve"}, 401},
			"a page of another site":  {[]string{carlasCookie, "Origin: https://evil.example"}, 403},
			"another site, no origin": {[]string{carlasCookie, "Sec-Fetch-Site: cross-site"}, 403},
			"a browser's Basic":       {[]string{"Authorization: Basic eDp5", "Sec-Fetch-Site: cross-site"}, 403},
			"its own page":            {[]string{carlasCookie, "Sec-Fetch-Site: same-origin"}, 201},
		} {
			if status, text := h.do("POST", "/api/v1/episodes", `{"title":"Another"}`, tt.headers...); status != tt.status {
				t.Errorf("%s: answer %d %s, want %d", name, status, text, tt.status)
			}
		}
		h.away.Store(true)
		if status, text := h.do("GET", "/api/v1/episodes", "", carlasCookie); status != 503 || strings.Contains(text, "sessions are away") {
			t.Errorf("answer %d %s, want 503 without the cause", status, text)
		}
		h.away.Store(false)
		h.channels(socket)
	})
}

// channels are those of the application's own resources, and the user's own; a client's library gets a token for them.
func (h *host) channels(socket *realtimetest.Client) {
	h.t.Helper()
	for channel, open := range map[string]bool{"cut:7": true, "cut:secret": false, "viewers:cut:7": true, "viewers:cut:secret": false} {
		if _, err := socket.Subscribe(h.t.Context(), channel, realtimetest.SubscribeOptions{}); (err == nil) != open {
			h.t.Errorf("%s: %v", channel, err)
		}
	}
	if _, own := socket.Subs["user:carla-7"]; !own {
		h.t.Errorf("subscribed to %v", socket.Subs)
	}
	_, text := h.do("GET", "/api/v1/socket/token", "", carlasCookie)
	_, token, _ := strings.Cut(text, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	other := realtimetest.Dial(h.t, h.url+realtime.PathWebSocket, realtimetest.Options{Token: token})
	if _, own := other.Subs["user:carla-7"]; !own {
		h.t.Errorf("with the token: subscribed to %v", other.Subs)
	}
	if status, _ := h.do("GET", "/api/v1/episodes", "", "Authorization: Bearer "+token); status != 401 {
		h.t.Errorf("a token for sockets calls REST: answer %d", status)
	}
}

// Stop ends everything in order, and leaves everything to the next one.
func TestStop(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		figures := prometheus.NewRegistry()
		var cfg app.Config
		h := newHost(t, kind, func(c *app.Config) {
			c.Metrics = figures
			cfg = *c
		})
		if err := h.board.Start(t.Context()); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("started twice: %v", err)
		}
		if err := h.board.Run(t.Context()); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("run when started: %v", err)
		}
		if status, text := h.do("GET", "/api/v1/episodes", "", carlasCookie); status != 200 {
			t.Errorf("after a Run that was refused: answer %d %s", status, text)
		}
		if families, err := figures.Gather(); err != nil || len(families) < 20 || !strings.HasPrefix(families[0].GetName(), "callboard_") {
			t.Errorf("%d figures, %v", len(families), err)
		}
		socket := realtimetest.Dial(t, h.url+realtime.PathWebSocket, realtimetest.Options{Cookie: &http.Cookie{Name: "app_session", Value: "carla"}})
		if err := h.board.Stop(t.Context()); err != nil {
			t.Errorf("stop: %v", err)
		}
		if code, err := socket.Wait(t.Context()); err != nil || code != realtime.CodeShutdown {
			t.Errorf("the socket ended with %d, %v", code, err)
		}
		if status, text := h.do("POST", "/api/v1/episodes", `{"title":"Late"}`, carlasCookie); status != 503 {
			t.Errorf("after the end: answer %d %s", status, text)
		}
		if err := h.board.Start(t.Context()); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("started after the end: %v", err)
		}
		next, err := app.New(t.Context(), cfg)
		if err != nil {
			t.Fatalf("after a stop: %v", err)
		}
		defer next.Close()
		cfg.DataDir, cfg.DatabaseURL = t.TempDir(), ""
		if _, err := app.New(t.Context(), cfg); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("two servers with one registry of figures: %v", err)
		}
	})
}

// A deadline that is earlier than the grace of jobs shortens that: they are interrupted in time, and wait for the next start.
func TestStopByADeadline(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		running := make(chan struct{})
		endless := job.Define(job.Definition[TranscodeArgs]{
			Settings: job.Settings{Title: "Endless", MaxAttempts: 1},
			Work: func(ctx context.Context, _ *job.Run, _ TranscodeArgs) (any, error) {
				close(running)
				<-ctx.Done()
				return nil, ctx.Err()
			},
		})
		h := newHost(t, kind, func(c *app.Config) {
			c.JobStopGrace, c.Kinds = time.Hour, func(*app.App) []job.Kind { return []job.Kind{endless} }
		})
		if status, text := h.do("GET", "/api/v1/episodes", "", carlasCookie); status != 200 { // from then on she is known
			t.Fatalf("answer %d %s", status, text)
		}
		carla := callboard.WithActor(t.Context(), callboard.Actor{ID: "carla-7", Name: "Carla", Role: callboard.RoleEditor})
		queued, err := h.board.Jobs.Queue(carla, job.Request{Kind: "transcode", Args: TranscodeArgs{CutID: "7"}})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-running:
		case <-time.After(30 * time.Second):
			t.Fatal("the job does not begin")
		}
		soon, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		if err := h.board.Stop(soon); err != nil {
			t.Errorf("stop: %v", err)
		}
		next := mountHost(t, kind, func(c *app.Config) { c.DatabaseURL, c.DataDir = h.cfg.DatabaseURL, h.cfg.DataDir })
		left, err := next.board.Jobs.Get(carla, queued.ID)
		if err != nil || left.Status != job.Pending || left.Attempt != 0 {
			t.Errorf("the job is %+v, %v", left, err)
		}
	})
}

// Reads that wait for what nobody does yet have what is there.
func TestWaitBeforeStart(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		h := mountHost(t, kind, nil)
		if status, text := h.do("POST", "/api/v1/episodes", `{"title":"Pilot"}`, carlasCookie); status != 201 {
			t.Fatalf("answer %d %s", status, text)
		}
		for _, path := range []string{"activity/feed", "activity/user/carla-7", "notifications", "notifications/unread-count"} {
			if status, text := h.do("GET", "/api/v1/"+path+"?wait=true", "", carlasCookie); status != 200 || strings.Contains(text, "Pilot") {
				t.Errorf("%s: answer %d %s", path, status, text)
			}
		}
	})
}

// usersFunc is an application's Users that is a function.
type usersFunc func(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error)

func (f usersFunc) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	return f(ctx, ids)
}

// A nil pointer in an interface is no nil there, and would be called: it is refused by the name of its field.
func TestNilInConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field string
		cfg   app.Config
	}{
		{"Users", app.Config{Users: (*staff)(nil)}},
		{"Users", app.Config{Users: usersFunc(nil)}},
		{"Access", app.Config{Access: (*host)(nil)}},
		{"Metrics", app.Config{Metrics: (*prometheus.Registry)(nil)}},
	} {
		tt.cfg.DataDir = t.TempDir()
		a, err := app.New(t.Context(), tt.cfg)
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), tt.field+": holds a nil ") {
			t.Errorf("%s: %v", tt.field, err)
		}
		if err == nil {
			_ = a.Close()
		}
	}
}

// The zero Config is what serve has without settings.
func TestZeroConfig(t *testing.T) {
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if !strings.HasPrefix(name, "GO") && name != "PATH" && name != "HOME" && name != "TMPDIR" {
			t.Setenv(name, "") // which counts as not set
		}
	}
	served, err := app.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	zero, err := app.Defaults(app.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fmt.Sprintf("%+v", served), fmt.Sprintf("%+v", zero)); diff != "" || zero.DataDir != "./data" || zero.PresenceTTL == 0 {
		t.Errorf("serve (-) and the zero Config (+):\n%s", diff)
	}
	changed, err := app.Defaults(app.Config{DisablePresence: true, MaxUploadMB: 7, MaxConnectionsPerAddress: -1})
	if err != nil || !changed.DisablePresence || changed.MaxUploadMB != 7 || changed.MaxConnectionsPerAddress != -1 || changed.DisableActivity {
		t.Errorf("%+v, %v", changed, err)
	}
}

// On PostgreSQL nothing needs a folder, and none is made.
func TestNoFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	h := newHost(t, sqldbtest.Postgres, func(c *app.Config) { c.DataDir = "" })
	if status, text := h.do("POST", "/api/v1/episodes", `{"title":"Pilot"}`, carlasCookie); status != 201 {
		t.Errorf("answer %d %s", status, text)
	}
	form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n"
	if status, text := h.do("POST", "/api/v1/files", form, carlasCookie, "Content-Type: multipart/form-data; boundary=x"); status != 503 ||
		!strings.Contains(text, "files are switched off") {
		t.Errorf("a file: answer %d %s", status, text)
	}
	if status, text := h.do("GET", "/readyz", ""); status != 200 || !strings.Contains(text, `"storage":{"status":"off"`) {
		t.Errorf("ready: answer %d %s", status, text)
	}
	if err := h.board.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A prefix that cannot work is refused, by the name of its setting.
func TestWrongPrefix(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"callboard", "/callboard/", "/", "//x", "/a/../b", "/a b", "/ä", `/a"b`, "/api", "/connection", "/docs"} {
		a, err := app.New(t.Context(), app.Config{DataDir: t.TempDir(), PathPrefix: prefix})
		if err == nil || !strings.Contains(err.Error(), "PATH_PREFIX") {
			t.Errorf("%s: %v", prefix, err)
		}
		if err == nil {
			_ = a.Close()
		}
	}
}

// What is mounted below a path that Callboard was not told of, or has a setting that is for Run, is told so in the log.
func TestMountedWrongly(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	h := newHost(t, sqldbtest.SQLite, func(c *app.Config) {
		c.PathPrefix, c.SocketPort, c.Logger = "", 8090, slog.New(slog.NewTextHandler(file, nil))
	})
	handler := h.board.Handler()
	for range 2 {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/callboard/api/v1/shows", nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("answer %d", answer.Code)
		}
	}
	log, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	said := string(log)
	if strings.Count(said, "PATH_PREFIX") != 1 || !strings.Contains(said, "prefix=/callboard") || !strings.Contains(said, "SOCKET_PORT") {
		t.Errorf("the log says:\n%s", said)
	}
}
