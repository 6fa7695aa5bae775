package httpapi

import (
	"embed"
	"net/http"
	"sync"
)

// docsFiles is the page that shows the OpenAPI document. It loads nothing from elsewhere, so that it works offline.
//
//go:embed docs
var docsFiles embed.FS

const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// documentPages registers /openapi.json and /docs.
func (a *API) documentPages() {
	doc := sync.OnceValue(a.document)
	a.Raw(Route{ID: "openapi", Method: http.MethodGet, Path: "/openapi.json", Access: Public, Hidden: true},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			servePage(w, "application/json", doc())
		}))
	for path, page := range map[string]struct{ file, media string }{
		"/docs":          {"docs/index.html", "text/html; charset=utf-8"},
		"/docs/docs.js":  {"docs/docs.js", "text/javascript; charset=utf-8"},
		"/docs/docs.css": {"docs/docs.css", "text/css; charset=utf-8"},
	} {
		body, err := docsFiles.ReadFile(page.file)
		if err != nil {
			panic("httpapi: " + err.Error()) // embedded above
		}
		a.Raw(Route{ID: "docs" + path[len("/docs"):], Method: http.MethodGet, Path: path, Access: Public, Hidden: true},
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				servePage(w, page.media, body)
			}))
	}
}

func servePage(w http.ResponseWriter, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Security-Policy", docsPolicy)
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(body) // a caller that went away cannot be told
}
