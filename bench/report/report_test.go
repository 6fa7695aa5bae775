package report

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := Median(c.values); got != c.want {
			t.Errorf("%v: %v", c.values, got)
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
		0: "0", 0.85: "0.85", 1.254: "1.25", 12.34: "12.3", 8: "8", 100: "100", 0.0123456: "0.0123", 1234567: "1,234,567", -1234: "-1,234",
	} {
		if got := Number(value); got != want {
			t.Errorf("%v: %s instead of %s", value, got, want)
		}
	}
}

func TestCompareTellsWhatIsWorse(t *testing.T) {
	t.Parallel()
	higher, lower := Target{AtLeast: 8}, Target{AtMost: 5}
	before := []Figure{
		{ID: "fewer", Value: 10, Target: higher}, {ID: "more", Value: 10, Target: higher},
		{ID: "slower", Value: 2, Target: lower}, {ID: "faster", Value: 2, Target: lower},
		{ID: "a little", Value: 10, Target: higher}, {ID: "tiny", Value: 0.001, Target: lower}, {ID: "gone", Value: 1},
	}
	now := []Figure{
		{ID: "fewer", Value: 5, Target: higher}, {ID: "more", Value: 20, Target: higher},
		{ID: "slower", Value: 3, Target: lower}, {ID: "faster", Value: 1, Target: lower},
		{ID: "a little", Value: 8.5, Target: higher}, {ID: "tiny", Value: 0.1, Target: lower}, {ID: "new", Value: 1},
	}
	worse := map[string]float64{}
	for _, c := range Compare(before, now) {
		worse[c.Figure.ID] = c.Worse
	}
	if diff := cmp.Diff(map[string]float64{"fewer": 1, "slower": 0.5}, worse); diff != "" {
		t.Error(diff)
	}
}

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	written := Results{
		Machine: Machine{CPU: "some", Cores: 2},
		Figures: []Figure{{
			ID: "create", Name: "create ÷ peer", Unit: "×", Value: 8.123456, Rounds: []float64{8.123456}, Target: Target{AtLeast: 8},
			Parts: map[string]float64{"requests/s": 12345.678, "broken": math.NaN()}, Note: "A note.",
		}},
	}
	series := []Series{
		{Chart: "create", Name: "ours", X: []float64{1, 10, 100}, Y: []float64{1, 20, 300}},
		{Chart: "create", Name: "theirs", X: []float64{1, 10, 100}, Y: []float64{2, 40, 600}},
		{Chart: "scale", Name: "feed", X: []float64{1e4, 1e7}, Y: []float64{1.5, 2}},
	}
	if err := written.Write(folder, series, Compare(nil, written.Figures)); err != nil {
		t.Fatal(err)
	}
	read, err := Read(filepath.Join(folder, "latest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written.rounded(), read); diff != "" {
		t.Error(diff)
	}
	page, err := os.ReadFile(filepath.Join(folder, "latest.md"))
	if err != nil || !strings.Contains(string(page), "| create ÷ peer | 8.12× | ≥ 8 | met | 8.12 |") {
		t.Errorf("%v:\n%s", err, page)
	}
	for _, chart := range []string{"create.svg", "scale.svg"} {
		if svg, err := os.ReadFile(filepath.Join(folder, chart)); err != nil || !strings.Contains(string(svg), "</svg>") {
			t.Errorf("%s: %v", chart, err)
		}
	}
}

func TestResultsThatAreNotThereAreNone(t *testing.T) {
	t.Parallel()
	r, err := Read(filepath.Join(t.TempDir(), "latest.json"))
	if err != nil || len(r.Figures) != 0 {
		t.Errorf("%v, %v", r, err)
	}
}
