package presence

import (
	"fmt"
	"testing"
	"time"
)

func benchService(b *testing.B, users int) *Service {
	b.Helper()
	s, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range users {
		if err := s.Track(b.Context(), episode("hot"), user(fmt.Sprint(i))); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func BenchmarkTrackRefresh(b *testing.B) {
	s, ctx := benchService(b, 100), b.Context()
	res, u := episode("hot"), user("7")
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Track(ctx, res, u)
	}
}

func BenchmarkTrackNew(b *testing.B) {
	s, ctx := benchService(b, 0), b.Context()
	u := user("u")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		res := episode(fmt.Sprint(i))
		_ = s.Track(ctx, res, u)
		_ = s.Remove(ctx, u.ID, res)
	}
}

func BenchmarkTrackParallel(b *testing.B) {
	s, ctx := benchService(b, 0), b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		res, u := episode("parallel"), user("u")
		for pb.Next() {
			_ = s.Track(ctx, res, u)
		}
	})
}

func BenchmarkViewers(b *testing.B) {
	s, ctx := benchService(b, 100), b.Context()
	res := episode("hot")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.Viewers(ctx, res, time.Second)
	}
}

func BenchmarkViewersParallel(b *testing.B) {
	s, ctx := benchService(b, 100), b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		res := episode("hot")
		for pb.Next() {
			_, _ = s.Viewers(ctx, res, time.Second)
		}
	})
}
