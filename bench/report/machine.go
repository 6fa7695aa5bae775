package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"callboard/bench/process"
)

// Machine is where and when figures were taken.
type Machine struct {
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	FsyncMS  float64 `json:"fsync_ms"` // median of a write of 4 KB with fdatasync, in the folder of the databases
	System   string  `json:"system"`
	Go       string  `json:"go"`
	Node     string  `json:"node"`
	Postgres string  `json:"postgres"`
	Date     string  `json:"date"`
	Commit   string  `json:"commit"`
}

// Describe tells of this machine. folder is where the databases are, root the checked-out sources, and postgres the URL of
// PostgreSQL.
func Describe(ctx context.Context, folder, root, postgres string) (Machine, error) {
	output := func(name string, args ...string) string {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Dir = root
		out, err := cmd.Output()
		if err != nil {
			return none
		}
		return strings.TrimSpace(string(out))
	}
	m := Machine{
		CPU: runtime.GOARCH, Cores: runtime.NumCPU(), System: output("uname", "-sr"), Go: strings.TrimPrefix(runtime.Version(), "go"),
		Node: strings.TrimPrefix(output("node", "--version"), "v"), Postgres: none,
		Date: time.Now().UTC().Format(time.DateOnly), Commit: output("git", "rev-parse", "--short", "HEAD"),
	}
	// The results are written by the run before and are no part of what is measured.
	if changes := output("git", "status", "--porcelain", "--", ".", ":!bench/results"); changes != "" && changes != none {
		m.Commit += " with changes"
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, found := strings.Cut(string(text), "model name"); found {
			line, _, _ := strings.Cut(rest, "\n")
			m.CPU = strings.TrimLeft(line, "\t: ")
		}
	}
	if version, err := process.Version(ctx, postgres); err == nil {
		m.Postgres = version
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		m.MemoryGB = float64(info.Totalram) * float64(info.Unit) / (1 << 30)
	}
	var err error
	m.FsyncMS, err = probeFsync(folder)
	return m, err
}

// probeFsync returns the median time of making 4 KB durable, in milliseconds. Every acknowledged write has to wait for one.
func probeFsync(folder string) (float64, error) {
	f, err := os.Create(filepath.Join(folder, "fsync"))
	if err != nil {
		return 0, fmt.Errorf("probe the disk: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block, times := make([]byte, 4096), make([]float64, 200)
	for i := range times {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return 0, fmt.Errorf("probe the disk: %w", err)
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return 0, fmt.Errorf("probe the disk: %w", err)
		}
		times[i] = time.Since(start).Seconds() * 1000
	}
	return Median(times), nil
}
