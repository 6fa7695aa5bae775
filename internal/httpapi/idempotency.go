package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"callboard"
	"callboard/sqldb"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
	maxKey            = 255 // bytes
	keepAnswers       = 24 * time.Hour
	// answerTime is how long after the change its answer may still be on its way into the table. An older row without an
	// answer is what a crash left.
	answerTime = 30 * time.Second
)

// idempotencyKey returns the values of the header where it counts: on a POST of a signed-in caller.
func (e *endpoint) idempotencyKey(r *http.Request) []string {
	if r.Method != http.MethodPost || e.Access == Public || e.api.answers == nil {
		return nil
	}
	return r.Header[idempotencyHeader]
}

// keyedCall is one request with an Idempotency-Key.
type keyedCall struct {
	key         answerKey
	fingerprint string
	secret      bool
	lost        atomic.Bool // another request with the same key was faster
	committed   atomic.Bool // a change was made, and the key is in the table
}

// serveKeyed serves a POST so that it is carried out at most once. The key enters the table in the transaction of the
// change itself: whatever happens after the commit, a repeat finds it and does nothing. Answers to requests that changed
// nothing, above all errors, are not kept.
func (e *endpoint) serveKeyed(w http.ResponseWriter, r *http.Request, keys []string) {
	if err := checkKey(keys); err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	buf := getBuffer()
	defer putBuffer(buf)
	if !e.raw {
		if err := e.readBody(w, r, buf); err != nil {
			e.api.writeProblem(w, r, err)
			return
		}
	}
	call := &keyedCall{
		key:         answerKey{user: callboard.ActorFrom(r.Context()).ID, key: keys[0]},
		fingerprint: e.fingerprint(r, buf.Bytes()),
		secret:      e.SecretAnswer,
	}
	leave, err := e.api.answers.enter(r.Context(), call.key)
	if err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	defer leave()
	e.replayOrServe(w, r, call)
}

func (e *endpoint) replayOrServe(w http.ResponseWriter, r *http.Request, call *keyedCall) {
	kept, err := e.api.answers.find(r.Context(), call.key)
	if err == nil {
		e.replay(w, r, call, kept)
		return
	}
	if callboard.CodeOf(err) != callboard.CodeNotFound {
		e.api.writeProblem(w, r, err)
		return
	}
	answer := &capture{ResponseWriter: w, header: http.Header{}}
	ctx := sqldb.WithBeforeCommit(r.Context(), call.claim)
	e.next.ServeHTTP(answer, r.WithContext(ctx))
	if call.lost.Load() {
		e.replayOther(w, r, call)
		return
	}
	if call.committed.Load() && answer.succeeded() {
		e.keep(r.Context(), call, answer)
	}
	answer.send()
}

// replayOther answers for the request on another node that was faster; ours was rolled back.
func (e *endpoint) replayOther(w http.ResponseWriter, r *http.Request, call *keyedCall) {
	kept, err := e.api.answers.find(r.Context(), call.key)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		err = conflictInFlight()
	}
	if err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	e.replay(w, r, call, kept)
}

// keep stores the answer. When that fails the caller still gets it, and a repeat hears that it was carried out.
func (e *endpoint) keep(ctx context.Context, call *keyedCall, answer *capture) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	if err := e.api.answers.keep(ctx, call, answer); err != nil {
		e.api.logger.WarnContext(ctx, "answer not kept for its idempotency key",
			"request_id", callboard.RequestFrom(ctx).ID, "route", e.ID, "error", err)
	}
}

// replay answers a repeat from what is kept.
func (e *endpoint) replay(w http.ResponseWriter, r *http.Request, call *keyedCall, kept keptAnswer) {
	if err := kept.repeatable(call.fingerprint); err != nil {
		e.api.writeProblem(w, r, err)
		return
	}
	if e.raw { // else a caller who sends all before reading would see a broken connection
		_, _ = io.CopyN(io.Discard, r.Body, drained)
	}
	h := w.Header()
	for name, value := range kept.headers {
		h.Set(name, value)
	}
	h.Set(replayedHeader, "true")
	w.WriteHeader(kept.status)
	_, _ = w.Write(kept.body) // a caller that went away cannot be told
}

func (k keptAnswer) repeatable(fingerprint string) error {
	switch {
	case k.fingerprint != fingerprint:
		var v callboard.Invalid
		v.Add("header."+idempotencyHeader, "was used for another request within the last 24 hours")
		return v.Err()
	case k.status == 0 && time.Since(k.createdAt) < answerTime:
		return conflictInFlight()
	case k.status == 0:
		return callboard.Errorf(callboard.CodeConflict,
			"a request with this Idempotency-Key was carried out, and its answer is not known")
	case k.secret:
		return callboard.Errorf(callboard.CodeConflict,
			"this was carried out; its answer holds a secret and is shown once")
	}
	return nil
}

func conflictInFlight() error {
	return &callboard.Error{
		Code:       callboard.CodeConflict,
		Message:    "a request with this Idempotency-Key was carried out, and its answer is not known yet; try again",
		RetryAfter: time.Second,
	}
}

func checkKey(keys []string) error {
	ok := len(keys) == 1 && keys[0] != "" && len(keys[0]) <= maxKey
	for i := 0; ok && i < len(keys[0]); i++ {
		ok = keys[0][i] >= ' ' && keys[0][i] <= '~'
	}
	var v callboard.Invalid
	v.Check(ok, "header."+idempotencyHeader, "must be one value of 1–%d printable ASCII characters", maxKey)
	return v.Err()
}

// fingerprint tells requests apart: SHA-256 over method, path with query, and body. The body of a raw route streams and,
// being multipart, differs in its boundary on every repeat, so there its length stands for it.
func (e *endpoint) fingerprint(r *http.Request, body []byte) string {
	h := sha256.New()
	var head bytes.Buffer
	head.WriteString(r.Method + "\n" + r.URL.RequestURI() + "\n")
	if e.raw {
		head.WriteString(strconv.FormatInt(r.ContentLength, 10))
	}
	h.Write(head.Bytes())
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// capture holds an answer back until it is known whether it counts.
type capture struct {
	http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the answer that is held back.
func (c *capture) Header() http.Header { return c.header }

// WriteHeader notes the status.
func (c *capture) WriteHeader(status int) {
	if c.status == 0 && status >= http.StatusOK {
		c.status = status
	}
}

func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

// Flush does nothing: the answer is sent as a whole.
func (c *capture) Flush() {}

// Unwrap lets http.ResponseController set deadlines on the connection.
func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *capture) succeeded() bool { return c.status < http.StatusMultipleChoices }

func (c *capture) send() {
	h := c.ResponseWriter.Header()
	for name, values := range c.header {
		h[name] = values
	}
	c.WriteHeader(http.StatusOK)
	if c.body.Len() > 0 {
		h.Set("Content-Length", strconv.Itoa(c.body.Len()))
	}
	c.ResponseWriter.WriteHeader(c.status)
	_, _ = c.ResponseWriter.Write(c.body.Bytes()) // a caller that went away cannot be told
}
