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
	for _, tc := range []struct {
		protocol Protocol
		message  string
		kind     kind
		answer   string
	}{
		{Centrifuge(), `{"id":1,"connect":{"client":"x"}}`, ready, ""},
		{Centrifuge(), `{"id":1,"error":{"code":109}}`, refused, ""},
		{Centrifuge(), `{}`, other, `{}`},
		{Centrifuge(), `{"push":{"channel":"broadcast"}}`, push, ""},
		{SocketIO(), `0{"sid":"x"}`, other, `40{"token":"secret"}`},
		{SocketIO(), `40{"sid":"x"}`, ready, ""},
		{SocketIO(), `44{"message":"no"}`, refused, ""},
		{SocketIO(), `2`, other, `3`},
		{SocketIO(), `42["bench",{}]`, push, ""},
	} {
		if kind, answer := tc.protocol.read("secret", []byte(tc.message)); kind != tc.kind || answer != tc.answer {
			t.Errorf("%s: %d %q", tc.message, kind, answer)
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
	if _, hello, _ := conn.ReadMessage(); !strings.Contains(string(hello), "good") {
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

func TestEverySocketMustGetEveryMessageOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		token  string
		copies func(socket int) int
		err    string
	}{
		"all":     {"good", func(int) int { return 1 }, ""},
		"doubled": {"good", func(i int) int { return 1 + i/19 }, "twice"},
		"lost":    {"good", func(i int) int { return 1 - i/19 }, "10 of 200 deliveries are missing"},
		"refused": {"bad", nil, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hub{copies: tc.copies}
			server := httptest.NewServer(h)
			defer server.Close()
			var r Result
			swarm, err := Open(t.Context(), server.URL, Centrifuge(), []string{tc.token}, 20)
			if err == nil {
				defer swarm.Close()
				r, err = swarm.Measure(t.Context(), Load{Rate: 100, Messages: 10, Send: h.send})
			}
			if tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
				t.Errorf("%v", err)
			}
			if tc.err == "" && (err != nil || r.Deliveries != 200 || r.Latency.TotalCount() != 200 || r.Bytes != 33) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
