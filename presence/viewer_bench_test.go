package presence

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// BenchmarkTrackViewer measures a viewer who is there already and looks again, as nearly all calls do: one caller, and
// as many as there are processors.
func BenchmarkTrackViewer(b *testing.B) {
	b.Run("refresh", func(b *testing.B) {
		s, ctx := benchService(b, 100), b.Context()
		res, viewer := episode("hot"), user("7")
		b.ReportAllocs()
		for b.Loop() {
			if err := s.Track(ctx, res, viewer); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		s, ctx := benchService(b, 100), b.Context()
		var callers atomic.Int64
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			res, viewer := episode("hot"), user(fmt.Sprint(callers.Add(1)%100))
			for pb.Next() {
				if err := s.Track(ctx, res, viewer); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkGetViewers measures the list of 100 viewers.
func BenchmarkGetViewers(b *testing.B) {
	b.Run("cached", func(b *testing.B) {
		s, ctx := benchService(b, 100), b.Context()
		res := episode("hot")
		b.ReportAllocs()
		for b.Loop() {
			if _, total, err := s.Viewers(ctx, res); err != nil || total != 100 {
				b.Fatalf("%d viewers, %v", total, err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		s, ctx := benchService(b, 100), b.Context()
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			res := episode("hot")
			for pb.Next() {
				if _, total, err := s.Viewers(ctx, res); err != nil || total != 100 {
					b.Errorf("%d viewers, %v", total, err)
				}
			}
		})
	})
}
