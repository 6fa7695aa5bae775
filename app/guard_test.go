package app_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// faulty is code of an application that does what act says whenever Callboard asks it something.
type faulty struct{ act atomic.Value }

func newFaulty() *faulty {
	f := &faulty{}
	f.act.Store(func(context.Context) error { return nil })
	return f
}

func (f *faulty) breaks(act func(context.Context) error) { f.act.Store(act) }

func (f *faulty) do(ctx context.Context) error {
	return f.act.Load().(func(context.Context) error)(ctx)
}

func (f *faulty) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if id == "ada" {
			known[id] = callboard.UserInfo{Name: "Ada"}
		}
	}
	return known, f.do(ctx)
}

func (f *faulty) CanRead(ctx context.Context, _ callboard.Actor, _ callboard.Resource) error {
	return f.do(ctx)
}

func (f *faulty) whoCalls(r *http.Request) (callboard.Actor, error) {
	return callboard.Actor{}, f.do(r.Context())
}

func panics(context.Context) error { panic("the application's own fault") }

// Sockets ask the application in goroutines of their own, where a panic would end the process.
func TestPanicsOfTheApplication(t *testing.T) {
	t.Parallel()
	access, callers := newFaulty(), newFaulty()
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) {
		cfg.Access, cfg.Authenticate = access, callers.whoCalls
	}})
	viewer, ok := s.Users.Viewer.Token, func(context.Context) error { return nil }
	c := s.Dial(viewer)
	access.breaks(panics)
	_, err := c.Subscribe(t.Context(), "cut:7", realtimetest.SubscribeOptions{})
	if refused, _ := errors.AsType[*realtimetest.Refused](err); refused == nil || refused.Code != 503 {
		t.Errorf("subscribed with %v", err)
	}
	s.Want(503, http.MethodPut, "/api/v1/watches/cut/7", viewer, nil, nil)
	access.breaks(ok)
	callers.breaks(panics)
	if c, err := realtimetest.Connect(t.Context(), s.URL()+"/connection/websocket", realtimetest.Options{Token: viewer}); err == nil {
		c.Close()
		t.Error("connected, and nobody could tell who that is")
	}
	s.Want(503, http.MethodGet, "/api/v1/shows", viewer, nil, nil)
	callers.breaks(ok)
	if _, err := c.Subscribe(t.Context(), "cut:7", realtimetest.SubscribeOptions{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A consumer asks for users in its transaction, for which on SQLite all that write wait.
func TestUsersThatHang(t *testing.T) {
	t.Parallel()
	users, file := newFaulty(), withEventsFile(t)
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) { file(cfg); cfg.Users = users }})
	cut := callboard.Resource{Type: "cut", ID: "7"}
	if err := s.App.Notifications.Watch(t.Context(), "ada", cut); err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	users.breaks(func(ctx context.Context) error {
		select {
		case asked <- struct{}{}:
		case <-ctx.Done():
		}
		<-ctx.Done()
		return ctx.Err()
	})
	s.Want(202, http.MethodPost, "/api/v1/events", s.Users.Service, obj{"event": "cut_approved",
		"resource_type": cut.Type, "resource_id": cut.ID, "data": obj{"title": "T"}}, nil)
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := s.Try(ctx, http.MethodPost, "/api/v1/shows", s.Users.Editor.Token, obj{"title": "A show"})
	if err != nil || r.Status != http.StatusCreated {
		t.Errorf("a write meanwhile: %d, %v", r.Status, err)
	}
	users.breaks(func(context.Context) error { return nil })
	s.Settle()
	if n, err := s.App.Notifications.UnreadCount(t.Context(), "ada"); err != nil || n != 1 {
		t.Errorf("%d notifications, %v", n, err)
	}
}
