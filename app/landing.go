package app

import (
	_ "embed"
	"net/http"

	"github.com/callboard/callboard/internal/httpapi"
)

//go:embed landing.html
var landingPage []byte

//go:embed landing.css
var landingStyle []byte

// landingRoutes adds the page at the root.
func landingRoutes(a *httpapi.API) {
	httpapi.Raw(a, httpapi.Route{
		ID: "landing", Method: http.MethodGet, Path: "/{$}", Access: httpapi.Public, Hidden: true,
	}, static("text/html; charset=utf-8", landingPage))
	httpapi.Raw(a, httpapi.Route{
		ID: "landing-style", Method: http.MethodGet, Path: "/landing.css", Access: httpapi.Public, Hidden: true,
	}, static("text/css; charset=utf-8", landingStyle))
}

func static(media string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		_, _ = w.Write(content) // fails only when the client has gone away
	})
}
