package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/callboard/callboard"
)

// Origins holds the rules for browsers: who may send cookies along from another origin, and who may read the answers.
type Origins struct {
	protection *http.CrossOriginProtection
	trusted    map[string]bool
}

// NewOrigins returns the rules that trust the server's own pages and those of the given origins.
func NewOrigins(trusted []string) (*Origins, error) {
	o := &Origins{protection: http.NewCrossOriginProtection(), trusted: map[string]bool{}}
	for _, origin := range trusted {
		u, err := url.Parse(origin)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Contains(u.Host, "*") ||
			u.Scheme+"://"+u.Host != origin {
			return nil, fmt.Errorf("%q is not an origin: write it as https://board.example.org", origin)
		}
		origin = strings.ToLower(origin) // as browsers send it
		if err := o.protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
		o.trusted[origin] = true
	}
	return o, nil
}

// Check refuses what a page of an origin that is not trusted sends, whatever the method: a GET may open a socket.
func (o *Origins) Check(r *http.Request) error {
	change := *r
	change.Method = http.MethodPost // others pass unseen
	return o.protection.Check(&change)
}

// AllowCORS lets a page of a trusted origin read the answer. It reports whether r was a preflight, which it answers.
func (o *Origins) AllowCORS(w http.ResponseWriter, r *http.Request) (answered bool) {
	origin := r.Header.Get("Origin")
	if !o.trusted[origin] {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id, Idempotency-Replayed")
	h.Add("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, "+userHeader)
	h.Set("Access-Control-Max-Age", "600")
	h.Del("Cache-Control")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// admit reports whether the request goes on to the routes. It answers preflights, and refuses changes that another
// site sends with the caller's cookies.
func (o *Origins) admit(w *recorder, r *http.Request) bool {
	if o.AllowCORS(w, r) {
		return false
	}
	if scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") && r.Header.Get("Cookie") == "" {
		return true // rides on nobody's session: browsers send Basic by themselves, and no Bearer
	}
	if err := o.protection.Check(r); err != nil {
		WriteProblem(w, r, callboard.Wrap(err, callboard.CodeForbidden, "a page of another origin may not do this"))
		return false
	}
	return true
}
