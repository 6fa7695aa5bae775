package activity

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
)

// The canonical form of an entry is what its leaf in the tree is the hash of; docs/verify.md has it for those who write a verifier of
// their own. It must never change: a new form gets a new version.
//
// The address and the user agent, which admins alone may read, are in it as the hash of themselves and a random salt. So whoever may read
// the entry can check it, nobody can guess those two from the hash, and an entry that the retention has deleted cannot be guessed
// from what stays of it.

// canonicalVersion is the first byte of the canonical form.
const canonicalVersion = 1

// saltSize is the length of a salt in bytes.
const saltSize = 16

// canonical returns the canonical form of an entry whose private fields have the given hash.
func (e *Entry) canonical(private tlog.Hash) []byte {
	b := make([]byte, 0, 512+len(e.Metadata))
	b = append(b, canonicalVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Pos))
	b = binary.BigEndian.AppendUint64(b, uint64(e.CreatedAt.UnixMicro()))
	for _, text := range []string{
		e.EventID, e.UserID, e.UserName, e.Action, string(e.Source), e.Resource.Type, e.Resource.ID, e.Resource.Name, string(e.Metadata),
	} {
		b = appendText(b, text)
	}
	return append(b, private[:]...)
}

// appendText appends the length in bytes, as four of them, and the text.
func appendText(b []byte, text string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
	return append(b, text...)
}

// privateHash is the hash of the fields of an entry that only admins may read.
func privateHash(salt []byte, ip, userAgent string) tlog.Hash {
	b := make([]byte, 0, 256)
	b = append(b, salt...)
	return sha256.Sum256(appendText(appendText(b, ip), userAgent))
}

// leafHash is the hash of an entry in the tree.
func (e *Entry) leafHash(salt []byte) tlog.Hash {
	return tlog.RecordHash(e.canonical(privateHash(salt, e.IP, e.UserAgent)))
}

var errCanonical = errors.New("is not in the canonical form of an entry")

// parseCanonical returns the entry that a canonical form tells of, without its private fields, and their hash.
func parseCanonical(b []byte) (e Entry, private tlog.Hash, err error) {
	const head = 1 + 8 + 8
	if len(b) < head || b[0] != canonicalVersion {
		return Entry{}, private, errCanonical
	}
	e.Pos = int64(binary.BigEndian.Uint64(b[1:]))
	e.CreatedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(b[9:]))).UTC()
	var texts [9]string
	b = b[head:]
	for i := range texts {
		if len(b) < 4 || uint64(len(b)-4) < uint64(binary.BigEndian.Uint32(b)) {
			return Entry{}, private, errCanonical
		}
		n := int(binary.BigEndian.Uint32(b))
		texts[i], b = string(b[4:4+n]), b[4+n:]
		if !utf8.ValidString(texts[i]) {
			return Entry{}, private, fmt.Errorf("%w: a text is not UTF-8", errCanonical)
		}
	}
	if len(b) != tlog.HashSize {
		return Entry{}, private, errCanonical
	}
	e.EventID, e.UserID, e.UserName, e.Action, e.Source = texts[0], texts[1], texts[2], texts[3], Source(texts[4])
	e.Resource = callboard.Resource{Type: texts[5], ID: texts[6], Name: texts[7]}
	e.Metadata = []byte(texts[8])
	return e, tlog.Hash(b), nil
}
