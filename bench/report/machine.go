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

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
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

// absent stands for what this machine does not have.
const absent = "—"

// Describe tells of this machine. folder is where the databases are, root the checked-out sources, and postgres the URL of
// PostgreSQL or "".
func Describe(ctx context.Context, folder, root, postgres string) (Machine, error) {
	fsync, err := probeFsync(folder)
	if err != nil {
		return Machine{}, err
	}
	return Machine{
		CPU: cpuModel(), Cores: runtime.NumCPU(), MemoryGB: memoryGB(), FsyncMS: fsync,
		System: output(ctx, root, "uname", "-sr"), Go: strings.TrimPrefix(runtime.Version(), "go"),
		Node: strings.TrimPrefix(output(ctx, root, "node", "--version"), "v"), Postgres: postgresVersion(ctx, postgres),
		Date: time.Now().UTC().Format(time.DateOnly), Commit: commit(ctx, root),
	}, nil
}

func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return absent
	}
	_, rest, found := strings.Cut(string(text), "model name")
	if !found {
		return runtime.GOARCH
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "\t: "))
}

func memoryGB() float64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	return float64(info.Totalram) * float64(info.Unit) / (1 << 30)
}

// output returns what a command prints, or that it cannot be had.
func output(ctx context.Context, dir, name string, args ...string) string {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return absent
	}
	return strings.TrimSpace(string(out))
}

// commit names the commit, and whether the sources differ from it.
func commit(ctx context.Context, root string) string {
	id := output(ctx, root, "git", "rev-parse", "--short", "HEAD")
	// The results are written by the run before and are no part of what is measured.
	if changes := output(ctx, root, "git", "status", "--porcelain", "--", ".", ":!bench/results"); changes != "" && changes != absent {
		id += " with changes"
	}
	return id
}

func postgresVersion(ctx context.Context, url string) string {
	if url == "" {
		return absent
	}
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return absent
	}
	defer db.Close(ctx) //nolint:errcheck // it was only asked
	var version string
	if db.QueryRow(ctx, "SHOW server_version").Scan(&version) != nil {
		return absent
	}
	version, _, _ = strings.Cut(version, " ")
	return version
}

const fsyncs = 200

// probeFsync returns the median time of making 4 KB durable, in milliseconds. Every acknowledged write has to wait for one.
func probeFsync(folder string) (float64, error) {
	path := filepath.Join(folder, "fsync")
	f, err := os.Create(path)
	if err != nil {
		return 0, fmt.Errorf("probe the disk: %w", err)
	}
	defer os.Remove(path)
	defer f.Close()
	block, times := make([]byte, 4096), make([]float64, fsyncs)
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
