package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

// TestHostileNames uploads under names that mean harm. None reaches a path or a header.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for header, want := range map[string]string{
		`filename="../../etc/passwd"`:                     "passwd",
		`filename="..\\..\\x.txt"`:                        "x.txt",
		`filename="con"`:                                  "_con",
		`filename="` + strings.Repeat("a", 10_000) + `"`:  strings.Repeat("a", 255),
		"filename=\"exe\u202egpj.png\"":                   "exegpj.png",
		`filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3Dy`:   "aSet-Cookie: x=y",
		`filename*=UTF-8''a%00b.txt`:                      "ab.txt",
		`filename="a\"; filename=\"b.txt"`:                `a"; filename="b.txt`,
		"filename=\"\xc4rger f\xfcr 5 \x80.txt\"":         "Ärger für 5 €.txt",
		`filename="Ärger für 5 €.txt"`:                    "Ärger für 5 €.txt",
		"filename=\"..\\..\\\x81\xc4.txt\"":               "\ufffdÄ.txt",
		`filename="x"; filename*=UTF-8'de'%C3%84rger.txt`: "Ärger.txt",
		`filename="x"; filename*=ISO-8859-1''%C4rger.txt`: "Ärger.txt",
		`filename*=iso-8859-1'en'..%2F%A3%20rates.txt`:    "£ rates.txt",
		`filename="x.txt"; filename*=ISO-8859-1''%zz`:     "x.txt",
		`filename="x.txt"; filename*=KOI8-R''%C4`:         "x.txt",
		`filename=""`:    "file.txt",
		`filename="..."`: "file.txt",
		`x="y"`:          "file.txt",
	} {
		r := s.Raw(http.MethodPost, apptest.FilesPath, s.Users.Admin.Token, http.Header{"Content-Type": {"multipart/form-data; boundary=b"}}, strings.NewReader(
			"--b\r\nContent-Disposition: form-data; name=\"file\"; "+header+"\r\nContent-Type: text/html\r\n\r\nwords\r\n--b--\r\n"))
		var body struct {
			Data apptest.File `json:"data"`
		}
		if err := r.JSON(&body); err != nil || r.Status != 201 || body.Data.Name != want {
			t.Errorf("%.60s: answer %d %.300s", header, r.Status, r.Body)
			continue
		}
		r = s.Do("GET", body.Data.URL, s.Users.Admin.Token, nil)
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
	before := s.RowCounts()
	part := func(name, content string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"x\"\r\n\r\n" + content + "\r\n"
	}
	const end, form = "--b--\r\n", "multipart/form-data; boundary=b"
	for name, tt := range map[string]struct {
		media, body string
		status      int
	}{
		"JSON":           {"application/json", `{"a": "` + apptest.Marker + `"}`, 415},
		"no media type":  {"", apptest.Marker, 415},
		"mixed":          {"multipart/mixed; boundary=b", part("file", apptest.Marker) + end, 415},
		"no boundary":    {"multipart/form-data", part("file", apptest.Marker) + end, 400},
		"long boundary":  {"multipart/form-data; boundary=" + strings.Repeat("b", 71), apptest.Marker, 400},
		"nothing":        {form, "", 400},
		"no parts":       {form, end, 422},
		"other boundary": {form, "--c\r\n\r\n" + apptest.Marker + "\r\n--c--\r\n", 400},
		"empty":          {form, part("file", "") + end, 422},
		"twice":          {form, part("file", apptest.Marker) + part("file", apptest.Marker) + end, 422},
		"other part":     {form, part(apptest.Marker, apptest.Marker) + end, 422},
		"one more part":  {form, part("file", apptest.Marker) + part(apptest.Marker, apptest.Marker) + end, 422},
		"cut off":        {form, part("file", apptest.Marker), 400},
		"cut in a part":  {form, strings.TrimSuffix(part("file", apptest.Marker), "\r\n"), 400},
		"bad header":     {form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\nb\"\r\n\r\nx\r\n" + end, 400},
		"long header":    {form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\nX: " + strings.Repeat("x", 500_000) + "\r\n\r\nx\r\n" + end, 413},
		"second header":  {form, part("file", "x") + "--b\r\nX: " + strings.Repeat("x", 500_000) + "\r\n\r\nx\r\n" + end, 413},
		"2 MB":           {form, part("file", strings.Repeat("x", 2<<20)) + end, 413},
		"long preamble":  {form, strings.Repeat(apptest.Marker+"\r\n", 500_000) + part("file", "x") + end, 413},
	} {
		r := s.Raw(http.MethodPost, apptest.FilesPath, s.Users.Admin.Token, http.Header{"Content-Type": {tt.media}}, strings.NewReader(tt.body))
		if r.Status != tt.status {
			t.Errorf("%s: answer %d %.300s, want %d", name, r.Status, r.Body, tt.status)
		}
		apptest.CheckProblem(t, name, r.Body)
	}
	for _, content := range []io.Reader{strings.NewReader(strings.Repeat("x", 15<<20)), apptest.Zeros(100 << 20)} {
		r, err := s.TryUpload(t.Context(), apptest.FilesPath, s.Users.Admin.Token, "x", content)
		if err == nil && r.Status != 413 {
			t.Errorf("too large: answer %d %.300s", r.Status, r.Body)
		}
	}
	if r := s.Upload("/api/v1/episodes/"+callboard.NewID()+"/files", s.Users.Editor.Token, "x", strings.NewReader("x")); r.Status != 404 {
		t.Errorf("no such episode: answer %d", r.Status)
	}
	if r := s.Upload("/api/v1/episodes/"+apptest.Marker+"/files", s.Users.Editor.Token, "x", strings.NewReader("x")); r.Status != 422 {
		t.Errorf("no episode: answer %d", r.Status)
	}
	if after := s.RowCounts(); after != before {
		t.Errorf("rows before %q and after %q", before, after)
	}
	if n := apptest.Contents(t, s.Config.DataDir); n != 0 {
		t.Errorf("%d contents are left", n)
	}
}

func TestSenderGoesAway(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	g := apptest.NewGated(apptest.Zeros(5 << 20))
	done := make(chan error, 1)
	go func() {
		_, err := s.TryUpload(ctx, apptest.FilesPath, s.Users.Editor.Token, "x", g)
		done <- err
	}()
	<-g.Reached
	apptest.Eventually(t, "the upload is under way", func() error {
		if apptest.Contents(t, s.Config.DataDir) != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	cancel()
	close(g.Release)
	if err := <-done; err == nil {
		t.Error("half an upload was answered")
	}
	s.AwaitNoContents()
	apptest.Eventually(t, "no rows are left", func() error {
		if n := s.RowCounts(); !strings.Contains(n, "files=0 file_garbage=0") {
			return errors.New(n)
		}
		return nil
	})
}

func TestUploadIsRepeated(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		const body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nwords\r\n--b--\r\n"
		post := func(key string) string {
			header := http.Header{"Content-Type": {"multipart/form-data; boundary=b"}, "Idempotency-Key": {key}}
			r, err := s.TryRaw(t.Context(), http.MethodPost, apptest.FilesPath, s.Users.Editor.Token, header, strings.NewReader(body))
			if err != nil || r.Status != 201 {
				t.Errorf("answer %d %.300s: %v", r.Status, r.Body, err)
			}
			return string(r.Body)
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
		if n := apptest.Contents(t, s.Config.DataDir); n != 1 || !strings.Contains(s.RowCounts(), "files=1 file_garbage=0") {
			t.Errorf("%d contents, %s", n, s.RowCounts())
		}
	})
}

// Uploads that never end hold what they hold for few of a user, and nobody else is kept from uploading.
func TestUploadsOfOneUserAreFew(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	var all sync.WaitGroup
	defer all.Wait()
	for range 16 {
		g := apptest.NewGated(apptest.Zeros(1000))
		defer close(g.Release)
		all.Go(func() {
			if r, err := s.TryUpload(t.Context(), apptest.FilesPath, s.Users.Editor.Token, "x", g); err == nil {
				t.Errorf("half an upload was answered: %d", r.Status)
			}
		})
		<-g.Reached
	}
	apptest.Eventually(t, "all of them are under way", func() error {
		if n := apptest.Contents(t, s.Config.DataDir); n != 16 {
			return fmt.Errorf("%d contents", n)
		}
		return nil
	})
	if r := s.Upload(apptest.FilesPath, s.Users.Editor.Token, "x", strings.NewReader("x")); r.Status != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("one more: answer %d %.300s", r.Status, r.Body)
	}
	if r := s.Upload(apptest.FilesPath, s.Users.Admin.Token, "x", strings.NewReader("x")); r.Status != 201 {
		t.Errorf("somebody else: answer %d %.300s", r.Status, r.Body)
	}
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
				Data apptest.File `json:"data"`
			}
			if err := errors.Join(err, r.JSON(&body)); err != nil || r.Status != 201 {
				t.Errorf("answer %d %.300s: %v", r.Status, r.Body, err)
				return
			}
			if got := s.Do("GET", body.Data.URL, s.Users.Viewer.Token, nil); string(got.Body) != content {
				t.Errorf("file %d came back with %d bytes", i, len(got.Body))
			}
			if i%2 == 0 {
				s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+body.Data.ID, s.Users.Editor.Token, nil, nil)
			}
		})
	}
	all.Wait()
	apptest.Eventually(t, "half of them are left", func() error {
		if n := apptest.Contents(t, s.Config.DataDir); n != 8 {
			return fmt.Errorf("%d contents", n)
		}
		return nil
	})
}
