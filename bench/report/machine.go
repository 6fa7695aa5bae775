package report

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Describe tells of this machine. root is the checked-out sources.
func Describe(ctx context.Context, root string) (string, error) {
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
	info, err := os.ReadFile("/proc/cpuinfo")
	_, cpu, _ := strings.Cut(string(info), "model name\t: ")
	cpu, _, _ = strings.Cut(cpu, "\n")
	return fmt.Sprintf("%s, commit %s. %s, %d cores, %s. Go %s, Node %s, %s. "+
		"The load generator, the servers and PostgreSQL share the machine.",
		time.Now().UTC().Format(time.DateOnly), commit, cmp.Or(cpu, runtime.GOARCH), runtime.NumCPU(), output("uname", "-sr"),
		strings.TrimPrefix(runtime.Version(), "go"), strings.TrimPrefix(output("node", "--version"), "v"), output("psql", "--version")), err
}
