package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"callboard"
	"callboard/app"
	"callboard/app/apptest"
	"callboard/file"
)

const ownFiles = "/api/v1/files"

// fileView is a file on the wire.
type fileView struct {
	ID          string  `json:"id"`
	EpisodeID   *string `json:"episode_id"`
	Name        string  `json:"name"`
	Size        int64   `json:"size"`
	ContentType string  `json:"content_type"`
	SHA256      string  `json:"sha256"`
	URL         string  `json:"url"`
}

// upload uploads a file, which must succeed.
func upload(t *testing.T, s *apptest.Server, path, token, name string, content io.Reader) fileView {
	t.Helper()
	r := s.Upload(path, token, name, content)
	var body struct {
		Data fileView `json:"data"`
	}
	if err := r.JSON(&body); err != nil || r.Status != http.StatusCreated {
		t.Fatalf("upload %.40q: answer %d %.300s", name, r.Status, r.Body)
	}
	return body.Data
}

func newEpisode(t *testing.T, s *apptest.Server) (id, files string) {
	t.Helper()
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	return episode.ID, "/api/v1/episodes/" + episode.ID + "/files"
}

// contents counts what is in the folder of files, finished or not.
func contents(t *testing.T, s *apptest.Server) (n int) {
	t.Helper()
	return contentsIn(t, s.Config.DataDir)
}

func contentsIn(t *testing.T, dataDir string) (n int) {
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

// noContents waits until the folder is empty: contents follow their files soon after.
func noContents(t *testing.T, s *apptest.Server) {
	t.Helper()
	apptest.Eventually(t, "no content is left", func() error {
		if n := contents(t, s); n > 0 {
			return fmt.Errorf("%d contents", n)
		}
		return nil
	})
}

// get makes a request with headers, and returns its answer.
func get(t *testing.T, s *apptest.Server, method, path, token string, header map[string]string) apptest.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	for name, value := range header {
		req.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	r := apptest.Response{Status: answer.StatusCode, Header: answer.Header}
	if r.Body, err = io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFileOverHTTP(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		u := s.Users
		episode, files := newEpisode(t, s)
		content := bytes.Repeat([]byte("all the world's a stage\n"), 10_000)
		sum := sha256.Sum256(content)
		f := upload(t, s, files, u.Editor.Token, "Skript für «Pilot».md", bytes.NewReader(content))
		want := fileView{
			ID: f.ID, EpisodeID: &episode, Name: "Skript für «Pilot».md", Size: int64(len(content)),
			ContentType: "text/plain; charset=utf-8", SHA256: hex.EncodeToString(sum[:]), URL: ownFiles + "/" + f.ID + "/content",
		}
		if diff := cmp.Diff(want, f); diff != "" {
			t.Errorf("uploaded (-want +got):\n%s", diff)
		}
		etag := `"` + f.SHA256 + `"`
		for name, tt := range map[string]struct {
			method string
			header map[string]string
			status int
			body   []byte
		}{
			"whole":           {"GET", nil, 200, content},
			"head":            {"HEAD", nil, 200, nil},
			"unchanged":       {"GET", map[string]string{"If-None-Match": etag}, 304, nil},
			"range":           {"GET", map[string]string{"Range": "bytes=4-6"}, 206, content[4:7]},
			"end":             {"GET", map[string]string{"Range": "bytes=-5"}, 206, content[len(content)-5:]},
			"same range":      {"GET", map[string]string{"Range": "bytes=4-6", "If-Range": etag}, 206, content[4:7]},
			"other range":     {"GET", map[string]string{"Range": "bytes=4-6", "If-Range": `"x"`}, 200, content},
			"outside":         {"GET", map[string]string{"Range": "bytes=99999999-"}, 416, nil},
			"not a range":     {"GET", map[string]string{"Range": "bytes=x"}, 416, nil},
			"too many ranges": {"GET", map[string]string{"Range": "bytes=0-0" + strings.Repeat(",2-2", 1000)}, 200, content},
			"another version": {"GET", map[string]string{"If-Match": `"x"`}, 412, nil},
		} {
			r := get(t, s, tt.method, f.URL, u.Viewer.Token, tt.header)
			if r.Status != tt.status || tt.status < 300 && !bytes.Equal(r.Body, tt.body) {
				t.Errorf("%s: answer %d with %d bytes, want %d with %d", name, r.Status, len(r.Body), tt.status, len(tt.body))
			}
			if tt.status >= 400 {
				checkProblem(t, name, r.Body)
			} else if r.Header.Get("ETag") != etag || r.Header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%s: headers %v", name, r.Header)
			}
		}
		r := get(t, s, "GET", f.URL, u.Viewer.Token, nil)
		disposition, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || disposition != "inline" || params["filename"] != f.Name {
			t.Errorf("Content-Disposition %q: %v", r.Header.Get("Content-Disposition"), err)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" ||
			r.Header.Get("Last-Modified") == "" || r.Header.Get("Content-Type") != f.ContentType {
			t.Errorf("headers %v", r.Header)
		}
		r = get(t, s, "GET", f.URL+"?download=true", u.Viewer.Token, nil)
		if !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("for saving: %q", r.Header.Get("Content-Disposition"))
		}
		restored(t, s, episode, f)
		s.Want(204, http.MethodDelete, ownFiles+"/"+f.ID, u.Editor.Token, nil, nil)
		noContents(t, s)
	})
}

// restored deletes the episode, whose files are gone then, and brings both back.
func restored(t *testing.T, s *apptest.Server, episode string, f fileView) {
	t.Helper()
	u := s.Users
	path := "/api/v1/episodes/" + episode
	s.Want(204, http.MethodDelete, path, u.Editor.Token, nil, nil)
	for _, gone := range []string{f.URL, ownFiles + "/" + f.ID, path + "/files"} {
		if r := s.Do(http.MethodGet, gone, u.Admin.Token, nil); r.Status != 404 {
			t.Errorf("%s of a deleted episode: answer %d", gone, r.Status)
		}
	}
	if err := s.App.Files.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	s.Want(200, http.MethodPost, path+"/restore", u.Editor.Token, nil, nil)
	var list []fileView
	s.Want(200, http.MethodGet, path+"/files", u.Viewer.Token, nil, &list)
	if len(list) != 1 || list[0].ID != f.ID {
		t.Errorf("files of a restored episode: %+v", list)
	}
	if r := get(t, s, "GET", f.URL, u.Viewer.Token, nil); int64(len(r.Body)) != f.Size {
		t.Errorf("content of a restored episode: answer %d with %d bytes", r.Status, len(r.Body))
	}
}

// TestWhatBrowsersGet uploads what could run in a browser, under harmless names.
func TestWhatBrowsersGet(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	const gif = "GIF89a\x01\x00\x01\x00\x00\x00\x00"
	for name, tt := range map[string]struct {
		content, media string
		inline         bool
	}{
		"page.png":    {"<!DOCTYPE html><html><script>alert(1)</script></html>", "application/octet-stream", false},
		"drawing.jpg": {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream", false},
		"feed.txt":    {`<?xml version="1.0"?><x/>`, "application/octet-stream", false},
		"tool.html":   {"#!/usr/bin/env node\nalert(1)", "application/octet-stream", false},
		"paper.txt":   {"%PDF-1.7\n", "application/pdf", false},
		"both.html":   {gif + "<script>alert(1)</script>", "image/gif", true},
		"words.html":  {"just words", "text/plain; charset=utf-8", true},
		"noise.txt":   {"\x00\x01\x02\x03\xff", "application/octet-stream", false},
		"photo":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", true},
	} {
		f := upload(t, s, ownFiles, s.Users.Editor.Token, name, strings.NewReader(tt.content))
		r := get(t, s, "GET", f.URL, s.Users.Editor.Token, nil)
		inline := strings.HasPrefix(r.Header.Get("Content-Disposition"), "inline")
		if r.Header.Get("Content-Type") != tt.media || inline != tt.inline {
			t.Errorf("%s (%s): %s, %s", name, f.ContentType, r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"))
		}
	}
}

// TestHostileNames uploads under names that mean harm. None reaches a path or a header.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for header, want := range map[string]string{
		`filename="../../etc/passwd"`:                    "passwd",
		`filename="..\\..\\x.txt"`:                       "x.txt",
		`filename="con"`:                                 "_con",
		`filename="` + strings.Repeat("a", 10_000) + `"`: strings.Repeat("a", 255),
		"filename=\"exe\u202egpj.png\"":                  "exegpj.png",
		`filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3Dy`:  "aSet-Cookie: x=y",
		`filename*=UTF-8''a%00b.txt`:                     "ab.txt",
		`filename="a\"; filename=\"b.txt"`:               `a"; filename="b.txt`,
		`filename=""`:                                    "file.txt",
		`filename="..."`:                                 "file.txt",
		`x="y"`:                                          "file.txt",
	} {
		status, answer := send(t, s, http.MethodPost, ownFiles, "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=\"file\"; "+header+"\r\nContent-Type: text/html\r\n\r\nwords\r\n--b--\r\n")
		var body struct {
			Data fileView `json:"data"`
		}
		if err := (apptest.Response{Body: answer}).JSON(&body); err != nil || status != 201 || body.Data.Name != want {
			t.Errorf("%.60s: answer %d %.300s", header, status, answer)
			continue
		}
		r := get(t, s, "GET", body.Data.URL, s.Users.Admin.Token, nil)
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || params["filename"] != want || r.Header.Get("Set-Cookie") != "" || string(r.Body) != "words" {
			t.Errorf("%.60s: %v, %v", header, r.Header, err)
		}
	}
}

func TestHostileUploads(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Config: func(c *app.Config) { c.MaxUploadMB = 1 }})
	s.Settle()
	before := rowCounts(t, s)
	part := func(name, content string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"x\"\r\n\r\n" + content + "\r\n"
	}
	const end, form = "--b--\r\n", "multipart/form-data; boundary=b"
	for name, tt := range map[string]struct {
		media, body string
		status      int
	}{
		"JSON":           {"application/json", `{"a": "` + marker + `"}`, 415},
		"no media type":  {"", marker, 415},
		"mixed":          {"multipart/mixed; boundary=b", part("file", marker) + end, 415},
		"no boundary":    {"multipart/form-data", part("file", marker) + end, 400},
		"long boundary":  {"multipart/form-data; boundary=" + strings.Repeat("b", 71), marker, 400},
		"nothing":        {form, "", 400},
		"no parts":       {form, end, 422},
		"other boundary": {form, "--c\r\n\r\n" + marker + "\r\n--c--\r\n", 400},
		"empty":          {form, part("file", "") + end, 422},
		"twice":          {form, part("file", marker) + part("file", marker) + end, 422},
		"other part":     {form, part(marker, marker) + end, 422},
		"one more part":  {form, part("file", marker) + part(marker, marker) + end, 422},
		"cut off":        {form, part("file", marker), 400},
		"cut in a part":  {form, strings.TrimSuffix(part("file", marker), "\r\n"), 400},
		"bad header":     {form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\nb\"\r\n\r\nx\r\n" + end, 400},
		"2 MB":           {form, part("file", strings.Repeat("x", 2<<20)) + end, 413},
		"long preamble":  {form, strings.Repeat(marker+"\r\n", 500_000) + part("file", "x") + end, 413},
	} {
		status, answer := send(t, s, http.MethodPost, ownFiles, tt.media, tt.body)
		if status != tt.status {
			t.Errorf("%s: answer %d %.300s, want %d", name, status, answer, tt.status)
		}
		checkProblem(t, name, answer)
	}
	for _, content := range []io.Reader{strings.NewReader(strings.Repeat("x", 15<<20)), io.LimitReader(zeros{}, 100<<20)} {
		r, err := s.TryUpload(t.Context(), ownFiles, s.Users.Admin.Token, "x", content)
		if err == nil && r.Status != 413 {
			t.Errorf("too large: answer %d %.300s", r.Status, r.Body)
		}
	}
	if r := s.Upload("/api/v1/episodes/"+callboard.NewID()+"/files", s.Users.Editor.Token, "x", strings.NewReader("x")); r.Status != 404 {
		t.Errorf("no such episode: answer %d", r.Status)
	}
	if r := s.Upload("/api/v1/episodes/"+marker+"/files", s.Users.Editor.Token, "x", strings.NewReader("x")); r.Status != 422 {
		t.Errorf("no episode: answer %d", r.Status)
	}
	if after := rowCounts(t, s); after != before {
		t.Errorf("rows before %q and after %q", before, after)
	}
	if n := contents(t, s); n != 0 {
		t.Errorf("%d contents are left", n)
	}
}

// zeros yields zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// gated yields what it has, then tells so and waits.
type gated struct {
	io.Reader
	reached chan struct{}
	once    sync.Once
	release chan struct{}
}

func (g *gated) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err == nil {
		return n, nil
	}
	g.once.Do(func() { close(g.reached) })
	<-g.release
	return 0, io.ErrUnexpectedEOF
}

func TestSenderGoesAway(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	g := &gated{Reader: io.LimitReader(zeros{}, 5<<20), reached: make(chan struct{}), release: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		_, err := s.TryUpload(ctx, ownFiles, s.Users.Editor.Token, "x", g)
		done <- err
	}()
	<-g.reached
	apptest.Eventually(t, "the upload is under way", func() error {
		if contents(t, s) != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	cancel()
	close(g.release)
	if err := <-done; err == nil {
		t.Error("half an upload was answered")
	}
	noContents(t, s)
	apptest.Eventually(t, "no rows are left", func() error {
		if n := rowCounts(t, s); !strings.Contains(n, "files=0 file_garbage=0") {
			return errors.New(n)
		}
		return nil
	})
}

func TestUploadIsRepeated(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		const body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nwords\r\n--b--\r\n"
		post := func(key string) string {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+ownFiles, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+s.Users.Editor.Token)
			req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			req.Header.Set("Idempotency-Key", key)
			answer, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return ""
			}
			defer answer.Body.Close()
			content, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != 201 {
				t.Errorf("answer %d %.300s", answer.StatusCode, content)
			}
			return string(content)
		}
		answers := make([]string, 8)
		var posts sync.WaitGroup
		for i := range answers {
			posts.Go(func() { answers[i] = post("once") })
		}
		posts.Wait()
		for _, answer := range answers {
			if answer != answers[0] {
				t.Errorf("answers differ: %s and %s", answers[0], answer)
			}
		}
		if n := contents(t, s); n != 1 || !strings.Contains(rowCounts(t, s), "files=1 file_garbage=0") {
			t.Errorf("%d contents, %s", n, rowCounts(t, s))
		}
	})
}

// TestManyUploads uploads side by side, and deletes half.
func TestManyUploads(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	_, files := newEpisode(t, s)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			content := strings.Repeat(fmt.Sprint("file ", i, "\n"), 50_000)
			r, err := s.TryUpload(t.Context(), files, s.Users.Editor.Token, "x", strings.NewReader(content))
			var body struct {
				Data fileView `json:"data"`
			}
			if err := errors.Join(err, r.JSON(&body)); err != nil || r.Status != 201 {
				t.Errorf("answer %d %.300s: %v", r.Status, r.Body, err)
				return
			}
			if got := get(t, s, "GET", body.Data.URL, s.Users.Viewer.Token, nil); string(got.Body) != content {
				t.Errorf("file %d came back with %d bytes", i, len(got.Body))
			}
			if i%2 == 0 {
				s.Want(204, http.MethodDelete, ownFiles+"/"+body.Data.ID, s.Users.Editor.Token, nil, nil)
			}
		})
	}
	all.Wait()
	apptest.Eventually(t, "half of them are left", func() error {
		if n := contents(t, s); n != 8 {
			return fmt.Errorf("%d contents", n)
		}
		return nil
	})
}

// TestPrivateFiles has everybody reach for a file that belongs to no episode: by HTTP, by sockets, in the events and in
// the log.
func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		u := s.Users
		owner, other := tokenOfNew(t, s, "Eve"), u.Editor.Token
		f := upload(t, s, ownFiles, owner, "salaries.csv", strings.NewReader("a,b\n1,2\n"))
		s.Settle()
		for _, tt := range []struct {
			method, path string
			body         any
		}{
			{"GET", ownFiles + "/" + f.ID, nil}, {"GET", f.URL, nil}, {"PATCH", ownFiles + "/" + f.ID, obj{"name": "x"}},
			{"PATCH", ownFiles + "/" + f.ID, obj{}}, {"DELETE", ownFiles + "/" + f.ID, nil},
			{"GET", "/api/v1/presence/resource-viewers/file/" + f.ID, nil},
		} {
			if r := s.Do(tt.method, tt.path, other, tt.body); r.Status != 404 {
				t.Errorf("%s %s by another: answer %d %.200s", tt.method, tt.path, r.Status, r.Body)
			}
		}
		for name, token := range map[string]string{"another": other, "a viewer": u.Viewer.Token} {
			for _, path := range []string{ownFiles, "/api/v1/events?limit=200", "/api/v1/activity/feed?limit=200", "/api/v1/activity/search?q=salaries"} {
				r := s.Do(http.MethodGet, path, token, nil)
				if r.Status != 200 || bytes.Contains(r.Body, []byte("salaries")) || bytes.Contains(r.Body, []byte(f.SHA256)) {
					t.Errorf("%s as %s: answer %d %.300s", path, name, r.Status, r.Body)
				}
				if !strings.Contains(path, "activity") && bytes.Contains(r.Body, []byte(f.ID)) {
					t.Errorf("%s as %s tells of the file", path, name)
				}
			}
		}
		for name, token := range map[string]string{"the owner": owner, "an admin": u.Admin.Token} {
			if r := s.Do(http.MethodGet, ownFiles, token, nil); !bytes.Contains(r.Body, []byte(f.ID)) {
				t.Errorf("the list of %s: %s", name, r.Body)
			}
			if r := s.Do(http.MethodGet, "/api/v1/events?limit=200", token, nil); !bytes.Contains(r.Body, []byte(f.ID)) {
				t.Errorf("the events of %s do not tell of the file", name)
			}
			if r := get(t, s, "GET", f.URL, token, nil); r.Status != 200 {
				t.Errorf("the content for %s: answer %d", name, r.Status)
			}
		}
		s.Want(204, http.MethodDelete, ownFiles+"/"+f.ID, u.Admin.Token, nil, nil)
		noContents(t, s)
	})
}

// tokenOfNew returns a token of a new editor.
func tokenOfNew(t *testing.T, s *apptest.Server, name string) string {
	t.Helper()
	var user struct {
		ID string `json:"id"`
	}
	s.Want(201, http.MethodPost, "/api/v1/users", s.Users.Admin.Token,
		obj{"email": strings.ToLower(name) + "@example.org", "name": name, "role": "editor", "password": "correct horse battery"}, &user)
	return tokenOf(t, s, user.ID, false)
}

// TestFilesTableIsAway renames the table: uploads fail, and leave nothing.
func TestFilesTableIsAway(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		for _, table := range []string{"files", "file_garbage"} {
			rename(t, s.DB, table, table+"_away")
			r := s.Upload(ownFiles, s.Users.Editor.Token, "x", strings.NewReader("words"))
			if r.Status < 500 {
				t.Errorf("without %s: answer %d %.300s", table, r.Status, r.Body)
			}
			checkProblem(t, table, r.Body)
			rename(t, s.DB, table+"_away", table)
			noContents(t, s)
		}
		if n := rowCounts(t, s); !strings.Contains(n, "files=0 file_garbage=0") {
			t.Error(n)
		}
		upload(t, s, ownFiles, s.Users.Editor.Token, "x", strings.NewReader("words"))
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
	f := upload(t, s, ownFiles, token, "x", strings.NewReader(large))
	if r := get(t, s, "GET", f.URL, token, map[string]string{"Range": "bytes=20000000-20000009"}); string(r.Body) != large[20000000:20000010] {
		t.Errorf("answer %d %q", r.Status, r.Body)
	}
	if r := get(t, s, "GET", f.URL, token, nil); string(r.Body) != large {
		t.Errorf("answer %d with %d bytes", r.Status, len(r.Body))
	}
	away.Store(true)
	for name, r := range map[string]apptest.Response{
		"upload": s.Upload(ownFiles, token, "x", strings.NewReader("words")), "download": get(t, s, "GET", f.URL, token, nil),
	} {
		if r.Status != 503 || r.Header.Get("Retry-After") == "" || r.Header.Get("ETag") != "" {
			t.Errorf("%s: answer %d %v %.300s", name, r.Status, r.Header, r.Body)
		}
		checkProblem(t, name, r.Body)
	}
	s.Want(204, http.MethodDelete, ownFiles+"/"+f.ID, token, nil, nil)
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
		if err != nil || len(list.Contents) != 0 || !strings.Contains(rowCounts(t, s), "files=0 file_garbage=0") {
			return fmt.Errorf("%+v, %w, %s", list, err, rowCounts(t, s))
		}
		return nil
	})
}

// TestMemoryStaysFlat sends and fetches 300 MB. What is allocated on the way is a small part of it.
func TestMemoryStaysFlat(t *testing.T) {
	s := apptest.Start(t, apptest.Options{}) // not in parallel: it looks at the memory of the process
	const size, bound = 300 << 20, 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := upload(t, s, ownFiles, s.Users.Editor.Token, "x", io.LimitReader(zeros{}, size))
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
	if err != nil || n != size || f.Size != size {
		t.Errorf("%d bytes went up and %d came down, want %d: %v", f.Size, n, size, err)
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
	g := &gated{Reader: io.LimitReader(zeros{}, 5<<20), reached: make(chan struct{}), release: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		_, err := b.TryUpload(t.Context(), ownFiles, b.Users.Editor.Token, "x", g)
		done <- err
	}()
	<-g.reached
	apptest.Eventually(t, "the upload is under way", func() error {
		if contentsIn(t, b.Config.DataDir) != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	b.Kill()
	close(g.release)
	<-done
	if n := contentsIn(t, b.Config.DataDir); n != 1 {
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
		if n := contentsIn(t, b.Config.DataDir); n != sweep.left {
			t.Errorf("after %v: %d contents, want %d", sweep.after, n, sweep.left)
		}
	}
}
