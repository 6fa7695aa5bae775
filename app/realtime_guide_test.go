package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
)

// TestRealtimeGuide does what docs/realtime.md says, line by line: it sends the frames and makes the calls, and what the guide says
// that comes has to come.
func TestRealtimeGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/realtime.md")
	if err != nil {
		t.Fatal(err)
	}
	s := apptest.Start(t, apptest.Options{})
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(http.StatusCreated, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	var socket struct{ Token string }
	s.Want(http.StatusOK, http.MethodGet, "/api/v1/socket/token", s.Users.Viewer.Token, nil, &socket)
	s.Settle()
	g := &guide{t: t, s: s, values: map[string]string{
		"TOKEN": s.Users.Viewer.Token, "JWT": socket.Token, "USER": s.Users.Viewer.ID, "EPISODE": episode.ID,
	}}
	g.readAsyncAPI()
	defer g.hangUp()
	lines := 0
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			inside = line == "```text"
		} else if inside {
			lines++
			g.follow(line)
		}
	}
	if lines < 30 || g.checked < 5 {
		t.Errorf("the guide has %d lines to follow, and %d messages came", lines, g.checked)
	}
}

// TestRealtimeGuideWithoutWebSocket connects as the guide says for networks that let no WebSocket through.
func TestRealtimeGuideWithoutWebSocket(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	connect := `{"id":1,"connect":{"token":"` + s.Users.Viewer.Token + `"}}`
	for name, request := range map[string]struct{ method, path, body string }{
		"http_stream": {http.MethodPost, realtime.PathHTTPStream, connect},
		"sse":         {http.MethodGet, realtime.PathSSE + "?cf_connect=" + url.QueryEscape(connect), ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, request.method, s.URL()+request.path, strings.NewReader(request.body))
			if err != nil {
				t.Fatal(err)
			}
			stream, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Body.Close()
			replies := bufio.NewScanner(stream.Body)
			var connected struct {
				Connect struct{ Session, Node string }
			}
			nextReply(t, replies, 1, &connected)
			command := `{"id":2,"subscribe":{"channel":"room:writers"}}`
			sent := s.Do(http.MethodPost, realtime.PathEmulation, "", obj{
				"session": connected.Connect.Session, "node": connected.Connect.Node, "data": command,
			})
			if sent.Status >= http.StatusMultipleChoices {
				t.Fatalf("answer %d %s", sent.Status, sent.Body)
			}
			var subscribed struct{ Subscribe struct{ Recoverable bool } }
			if nextReply(t, replies, 2, &subscribed); !subscribed.Subscribe.Recoverable {
				t.Error("not subscribed")
			}
		})
	}
}

// nextReply reads up to the reply to a command, whose lines may have the prefix of server-sent events.
func nextReply(t *testing.T, replies *bufio.Scanner, id int, into any) {
	t.Helper()
	for replies.Scan() {
		line := []byte(strings.TrimPrefix(replies.Text(), "data: "))
		var reply struct{ ID int }
		if json.Unmarshal(line, &reply) == nil && reply.ID == id {
			if err := json.Unmarshal(line, into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no reply %d: %v", id, replies.Err())
}

type guide struct {
	t      *testing.T
	s      *apptest.Server
	values map[string]string // of the words in capitals
	socket *websocket.Conn
	came   chan any // messages, or the close code at the end
	heard  []any    // that nothing in the guide was about yet

	asyncAPI *jsonschema.Compiler
	messages obj // of the AsyncAPI document
	checked  int
}

const asyncAPIURL = "callboard:asyncapi.json"

func (g *guide) readAsyncAPI() {
	g.t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(g.s.Do(http.MethodGet, "/asyncapi.json", "", nil).Body))
	if err != nil {
		g.t.Fatal(err)
	}
	g.messages = document.(obj)["components"].(obj)["messages"].(obj)
	g.asyncAPI = jsonschema.NewCompiler()
	g.asyncAPI.AssertFormat()
	if err := g.asyncAPI.AddResource(asyncAPIURL, document); err != nil {
		g.t.Fatal(err)
	}
}

// check holds a message that was pushed to what the AsyncAPI document says of it.
func (g *guide) check(message any) {
	g.t.Helper()
	push, _ := message.(obj)["push"].(obj)
	pub, _ := push["pub"].(obj)
	data, ok := pub["data"].(obj)
	if !ok {
		return
	}
	name, _ := data["event"].(string)
	if data["direct"] == true || g.messages[name] == nil {
		name = "own_message"
	}
	schema, err := g.asyncAPI.Compile(asyncAPIURL + "#/components/messages/" + name + "/payload")
	if err == nil {
		err = schema.Validate(data)
	}
	if err != nil {
		g.t.Errorf("%s is not as the AsyncAPI document says: %v", asJSON(data), err)
	}
	g.checked++
}

// follow does what a line says.
func (g *guide) follow(line string) {
	g.t.Helper()
	for name, value := range g.values {
		line = strings.ReplaceAll(line, name, value)
	}
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case word == "→":
		g.send(rest)
	case word == "←" && strings.HasPrefix(rest, "close "):
		g.expect(line, rest)
	case word == "←":
		var want any
		if err := json.Unmarshal([]byte(rest), &want); err != nil {
			g.t.Fatalf("%s: %v", line, err)
		}
		g.expect(line, want)
	default:
		path, body, _ := strings.Cut(rest, " ")
		g.call(word, path, body)
	}
}

func (g *guide) call(method, path, body string) {
	g.t.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	r := g.s.Raw(method, path, g.s.Users.Admin.Token, header, strings.NewReader(body))
	var answer any
	if err := r.JSON(&answer); err != nil || r.Status >= http.StatusMultipleChoices {
		g.t.Fatalf("%s %s: answer %d %s", method, path, r.Status, r.Body)
	}
	if method == http.MethodGet {
		g.heard = append(g.heard, answer)
		return
	}
	g.s.Settle()
}

// send sends a frame; connect has a connection of its own.
func (g *guide) send(frame string) {
	g.t.Helper()
	if strings.Contains(frame, `"connect"`) {
		g.hangUp()
		socket, answer, err := websocket.DefaultDialer.DialContext(g.t.Context(), strings.Replace(g.s.URL(), "http", "ws", 1)+realtime.PathWebSocket, nil)
		if err != nil {
			g.t.Fatal(err)
		}
		_ = answer.Body.Close()
		g.socket, g.came, g.heard = socket, make(chan any, 1000), nil
		go listen(socket, g.came)
	}
	if err := g.socket.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		g.t.Fatal(err)
	}
}

func (g *guide) hangUp() {
	if g.socket != nil {
		_ = g.socket.Close()
	}
}

// listen passes on what comes, and at last the code with which it ended.
func listen(socket *websocket.Conn, came chan<- any) {
	defer close(came)
	for {
		_, frame, err := socket.ReadMessage()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			came <- fmt.Sprintf("close %d", closed.Code)
		}
		if err != nil {
			return
		}
		for line := range strings.Lines(string(frame)) {
			var message any
			if json.Unmarshal([]byte(line), &message) == nil {
				came <- message
			}
		}
	}
}

// expect waits for what a line says that comes.
func (g *guide) expect(line string, want any) {
	g.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		for i, got := range g.heard {
			if g.matches(want, got) {
				g.heard = append(g.heard[:i:i], g.heard[i+1:]...)
				return
			}
		}
		select {
		case message, open := <-g.came:
			if !open {
				g.t.Fatalf("%s\nthe connection has ended; what came: %s", line, asJSON(g.heard))
			}
			g.heard = append(g.heard, message)
			if _, ok := message.(obj); ok {
				g.check(message)
			}
		case <-timeout:
			g.t.Fatalf("%s\ndid not come; what came: %s", line, asJSON(g.heard))
		}
	}
}

// matches reports whether got has everything that want has. A word in capitals that has no value yet gets it.
func (g *guide) matches(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		for name, value := range want {
			part, there := object[name]
			if ok = ok && there && g.matches(value, part); !ok {
				return false
			}
		}
		return ok
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		for i := range want {
			if !g.matches(want[i], list[i]) {
				return false
			}
		}
		return true
	case string:
		if want == "EPOCH" {
			g.values[want], _ = got.(string)
			return g.values[want] != ""
		}
		return want == "…" || want == got
	}
	return reflect.DeepEqual(want, got)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
