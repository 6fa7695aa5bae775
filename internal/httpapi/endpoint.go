package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"callboard"
)

// endpoint serves one route: who calls, may they, is the request sound, was it carried out before; then the handler.
type endpoint struct {
	Route
	api          *core
	off          string
	params       []string     // names of the path's wildcards
	schema       *huma.Schema // of the JSON body; nil when there is none
	bodyRequired bool
	raw          bool
	next         http.Handler
}

// ServeHTTP takes the request through the checks, cheapest first, and answers a problem at the first that fails.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rec := recorderOf(w); rec != nil {
		rec.route = e.ID
	}
	buf := buffers.Get().(*bodyBuffer)
	defer buf.release()
	r, key, err := e.admit(r)
	if err == nil && !e.raw && (e.schema != nil || key != "") {
		err = e.readBody(w, r, buf)
	}
	switch {
	case err != nil:
		WriteProblem(w, r, err)
	case key != "":
		e.serveKeyed(w, r, key, buf.Bytes())
	default:
		e.next.ServeHTTP(w, r)
	}
}

// admit finds out who calls, whether they may, and by which Idempotency-Key. The request it returns carries the actor.
func (e *endpoint) admit(r *http.Request) (_ *http.Request, key string, err error) {
	if e.Access != Public {
		var actor callboard.Actor
		if e.api.cfg.Authenticate != nil {
			if actor, err = e.api.cfg.Authenticate(r); err != nil {
				return r, "", err
			}
		}
		if err := e.Access.Check(actor); err != nil {
			return r, "", err
		}
		r = r.WithContext(callboard.WithActor(r.Context(), actor))
	}
	if e.off != "" {
		return r, "", callboard.Errorf(callboard.CodeUnavailable, "%s", e.off)
	}
	if err := checkParams(r, e.params); err != nil {
		return r, "", err
	}
	key, err = e.idempotencyKey(r)
	return r, key, err
}

// checkParams refuses path and query parameters that no store could keep: NUL characters (422) and invalid UTF-8 (400).
func checkParams(r *http.Request, names []string) error {
	if !soundText(r.URL.Path) {
		for _, name := range names {
			if value := r.PathValue(name); !soundText(value) {
				return unsound("path."+name, value)
			}
		}
		return unsound("path", r.URL.Path)
	}
	raw := r.URL.RawQuery
	if strings.IndexByte(raw, '%') < 0 && soundText(raw) {
		return nil // decodes to itself, but for + and a space
	}
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		if err != nil || !soundText(name) {
			return callboard.Errorf(callboard.CodeMalformed, "the name of a query parameter is not well-formed")
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			return callboard.Errorf(callboard.CodeMalformed, "query.%s: is not well-formed", clip(name))
		}
		if !soundText(text) {
			return unsound("query."+clip(name), text)
		}
	}
	return nil
}

func soundText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

const noNUL = "must not contain the NUL character"

func unsound(location, value string) error {
	if !utf8.ValidString(value) {
		return callboard.Errorf(callboard.CodeMalformed, "%s: must be valid UTF-8", location)
	}
	var v callboard.Invalid
	v.Add(location, "%s", noNUL)
	return v.Err()
}
