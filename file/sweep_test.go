package file_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		ends := f.clock.Now().Add(time.Hour)
		for _, in := range []file.NewFile{{EpisodeID: &f.episode}, {EpisodeID: &f.episode}, {ExpiresAt: &ends}} {
			if _, err := f.Create(ctx, in, writing("x")); err != nil {
				t.Fatal(err)
			}
		}
		f.sweep(t)
		f.check(t, "nothing is over", 3, 3, 0)
		f.clock.advance(time.Hour)
		f.sweep(t)
		f.check(t, "one has expired", 2, 2, 0)
		f.episodes.set(f.episode, f.clock.Now())
		if _, err := f.OfEpisode(ctx, f.episode, callboard.Page{}); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("the files of a deleted episode: %v", err)
		}
		f.clock.advance(29 * 24 * time.Hour)
		f.sweep(t)
		f.check(t, "the episode may still be restored", 2, 2, 0)
		f.episodes.set(f.episode, time.Time{})
		if list, err := f.OfEpisode(ctx, f.episode, callboard.Page{}); err != nil || len(list.Items) != 2 {
			t.Errorf("the files of a restored episode: %+v, %v", list, err)
		}
		f.episodes.set(f.episode, f.clock.Now())
		f.clock.advance(31 * 24 * time.Hour)
		f.sweep(t)
		f.check(t, "the episode is gone for good", 0, 0, 0)
	})
}

// stubborn is a storage that does not delete some contents.
type stubborn struct {
	file.Storage
	mu      sync.Mutex
	refuses int // how many more
	tried   int
}

func (s *stubborn) Delete(ctx context.Context, key string) error {
	s.mu.Lock()
	s.tried++
	refused := s.refuses > 0
	s.refuses--
	s.mu.Unlock()
	if refused {
		return callboard.Errorf(callboard.CodeUnavailable, "away")
	}
	return s.Storage.Delete(ctx, key)
}

// TestSweepGoesOn has storage fail: what fails comes last at the next turn and holds up nothing, and where everything
// fails the turn ends early.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		storage := &stubborn{Storage: f.place}
		s := file.New(file.Config{DB: f.db, Storage: storage, Episodes: f.episodes, Now: f.clock.Now})
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		for range 30 {
			created, err := s.Create(ctx, file.NewFile{}, writing("x"))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Delete(ctx, created.ID); err != nil {
				t.Fatal(err)
			}
			f.clock.advance(time.Millisecond)
		}
		storage.refuses = 1000
		if err := s.Sweep(ctx); callboard.CodeOf(err) != callboard.CodeUnavailable || storage.tried != 20 {
			t.Errorf("storage away: %v, tried %d", err, storage.tried)
		}
		f.clock.advance(time.Millisecond)
		storage.refuses, storage.tried = 2, 0
		if err := s.Sweep(ctx); callboard.CodeOf(err) != callboard.CodeUnavailable {
			t.Errorf("two fail: %v", err)
		}
		f.check(t, "all but two are gone", 2, 0, 2)
		f.clock.advance(time.Millisecond)
		if err := s.Sweep(ctx); err != nil {
			t.Error(err)
		}
		f.check(t, "all are gone", 0, 0, 0)
	})
}

// TestRun waits until the content of a deleted file is gone.
func TestRun(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		storage := &watched{Storage: localPlace(t).Storage, deleted: make(chan string, 8)}
		s := file.New(file.Config{DB: db, Storage: storage, Episodes: &episodes{}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		owner := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		created, err := s.Create(owner, file.NewFile{}, writing("x"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // also when Run had not begun to listen
			if err := s.Delete(owner, created.ID); err != nil {
				t.Fatal(err)
			}
			<-storage.deleted
			if created, err = s.Create(owner, file.NewFile{}, writing("x")); err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}, outbox.Migrations(), file.Migrations())
}

// An episode that is restored after its files are gone has no thumbnail that leads to one of them.
func TestPurgeClearsThumbnails(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		other := callboard.NewID()
		f.episodes.set(other, time.Time{})
		for _, id := range []string{f.episode, other} {
			still, err := f.Create(ctx, file.NewFile{EpisodeID: &id}, writing("x"))
			if err != nil {
				t.Fatal(err)
			}
			f.episodes.thumbnails[id] = f.URL(still.ID)
		}
		f.episodes.set(f.episode, f.clock.Now())
		f.clock.advance(31 * 24 * time.Hour)
		f.sweep(t)
		if _, left := f.episodes.thumbnails[f.episode]; left || f.episodes.thumbnails[other] == "" {
			t.Errorf("the thumbnails are %v", f.episodes.thumbnails)
		}
	})
}
