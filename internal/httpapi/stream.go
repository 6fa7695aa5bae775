package httpapi

import (
	"bytes"
	"errors"
	"hash"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/callboard/callboard"
)

// streamedBody is the body of a raw route, which reads it by itself and may take hours to. Something has to arrive every bodyTime.
// Whether the caller still may is asked every second and at the end: whoever lost the right amid the body stores nothing.
type streamedBody struct {
	io.ReadCloser
	e       *endpoint
	r       *http.Request
	control *http.ResponseController
	digest  io.Writer // gets what is read; may be nil
	moved   time.Time // when the deadline was, and the caller asked for
	refusal error     // of a caller who has lost the right
}

// streamBody has r read its body as a streamedBody.
func (e *endpoint) streamBody(w http.ResponseWriter, r *http.Request, digest io.Writer) {
	if r.ContentLength != 0 && r.Body != nil {
		r.Body = &streamedBody{ReadCloser: r.Body, e: e, r: r, control: http.NewResponseController(w), digest: digest, moved: time.Now()}
	}
}

// Read returns the error of a caller who may no longer, once amid the body, so that the rest can be drained, and always in place of
// its end: what reads ahead may pass over an error that comes with it.
func (b *streamedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.digest != nil {
		_, _ = b.digest.Write(p[:n]) // a hash takes everything
	}
	now := time.Now()
	switch {
	case err == io.EOF:
		_ = b.control.SetReadDeadline(time.Time{}) // storing it, and the answer, get all the time they need
	case now.Sub(b.moved) < time.Second:
		return n, err
	default:
		_ = b.control.SetReadDeadline(now.Add(bodyTime)) // a writer of a test has none
	}
	b.moved = now
	before := b.refusal
	if before == nil {
		_, b.refusal = b.e.identify(b.r)
	}
	if b.refusal != nil && (before == nil || err == io.EOF) {
		return 0, b.refusal
	}
	return n, err
}

// readThrough reads what is left of a streamed body, at most limit bytes and one.
func readThrough(r *http.Request, limit int64) error {
	_, err := io.CopyN(io.Discard, r.Body, limit+1)
	if own, ok := errors.AsType[*callboard.Error](err); ok {
		return own
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return bodyError(r, err)
}

// partsHash is a hash of a multipart body without its boundary, which differs in every repeat of the same request. What stands
// for a boundary is exact: "\r\n--boundary" is in no content.
type partsHash struct {
	hash.Hash
	delimiter []byte
	pending   []byte // what may be the beginning of a delimiter
}

// newPartsHash returns h itself where the body has no boundary.
func newPartsHash(h hash.Hash, contentType string) hash.Hash {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return h
	}
	return &partsHash{Hash: h, delimiter: []byte("\r\n--" + params["boundary"]), pending: []byte("\r\n")} // as if a line had ended before
}

func (h *partsHash) Write(p []byte) (int, error) {
	rest := append(h.pending, p...)
	for {
		content, after, found := bytes.Cut(rest, h.delimiter)
		if !found {
			break
		}
		_, _ = h.Hash.Write(content) // takes everything
		_, _ = h.Hash.Write([]byte("\r\n--"))
		rest = after
	}
	known := max(0, len(rest)-len(h.delimiter)+1)
	_, _ = h.Hash.Write(rest[:known])
	h.pending = append([]byte(nil), rest[known:]...)
	return len(p), nil
}

// Sum adds what is pending: nothing may be written after it.
func (h *partsHash) Sum(b []byte) []byte {
	_, _ = h.Hash.Write(h.pending)
	h.pending = nil
	return h.Hash.Sum(b)
}
