// Package apptest starts the whole product for tests: inside the test's own process (Start), where its parts are at hand,
// or as the binary that people run (NewBinary), which can be killed. Both come with a fresh database and a user of each
// role, and are talked to over HTTP and sockets like everybody does.
package apptest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// patience bounds every wait of this package: for a start, a stop, an answer, a condition. It is far beyond what any of
// them takes, so that a busy machine fails no test.
const patience = 2 * time.Minute

// databaseConns keeps many servers at once below PostgreSQL's default of 100 connections.
const databaseConns = 8

// Options say what to start. The zero value is a server with default settings on SQLite.
type Options struct {
	Kind   string            // of the database: sqldbtest.SQLite or sqldbtest.Postgres
	Config func(*app.Config) // changes the settings; may be nil
	Users  *Users            // those of the database that Config names, which has them; nil: new ones are made
}

// Server is a server in the process of the test.
type Server struct {
	Site
	App    *app.App
	DB     *sqldb.DB  // the server's own
	Config app.Config // as it was started
	Log    *Log
	stop   func()
}

// Start starts a server with users of each role, and returns when it answers. It is stopped when the test ends, which
// fails when it does not stop by itself and without an error.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	cfg, log := newConfig(t, o)
	ready := make(chan string, 1)
	cfg.Ready = func(url string) { ready <- url }
	a, err := app.New(t.Context(), cfg)
	if err != nil {
		t.Fatalf("build the server: %v", err)
	}
	s := &Server{App: a, DB: a.DB, Config: cfg, Log: log}
	if o.Users == nil {
		o.Users = new(newUsers(t, a.Accounts))
	}
	s.init(t, *o.Users)
	done := s.run(t)
	select {
	case url := <-ready:
		s.url.Store(&url)
	case err := <-done:
		t.Fatalf("the server ended at its start: %v", err)
	case <-time.After(patience):
		t.Fatal("the server does not get ready")
	}
	return s
}

// ForEach starts the server of o on each kind of database, for a parallel subtest of that name.
func ForEach(t *testing.T, o Options, test func(t *testing.T, s *Server)) {
	t.Helper()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		o := o
		o.Kind = kind
		test(t, Start(t, o))
	})
}

// run runs the server until the test ends or Stop is called.
func (s *Server) run(t testing.TB) <-chan error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.App.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		s.http.CloseIdleConnections()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Error("the server does not stop")
		}
	})
	t.Cleanup(s.stop)
	return done
}

// Stop stops the server as the end of its context does, and returns when it has stopped.
func (s *Server) Stop() { s.stop() }

// newConfig returns the settings for a fresh server, which listens on a free port.
func newConfig(t testing.TB, o Options) (app.Config, *Log) {
	t.Helper()
	if o.Kind == "" {
		o.Kind = sqldbtest.SQLite
	}
	cfg, err := app.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	log := newLog(t)
	cfg.DataDir, cfg.HTTPAddr = t.TempDir(), "127.0.0.1:0"
	cfg.DatabaseURL = sqldbtest.MigratedURL(t, o.Kind, app.Migrations())
	cfg.DatabaseConns = databaseConns
	cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	if o.Config != nil {
		o.Config(&cfg)
	}
	return cfg, log
}
