package jobkinds_test

import (
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/jobkinds"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// waitLimit is how long a test waits for what should happen soon.
const waitLimit = 30 * time.Second

// slowStorage keeps how many contents there are. It holds up the one that is stored third, whatever becomes of its context.
type slowStorage struct {
	file.Storage
	third, release chan struct{}

	mu   sync.Mutex
	puts int
	keys map[string]bool
}

func (s *slowStorage) Put(ctx context.Context, key string, r io.Reader) error {
	s.mu.Lock()
	s.puts++
	third := s.puts == 3
	s.keys[key] = true
	s.mu.Unlock()
	if third {
		close(s.third)
		<-s.release
	}
	return s.Storage.Put(context.WithoutCancel(ctx), key, r)
}

func (s *slowStorage) Delete(ctx context.Context, key string) error {
	err := s.Storage.Delete(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.keys, key)
	return err
}

func (s *slowStorage) contents() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.keys)
}

// anybody may read everything.
type anybody struct{}

func (anybody) CanRead(context.Context, callboard.Actor, callboard.Resource) error { return nil }

// held is a job for the thumbnails of a picture that is held up while it stores them.
type held struct {
	db      *sqldb.DB
	storage *slowStorage
	jobs    *job.Service
	files   *file.Service
	board   *episode.Service
	episode episode.Episode
	still   file.File
	job     job.Job
}

// hold returns when the job has come that far.
func hold(ctx context.Context, t *testing.T, db *sqldb.DB) *held {
	t.Helper()
	local, err := file.OpenStorage(file.StorageConfig{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	h := &held{db: db, board: episode.New(episode.Config{DB: db})}
	h.storage = &slowStorage{Storage: local, third: make(chan struct{}), release: make(chan struct{}), keys: map[string]bool{}}
	h.files = file.New(file.Config{DB: db, Storage: h.storage, Episodes: h.board})
	h.jobs, err = job.New(t.Context(), job.Config{
		DB: db, Kinds: jobkinds.All(jobkinds.Parts{Files: h.files, Episodes: h.board}), Access: anybody{}, AbandonAfter: 10 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- h.jobs.Run(run, func() bool { return true }) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-stopped, h.files.Close()); err != nil {
			t.Error(err)
		}
		h.jobs.Close()
	})
	if h.episode, err = h.board.Create(ctx, episode.Input{Title: "Pilot"}); err != nil {
		t.Fatal(err)
	}
	h.still, err = h.files.Create(ctx, file.NewFile{Name: "still.png", EpisodeID: &h.episode.ID}, func(w io.Writer) error {
		return png.Encode(w, image.NewGray(image.Rect(0, 0, 64, 64)))
	})
	if err != nil {
		t.Fatal(err)
	}
	h.job, err = h.jobs.Queue(ctx, job.Request{Kind: "thumbnail-generation", Args: jobkinds.ThumbnailArgs{FileID: h.still.ID}})
	if err != nil {
		t.Fatal(err)
	}
	<-h.storage.third
	return h
}

func asEditor(t *testing.T) context.Context {
	t.Helper()
	return callboard.WithActor(t.Context(), callboard.Actor{ID: callboard.NewID(), Name: "Ada", Role: callboard.RoleEditor})
}

func migrations() []sqldb.Migrations {
	return []sqldb.Migrations{show.Migrations(), episode.Migrations(), job.QueueMigrations(), outbox.Migrations(), file.Migrations(), job.Migrations()}
}

// What a handler stores that was left behind is removed too, though the rest was cleared away before.
func TestThumbnailsOfHandlerLeftBehind(t *testing.T) {
	t.Parallel()
	ctx := asEditor(t)
	h := hold(ctx, t, sqldbtest.Open(t, sqldbtest.SQLite, migrations()...))
	if _, err := h.jobs.Cancel(ctx, h.job.ID); err != nil {
		t.Fatal(err)
	}
	awaitContents(t, h.storage, 2) // the still, and the one that is held up
	close(h.storage.release)
	awaitContents(t, h.storage, 1)
}

// A picture that is deleted while its thumbnails are made does not become the episode's thumbnail afterwards.
func TestPictureDeletedDuringItsThumbnails(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		ctx := asEditor(t)
		h := hold(ctx, t, db)
		if err := h.files.Delete(ctx, h.still.ID); err != nil {
			t.Fatal(err)
		}
		close(h.storage.release)
		var ended job.Job
		for deadline := time.Now().Add(waitLimit); !ended.Status.Done(); sqldb.Wait(t.Context(), 5*time.Millisecond) {
			var err error
			if ended, err = h.jobs.Get(ctx, h.job.ID); err != nil || time.Now().After(deadline) {
				t.Fatalf("the job is %+v: %v", ended, err)
			}
		}
		if ended.Status != job.Failed || ended.Error == nil || *ended.Error != "the file was deleted while its thumbnails were made" || ended.Attempt != 1 {
			t.Errorf("the job is %+v", ended)
		}
		if e, err := h.board.Get(ctx, h.episode.ID); err != nil || e.ThumbnailURL != nil || e.Version != h.episode.Version {
			t.Errorf("the episode is %+v: %v", e, err)
		}
		if err := h.files.Sweep(ctx); err != nil {
			t.Error(err)
		}
		awaitContents(t, h.storage, 0)
	}, migrations()...)
}

func awaitContents(t *testing.T, s *slowStorage, n int) {
	t.Helper()
	for deadline := time.Now().Add(waitLimit); s.contents() != n; sqldb.Wait(t.Context(), 5*time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d contents are there, want %d", s.contents(), n)
		}
	}
}
