package systemtest

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

// systemctl does with a unit what systemd does, where that does not run: it reads the unit.
const systemctl = `#!/bin/sh
set -e
action=$1
shift
stop() {
	pid=$(cat "/run/$1.pid" 2>/dev/null) || return 0
	kill "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	rm "/run/$1.pid"
}
start() {
	case "$1" in
	postgresql | redis-server) "/etc/init.d/$1" start >/dev/null; return ;;
	esac
	name=${1%@*} instance=
	case "$1" in *@*) name=$name@ instance=${1#*@} ;; esac
	unit=$(ls /etc/systemd/system/$name.service /lib/systemd/system/$name.service 2>/dev/null | head -n 1)
	value() { sed -n "s/^$1=//p" "$unit" | sed "s/%i/$instance/g"; }
	user=$(value User)
	for folder in $(value StateDirectory); do install -d -o "$user" -g "$user" -m "$(value StateDirectoryMode)" "/var/lib/$folder"; done
	(
		set -a
		HOME=$(getent passwd "$user" | cut -d: -f6)
		settings=$(value EnvironmentFile)
		[ -z "$settings" ] || . "$settings"
		[ -z "$(value Environment)" ] || export $(value Environment)
		bind=
		case "$(value AmbientCapabilities)" in *NET_BIND*) bind="--inh-caps +net_bind_service --ambient-caps +net_bind_service" ;; esac
		cd /
		exec setsid setpriv --reuid="$user" --regid="$user" --init-groups $bind $(value ExecStart) >>"/var/log/$1.log" 2>&1
	) &
	echo $! >"/run/$1.pid"
}
for unit; do
	case "$action $unit" in
	*" --now") ;;
	daemon-reload*) ;;
	disable*) stop "$unit" ;;
	enable*) start "$unit" ;;
	restart*) stop "$unit"; start "$unit" ;;
	*) echo "systemctl $action $unit?" >&2; exit 1 ;;
	esac
done
`

// boot gives a machine a network and processes of its own, which end with the test.
func (m *machine) boot() {
	m.t.Helper()
	init := exec.Command("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", `
		ip link set lo up
		mount -t proc proc "$0/proc"
		mount -t tmpfs tmpfs "$0/dev/shm"
		mount --bind "$0/etc/hosts" /etc/hosts
		touch "$0/run/booted"
		while :; do sleep 60 & wait $!; done # which also takes note of processes that have ended`, m.root)
	var out bytes.Buffer
	init.Stdout, init.Stderr = &out, &out
	if err := init.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = init.Process.Kill()
		_ = init.Wait()
	})
	apptest.Eventually(m.t, "the machine is up", func() error {
		if _, err := os.Stat(filepath.Join(m.root, "run/booted")); err != nil {
			return fmt.Errorf("%w: %s", err, out.String())
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", init.Process.Pid))
		if err != nil {
			return err
		}
		m.pid = strings.TrimSpace(string(children))
		return nil
	})
}

// inside is a command that runs on the network and among the processes of a machine that was booted, with the files of this one.
func (m *machine) inside(name string, args ...string) *exec.Cmd {
	return exec.CommandContext(m.t.Context(), "nsenter", append([]string{"--target", m.pid, "--net", "--pid", "--mount", name}, args...)...)
}

// sh runs a script on the machine, which must succeed, and returns what it printed.
func (m *machine) sh(script string) string {
	m.t.Helper()
	cmd := m.inside("timeout", "120", "chroot", m.root, "sh", "-ec", script)
	printed, err := os.Create(filepath.Join(m.t.TempDir(), "out")) // not a pipe, which what the script leaves behind would keep open
	if err != nil {
		m.t.Fatal(err)
	}
	defer printed.Close()
	cmd.Stdout, cmd.Stderr = printed, printed
	failed := cmd.Run()
	text, err := os.ReadFile(printed.Name())
	if failed != nil || err != nil {
		m.t.Fatalf("%v %v\n%s\n%s", failed, err, script, text)
	}
	return string(text)
}

// site of insideVariable has a test go through TLS: the tokens of an editor, and of an application.
const insideVariable = "CALLBOARD_INSIDE"

const debianSite = "board.example.org"

// The commands of docs/nodes.md bring up two nodes behind Caddy with TLS on a bare Debian, on PostgreSQL and Redis of its own.
func TestDebianNodes(t *testing.T) {
	t.Parallel()
	needProgram(t, "debootstrap")
	binary := needRoot(t)
	m := &machine{t: t, root: filepath.Join(t.TempDir(), "root")}
	began := time.Now()
	output(t, "debootstrap", "--variant=minbase", "bookworm", m.root)
	made := time.Since(began)
	install := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(m.root, path), []byte(text), mode); err != nil { //nolint:gosec // of a machine of its own
			t.Fatal(err)
		}
	}
	install("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755) // packages start nothing by themselves: there is no systemd
	install("usr/local/sbin/systemctl", systemctl, 0o755)
	install("etc/hosts", "127.0.0.1 localhost "+debianSite+"\n", 0o644)
	output(t, "cp", debian(t, binary, "1.0.0"), filepath.Join(m.root, "callboard_1.0.0_amd64.deb"))

	blocks := blocksOf(t, "docs/nodes.md", "From a bare Debian to two nodes with TLS")
	began = time.Now()
	m.ok("export DEBIAN_FRONTEND=noninteractive\n" + blocks[0].text) // with the network of this machine
	installed := time.Since(began)
	m.ok(`sed -i 's/^port = .*/port = 5432/' /etc/postgresql/*/main/postgresql.conf`) // where this machine has one, it was made for the next port
	m.ok(`sed -i 's/^port = .*/port = 5432/' /etc/postgresql/*/main/postgresql.conf`) // where this machine has one, it was made for the next port
	m.boot()
	began = time.Now()
	var script strings.Builder
	for _, b := range blocks[1:] {
		script.WriteString(b.text)
	}
	t.Logf("%s", m.sh("cd /\n"+script.String()))
	took := time.Since(began)
	t.Logf("debootstrap %s, packages %s, and until callboard doctor and verify are green %s", made.Round(time.Second), installed.Round(time.Second), took.Round(100*time.Millisecond))
	if took > time.Minute {
		t.Errorf("it took %s", took)
	}

	editor := strings.TrimSpace(m.sh(`openssl rand -base64 18 | callboard-node 8081 user add --email ben@example.org --name Ben --role editor --password-stdin >/dev/null 2>&1
		callboard-node 8082 token create --email ben@example.org --name test 2>/dev/null`))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	through := m.inside(self, "-test.run=^TestThroughTLS$", "-test.v", "-test.count=1")
	through.Env = append(os.Environ(), insideVariable+"="+editor, "SSL_CERT_FILE="+filepath.Join(m.root, "etc/ssl/certs/ca-certificates.crt"))
	if out, err := through.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestThroughTLS")) {
		t.Errorf("through TLS: %v\n%s\n%s", err, out, m.sh("tail -n 50 /var/log/callboard@* /var/log/caddy.log"))
	}
	m.sh(`systemctl restart callboard@8081 && until curl -fsS -o /dev/null http://127.0.0.1:8081/readyz; do sleep 1; done; callboard-node 8082 doctor --url https://` + debianSite)
}

// TestDebianNodes has this run on its machine, where the name of the site leads to Caddy.
func TestThroughTLS(t *testing.T) {
	t.Parallel()
	token := os.Getenv(insideVariable)
	if token == "" {
		t.Skip("TestDebianNodes runs it")
	}
	user := apptest.User{Token: token}
	site := apptest.At(t, "https://"+debianSite, apptest.Users{Editor: user, Viewer: user})
	stream, socket := openEvents(t, site), site.Dial(token)
	for range 4 { // on both nodes
		var episode struct{ ID string }
		site.Want(http.StatusCreated, http.MethodPost, episodesPath, token, obj{"title": "Heard through TLS"}, &episode)
		hearAll(t, socket, callboard.EpisodeCreated.Name, []string{episode.ID})
		for line := range stream {
			if strings.Contains(line, episode.ID) {
				break
			}
		}
	}
	content := make([]byte, 3<<20)
	_, _ = rand.Read(content) // never fails
	f := site.UploadFile(apptest.FilesPath, token, "cut.bin", bytes.NewReader(content))
	if r := site.Do(http.MethodGet, f.URL, token, nil); !bytes.Equal(r.Body, content) {
		t.Errorf("of %d bytes came back %d with status %d", len(content), len(r.Body), r.Status)
	}
	answer := site.Do(http.MethodGet, "/healthz", "", nil)
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("browsers are not told to come over https: %v", answer.Header)
	}
}
