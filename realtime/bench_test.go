package realtime

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/callboard/callboard"
)

// nobody is an Authenticator for a service that has no clients.
type nobody struct{}

func (nobody) Verify(context.Context, string) (callboard.Actor, time.Time, error) {
	return callboard.Actor{}, time.Time{}, errors.New("nobody is known")
}

func (nobody) RequestCredential(*http.Request) string { return "" }

func benchEvent() callboard.Event {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: callboard.NewID(), Name: "Ada Okafor"})
	season, number := 1, 7
	e := callboard.EpisodeUpdated.New(ctx, callboard.Resource{Type: "episode", ID: callboard.NewID(), Name: "The Tide Table"},
		callboard.EpisodeData{
			Title: "The Tide Table", Status: "draft", SeasonNumber: &season, EpisodeNumber: &number, Version: 3,
			Changes: callboard.Changes{"title": {Old: "Working title", New: "The Tide Table"}},
		})
	e.Pos = 1
	return e
}

// BenchmarkEncodeMessage measures a live message as JSON.
func BenchmarkEncodeMessage(b *testing.B) {
	m := benchEvent().Message()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encode(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublish measures an event on its way to its two channels and their histories, while nobody listens.
func BenchmarkPublish(b *testing.B) {
	s, err := New(Config{Authenticator: nobody{}})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Shutdown(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	events := []callboard.Event{benchEvent()}
	b.ReportAllocs()
	for b.Loop() {
		events[0].Pos++ // or the channels take it for a repeat
		if err := s.Publish(b.Context(), events); err != nil {
			b.Fatal(err)
		}
	}
}
