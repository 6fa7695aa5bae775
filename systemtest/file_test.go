package systemtest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// TestFilesTableIsAway renames the table: uploads fail, and leave nothing.
func TestFilesTableIsAway(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, table := range []string{"callboard_files", "callboard_file_garbage"} {
			sqldbtest.RenameTable(t, s.DB, table, table+"_away")
			r := s.Upload(apptest.FilesPath, s.Users.Editor.Token, "x", strings.NewReader("words"))
			if r.Status < 500 {
				t.Errorf("without %s: answer %d %.300s", table, r.Status, r.Body)
			}
			apptest.CheckProblem(t, table, r.Body)
			sqldbtest.RenameTable(t, s.DB, table+"_away", table)
			s.AwaitNoContents()
		}
		if n := s.RowCounts(); !strings.Contains(n, "files=0 file_garbage=0") {
			t.Error(n)
		}
		s.UploadFile(apptest.FilesPath, s.Users.Editor.Token, "x", strings.NewReader("words"))
	})
}

// TestBucketIsAway runs on a bucket, and takes it away.
func TestBucketIsAway(t *testing.T) {
	t.Parallel()
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	var away atomic.Bool
	fake := gofakes3.New(backend).Server()
	bucket := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			panic(http.ErrAbortHandler) // as a service that is gone: the connection breaks
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(bucket.Close)
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) {
		c.StorageURL, c.StorageAccessKey, c.StorageSecretKey = "s3://files/board?endpoint="+bucket.URL, "key", "secret"
	}})
	token := s.Users.Editor.Token
	large := strings.Repeat("all the world's a stage\n", 1_000_000) // more than one part
	f := s.UploadFile(apptest.FilesPath, token, "x", strings.NewReader(large))
	if r := s.Raw("GET", f.URL, token, http.Header{"Range": {"bytes=20000000-20000009"}}, nil); string(r.Body) != large[20000000:20000010] {
		t.Errorf("answer %d %q", r.Status, r.Body)
	}
	if r := s.Do("GET", f.URL, token, nil); string(r.Body) != large {
		t.Errorf("answer %d with %d bytes", r.Status, len(r.Body))
	}
	away.Store(true)
	for name, r := range map[string]apptest.Response{
		"upload": s.Upload(apptest.FilesPath, token, "x", strings.NewReader("words")), "download": s.Do("GET", f.URL, token, nil),
	} {
		if r.Status != 503 || r.Header.Get("Retry-After") == "" || r.Header.Get("ETag") != "" {
			t.Errorf("%s: answer %d %v %.300s", name, r.Status, r.Header, r.Body)
		}
		apptest.CheckProblem(t, name, r.Body)
	}
	s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+f.ID, token, nil, nil)
	apptest.Eventually(t, "the server says so", func() error {
		ready, status := s.Ready()
		if status != 200 || ready.Status != "degraded" || ready.Parts["storage"].Status != "degraded" {
			return fmt.Errorf("%d %+v", status, ready)
		}
		return nil
	})
	away.Store(false)
	apptest.Eventually(t, "the sweep catches up", func() error {
		if err := s.App.Files.Sweep(t.Context()); err != nil {
			return err
		}
		list, err := backend.ListBucket("files", nil, gofakes3.ListBucketPage{})
		if err != nil || len(list.Contents) != 0 || !strings.Contains(s.RowCounts(), "files=0 file_garbage=0") {
			return fmt.Errorf("%+v, %w, %s", list, err, s.RowCounts())
		}
		return nil
	})
}

// TestMemoryStaysFlat sends and fetches hundreds of MB. What is allocated on the way is a small part of it.
func TestMemoryStaysFlat(t *testing.T) {
	s := apptest.Start(t, apptest.Options{}) // not in parallel: it looks at the memory of the process
	content, bound := int64(size(150, 300))<<20, uint64(64<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := s.UploadFile(apptest.FilesPath, s.Users.Editor.Token, "x", apptest.Zeros(content))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+f.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Users.Editor.Token)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil || n != content || f.Size != content {
		t.Errorf("%d bytes went up and %d came down, want %d: %v", f.Size, n, content, err)
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > bound {
		t.Errorf("%d MB were allocated", allocated>>20)
	}
}

// TestKilledDuringAnUpload kills the server with half a content on disk. The next one removes it once it is due.
func TestKilledDuringAnUpload(t *testing.T) {
	t.Parallel()
	b := apptest.NewBinary(t, apptest.Options{})
	b.Start()
	g := apptest.NewGated(apptest.Zeros(5 << 20))
	done := make(chan error, 1)
	go func() {
		_, err := b.TryUpload(t.Context(), apptest.FilesPath, b.Users.Editor.Token, "x", g)
		done <- err
	}()
	<-g.Reached
	apptest.Eventually(t, "the upload is under way", func() error {
		if apptest.Contents(t, b.Config.DataDir) != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	b.Kill()
	close(g.Release)
	<-done
	if n := apptest.Contents(t, b.Config.DataDir); n != 1 {
		t.Fatalf("%d contents after the crash", n)
	}
	a, err := app.New(t.Context(), b.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	storage, err := file.OpenStorage(file.StorageConfig{Folder: filepath.Join(b.Config.DataDir, "files")})
	if err != nil {
		t.Fatal(err)
	}
	for _, sweep := range []struct {
		after time.Duration
		left  int
	}{{12 * time.Hour, 1}, {14 * time.Hour, 0}} {
		later := file.New(file.Config{DB: a.DB, Storage: storage, Now: func() time.Time { return callboard.Now().Add(sweep.after) }})
		if err := later.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		if n := apptest.Contents(t, b.Config.DataDir); n != sweep.left {
			t.Errorf("after %v: %d contents, want %d", sweep.after, n, sweep.left)
		}
	}
}
