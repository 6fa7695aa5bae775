package httpapi

import (
	"compress/gzip"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/gzhttp"
)

// compressFrom is the size in bytes from which an answer is compressed. Below it, what a slow line gains is less than a round trip.
const compressFrom = 4096

// compressed sends long answers in JSON with gzip to callers who take it: a page of a hundred episodes shrinks to a tenth.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false), gzhttp.ContentTypes([]string{"application/json"}))
	if err != nil {
		panic("httpapi: " + err.Error()) // the options are fixed
	}
	return wrap(next)
}

// hasETag reports whether the answers of an operation name their version. Those are not compressed: the tag would have to say how.
func hasETag(op *huma.Operation) bool {
	for _, answer := range op.Responses {
		if answer.Headers["ETag"] != nil {
			return true
		}
	}
	return false
}
