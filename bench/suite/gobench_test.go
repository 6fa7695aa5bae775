package suite

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRates(t *testing.T) {
	t.Parallel()
	got := parseRates(`goos: linux
BenchmarkTrackViewer/refresh-2         	 6570302	       200.0 ns/op	      48 B/op	       1 allocs/op
BenchmarkTrackViewer/refresh-2         	 6570302	       100.0 ns/op	      48 B/op	       1 allocs/op
BenchmarkGetViewers/cached   	 162	       62.5 ns/op
BenchmarkBroken-2
PASS
`)
	want := map[string][]float64{"BenchmarkTrackViewer/refresh": {5e6, 1e7}, "BenchmarkGetViewers/cached": {1.6e7}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
