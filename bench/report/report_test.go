package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMedianAndPercentile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values      []float64
		median, p99 float64
	}{{[]float64{3}, 3, 3}, {[]float64{9, 1, 5}, 5, 9}, {[]float64{4, 1, 3, 2}, 2.5, 4}} {
		if got, p99 := Median(c.values), Percentile99(c.values); got != c.median || p99 != c.p99 {
			t.Errorf("%v: %v, %v", c.values, got, p99)
		}
	}
}

func TestRatiosGoRoundByRound(t *testing.T) {
	t.Parallel()
	got := Ratios([]float64{10, 30, 8}, []float64{5, 10, 0})
	if diff := cmp.Diff([]float64{2, 3}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value   float64
		target  Target
		verdict string
		shown   string
	}{
		{8, Target{AtLeast: 8}, met, "≥ 8"},
		{7.9, Target{AtLeast: 8}, missed, "≥ 8"},
		{1.25, Target{AtMost: 1.25}, met, "≤ 1.25"},
		{1.3, Target{AtMost: 1.25}, missed, "≤ 1.25"},
		{1, Target{}, none, none},
	} {
		f := Figure{Value: c.value, Target: c.target}
		if f.Verdict() != c.verdict || f.Target.String() != c.shown {
			t.Errorf("%v: %s, %s", c, f.Verdict(), f.Target)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{
		0: "0", 0.85: "0.85", 1.254: "1.25", 12.34: "12.3", 8: "8", 999.6: "1,000", 0.0123456: "0.0123", 1234567: "1,234,567", -1234: "-1,234",
	} {
		if got := Number(value); got != want {
			t.Errorf("%v: %s instead of %s", value, got, want)
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
	g.Ratio(Figure{ID: "create", Name: "create ÷ peer", Target: Target{AtLeast: 8}, Note: "A note."}, "ours", "peer", "requests/s")
	g.Median(Figure{ID: "gone", Name: "what was not measured"}, "nobody", "requests/s")
	folder := t.TempDir()
	if err := (Results{Groups: []*Group{g}}).Write(folder); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "latest.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(page)), " ")
	for _, row := range []string{
		"| create ÷ peer | 3× | ≥ 8 | MISSED | 3, 3, 3 |", "- create ÷ peer: A note.",
		"| create | ours | requests/s | 4,000 | 6,000 | 1.5× |", "| create | peer | requests/s | 2,000 | 1,000, 2,000, 3,000 |",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("there is no %q in\n%s", row, page)
		}
	}
	if strings.Contains(text, "not measured") || strings.Count(text, "1.5×") != 1 {
		t.Errorf("there is more than was measured of both in\n%s", page)
	}
}
