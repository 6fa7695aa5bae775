package sockets

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return strings.Repeat("a", n) }
	for name, tc := range map[string]struct {
		in   string
		want []string // payloads
		rest string
		err  error
	}{
		"nothing":       {},
		"one":           {in: "\x81\x02{}", want: []string{"{}"}},
		"two":           {in: "\x81\x01a\x81\x01b", want: []string{"a", "b"}},
		"empty":         {in: "\x81\x00\x81\x01b", want: []string{"", "b"}},
		"half a header": {in: "\x81\x01a\x81", want: []string{"a"}, rest: "\x81"},
		"half":          {in: "\x81\x03ab", rest: "\x81\x03ab"},
		"half a length": {in: "\x81\x7e\x01", rest: "\x81\x7e\x01"},
		"300 bytes":     {in: "\x81\x7e\x01\x2c" + text(300), want: []string{text(300)}},
		"70,000 bytes":  {in: "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70" + text(70000), want: []string{text(70000)}},
		"masked":        {in: "\x81\x81\x00\x00\x00\x00a", rest: "\x81\x81\x00\x00\x00\x00a", err: errFrame},
		"compressed":    {in: "\xc1\x01a", rest: "\xc1\x01a", err: errFrame},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			data := []byte(tc.in)
			for {
				_, payload, rest, err := frame(data)
				if !errors.Is(err, tc.err) {
					t.Fatalf("error %v, want %v", err, tc.err)
				}
				if len(rest) == len(data) {
					break
				}
				got, data = append(got, string(payload)), rest
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if string(data) != tc.rest {
				t.Errorf("rest %q, want %q", data, tc.rest)
			}
		})
	}
}

func TestProtocols(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		protocol Protocol
		message  string
		kind     kind
		answer   string
	}{
		"centrifuge: signed in":  {Centrifuge(), `{"id":1,"connect":{"client":"x"}}`, ready, ""},
		"centrifuge: refused":    {Centrifuge(), `{"id":1,"error":{"code":109}}`, refused, ""},
		"centrifuge: ping":       {Centrifuge(), `{}`, other, `{}`},
		"centrifuge: message":    {Centrifuge(), `{"push":{"channel":"broadcast"}}`, push, ""},
		"socket.io: open":        {SocketIO(), `0{"sid":"x"}`, other, `40{"token":"secret"}`},
		"socket.io: signed in":   {SocketIO(), `40{"sid":"x"}`, ready, ""},
		"socket.io: refused":     {SocketIO(), `44{"message":"no"}`, refused, ""},
		"socket.io: ping":        {SocketIO(), `2`, other, `3`},
		"socket.io: message":     {SocketIO(), `42["bench",{}]`, push, ""},
		"socket.io: disconnects": {SocketIO(), `41`, refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, answer := tc.protocol.read("secret", []byte(tc.message))
			if kind != tc.kind || answer != tc.answer {
				t.Errorf("%s: %d and %q, want %d and %q", tc.message, kind, answer, tc.kind, tc.answer)
			}
		})
	}
}

// server speaks as much of Centrifuge's protocol as is needed to send messages.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	conns []*websocket.Conn
}

func newServer(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		s.mu.Lock()
		s.conns = append(s.conns, c)
		err = c.WriteMessage(websocket.TextMessage, []byte(`{"id":1,"connect":{}}`))
		s.mu.Unlock()
		for err == nil {
			_, _, err = c.ReadMessage()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// send sends a message to the sockets but the first few, and to some of them once more.
func (s *server) send(mark string, leaveOut, again int) error {
	message := []byte(`{}` + "\n" + `{"push":{"pub":{"data":"` + mark + `"}}}`)
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, c := range append(s.conns[leaveOut:], s.conns[:again]...) {
		errs = append(errs, c.WriteMessage(websocket.TextMessage, message))
	}
	return errors.Join(errs...)
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	const sockets, messages = 20, 10
	for name, tc := range map[string]struct {
		leaveOut, again int
		timeout         time.Duration
		err             string
	}{
		"all":     {timeout: time.Minute},
		"missing": {leaveOut: 3, timeout: time.Second, err: "30 of 200 deliveries are missing"},
		"twice":   {again: 2, timeout: time.Minute, err: "20 deliveries came twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			ctx, cancel := context.WithTimeout(t.Context(), tc.timeout)
			defer cancel()
			swarm, err := Open(ctx, s.URL, Centrifuge(), []string{"secret"}, sockets)
			if err != nil {
				t.Fatal(err)
			}
			defer swarm.Close()
			r, err := swarm.Measure(ctx, Load{Rate: 1000, Messages: messages, Send: func(_ context.Context, mark string) error {
				return s.send(mark, tc.leaveOut, tc.again)
			}})
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error %v, want %q", err, tc.err)
				}
				return
			}
			if err != nil || r.Deliveries != sockets*messages || r.Latency.TotalCount() != sockets*messages {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestHear(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	swarm, err := Open(t.Context(), s.URL, Centrifuge(), []string{"secret"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer swarm.Close()
	heard := make(chan string, 1)
	began := time.Now()
	swarm.Hear(func(at time.Time, message []byte) {
		if at.Before(began) {
			t.Errorf("heard %s too early", began.Sub(at))
		}
		heard <- string(message)
	})
	if err := s.send("hello", 0, 0); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; !strings.Contains(got, "hello") {
		t.Errorf("heard %q", got)
	}
}

func TestServerEnds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	swarm, err := Open(t.Context(), s.URL, Centrifuge(), []string{"secret"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer swarm.Close()
	send := func(_ context.Context, mark string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.conns[0].WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(3005, "over"), time.Now().Add(time.Second))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = swarm.Measure(ctx, Load{Rate: 100, Messages: 1, Send: send})
	if err == nil || !strings.Contains(err.Error(), "3005 over") {
		t.Errorf("error %v, want the code of the server", err)
	}
}
