package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/callboard/callboard/internal/httpapi"
)

// benchEpisode has the shape of an episode on the wire.
type benchEpisode struct {
	ID            string     `json:"id"`
	ShowID        *string    `json:"show_id"`
	SeasonNumber  *int       `json:"season_number"`
	EpisodeNumber *int       `json:"episode_number"`
	Title         string     `json:"title"`
	Description   *string    `json:"description"`
	AirDate       *string    `json:"air_date"`
	Status        string     `json:"status"`
	Categories    []string   `json:"categories" nullable:"false"`
	ThumbnailURL  *string    `json:"thumbnail_url"`
	Version       int64      `json:"version"`
	CreatedBy     string     `json:"created_by"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
	DeletedAt     *time.Time `json:"deleted_at,omitempty"`
}

func newBenchEpisode() benchEpisode {
	season, number, text := 1, 7, "In which the harbour master finds that the tide has been late for a week."
	at := time.Date(2026, 11, 24, 12, 0, 0, 123456000, time.UTC)
	return benchEpisode{
		ID: "01a20ce7-7fa5-70e2-a5da-c6de8cc19766", SeasonNumber: &season, EpisodeNumber: &number, Title: "The Tide Table",
		Description: &text, Status: "draft", Categories: []string{"drama", "sea"}, Version: 3,
		CreatedBy: "01a20ce7-7fa5-70e2-a5da-c6de8cc19700", CreatedAt: at, UpdatedAt: at,
	}
}

// BenchmarkAnswer measures a GET whose handler has the answer at hand: what remains is routing and the JSON of an
// episode. BenchmarkAnswer/empty is the same without the episode.
func BenchmarkAnswer(b *testing.B) {
	a := httpapi.New(httpapi.Config{})
	e := newBenchEpisode()
	httpapi.Register(a, httpapi.Route{ID: "get-episode", Method: http.MethodGet, Path: "/episode", Access: httpapi.Public},
		func(context.Context, *struct{}) (*httpapi.Body[benchEpisode], error) { return httpapi.OK(e), nil })
	httpapi.Register(a, httpapi.Route{ID: "get-empty", Method: http.MethodGet, Path: "/empty", Access: httpapi.Public},
		func(context.Context, *struct{}) (*httpapi.Body[struct{}], error) { return httpapi.OK(struct{}{}), nil })
	h := a.Handler()
	for _, name := range []string{"episode", "empty"} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/"+name, http.NoBody)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}
