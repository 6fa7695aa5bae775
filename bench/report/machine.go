package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"callboard/bench/process"
)

// Describe tells of this machine. root is the checked-out sources, and postgres the URL of PostgreSQL.
func Describe(ctx context.Context, root, postgres string) (string, error) {
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
	return fmt.Sprintf("%s, commit %s. %s, %d cores, %s GB, %s. Go %s, Node %s, PostgreSQL %s. "+
		"The load generator, the servers and PostgreSQL share the machine.",
		time.Now().UTC().Format(time.DateOnly), commit, cpu, runtime.NumCPU(), Number(float64(info.Totalram)*float64(info.Unit)/(1<<30)),
		output("uname", "-sr"), strings.TrimPrefix(runtime.Version(), "go"), strings.TrimPrefix(output("node", "--version"), "v"),
		version), nil
}
