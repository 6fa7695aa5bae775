package httpapi

import (
	"embed"
	"net/http"
	"sync"

	"github.com/swaggest/swgui/v5emb"
)

// docsFiles is the page that starts Swagger UI. It loads nothing from elsewhere, so that it works offline.
//
//go:embed docs
var docsFiles embed.FS

// docsPolicy lets the page run its own script files only. Swagger UI shows icons from data URLs.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// documentPages registers /openapi.json and /docs.
func (a *API) documentPages() {
	doc := sync.OnceValue(a.document)
	a.page("openapi", "/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(doc()) // a caller that went away cannot be told
	})
	a.page("docs", "/docs", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, docsFiles, "docs/index.html")
	})
	a.page("docs/init.js", "/docs/init.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, docsFiles, "docs/init.js")
	})
	a.page("docs/assets", "/docs/{file}", v5emb.New("", "", "/docs").ServeHTTP)
}

// page registers a public page that is not part of the API.
func (a *API) page(id, path string, serve http.HandlerFunc) {
	a.Raw(Route{ID: id, Method: http.MethodGet, Path: path, Access: Public, Hidden: true},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", docsPolicy)
			w.Header().Set("Cache-Control", "no-cache")
			serve(w, r)
		}))
}
