package httpapi

import (
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/callboard/callboard"
)

const requestIDHeader = "X-Request-Id"

// serve puts the middleware around the routes: recover, request ID, log and metrics, security headers, origin rules.
func (c *core) serve(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := &recorder{ResponseWriter: w, api: c}
	request := c.request(r)
	ctx := r.Context()
	if c.cfg.Tracer != nil {
		ctx, rec.span = c.startSpan(r, &request)
	}
	r = byteRanges(r.WithContext(callboard.WithRequest(ctx, request)))
	defer c.finish(rec, r, request.ID, start)
	maps.Copy(w.Header(), c.fixed)
	w.Header()[requestIDHeader] = []string{request.ID}
	if c.origins.admit(rec, r) {
		c.mux.ServeHTTP(rec, r)
	}
}

// byteRanges returns r with the unit of its Range as net/http writes it, and without a Range of another unit, which is to be ignored
// (RFC 9110, 14.2): net/http would refuse either.
func byteRanges(r *http.Request) *http.Request {
	value := r.Header.Get("Range")
	if value == "" || strings.HasPrefix(value, "bytes=") {
		return r
	}
	header := r.Header.Clone()
	header.Del("Range")
	if unit, ranges, ok := strings.Cut(value, "="); ok && strings.EqualFold(unit, "bytes") {
		header.Set("Range", "bytes="+ranges)
	}
	r.Header = header
	return r
}

// StrictTransport has browsers use https alone from now on, once they came by it. That is for a host that is Callboard's own.
func StrictTransport(trustProxy bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil || trustProxy && r.Header.Get("X-Forwarded-Proto") == "https" {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// brokenOff is what BreakOff panics with.
type brokenOff struct{ err error }

// BreakOff ends the answer of a handler that writes it as it goes and cannot go on. The caller is told why where nothing has been sent yet: a
// proxy in front takes a connection that ends without an answer for a node that is dead, and sends it nobody for a while. Else the connection
// ends, which is how the client learns that the answer is not whole.
func BreakOff(err error) { panic(brokenOff{err}) }

// finish turns a panic into a 500, and accounts for the request.
func (c *core) finish(rec *recorder, r *http.Request, id string, start time.Time) {
	cause := recover()
	if broken, ok := cause.(brokenOff); ok {
		cause = http.ErrAbortHandler
		if p := c.answer(r.Context(), broken.err); rec.status == 0 && !rec.hijacked {
			rec.Header().Del("Content-Disposition")
			p.write(rec)
			cause = nil
		}
	}
	if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // a panic's value, not an error that came up
		c.logger.ErrorContext(r.Context(), "panic in a handler",
			"request_id", id, "route", rec.route, "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
		if rec.status == 0 && !rec.hijacked {
			problemOf(fmt.Errorf("panic: %v", cause)).write(rec)
		} else {
			cause = http.ErrAbortHandler // half an answer must not look whole
		}
	}
	took := time.Since(start)
	c.metrics.observe(rec.route, rec.status, took)
	rec.endSpan()
	c.logAccess(rec, r, id, took)
	if cause == http.ErrAbortHandler { //nolint:errorlint // the same
		panic(cause)
	}
}

// logAccess logs what an operator has to know of: that the server failed, and whom it turned away. What callers do wrong
// otherwise is their own business.
func (c *core) logAccess(rec *recorder, r *http.Request, id string, took time.Duration) {
	level := slog.LevelDebug
	switch {
	case rec.quiet503 && rec.status == http.StatusServiceUnavailable:
	case rec.status >= http.StatusInternalServerError:
		level = slog.LevelError
	case rec.user == "": // strangers could fill the log: what they get wrong is counted, and failed sign-ins have a line of their own
	case rec.status == http.StatusForbidden, rec.status == http.StatusTooManyRequests:
		if c.warnings.wanted(rec.user, time.Now()) {
			level = slog.LevelWarn
		}
	case rec.admin:
		level = slog.LevelInfo
	}
	if !c.logger.Enabled(r.Context(), level) {
		return
	}
	// The path without the query: that may hold a token.
	c.logger.LogAttrs(r.Context(), level, "request",
		slog.String("request_id", id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("route", rec.route), slog.Int("status", rec.status), slog.String("user", rec.user),
		slog.String("ip", callboard.RequestFrom(r.Context()).IP), slog.Duration("duration", took))
}

// request gathers what is known of who sends r.
func (c *core) request(r *http.Request) callboard.Request {
	id := r.Header.Get(requestIDHeader)
	if !callboard.ValidResourceID(id) { // what can stand in a header and a log line as it is
		id = callboard.NewID()
	}
	const maxAgent = 256 // bytes
	agent := r.UserAgent()
	agent = strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], "")
	return callboard.Request{ID: id, IP: c.clientIP(r), UserAgent: agent}
}

// clientIP returns the address of the connection, or behind a trusted proxy the last one of X-Forwarded-For, which the proxy
// itself has seen. Those before it are the caller's word.
func (c *core) clientIP(r *http.Request) string {
	if values := r.Header["X-Forwarded-For"]; c.cfg.TrustProxy && len(values) > 0 {
		list := values[len(values)-1]
		last := strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:])
		if addr, err := netip.ParseAddrPort(last); err == nil { // some proxies name the port, too
			last = addr.Addr().String()
		}
		if ip := net.ParseIP(strings.Trim(last, "[]")); ip != nil {
			return ip.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// unknownRoute answers 405 where the path exists for other methods, and 404 elsewhere: outside of /api/ to people with a page.
func (a *API) unknownRoute(w http.ResponseWriter, r *http.Request) {
	allowed := a.allowedMethods(r)
	if len(allowed) == 0 {
		if a.hasNoPage(r) {
			w.Header().Set("Vary", "Accept")
		}
		if a.opensNoPage(r) {
			a.cfg.NoPage.ServeHTTP(w, r)
			return
		}
		WriteProblem(w, r, callboard.NotFound("route"))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	newProblem(http.StatusMethodNotAllowed, string(codeMethodNotAllowed), "this route takes "+strings.Join(allowed, ", ")).write(w)
}

// hasNoPage reports whether an address that is nobody's has a page for people.
func (c *core) hasNoPage(r *http.Request) bool {
	return c.cfg.NoPage != nil && !strings.HasPrefix(r.URL.Path, c.cfg.PathPrefix+"/api/")
}

// opensNoPage reports whether the caller gets that page.
func (c *core) opensNoPage(r *http.Request) bool { return c.hasNoPage(r) && opensPage(r) }

// opensPage reports whether somebody opens an address in a browser: programs do not ask for HTML.
func opensPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (a *API) allowedMethods(r *http.Request) []string {
	var allowed []string
	probe := *r
	for _, method := range append((Route{}).methods(), http.MethodHead) {
		probe.Method = method
		handler, _ := a.mux.Handler(&probe)
		if e, ok := handler.(*endpoint); ok && method != r.Method && e.covers(strings.TrimPrefix(r.URL.Path, a.cfg.PathPrefix)) {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// covers reports whether a route is meant when it matches a path of the API. A page that answers for everything, such
// as the board's, is not.
func (e *endpoint) covers(path string) bool {
	return strings.HasPrefix(e.Path, "/api/") == strings.HasPrefix(path, "/api/") && e.Path != "/" && e.Path != "/{path...}"
}
