package systemtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
)

// notRun are the blocks of shell that a test cannot run, each by some text of it, with the reason.
func notRun() map[string]map[string]string {
	const (
		debianNodes = "changes a whole machine: TestDebianNodes runs it on one of its own"
		root        = "needs root and systemd"
		docker      = "needs Docker"
	)
	return map[string]map[string]string{
		"README.md": {
			"JAR=/tmp/callboard.cookies": "is about the demo: TestReadmeCanBePasted in cmd/callboard runs it",
		},
		"docs/embedding.md": {"go work init": "is for a module beside a checkout: those of examples/go are tests of their own"},
		"docs/install.md": {
			"dpkg -i callboard_": "needs root: TestDebian runs it",
			"sudo -u callboard":  "needs root: TestDebian runs it",
			"docker build":       docker,
		},
		"docs/nodes.md": {
			"/var/lib/callboard/8081/log_signing_key)\" >> ": root + "; TestDebianNodes runs the same",
			"#!/bin/sh\n# Restarts the nodes":                "is a script: TestDeployedNginx runs it",
			"apt-get update":                                 debianNodes, "createuser callboard": debianNodes, "enable --now callboard@8081": debianNodes,
			"SITE=board.example.org": debianNodes, "local_certs": debianNodes, "callboard-node 8082 verify": debianNodes,
		},
		"docs/operations.md": {
			"goose -dir":          "needs tools that are not here: TestMigrationFiles in app applies the files",
			"dropdb callboard &&": "drops the database callboard of the server: TestFaults restores one",
		},
	}
}

// prelude begins the shell of a page. What the server refuses is an error.
const prelude = `set -e -o pipefail
curl() { case " $* " in *" -f"*) command curl "$@" ;; *) command curl --fail-with-body "$@" ;; esac; }
`

// The blocks of shell in the README and in docs run as they stand: those of a page in one shell, in their order, beside a server of their own.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	needProgram(t, "curl")
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatal(pages, err)
	}
	left := notRun()
	for _, page := range append([]string{"../README.md"}, pages...) {
		page = strings.TrimPrefix(page, "../")
		var script strings.Builder
		for _, b := range readBlocks(t, page) {
			if b.language == "" {
				t.Errorf("%s:%d: a block says nothing of its language; there are sh, console and text", page, b.line)
			}
			if b.language == "sh" && !b.isIn(left[page]) {
				fmt.Fprintf(&script, "echo '== %s:%d'\n%s\n", page, b.line, b.text)
			}
		}
		for text := range left[page] {
			if !slices.ContainsFunc(readBlocks(t, page), func(b block) bool { return b.language == "sh" && strings.Contains(b.text, text) }) {
				t.Errorf("%s has no block with %q any more", page, text)
			}
		}
		delete(left, page)
		if script.Len() > 0 {
			t.Run(filepath.Base(page), func(t *testing.T) {
				t.Parallel()
				runPage(t, page, script.String())
			})
		}
	}
	for page := range left {
		t.Errorf("there is no page %s", page)
	}
}

// isIn reports whether a block has one of the texts.
func (b block) isIn(texts map[string]string) bool {
	for text := range texts {
		if strings.Contains(b.text, text) {
			return true
		}
	}
	return false
}

// runPage runs the commands of a page in a folder of their own. Where the page starts no server there is one, which knows the events of
// docs/events.md, and has an admin.
func runPage(t *testing.T, page, script string) {
	t.Helper()
	folder := t.TempDir()
	address := "127.0.0.1:" + freePort(t)
	programs := filepath.Join(folder, "bin")
	if err := os.Mkdir(programs, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(apptest.Program(t), filepath.Join(programs, "callboard")); err != nil {
		t.Fatal(err)
	}
	for _, b := range readBlocks(t, "docs/events.md") {
		if b.language == "yaml" {
			writeFile(t, filepath.Join(folder, "events.yaml"), b.text)
		}
	}
	script = strings.NewReplacer("127.0.0.1:8080", address, "localhost:8080", address).Replace(script)
	if !strings.Contains(script, "callboard serve") {
		script = `callboard serve 2>server.log &
			until callboard health >/dev/null 2>&1; do sleep 0.1; done
			echo 'correct horse battery' | callboard user add --email ada@example.org --name 'Ada Quill' --role admin --password-stdin
			export TOKEN=$(callboard token create --email ada@example.org --name docs) CALLBOARD_TOKEN=$(callboard token create --email ada@example.org --name app --service)
			` + script
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", prelude+script)
	shell.Dir = folder
	shell.Env = append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"), "HOME="+folder, "LOG_LEVEL=warn",
		"DATA_DIR="+filepath.Join(folder, "data"), "HTTP_ADDR="+address, "EVENTS_FILE="+filepath.Join(folder, "events.yaml"), "CALLBOARD_URL=http://"+address)
	if cache, err := os.UserCacheDir(); err == nil { // of Go, for the page that runs a program of it
		shell.Env = append(shell.Env, "XDG_CACHE_HOME="+cache)
	}
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) }
	output, err := os.Create(filepath.Join(folder, "output")) // not a pipe, which the server would keep open
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	shell.Stdout, shell.Stderr = output, output
	failed := shell.Run()
	_ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) // the server, if it still runs
	text, err := os.ReadFile(output.Name())
	if failed != nil || err != nil {
		log, _ := os.ReadFile(filepath.Join(folder, "server.log"))
		t.Errorf("%s: %v %v\n%s\n%s", page, failed, err, text, log)
	}
}
