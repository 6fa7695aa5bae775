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
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
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

// anything may be read, and every episode lives.
type anything struct{ file.Episodes }

func (anything) CanRead(context.Context, callboard.Actor, callboard.Resource) error { return nil }
func (anything) MustExist(context.Context, string) error                            { return nil }
func (anything) LockForShare(context.Context, *sqldb.Tx, string) error              { return nil }

// What a handler stores that was left behind is removed too, though the rest was cleared away before.
func TestThumbnailsOfHandlerLeftBehind(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, job.QueueMigrations(), outbox.Migrations(), file.Migrations(), job.Migrations())
	local, err := file.OpenStorage(file.StorageConfig{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	storage := &slowStorage{Storage: local, third: make(chan struct{}), release: make(chan struct{}), keys: map[string]bool{}}
	files := file.New(file.Config{DB: db, Storage: storage, Episodes: anything{}})
	jobs, err := job.New(t.Context(), job.Config{
		DB: db, Kinds: jobkinds.All(jobkinds.Parts{Files: files}), Access: anything{}, AbandonAfter: 10 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := callboard.WithActor(t.Context(), callboard.Actor{ID: callboard.NewID(), Name: "Ada", Role: callboard.RoleEditor})
	run, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- jobs.Run(run, func() bool { return true }) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-stopped, files.Close()); err != nil {
			t.Error(err)
		}
		jobs.Close()
	})

	still, err := files.Create(ctx, file.NewFile{Name: "still.png", EpisodeID: new(callboard.NewID())}, func(w io.Writer) error {
		return png.Encode(w, image.NewGray(image.Rect(0, 0, 64, 64)))
	})
	if err != nil {
		t.Fatal(err)
	}
	queued, err := jobs.Queue(ctx, job.Request{Kind: "thumbnail-generation", Args: jobkinds.ThumbnailArgs{FileID: still.ID}})
	if err != nil {
		t.Fatal(err)
	}
	<-storage.third
	if _, err := jobs.Cancel(ctx, queued.ID); err != nil {
		t.Fatal(err)
	}
	awaitContents(t, storage, 2) // the still, and the one that is held up
	close(storage.release)
	awaitContents(t, storage, 1)
}

func awaitContents(t *testing.T, s *slowStorage, n int) {
	t.Helper()
	for deadline := time.Now().Add(waitLimit); s.contents() != n; sqldb.Wait(t.Context(), 5*time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d contents are there, want %d", s.contents(), n)
		}
	}
}
