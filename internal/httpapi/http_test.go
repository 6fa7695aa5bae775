package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

func newServer(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAccess(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	const id = "/api/v1/things/0197a000-0000-7000-8000-000000000001"
	// Status per caller, in the order: nobody, unknown credential, viewer, editor, admin, service. 404 is the raw
	// handler's own answer.
	tests := []struct {
		method, target string
		want           [6]int
	}{
		{"GET", "/api/v1/things", [6]int{200, 200, 200, 200, 200, 200}},
		{"GET", id, [6]int{401, 401, 200, 200, 200, 200}},
		{"POST", "/api/v1/things", [6]int{401, 401, 403, 400, 400, 403}},
		{"GET", "/api/v1/admin", [6]int{401, 401, 403, 403, 204, 403}},
		{"GET", "/api/v1/speak", [6]int{401, 401, 403, 403, 404, 404}},
		{"POST", "/api/v1/off", [6]int{401, 401, 503, 503, 503, 503}},
	}
	for _, tt := range tests {
		var got [6]int
		for i, as := range []string{"", "nonsense", "viewer", "editor", "admin", "service"} {
			w := call{method: tt.method, target: tt.target, as: as}.do(t, a.Handler())
			got[i] = w.Code
			if w.Code >= 400 {
				readProblem(t, w)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: 401 without WWW-Authenticate", tt.method, tt.target)
			}
		}
		if got != tt.want {
			t.Errorf("%s %s: %v, want %v", tt.method, tt.target, got, tt.want)
		}
	}
}

// Two tabs share a cookie: what the tab of the user before sends is not done as the user that has signed in since.
func TestUserOfPage(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	for user, want := range map[string]int{"": 201, actors()["editor"].ID: 201, actors()["viewer"].ID: 401} {
		w := call{method: "POST", target: "/api/v1/things", header: http.Header{"Cookie": {"as=editor"}, "X-Callboard-User": {user}}, body: `{"title":"a"}`}.do(t, a.Handler())
		if w.Code != want {
			t.Errorf("the page of %q: status %d, want %d: %s", user, w.Code, want, w.Body)
		}
		if want == http.StatusUnauthorized {
			readProblem(t, w)
		}
	}
}

// Who may not call hears so before the body is read, however large it is.
func TestAccessBeforeBody(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	w := call{method: "POST", target: "/api/v1/things", as: "viewer", body: strings.Repeat("x", 2<<20)}.do(t, a.Handler())
	if w.Code != 403 {
		t.Errorf("status %d, want 403", w.Code)
	}
}

// A caller tells what is switched off, where trying again is in vain, from what is away for a moment.
func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	a, logs := newTestAPI(t, httpapi.Config{})
	w := call{method: "POST", target: "/api/v1/off", as: "editor"}.do(t, a.Handler())
	if strings.Contains(logs.String(), "level=INFO") {
		t.Errorf("an application that goes on calling would fill the log: %s", logs)
	}
	p := readProblem(t, w)
	if w.Code != 503 || p.Type != "urn:callboard:problem:switched_off" || p.Detail != "things are switched off" {
		t.Errorf("%d %+v", w.Code, p)
	}
	if after := w.Header().Get("Retry-After"); after != "60" {
		t.Errorf("Retry-After %q: a second would have callers try in vain", after)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		how        string
		status     int
		retryAfter string
		logged     string // must be in the log; empty: no failure is logged
	}{
		{how: "plain", status: 500, logged: internalText},
		{how: "internal", status: 500, logged: internalText},
		{how: "panic", status: 500, logged: internalText},
		{how: "rate", status: 429, retryAfter: "90"},
		{how: "away", status: 503, retryAfter: "1", logged: internalText},
		{how: "deadline", status: 503, retryAfter: "1"},
		{how: "gone", status: 410},
		{how: "fields", status: 422},
	}
	for _, tt := range tests {
		t.Run(tt.how, func(t *testing.T) {
			t.Parallel()
			a, logs := newTestAPI(t, httpapi.Config{})
			w := call{method: "GET", target: "/api/v1/fail/" + tt.how, header: http.Header{"X-Request-Id": {"my-id.1"}}}.do(t, a.Handler())
			readProblem(t, w)
			if w.Code != tt.status || w.Header().Get("Retry-After") != tt.retryAfter {
				t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
			}
			if strings.Contains(w.Body.String(), "hunter2") {
				t.Errorf("the answer names internals: %s", w.Body)
			}
			if tt.logged != "" && (!strings.Contains(logs.String(), tt.logged) || !strings.Contains(logs.String(), "my-id.1")) {
				t.Errorf("the log lacks the failure or the request's ID: %s", logs)
			}
			if tt.logged == "" && strings.Contains(logs.String(), "request failed") {
				t.Errorf("logged as a failure: %s", logs)
			}
		})
	}
}

func TestClientGone(t *testing.T) {
	t.Parallel()
	a, logs := newTestAPI(t, httpapi.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/fail/cancelled", nil))
	if w.Code != 499 || strings.Contains(logs.String(), "level=ERROR") || strings.Contains(logs.String(), "level=WARN") {
		t.Errorf("status %d, log %s", w.Code, logs)
	}
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	tests := []struct {
		method, target string
		status         int
		allow          string
	}{
		{"GET", "/api/v1/nothing", 404, ""},
		{"POST", "/api/v1/nothing", 404, ""},
		{"GET", "/api/", 404, ""},
		{"DELETE", "/api/v1/things", 405, "GET, POST, HEAD"},
		{"PATCH", "/api/v1/admin", 405, "GET, HEAD"},
		{"TRACE", "/api/v1/admin", 405, "GET, HEAD"},
		{"GET", "/anything", 200, ""},
		{"POST", "/anything", 404, ""},
		{"POST", "/docs", 405, "GET, HEAD"},
	}
	for _, tt := range tests {
		w := call{method: tt.method, target: tt.target, as: "admin"}.do(t, a.Handler())
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d, Allow %q; want %d, %q", tt.method, tt.target, w.Code, w.Header().Get("Allow"), tt.status, tt.allow)
		}
		if w.Code >= 400 {
			readProblem(t, w)
		}
	}
}

// TestNoPage: who opens an address that is nobody's gets a page, programs and whatever is below /api/ a problem.
func TestNoPage(t *testing.T) {
	t.Parallel()
	a := httpapi.New(httpapi.Config{NoPage: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("page"))
	})})
	place := httpapi.Route{ID: "place", Method: http.MethodGet, Path: "/places/{id}", Access: httpapi.Public, Hidden: true}
	httpapi.Raw(a, place, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("place")) }))
	for _, tt := range []struct {
		method, target, accept string
		page                   bool
	}{
		{"GET", "/nope", "text/html,application/xhtml+xml,*/*;q=0.8", true},
		{"GET", "/nope/%FF", "text/html", true},
		{"GET", "/places/%FF", "text/html", true},
		{"GET", "/places/%00", "text/html", true},
		{"GET", "/places/a?q=%FF", "text/html", true},
		{"GET", "/nope", "*/*", false},
		{"GET", "/nope", "", false},
		{"POST", "/nope", "text/html", false},
		{"GET", "/api/v1/nope", "text/html", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, nil)
		r.Header.Set("Accept", tt.accept)
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || (w.Body.String() == "page") != tt.page {
			t.Errorf("%s %s for %q: %d %s", tt.method, tt.target, tt.accept, w.Code, w.Body)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{TrustedOrigins: []string{"https://board.example.org"}})
	body := `{"title":"a"}`
	tests := []struct {
		name   string
		as     string
		header http.Header
		status int
	}{
		{"no browser", "editor", nil, 201},
		{"same origin", "", http.Header{"Cookie": {"as=editor"}, "Sec-Fetch-Site": {"same-origin"}}, 201},
		{"another site", "", http.Header{"Cookie": {"as=editor"}, "Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
		{"an old browser", "", http.Header{"Cookie": {"as=editor"}, "Origin": {"https://evil.example"}}, 403},
		{"trusted", "", http.Header{"Cookie": {"as=editor"}, "Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://board.example.org"}}, 201},
		{"token and no cookie", "editor", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 201},
		{"token and cookie", "editor", http.Header{"Cookie": {"as=editor"}, "Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
	}
	for _, tt := range tests {
		w := call{method: "POST", target: "/api/v1/things", as: tt.as, header: tt.header, body: body}.do(t, a.Handler())
		if w.Code != tt.status {
			t.Errorf("%s: status %d, want %d: %s", tt.name, w.Code, tt.status, w.Body)
		}
	}
	for origin, want := range map[string]string{"https://board.example.org": "https://board.example.org", "https://evil.example": ""} {
		w := call{method: "OPTIONS", target: "/api/v1/things", header: http.Header{
			"Origin": {origin}, "Access-Control-Request-Method": {"POST"},
		}}.do(t, a.Handler())
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want || (want != "") != (w.Code == 204) {
			t.Errorf("preflight from %s: %d, allowed %q", origin, w.Code, got)
		}
	}
}

func TestRequestInContext(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		proxy  bool
		header http.Header
		want   callboard.Request // an empty ID: any
	}{
		{"direct", false, http.Header{"X-Forwarded-For": {"6.6.6.6"}, "User-Agent": {"ua"}, "X-Request-Id": {"abc-1"}},
			callboard.Request{ID: "abc-1", IP: "192.0.2.1", UserAgent: "ua"}},
		{"proxy", true, http.Header{"X-Forwarded-For": {"6.6.6.6, 10.1.2.3"}, "User-Agent": {strings.Repeat("u", 300)}},
			callboard.Request{IP: "10.1.2.3", UserAgent: strings.Repeat("u", 256)}},
		{"nonsense", true, http.Header{"X-Forwarded-For": {"<script>"}, "X-Request-Id": {"a b\tc"}, "User-Agent": {"\xff"}},
			callboard.Request{IP: "192.0.2.1"}},
	}
	for _, tt := range tests {
		a := httpapi.New(httpapi.Config{TrustProxy: tt.proxy})
		var got callboard.Request
		httpapi.Raw(a, httpapi.Route{ID: "look", Path: "/look", Access: httpapi.Public}, http.HandlerFunc(
			func(_ http.ResponseWriter, r *http.Request) { got = callboard.RequestFrom(r.Context()) }))
		w := call{method: "GET", target: "/look", header: tt.header}.do(t, a.Handler())
		if echoed := w.Header().Get("X-Request-Id"); echoed == "" || echoed != got.ID {
			t.Errorf("%s: echoed %q, in the context %q", tt.name, echoed, got.ID)
		}
		if tt.want.ID == "" {
			tt.want.ID = got.ID
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// A browser is told to come over https alone, once it did. A stranger's header does not tell that.
func TestStrictTransportSecurity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		target, forwarded string
		proxy, want       bool
	}{
		{"http://board/openapi.json", "", false, false},
		{"https://board/openapi.json", "", false, true},
		{"http://board/openapi.json", "https", false, false},
		{"http://board/openapi.json", "https", true, true},
		{"http://board/openapi.json", "http", true, false},
	} {
		h := httpapi.StrictTransport(tt.proxy, httpapi.New(httpapi.Config{}).Handler())
		w := call{method: "GET", target: tt.target, header: http.Header{"X-Forwarded-Proto": {tt.forwarded}}}.do(t, h)
		if got := w.Header().Get("Strict-Transport-Security"); (got == "max-age=31536000") != tt.want || !tt.want && got != "" {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	for _, target := range []string{"/api/v1/things", "/api/v1/nothing", "/docs", "/openapi.json"} {
		h := call{method: "GET", target: target}.do(t, a.Handler()).Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
			h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", target, h)
		}
	}
}

func TestIncompleteRoutesPanic(t *testing.T) {
	t.Parallel()
	for name, route := range map[string]httpapi.Route{
		"no access": {ID: "x", Method: "GET", Path: "/x"},
		"no ID":     {Method: "GET", Path: "/x", Access: httpapi.Public},
		"no root":   {ID: "x", Method: "GET", Path: "x", Access: httpapi.Public},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: registered", name)
				}
			}()
			httpapi.Raw(httpapi.New(httpapi.Config{}), route, http.NotFoundHandler())
		}()
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{Version: "1.2.3"})
	w := call{method: "GET", target: "/openapi.json"}.do(t, a.Handler())
	var doc struct {
		OpenAPI    string `json:"openapi"`
		Info       struct{ Version string }
		Paths      map[string]map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	create := doc.Paths["/api/v1/things"]["post"]
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1.2.3" || create["operationId"] != "create-thing" ||
		create["x-callboard-access"] != "editor" || create["security"] == nil {
		t.Errorf("document: %s", w.Body)
	}
	if diff := cmp.Diff([]any{"thing_created"}, create["x-callboard-events"]); diff != "" {
		t.Error(diff)
	}
	if doc.Paths["/api/v1/speak"]["get"] == nil || doc.Paths["/docs"] != nil {
		t.Error("raw routes are documented, hidden ones are not")
	}
	if strings.Contains(w.Body.String(), "$schema") || doc.Components.Schemas["Problem"] == nil {
		t.Errorf("schemas: %v", doc.Components.Schemas)
	}
}

func TestDocsLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	for _, target := range []string{"/docs", "/docs/init.js", "/docs/swagger-ui.css"} {
		w := call{method: "GET", target: target}.do(t, a.Handler())
		if w.Code != 200 || strings.Contains(w.Body.String(), "//unpkg") || strings.Contains(w.Body.String(), "https:") {
			t.Errorf("%s: status %d", target, w.Code)
		}
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	a, _ := newTestAPI(t, httpapi.Config{Registerer: reg})
	call{method: "GET", target: "/api/v1/things"}.do(t, a.Handler())
	call{method: "GET", target: "/api/v1/fail/gone"}.do(t, a.Handler())
	call{method: "GET", target: "/api/v1/nothing"}.do(t, a.Handler())
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "callboard_http_requests_total" {
				got[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[1].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	if diff := cmp.Diff(map[string]float64{"list-things 200": 1, "fail 410": 1, "none 404": 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	w := call{method: "GET", target: "/api/v1/things?limit=7"}.do(t, a.Handler())
	if diff := cmp.Diff(`{"data":[],"pagination":{"limit":7,"next_cursor":""}}`+"\n", w.Body.String()); diff != "" {
		t.Error(diff)
	}
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header  string
		version int64
		code    callboard.Code
	}{
		{"", 0, ""},
		{"*", 0, ""},
		{`"v7"`, 7, ""},
		{` "v7" `, 7, ""},
		{`W/"v7"`, httpapi.NoVersion, ""},
		{`"v07"`, httpapi.NoVersion, ""},
		{`"v0"`, httpapi.NoVersion, ""},
		{`"7"`, httpapi.NoVersion, ""},
		{`"v-1"`, httpapi.NoVersion, ""},
		{`"other"`, httpapi.NoVersion, ""},
		{`""`, httpapi.NoVersion, ""},
		{`v7`, 0, callboard.CodeMalformed},
		{`v7"`, 0, callboard.CodeMalformed},
		{`"v7", "v8"`, 0, callboard.CodeMalformed},
		{`"a b"`, 0, callboard.CodeMalformed},
		{`"`, 0, callboard.CodeMalformed},
		{`W/`, 0, callboard.CodeMalformed},
	}
	for _, tt := range tests {
		version, err := httpapi.IfMatchInput{IfMatch: tt.header}.Version()
		if version != tt.version || callboard.CodeOf(err) != tt.code {
			t.Errorf("%q: %d, %v", tt.header, version, err)
		}
	}
}

// Of the heavy routes a user calls one at a time; everything else goes on.
func TestHeavyRoutesHaveALane(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	entered, leave := make(chan struct{}), make(chan struct{})
	httpapi.Register(a, httpapi.Route{
		ID: "export-things", Method: http.MethodGet, Path: "/api/v1/things-export", Access: httpapi.SignedIn, Heavy: true,
	}, func(context.Context, *struct{}) (*httpapi.Body[string], error) {
		entered <- struct{}{}
		<-leave
		return httpapi.OK("all"), nil
	})
	h := a.Handler()
	call := func(as, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+as)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	answers := make(chan int, 2)
	for _, as := range []string{"viewer", "editor"} {
		go func() { answers <- call(as, "/api/v1/things-export").Code }()
		<-entered
	}
	if w := call("viewer", "/api/v1/things-export"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("another of the same user: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := call("viewer", "/api/v1/things/"+callboard.NewID()); w.Code != http.StatusOK {
		t.Errorf("a light route meanwhile: %d", w.Code)
	}
	close(leave)
	for range 2 {
		if code := <-answers; code != http.StatusOK {
			t.Errorf("an export was answered with %d", code)
		}
	}
	if !strings.Contains(a.OpenAPI().Paths["/api/v1/things-export"].Get.Description, "429") {
		t.Error("the document does not tell of the lane")
	}
}
