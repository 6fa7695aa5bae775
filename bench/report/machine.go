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

// Describe tells of this machine. folder is where the databases are, root the checked-out sources, and postgres the URL of
// PostgreSQL.
func Describe(ctx context.Context, folder, root, postgres string) (string, error) {
	output := func(name string, args ...string) string {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Dir = root
		out, err := cmd.Output()
		if err != nil {
			return none
		}
		return strings.TrimSpace(string(out))
	}
	commit := output("git", "rev-parse", "--short", "HEAD")
	// The results are written by the run before and are no part of what is measured.
	if changes := output("git", "status", "--porcelain", "--", ".", ":!bench/results"); changes != "" && changes != none {
		commit += " with changes"
	}
	cpu := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, found := strings.Cut(string(text), "model name"); found {
			cpu, _, _ = strings.Cut(strings.TrimLeft(rest, "\t: "), "\n")
		}
	}
	version, err := process.Version(ctx, postgres)
	if err != nil {
		version = none
	}
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return "", fmt.Errorf("ask for the memory: %w", err)
	}
	fsync, err := probeFsync(folder)
	return fmt.Sprintf("%s, commit %s. %s, %d cores, %s GB, %s. Making 4 KB durable takes %s ms. Go %s, Node %s, PostgreSQL %s. "+
		"The load generator, the servers and PostgreSQL share the machine.",
		time.Now().UTC().Format(time.DateOnly), commit, cpu, runtime.NumCPU(), Number(float64(info.Totalram)*float64(info.Unit)/(1<<30)),
		output("uname", "-sr"), Number(fsync), strings.TrimPrefix(runtime.Version(), "go"), strings.TrimPrefix(output("node", "--version"), "v"),
		version), err
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
