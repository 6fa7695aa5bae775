package httpapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
)

// endpoint serves one route: who calls, may they, is the request sound, was it carried out before; then the handler.
type endpoint struct {
	Route
	api          *core
	off          string
	params       []string     // names of the path's wildcards
	query        []string     // names of the query parameters
	schema       *huma.Schema // of the JSON body; nil when there is none
	bodyRequired bool
	raw          bool
	crowd        crowd    // of PerUser
	rate         callRate // of Rate
	next         http.Handler
}

// ServeHTTP takes the request through the checks, cheapest first, and answers a problem at the first that fails.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := recorderOf(w)
	if rec != nil {
		rec.route, rec.quiet503 = e.ID, e.off != "" || e.Probe
	}
	buf := buffers.Get().(*bodyBuffer)
	defer buf.release()
	r, key, err := e.admit(r)
	if rec != nil {
		actor := callboard.ActorFrom(r.Context())
		rec.user = actor.Ref().ID
		rec.admin = (e.Access == Admin || e.Access == AdminOrService && !actor.Service) && // what an application sends is its everyday work
			r.Method != http.MethodGet && r.Method != http.MethodHead
	}
	if err == nil && e.PerUser > 0 {
		var leave func()
		if leave, err = e.crowd.enter(callboard.ActorFrom(r.Context()).Ref().ID, e.PerUser); err == nil {
			defer leave()
		}
	}
	if err == nil && e.Heavy {
		var leave func()
		if leave, err = e.api.heavy.enter(r.Context(), callboard.ActorFrom(r.Context()).ID); err == nil {
			defer leave()
			slow := &laneWriter{ResponseWriter: w, patience: e.api.heavy.patience, left: e.api.heavy.patience}
			defer slow.done()
			w = slow
			r, err = e.identify(r) // again: its turn may have been long in coming
		}
	}
	if err == nil && !e.raw && (e.schema != nil || key != "") {
		err = e.readBody(w, r, buf)
	}
	if err == nil && buf.Len() > 0 && key == "" {
		r, err = e.identify(r) // again: a body may take its time
	}
	if err == nil && e.Lasting && e.Access != Public && e.api.cfg.Authenticate != nil {
		var stop func()
		r, stop = e.watch(w, r)
		defer stop()
	}
	switch {
	case err != nil && e.api.opensNoPage(r) && (callboard.CodeOf(err) == callboard.CodeMalformed || callboard.CodeOf(err) == callboard.CodeInvalid):
		e.api.cfg.NoPage.ServeHTTP(w, r) // an address with what no text holds, such as %FF, leads nowhere
	case err != nil:
		WriteProblem(w, r, err)
	case key != "":
		e.serveKeyed(w, r, key, buf.Bytes())
	default:
		if e.raw {
			e.streamBody(w, r, nil)
		}
		e.next.ServeHTTP(w, r)
	}
}

// identify finds out who calls and whether they may. The request it returns carries the actor.
func (e *endpoint) identify(r *http.Request) (*http.Request, error) {
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
	if user := r.Header.Get(userHeader); user != "" && user != actor.ID {
		return r, callboard.Errorf(callboard.CodeUnauthenticated, "somebody else is signed in by now than the %s of the request; sign in again", userHeader)
	}
	r = r.WithContext(callboard.WithActor(r.Context(), actor))
	if err := e.Access.Check(actor); err != nil {
		return r, err
	}
	return r, e.checkScope(actor)
}

// userHeader names the user for whom a page sends a request. The tabs of a browser share the cookie: where somebody else has signed in with it
// since, the pages of the user before must neither change nor show anything.
const userHeader = "X-Callboard-User"

// admit finds out who calls, whether they may, and by which Idempotency-Key. The request it returns carries the actor.
func (e *endpoint) admit(r *http.Request) (_ *http.Request, key string, err error) {
	r, err = e.identify(r)
	caller := callboard.ActorFrom(r.Context()).Ref().ID
	if caller == "" { // of a public operation, or with a credential that does not hold
		caller = callboard.RequestFrom(r.Context()).Network()
	}
	if limit := e.rate.take(caller, time.Now()); limit != nil {
		return r, "", limit
	}
	if err != nil {
		return r, "", err
	}
	if e.off != "" {
		return r, "", &callboard.Error{Code: callboard.CodeSwitchedOff, Message: e.off, RetryAfter: retryWhenOff}
	}
	if err := checkParams(r, e.params); err != nil {
		return r, "", err
	}
	if err := e.checkQuery(r); err != nil {
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

// checkQuery refuses query parameters that the route does not have: without a filter whose name is misspelt the answer would be of
// everything. Pages and probes take what proxies and browsers add.
func (e *endpoint) checkQuery(r *http.Request) error {
	if r.URL.RawQuery == "" || e.ExtraQuery || !strings.HasPrefix(e.Path, "/api/") {
		return nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // checkParams has found the rest sound
		return callboard.Errorf(callboard.CodeMalformed, "query: a semicolon separates nothing; within a value it is written %%3B")
	}
	takes := "takes none"
	if len(e.query) > 0 {
		takes = "takes " + strings.Join(e.query, ", ")
	}
	var v callboard.Validator
	for name := range values {
		v.Check(slices.Contains(e.query, name), "query."+clip(name), "is not a parameter of this route, which %s", takes)
	}
	return v.Err()
}

func soundText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

const noNUL = "must not contain the NUL character"

func unsound(location, value string) error {
	if !utf8.ValidString(value) {
		return callboard.Errorf(callboard.CodeMalformed, "%s: must be valid UTF-8", location)
	}
	var v callboard.Validator
	v.Add(location, "%s", noNUL)
	return v.Err()
}

const (
	// retryWhenOff is what is told to wait for a service that is switched off: no caller waits that long, nor needs to try.
	retryWhenOff = time.Minute
	// bodyTime is how long a caller may take to send a JSON body.
	bodyTime = 30 * time.Second
	// drained is how much of a body that is too large is still read, in bytes, so that a caller who reads the answer
	// only after sending everything gets to see it instead of a broken connection.
	drained = 16 << 20
	// keptBuffer is the largest buffer that is kept for the next request, in bytes.
	keptBuffer = 64 << 10
)

// bodyBuffer holds a JSON body while it is served.
type bodyBuffer struct{ bytes.Buffer }

//nolint:gochecknoglobals // a pool is shared by nature
var buffers = sync.Pool{New: func() any { return new(bodyBuffer) }}

func (b *bodyBuffer) release() {
	if b.Cap() <= keptBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// PromptBody gives every request that announces a body bodyTime to send it, whoever answers: what a handler leaves unread
// the server itself reads before it answers, and would wait for without end. A handler that takes longer to read, or to
// answer once it has read all, sets a deadline of its own with http.ResponseController.
func PromptBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // a writer of a test has none
		}
		next.ServeHTTP(w, r)
	})
}

// readBody reads the body into buf, at most MaxBody bytes and for at most bodyTime, checks it against the schema and lets r
// read it again.
func (e *endpoint) readBody(w http.ResponseWriter, r *http.Request, buf *bodyBuffer) error {
	if r.ContentLength != 0 && r.Body != nil && r.Body != http.NoBody {
		control := http.NewResponseController(w)
		deadline := control.SetReadDeadline(time.Now().Add(bodyTime)) == nil
		if err := e.fill(r, buf); err != nil {
			if r.Header.Get("Expect") == "" { // who asks first has not sent the body yet
				_, _ = io.CopyN(io.Discard, r.Body, drained)
			}
			return err
		}
		if deadline {
			_ = control.SetReadDeadline(time.Time{}) // worked a moment ago; if not, the connection is gone
		}
	}
	if buf.Len() == 0 && e.bodyRequired {
		return callboard.Errorf(callboard.CodeMalformed, "a JSON body is required")
	}
	r.Body = io.NopCloser(bytes.NewReader(buf.Bytes()))
	r.ContentLength = int64(buf.Len())
	return nil
}

// fill checks the body while it arrives in buf: of one that is refused no more is kept than was needed to see why.
func (e *endpoint) fill(r *http.Request, buf *bodyBuffer) error {
	tooLarge := callboard.Errorf(callboard.CodeTooLarge, "the body is larger than %d bytes", e.MaxBody)
	if r.ContentLength > e.MaxBody {
		return tooLarge
	}
	body := &bodyReader{Reader: io.LimitReader(r.Body, e.MaxBody+1), buf: buf}
	var err error
	switch {
	case e.schema == nil:
		_, err = io.Copy(io.Discard, body)
	case isJSON(r.Header.Get("Content-Type")):
		err = e.api.checkJSON(e.schema, "body", body, &buf.Buffer)
	default:
		if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
			err = callboard.Errorf(callboard.CodeUnsupported, "send the body as application/json, in UTF-8")
		}
	}
	switch {
	case body.err != nil:
		return bodyError(r, body.err)
	case int64(buf.Len()) > e.MaxBody:
		return tooLarge
	case buf.Len() == 0:
		return nil
	}
	return err
}

// bodyReader reads a body, and keeps it in buf.
type bodyReader struct {
	io.Reader
	buf *bodyBuffer
	err error // that ended the reading, other than io.EOF
}

func (b *bodyReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	_, _ = b.buf.Write(p[:n]) // a buffer takes everything
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// bodyError distinguishes a caller who was too slow or went away from a body that cannot be read, such as broken chunks.
func bodyError(r *http.Request, err error) error {
	if ctxErr := r.Context().Err(); ctxErr != nil {
		return ctxErr
	}
	if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() {
		return callboard.Wrap(err, callboard.CodeMalformed, "the body took too long to arrive")
	}
	return callboard.Wrap(err, callboard.CodeMalformed, "the body cannot be read")
}

// isJSON reports whether a Content-Type names JSON in UTF-8.
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	media, params, err := mime.ParseMediaType(contentType)
	if charset, ok := params["charset"]; err != nil || ok && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
