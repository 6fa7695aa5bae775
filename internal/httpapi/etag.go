package httpapi

import (
	"strconv"
	"strings"

	"callboard"
)

// ETag returns the entity tag of a version: "v7", in quotes.
func ETag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// NoVersion is what ParseIfMatch returns for a tag that can match nothing. No thing has this version.
const NoVersion int64 = -1

// ParseIfMatch reads an If-Match header. anyVersion is set when there is no condition, or when it is "*", which what
// exists always meets. A weak tag, or one that is not from here, gives NoVersion, so that the precondition fails (412).
// What is not an entity tag, or is more than one, is an error with CodeMalformed.
func ParseIfMatch(s string) (version int64, anyVersion bool, err error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "*" {
		return 0, true, nil
	}
	tag, weak := strings.CutPrefix(s, "W/")
	if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' || !opaqueTag(tag[1:len(tag)-1]) {
		return 0, false, callboard.Errorf(callboard.CodeMalformed,
			`If-Match must be one entity tag, such as "v7", or *`)
	}
	digits, ours := strings.CutPrefix(tag[1:len(tag)-1], "v")
	version, parseErr := strconv.ParseInt(digits, 10, 64)
	if weak || !ours || parseErr != nil || ETag(version) != tag || version < 0 {
		return NoVersion, false, nil
	}
	return version, false, nil
}

// opaqueTag reports whether s may stand between the quotes of an entity tag (RFC 9110, section 8.8.3).
func opaqueTag(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '"' || c == 0x7f {
			return false
		}
	}
	return true
}
