package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatistics(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values      []float64
		median, p99 float64
	}{{nil, 0, 0}, {[]float64{3}, 3, 3}, {[]float64{9, 1, 5}, 5, 9}, {[]float64{4, 1, 3, 2}, 2.5, 4}} {
		if got, p99 := Median(c.values), Percentile99(c.values); got != c.median || p99 != c.p99 {
			t.Errorf("%v: %v, %v", c.values, got, p99)
		}
	}
	if diff := cmp.Diff([]float64{2, 3}, Ratios([]float64{10, 30, 8}, []float64{5, 10, 0})); diff != "" {
		t.Error(diff)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for shown, f := range map[string]Figure{
		"8× ≥ 8 met":            {Value: 8, Unit: "×", Target: AtLeast(8)},
		"7.9× ≥ 8 MISSED":       {Value: 7.9, Unit: "×", Target: AtLeast(8)},
		"1.25 ms ≤ 1.25 met":    {Value: 1.254, Unit: "ms", Target: AtMost(1.254)},
		"1,234 ms ≤ 0.5 MISSED": {Value: 1234.4, Unit: "ms", Target: AtMost(0.5)},
		"0.0123 s — —":          {Value: 0.0123456, Unit: "s"},
	} {
		if got := f.Shown() + " " + f.Target.String() + " " + f.Verdict(); got != shown {
			t.Errorf("%s, not %s", got, shown)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	g := &Group{Name: "create"}
	for round := range 3 {
		g.Add("ours", "requests/s", float64(3000*(round+1)))
		g.Add("ours"+Before, "requests/s", float64(2000*(round+1)))
		g.Add("peer", "requests/s", float64(1000*(round+1)))
		g.Add("ours", "new", 1)
	}
	g.Ratio("create ÷ peer", AtLeast(8), "ours", "peer", "requests/s")
	g.Note("A note.")
	g.Median("what was not measured", "", Target{}, "nobody", "requests/s")
	g.Note("Of nothing.")
	folder := t.TempDir()
	if err := (Results{Groups: []*Group{g}}).Write(folder); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "latest.md"))
	text := strings.Join(strings.Fields(string(page)), " ")
	for _, row := range []string{
		"| create ÷ peer | 3× | ≥ 8 | MISSED | 3, 3, 3 |", "- create ÷ peer: A note.",
		"| create | ours | requests/s | 4,000 | 6,000 | 1.5× |", "| create | peer | requests/s | 2,000 | 1,000, 2,000, 3,000 |",
	} {
		if err != nil || !strings.Contains(text, row) {
			t.Errorf("there is no %q in\n%s", row, page)
		}
	}
	if strings.Contains(text, "not measured") || strings.Contains(text, "Of nothing") || strings.Count(text, "1.5×") != 1 {
		t.Errorf("there is more than was measured in\n%s", page)
	}
}
