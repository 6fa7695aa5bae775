package httpapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"callboard"
)

const (
	// bodyTime is how long a caller may take to send a JSON body.
	bodyTime = 30 * time.Second
	// drained is how much of a body that is too large is still read, in bytes, so that a caller who reads the answer
	// only after sending everything gets to see it instead of a broken connection.
	drained = 16 << 20
	// keptBuffer is the largest buffer that is kept for the next request, in bytes.
	keptBuffer = 64 << 10
)

//nolint:gochecknoglobals // a pool is shared by nature
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func putBuffer(b *bytes.Buffer) {
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

// readLimited reads the body into buf, at most limit bytes and for at most bodyTime.
func readLimited(w http.ResponseWriter, r *http.Request, buf *bytes.Buffer, limit int64) error {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	control := http.NewResponseController(w)
	deadline := control.SetReadDeadline(time.Now().Add(bodyTime)) == nil
	if r.ContentLength > limit {
		return refuseLarge(r, limit)
	}
	if r.ContentLength > 0 {
		// No more than is kept anyway: the length is the caller's word, and memory is given for what has arrived.
		buf.Grow(int(min(r.ContentLength, keptBuffer-bytes.MinRead)) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return bodyError(r, err)
	}
	if n > limit {
		return refuseLarge(r, limit)
	}
	if deadline {
		_ = control.SetReadDeadline(time.Time{}) // worked a moment ago; if not, the connection is gone
	}
	return nil
}

func refuseLarge(r *http.Request, limit int64) error {
	if r.Header.Get("Expect") == "" { // who asks first has not sent the body yet
		_, _ = io.CopyN(io.Discard, r.Body, drained)
	}
	return callboard.Errorf(callboard.CodeTooLarge, "the body is larger than %d bytes", limit)
}

// bodyError tells a caller who was too slow or went away from a body that cannot be read, such as broken chunks.
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
	if err != nil {
		return false
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return media == "application/json" ||
		strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
