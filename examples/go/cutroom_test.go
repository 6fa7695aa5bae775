// Package cutroom tests the application in both forms: before Callboard, and after.
package cutroom

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

type obj = map[string]any

// patience is far beyond what anything here takes.
const patience = time.Minute

// binaries is the folder with both programs.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if binaries, err = os.MkdirTemp("", "cutroom-"); err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(binaries)
	if out, err := exec.Command("go", "build", "-o", binaries, "./before", "./after").CombinedOutput(); err != nil {
		fmt.Printf("build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

const maxDiff = 60 // lines, added and removed

func TestTheDiffIsSmall(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("diff", "-u", "before/main.go", "after/main.go").Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Fatalf("diff: %v", err)
	}
	changed := len(regexp.MustCompile(`(?m)^[+-]`).FindAll(out, -1)) - len("+-") // the names of the files
	if changed > maxDiff {
		t.Errorf("%d lines differ, want %d at most:\n%s", changed, maxDiff, out)
	}
	t.Logf("%d lines differ", changed)
}

// cutroom is one of the programs, on a database of its own.
type cutroom struct {
	t    *testing.T
	name string
	dir  string
	env  []string
	cmd  *exec.Cmd
	url  string
	errs bytes.Buffer
}

func newCutroom(t *testing.T, name, kind string) *cutroom {
	t.Helper()
	c := &cutroom{t: t, name: name, dir: t.TempDir(), env: append(os.Environ(), "ADDR=127.0.0.1:0", "DATABASE_URL=")}
	if kind == sqldbtest.Postgres {
		c.env = append(c.env, "DATABASE_URL="+sqldbtest.URL(t, kind))
	}
	t.Cleanup(func() {
		c.kill()
		if t.Failed() {
			t.Logf("the log:\n%s", &c.errs)
		}
	})
	c.start()
	return c
}

func (c *cutroom) start() {
	c.t.Helper()
	c.cmd = exec.Command(filepath.Join(binaries, c.name))
	c.cmd.Dir, c.cmd.Env, c.cmd.Stderr = c.dir, c.env, &c.errs
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), " is at ")
	if err != nil || !found {
		c.t.Fatalf("it does not start: %q, %v", line, err)
	}
	c.url = url
}

func (c *cutroom) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// want makes a request as the user of a session, and decodes the answer into out, if not nil.
func (c *cutroom) want(status int, session, method, path string, body, out any) {
	c.t.Helper()
	got, err := c.call(session, method, path, body, out)
	if err != nil || got != status {
		c.t.Fatalf("%s %s: answer %d, %v; want %d", method, path, got, err, status)
	}
}

func (c *cutroom) call(session, method, path string, body, out any) (int, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequest(method, c.url+path, bytes.NewReader(encoded))
	if err != nil {
		return 0, err
	}
	req.AddCookie(&http.Cookie{Name: "session", Value: session})
	answer, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err == nil && out != nil {
		err = json.Unmarshal(content, out)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", content, err)
	}
	return answer.StatusCode, err
}

type cut struct{ ID, Title, Status string }

// handIn has Ben hand in a cut.
func (c *cutroom) handIn(title string) cut {
	c.t.Helper()
	var cuts []cut
	c.want(201, "ben", http.MethodPost, "/cuts", []obj{{"episode": "S01E03", "title": title}}, &cuts)
	return cuts[0]
}

// TestBothServe has both forms do the same.
func TestBothServe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"before", "after"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sqldbtest.EachKind(t, func(t *testing.T, kind string) {
				c := newCutroom(t, name, kind)
				rough := c.handIn("Rough cut")
				path := "/cuts/" + rough.ID
				c.want(401, "nobody", http.MethodGet, path, nil, nil)
				c.want(200, "ben", http.MethodPatch, path, obj{"title": "Fine cut"}, nil)
				c.want(403, "ben", http.MethodPost, path+"/approve", nil, nil)
				c.want(200, "ada", http.MethodPost, path+"/approve", nil, nil)
				var got struct{ Cut cut }
				c.want(200, "vera", http.MethodGet, path, nil, &got)
				if got.Cut != (cut{rough.ID, "Fine cut", "approved"}) {
					t.Errorf("it is %+v", got.Cut)
				}
				c.want(200, "ben", http.MethodDelete, path, nil, nil)
				c.want(404, "ben", http.MethodGet, path, nil, nil)
			})
		})
	}
}

// entry is a line of the log.
type entry struct {
	Pos      int64
	UserID   string `json:"user_id"`
	UserName string `json:"user_name"`
	Action   string
}

// log waits until the log tells of the cut what is wanted, the newest first.
func (c *cutroom) log(id string, want ...string) (last entry) {
	c.t.Helper()
	c.eventually(fmt.Sprintf("the log has %v", want), func() error {
		var page struct{ Data []entry }
		if status, err := c.call("vera", http.MethodGet, "/callboard/api/v1/activity/resource/cut/"+id, nil, &page); err != nil || status != 200 {
			return fmt.Errorf("answer %d: %w", status, err)
		}
		var got []string
		for _, e := range page.Data {
			got = append(got, e.UserID+" "+e.UserName+" "+e.Action)
		}
		if strings.Join(got, ", ") != strings.Join(want, ", ") {
			return fmt.Errorf("it has %v", got)
		}
		last = page.Data[0]
		return nil
	})
	return last
}

// inbox waits until the message is the newest of the user's inbox.
func (c *cutroom) inbox(session, message string) {
	c.t.Helper()
	c.eventually(session+" is notified", func() error {
		var page struct{ Data []struct{ Message string } }
		status, err := c.call(session, http.MethodGet, "/callboard/api/v1/notifications", nil, &page)
		if err == nil && (len(page.Data) == 0 || page.Data[0].Message != message) {
			err = fmt.Errorf("answer %d: %+v", status, page)
		}
		return err
	})
}

func (c *cutroom) eventually(what string, check func() error) {
	c.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			c.t.Fatalf("never: %s: %v", what, err)
		}
	}
}

// TestEverythingFollows looks for the four effects.
func TestEverythingFollows(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		c := newCutroom(t, "after", kind)
		cookie := &http.Cookie{Name: "session", Value: "vera"}
		socket := realtimetest.Dial(t, c.url+"/callboard/connection/websocket", realtimetest.Options{Cookie: cookie})
		hear := func(event, actor string) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			push, err := socket.NextOf(ctx, event)
			if err != nil || push.Message.Actor.Name != actor {
				t.Fatalf("heard %+v, %v; want %s by %s", push.Message, err, event, actor)
			}
		}
		rough := c.handIn("Rough cut")
		path := "/cuts/" + rough.ID
		hear("cut_created", "Ben")
		c.want(200, "vera", http.MethodPatch, path, obj{"title": "Fine cut"}, nil)
		hear("cut_updated", "Vera")
		c.want(200, "ada", http.MethodPost, path+"/approve", nil, nil)
		hear("cut_approved", "Ada")
		c.inbox("ben", "Ada approved Fine cut")

		var looked struct{ Viewers []struct{ Name string } }
		c.want(200, "ben", http.MethodGet, path, nil, nil)
		c.want(200, "ada", http.MethodGet, path, nil, &looked)
		if len(looked.Viewers) != 2 || looked.Viewers[0].Name != "Ben" || looked.Viewers[1].Name != "Ada" {
			t.Errorf("viewers: %+v", looked.Viewers)
		}
		c.want(200, "ben", http.MethodDelete, path, nil, nil)
		hear("cut_deleted", "Ben")
		c.log(rough.ID, "2 Ben deleted_cut", "1 Ada approved_cut", "42 Vera updated_cut", "2 Ben created_cut")
	})
}

// TestRollback has a transaction fail after its first event: nothing of it is there, and no position is missing.
func TestRollback(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		c := newCutroom(t, "after", kind)
		before := c.log(c.handIn("Rough cut").ID, "2 Ben created_cut")
		both := []obj{{"episode": "S01E03", "title": "Fine cut"}, {"episode": "S01E03", "title": "Rough cut"}}
		c.want(409, "ben", http.MethodPost, "/cuts", both, nil)
		next := c.log(c.handIn("Fine cut").ID, "2 Ben created_cut")
		if next.Pos != before.Pos+1 {
			t.Errorf("the next event has the position %d after %d", next.Pos, before.Pos)
		}
	})
}

// TestKill kills the application right after it has answered.
func TestKill(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		c := newCutroom(t, "after", kind)
		rough := c.handIn("Rough cut")
		c.want(200, "ada", http.MethodPost, "/cuts/"+rough.ID+"/approve", nil, nil)
		c.kill()
		c.start()
		c.log(rough.ID, "1 Ada approved_cut", "2 Ben created_cut")
		c.inbox("ben", "Ada approved Rough cut")
	})
}
