package httpapi

import (
	"net/http"
	"net/url"
	"strings"
)

const maxPrefix = 200 // bytes

// ValidPrefix reports whether prefix can stand before all paths of a server: it is empty, or such as "/callboard". It ends up in
// cookies, links and patterns, so it has only letters that mean nothing in any of them, and never leads to another host.
func ValidPrefix(prefix string) bool {
	if prefix == "" {
		return true
	}
	first, rest, _ := strings.Cut(prefix, "/")
	ok := first == "" && len(prefix) <= maxPrefix
	for segment := range strings.SplitSeq(rest, "/") {
		ok = ok && strings.Trim(segment, ".") != "" && !strings.ContainsFunc(segment, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._~", r)
		})
	}
	return ok
}

// UnderPrefix has next see every request under the prefix, also those of a proxy, or of http.StripPrefix, that has taken it off.
func UnderPrefix(prefix string, next http.Handler) http.Handler {
	if prefix == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok && (rest == "" || rest[0] == '/') {
			next.ServeHTTP(w, r)
			return
		}
		inner := new(http.Request)
		*inner = *r
		inner.URL = new(url.URL)
		*inner.URL = *r.URL
		inner.URL.Path = prefix + r.URL.Path
		if r.URL.RawPath != "" {
			inner.URL.RawPath = prefix + r.URL.RawPath
		}
		next.ServeHTTP(w, inner)
	})
}
