package app

import (
	"net/http"
	"strings"
	"sync"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/realtime"
)

// Handler returns what answers requests: the API, its pages and the sockets, at paths that begin with Config.PathPrefix. Mount it
// there on a mux of your own, with or without http.StripPrefix. Before Start it answers too, but nothing follows from what is
// written; after Stop it answers 503.
//
// Streams of events last, so the http.Server has no WriteTimeout and no ReadTimeout; its ReadHeaderTimeout and IdleTimeout are
// welcome. Call Stop before Shutdown of the http.Server, which waits for such streams.
func (a *App) Handler() http.Handler {
	if a.cfg.SocketPort != 0 {
		a.log.Warn("SOCKET_PORT (SocketPort of app.Config) is for Run: clients are told of that port, and Handler has the sockets on its own", "socket_port", a.cfg.SocketPort)
	}
	return a.warnOfPrefix(a.handler(true, true))
}

// warnOfPrefix says once when Handler seems to be mounted below a path that it was not told of: all is 404 then.
func (a *App) warnOfPrefix(next http.Handler) http.Handler {
	if a.cfg.PathPrefix != "" {
		return next
	}
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i := strings.Index(r.URL.Path, "/api/v1/"); i > 0 {
			once.Do(func() {
				a.log.Warn("a request came for a path below another one; if that is where Handler is mounted, set PATH_PREFIX (PathPrefix of app.Config) to it",
					"prefix", r.URL.Path[:i])
			})
		}
		next.ServeHTTP(w, r)
	})
}

// handler returns the handler of the sockets, the API, or both.
func (a *App) handler(sockets, api bool) http.Handler {
	mux := http.NewServeMux()
	if api {
		mux.Handle(a.cfg.PathPrefix+"/", a.requests.through(a.api.Handler()))
	}
	if sockets {
		for path, h := range a.Realtime.Handlers() {
			mux.Handle(a.cfg.PathPrefix+path, h)
		}
	}
	return httpapi.PromptBody(httpapi.UnderPrefix(a.cfg.PathPrefix, mux))
}

// checkPrefix refuses a prefix with which a request that came without it could not be told from one that has it.
func (a *App) checkPrefix() error {
	paths := []string{realtime.PathWebSocket, realtime.PathEmulation}
	for _, route := range a.api.Routes() {
		paths = append(paths, route.Path)
	}
	var v callboard.Validator
	for _, path := range paths {
		if a.cfg.PathPrefix != "" && strings.HasPrefix(path+"/", a.cfg.PathPrefix+"/") {
			v.Add("PATH_PREFIX", "must not be the beginning of a path of Callboard's own, such as %s", path)
			break
		}
	}
	return v.Err()
}
