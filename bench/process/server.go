// Package process starts and stops the programs that are measured, and reads what they cost: CPU and memory as the kernel
// counts them, and the rows in their databases.
package process

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
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 20 * time.Second
	tailSize     = 4 << 10
)

// Server is a program that answers HTTP requests.
type Server struct {
	Kind     string // callboard, express, pocketbase or centrifuge
	URL      string
	PID      int
	Tokens   map[string]string // by the name of the user
	Off      bool              // nothing follows from a write
	Others   []*Server         // further nodes on the same database
	Database string            // the URL of the PostgreSQL database or the path of the SQLite file that it writes

	greeting string // the line in which it told where it is
	vic      string // ID of the user who is told when the server has settled
	marks    int    // how often it has

	cmd   *exec.Cmd
	log   *tail
	ended chan struct{}
}

// start runs the command until it prints where it is.
func start(ctx context.Context, kind string, cmd *exec.Cmd) (*Server, error) {
	s := &Server{Kind: kind, Tokens: map[string]string{}, cmd: cmd, log: &tail{}, ended: make(chan struct{})}
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", kind, err)
	}
	// A process whose parent is killed would go on measuring nothing.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", kind, err)
	}
	s.PID = cmd.Process.Pid
	address := regexp.MustCompile(` is at (http://[^/\s]+)`)
	told := make(chan string, 1)
	go s.follow(out, address, told)
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case s.greeting = <-told:
		s.URL = address.FindStringSubmatch(s.greeting)[1]
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("%s ended: %s", kind, s.log)
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("%s does not answer: %w: %s", kind, ctx.Err(), s.log), s.Stop(context.WithoutCancel(ctx)))
	}
}

// follow reads what the program prints until it ends.
func (s *Server) follow(out io.Reader, address *regexp.Regexp, told chan<- string) {
	defer close(s.ended)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if line := lines.Text(); address.MatchString(line) {
			told <- line
			break
		}
	}
	_, _ = io.Copy(io.Discard, out) // whatever else it prints
	_ = s.cmd.Wait()                // how it ended is of interest to Stop alone
}

// Nodes returns the server and the others on its database.
func (s *Server) Nodes() []*Server { return append([]*Server{s}, s.Others...) }

// URLs returns those of all nodes.
func (s *Server) URLs() (urls []string) {
	for _, n := range s.Nodes() {
		urls = append(urls, n.URL)
	}
	return urls
}

// Stop asks the program, and the others on its database, to end and waits until it has.
func (s *Server) Stop(ctx context.Context) (err error) {
	for _, n := range s.Others {
		err = errors.Join(err, n.Stop(ctx))
	}
	return errors.Join(err, s.end(ctx))
}

func (s *Server) end(ctx context.Context) error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", s.Kind, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	select {
	case <-s.ended:
		return nil
	case <-ctx.Done():
		err := s.cmd.Process.Kill()
		<-s.ended
		return errors.Join(fmt.Errorf("%s did not stop when asked", s.Kind), err)
	}
}

// Ask sends a request as a user, and decodes the answer into the value unless that is nil.
func (s *Server) Ask(ctx context.Context, method, path, user, body string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask %s: %w", s.Kind, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.Tokens[user])
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", s.Kind, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s", answer.Status, text)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %s %s: %w", s.Kind, method, path, err)
	}
	return nil
}

// tail keeps the end of what a program has logged.
type tail struct {
	mutex sync.Mutex
	end   []byte
}

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.end = append(t.end, p...)
	t.end = t.end[max(0, len(t.end)-tailSize):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(bytes.TrimSpace(t.end))
}
