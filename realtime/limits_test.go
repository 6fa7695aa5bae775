package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

func contextThatEnded(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxConnections, c.MaxPerUser = 3, 2 })
	a := s.dial("anna")
	s.dial("anna2")
	if _, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "anna"}); codeOf(err) != realtime.CodeLimit {
		t.Errorf("a third connection of one user: %v, want code %d", err, realtime.CodeLimit)
	}
	eventually(t, "the slot of the refused connection", func() bool { return open(t, s) == 2 })
	s.dial("ben")
	if _, err := realtimetest.Connect(within(t), s.url(), realtimetest.Options{Token: "ben"}); codeOf(err) != 503 {
		t.Errorf("a fourth connection: %v, want status 503", err)
	}
	a.Close()
	eventually(t, "a free slot", func() bool { return open(t, s) == 2 })
	s.dial("ben")
}

func open(t *testing.T, s *server) int {
	t.Helper()
	st, err := s.Stats(t.Context())
	must(t, err)
	return st.Open
}

func TestStreamsTakeSlots(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxConnections = 1 })
	resp := request(t, s, realtime.PathHTTPStream, nil)
	if second := request(t, s, realtime.PathSSE, nil); second.StatusCode != 503 || second.Header.Get("Retry-After") == "" {
		t.Errorf("a second stream: %d", second.StatusCode)
	}
	must(t, resp.Body.Close())
	eventually(t, "the slot of the closed stream", func() bool { return open(t, s) == 0 })
}

// stalled is the body of a client that stops sending, and the writer to its connection.
type stalled struct {
	*httptest.ResponseRecorder
	read time.Time
}

func (s *stalled) SetReadDeadline(at time.Time) error {
	s.read = at
	return nil
}

func (s *stalled) Read([]byte) (int, error) {
	if s.read.IsZero() {
		return 0, errors.New("a read that would never end")
	}
	return 0, os.ErrDeadlineExceeded
}

// A client that does not send what it announced has an end, and keeps no slot from others until then.
func TestBodiesHaveDeadline(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxConnections, c.MaxMessage = 1, 1000 })
	s.dial("anna") // takes the only slot
	for _, path := range []string{realtime.PathHTTPStream, realtime.PathSSE, realtime.PathEmulation} {
		w := &stalled{ResponseRecorder: httptest.NewRecorder()}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, w)
		r.ContentLength = 10
		s.Handlers()[path].ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || w.read.IsZero() {
			t.Errorf("%s: answer %d, deadline %v", path, w.Code, w.read)
		}
		w = &stalled{ResponseRecorder: httptest.NewRecorder()}
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(strings.Repeat("x", 1001)))
		s.Handlers()[path].ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge || w.read.IsZero() {
			t.Errorf("%s: answer %d to a large body, deadline %v", path, w.Code, w.read)
		}
	}
}

func TestChannelAndMessageLimits(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxChannels, c.MaxMessage = 5, 1000 })
	c := s.dial("anna")
	for i := range 3 {
		_, err := c.Subscribe(within(t), fmt.Sprint("room:", i), realtimetest.SubscribeOptions{})
		must(t, err)
	}
	if _, err := c.Subscribe(within(t), "room:more", realtimetest.SubscribeOptions{}); codeOf(err) != 106 {
		t.Errorf("a sixth channel: %v, want code 106", err)
	}
	must(t, c.Unsubscribe(within(t), "room:0"))
	_, err := c.Subscribe(within(t), "room:more", realtimetest.SubscribeOptions{})
	must(t, err)
	_, err = c.Subscribe(within(t), "room:big", realtimetest.SubscribeOptions{Data: strings.Repeat("x", 2000)})
	if _, ended := errors.AsType[*realtimetest.Closed](err); !ended {
		t.Errorf("a message beyond the limit: %v", err)
	}
}

// TestSlowClient has one client stop reading while much is sent. It is cut off; the other one gets everything. The
// buffers beneath are small, so that little is needed to fill them.
func TestSlowClient(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxQueue = 256 << 10 })
	slow := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: "ben", ReadBuffer: 4096})
	good := s.dial("anna")
	slow.Stall()
	gone := func() bool {
		st, err := s.Stats(t.Context())
		must(t, err)
		return st.Connections == 1
	}
	padding := map[string]string{"x": strings.Repeat("x", 32<<10)}
	pos := int64(0)
	eventually(t, "the end of the slow connection", func() bool {
		pos++
		ev := callboard.NewEvent(t.Context(), "big", callboard.Resource{}, padding)
		ev.Pos, ev.Channels = pos, []string{"broadcast"}
		must(t, s.Publish(t.Context(), []callboard.Event{ev}))
		wantPositions(t, good, pos, pos)
		return gone()
	})
	if err := good.Err(); err != nil {
		t.Errorf("the other client was cut off too: %v", err)
	}
}

func TestQueueLimit(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.MaxQueue = 64 << 10 })
	c := s.dial("anna")
	ev := callboard.NewEvent(t.Context(), "big", callboard.Resource{}, strings.Repeat("x", 100<<10))
	ev.Channels = []string{"broadcast"}
	// Again until it is cut off: an ephemeral message that comes before the new subscription is in place is not for it.
	limit := within(t)
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for cut := false; !cut; {
		must(t, s.Ephemeral(t.Context(), ev))
		select {
		case <-c.Done():
			cut = true
		case <-limit.Done():
			cut = true
		case <-again.C:
		}
	}
	if code, err := c.Wait(within(t)); code != realtime.CodeSlow {
		t.Errorf("ended with %d (%v), want %d", code, err, realtime.CodeSlow)
	}
}

func TestSilentClient(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *realtime.Config) { c.PingEvery = time.Second })
	good := s.dial("anna")
	silent := realtimetest.Dial(t, s.url(), realtimetest.Options{Token: "ben", Mute: true})
	const noPong = 3012
	if code, err := silent.Wait(within(t)); code != noPong {
		t.Errorf("ended with %d (%v), want %d", code, err, noPong)
	}
	must(t, s.Ephemeral(t.Context(), event(0, "broadcast")))
	if _, err := good.Next(within(t)); err != nil {
		t.Errorf("the client that answers was cut off too: %v", err)
	}
}

func TestStatsAndMetrics(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	s := start(t, func(c *realtime.Config) { c.Registerer, c.Name = registry, "one" })
	s.dial("anna")
	ben := s.dial("ben")
	_, err := ben.Subscribe(within(t), "room:green", realtimetest.SubscribeOptions{})
	must(t, err)
	must(t, s.Publish(t.Context(), events(1, 3, "broadcast", "room:green")))
	st, err := s.Stats(t.Context())
	must(t, err)
	if st.Connections != 2 || st.Users != 2 || st.Subscriptions != 5 || st.Channels != 4 || st.Nodes[0].Name != "one" {
		t.Errorf("stats %+v", st)
	}
	families, err := registry.Gather()
	must(t, err)
	values := map[string]float64{}
	for _, f := range families {
		m := f.GetMetric()[0]
		values[f.GetName()] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
	}
	for name, want := range map[string]float64{"callboard_socket_published_total": 6, "callboard_socket_connections": 2,
		"callboard_socket_subscriptions": 5, "callboard_socket_open": 2, "callboard_socket_lag_seconds": 3} {
		if values[name] != want {
			t.Errorf("%s is %v, want %v", name, values[name], want)
		}
	}
	first, err := s.Connections(t.Context(), callboard.Page{Limit: 1})
	must(t, err)
	second, err := s.Connections(t.Context(), callboard.Page{Limit: 1, Cursor: first.NextCursor})
	must(t, err)
	if len(second.Items) != 1 || second.NextCursor != "" || second.Items[0].ID <= first.Items[0].ID {
		t.Errorf("pages %+v and %+v", first, second)
	}
	if c := append(first.Items, second.Items...); c[0].Name == "" || c[0].Transport != "websocket" || len(c[0].Channels) < 2 {
		t.Errorf("connection %+v", c[0])
	}
}
