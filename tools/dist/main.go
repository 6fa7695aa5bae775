// Command dist makes what is released: archives for all systems, Debian packages, an SBOM and checksums. The same commit, built by the same
// versions of Go and npm, gives the same bytes. It runs in the root of the repository.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	var r release
	flag.StringVar(&r.version, "version", "", "version of what is built")
	flag.StringVar(&r.out, "out", "dist", "folder for what is made, which is emptied")
	binary := flag.String("deb", "", "make the Debian package for this machine of a binary, and nothing else")
	only := flag.String("only", "", "make it for one system, such as linux_amd64, and not for all")
	flag.Parse()
	for _, t := range targets() {
		if *only == "" || *only == t.String() {
			r.targets = append(r.targets, t)
		}
	}
	if err := r.run(*binary); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

type release struct {
	version, out string
	stage        string // has what goes into archives and packages
	made         time.Time
	targets      []target
}

// target is a system that binaries are made for.
type target struct{ os, arch string }

func targets() []target {
	var all []target
	for _, system := range []string{"linux", "darwin", "windows"} {
		all = append(all, target{system, "amd64"}, target{system, "arm64"})
	}
	return all
}

func (t target) String() string { return t.os + "_" + t.arch }

func (t target) binary() string {
	if t.os == "windows" {
		return "callboard.exe"
	}
	return "callboard"
}

func (r *release) run(binary string) (err error) {
	if r.version == "" {
		return errors.New("give a -version")
	}
	if r.made, err = commitTime(); err != nil {
		return err
	}
	if r.stage, err = os.MkdirTemp("", "callboard-dist-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.stage)
	if binary != "" {
		if err := os.MkdirAll(r.out, 0o755); err != nil {
			return err
		}
		return errors.Join(r.print(binary), r.deb(binary, runtime.GOARCH))
	}
	if err := os.RemoveAll(r.out); err != nil {
		return err
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	return r.all()
}

func (r *release) all() error {
	here := target{runtime.GOOS, runtime.GOARCH}
	if !slices.Contains(r.targets, here) {
		return fmt.Errorf("this is %s, which it is not made for: the binary has to print its manual page", here)
	}
	for _, t := range r.targets {
		fmt.Println("build", t)
		if err := r.build(t); err != nil {
			return err
		}
	}
	if err := r.print(r.path(here)); err != nil {
		return err
	}
	for _, t := range r.targets {
		if err := r.archive(t); err != nil {
			return err
		}
		if t.os == "linux" {
			if err := r.deb(r.path(t), t.arch); err != nil {
				return err
			}
		}
	}
	if err := r.sbom(r.path(here)); err != nil {
		return err
	}
	return r.checksums()
}

// commitTime is that of the commit, or SOURCE_DATE_EPOCH. What is made has no later one.
func commitTime() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("git does not tell the time of the commit, and there is no SOURCE_DATE_EPOCH: %w", err)
		}
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// path is where the binary for a system is built.
func (r *release) path(t target) string {
	return filepath.Join(r.stage, t.String(), t.binary())
}

func (r *release) build(t target) error {
	return command([]string{"CGO_ENABLED=0", "GOOS=" + t.os, "GOARCH=" + t.arch},
		"go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version="+r.version, "-o", r.path(t), "./cmd/callboard")
}

// print has the binary print its manual page and completions into the stage.
func (r *release) print(binary string) error {
	if err := os.MkdirAll(filepath.Join(r.stage, "completions"), 0o755); err != nil {
		return err
	}
	for file, args := range map[string][]string{
		"callboard.1":                {"man"},
		"completions/callboard.bash": {"completion", "bash"},
		"completions/_callboard":     {"completion", "zsh"},
		"completions/callboard.fish": {"completion", "fish"},
	} {
		out, err := exec.Command(binary, args...).Output()
		if err != nil {
			return fmt.Errorf("%s %v: %w", binary, args, err)
		}
		if err := os.WriteFile(filepath.Join(r.stage, file), out, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// command runs a program, and shows what it says only when it fails.
func command(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

// tool returns the arguments of go that run a program which go.mod beside this file pins.
func tool(name string, args ...string) []string {
	return append([]string{"tool", "-modfile=tools/dist/go.mod", name}, args...)
}
