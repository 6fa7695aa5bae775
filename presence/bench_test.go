package presence

import (
	"fmt"
	"testing"
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
