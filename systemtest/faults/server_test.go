//go:build linux

package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
)

// server is a PostgreSQL or a Redis of our own, which can be stopped, killed and started again on the same port and folder.
type server struct {
	t      *testing.T
	name   string
	port   int
	path   string
	args   []string
	dir    string
	owner  *syscall.Credential // who runs it; nil: we ourselves
	answer func() error        // nil once it serves
	cmd    *exec.Cmd
	done   chan struct{} // closed when it has ended
	output bytes.Buffer
}

// addr returns where the server listens.
func (s *server) addr() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.path, s.args...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, &s.output, &s.output
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("start %s: %v", s.name, err)
	}
	s.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // how it ended is what the test has asked for
		close(done)
	}(s.cmd, s.done)
	apptest.Eventually(s.t, s.name+" answers", s.answer)
}

// end sends a signal that the server ends with, and returns when it has.
func (s *server) end(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatalf("end %s: %v", s.name, err)
	}
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("%s does not end", s.name)
	}
}

// signal sends a signal to the server and all processes that it has.
func (s *server) signal(sig syscall.Signal) {
	s.t.Helper()
	for _, pid := range append(children(s.t, s.cmd.Process.Pid), s.cmd.Process.Pid) {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			s.t.Fatalf("signal %s: %v", s.name, err)
		}
	}
}

// children returns the processes that a process has started. PostgreSQL's are sessions of their own, so that no group names them.
func children(t *testing.T, of int) (pids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil { // it has ended
			continue
		}
		after := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // state, parent, …
		if len(after) > 1 && after[1] == strconv.Itoa(of) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// newPostgres starts a PostgreSQL in a folder of its own, with an empty database "callboard" that a role of that name owns.
func newPostgres(t *testing.T) *server {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		needtest.Missing(t, "postgres", errors.New("initdb is not below /usr/lib/postgresql"))
	}
	bin := filepath.Dir(found[len(found)-1])
	s := &server{t: t, name: "PostgreSQL", port: freePort(t), path: filepath.Join(bin, "postgres"), dir: folder(t)}
	if os.Getuid() == 0 {
		s.owner = credentialOf(t, "postgres") // PostgreSQL refuses to run as root
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(program string, args ...string) {
		cmd := exec.Command(filepath.Join(bin, program), args...)
		cmd.Dir, cmd.SysProcAttr = s.dir, &syscall.SysProcAttr{Credential: s.owner}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", program, err, out)
		}
	}
	data, port := filepath.Join(s.dir, "data"), strconv.Itoa(s.port)
	run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "--no-locale", "-E", "UTF8")
	// It need not survive a power cut: what a killed process has written, the system still has.
	s.args = []string{"-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + s.dir,
		"-c", "fsync=off", "-c", "max_connections=80", "-c", "shared_buffers=64MB"}
	s.answer = func() error {
		out, err := exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w %s", err, out)
		}
		return nil
	}
	s.start()
	t.Cleanup(func() {
		s.signal(syscall.SIGCONT)
		s.end(syscall.SIGQUIT)
	})
	run("createuser", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "callboard")
	run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-O", "callboard", "callboard")
	return s
}

// newRedis starts a Redis that keeps nothing on disk. More settings follow as for its command line.
func newRedis(t *testing.T, settings ...string) *server {
	t.Helper()
	return newServerOfRedis(t, "Redis", append([]string{"--save", "", "--appendonly", "no"}, settings...)...)
}

// newServerOfRedis starts the program of Redis, which is also that of its Sentinel.
func newServerOfRedis(t *testing.T, name string, args ...string) *server {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		needtest.Missing(t, "redis", err)
	}
	s := &server{t: t, name: name, port: freePort(t), path: path, dir: folder(t)}
	s.args = append(args, "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1")
	s.answer = func() error {
		answer, err := s.command("PING")
		if err == nil && answer != "+PONG" {
			err = errors.New(answer)
		}
		return err
	}
	s.start()
	t.Cleanup(func() {
		s.signal(syscall.SIGCONT)
		s.end(syscall.SIGKILL)
	})
	return s
}

// command sends one command to Redis, and returns the first line of the answer.
func (s *server) command(words ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := fmt.Fprintf(conn, "%s\r\n", strings.Join(words, " ")); err != nil {
		return "", err
	}
	answer := make([]byte, 256)
	n, err := conn.Read(answer)
	line, _, _ := strings.Cut(string(answer[:n]), "\r\n")
	return line, err
}

// mustCommand is command of what Redis must carry out.
func (s *server) mustCommand(words ...string) {
	s.t.Helper()
	if answer, err := s.command(words...); err != nil || strings.HasPrefix(answer, "-") {
		s.t.Fatalf("%s: %s %v", strings.Join(words, " "), answer, err)
	}
}

func credentialOf(t *testing.T, name string) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		needtest.Missing(t, "postgres", err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32) // on Linux they are numbers
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// folder returns a folder that other users may reach, unlike those of testing.T.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "callboard-faults-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// freePort returns a port below those that the system gives to outgoing connections, so that it is still free after a restart.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		port := 20_000 + rand.IntN(10_000)
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
}
