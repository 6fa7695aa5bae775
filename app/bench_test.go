package app_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

// BenchmarkCreateEpisode creates episodes over HTTP from many clients at once, with all effects on, and counts a write as
// done only when everything has followed from it. Client and server share the process, so the time is that of both.
func BenchmarkCreateEpisode(b *testing.B) {
	s := apptest.Start(b, apptest.Options{})
	var failed atomic.Int64
	b.SetParallelism(32) // times GOMAXPROCS
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := s.Try(b.Context(), http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, map[string]string{"title": "Pilot"})
			if err != nil || r.Status != http.StatusCreated {
				failed.Add(1)
			}
		}
	})
	s.Settle()
	if n := failed.Load(); n > 0 {
		b.Fatalf("%d writes failed", n)
	}
}
