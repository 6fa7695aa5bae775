package httpapi

import (
	"net/http"

	"callboard"
)

// origins holds the rules for browsers: who may send cookies along from another origin, and who may read the answers.
type origins struct {
	protection *http.CrossOriginProtection
	trusted    map[string]bool
}

func newOrigins(trusted []string) *origins {
	o := &origins{protection: http.NewCrossOriginProtection(), trusted: map[string]bool{}}
	for _, origin := range trusted {
		if err := o.protection.AddTrustedOrigin(origin); err != nil {
			panic("httpapi: trusted origin: " + err.Error())
		}
		o.trusted[origin] = true
	}
	return o
}

// admit reports whether the request goes on to the routes. It answers preflights, and refuses changes that another
// site sends with the caller's cookies.
func (o *origins) admit(w *recorder, r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && o.trusted[origin] {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id, Idempotency-Replayed")
		h.Add("Vary", "Origin")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			preflight(w)
			return false
		}
	}
	if carriesNoCookie(r) {
		return true
	}
	if err := o.protection.Check(r); err != nil {
		w.api.writeProblem(w, r, callboard.Wrap(err, callboard.CodeForbidden,
			"a page of another origin may not do this"))
		return false
	}
	return true
}

// carriesNoCookie: a request that brings its own Authorization and no cookie rides on nobody's session.
func carriesNoCookie(r *http.Request) bool {
	return r.Header.Get("Authorization") != "" && r.Header.Get("Cookie") == ""
}

func preflight(w *recorder) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id")
	h.Set("Access-Control-Max-Age", "600")
	h.Del("Cache-Control")
	w.WriteHeader(http.StatusNoContent)
}
