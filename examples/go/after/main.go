// The cut room of a small studio: editors hand in cuts of episodes, and a director approves them. It is an application as there
// are many, on net/http and database/sql, with tables of its own, and it is here twice: the folder before has it as it was, and
// the folder after has it with Callboard built in. In either of them:
//
//	go run .                                # on SQLite, in cutroom.db
//	DATABASE_URL=postgres://… go run .
//	curl -b session=ben -d '[{"episode": "S01E03", "title": "Rough cut"}]' http://127.0.0.1:8000/cuts
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// schema is what both databases understand. The users come with a session each, so that there is something to try.
const schema = `
CREATE TABLE IF NOT EXISTS users (
	id      TEXT PRIMARY KEY,
	name    TEXT NOT NULL,
	role    TEXT NOT NULL, -- director or editor
	session TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS cuts (
	id          TEXT PRIMARY KEY,
	episode     TEXT NOT NULL,
	title       TEXT NOT NULL,
	status      TEXT NOT NULL DEFAULT 'review', -- or approved
	created_by  TEXT NOT NULL REFERENCES users,
	approved_by TEXT REFERENCES users,
	UNIQUE (episode, title)
);
INSERT INTO users (id, name, role, session)
	VALUES ('1', 'Ada', 'director', 'ada'), ('2', 'Ben', 'editor', 'ben'), ('42', 'Vera', 'editor', 'vera')
	ON CONFLICT DO NOTHING;`

// What follows from each event: an entry in the log, a message to all, and a notification of those who had a hand in the cut.
var (
	cutCreated  = define("created", "handed in")
	cutUpdated  = define("updated", "changed")
	cutApproved = define("approved", "approved")
	cutDeleted  = define("deleted", "deleted")
)

func define(verb, said string) callboard.EventDef[cut] {
	return callboard.Define[cut](callboard.EventType{Name: "cut_" + verb, Action: verb + "_cut", Watch: true, Summary: "A cut was " + said,
		Channels: []string{"broadcast"}, Notify: []string{"{watchers}"}, Message: "{actor} " + said + " {resource}"})
}

type user struct{ ID, Name, Role string }

type cut struct {
	ID         string  `json:"id"`
	Episode    string  `json:"episode"`
	Title      string  `json:"title"`
	Status     string  `json:"status"`
	CreatedBy  string  `json:"created_by"`
	ApprovedBy *string `json:"approved_by"`
}

func (c cut) resource() callboard.Resource {
	return callboard.Resource{Type: "cut", ID: c.ID, Name: c.Title}
}

const columns = `id, episode, title, status, created_by, approved_by`

// failure is an error that the client is told.
type failure struct {
	status  int
	message string
}

func (f failure) Error() string { return f.message }

type server struct {
	db  *sql.DB
	log *slog.Logger
	*app.App
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Getenv("DATABASE_URL"), cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8000"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "cutroom:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, databaseURL, addr string) error {
	s := &server{log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	var err error
	if s.db, err = open(ctx, databaseURL); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer s.db.Close()
	s.App, err = app.New(ctx, app.Config{
		DatabaseURL: cmp.Or(databaseURL, "cutroom.db"), DatabaseShared: true, PathPrefix: "/callboard", Authenticate: s.actor, Logger: s.log,
		Events: []callboard.EventType{cutCreated.EventType, cutUpdated.EventType, cutApproved.EventType, cutDeleted.EventType},
	})
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("The cut room is at http://" + listener.Addr().String())
	web := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(s.Stop(patience), web.Shutdown(patience)); err != nil {
			s.log.Warn("requests were cut off", "error", err)
		}
	}()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-stopped
	return nil
}

// open opens the database and makes the tables that are missing.
func open(ctx context.Context, url string) (*sql.DB, error) {
	driver := "pgx"
	if !strings.HasPrefix(url, "postgres") {
		driver, url = "sqlite", "file:cutroom.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_txlock=immediate"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /cuts", s.signedIn(s.create))
	mux.Handle("GET /cuts/{id}", s.signedIn(s.get))
	mux.Handle("PATCH /cuts/{id}", s.signedIn(s.update))
	mux.Handle("POST /cuts/{id}/approve", s.signedIn(s.approve))
	mux.Handle("DELETE /cuts/{id}", s.signedIn(s.remove))
	mux.Handle("/callboard/", s.Handler())
	return mux
}

// signedIn serves those who are signed in, and answers what fails.
func (s *server) signedIn(serve func(http.ResponseWriter, *http.Request, user) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := s.userOf(r)
		if err == nil && who.ID == "" {
			err = failure{http.StatusUnauthorized, "sign in first"}
		}
		if err == nil {
			err = serve(w, r.WithContext(callboard.WithActor(r.Context(), callboard.Actor{ID: who.ID, Name: who.Name})), who)
		}
		if err == nil {
			return
		}
		told, ok := errors.AsType[failure](err)
		if !ok {
			s.log.Error("request failed", "path", r.URL.Path, "error", err)
			told = failure{http.StatusInternalServerError, "something went wrong"}
		}
		_ = answer(w, told.status, map[string]string{"error": told.message}) // the client is gone
	})
}

// userOf returns whose session a request comes with; the zero user is nobody.
func (s *server) userOf(r *http.Request) (who user, err error) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return user{}, nil // there is none
	}
	err = s.db.QueryRowContext(r.Context(), `SELECT id, name, role FROM users WHERE session = $1`, cookie.Value).
		Scan(&who.ID, &who.Name, &who.Role)
	if errors.Is(err, sql.ErrNoRows) {
		return user{}, nil
	}
	return who, err
}

func (s *server) actor(r *http.Request) (callboard.Actor, error) {
	who, err := s.userOf(r)
	return callboard.Actor{ID: who.ID, Name: who.Name}, err
}

// create takes the cuts of a day: all of them, or none.
func (s *server) create(w http.ResponseWriter, r *http.Request, who user) error {
	var in []struct{ Episode, Title string }
	if err := decode(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	cuts := make([]cut, len(in))
	for i := range in {
		cuts[i], err = scan(tx.QueryRowContext(ctx, `INSERT INTO cuts (id, episode, title, created_by) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING RETURNING `+columns, rand.Text(), in[i].Episode, in[i].Title, who.ID))
		if errors.Is(err, sql.ErrNoRows) {
			return failure{http.StatusConflict, "there is such a cut already"}
		}
		if err == nil {
			err = s.Outbox.Append(ctx, tx, cutCreated.New(ctx, cuts[i].resource(), cuts[i]))
		}
		if err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return answer(w, http.StatusCreated, cuts)
}

func (s *server) get(w http.ResponseWriter, r *http.Request, who user) error {
	c, err := scan(s.db.QueryRowContext(r.Context(), `SELECT `+columns+` FROM cuts WHERE id = $1`, r.PathValue("id")))
	if err != nil {
		return missing(err)
	}
	err = s.Presence.Track(r.Context(), c.resource(), callboard.ActorFrom(r.Context()).Ref())
	viewers, _, unseen := s.Presence.Viewers(r.Context(), c.resource())
	if err := errors.Join(err, unseen); err != nil {
		s.log.Warn("who looks at it is not known", "error", err)
	}
	return answer(w, http.StatusOK, map[string]any{"cut": c, "viewers": viewers})
}

func (s *server) update(w http.ResponseWriter, r *http.Request, who user) error {
	var in struct{ Title string }
	if err := decode(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	c, err := scan(tx.QueryRowContext(ctx, `UPDATE cuts SET title = $2 WHERE id = $1 RETURNING `+columns, r.PathValue("id"), in.Title))
	if err != nil {
		return missing(err)
	}
	if err := s.Outbox.Append(ctx, tx, cutUpdated.New(ctx, c.resource(), c)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return answer(w, http.StatusOK, c)
}

func (s *server) approve(w http.ResponseWriter, r *http.Request, who user) error {
	if who.Role != "director" {
		return failure{http.StatusForbidden, "only a director approves"}
	}
	ctx := r.Context()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	c, err := scan(tx.QueryRowContext(ctx, `UPDATE cuts SET status = 'approved', approved_by = $2
		WHERE id = $1 RETURNING `+columns, r.PathValue("id"), who.ID))
	if err != nil {
		return missing(err)
	}
	if err := s.Outbox.Append(ctx, tx, cutApproved.New(ctx, c.resource(), c)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return answer(w, http.StatusOK, c)
}

func (s *server) remove(w http.ResponseWriter, r *http.Request, who user) error {
	ctx := r.Context()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	c, err := scan(tx.QueryRowContext(ctx, `DELETE FROM cuts WHERE id = $1 RETURNING `+columns, r.PathValue("id")))
	if err != nil {
		return missing(err)
	}
	if err := s.Outbox.Append(ctx, tx, cutDeleted.New(ctx, c.resource(), c)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return answer(w, http.StatusOK, c)
}

func scan(row *sql.Row) (c cut, err error) {
	err = row.Scan(&c.ID, &c.Episode, &c.Title, &c.Status, &c.CreatedBy, &c.ApprovedBy)
	return c, err
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return failure{http.StatusNotFound, "no such cut"}
	}
	return err
}

const maxBody = 64 << 10 // bytes

func decode(w http.ResponseWriter, r *http.Request, v any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(v); err != nil {
		return failure{http.StatusBadRequest, "the body must be JSON of at most 64 KB"}
	}
	return nil
}

func answer(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}
