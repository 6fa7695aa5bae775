package suite

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"callboard/bench/report"
)

// GoBench runs the Go benchmarks of viewer tracking, which is called in process.
func (s *Suite) GoBench(ctx context.Context) ([]report.Figure, []report.Series, error) {
	length := "-benchtime=" + s.pick(500*time.Millisecond, 200*time.Millisecond).String()
	cmd := exec.CommandContext(ctx, "go", "test", "./presence", "-run", "^$", "-bench", "^Benchmark(TrackViewer|GetViewers)$",
		length, "-count", strconv.Itoa(s.Rounds))
	cmd.Dir = s.Root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, nil, fmt.Errorf("run the Go benchmarks: %w: %s", err, out)
	}
	rates := parseRates(string(out))
	track, err := rateFigure(rates, "BenchmarkTrackViewer/refresh", report.Figure{
		ID: "track_viewer", Name: "trackViewer in process", Target: report.Target{AtLeast: 500_000},
	})
	if err != nil {
		return nil, nil, err
	}
	get, err := rateFigure(rates, "BenchmarkGetViewers/cached", report.Figure{
		ID: "get_viewers", Name: "getViewers in process, cached", Target: report.Target{AtLeast: 1_000_000},
	})
	return []report.Figure{track, get}, nil, err
}

func rateFigure(rates map[string][]float64, benchmark string, f report.Figure) (report.Figure, error) {
	if len(rates[benchmark]) == 0 {
		return f, fmt.Errorf("there is no %s", benchmark)
	}
	f.Unit, f.Parts = "/s", map[string]float64{}
	family, _, _ := strings.Cut(benchmark, "/")
	for name, rounds := range rates {
		if variant, ok := strings.CutPrefix(name, family+"/"); ok {
			f.Parts[variant+" /s"] = report.Median(rounds)
		}
	}
	return single(f, rates[benchmark]), nil
}

// parseRates reads lines such as "BenchmarkName/case-2   1000   1234 ns/op" into calls per second by name.
func parseRates(out string) map[string][]float64 {
	line := regexp.MustCompile(`^(Benchmark\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)
	rates := map[string][]float64{}
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		found := line.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		if each, err := strconv.ParseFloat(found[2], 64); err == nil && each > 0 {
			rates[found[1]] = append(rates[found[1]], 1e9/each)
		}
	}
	return rates
}
