package apptest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/sqldb"
)

// How many tests run at once unless -parallel says so: those of whole servers wait more than they compute, but for the race
// detector, which runs with -short. Seven that start three nodes each take all of PostgreSQL's 100 connections.
const (
	parallel      = "4"
	parallelShort = "3"
)

// Main runs the tests of a package that starts servers, and removes the binary of NewBinary afterwards. It is for TestMain.
func Main(m *testing.M) int {
	defer built.remove()
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "test.parallel" })
	if !set {
		n := parallel
		if testing.Short() {
			n = parallelShort
		}
		_ = flag.Set("test.parallel", n) // it is a number
	}
	return m.Run()
}

// built is the binary of this test process, unless CALLBOARD_BIN names one: linking it takes seconds, and many tests run it.
//
//nolint:gochecknoglobals // one per process
var built buildOnce

type buildOnce struct {
	once sync.Once
	dir  string
	err  error
}

func (b *buildOnce) path(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("CALLBOARD_BIN"); path != "" {
		if _, err := os.Stat(path); err != nil { // looking at it also tells go test when a result that it has kept is too old
			t.Fatal(err)
		}
		return path
	}
	b.once.Do(func() {
		if b.dir, b.err = os.MkdirTemp("", "callboard-apptest-"); b.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", b.dir, "github.com/callboard/callboard/cmd/callboard")
		if out, err := build.CombinedOutput(); err != nil {
			b.err = fmt.Errorf("build the binary: %w\n%s", err, out)
		}
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return filepath.Join(b.dir, "callboard")
}

func (b *buildOnce) remove() {
	if b.dir != "" {
		_ = os.RemoveAll(b.dir) // the system clears it some day
	}
}

// Program returns the path of the binary that NewBinary runs.
func Program(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: a binary of its own takes its time, and the race detector does not see into it")
	}
	return built.path(t)
}

// Binary is the command line on a database of its own, and at most one server of it.
type Binary struct {
	Site
	Config app.Config
	Log    *Log // of all servers started so far

	path string
	env  []string
	cmd  *exec.Cmd
	from int           // where the log of the server that runs now begins
	done chan struct{} // closed when it has ended
}

// NewBinary builds the binary, once per test process, and makes a fresh database with users of each role for it. Start
// starts the server. Of the settings that o changes, only those in env reach the binary: NAME=value, as for serve.
func NewBinary(t testing.TB, o Options, env ...string) *Binary {
	t.Helper()
	path := Program(t)
	cfg, log := newConfig(t, o)
	b := &Binary{Config: cfg, Log: log, path: path}
	b.env = append(os.Environ(), "DATA_DIR="+cfg.DataDir, "DATABASE_URL="+cfg.DatabaseURL, "HTTP_ADDR=127.0.0.1:0",
		"DATABASE_MAX_CONNS="+strconv.Itoa(databaseConns))
	b.env = append(b.env, env...)
	a, err := app.New(t.Context(), cfg)
	if err != nil {
		t.Fatalf("make the database: %v", err)
	}
	b.init(t, newUsers(t, a.Accounts))
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.cleanUp)
	return b
}

// Beside returns another server of the same database, with the same users and settings but for those in env, that is not started yet.
func (b *Binary) Beside(env ...string) *Binary {
	other := &Binary{Config: b.Config, Log: newLog(b.t), path: b.path, env: slices.Concat(b.env, env)}
	other.init(b.t, b.Users)
	b.t.Cleanup(other.cleanUp)
	return other
}

// Of returns the program at a path, such as one of another version, on the same database, with the same users and settings.
func (b *Binary) Of(path string) *Binary {
	other := b.Beside()
	other.path = path
	return other
}

func (b *Binary) cleanUp() {
	if b.cmd != nil {
		b.Kill()
	}
}

// Start starts the server and returns when it is ready.
func (b *Binary) Start() {
	b.t.Helper()
	b.Launch()
	if !b.Await("Callboard is at ") {
		b.t.Fatal("the server does not start")
	}
	Eventually(b.t, "the server is ready", func() error {
		r, err := b.Try(context.Background(), http.MethodGet, "/readyz", "", nil)
		if err == nil && r.Status != http.StatusOK {
			err = fmt.Errorf("answer %d %s", r.Status, r.Body)
		}
		return err
	})
}

// Launch starts the server and returns at once. URL follows as soon as the server listens.
func (b *Binary) Launch() {
	b.t.Helper()
	b.from, b.done = b.Log.size(), make(chan struct{})
	b.url.Store(new(nowhere))
	b.cmd = exec.Command(b.path, "serve")
	b.cmd.Env, b.cmd.Stdout, b.cmd.Stderr = b.env, b.Log, b.Log
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // the exit code is in its state
		close(done)
	}(b.cmd, b.done)
	go func(from int, done chan struct{}) {
		if line, found := b.Log.await(from, "msg=listening addr=", done); found {
			addr, _, _ := strings.Cut(line, " ")
			url := "http://" + addr
			b.url.Store(&url)
		}
	}(b.from, b.done)
}

// Await waits until the server that runs now has logged or printed a line that contains mark. It returns false when the
// server has ended without, or never does.
func (b *Binary) Await(mark string) bool {
	_, found := b.Log.await(b.from, mark, b.done)
	return found
}

// Kill ends the server as a crash does, with SIGKILL, and returns when it is gone.
func (b *Binary) Kill() {
	b.t.Helper()
	b.end(syscall.SIGKILL)
}

// Stop ends the server with SIGTERM, waits until it has stopped by itself, and returns its exit code.
func (b *Binary) Stop() int {
	b.t.Helper()
	return b.end(syscall.SIGTERM)
}

// Signal sends the server a signal that it lives on with, such as SIGSTOP.
func (b *Binary) Signal(sig os.Signal) {
	b.t.Helper()
	if err := b.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		b.t.Fatalf("signal the server: %v", err)
	}
}

func (b *Binary) end(sig os.Signal) int {
	b.t.Helper()
	b.Signal(sig)
	select {
	case <-b.done:
	case <-time.After(patience):
		b.t.Errorf("the server does not end upon %v", sig)
		_ = b.cmd.Process.Kill()
		<-b.done
	}
	code := b.cmd.ProcessState.ExitCode()
	b.cmd = nil
	return code
}

// Run runs another command on the same data, beside the server if one runs, and returns its exit code and what it wrote.
func (b *Binary) Run(args ...string) (code int, stdout, stderr string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, b.path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = b.env, &out, &errs
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		b.t.Fatalf("run callboard %v: %v", args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// OpenDB opens the database from the test's process. Doing so on SQLite keeps the next server from having to recover the
// file after a crash, so a test of crashes opens it after the last one.
func (b *Binary) OpenDB() *sqldb.DB {
	b.t.Helper()
	db, err := app.OpenDB(b.t.Context(), b.Config)
	if err != nil {
		b.t.Fatalf("open the database: %v", err)
	}
	b.t.Cleanup(func() { _ = db.Close() })
	return db
}
