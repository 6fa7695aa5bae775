package file

import (
	"hash"
	"io"

	"github.com/callboard/callboard"
)

// sniffed is how much of a content is looked at to detect its media type, in bytes.
const sniffed = 3072

// hashingWriter passes a content on, and keeps its hash, its size and its beginning.
type hashingWriter struct {
	w    io.Writer
	max  int64 // 0: no limit
	size int64
	hash hash.Hash
	head []byte
}

// Write implements io.Writer. It refuses what would go beyond the limit.
func (h *hashingWriter) Write(b []byte) (int, error) {
	if h.max > 0 && h.size+int64(len(b)) > h.max {
		return 0, errTooLarge(h.max)
	}
	n, err := h.w.Write(b)
	h.size += int64(n)
	h.hash.Write(b[:n])
	if missing := sniffed - len(h.head); missing > 0 {
		h.head = append(h.head, b[:min(n, missing)]...)
	}
	return n, err
}

func errTooLarge(limit int64) error {
	return callboard.Errorf(callboard.CodeTooLarge, "the file is larger than %d MB", limit>>20)
}
