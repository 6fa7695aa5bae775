// Package web serves the board, the pages of Callboard in the browser. Their source is here too, in TypeScript; "make" builds it into
// dist, which is embedded. A binary that was built without Node has a page that says so, and the form that creates the first admin.
package web

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/vearutop/statigz"
)

// dist holds what Vite has built in the folder board, and nothing where it was not built.
//
//go:embed all:dist
var dist embed.FS

//go:embed plain
var plain embed.FS

// Options are what the pages have to know of the server.
type Options struct {
	PathPrefix string // what all paths begin with, such as "/callboard"
	SocketURL  string // where the sockets are, when they are elsewhere
	SocketPort int    // the port of the sockets on this host, when it is another one
}

// Page is what the board answers at a path, which is written as in a pattern of http.ServeMux, without the prefix.
type Page struct {
	Path string
	http.Handler
}

// Addresses are the places of the board. All are the same document: its script shows the place. What is not here is not the board's.
func Addresses() []string {
	return []string{
		"/{$}", "/sign-in", "/setup", "/invite", "/episodes", "/episodes/{id}", "/episodes/{id}/files/{file}", "/inbox", "/inbox/preferences", "/inbox/why/{id}", "/activity", "/activity/why/{id}",
		"/jobs", "/jobs/{id}", "/import", "/people", "/people/{part}", "/me", "/me/tokens",
	}
}

// Pages returns the board as this binary has it.
func Pages(o Options) []Page {
	if board, ok := built(); ok {
		return pages(o, board, "public, max-age=31536000, immutable")
	}
	return pages(o, plainFiles(), "no-cache")
}

// NoPage answers at addresses that are nobody's: the board says so. One that ends in a slash leads to the same without it.
func NoPage(o Options) http.Handler {
	files, ok := built()
	if !ok {
		files = plainFiles()
	}
	return o.noPage(files)
}

func (o Options) noPage(files fs.FS) http.Handler {
	document := o.document(files, "index.html", http.StatusNotFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := path.Clean(r.URL.Path); strings.HasSuffix(r.URL.Path, "/") && to != "/" && to != o.PathPrefix {
			to := url.URL{Path: to, RawQuery: r.URL.RawQuery} // clean, and with backslashes escaped, so it leads to no other host
			http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
			return
		}
		document.ServeHTTP(w, r)
	})
}

func built() (fs.FS, bool) {
	board, err := fs.Sub(dist, "dist/board")
	return board, err == nil && has(board, "index.html")
}

func plainFiles() fs.FS {
	files, err := fs.Sub(plain, "plain")
	if err != nil {
		panic("web: " + err.Error()) // embedded above
	}
	return files
}

// pages serves files: index.html at all addresses, what is in assets with the given caching, and the icon beside it.
func pages(o Options, files fs.FS, caching string) []Page {
	static := http.StripPrefix(o.PathPrefix, statigz.FileServer(files.(fs.ReadDirFS), withBrotli))
	served := []Page{
		{"/assets/{file...}", cached(static, caching)}, // their names hold a hash of what they are
		{"/icon.svg", cached(static, "no-cache")},
	}
	index := o.document(files, "index.html", http.StatusOK)
	for _, address := range Addresses() {
		served = append(served, Page{address, index})
		if name := path.Base(address) + ".html"; has(files, name) {
			served[len(served)-1].Handler = o.document(files, name, http.StatusOK)
		}
	}
	return served
}

// withBrotli offers what the build has compressed; who takes neither that nor gzip gets the gzip file unpacked.
func withBrotli(s *statigz.Server) {
	s.Encodings = append(s.Encodings, statigz.Encoding{FileExt: ".br", ContentEncoding: "br"})
}

func has(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return err == nil
}

func cached(next http.Handler, caching string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", caching)
		next.ServeHTTP(&foundWriter{ResponseWriter: w}, r)
	})
}

// foundWriter keeps what is not there out of caches: the next version may have it.
type foundWriter struct{ http.ResponseWriter }

func (w *foundWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.ResponseWriter.WriteHeader(status)
}

// document serves an HTML file with the base that its relative addresses need. The address may hold a token, so it stays out of referrers.
func (o Options) document(files fs.FS, name string, status int) http.Handler {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		panic("web: " + err.Error()) // it is embedded
	}
	body := []byte(strings.Replace(string(text), `<base href="/">`, `<base href="`+o.PathPrefix+`/">`, 1))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", o.policy(r.Host))
		h.Set("Cache-Control", "no-cache")
		h.Set("Referrer-Policy", "no-referrer")
		w.WriteHeader(status)
		_, _ = w.Write(body) // a caller that went away cannot be told
	})
}

// policy lets the pages load what comes from this server and connect to it and to its sockets, and nothing else. Pictures and films
// may also be made by the page itself, of a file that is about to be uploaded.
func (o Options) policy(host string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
		"connect-src 'self'" + o.sockets(host) + "; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
}

// sockets returns where the sockets are, as a source of the policy, when that is not the origin of the page.
func (o Options) sockets(host string) string {
	if address, err := url.Parse(o.SocketURL); err == nil && address.Host != "" {
		scheme := strings.Replace(address.Scheme, "http", "ws", 1)
		return " " + scheme + "://" + address.Host
	}
	if o.SocketPort == 0 {
		return ""
	}
	name := (&url.URL{Host: host}).Hostname()
	if strings.ContainsAny(name, " ;,'\"") { // it came from the caller, and would say more than a host
		return ""
	}
	address := net.JoinHostPort(name, strconv.Itoa(o.SocketPort))
	return " ws://" + address + " wss://" + address
}
