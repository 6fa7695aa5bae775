package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"callboard"
)

// checkParams refuses path and query parameters that no store could keep: NUL characters (422) and invalid UTF-8 (400).
func checkParams(r *http.Request, names []string) error {
	if !soundText(r.URL.Path) {
		return unsoundPath(r, names)
	}
	if r.URL.RawQuery == "" || plainQuery(r.URL.RawQuery) {
		return nil
	}
	return checkQuery(r.URL.RawQuery)
}

func unsoundPath(r *http.Request, names []string) error {
	for _, name := range names {
		if value := r.PathValue(name); !soundText(value) {
			return unsound("path."+name, value)
		}
	}
	return unsound("path", r.URL.Path)
}

// plainQuery reports whether a raw query decodes to sound text whatever it says: no escapes and only ASCII.
func plainQuery(raw string) bool {
	for i := range len(raw) {
		if c := raw[i]; c == '%' || c >= utf8.RuneSelf || c == 0 {
			return false
		}
	}
	return true
}

func checkQuery(raw string) error {
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		if err != nil || !soundText(name) {
			return callboard.Errorf(callboard.CodeMalformed, "the name of a query parameter is not well-formed")
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			return callboard.Errorf(callboard.CodeMalformed, "query.%s: is not well-formed", clip(name))
		}
		if !soundText(text) {
			return unsound("query."+clip(name), text)
		}
	}
	return nil
}

func soundText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func unsound(location, value string) error {
	if !utf8.ValidString(value) {
		return callboard.Errorf(callboard.CodeMalformed, "%s: must be valid UTF-8", location)
	}
	var v callboard.Invalid
	v.Add(location, "%s", noNUL)
	return v.Err()
}

const noNUL = "must not contain the NUL character"

// maxShown bounds how much of a name that the caller chose is repeated, in bytes.
const maxShown = 80

func clip(name string) string {
	if len(name) <= maxShown {
		return name
	}
	return strings.ToValidUTF8(name[:maxShown], "") + "…"
}
