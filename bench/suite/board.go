package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/callboard/callboard/bench/report"
)

// board measures the page in Chromium, by the script beside its browser tests: "npm run bench" in web.
func (s *Suite) board(ctx context.Context, g *report.Group) error {
	const server = "board"
	out := filepath.Join(s.Folder, "board.json")
	for _, args := range [][]string{{"make", "bin/callboard"}, {"npm", "--prefix", "web", "run", "bench"}} {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Dir = s.Root
		cmd.Env = append(os.Environ(), "BENCH_OUT="+out)
		if s.Quick {
			cmd.Env = append(cmd.Env, "BENCH_QUICK=1")
		}
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", args, err, said)
		}
	}
	text, err := os.ReadFile(out)
	if os.IsNotExist(err) {
		s.missing("the board", fmt.Errorf("no Chromium is installed: %w", err))
		return nil
	}
	if err != nil {
		return err
	}
	var measured map[string][]float64
	if err := json.Unmarshal(text, &measured); err != nil {
		return fmt.Errorf("the figures of the board: %w", err)
	}
	for metric, values := range measured {
		for _, v := range values {
			g.Add(server, metric, v)
		}
	}
	for _, v := range measured["later heap MB"] {
		g.Add(server+" later", "heap MB", v)
	}
	g.Median("first load, scripts and styles", "KB", report.AtMost(300), server, "first load KB")
	g.Median("usable on fast 3G with a fourth of the CPU, with the scripts in the cache", "ms", report.AtMost(1500), server, "usable, again ms")
	g.Median("usable on fast 3G with a fourth of the CPU, for the first time", "ms", report.AtMost(1500), server, "usable, first time ms")
	g.Note("1.6 Mbit/s, 150 ms there and back, until the first row is there.")
	g.Median("a change of somebody else on screen after its answer: median", "ms", report.AtMost(200), server, "change on screen ms")
	g.Worst("a change of somebody else on screen after its answer: p99", "ms", report.AtMost(200), server, "change on screen ms")
	g.Median("own edit in the page", "ms", report.AtMost(16), server, "own edit ms")
	g.Note("From the key to the change of the page, which the next frame shows.")
	g.Median("frames while scrolling 10,000 rows", "/s", report.AtLeast(55), server, "scrolling frames/s")
	g.Median("longest task while 50 changes/s come in", "ms", report.AtMost(100), server, "longest task ms")
	g.Ratio("heap after 20,000 events ÷ after 10,000", report.AtMost(1.1), server+" later", server, "heap MB")
	return nil
}
