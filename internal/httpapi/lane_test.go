package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callboard/callboard"
)

func TestLaneLetsFewRunAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLane()
		enter := func(ctx context.Context, user string) <-chan error {
			answer := make(chan error, 1)
			go func() {
				leave, err := l.enter(ctx, user)
				answer <- err
				if err == nil {
					<-ctx.Done()
					leave()
				}
			}()
			return answer
		}
		running, end := context.WithCancel(t.Context())
		for i := range laneSlots {
			if err := <-enter(running, fmt.Sprint("runs", i)); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var queue []<-chan error
		for i := range laneQueue {
			queue = append(queue, enter(ctx, fmt.Sprint("waits", i)))
		}
		synctest.Wait()
		for _, user := range []string{"runs0", "waits0", "another"} {
			wantBusy(t, user, <-enter(ctx, user))
		}
		impatient, giveUp := context.WithCancel(t.Context())
		l.queue++
		gone := enter(impatient, "impatient")
		synctest.Wait()
		giveUp()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who goes away: %v", err)
		}
		end() // the first two of the queue run, and the others have waited in vain
		synctest.Wait()
		<-time.After(laneWait)
		served := 0
		for _, answer := range queue {
			if err := <-answer; err == nil {
				served++
			} else {
				wantBusy(t, "in the queue", err)
			}
		}
		if served != laneSlots {
			t.Errorf("%d of the queue were served, want %d", served, laneSlots)
		}
		cancel()
		synctest.Wait()
		if err := <-enter(t.Context(), "runs0"); err != nil || l.waiting != 0 || len(l.users) != 1 {
			t.Errorf("after all have left: %v, %d wait, users %v", err, l.waiting, l.users)
		}
	})
}

func wantBusy(t *testing.T, who string, err error) {
	t.Helper()
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok || e.Code != callboard.CodeRateLimited || e.RetryAfter <= 0 {
		t.Errorf("%s: %v, want CodeRateLimited with a time to come again", who, err)
	}
}

// Who asks for an export and hardly reads it loses its slot soon.
func TestLaneIsNotHeldBySlowReaders(t *testing.T) {
	t.Parallel()
	a := New(Config{Authenticate: func(*http.Request) (callboard.Actor, error) {
		return callboard.Actor{ID: callboard.NewID(), Role: callboard.RoleViewer}, nil
	}})
	a.heavy.patience = 100 * time.Millisecond
	ended := make(chan error, 1)
	Raw(a, Route{ID: "export", Method: http.MethodGet, Path: "/export", Access: SignedIn, Heavy: true},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, err := w.Write(make([]byte, 64<<20))
			ended <- err
		}))
	server := httptest.NewUnstartedServer(a.Handler())
	server.Listener = LimitConns(server.Listener, ConnLimits{WriteTimeout: time.Hour})
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /export HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("64 MB went to somebody who does not read")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the export goes on for somebody who does not read")
	}
}

// Who is demoted or disabled while waiting for a turn has only what is left of the rights when it comes.
func TestLaneAsksForRightsAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		role   callboard.Role // "" for disabled
		status int
	}{
		"demoted": {callboard.RoleViewer, http.StatusForbidden}, "disabled": {"", http.StatusUnauthorized}, "the same": {callboard.RoleAdmin, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var role atomic.Value
			role.Store(callboard.RoleAdmin)
			a := New(Config{Authenticate: func(*http.Request) (callboard.Actor, error) {
				if role := role.Load().(callboard.Role); role != "" {
					return callboard.Actor{ID: "waits", Role: role}, nil
				}
				return callboard.Actor{}, callboard.Errorf(callboard.CodeUnauthenticated, "no longer")
			}})
			a.heavy.slots = make(chan struct{}) // nobody enters until a turn is given
			Raw(a, Route{ID: "export", Method: http.MethodGet, Path: "/export", Access: Admin, Heavy: true},
				http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			answer := httptest.NewRecorder()
			served := make(chan struct{})
			go func() {
				defer close(served)
				a.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/export", nil))
			}()
			waits := func() bool {
				a.heavy.mu.Lock()
				defer a.heavy.mu.Unlock()
				return a.heavy.waiting == 1
			}
			for !waits() {
				runtime.Gosched()
			}
			role.Store(tt.role)
			<-a.heavy.slots                             // enters
			go func() { a.heavy.slots <- struct{}{} }() // leaves
			<-served
			if answer.Code != tt.status {
				t.Errorf("status %d, want %d", answer.Code, tt.status)
			}
		})
	}
}
