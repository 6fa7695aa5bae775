package systemtest

import (
	"bytes"
	"errors"
	"fmt"
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

	"github.com/callboard/callboard/app/apptest"
)

// output runs a program, which must succeed, in the root of the repository.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return string(out)
}

// debian makes the package for this machine of a binary, and returns its path.
func debian(t *testing.T, binary, version string) string {
	t.Helper()
	folder := t.TempDir()
	program, err := packager()
	if err != nil {
		t.Fatal(err)
	}
	output(t, program, "-version", version, "-deb", binary, "-out", folder)
	packages, err := filepath.Glob(filepath.Join(folder, "*.deb"))
	if err != nil || len(packages) != 1 {
		t.Fatal(packages, err)
	}
	return packages[0]
}

// standIn is a program that prints something in the place of manual page and completions: making the package reads nothing else of a binary.
func standIn(t *testing.T) string {
	t.Helper()
	path := writeFile(t, filepath.Join(t.TempDir(), "callboard"), "#!/bin/sh\necho \"$@\"\n")
	if err := os.Chmod(path, 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return path
}

// The package has what it should, where Debian wants it, and the same bytes each time.
func TestPackage(t *testing.T) {
	t.Parallel()
	needProgram(t, "dpkg-deb")
	binary := standIn(t)
	deb := debian(t, binary, "1.2.3-rc.1+4.gabc")
	if version := strings.TrimSpace(output(t, "dpkg-deb", "-f", deb, "Version")); version != "1.2.3~rc.1+4.gabc" {
		t.Errorf("the version is %s", version)
	}
	contents := output(t, "dpkg-deb", "-c", deb)
	for _, want := range []string{
		`-rwxr-xr-x root/root .* \./usr/bin/callboard`, `-rw-r----- root/root .* \./etc/callboard/callboard.env`,
		`-rw-r--r-- root/root .* \./lib/systemd/system/callboard.service`, `-rw-r--r-- root/root .* \./usr/share/man/man1/callboard.1.gz`,
		`\./usr/share/bash-completion/completions/callboard`, `\./usr/share/zsh/vendor-completions/_callboard`,
		`\./usr/share/fish/vendor_completions.d/callboard.fish`, `\./usr/share/doc/callboard/copyright`,
		`\./usr/share/doc/callboard/docs/settings.md`, `\./usr/share/doc/callboard/examples/Caddyfile`,
	} {
		if !regexp.MustCompile(`(?m)^` + `.*` + want + `$`).MatchString(contents) {
			t.Errorf("there is no %s in\n%s", want, contents)
		}
	}
	if conffiles := output(t, "dpkg-deb", "-I", deb, "conffiles"); conffiles != "/etc/callboard/callboard.env\n" {
		t.Errorf("conffiles:\n%s", conffiles)
	}
	first, err1 := os.ReadFile(deb)
	second, err2 := os.ReadFile(debian(t, binary, "1.2.3-rc.1+4.gabc"))
	if err := errors.Join(err1, err2); err != nil || !bytes.Equal(first, second) {
		t.Errorf("a second package is another one, %v", err)
	}
}

// The unit of the package is one that systemd takes, and lets a process do little.
func TestPackageUnit(t *testing.T) {
	t.Parallel()
	needProgram(t, "systemd-analyze")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "callboard.service")
	writeFile(t, unit, strings.Replace(deployed(t, "debian/callboard.service"), "/usr/bin/callboard ", binary+" ", 1))
	if out := output(t, "systemd-analyze", "verify", "--man=no", unit); out != "" {
		t.Errorf("systemd-analyze verify:\n%s", out)
	}
	output(t, "systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit)
}

// settingNames returns the names of all settings.
func settingNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| `--").FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	return names
}

// What the files of deploy set are settings.
func TestDeployedSettings(t *testing.T) {
	t.Parallel()
	known := settingNames(t)
	for file, pattern := range map[string]string{
		"callboard.env": `(?m)^#?([A-Z_]+)=`, "debian/callboard.env": `(?m)^#?([A-Z_]+)=`,
		"kubernetes.yaml": `--from-literal=([A-Z_]+)=|name: ([A-Z_]+)\b`, "../Dockerfile": `\b([A-Z]+_[A-Z]+)=`,
	} {
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(deployed(t, file), -1)
		if len(found) < 2 {
			t.Errorf("%s sets nothing", file)
		}
		for _, m := range found {
			if name := strings.Join(m[1:], ""); name != "CGO_ENABLED" && !slices.Contains(known, name) {
				t.Errorf("%s has %s, which is no setting", file, name)
			}
		}
	}
}

// manifest is an object of Kubernetes, as far as the test looks at it.
type manifest struct {
	Kind string
	Spec struct {
		Selector any
		Ports    []struct {
			TargetPort string `yaml:"targetPort"`
		}
		Template struct {
			Spec struct {
				Grace      int `yaml:"terminationGracePeriodSeconds"`
				Containers []struct {
					Env   []struct{ Name, Value string }
					Ports []struct {
						Name          string
						ContainerPort int `yaml:"containerPort"`
					}
					StartupProbe   probe `yaml:"startupProbe"`
					ReadinessProbe probe `yaml:"readinessProbe"`
					LivenessProbe  probe `yaml:"livenessProbe"`
				}
			}
		}
	}
}

type probe struct {
	HTTPGet       struct{ Path, Port string } `yaml:"httpGet"`
	PeriodSeconds int                         `yaml:"periodSeconds"`
}

// The manifests fit the server: its ports and probes, and the time that it needs to leave.
func TestDeployedKubernetes(t *testing.T) {
	t.Parallel()
	var kinds []string
	decoder := yaml.NewDecoder(strings.NewReader(deployed(t, "kubernetes.yaml")))
	for {
		var m manifest
		if err := decoder.Decode(&m); err != nil {
			break
		}
		kinds = append(kinds, m.Kind)
		if m.Kind != "Deployment" {
			continue
		}
		pod := m.Spec.Template.Spec
		c := pod.Containers[0]
		if len(c.Ports) != 1 || !strings.Contains(deployed(t, "../Dockerfile"), fmt.Sprintf("HTTP_ADDR=:%d", c.Ports[0].ContainerPort)) {
			t.Errorf("the ports are %+v, and not that of the image", c.Ports)
		}
		for want, p := range map[string]probe{"/healthz ": c.StartupProbe, "/readyz": c.ReadinessProbe, "/healthz": c.LivenessProbe} {
			if p.HTTPGet.Path != strings.TrimSpace(want) || p.HTTPGet.Port != c.Ports[0].Name {
				t.Errorf("a probe asks %+v, want %s", p.HTTPGet, want)
			}
		}
		for _, env := range c.Env {
			if env.Name != "DRAIN_DELAY" {
				continue
			}
			drain, err := time.ParseDuration(env.Value)
			if err != nil || drain < time.Duration(2*c.ReadinessProbe.PeriodSeconds)*time.Second || time.Duration(pod.Grace)*time.Second < drain+30*time.Second {
				t.Errorf("DRAIN_DELAY is %s, with a probe every %d s and %d s to stop, %v", env.Value, c.ReadinessProbe.PeriodSeconds, pod.Grace, err)
			}
		}
	}
	if want := []string{"Deployment", "PodDisruptionBudget", "Service", "Ingress"}; !slices.Equal(kinds, want) {
		t.Errorf("there are %v, want %v", kinds, want)
	}
}

// layImage lays out the last stage of the Dockerfile in a folder, and returns what it says.
func layImage(t *testing.T, binary string) (root string, env, healthcheck, command []string) {
	t.Helper()
	root = t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil { //nolint:gosec // another user enters it
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(deployed(t, "../Dockerfile"), "\nFROM scratch\n")
	for line := range strings.Lines(last) {
		words := strings.Fields(line)
		quoted := func() (list []string) {
			for _, m := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(line, -1) {
				list = append(list, m[1])
			}
			return list
		}
		switch words[0] {
		case "COPY":
			from, to := words[len(words)-2], filepath.Join(root, words[len(words)-1])
			switch {
			case strings.HasSuffix(from, "/bin/callboard"):
				output(t, "cp", binary, to)
			case strings.HasPrefix(from, "/etc/ssl/"):
				output(t, "install", "-D", from, to)
			case slices.Contains(words, "--chown=65532:65532"):
				output(t, "install", "-d", "-o", "65532", "-g", "65532", "-m", "0700", to)
			default:
				t.Errorf("what is %s?", line)
			}
		case "ENV":
			env = append(env, words[1:]...)
		case "USER":
			if words[1] != "65532:65532" {
				t.Errorf("the user is %s", words[1])
			}
		case "HEALTHCHECK":
			healthcheck = quoted()
		case "ENTRYPOINT", "CMD":
			command = append(command, quoted()...)
		}
	}
	return root, env, healthcheck, command
}

// The image is enough for the server: it runs in an empty root with nothing but what the Dockerfile copies, as a user without rights.
func TestImage(t *testing.T) {
	t.Parallel()
	binary := needRoot(t)
	root, env, healthcheck, command := layImage(t, binary)
	address := "127.0.0.1:" + freePort(t)
	inside := func(command []string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Env, cmd.Dir = append(slices.Clone(env), "HTTP_ADDR="+address), "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		return cmd
	}
	server := inside(command)
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	apptest.Eventually(t, "it is healthy", func() error {
		out, err := inside(healthcheck).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		return err
	})
	if out, err := inside([]string{command[0], "doctor"}).CombinedOutput(); err != nil {
		t.Errorf("callboard doctor: %v\n%s", err, out)
	}
	_ = server.Process.Signal(syscall.SIGTERM)
	if err := server.Wait(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, log.String())
	}
}
