package httpapi_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// caller is who calls, as it is now.
type caller struct {
	actor callboard.Actor
	err   error
}

// lasting is a server with a download and an upload that take long, and a caller whose rights change meanwhile.
type lasting struct {
	url    string
	now    atomic.Pointer[caller]
	asked  atomic.Int64 // how often it was asked who calls
	began  chan struct{}
	finish chan struct{} // ends the download
	ended  chan error
}

func newLasting(t *testing.T, first caller) *lasting {
	t.Helper()
	l := &lasting{began: make(chan struct{}, 1), finish: make(chan struct{}), ended: make(chan error, 1)}
	l.now.Store(&first)
	a := httpapi.New(httpapi.Config{RecheckEvery: 5 * time.Millisecond, Authenticate: func(*http.Request) (callboard.Actor, error) {
		l.asked.Add(1)
		c := l.now.Load()
		return c.actor, c.err
	}})
	httpapi.Raw(a, httpapi.Route{ID: "download", Method: "GET", Path: "/download", Access: httpapi.SignedIn, Lasting: true},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			l.began <- struct{}{}
			l.ended <- writeUntil(w, l.finish)
		}))
	httpapi.Raw(a, httpapi.Route{ID: "upload", Method: "POST", Path: "/upload", Access: httpapi.SignedIn, Lasting: true},
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			l.began <- struct{}{}
			_, err := io.Copy(io.Discard, r.Body)
			l.ended <- err
		}))
	l.url = newServer(t, a.Handler())
	return l
}

// change changes the rights once the request has begun. Where that is not to break it off, they are looked at some times more.
func (l *lasting) change(t *testing.T, then caller, broken bool) {
	t.Helper()
	<-l.began
	l.now.Store(&then)
	deadline := time.Now().Add(30 * time.Second)
	for before := l.asked.Load(); !broken && l.asked.Load() < before+3; {
		if <-time.After(time.Millisecond); time.Now().After(deadline) {
			t.Fatal("the rights are not looked at again")
		}
	}
}

func (l *lasting) verify(t *testing.T, broken bool) {
	t.Helper()
	select {
	case err := <-l.ended:
		if (err != nil) != broken {
			t.Errorf("the request ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the request does not end")
	}
}

// forEachLoss runs a test with rights that change: broken tells whether a request that is under way has to end.
func forEachLoss(t *testing.T, test func(t *testing.T, l *lasting, first, then caller, broken bool)) {
	t.Helper()
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
			test(t, newLasting(t, tt.first), tt.first, tt.then, tt.broken)
		})
	}
}

// Answers that take long are broken off once their caller may not have them any more, and not before.
func TestDownloadsEndWithTheRights(t *testing.T) {
	forEachLoss(t, func(t *testing.T, l *lasting, _, then caller, broken bool) {
		answer, err := http.Get(l.url + "/download")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		l.change(t, then, broken)
		if !broken {
			close(l.finish)
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if l.verify(t, broken); (err != nil) != broken {
			t.Errorf("the client sees %v", err)
		}
	})
}

// Bodies that take long are broken off in the same way.
func TestUploadsEndWithTheRights(t *testing.T) {
	forEachLoss(t, func(t *testing.T, l *lasting, first, then caller, broken bool) {
		body, send := io.Pipe()
		go func() {
			answer, err := http.Post(l.url+"/upload", "application/octet-stream", body)
			if err == nil {
				_ = answer.Body.Close()
			}
		}()
		if _, err := io.WriteString(send, "begin"); err != nil {
			t.Fatal(err)
		}
		l.change(t, then, broken)
		if !broken {
			l.now.Store(&first) // at the end of a body the rights must be known
			_ = send.Close()
		}
		l.verify(t, broken)
		_ = send.Close()
	})
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
