package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
	maxKey            = 255 // bytes
	keepResponses     = 24 * time.Hour
	// responseTime is how long after the change its response may still be on its way into the table. An older row without
	// one is what a crash left.
	responseTime = 30 * time.Second
)

// idempotencyKey returns the header where it counts: on a POST of a signed-in caller.
func (e *endpoint) idempotencyKey(r *http.Request) (string, error) {
	values := r.Header[idempotencyHeader]
	if len(values) == 0 || r.Method != http.MethodPost || e.Access == Public || e.api.idempotency == nil {
		return "", nil
	}
	key := values[0]
	printable := strings.IndexFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) < 0
	var v callboard.Validator
	v.Check(len(values) == 1 && key != "" && len(key) <= maxKey && printable, "header."+idempotencyHeader,
		"must be one value of 1–%d printable ASCII characters", maxKey)
	return key, v.Err()
}

// keyedCall is one request with an Idempotency-Key.
type keyedCall struct {
	id        keyID
	request   hash.Hash // of method, path with query, and body; complete once the body was read
	rights    string    // of the caller: an answer is not for one who has others by now
	secret    bool
	lost      atomic.Bool // another request with the same key was faster
	committed atomic.Bool // a change was made, and the key is in the table
}

// fingerprint identifies the request, whose body was read.
func (c *keyedCall) fingerprint() string {
	return c.rights + " " + hex.EncodeToString(c.request.Sum(nil))
}

// serveKeyed serves a POST so that it is carried out at most once. The key and the response enter the table in the transaction of
// the change itself: whatever happens after the commit, a repeat finds them. Responses to requests that changed nothing, above all
// errors, are not kept.
func (e *endpoint) serveKeyed(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	call := &keyedCall{
		id:      keyID{actor: callboard.ActorFrom(r.Context()).Ref().ID, key: key}, // two applications of one user are not the same
		request: sha256.New(),
		secret:  e.SecretAnswer,
	}
	_, _ = io.WriteString(call.request, r.Method+"\n"+r.URL.RequestURI()+"\n") // a hash takes everything
	_, _ = call.request.Write(body)
	if e.raw {
		call.request = newPartsHash(call.request, r.Header.Get("Content-Type"))
		e.streamBody(w, r, call.request)
	}
	store := e.api.idempotency
	unlock, err := store.running.Lock(r.Context(), call.id)
	if err == nil {
		defer unlock()
		r, err = e.identify(r) // again: the body, and the request before, may have taken their time
	}
	if err != nil {
		WriteProblem(w, r, err)
		return
	}
	actor := callboard.ActorFrom(r.Context())
	call.rights = string(actor.Role) + " " + strconv.FormatBool(actor.Service)
	stored, err := store.find(r.Context(), call.id)
	if callboard.CodeOf(err) != callboard.CodeNotFound {
		e.replay(w, r, call, stored, err)
		return
	}
	response := &responseBuffer{ResponseWriter: w, header: http.Header{}}
	ctx, hold := sqldb.WithHold(sqldb.WithBeforeCommit(r.Context(), call.claim))
	defer func() { _, _ = hold.Release(nil) }() // when the handler panics
	e.next.ServeHTTP(response, r.WithContext(ctx))
	response.WriteHeader(http.StatusOK) // unless it has a status
	kept, err := hold.Release(func(ctx context.Context, tx *sqldb.Tx) error { return call.save(ctx, tx, response) })
	if err != nil && !call.lost.Load() {
		WriteProblem(w, r, err) // the response tells of a change that was undone
		return
	}
	if call.lost.Load() { // to a request on another node; ours was rolled back
		if stored, err = store.find(r.Context(), call.id); callboard.CodeOf(err) == callboard.CodeNotFound {
			err = conflictInFlight()
		}
		e.replay(w, r, call, stored, err)
		return
	}
	if call.committed.Load() && !kept && response.status < http.StatusMultipleChoices {
		e.keep(r.Context(), call, response)
	}
	response.send()
}

// keep stores a response that did not commit with its change, because the handler went on to use the database. When that fails
// the caller still gets it, and a repeat is answered that it was carried out.
func (e *endpoint) keep(ctx context.Context, call *keyedCall, response *responseBuffer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), responseTime)
	defer cancel()
	err := e.api.idempotency.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return call.save(ctx, tx, response) })
	if err != nil {
		e.api.logger.WarnContext(ctx, "answer not kept for its idempotency key",
			"request_id", callboard.RequestFrom(ctx).ID, "route", e.ID, "error", err)
	}
}

// replay answers a repeat from what is stored, or with the error of finding it.
func (e *endpoint) replay(w http.ResponseWriter, r *http.Request, call *keyedCall, stored storedResponse, err error) {
	if err == nil && e.raw {
		err = readThrough(r, e.MaxBody) // only the whole shows whether it is the same
	}
	if err == nil {
		err = stored.repeatable(call.fingerprint())
	}
	if err != nil {
		WriteProblem(w, r, err)
		return
	}
	h := w.Header()
	for name, value := range stored.headers {
		h.Set(name, value)
	}
	h.Set(replayedHeader, "true")
	w.WriteHeader(stored.status)
	_, _ = w.Write(stored.body) // fails only when the caller has gone away
}

func (s storedResponse) repeatable(fingerprint string) error {
	switch {
	case s.fingerprint != fingerprint:
		var v callboard.Validator
		v.Add("header."+idempotencyHeader, "was used for another request, or with other rights, within the last 24 hours")
		return v.Err()
	case s.status == 0 && time.Since(s.createdAt) < responseTime:
		return conflictInFlight()
	case s.status == 0:
		return callboard.Errorf(callboard.CodeConflict,
			"a request with this Idempotency-Key was carried out, and its answer is not known")
	case s.secret:
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

// responseBuffer holds a response back until it is known whether it counts.
type responseBuffer struct {
	http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the response that is held back.
func (b *responseBuffer) Header() http.Header { return b.header }

// WriteHeader notes the status.
func (b *responseBuffer) WriteHeader(status int) {
	if b.status == 0 && status >= http.StatusOK {
		b.status = status
	}
}

func (b *responseBuffer) Write(p []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	return b.body.Write(p)
}

// Flush does nothing: the response is sent as a whole.
func (b *responseBuffer) Flush() {}

// Unwrap lets http.ResponseController set deadlines on the connection.
func (b *responseBuffer) Unwrap() http.ResponseWriter { return b.ResponseWriter }

func (b *responseBuffer) send() {
	h := b.ResponseWriter.Header()
	maps.Copy(h, b.header)
	b.WriteHeader(http.StatusOK)
	if b.body.Len() > 0 {
		h.Set("Content-Length", strconv.Itoa(b.body.Len()))
	}
	b.ResponseWriter.WriteHeader(b.status)
	_, _ = b.ResponseWriter.Write(b.body.Bytes()) // fails only when the caller has gone away
}
