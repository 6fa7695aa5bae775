package httpapi

import (
	"bytes"
	"io"
	"net/http"

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
	r, err := e.admit(r)
	if err == nil && e.off != "" {
		err = callboard.Errorf(callboard.CodeUnavailable, "%s", e.off)
	}
	if err == nil {
		err = checkParams(r, e.params)
	}
	if err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	if keys := e.idempotencyKey(r); len(keys) > 0 {
		e.serveKeyed(w, r, keys)
		return
	}
	e.serveOnce(w, r)
}

// admit finds out who calls and whether they may. The request it returns carries the actor.
func (e *endpoint) admit(r *http.Request) (*http.Request, error) {
	if e.Access == Public {
		return r, nil
	}
	var actor callboard.Actor
	if e.api.cfg.Authenticate != nil {
		var err error
		if actor, err = e.api.cfg.Authenticate(r); err != nil {
			return r, err
		}
	}
	if err := e.Access.Check(actor); err != nil {
		return r, err
	}
	return r.WithContext(callboard.WithActor(r.Context(), actor)), nil
}

// serveOnce serves a request that carries no Idempotency-Key.
func (e *endpoint) serveOnce(w http.ResponseWriter, r *http.Request) {
	if e.raw || e.schema == nil {
		e.next.ServeHTTP(w, r)
		return
	}
	buf := getBuffer()
	defer putBuffer(buf)
	if err := e.readBody(w, r, buf); err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	e.next.ServeHTTP(w, r)
}

// readBody reads the body into buf, checks it against the schema and lets r read it again.
func (e *endpoint) readBody(w http.ResponseWriter, r *http.Request, buf *bytes.Buffer) error {
	if err := readLimited(w, r, buf, e.MaxBody); err != nil {
		return err
	}
	if e.schema != nil {
		if err := e.checkBody(r, buf.Bytes()); err != nil {
			return err
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(buf.Bytes()))
	r.ContentLength = int64(buf.Len())
	return nil
}

func (e *endpoint) checkBody(r *http.Request, body []byte) error {
	if len(body) == 0 {
		if e.bodyRequired {
			return callboard.Errorf(callboard.CodeMalformed, "a JSON body is required")
		}
		return nil
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return callboard.Errorf(callboard.CodeUnsupported, "send the body as application/json, in UTF-8")
	}
	return e.api.checkJSON(e.schema, "body", body)
}
