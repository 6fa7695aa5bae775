package realtime_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// application knows Carl, who has no credential of Callboard's.
type application struct{ knows atomic.Bool }

func (a *application) authenticate(r *http.Request) (callboard.Actor, error) {
	cookie, _ := r.Cookie("app")
	switch {
	case !a.knows.Load():
		return callboard.Actor{}, nil
	case cookie != nil && cookie.Value == "carl", r.Header.Get("Authorization") == "Bearer carl":
		return callboard.Actor{ID: "42", Name: "Carl", Role: callboard.RoleViewer}, nil
	case cookie != nil && cookie.Value == "banned":
		return callboard.Actor{}, callboard.Errorf(callboard.CodeForbidden, "you are banned")
	}
	return callboard.Actor{}, nil
}

// An application says who opens a socket, by the request or by a token; whom it does not know has a credential of Callboard's.
func TestApplicationAuthenticates(t *testing.T) {
	t.Parallel()
	app := &application{}
	app.knows.Store(true)
	s := start(t, func(cfg *realtime.Config) { cfg.Authenticate = app.authenticate })
	cookie := func(v string) *http.Cookie { return &http.Cookie{Name: "app", Value: v} }
	for name, tt := range map[string]struct {
		o    realtimetest.Options
		code int
		user string
	}{
		"its cookie":          {realtimetest.Options{Cookie: cookie("carl")}, 0, "42"},
		"its token":           {realtimetest.Options{Token: "carl"}, 0, "42"},
		"its header":          {realtimetest.Options{Header: http.Header{"Authorization": {"Bearer carl"}}}, 0, "42"},
		"our token":           {realtimetest.Options{Token: "anna"}, 0, annaID},
		"the token counts":    {realtimetest.Options{Token: "anna", Cookie: cookie("carl")}, 0, annaID},
		"a bad token":         {realtimetest.Options{Token: "eve", Cookie: cookie("carl")}, realtime.CodeInvalidToken, ""},
		"whom it refuses":     {realtimetest.Options{Cookie: cookie("banned")}, realtime.CodeInvalidToken, ""},
		"whom nobody knows":   {realtimetest.Options{Cookie: cookie("eve")}, realtime.CodeInvalidToken, ""},
		"nothing to be known": {realtimetest.Options{}, realtime.CodeInvalidToken, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := realtimetest.Connect(within(t), s.url(), tt.o)
			if tt.code != 0 {
				if codeOf(err) != tt.code {
					t.Fatalf("%v, want code %d", err, tt.code)
				}
				return
			}
			must(t, err)
			defer c.Close()
			if _, ok := c.Subs["user:"+tt.user]; !ok {
				t.Errorf("subscribed to %v", c.Subs)
			}
		})
	}
	for name, origin := range map[string]string{"foreign": "https://evil.example", "own": s.http.URL} {
		_, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Cookie: cookie("carl"), Origin: origin})
		if (err == nil) != (name == "own") {
			t.Errorf("from a page of %s origin: %v", name, err)
		}
	}
}

// A socket ends when the application no longer knows the user of its handshake.
func TestApplicationIsAskedAgain(t *testing.T) {
	t.Parallel()
	app := &application{}
	app.knows.Store(true)
	s := start(t, func(cfg *realtime.Config) { cfg.Authenticate, cfg.VerifyEvery = app.authenticate, time.Second })
	c := realtimetest.Dial(t, s.url(), realtimetest.Options{Cookie: &http.Cookie{Name: "app", Value: "carl"}})
	app.knows.Store(false)
	code, err := c.Wait(within(t))
	if err != nil || code != realtime.CodeExpired {
		t.Errorf("ended with %d, %v, want %d", code, err, realtime.CodeExpired)
	}
}
