package sockets

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

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
		if kind, answer := tc.protocol.read("secret", []byte(tc.message)); kind != tc.kind || answer != tc.answer {
			t.Errorf("%s: %d %q", name, kind, answer)
		}
	}
}

func TestFindMark(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]int{
		`{"title":"mark-00000042"}`: 42, `{"title":"mark-0000004"}`: -1, `{"title":"mark-0000004x"}`: -1, `{}`: -1,
	} {
		n, ok := findMark([]byte(message))
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%s: %d", message, n)
		}
	}
}

// hub is a server that sends each message to all, each of them as often as copies says.
type hub struct {
	mutex  sync.Mutex
	conns  []*websocket.Conn
	copies func(socket int) int
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	_, hello, err := conn.ReadMessage()
	if err != nil {
		return
	}
	if !strings.Contains(string(hello), "good") {
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"id":1,"error":{"code":109}}`))
		return
	}
	h.mutex.Lock()
	_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"id":1,"connect":{}}`))
	h.conns = append(h.conns, conn)
	h.mutex.Unlock()
	_, _, _ = conn.ReadMessage() // until it is closed
}

func (h *hub) send(_ context.Context, mark string) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for i, conn := range h.conns {
		for range h.copies(i) { // as lines of one frame
			if err := conn.WriteMessage(websocket.TextMessage, []byte("{\"other\":1}\n{\"push\":{\"mark\":\""+mark+"\"}}")); err != nil {
				return err
			}
		}
	}
	return nil
}

func measure(t *testing.T, token string, copies func(socket int) int) (Result, error) {
	t.Helper()
	h := &hub{copies: copies}
	server := httptest.NewServer(h)
	defer server.Close()
	swarm, err := Open(t.Context(), server.URL, Centrifuge(), []string{token}, 20)
	if err != nil {
		return Result{}, err
	}
	defer swarm.Close()
	return swarm.Measure(t.Context(), Load{Rate: 100, Messages: 10, Send: h.send})
}

func TestEverySocketGetsEveryMessage(t *testing.T) {
	t.Parallel()
	r, err := measure(t, "good", func(int) int { return 1 })
	if err != nil || r.Deliveries != 200 || r.Latency.TotalCount() != 200 || r.Bytes != float64(len(`{"push":{"mark":"mark-00000000"}}`)) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestADoubledMessageIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := measure(t, "good", func(i int) int { return 1 + i/19 }); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Error(err)
	}
}

func TestALostMessageIsAnError(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it is waited for")
	}
	if _, err := measure(t, "good", func(i int) int { return 1 - i/19 }); err == nil || !strings.Contains(err.Error(), "10 of 200 deliveries are missing") {
		t.Error(err)
	}
}

func TestAClientThatIsNotLetInIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := measure(t, "bad", nil); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
}
