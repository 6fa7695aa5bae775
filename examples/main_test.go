// The examples in this folder are run as people run them, beside the real binary, and what they leave is looked at. The one
// in Go is a module of its own, with tests of its own.
package examples_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
)

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }

type obj = map[string]any

// patience is far beyond what anything here takes.
const patience = 2 * time.Minute

// program is an example that runs.
type program struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan string // of its standard output; closed at its end
}

// start starts an example in its folder, and ends it with the test.
func start(t *testing.T, dir string, env []string, command ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(command[0], command[1:]...), lines: make(chan string, 1000)}
	var errs bytes.Buffer
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = dir, append(os.Environ(), env...), &errs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		for range p.lines { // Wait closes the pipe
		}
		_ = p.cmd.Wait()
		if t.Failed() {
			t.Logf("%s in %s wrote to its standard error:\n%s", strings.Join(command, " "), dir, &errs)
		}
	})
	return p
}

// next returns the next line of the standard output.
func (p *program) next() string {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok {
			p.t.Fatal("the program has ended")
		}
		return line
	case <-time.After(patience):
		p.t.Fatal("the program writes nothing")
	}
	return ""
}

// call makes a request to an example. What it answers is decoded into out, if not nil.
func call(t *testing.T, status int, method, url, token string, body, out any) {
	t.Helper()
	var content []byte
	var err error
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if content, err = io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != status {
		t.Fatalf("%s %s: answer %d %s, want %d", method, url, answer.StatusCode, content, status)
	}
	if out != nil {
		if err := json.Unmarshal(content, out); err != nil {
			t.Fatalf("%s %s: answer %s: %v", method, url, content, err)
		}
	}
}

// relay is the address at which an example finds Callboard: it stays the same when the server is started again, and it can be cut.
type relay struct {
	url    string
	target func() string // "http://127.0.0.1:40123"

	mu    sync.Mutex
	down  bool
	conns []net.Conn
}

func startRelay(t *testing.T, target func() string) *relay {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{url: "http://" + listener.Addr().String(), target: target}
	t.Cleanup(func() {
		_ = listener.Close()
		r.cut()
	})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go r.carry(conn)
		}
	}()
	return r
}

func (r *relay) carry(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", strings.TrimPrefix(r.target(), "http://"))
	if err != nil {
		return
	}
	defer far.Close()
	r.mu.Lock()
	down := r.down
	r.conns = append(r.conns, near, far)
	r.mu.Unlock()
	if down {
		return
	}
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
}

// cut ends all connections, and lets none through until mend is called.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = true
	for _, conn := range r.conns {
		_ = conn.Close()
	}
	r.conns = nil
}

func (r *relay) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = false
}
