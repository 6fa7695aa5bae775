package systemtest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

type cutData struct {
	Title string `json:"title"`
}

// cutApproved is the event of an application.
func cutApproved() callboard.EventDef[cutData] {
	return callboard.Define[cutData](callboard.EventType{
		Name: "cut_approved", Action: "approved_cut", Channels: []string{callboard.BroadcastChannel, "{resource}"},
		Notify: []string{"{watchers}"}, Message: "{actor} approved {data.title}", Watch: true, Summary: "A cut was approved.",
	})
}

func theCut() callboard.Resource { return callboard.Resource{Type: "cut", ID: "42", Name: "Cut 42"} }

// embedding is what the process of an application is told, as JSON in the environment.
type embedding struct {
	Database, Dir, Driver string
	Editor, Watcher       string // IDs of users
}

const embeddingVariable = "CALLBOARD_TEST_EMBEDDING"

// TestApplicationKilled has an application with Callboard in it write in transactions of its own, one that it rolls back and one
// that it commits, and end at once, before anything has followed. All of what it committed follows in the next process, once.
func TestApplicationKilled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED: a process of its own takes its time, and the race detector does not see into it")
	}
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		drivers := map[string][]string{sqldbtest.SQLite: {"sqlite"}, sqldbtest.Postgres: {"pgx", "pgx itself"}}
		for _, driver := range drivers[kind] {
			t.Run(driver, func(t *testing.T) {
				t.Parallel()
				killAfterCommit(t, kind, driver)
			})
		}
	})
}

func killAfterCommit(t *testing.T, kind, driver string) {
	options := apptest.Options{Kind: kind, Config: func(cfg *app.Config) { cfg.Events = []callboard.EventType{cutApproved().EventType} }}
	s := apptest.Start(t, options)
	if err := s.App.Notifications.Watch(t.Context(), s.Users.Viewer.ID, theCut()); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	s.Stop()
	told, err := json.Marshal(embedding{s.Config.DatabaseURL, s.Config.DataDir, driver, s.Users.Editor.ID, s.Users.Viewer.ID})
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), embeddingVariable+"="+string(told))
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	err = child.Run()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the application was to be killed: %v\n%s", err, &out)
	}
	a, err := app.New(t.Context(), s.Config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- a.Run(ctx) }()
	if err := a.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	verifyEmbedded(t, a, s.Users)
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// verifyEmbedded looks for what follows from the one transaction that was committed.
func verifyEmbedded(t *testing.T, a *app.App, users apptest.Users) {
	t.Helper()
	ctx := callboard.WithActor(t.Context(), callboard.System("test"))
	entries, err := a.Activity.ByResource(ctx, theCut(), callboard.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries.Items {
		got = append(got, e.Action)
	}
	inbox, err := a.Notifications.List(ctx, users.Viewer.ID, notification.Filter{}, callboard.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range inbox.Items {
		got = append(got, fmt.Sprintf("%s (%d)", n.Message, n.Count))
	}
	watching, err := a.Notifications.Watching(ctx, users.Editor.ID, theCut())
	if err != nil || !watching {
		t.Errorf("who approved the cut watches it: %v, %v", watching, err)
	}
	feed, err := a.Outbox.Events(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range feed.Events[max(0, len(feed.Events)-4):] {
		got = append(got, e.Name)
	}
	want := "reviewed_cut approved_cut Note well (1) Editor approved Third cut (1) cut_approved activity_logged notification_created curtain_up"
	if text := strings.Join(got, " "); text != want {
		t.Errorf("what follows:\n%s\nwant\n%s", text, want)
	}
	if cuts := sqldbtest.Column[string](t, a.DB, `SELECT title FROM cuts`); len(cuts) != 1 || cuts[0] != "Third cut" {
		t.Errorf("the application's table has %v", cuts)
	}
}

// runEmbedding is the process of an application. It does not return.
func runEmbedding(told string) int {
	ctx := context.Background()
	if err := embed(ctx, told); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

func embed(ctx context.Context, told string) error {
	var e embedding
	if err := json.Unmarshal([]byte(told), &e); err != nil {
		return err
	}
	cfg, err := app.FromEnv()
	if err != nil {
		return err
	}
	ready := make(chan string, 1)
	cfg.DataDir, cfg.DatabaseURL, cfg.HTTPAddr = e.Dir, e.Database, "127.0.0.1:0"
	cfg.Events, cfg.Ready = []callboard.EventType{cutApproved().EventType}, func(url string) { ready <- url }
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	select {
	case <-ready:
	case err := <-ended:
		return err
	}
	begin, err := e.open(ctx, a)
	if err != nil {
		return err
	}
	ctx = callboard.WithActor(ctx, callboard.Actor{ID: e.Editor, Name: "Editor", Role: callboard.RoleAdmin})
	for _, title := range []string{"Second cut", "Third cut"} {
		tx, end, err := begin(ctx)
		if err != nil {
			return err
		}
		if err := e.approve(ctx, a, tx, title); err != nil {
			return errors.Join(err, end(false))
		}
		if err := end(title == "Third cut"); err != nil {
			return err
		}
	}
	return syscall.Kill(os.Getpid(), syscall.SIGKILL)
}

// approve is the transaction of the application, with all that it can have of Callboard.
func (e *embedding) approve(ctx context.Context, a *app.App, tx outbox.Tx, title string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO cuts (title) VALUES ($1)`, title); err != nil {
		return err
	}
	if err := a.Outbox.Append(ctx, tx, cutApproved().New(ctx, theCut(), cutData{Title: title})); err != nil {
		return err
	}
	if _, err := a.Activity.LogTx(ctx, tx, activity.Input{Action: "reviewed_cut", Resource: theCut()}); err != nil {
		return err
	}
	note := notification.Input{To: []string{e.Watcher}, Type: "note", Message: "Note well"}
	if _, err := a.Notifications.CreateTx(ctx, tx, note); err != nil {
		return err
	}
	if _, err := a.Realtime.BroadcastTx(ctx, tx, realtime.SendRequest{Event: "gone", Ephemeral: true}); callboard.CodeOf(err) != callboard.CodeInvalid {
		return fmt.Errorf("an ephemeral message in a transaction of the application: %w", err)
	}
	_, err := a.Realtime.BroadcastTx(ctx, tx, realtime.SendRequest{Event: "curtain_up"})
	return err
}

type beginFunc func(ctx context.Context) (tx outbox.Tx, end func(commit bool) error, err error)

// open opens the database as the application does, and makes its table.
func (e *embedding) open(ctx context.Context, a *app.App) (beginFunc, error) {
	const table = `CREATE TABLE cuts (title TEXT NOT NULL)`
	if e.Driver == "pgx itself" {
		conn, err := pgx.Connect(ctx, e.Database)
		if err != nil {
			return nil, err
		}
		_, err = conn.Exec(ctx, table)
		return func(ctx context.Context) (outbox.Tx, func(bool) error, error) {
			tx, err := conn.Begin(ctx)
			return sqldb.Pgx(tx), func(commit bool) error {
				if commit {
					return tx.Commit(ctx)
				}
				return tx.Rollback(ctx)
			}, err
		}, err
	}
	source := e.Database
	if e.Driver == "sqlite" {
		source = "file:" + a.DB.Path() + "?_pragma=busy_timeout(10000)&_txlock=immediate"
	}
	pool, err := sql.Open(e.Driver, source)
	if err != nil {
		return nil, err
	}
	_, err = pool.ExecContext(ctx, table)
	return func(ctx context.Context) (outbox.Tx, func(bool) error, error) {
		tx, err := pool.BeginTx(ctx, nil)
		return tx, func(commit bool) error {
			if commit {
				return tx.Commit()
			}
			return tx.Rollback()
		}, err
	}, err
}
