package realtime

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// origins decides which pages may connect. Browsers name the page's origin in every request that could do harm, so this
// check is what keeps a foreign page from connecting with the cookie of whoever looks at it.
type origins struct{ allowed map[string]bool }

func newOrigins(list []string) (origins, error) {
	o := origins{allowed: map[string]bool{}}
	for _, raw := range list {
		u, err := url.Parse(raw)
		if err != nil || u.Scheme == "" || u.Host == "" || strings.Trim(u.Path, "/") != "" || strings.Contains(u.Host, "*") {
			return origins{}, fmt.Errorf("%q is not an origin: write it as https://board.example", raw)
		}
		o.allowed[canonicalOrigin(u)] = true
	}
	return o, nil
}

func canonicalOrigin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// allow reports whether the request may go on: it comes from no page at all, from a page of this server, or from one of
// the listed origins. Where a proxy ends TLS the scheme is unknown, so the own origin is known by its host and port.
func (o origins) allow(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		// A page can have an image or a script loaded without Origin, but not without this header.
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) || o.allowed[canonicalOrigin(u)]
}

// answer sets the headers that let a page of a listed origin read the response.
func (o origins) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	}
}
