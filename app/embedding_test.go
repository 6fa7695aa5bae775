package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// TestEmbeddingGuide holds docs/embedding.md to what is compiled and run here: all code of the guide stands in this file.
func TestEmbeddingGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("embedding_test.go")
	if err != nil {
		t.Fatal(err)
	}
	flat := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 8 {
		t.Errorf("%d blocks of code: the test looks at too little", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(flat(string(source)), flat(block[1])) {
			t.Errorf("not in this file:\n%s", block[1])
		}
	}
}

// The application of the guide: it has cuts, and users of its own.

type site struct {
	db    *sql.DB
	board *app.App
}

func newSite(ctx context.Context, db *sql.DB, databaseURL, dataDir string) (*site, error) {
	s := &site{db: db}
	board, err := app.New(ctx, app.Config{
		DatabaseURL:    databaseURL, // the application's own: Callboard's tables have names of their own there
		DatabaseShared: true,
		DataDir:        dataDir,
		PathPrefix:     "/callboard",

		Authenticate: s.whoCalls,
		Users:        staff{db},
		Access:       s,
		Events:       []callboard.EventType{CutApproved.EventType},
		Kinds:        func(*app.App) []job.Kind { return []job.Kind{transcoding()} },
	})
	if err != nil {
		return nil, err
	}
	s.board = board
	return s, nil
}

func (s *site) serve(ctx context.Context, listener net.Listener) error {
	if err := s.board.Start(ctx); err != nil {
		return err
	}
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		_ = s.board.Stop(patience) // first, since the server waits for streams of events
		_ = server.Shutdown(patience)
	}()
	return server.Serve(listener)
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/callboard/", s.board.Handler())
	mux.HandleFunc("POST /cuts/{id}/approve", s.approve)
	mux.HandleFunc("POST /cuts/{id}/watch", s.watch)
	mux.HandleFunc("GET /cuts/{id}", s.show)
	return mux
}

func (s *site) whoCalls(r *http.Request) (callboard.Actor, error) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return callboard.Actor{}, nil // nobody of ours: Callboard looks for a token of its own
	}
	actor := callboard.Actor{Role: callboard.RoleEditor}
	err = s.db.QueryRowContext(r.Context(), `SELECT id, name FROM users WHERE session = $1`, cookie.Value).Scan(&actor.ID, &actor.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return callboard.Actor{}, callboard.Errorf(callboard.CodeUnauthenticated, "sign in again")
	}
	return actor, err // any other error is answered with 503: try again
}

type staff struct{ db *sql.DB }

func (s staff) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		n, ok := key(id)
		if !ok {
			continue // nobody of ours
		}
		user := callboard.UserInfo{Role: callboard.RoleEditor}
		err := s.db.QueryRowContext(ctx, `SELECT name FROM users WHERE id = $1`, n).Scan(&user.Name)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		known[id] = user
	}
	return known, nil
}

// key returns the integer key that id is. Callboard compares IDs as they are written: "07" is nobody, and not user 7.
func key(id string) (n int64, ok bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == id
}

func (s *site) CanRead(ctx context.Context, actor callboard.Actor, res callboard.Resource) error {
	n, ok := key(res.ID)
	if res.Type != "cut" || !ok { // any type and any ID may come
		return callboard.NotFound("resource")
	}
	err := s.db.QueryRowContext(ctx, `SELECT id FROM cuts WHERE id = $1`, n).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return callboard.NotFound("cut")
	}
	return err
}

// Approval is the payload of CutApproved.
type Approval struct {
	Note string `json:"note" doc:"What was said about it."`
}

// CutApproved happens when a director approves a cut.
var CutApproved = callboard.Define[Approval](callboard.EventType{
	Name:     "cut_approved",
	Summary:  "A cut was approved.",
	Action:   "approved_cut",                      // an entry in the activity log
	Channels: []string{"broadcast", "{resource}"}, // live, to all and to cut:<id>
	Notify:   []string{"{watchers}"},              // in the inbox of whoever watches the cut
	Message:  "{actor} approved {resource}: {data.note}",
})

func (s *site) approve(w http.ResponseWriter, r *http.Request) {
	actor, err := s.whoCalls(r)
	if err != nil || actor.IsZero() {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	ctx := callboard.WithActor(r.Context(), actor) // whose act it is
	tx, err := s.db.BeginTx(ctx, nil)
	if err == nil {
		defer func() { _ = tx.Rollback() }()
		_, err = tx.ExecContext(ctx, `UPDATE cuts SET status = 'approved' WHERE id = $1`, r.PathValue("id"))
	}
	if err == nil {
		cut := callboard.Resource{Type: "cut", ID: r.PathValue("id"), Name: "Rough cut"}
		err = s.board.Outbox.Append(ctx, tx, CutApproved.New(ctx, cut, Approval{Note: "The pause works."}))
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		http.Error(w, "it was not approved", http.StatusInternalServerError)
	}
}

func (s *site) watch(w http.ResponseWriter, r *http.Request) {
	actor, err := s.whoCalls(r)
	if err != nil || actor.IsZero() {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	cut := callboard.Resource{Type: "cut", ID: r.PathValue("id")}
	if err := s.board.Notifications.Watch(r.Context(), actor.ID, cut); err != nil {
		http.Error(w, "try again", http.StatusInternalServerError)
	}
}

func (s *site) show(w http.ResponseWriter, r *http.Request) {
	ctx, cut := r.Context(), callboard.Resource{Type: "cut", ID: r.PathValue("id")}
	if actor, err := s.whoCalls(r); err == nil && !actor.IsZero() {
		_ = s.board.Presence.Track(ctx, cut, actor.Ref()) // who looks at it now, until PresenceTTL without another look
	}
	viewers, _, err := s.board.Presence.Viewers(ctx, cut)
	if err != nil {
		viewers = nil // the page is there without them
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"id": cut.ID, "viewers": viewers})
}

// TranscodeArgs are the arguments of the job.
type TranscodeArgs struct {
	CutID string `json:"cut_id"`
}

// Kind implements job.Args.
func (TranscodeArgs) Kind() string { return "transcode" }

func transcoding() job.Kind {
	return job.Define(job.Definition[TranscodeArgs]{
		Settings: job.Settings{Title: "Transcoding", Concurrency: 2, MaxAttempts: 3},
		Work: func(ctx context.Context, run *job.Run, args TranscodeArgs) (any, error) {
			run.Progress(50, "half of "+args.CutID)
			return map[string]int{"seconds": 90}, ctx.Err()
		},
	})
}

// The application of the guide, on its own database: an act of Ada's is heard by Ben, and in his inbox and the log.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		url := sqldbtest.URL(t, kind)
		driver, dsn := "pgx", url
		if kind == sqldbtest.SQLite {
			driver, dsn = "sqlite", "file:"+strings.TrimPrefix(url, "sqlite://")+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate"
		}
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		checkSite(t, db, url)
	})
}

// post sends a request with a session of the application's.
func post(t *testing.T, url, session string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "session", Value: session})
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: answer %s", url, answer.Status)
	}
}

func checkSite(t *testing.T, db *sql.DB, url string) {
	t.Helper()
	for _, statement := range []string{
		`CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, session TEXT)`, `CREATE TABLE cuts (id INTEGER PRIMARY KEY, status TEXT)`,
		`INSERT INTO users VALUES (42, 'Ada', 'ada''s'), (43, 'Ben', 'ben''s')`, `INSERT INTO cuts VALUES (7, 'review')`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	s, err := newSite(t.Context(), db, url, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.serve(serving, listener) }()
	defer func() {
		stop()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	}()
	url = "http://" + listener.Addr().String()
	ctx := callboard.WithActor(t.Context(), callboard.Actor{ID: "43", Name: "Ben", Role: callboard.RoleEditor})
	post(t, url+"/cuts/7/watch", "ben's")
	socket := realtimetest.Dial(t, url+"/callboard"+realtime.PathWebSocket,
		realtimetest.Options{Cookie: &http.Cookie{Name: "session", Value: "ben's"}})

	post(t, url+"/cuts/7/approve", "ada's")
	push, err := socket.NextOf(t.Context(), "cut_approved")
	if err != nil || push.Message.Actor.Name != "Ada" {
		t.Fatalf("heard %+v, %v", push, err)
	}
	if err := s.board.Outbox.Await(ctx, activity.ConsumerName); err != nil { // in a test: what follows has followed
		t.Fatal(err)
	}
	log, err := s.board.Activity.ByResource(ctx, callboard.Resource{Type: "cut", ID: "7"}, callboard.Page{})
	if err != nil || len(log.Items) != 1 || log.Items[0].Action != "approved_cut" {
		t.Errorf("log %+v, %v", log, err)
	}
	if err := s.board.Outbox.Await(ctx, notification.ConsumerInbox); err != nil {
		t.Fatal(err)
	}
	inbox, err := s.board.Notifications.List(ctx, "43", notification.Filter{}, callboard.Page{})
	if err != nil || len(inbox.Items) != 1 || inbox.Items[0].Message != "Ada approved Rough cut: The pause works." {
		t.Errorf("inbox %+v, %v", inbox, err)
	}
	// Whoever else may be asked for, of types that the application's keys are not, is nobody of the application's.
	strangers, err := staff{s.db}.Resolve(ctx, []string{"43", "043", "auth0|43", callboard.NewID()})
	if err != nil || len(strangers) != 1 {
		t.Errorf("known are %v, %v", strangers, err)
	}
	for _, id := range []string{"8", "07", "none"} {
		if err := s.CanRead(ctx, callboard.Actor{}, callboard.Resource{Type: "cut", ID: id}); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("cut %s: %v", id, err)
		}
	}
}
