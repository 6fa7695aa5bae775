// Package process starts and stops the programs that are measured, and reads what they cost: CPU and memory as the kernel
// counts them, and the rows in their databases.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
)

// Server is a program that answers HTTP requests.
type Server struct {
	Name   string
	URL    string
	PID    int
	Tokens map[string]string // by the name of the user
	IDs    map[string]string // of the users, by name; nil where they do not matter

	// Database is the URL of the PostgreSQL database or the path of the SQLite file that it writes.
	Database string

	greeting string // the line in which it told where it is

	cmd   *exec.Cmd
	log   *tail
	ended chan struct{}
}

// Host returns the address to connect to.
func (s *Server) Host() string { return strings.TrimPrefix(s.URL, "http://") }

// start runs the command until it tells where it is.
func start(ctx context.Context, name string, cmd *exec.Cmd) (*Server, error) {
	s := &Server{Name: name, cmd: cmd, log: &tail{}, ended: make(chan struct{})}
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	// A process whose parent is killed would go on measuring nothing.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
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
		return nil, fmt.Errorf("%s ended: %s", name, s.log)
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("%s does not answer: %w: %s", name, ctx.Err(), s.log), s.Stop(context.WithoutCancel(ctx)))
	}
}

// follow reads what the program prints until it ends.
func (s *Server) follow(out io.Reader, address *regexp.Regexp, told chan<- string) {
	defer close(s.ended)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if line := lines.Text(); address.MatchString(line) {
			told <- line
			break
		}
	}
	_, _ = io.Copy(io.Discard, out) // whatever else it prints
	_ = s.cmd.Wait()                // how it ended is of interest to Stop alone
}

// Stop asks the program to end and waits until it has.
func (s *Server) Stop(ctx context.Context) error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", s.Name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	select {
	case <-s.ended:
		return nil
	case <-ctx.Done():
		err := s.cmd.Process.Kill()
		<-s.ended
		return errors.Join(fmt.Errorf("%s did not stop when asked", s.Name), err)
	}
}

// tail keeps the end of what a program has logged.
type tail struct {
	mutex sync.Mutex
	buf   bytes.Buffer
}

const tailSize = 4 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.buf.Write(p)
	if over := t.buf.Len() - tailSize; over > 0 {
		t.buf.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return strings.TrimSpace(t.buf.String())
}
