package httpapi_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callboard"
	"callboard/internal/httpapi"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// caller is who calls, as it is now.
type caller struct {
	actor callboard.Actor
	err   error
}

// Answers and bodies that take long are broken off once their caller may not have them any more, and not before.
func TestLastingRequestsLoseTheirRights(t *testing.T) {
	t.Parallel()
	admin := actors()["admin"]
	demoted := admin
	demoted.Role = callboard.RoleEditor
	for name, tt := range map[string]struct {
		first, then caller
		broken      bool
	}{
		"disabled":      {caller{actor: admin}, caller{err: callboard.Errorf(callboard.CodeUnauthenticated, "no longer")}, true},
		"demoted":       {caller{actor: admin}, caller{actor: demoted}, true},
		"promoted":      {caller{actor: demoted}, caller{actor: admin}, false},
		"not known now": {caller{actor: admin}, caller{err: errors.New("the database is away")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Pointer[caller]
			var asked atomic.Int64
			now.Store(&tt.first)
			a := httpapi.New(httpapi.Config{RecheckEvery: 5 * time.Millisecond, Authenticate: func(*http.Request) (callboard.Actor, error) {
				asked.Add(1)
				c := now.Load()
				return c.actor, c.err
			}})
			ended, finish, began := make(chan error, 1), make(chan struct{}), make(chan struct{}, 1)
			a.Raw(httpapi.Route{ID: "download", Method: "GET", Path: "/download", Access: httpapi.SignedIn, Lasting: true},
				http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					began <- struct{}{}
					ended <- writeUntil(w, finish)
				}))
			a.Raw(httpapi.Route{ID: "upload", Method: "POST", Path: "/upload", Access: httpapi.SignedIn, Lasting: true},
				http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					began <- struct{}{}
					_, err := io.Copy(io.Discard, r.Body)
					ended <- err
				}))
			url := newServer(t, a.Handler())
			verify := func(what string) {
				t.Helper()
				select {
				case err := <-ended:
					if (err != nil) != tt.broken {
						t.Errorf("%s ended with %v", what, err)
					}
				case <-time.After(30 * time.Second):
					t.Errorf("%s does not end", what)
				}
			}
			change := func() {
				<-began
				now.Store(&tt.then)
				deadline := time.Now().Add(30 * time.Second)
				for before := asked.Load(); !tt.broken && asked.Load() < before+3; {
					if <-time.After(time.Millisecond); time.Now().After(deadline) {
						t.Fatal("the rights are not looked at again")
					}
				}
			}

			answer, err := http.Get(url + "/download")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			change()
			if !tt.broken {
				close(finish)
			}
			_, err = io.Copy(io.Discard, answer.Body)
			if verify("the download"); (err != nil) != tt.broken {
				t.Errorf("the client sees %v", err)
			}

			now.Store(&tt.first)
			body, send := io.Pipe()
			go func() {
				answer, err := http.Post(url+"/upload", "application/octet-stream", body)
				if err == nil {
					_ = answer.Body.Close()
				}
			}()
			if _, err := io.WriteString(send, "begin"); err != nil {
				t.Fatal(err)
			}
			change()
			if !tt.broken {
				now.Store(&tt.first) // at the end of a body the rights must be known
				_ = send.Close()
			}
			verify("the upload")
			_ = send.Close()
		})
	}
}

// writeUntil writes without end, until finish is closed or nothing can be written.
func writeUntil(w http.ResponseWriter, finish chan struct{}) error {
	for {
		select {
		case <-finish:
			return nil
		default:
		}
		if _, err := io.WriteString(w, strings.Repeat("x", 1<<10)); err != nil {
			return err
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			return err
		}
	}
}

// What was answered to an admin is not repeated for the same user without that role.
func TestReplayNeedsTheSameRights(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		actor := actors()["admin"]
		a := httpapi.New(httpapi.Config{DB: db, Authenticate: func(*http.Request) (callboard.Actor, error) { return actor, nil }})
		httpapi.Register(a, httpapi.Route{ID: "add", Method: "POST", Path: "/api/v1/rows", Access: httpapi.SignedIn, Status: 201}, c.add)
		repeat := func() (int, string) {
			w := keyed("key", "/api/v1/rows", "admin", `{"text":"x"}`).do(t, a.Handler())
			return w.Code, w.Header().Get("Idempotency-Replayed")
		}
		for _, want := range []string{"", "true"} {
			if status, replayed := repeat(); status != 201 || replayed != want {
				t.Errorf("as an admin: %d, replayed %q", status, replayed)
			}
		}
		actor.Role = callboard.RoleViewer
		if status, replayed := repeat(); status != 422 || replayed != "" {
			t.Errorf("as one who is no admin any more: %d, replayed %q", status, replayed)
		}
		if n := c.count(t, "counted"); n != 1 {
			t.Errorf("carried out %d times", n)
		}
	}, httpapi.Migrations())
}

// What was answered to an application is neither repeated to another one of the same user, nor to the user.
func TestReplayIsForWhoActed(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		actor := actors()["admin"]
		a := httpapi.New(httpapi.Config{DB: db, Authenticate: func(*http.Request) (callboard.Actor, error) { return actor, nil }})
		httpapi.Register(a, httpapi.Route{ID: "add", Method: "POST", Path: "/api/v1/rows", Access: httpapi.SignedIn, Status: 201}, c.add)
		for i, who := range []struct {
			service    bool
			credential string
			replayed   string
		}{{true, "first", ""}, {true, "second", ""}, {false, "session", ""}, {true, "first", "true"}, {false, "another session", "true"}} {
			actor.Service, actor.Credential = who.service, who.credential
			w := keyed("key", "/api/v1/rows", "admin", `{"text":"x"}`).do(t, a.Handler())
			if got := w.Header().Get("Idempotency-Replayed"); w.Code != 201 || got != who.replayed {
				t.Errorf("request %d: %d, replayed %q, want %q", i, w.Code, got, who.replayed)
			}
		}
		if n := c.count(t, "counted"); n != 3 {
			t.Errorf("carried out %d times", n)
		}
	}, httpapi.Migrations())
}
