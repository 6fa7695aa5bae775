package examples_test

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
)

// systemPython is Debian's, whose packages these are; another one may come first in PATH.
const systemPython = "/usr/bin/python3"

// TestPython runs the pipeline's commands, as their users would.
func TestPython(t *testing.T) {
	t.Parallel()
	if err := exec.Command(systemPython, "-c", "import requests, websockets").Run(); err != nil { // of python3-requests and python3-websockets
		needtest.Missing(t, "python", err)
	}
	board := apptest.NewBinary(t, apptest.Options{})
	board.Start()
	board.Settle()
	link := startRelay(t, board.URL)
	vera := board.Users.Viewer
	as := func(token string) []string { return []string{"CALLBOARD_URL=" + link.url, "CALLBOARD_TOKEN=" + token} }
	command := func(token string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), systemPython, append([]string{"pipeline.py"}, args...)...)
		cmd.Dir, cmd.Env = "python", append(cmd.Environ(), as(token)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}

	follower := start(t, "python", as(vera.Token), systemPython, "pipeline.py", "follow", "--after", "0")
	hear := func(event string) obj {
		t.Helper()
		for {
			var message obj
			if err := json.Unmarshal([]byte(follower.next()), &message); err != nil {
				t.Fatal(err)
			}
			if message["event"] == event {
				return message
			}
		}
	}
	marker := func(name string) {
		board.Want(202, http.MethodPost, "/api/v1/socket/broadcast", board.Users.Service, obj{"event": name}, nil)
	}
	marker("begun")
	hear("begun") // by position or by socket
	command(board.Users.Service, "deliver", "S01E03-v2", "a.mov", "--by", vera.ID, "--notify", vera.ID, "--notify", "role:editor")
	heard := hear("notification")
	if heard["data"].(obj)["notification"].(obj)["message"] != "S01E03-v2 was delivered" {
		t.Errorf("heard %v", heard)
	}
	var log []obj
	board.Want(200, http.MethodGet, "/api/v1/activity/resource/cut/S01E03-v2?wait=true", vera.Token, nil, &log)
	if len(log) != 1 || log[0]["action"] != "delivered_cut" || log[0]["user_id"] != vera.ID {
		t.Errorf("the log says %v", log)
	}
	if inbox := command(vera.Token, "inbox"); strings.Count(inbox, "\n") != 1 || !strings.Contains(inbox, "unread\tcut_delivered\tS01E03-v2 was delivered") {
		t.Errorf("the inbox is %q", inbox)
	}
	if inbox := command(board.Users.Editor.Token, "inbox"); !strings.Contains(inbox, "S01E03-v2") {
		t.Errorf("the editor's inbox is %q", inbox)
	}

	marker("before")
	hear("before")
	link.cut()
	marker("meanwhile")
	marker("meanwhile_too")
	link.mend()
	hear("meanwhile")
	marker("after")
	for _, want := range []string{"meanwhile_too", "after"} { // nothing between, nothing twice
		var message obj
		if err := json.Unmarshal([]byte(follower.next()), &message); err != nil || message["event"] != want {
			t.Fatalf("heard %v, want %s", message, want)
		}
	}
}
