package realtime_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// linger opens a socket and does not sign in. The channel is closed when the server has ended it.
func linger(t *testing.T, s *server) <-chan struct{} {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.DialContext(within(t), strings.Replace(s.url(), "http", "ws", 1), nil)
	must(t, err)
	must(t, resp.Body.Close())
	t.Cleanup(func() { _ = ws.Close() })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _, _ = ws.ReadMessage()
	}()
	return ended
}

func waitFor(t *testing.T, what string, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-within(t).Done():
		t.Fatalf("never came: %s", what)
	}
}

// Who does not sign in has a short time, on every transport, and leaves its slot then.
func TestSocketsWithoutSignInEnd(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.SignInTime = 200 * time.Millisecond })
	c, start := s.dial("anna"), time.Now()
	waitFor(t, "the end of a socket that does not sign in", linger(t, s))
	refused, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "eve"})
	if err == nil {
		refused.Close()
		t.Error("an unknown token was let in")
	}
	resp, err := http.Post(s.http.URL+realtime.PathHTTPStream, "application/json", strings.NewReader(`{"id":1,"send":{}}`))
	must(t, err)
	must(t, resp.Body.Close())
	eventually(t, "only the signed-in socket is left", func() bool { return open(t, s) == 1 })
	if took := time.Since(start); took > 12*time.Second { // the library itself gives them 15
		t.Errorf("it took %v", took)
	}
	must(t, s.Publish(t.Context(), events(1, 1, "broadcast")))
	wantPositions(t, c, 1, 1)
}

// However many sockets wait without signing in, whoever signs in comes in at once: the one that has waited longest makes room.
func TestSocketsWithoutSignInKeepNobodyOut(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxConnections, c.MaxUnsigned, c.SignInTime = 6, 2, time.Hour })
	first := linger(t, s)
	second := linger(t, s)
	linger(t, s)
	waitFor(t, "the end of the one that has waited longest", first)
	s.dial("anna")
	waitFor(t, "the end of the next", second)
	s.dial("ben")
	s.dial("anna")
}
