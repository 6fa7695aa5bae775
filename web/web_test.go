package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// sample is what a build leaves: compressed files, without the originals.
func sample() fstest.MapFS {
	return fstest.MapFS{
		"index.html":              {Data: []byte(`<head><base href="/"><script src="./assets/entry-1a2b.js"></script>`)},
		"assets/entry-1a2b.js.br": {Data: []byte("brotli")},
		"assets/entry-1a2b.js.gz": {Data: []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00")}, // "hello"
		"icon.svg":                {Data: []byte("<svg/>")},
	}
}

func serve(t *testing.T, pages []Page, prefix, target string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	for _, page := range pages {
		mux.Handle("GET "+prefix+page.Path, page)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	mux.ServeHTTP(w, r)
	return w
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/callboard"} {
		site := pages(Options{PathPrefix: prefix}, sample(), "immutable")
		for _, target := range []string{"/", "/episodes", "/episodes/0198f4c2", "/episodes/0198f4c2/files/7", "/people/users", "/setup?token=x"} {
			w := serve(t, site, prefix, prefix+target, nil)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `<base href="`+prefix+`/">`) {
				t.Errorf("%s: %d %s", target, w.Code, w.Body)
			}
			h := w.Header()
			if h.Get("Cache-Control") != "no-cache" || h.Get("Referrer-Policy") != "no-referrer" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self';") {
				t.Errorf("%s: headers %v", target, h)
			}
		}
		for _, target := range []string{"/nothing", "/episodes/a/b", "/inbox/other", "/index.html", "/icon.svg.gz"} {
			if w := serve(t, site, prefix, prefix+target, nil); w.Code != http.StatusNotFound {
				t.Errorf("%s: answer %d, want 404", target, w.Code)
			}
		}
	}
}

// TestNoPage opens what is nobody's: the board says so, and a slash at the end leads to the page, never to another host.
func TestNoPage(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/callboard"} {
		handler := Options{PathPrefix: prefix}.noPage(sample())
		for target, to := range map[string]string{
			"/nope": "", "/episodes/a/b": "", "/jobs/": "/jobs", "/jobs/?status=failed": "/jobs?status=failed", "/a%5Cb/": "/a%5Cb", "/%5Cevil.example/": "/%5Cevil.example",
		} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, prefix+target, nil))
			if to != "" {
				if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != prefix+to {
					t.Errorf("%s: %d to %q, want %q", target, w.Code, w.Header().Get("Location"), prefix+to)
				}
			} else if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `<base href="`+prefix+`/">`) || w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s: %d %v %s", target, w.Code, w.Header(), w.Body)
			}
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://board.example"+prefix+"//evil.example/", nil)
		if handler.ServeHTTP(w, r); strings.HasPrefix(w.Header().Get("Location"), "//") {
			t.Errorf("leads to %s", w.Header().Get("Location"))
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	site := pages(Options{PathPrefix: "/callboard"}, sample(), "immutable")
	for _, tt := range []struct{ accepted, encoding, body string }{
		{"gzip, deflate, br", "br", "brotli"}, {"gzip", "gzip", ""}, {"", "", "hello"},
	} {
		w := serve(t, site, "/callboard", "/callboard/assets/entry-1a2b.js", http.Header{"Accept-Encoding": {tt.accepted}})
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Content-Encoding") != tt.encoding || h.Get("Cache-Control") != "immutable" ||
			!strings.Contains(h.Get("Content-Type"), "javascript") || tt.body != "" && w.Body.String() != tt.body {
			t.Errorf("accepting %q: %d %v %q", tt.accepted, w.Code, h, w.Body)
		}
	}
	if w := serve(t, site, "/callboard", "/callboard/icon.svg", nil); w.Body.String() != "<svg/>" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("icon.svg: %v %q", w.Header(), w.Body)
	}
	for _, name := range []string{"gone-9z.js", "", "../index.html"} {
		if w := serve(t, site, "/callboard", "/callboard/assets/"+name, nil); w.Code == http.StatusOK || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("assets/%s: %d %v", name, w.Code, w.Header())
		}
	}
}

// TestSockets looks at where a page may connect to: sockets of another origin have to be in its policy.
func TestSockets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options Options
		host    string
		want    string
	}{
		{Options{}, "board.example", "connect-src 'self';"},
		{Options{SocketURL: "wss://sockets.example/x"}, "board.example", "connect-src 'self' wss://sockets.example;"},
		{Options{SocketURL: "https://sockets.example"}, "board.example", "connect-src 'self' wss://sockets.example;"},
		{Options{SocketPort: 9000}, "board.example:8080", "connect-src 'self' ws://board.example:9000 wss://board.example:9000;"},
		{Options{SocketPort: 9000}, "[::1]:8080", "connect-src 'self' ws://[::1]:9000 wss://[::1]:9000;"},
		{Options{SocketPort: 9000}, "a; script-src *", "connect-src 'self';"},
	} {
		if got := tt.options.policy(tt.host); !strings.Contains(got, tt.want) {
			t.Errorf("%+v at %s: %s, want %s", tt.options, tt.host, got, tt.want)
		}
	}
}

// TestPlain looks at what a binary without the board shows, whether or not this one has it.
func TestPlain(t *testing.T) {
	t.Parallel()
	site := pages(Options{PathPrefix: "/callboard"}, plainFiles(), "no-cache")
	for target, text := range map[string]string{
		"/": "built without the board", "/episodes": "built without the board", "/setup?token=x": `<form id="form">`,
		"/assets/plain.css": "main {", "/assets/setup.js": "auth/setup",
	} {
		w := serve(t, site, "/callboard", "/callboard"+target, nil)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

// TestBuilt fails when a build and this package do not fit together; without a build there is nothing to look at.
func TestBuilt(t *testing.T) {
	t.Parallel()
	if !has(dist, "dist/board/index.html") {
		t.Skip("the board is not built")
	}
	site := Pages(Options{})
	document := serve(t, site, "", "/", nil).Body.String()
	var assets []string
	for _, part := range strings.Split(document, `"`) {
		if strings.HasPrefix(part, "./") {
			assets = append(assets, strings.TrimPrefix(part, "."))
		}
	}
	if !slices.Contains(assets, "/icon.svg") || len(assets) < 4 {
		t.Fatalf("the document loads %q", assets)
	}
	for _, asset := range assets {
		if w := serve(t, site, "", asset, nil); w.Code != http.StatusOK {
			t.Errorf("%s: answer %d", asset, w.Code)
		}
	}
	if strings.Contains(document, "<style") || strings.Contains(document, "<script>") {
		t.Error("the document has inline parts, which its policy refuses")
	}
}
