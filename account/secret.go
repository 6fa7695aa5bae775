package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Prefixes of secrets, so that people and scanners know what they found.
const (
	tokenPrefix   = "cb_"
	sessionPrefix = "cs_"
)

// newSecret returns 256 random bits behind a prefix, in URL-safe characters.
func newSecret(prefix string) string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// hashSecret returns what is stored of a secret. It is looked up by this hash, so nothing about how much of a guess was
// right can be learnt from the time that takes; and 256 random bits need no slow hash.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
