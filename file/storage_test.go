package file_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/file"
)

// place is a storage and a look at what is really there.
type place struct {
	file.Storage
	count func(t *testing.T) int // of everything that takes room, finished or not
	lose  func()                 // takes the storage away
}

func storages() map[string]func(t *testing.T) place {
	return map[string]func(t *testing.T) place{"local": localPlace, "s3": s3Place}
}

// forEachStorage runs test on every backend, as a parallel subtest of its name.
func forEachStorage(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	for name, open := range storages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func localPlace(t *testing.T) place {
	dir := filepath.Join(t.TempDir(), "files")
	storage, err := file.OpenStorage(file.StorageConfig{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	return place{
		Storage: storage,
		count:   func(t *testing.T) int { return countFiles(t, dir) },
		// A file where a folder should be fails for everybody, root included.
		lose: func() {
			if err := errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600)); err != nil {
				t.Error(err)
			}
		},
	}
}

func countFiles(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return n
}

const bucket = "callboard-test"

func s3Place(t *testing.T) place {
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && r.ContentLength == 0 {
			r.Header.Set("Content-Length", "0") // the fake misses it where the server took it off
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	storage, err := file.OpenStorage(file.StorageConfig{
		URL: "s3://" + bucket + "/board?region=eu-west-1&endpoint=" + server.URL, AccessKey: "key", SecretKey: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	return place{
		Storage: storage,
		count: func(t *testing.T) int {
			objects, err := backend.ListBucket(bucket, nil, gofakes3.ListBucketPage{})
			if err != nil {
				t.Fatal(err)
			}
			return len(objects.Contents)
		},
		lose: server.Close,
	}
}

func TestStorage(t *testing.T) {
	t.Parallel()
	forEachStorage(t, func(t *testing.T, p place) {
		ctx := t.Context()
		large := bytes.Repeat([]byte("0123456789abcdef"), 17<<16) // 17 MB: more than one part
		for name, content := range map[string][]byte{"empty": {}, "small": []byte("hello"), "large": large} {
			key := callboard.NewID()
			if err := p.Put(ctx, key, bytes.NewReader(content)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := p.Open(ctx, key)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			read, err := io.ReadAll(got)
			if err != nil || !bytes.Equal(read, content) {
				t.Errorf("%s: read %d bytes, %v; want %d", name, len(read), err, len(content))
			}
			checkSeeking(t, name, got, content)
			if err := got.Close(); err != nil {
				t.Errorf("%s: close: %v", name, err)
			}
			for range 2 {
				if err := p.Delete(ctx, key); err != nil {
					t.Errorf("%s: delete: %v", name, err)
				}
			}
			if _, err := p.Open(ctx, key); callboard.CodeOf(err) != callboard.CodeNotFound {
				t.Errorf("%s: open after delete: %v", name, err)
			}
		}
		if err := p.Ping(ctx); err != nil {
			t.Errorf("ping: %v", err)
		}
		if n := p.count(t); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}

func checkSeeking(t *testing.T, name string, c file.Content, content []byte) {
	t.Helper()
	end, err := c.Seek(0, io.SeekEnd)
	if err != nil || end != int64(len(content)) {
		t.Errorf("%s: the end is at %d, %v", name, end, err)
	}
	if len(content) == 0 {
		return
	}
	middle := int64(len(content) / 2)
	if _, err := c.Seek(middle, io.SeekStart); err != nil {
		t.Errorf("%s: seek: %v", name, err)
	}
	rest, err := io.ReadAll(c)
	if err != nil || !bytes.Equal(rest, content[middle:]) {
		t.Errorf("%s: %d bytes from the middle, %v", name, len(rest), err)
	}
	two := make([]byte, 2)
	if _, err := c.ReadAt(two, 1); err != nil || !bytes.Equal(two, content[1:3]) {
		t.Errorf("%s: read at 1: %q, %v", name, two, err)
	}
}

// brokenReader yields some bytes and then fails.
type brokenReader struct {
	n   int
	err error
}

func (r *brokenReader) Read(p []byte) (int, error) {
	if r.n == 0 {
		return 0, r.err
	}
	n := min(len(p), r.n)
	r.n -= n
	return n, nil
}

func TestStorageOfBrokenContents(t *testing.T) {
	t.Parallel()
	forEachStorage(t, func(t *testing.T, p place) {
		broken := errors.New("the sender went away")
		for _, n := range []int{0, 5, 3 << 20, 18 << 20} {
			key := callboard.NewID()
			if err := p.Put(t.Context(), key, &brokenReader{n, broken}); !errors.Is(err, broken) {
				t.Errorf("after %d bytes: %v", n, err)
			}
			if _, err := p.Open(t.Context(), key); callboard.CodeOf(err) != callboard.CodeNotFound {
				t.Errorf("after %d bytes: open: %v", n, err)
			}
			if err := p.Delete(t.Context(), key); err != nil {
				t.Errorf("after %d bytes: delete: %v", n, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.Put(ctx, callboard.NewID(), strings.NewReader("x")); !errors.Is(err, context.Canceled) {
			t.Errorf("a context that has ended: %v", err)
		}
		if n := p.count(t); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}

func TestStorageThatIsAway(t *testing.T) {
	t.Parallel()
	for _, open := range []func(t *testing.T) place{localPlace, s3Place} {
		p := open(t)
		p.lose()
		_, err := p.Open(t.Context(), callboard.NewID())
		for name, err := range map[string]error{
			"put": p.Put(t.Context(), callboard.NewID(), strings.NewReader("x")), "open": err, "ping": p.Ping(t.Context()),
			"delete": p.Delete(t.Context(), callboard.NewID()),
		} {
			e, ok := errors.AsType[*callboard.Error](err)
			if !ok || e.Code != callboard.CodeUnavailable || e.RetryAfter <= 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A folder that is deleted, or replaced by another one, while contents are kept in it is used as it is then.
func TestLocalStorageThatIsReplaced(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	storage, err := file.OpenStorage(file.StorageConfig{URL: "file://" + dir})
	if err != nil {
		t.Fatal(err)
	}
	for name, replace := range map[string]func() error{
		"deleted":           func() error { return os.RemoveAll(dir) },
		"deleted and made":  func() error { return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)) },
		"moved and made":    func() error { return errors.Join(os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o700)) },
		"one shard deleted": func() error { return os.RemoveAll(filepath.Join(dir, "ab")) },
	} {
		if err := storage.Put(t.Context(), "key-ab", strings.NewReader("before")); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := replace(); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.Open(t.Context(), "key-ab"); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("%s: what is gone: %v", name, err)
		}
		if err := errors.Join(storage.Ping(t.Context()), storage.Put(t.Context(), "key-ab", strings.NewReader("after"))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, "ab", "key-ab")); err != nil || string(b) != "after" {
			t.Errorf("%s: on disk is %q, %v", name, b, err)
		}
		if err := storage.Delete(t.Context(), "key-ab"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLocalStorageIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	storage, err := file.OpenStorage(file.StorageConfig{URL: "file://" + dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.Put(t.Context(), callboard.NewID(), strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStorageURLs(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"s3://user:hunter2@bucket?endpoint=http://127.0.0.1:9000", "s3://bucket?endpoint=http://key:hunter2@127.0.0.1",
		"s3://bucket?endpoint=hunter2", "s3://bucket?password=hunter2", "s3://?endpoint=http://127.0.0.1", "s3://B_/hunter2",
		"file://host/hunter2", "file:hunter2", "ftp://hunter2", "hunter2", "s3://bucket\x7f/hunter2", "http://%zz-hunter2",
	} {
		_, err := file.OpenStorage(file.StorageConfig{URL: url, AccessKey: "a", SecretKey: "b"})
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "STORAGE_URL") {
			t.Errorf("%s: %v", url, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats the URL: %v", err)
		}
	}
	if _, err := file.OpenStorage(file.StorageConfig{URL: "s3://bucket"}); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("no credentials: %v", err)
	}
	for _, url := range []string{"s3://bucket", "s3://bucket/a/b/?endpoint=https://minio.example.org:9000&region=x", "file:///srv/files"} {
		if _, err := file.OpenStorage(file.StorageConfig{URL: url, AccessKey: "a", SecretKey: "b"}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
