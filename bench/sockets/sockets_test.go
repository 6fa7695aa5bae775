package sockets

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/tidwall/gjson"
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
			swarm, err := Open(t.Context(), Plan{Protocol: Centrifuge(), Servers: []string{server.URL}, Tokens: []string{tc.token}, Sockets: 20})
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

// history is a server with one channel that sends what a client says it has missed.
type history struct {
	mutex    sync.Mutex
	conns    map[*websocket.Conn]bool
	messages []string
	forgets  bool // says that it cannot tell what a client has missed
}

func (h *history) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	_, hello, _ := conn.ReadMessage()
	since := gjson.GetBytes(hello, "connect.subs.all")
	h.mutex.Lock()
	missed := []string{}
	if since.Exists() && !h.forgets {
		for i, m := range h.messages[since.Get("offset").Int():] {
			missed = append(missed, fmt.Sprintf(`{"data":%q,"offset":%d}`, m, int(since.Get("offset").Int())+i+1))
		}
	}
	_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil,
		`{"id":1,"connect":{"subs":{"all":{"recoverable":true,"epoch":"e","offset":%d,"was_recovering":%t,"recovered":%t,"publications":[%s]}}}}`,
		len(h.messages), since.Exists(), since.Exists() && !h.forgets, strings.Join(missed, ",")))
	h.conns[conn] = true
	h.mutex.Unlock()
	_, _, _ = conn.ReadMessage() // until it is closed
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.conns, conn)
}

func (h *history) send(_ context.Context, mark string) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.messages = append(h.messages, mark)
	for conn := range h.conns { // one that has just been cut takes nothing
		_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"push":{"channel":"all","pub":{"data":%q,"offset":%d}}}`, mark, len(h.messages)))
	}
	return nil
}

func TestClientsThatAreCutComeBackForWhatTheyMissed(t *testing.T) {
	t.Parallel()
	for name, forgets := range map[string]bool{"it is there": false, "it is forgotten": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &history{conns: map[*websocket.Conn]bool{}, forgets: forgets}
			server := httptest.NewServer(h)
			defer server.Close()
			swarm, err := Open(t.Context(), Plan{Protocol: Centrifuge(), Servers: []string{server.URL}, Tokens: []string{"good"}, Sockets: 20, Returns: true})
			if err != nil {
				t.Fatal(err)
			}
			defer swarm.Close()
			cut := make(chan error, 1)
			r, err := swarm.Measure(t.Context(), Load{Rate: 100, Messages: 50, Send: func(ctx context.Context, mark string) error {
				if strings.HasSuffix(mark, "10") {
					go func() {
						_, err := swarm.Cut(t.Context())
						cut <- err
					}()
				}
				return h.send(ctx, mark)
			}})
			if cutErr := <-cut; forgets != errors.Is(cutErr, errGap) {
				t.Errorf("%v", cutErr)
			}
			if forgets != (err != nil) || !forgets && r.Deliveries != 20*50 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
