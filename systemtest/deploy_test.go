package systemtest

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/realtime"
)

const deploy = "../deploy/"

// needProgram skips a test that runs a program which is not installed, unless it is required.
func needProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		needtest.Missing(t, name, err)
	}
}

func deployed(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(deploy + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// place writes a file of deploy into a folder, with what this machine has in the place of what the file names.
func place(t *testing.T, folder, file string, replaced ...string) string {
	t.Helper()
	text := deployed(t, file)
	for i := 0; i < len(replaced); i += 2 {
		if !strings.Contains(text, replaced[i]) {
			t.Fatalf("%s does not have %q", file, replaced[i])
		}
		text = strings.ReplaceAll(text, replaced[i], replaced[i+1])
	}
	return writeFile(t, filepath.Join(folder, file), text)
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// freePort returns a port on which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// site is two nodes with the settings of deploy, and where they listen.
type site struct {
	nodes []*apptest.Binary
	ports []string
}

func startSite(t *testing.T) site {
	t.Helper()
	needRedis(t)
	settings := append(strings.Split(redisAt(t, redisAddr, "test-"+callboard.NewID()), "\x00"), noLimit)
	for line := range strings.Lines(deployed(t, "callboard.env")) {
		if name, _, _ := strings.Cut(line, "="); name == "TRUST_PROXY" || name == "DRAIN_DELAY" {
			settings = append(settings, strings.TrimSpace(line))
		}
	}
	none := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, settings...)
	var s site
	for range 2 {
		port := freePort(t)
		n := none.Beside("HTTP_ADDR=127.0.0.1:" + port)
		n.Start()
		s.nodes, s.ports = append(s.nodes, n), append(s.ports, port)
	}
	return s
}

// run starts a program, which ends with the test.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, out.String())
		}
	})
}

// startNginx starts nginx with the files of deploy, and returns its main configuration.
func startNginx(t *testing.T, s site, port string) (config, nodes string) {
	t.Helper()
	folder := t.TempDir()
	nodes = place(t, folder, "callboard-nodes.conf", "8081", s.ports[0], "8082", s.ports[1])
	place(t, folder, "nginx.conf", "listen 80;", "listen 127.0.0.1:"+port+";", "/etc/nginx/callboard-nodes.conf", nodes)
	user := ""
	if os.Getuid() == 0 {
		user = "user root;"
	}
	config = writeFile(t, filepath.Join(folder, "main.conf"), user+`
		daemon off; pid `+folder+`/pid; error_log stderr;
		events { worker_connections 1024; }
		http {
			access_log off;
			client_body_temp_path `+folder+`/body; proxy_temp_path `+folder+`/proxy; fastcgi_temp_path `+folder+`/f; uwsgi_temp_path `+folder+`/u; scgi_temp_path `+folder+`/s;
			include `+folder+`/nginx.conf;
		}`)
	run(t, "nginx", "-c", config, "-p", folder, "-e", "stderr")
	return config, nodes
}

// throughProxy makes sure that the site works at an address in all that a proxy could break.
func throughProxy(t *testing.T, s site, address string) *apptest.Site {
	t.Helper()
	proxied := s.nodes[0].Through(address)
	apptest.Eventually(t, "the proxy answers", func() error {
		r, err := proxied.Try(t.Context(), http.MethodGet, "/readyz", "", nil)
		if err == nil && r.Status != http.StatusOK {
			err = fmt.Errorf("answer %d", r.Status)
		}
		return err
	})
	stream := openEvents(t, proxied)
	socket := proxied.Dial(s.nodes[0].Users.Viewer.Token)
	id := createOn(t, s.nodes[1], "Heard through a proxy")
	hearAll(t, socket, callboard.EpisodeCreated.Name, []string{id})
	for line := range stream {
		if strings.Contains(line, id) {
			break
		}
	}

	content := make([]byte, 3<<20) // more than nginx takes by default
	_, _ = rand.Read(content)      // never fails
	f := proxied.UploadFile(apptest.FilesPath, proxied.Users.Editor.Token, "cut.bin", bytes.NewReader(content))
	if r := proxied.Do(http.MethodGet, f.URL, proxied.Users.Editor.Token, nil); !bytes.Equal(r.Body, content) {
		t.Errorf("of %d bytes came back %d with status %d", len(content), len(r.Body), r.Status)
	}
	return proxied
}

// openEvents connects by SSE, and sends each line that comes.
func openEvents(t *testing.T, s *apptest.Site) <-chan string {
	t.Helper()
	command := url.QueryEscape(`{"id":1,"connect":{"token":"` + s.Users.Viewer.Token + `"}}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+realtime.PathSSE+"?cf_connect="+command, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("connect by SSE: %v, %v", r, err)
	}
	lines := make(chan string, 100)
	go func() {
		defer r.Body.Close()
		scanner := bufio.NewScanner(r.Body)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-t.Context().Done():
				return
			}
		}
		close(lines)
	}()
	for line := range lines {
		if strings.Contains(line, `"connect"`) {
			return lines
		}
	}
	t.Fatal("the stream ended")
	return nil
}

// restartedUnderLoad has restart restart all nodes while people work and listen through a proxy, and no request fails.
func restartedUnderLoad(t *testing.T, s site, proxied *apptest.Site, restart func(work *load)) {
	t.Helper()
	work := startLoad(t, proxied, 3)
	listeners := []*listener{startListener(t, proxied), startListener(t, proxied), startListener(t, proxied)}
	work.awaitMore(20)
	restart(work)
	work.awaitMore(20)
	work.wantNoRefusals()
	work.stop()
	verify(t, proxied, s.nodes[0].OpenDB(), work.acked)
	moved := 0
	for _, l := range listeners {
		l.awaitAll(allEvents(t, proxied))
		moved += l.moved
	}
	if moved < len(listeners) {
		t.Errorf("%d sockets moved %d times", len(listeners), moved)
	}
}

// The files of deploy put nginx in front of two nodes, and restart these one after the other.
func TestDeployedNginx(t *testing.T) {
	t.Parallel()
	needProgram(t, "nginx")
	s := startSite(t)
	port := freePort(t)
	config, nodes := startNginx(t, s, port)
	proxied := throughProxy(t, s, "http://127.0.0.1:"+port)
	systemctl := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		n := s.nodes[slices.Index(s.ports, r.URL.Path[1:])]
		n.Stop()
		n.Start()
	}))
	defer systemctl.Close()
	restartedUnderLoad(t, s, proxied, func(*load) {
		script := exec.CommandContext(t.Context(), deploy+"rolling-restart.sh", s.ports...)
		script.Env = append(os.Environ(), "NODES="+nodes, "RELOAD=nginx -e stderr -c "+config+" -s reload", "RESTART=curl -fsS "+systemctl.URL+"/")
		if out, err := script.CombinedOutput(); err != nil {
			t.Errorf("rolling-restart.sh: %v\n%s", err, out)
		}
	})
	if text, err := os.ReadFile(nodes); err != nil || strings.Contains(string(text), "down") {
		t.Errorf("the nodes of nginx are\n%s", text)
	}
}

// Caddy asks the nodes by itself: they are restarted one after the other.
func TestDeployedCaddy(t *testing.T) {
	needLong(t)
	t.Parallel()
	needProgram(t, "caddy")
	s := startSite(t)
	port := freePort(t)
	config := place(t, t.TempDir(), "Caddyfile", "{$SITE:board.example.org}", "http://127.0.0.1:"+port,
		"127.0.0.1:8081", "127.0.0.1:"+s.ports[0], "127.0.0.1:8082", "127.0.0.1:"+s.ports[1])
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, config, "{\n\tadmin off\n}\n"+string(text))
	run(t, "caddy", "run", "--config", config, "--adapter", "caddyfile")
	proxied := throughProxy(t, s, "http://127.0.0.1:"+port)
	served := regexp.MustCompile(`callboard_http_requests_total\{[^}]*route="create-episode"[^}]*status="201"`)
	restartedUnderLoad(t, s, proxied, func(*load) {
		for _, n := range s.nodes {
			n.Stop()
			n.Start()
			apptest.Eventually(t, "the proxy sends requests to the node again", func() error {
				if r := n.Do(http.MethodGet, "/metrics", n.Users.Service, nil); !served.Match(r.Body) {
					return fmt.Errorf("it has served none; answer %d", r.Status)
				}
				return nil
			})
		}
	})
}

// The unit is one that systemd takes, and leaves a node the time that it needs to stop.
func TestDeployedUnit(t *testing.T) {
	t.Parallel()
	needProgram(t, "systemd-analyze")
	folder := t.TempDir()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "systemd"), 0o700); err != nil {
		t.Fatal(err)
	}
	unit := place(t, folder, "systemd/callboard@.service", "/usr/local/bin/callboard ", binary+" ")
	instance := strings.Replace(unit, "@", "@8081", 1)
	if err := os.Rename(unit, instance); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", instance).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// What the nodes of the Compose files are given are settings, and Docker waits for them to stop.
func TestDeployedCompose(t *testing.T) {
	t.Parallel()
	known := settingNames(t)
	for name, nodes := range map[string][]string{"compose.yaml": {"node1", "node2"}, "compose-one.yaml": {"callboard"}} {
		var file struct {
			Services map[string]struct {
				Environment     map[string]string
				Volumes         []string
				Build           string
				StopGracePeriod string `yaml:"stop_grace_period"`
			}
			Volumes map[string]any
		}
		if err := yaml.Unmarshal([]byte(deployed(t, name)), &file); err != nil {
			t.Fatal(err)
		}
		for _, name := range nodes {
			node := file.Services[name]
			for setting := range node.Environment {
				if !slices.Contains(known, setting) {
					t.Errorf("%s has %s, which is no setting", name, setting)
				}
			}
			drain, err1 := time.ParseDuration(cmp.Or(node.Environment["DRAIN_DELAY"], "0s"))
			grace, err2 := time.ParseDuration(node.StopGracePeriod)
			if err1 != nil || err2 != nil || grace < drain+30*time.Second {
				t.Errorf("%s stops within %s, with DRAIN_DELAY %s", name, grace, drain)
			}
			if len(nodes) > 1 && node.Environment["NODE_NAME"] != name {
				t.Errorf("%s is called %s", name, node.Environment["NODE_NAME"])
			}
			if _, err := os.Stat(filepath.Join(deploy, node.Build, "Dockerfile")); err != nil {
				t.Error(err)
			}
		}
		for name, service := range file.Services {
			for _, v := range service.Volumes {
				from, _, _ := strings.Cut(v, ":")
				if _, err := os.Stat(filepath.Join(deploy, from)); strings.HasPrefix(from, "./") && err == nil {
					continue
				}
				if _, known := file.Volumes[from]; !known {
					t.Errorf("%s mounts %s, which is not there", name, from)
				}
			}
		}
	}
}

// docs/nodes.md and docs/install.md show the files of deploy as they are, but those that the package is made of, and those of docs/monitoring.md.
func TestDeployedDocs(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, page := range []string{"nodes.md", "install.md"} {
		text, err := os.ReadFile("../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)\\[`deploy/([^`]+)`\\][^\n]*\n\n```\\w*\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			shown++
			if block[2] != deployed(t, block[1]) {
				t.Errorf("docs/%s shows another deploy/%s", page, block[1])
			}
		}
	}
	err := filepath.WalkDir(deploy, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !slices.Contains([]string{"debian", "prometheus", "grafana"}, filepath.Base(filepath.Dir(path))) {
			shown--
		}
		return err
	})
	if err != nil || shown != 0 {
		t.Errorf("%d more files are shown than there are, %v", shown, err)
	}
}
