package examples_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// expressApp is the application on Express, beside a server.
type expressApp struct {
	t     *testing.T
	board *apptest.Binary
	url   string
}

func startExpress(t *testing.T) *expressApp {
	t.Helper()
	if _, err := os.Stat("express/node_modules/callboard"); err != nil { // make installs what the example needs
		needtest.Missing(t, "node", err)
	}
	const secret = "the secret that both of them share"
	board := apptest.NewBinary(t, apptest.Options{}, "JWT_SECRET="+secret)
	board.Start()
	board.Settle()
	link := startRelay(t, board.URL)
	env := []string{"PORT=0", "CALLBOARD_URL=" + link.url, "CALLBOARD_TOKEN=" + board.Users.Service, "CALLBOARD_JWT_SECRET=" + secret}
	_, url, found := strings.Cut(start(t, "express", env, "node", "server.js").next(), " are at ")
	if !found {
		t.Fatal("it does not tell where it is")
	}
	return &expressApp{t: t, board: board, url: url}
}

func (a *expressApp) want(status int, user, method, path string, body, out any) {
	a.t.Helper()
	call(a.t, status, method, a.url+path, user, body, out)
}

// create has Ben create an episode, and returns its ID.
func (a *expressApp) create(title string) string {
	a.t.Helper()
	var created struct{ Data struct{ ID string } }
	a.want(201, "ben", http.MethodPost, "/episodes", obj{"title": title}, &created)
	return created.Data.ID
}

// token returns what a page of the user has for Callboard.
func (a *expressApp) token(user string) string {
	a.t.Helper()
	var out struct{ Token string }
	a.want(200, user, http.MethodGet, "/callboard-token", nil, &out)
	return out.Token
}

// awaitLog waits until the log tells of the episode what is wanted, in any order: the calls of one request go at the same time
// as those of others.
func (a *expressApp) awaitLog(id string, want ...string) {
	a.t.Helper()
	apptest.Eventually(a.t, fmt.Sprintf("the log has %v", want), func() error {
		var entries []struct {
			UserID string `json:"user_id"`
			Action string
		}
		a.board.Want(200, http.MethodGet, "/api/v1/activity/resource/app.episode/"+id+"?wait=true", a.board.Users.Viewer.Token, nil, &entries)
		left := strings.Join(want, "; ")
		for _, e := range entries {
			left = strings.Replace(left, e.UserID+" "+e.Action, "", 1)
		}
		if strings.Trim(left, "; ") != "" || len(entries) != len(want) {
			return fmt.Errorf("it has %v", entries)
		}
		return nil
	})
}

// awaitInbox waits until the inbox of the user has the messages, the newest first.
func (a *expressApp) awaitInbox(user string, want ...string) {
	a.t.Helper()
	token := a.token(user)
	apptest.Eventually(a.t, user+" is notified", func() error {
		var entries []struct{ Message string }
		a.board.Want(200, http.MethodGet, "/api/v1/notifications?wait=true", token, nil, &entries)
		var got []string
		for _, e := range entries {
			got = append(got, e.Message)
		}
		if strings.Join(got, "; ") != strings.Join(want, "; ") {
			return fmt.Errorf("%s has %q", user, got)
		}
		return nil
	})
}

func hear(t *testing.T, socket *realtimetest.Client, event, part string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	push, err := socket.NextOf(ctx, event)
	if err != nil || !strings.Contains(string(push.Message.Data), part) {
		t.Errorf("heard %+v, %v; want %s with %s", push.Message, err, event, part)
	}
}

// TestExpress drives the application, and looks at what it leaves on the board.
func TestExpress(t *testing.T) {
	t.Parallel()
	a := startExpress(t)
	vera := a.board.Dial(a.token("vera"))
	id := a.create("Pilot")
	path := "/episodes/" + id
	hear(t, vera, "episode_created", id)
	a.awaitInbox("vera", `Ben created "Pilot"`)
	a.want(200, "ada", http.MethodPut, path, obj{"title": "The Pilot"}, nil)
	hear(t, vera, "episode_updated", "The Pilot")
	a.awaitInbox("ben", `Ada updated "The Pilot"`)

	apptest.Eventually(t, "those who look at it are shown", func() error {
		var got struct {
			Viewers []struct{ UserID string }
		}
		a.want(200, "ada", http.MethodGet, path, nil, nil)
		a.want(200, "vera", http.MethodGet, path, nil, &got)
		if len(got.Viewers) != 2 {
			return fmt.Errorf("%+v", got)
		}
		return nil
	})
	a.want(200, "ben", http.MethodDelete, path, nil, nil)
	hear(t, vera, "episode_deleted", id)
	a.awaitLog(id, "42 created_episode", "7 updated_episode", "42 deleted_episode")
}

// TestExpressWithoutCallboard stops Callboard: the application goes on, and what it told meanwhile arrives later, once.
func TestExpressWithoutCallboard(t *testing.T) {
	t.Parallel()
	a := startExpress(t)
	if code := a.board.Stop(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	began := time.Now()
	id := a.create("Pilot")
	path := "/episodes/" + id
	a.want(200, "ada", http.MethodPut, path, obj{"title": "The Pilot"}, nil)
	var got struct{ Viewers []any }
	a.want(200, "vera", http.MethodGet, path, nil, &got)
	if len(got.Viewers) != 0 {
		t.Errorf("viewers of a board that is away: %v", got.Viewers)
	}
	if took := time.Since(began); took > 30*time.Second { // it repeats for a minute
		t.Errorf("the requests took %v: they waited for Callboard", took)
	}
	a.board.Start()
	a.awaitLog(id, "42 created_episode", "7 updated_episode")
	a.awaitInbox("ben", `Ada updated "The Pilot"`)
}
