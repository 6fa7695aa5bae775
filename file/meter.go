package file

import (
	"crypto/sha256"
	"hash"
	"io"

	"github.com/gabriel-vasile/mimetype"

	"callboard"
)

// sniffed is how much of a content is looked at to tell what it is, in bytes.
const sniffed = 3072

// meter watches a content on its way into storage: how large it is, what it is, and its hash.
type meter struct {
	w    io.Writer
	max  int64 // 0: no limit
	size int64
	hash hash.Hash
	head []byte
}

func newMeter(w io.Writer, limit int64) *meter {
	return &meter{w: w, max: limit, hash: sha256.New()}
}

// Write implements io.Writer. It refuses what would go beyond the limit.
func (m *meter) Write(b []byte) (int, error) {
	if m.max > 0 && m.size+int64(len(b)) > m.max {
		return 0, errTooLarge(m.max)
	}
	n, err := m.w.Write(b)
	m.size += int64(n)
	m.hash.Write(b[:n])
	if missing := sniffed - len(m.head); missing > 0 {
		m.head = append(m.head, b[:min(n, missing)]...)
	}
	return n, err
}

func (m *meter) mediaType() *mimetype.MIME { return mimetype.Detect(m.head) }

func errTooLarge(limit int64) error {
	return callboard.Errorf(callboard.CodeTooLarge, "the file is larger than %d MB", limit>>20)
}
