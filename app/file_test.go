package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/apptest"
)

func newEpisode(t *testing.T, s *apptest.Server) (id, files string) {
	t.Helper()
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	return episode.ID, "/api/v1/episodes/" + episode.ID + "/files"
}

func TestFileOverHTTP(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		u := s.Users
		episode, files := newEpisode(t, s)
		content := bytes.Repeat([]byte("all the world's a stage\n"), 10_000)
		sum := sha256.Sum256(content)
		f := s.UploadFile(files, u.Editor.Token, "Skript für «Pilot».md", bytes.NewReader(content))
		want := apptest.File{
			ID: f.ID, EpisodeID: &episode, Name: "Skript für «Pilot».md", Size: int64(len(content)),
			ContentType: "text/plain; charset=utf-8", SHA256: hex.EncodeToString(sum[:]), URL: apptest.FilesPath + "/" + f.ID + "/content",
		}
		if diff := cmp.Diff(want, f); diff != "" {
			t.Errorf("uploaded (-want +got):\n%s", diff)
		}
		etag := `"` + f.SHA256 + `"`
		for name, tt := range map[string]struct {
			method string
			header http.Header
			status int
			body   []byte
		}{
			"whole":           {"GET", nil, 200, content},
			"head":            {"HEAD", nil, 200, nil},
			"unchanged":       {"GET", http.Header{"If-None-Match": {etag}}, 304, nil},
			"range":           {"GET", http.Header{"Range": {"bytes=4-6"}}, 206, content[4:7]},
			"end":             {"GET", http.Header{"Range": {"bytes=-5"}}, 206, content[len(content)-5:]},
			"same range":      {"GET", http.Header{"Range": {"bytes=4-6"}, "If-Range": {etag}}, 206, content[4:7]},
			"other range":     {"GET", http.Header{"Range": {"bytes=4-6"}, "If-Range": {`"x"`}}, 200, content},
			"outside":         {"GET", http.Header{"Range": {"bytes=99999999-"}}, 416, nil},
			"other case":      {"GET", http.Header{"Range": {"Bytes=4-6"}}, 206, content[4:7]},
			"other unit":      {"GET", http.Header{"Range": {"items=4-6"}}, 200, content},
			"no unit":         {"GET", http.Header{"Range": {"4-6"}}, 200, content},
			"not a range":     {"GET", http.Header{"Range": {"bytes=x"}}, 416, nil},
			"too many ranges": {"GET", http.Header{"Range": {"bytes=0-0" + strings.Repeat(",2-2", 1000)}}, 200, content},
			"another version": {"GET", http.Header{"If-Match": {`"x"`}}, 412, nil},
		} {
			r := s.Raw(tt.method, f.URL, u.Viewer.Token, tt.header, nil)
			if r.Status != tt.status || tt.status < 300 && !bytes.Equal(r.Body, tt.body) {
				t.Errorf("%s: answer %d with %d bytes, want %d with %d", name, r.Status, len(r.Body), tt.status, len(tt.body))
			}
			if tt.status >= 400 {
				apptest.CheckProblem(t, name, r.Body)
			} else if r.Header.Get("ETag") != etag || r.Header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%s: headers %v", name, r.Header)
			}
		}
		r := s.Do("GET", f.URL, u.Viewer.Token, nil)
		disposition, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || disposition != "inline" || params["filename"] != f.Name {
			t.Errorf("Content-Disposition %q: %v", r.Header.Get("Content-Disposition"), err)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" ||
			r.Header.Get("Last-Modified") == "" || r.Header.Get("Content-Type") != f.ContentType {
			t.Errorf("headers %v", r.Header)
		}
		r = s.Do("GET", f.URL+"?download=true", u.Viewer.Token, nil)
		if !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("for saving: %q", r.Header.Get("Content-Disposition"))
		}
		restored(t, s, episode, f)
		s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+f.ID, u.Editor.Token, nil, nil)
		s.AwaitNoContents()
	})
}

// restored deletes the episode, whose files are gone then, and brings both back.
func restored(t *testing.T, s *apptest.Server, episode string, f apptest.File) {
	t.Helper()
	u := s.Users
	path := "/api/v1/episodes/" + episode
	s.Want(204, http.MethodDelete, path, u.Editor.Token, nil, nil)
	for _, gone := range []string{f.URL, apptest.FilesPath + "/" + f.ID, path + "/files"} {
		if r := s.Do(http.MethodGet, gone, u.Admin.Token, nil); r.Status != 404 {
			t.Errorf("%s of a deleted episode: answer %d", gone, r.Status)
		}
	}
	if err := s.App.Files.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	s.Want(200, http.MethodPost, path+"/restore", u.Editor.Token, nil, nil)
	var list []apptest.File
	s.Want(200, http.MethodGet, path+"/files", u.Viewer.Token, nil, &list)
	if len(list) != 1 || list[0].ID != f.ID {
		t.Errorf("files of a restored episode: %+v", list)
	}
	if r := s.Do("GET", f.URL, u.Viewer.Token, nil); int64(len(r.Body)) != f.Size {
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
		f := s.UploadFile(apptest.FilesPath, s.Users.Editor.Token, name, strings.NewReader(tt.content))
		r := s.Do("GET", f.URL, s.Users.Editor.Token, nil)
		inline := strings.HasPrefix(r.Header.Get("Content-Disposition"), "inline")
		if r.Header.Get("Content-Type") != tt.media || inline != tt.inline {
			t.Errorf("%s (%s): %s, %s", name, f.ContentType, r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"))
		}
	}
}

// TestPrivateFiles has everybody reach for a file that belongs to no episode: by HTTP, by sockets, in the events and in
// the log.
func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		u := s.Users
		owner, other := tokenOfNew(t, s, "Eve"), u.Editor.Token
		f := s.UploadFile(apptest.FilesPath, owner, "salaries.csv", strings.NewReader("a,b\n1,2\n"))
		s.Settle()
		for _, tt := range []struct {
			method, path string
			body         any
		}{
			{"GET", apptest.FilesPath + "/" + f.ID, nil}, {"GET", f.URL, nil}, {"PATCH", apptest.FilesPath + "/" + f.ID, obj{"name": "x"}},
			{"PATCH", apptest.FilesPath + "/" + f.ID, obj{}}, {"DELETE", apptest.FilesPath + "/" + f.ID, nil},
			{"GET", "/api/v1/presence/resource-viewers/file/" + f.ID, nil},
		} {
			if r := s.Do(tt.method, tt.path, other, tt.body); r.Status != 404 {
				t.Errorf("%s %s by another: answer %d %.200s", tt.method, tt.path, r.Status, r.Body)
			}
		}
		for name, token := range map[string]string{"another": other, "a viewer": u.Viewer.Token} {
			for _, path := range []string{apptest.FilesPath, "/api/v1/events?limit=200", "/api/v1/activity/feed?limit=200", "/api/v1/activity/search?q=salaries"} {
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
			if r := s.Do(http.MethodGet, apptest.FilesPath, token, nil); !bytes.Contains(r.Body, []byte(f.ID)) {
				t.Errorf("the list of %s: %s", name, r.Body)
			}
			if r := s.Do(http.MethodGet, "/api/v1/events?limit=200", token, nil); !bytes.Contains(r.Body, []byte(f.ID)) {
				t.Errorf("the events of %s do not tell of the file", name)
			}
			if r := s.Do("GET", f.URL, token, nil); r.Status != 200 {
				t.Errorf("the content for %s: answer %d", name, r.Status)
			}
		}
		s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+f.ID, u.Admin.Token, nil, nil)
		s.AwaitNoContents()
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
	return s.NewToken(user.ID, false)
}
