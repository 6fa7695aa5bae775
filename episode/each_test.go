package episode_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/sqldb"
)

// Pages must neither overlap nor leave a gap, in any order.
func TestEach(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		err := f.db.Write(acting(t), func(ctx context.Context, tx *sqldb.Tx) error {
			for range 301 {
				for _, in := range []episode.Input{{Title: "same", SeasonNumber: new(1), AirDate: new("1963-11-23")}, {Title: "other", SeasonNumber: new(2)}} {
					in.ShowID = &f.show
					if _, err := f.CreateTx(ctx, tx, in); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f.create(episode.Input{Title: "alone"})
		for _, sort := range []episode.Sort{"", episode.ByTitle, episode.ByLastAired, episode.ByNumber, episode.ByShow, episode.ByLastUpdated} {
			var seen, keys []string
			err := f.Each(t.Context(), episode.Filter{ShowIDs: []string{f.show}}, sort, func(e episode.Episode) error {
				seen, keys = append(seen, e.ID), append(keys, e.Title)
				return nil
			})
			if err != nil || len(seen) != 602 || (sort == episode.ByTitle && !slices.IsSorted(keys)) {
				t.Errorf("%q: %d episodes, %v", sort, len(seen), err)
			}
			slices.Sort(seen)
			if len(slices.Compact(seen)) != 602 {
				t.Errorf("%q: some came twice", sort)
			}
		}
		stop := errors.New("enough")
		if err := f.Each(t.Context(), episode.Filter{}, "", func(episode.Episode) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = f.Each(ctx, episode.Filter{}, "", func(episode.Episode) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wantCode(t, f.Each(t.Context(), episode.Filter{}, "rating", nil), callboard.CodeInvalid, "sort")
	})
}

func TestThumbnailMayBeAFile(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		id := callboard.NewID()
		f.create(episode.Input{Title: "x", ThumbnailURL: new("/api/v1/files/" + id + "/content")})
		f.create(episode.Input{Title: "x", ThumbnailURL: new("/a/call.board/api/v1/files/" + id + "/content")})
		for _, path := range []string{
			"/api/v1/files/" + id, "/api/v1/files//content", "/api/v1/files/x/../" + id + "/content", "/api/v1/files/" + id + "/content?x",
			"api/v1/files/" + id + "/content", "/api/v1/files/" + strings.ToUpper(id) + "/content", "//example.org/x",
			"//example.org/api/v1/files/" + id + "/content", `/\example.org/api/v1/files/` + id + "/content",
		} {
			_, err := f.Create(t.Context(), episode.Input{Title: "x", ThumbnailURL: &path})
			wantCode(t, err, callboard.CodeInvalid, "thumbnail_url")
		}
	})
}
