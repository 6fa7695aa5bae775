package apptest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
)

// FilesPath is where files are that belong to no episode.
const FilesPath = "/api/v1/files"

// File is a file as the API shows it.
type File struct {
	ID          string  `json:"id"`
	EpisodeID   *string `json:"episode_id"`
	Name        string  `json:"name"`
	Size        int64   `json:"size"`
	ContentType string  `json:"content_type"`
	SHA256      string  `json:"sha256"`
	URL         string  `json:"url"`
}

// TryUpload sends content as the part "file" of a multipart body, under the given name, as it comes. See Try.
func (s *Site) TryUpload(ctx context.Context, path, token, name string, content io.Reader) (Response, error) {
	body, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		if err == nil {
			err = form.Close()
		}
		_ = w.CloseWithError(err)
	}()
	defer func() { _ = body.Close() }() // ends the writing where the server did not read everything
	return s.TryRaw(ctx, http.MethodPost, path, token, http.Header{"Content-Type": {form.FormDataContentType()}}, body)
}

// Upload is TryUpload by a caller who needs an answer: the test ends when there is none.
func (s *Site) Upload(path, token, name string, content io.Reader) Response {
	s.t.Helper()
	r, err := s.TryUpload(s.t.Context(), path, token, name, content)
	if err != nil {
		s.t.Fatalf("upload to %s: %v", path, err)
	}
	return r
}

// UploadFile is Upload of a file that must be taken.
func (s *Site) UploadFile(path, token, name string, content io.Reader) File {
	s.t.Helper()
	r := s.Upload(path, token, name, content)
	var body struct {
		Data File `json:"data"`
	}
	if err := r.JSON(&body); err != nil || r.Status != http.StatusCreated {
		s.t.Fatalf("upload %.40q: answer %d %.300s", name, r.Status, r.Body)
	}
	return body.Data
}

// Contents counts what is in the folder of the files below a data folder, finished or not.
func Contents(t testing.TB, dataDir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dataDir, "files"), func(_ string, d fs.DirEntry, err error) error {
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

// AwaitNoContents waits until the server keeps no content: contents follow their files soon after.
func (s *Server) AwaitNoContents() {
	s.t.Helper()
	Eventually(s.t, "no content is left", func() error {
		if n := Contents(s.t, s.Config.DataDir); n > 0 {
			return fmt.Errorf("%d contents", n)
		}
		return nil
	})
}

// Zeros returns n zeros.
func Zeros(n int64) io.Reader { return io.LimitReader(zeros{}, n) }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Gated is a content that is cut off: it yields what it has, then closes Reached, waits for Release, and fails.
type Gated struct {
	Reached chan struct{}
	Release chan struct{}

	content io.Reader
	once    sync.Once
}

// NewGated returns a Gated that yields content.
func NewGated(content io.Reader) *Gated {
	return &Gated{Reached: make(chan struct{}), Release: make(chan struct{}), content: content}
}

// Read implements io.Reader.
func (g *Gated) Read(p []byte) (int, error) {
	n, err := g.content.Read(p)
	if err == nil {
		return n, nil
	}
	g.once.Do(func() { close(g.Reached) })
	<-g.Release
	return 0, io.ErrUnexpectedEOF
}
