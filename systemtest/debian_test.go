package systemtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
)

// staticBinary is what "make dist" builds for this machine, without the board where that is not built.
var staticBinary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "callboard-static-") // the system clears it some day: it is shared by tests of the long form
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "callboard")
	build := exec.Command("go", "build", "-ldflags=-s -w -X main.version=1.0.0", "-o", binary, "../cmd/callboard")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build a static binary: %w\n%s", err, out)
	}
	return binary, nil
})

// packager is the program that makes packages.
var packager = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "callboard-packager-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "dist")
	if out, err := exec.Command("go", "build", "-C", "../tools/dist", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tools/dist: %w\n%s", err, out)
	}
	return path, nil
})

// needRoot skips a test of the long form that changes its root, and builds the binary that it is about.
func needRoot(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 || size(0, 1) == 0 {
		t.Skip("SKIPPED: it builds a static binary, in the long form, and changes its root, which root alone may")
	}
	binary, err := staticBinary()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// machine is a bare Debian.
type machine struct {
	t    *testing.T
	root string
	pid  string // of its first process, once it is booted
}

// ok runs a command of a shell as root, which must succeed.
func (m machine) ok(script string) string {
	m.t.Helper()
	return output(m.t, "chroot", m.root, "sh", "-ec", script)
}

// as runs a command of Callboard as docs/install.md says.
func (m machine) as(command string) string {
	return "setpriv --reuid=callboard --regid=callboard --init-groups sh -c 'set -a; . /etc/callboard/callboard.env; exec callboard " + command + "'"
}

// start starts what the unit says, as systemd does, and returns what stops it.
func (m machine) start() (stop func()) {
	m.t.Helper()
	unit := m.ok("cat /lib/systemd/system/callboard.service")
	for _, want := range []string{
		"ExecStart=/usr/bin/callboard serve", "EnvironmentFile=/etc/callboard/callboard.env", "User=callboard", "StateDirectory=callboard", "StateDirectoryMode=0700",
	} {
		if !strings.Contains(unit, "\n"+want+"\n") {
			m.t.Fatalf("the unit does not say %s:\n%s", want, unit)
		}
	}
	m.ok("install -d -o callboard -g callboard -m 0700 /var/lib/callboard")
	server := exec.CommandContext(m.t.Context(), "chroot", m.root, "sh", "-c", "cd /; exec "+m.as("serve"))
	if err := server.Start(); err != nil {
		m.t.Fatal(err)
	}
	apptest.Eventually(m.t, "the server is healthy", func() error {
		out, err := exec.CommandContext(m.t.Context(), "chroot", m.root, "sh", "-c", m.as("health")).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		return err
	})
	return func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		if err := server.Wait(); err != nil {
			m.t.Errorf("the server ended with %v", err)
		}
	}
}

// On a bare Debian the package brings a server up, an upgrade keeps its data and settings, and removing it deletes none.
func TestDebian(t *testing.T) {
	t.Parallel()
	needProgram(t, "debootstrap")
	binary := needRoot(t)
	m := machine{t: t, root: filepath.Join(t.TempDir(), "root")}
	output(t, "debootstrap", "--variant=minbase", "bookworm", m.root)
	install := func(version string) {
		t.Helper()
		output(t, "cp", debian(t, binary, version), filepath.Join(m.root, "callboard.deb"))
	}

	install("1.0.0")
	began := time.Now()
	m.ok("dpkg -i /callboard.deb")
	m.ok("sed -i 's/^HTTP_ADDR=.*/HTTP_ADDR=127.0.0.1:" + freePort(t) + "/' /etc/callboard/callboard.env")
	stop := m.start()
	if out := m.ok(m.as("doctor")); strings.Contains(out, "BAD") {
		t.Errorf("callboard doctor:\n%s", out)
	}
	took := time.Since(began)
	t.Logf("from dpkg -i until callboard doctor is green: %s", took.Round(100*time.Millisecond))
	if took > time.Minute {
		t.Errorf("it took %s", took)
	}
	id := m.ok("echo 'correct horse battery' | " + m.as("user add --email ada@example.org --name Ada --role admin --password-stdin"))
	stop()

	install("1.0.1")
	settings := m.ok("cat /etc/callboard/callboard.env")
	m.ok("dpkg -i /callboard.deb")
	if now := m.ok("cat /etc/callboard/callboard.env; stat -c '%a %U %G' /etc/callboard/callboard.env"); now != settings+"640 root callboard\n" {
		t.Errorf("after the upgrade the settings are\n%s\nand were\n%s", now, settings)
	}
	stop = m.start()
	if users := m.ok(m.as("user list")); !strings.Contains(users, "ada@example.org") || !strings.Contains(users, strings.Fields(id)[len(strings.Fields(id))-1]) {
		t.Errorf("after the upgrade there are\n%s", users)
	}
	stop()

	m.ok("dpkg -r callboard; ! test -e /usr/bin/callboard; test -e /var/lib/callboard/callboard.db; test -e /etc/callboard/callboard.env; id callboard")
	said := m.ok("dpkg -P callboard 2>&1; ! test -e /etc/callboard; test -e /var/lib/callboard/callboard.db")
	if !regexp.MustCompile(`/var/lib/callboard, .* are left`).MatchString(said) {
		t.Errorf("dpkg -P says\n%s", said)
	}
	command := regexp.MustCompile(`(?m)^ +(rm -r .*)$`).FindStringSubmatch(said)
	if command == nil {
		t.Fatalf("dpkg -P does not say how to delete it:\n%s", said)
	}
	m.ok(command[1] + "; ! test -e /var/lib/callboard; ! id callboard")
}
