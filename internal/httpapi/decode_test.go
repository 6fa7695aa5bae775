package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/internal/httpapi"
)

func TestBody(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	tests := []struct {
		name, body, contentType string
		status                  int
		locations               []string // of the errors, sorted
	}{
		{name: "a thing", body: `{"title":"one"}`, status: 201},
		{name: "charset", body: `{"title":"one"}`, contentType: "application/json; charset=UTF-8", status: 201},
		{name: "suffix", body: `{"title":"one"}`, contentType: "application/x+json", status: 201},
		{name: "other charset", body: `{"title":"one"}`, contentType: "application/json; charset=latin1", status: 415},
		{name: "form", body: `title=one`, contentType: "application/x-www-form-urlencoded", status: 415},
		{name: "text", body: `{"title":"one"}`, contentType: "text/plain", status: 415},
		{name: "no type", body: `{"title":"one"}`, contentType: "none", status: 415},
		{name: "broken type", body: `{"title":"one"}`, contentType: ";;", status: 415},
		{name: "empty", status: 400},
		{name: "not JSON", body: `{"title":`, status: 400},
		{name: "trailing", body: `{"title":"one"} x`, status: 400},
		{name: "two documents", body: `{"title":"one"}{"title":"two"}`, status: 400},
		{name: "invalid UTF-8", body: "{\"title\":\"\xff\"}", status: 400},
		{name: "raw NUL", body: "{\"title\":\"a\x00b\"}", status: 400},
		{name: "null", body: `null`, status: 422, locations: []string{"body"}},
		{name: "array", body: `[]`, status: 422, locations: []string{"body"}},
		{name: "missing", body: `{}`, status: 422, locations: []string{"body.title"}},
		{name: "unknown fields", body: `{"title":"a","x":1,"y":2}`, status: 422, locations: []string{"body.x", "body.y"}},
		{name: "other case", body: `{"title":"a","Title":"b"}`, status: 422, locations: []string{"body.Title"}},
		{name: "wrong types", body: `{"title":1,"count":"x","tags":{},"nested":[]}`, status: 422,
			locations: []string{"body.count", "body.nested", "body.tags", "body.title"}},
		{name: "escaped NUL", body: `{"title":"a\u0000","meta":{"k":["x",{"y":"\u0000"}]}}`, status: 422,
			locations: []string{"body.meta.k[1].y", "body.title"}},
		{name: "NUL in a name", body: `{"title":"a","meta":{"\u0000":1}}`, status: 422, locations: []string{"body.meta"}},
		{name: "huge number", body: `{"title":"a","ratio":1e999,"meta":{"n":-1e999}}`, status: 422,
			locations: []string{"body.meta.n", "body.ratio"}},
		{name: "beyond int64", body: `{"title":"a","count":1e30}`, status: 422, locations: []string{"body.count"}},
		{name: "beyond int8", body: `{"title":"a","small":300}`, status: 422, locations: []string{"body.small"}},
		{name: "fraction", body: `{"title":"a","count":1.5}`, status: 422, locations: []string{"body.count"}},
		{name: "too long", body: `{"title":"` + strings.Repeat("é", 21) + `"}`, status: 422, locations: []string{"body.title"}},
		{name: "just long enough", body: `{"title":"` + strings.Repeat("é", 20) + `"}`, status: 201},
		{name: "repeated key", body: `{"title":"a","title":"b"}`, status: 422, locations: []string{"body.title"}},
		{name: "repeated object", body: `{"title":"a","nested":{"name":"far too long"},"nested":{"name":"ok"}}`,
			status: 422, locations: []string{"body.nested", "body.nested.name"}},
		{name: "colons in strings", body: `{"title":"a:\"b:\\","meta":{":":":"}}`, status: 201},
		{name: "deep", body: `{"title":"a","meta":{"m":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}}`, status: 400},
		{name: "very deep", body: strings.Repeat("[", 20000) + strings.Repeat("]", 20000), status: 400},
		{name: "too large", body: `{"title":"` + strings.Repeat("a", 1<<20) + `"}`, status: 413},
		{name: "lone surrogate", body: `{"title":"\ud800"}`, status: 422, locations: []string{"body.title"}},
		{name: "lone low surrogate", body: `{"tags":["a","b\udfffc"],"title":"a"}`, status: 422, locations: []string{"body.tags[1]"}},
		{name: "two high surrogates", body: `{"title":"\ud83d\ud83d"}`, status: 422, locations: []string{"body.title"}},
		{name: "half a surrogate in what is free", body: `{"title":"a","meta":{"k":["x",{"y":"ok \uD83D!"}]}}`, status: 422,
			locations: []string{"body.meta.k[1].y"}},
		{name: "half a surrogate in a free name", body: `{"title":"a","meta":{"k":{"\ud800":1}}}`, status: 422,
			locations: []string{"body.meta.k"}},
		{name: "half a surrogate in a choice", body: `{"title":"a","either":["\ud800"]}`, status: 422,
			locations: []string{"body.either[0]"}},
		{name: "a surrogate pair", body: `{"title":"\ud83d\ude00","meta":{"\ud83d\ude00":"\ud83d\ude00"}}`, status: 201},
		{name: "no hexadecimal", body: `{"title":"\ud8zz"}`, status: 400},
		{name: "blank", body: "  ", status: 400},
		{name: "null for what is optional", body: `{"title":"a","count":null,"tags":null,"nested":null}`, status: 201},
		{name: "null for what is required", body: `{"title":null}`, status: 422, locations: []string{"body.title"}},
		{name: "too many items", body: `{"title":"a","tags":["a","b","c","d","e"]}`, status: 422, locations: []string{"body.tags"}},
		{name: "items of a wrong type", body: `{"title":"a","tags":["a",{"x":[1]},2]}`, status: 422,
			locations: []string{"body.tags[1]", "body.tags[2]"}},
		{name: "a choice", body: `{"title":"a","either": [ "x", "y" ]}`, status: 201},
		{name: "another choice", body: `{"title":"a","either":"x"}`, status: 201},
		{name: "no choice", body: `{"title":"a","either":{"x":"sec"}}`, status: 422, locations: []string{"body.either"}},
		{name: "time", body: `{"title":"a","at":"secret"}`, status: 422, locations: []string{"body.at"}},
		{name: "formats", body: `{"title":"a","email":"sec ret","site":"http://[sec"}`, status: 422,
			locations: []string{"body.email", "body.site"}},
		{name: "enum", body: `{"title":"a","kind":"secret"}`, status: 422, locations: []string{"body.kind"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := call{method: "POST", target: "/api/v1/things", as: "editor", body: tt.body, contentType: tt.contentType}.
				do(t, a.Handler())
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %.300s", w.Code, tt.status, w.Body)
			}
			if tt.status < 400 {
				return
			}
			p := readProblem(t, w)
			if diff := cmp.Diff(tt.locations, p.locations()); diff != "" {
				t.Errorf("locations: %s", diff)
			}
			if strings.Contains(w.Body.String(), "sec") {
				t.Errorf("the answer repeats a submitted value: %s", w.Body)
			}
		})
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	const id = "0197a000-0000-7000-8000-000000000001"
	tests := []struct {
		name, target string
		status       int
		locations    []string
	}{
		{name: "fine", target: "/api/v1/things/" + id, status: 200},
		{name: "no parameter", target: "/api/v1/things/" + id + "?&", status: 200},
		{name: "unknown parameters", target: "/api/v1/things/" + id + "?else=secret&word=x&Word=x", status: 422,
			locations: []string{"query.Word", "query.else"}},
		{name: "semicolon", target: "/api/v1/things/" + id + "?word=x;else=secret", status: 400},
		{name: "not a UUID", target: "/api/v1/things/secret", status: 422, locations: []string{"path.id"}},
		{name: "NUL in the path", target: "/api/v1/things/a%00b", status: 422, locations: []string{"path.id"}},
		{name: "invalid UTF-8 in the path", target: "/api/v1/things/%ff", status: 400},
		{name: "NUL in the query", target: "/api/v1/things/" + id + "?word=%00", status: 422, locations: []string{"query.word"}},
		{name: "invalid UTF-8 in the query", target: "/api/v1/things/" + id + "?word=%ff", status: 400},
		{name: "broken escape", target: "/api/v1/things/" + id + "?word=%zz", status: 400},
		{name: "too long", target: "/api/v1/things/" + id + "?word=secretsecret", status: 422, locations: []string{"query.word"}},
		{name: "limit", target: "/api/v1/things?limit=0", status: 422, locations: []string{"query.limit"}},
		{name: "limit too high", target: "/api/v1/things?limit=201", status: 422, locations: []string{"query.limit"}},
		{name: "limit is no number", target: "/api/v1/things?limit=secret", status: 422, locations: []string{"query.limit"}},
		{name: "limit overflows", target: "/api/v1/things?limit=99999999999999999999", status: 422, locations: []string{"query.limit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := call{method: "GET", target: tt.target, as: "viewer"}.do(t, a.Handler())
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if tt.status < 400 {
				return
			}
			if diff := cmp.Diff(tt.locations, readProblem(t, w).locations()); diff != "" {
				t.Errorf("locations: %s", diff)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the answer repeats a submitted value: %s", w.Body)
			}
		})
	}
}

// A body beyond the limit is answered even to a client that sends all of it before it reads.
func TestLargeBodyOverTheWire(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	server := newServer(t, a.Handler())
	for _, declared := range []bool{true, false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/api/v1/things",
			strings.NewReader(`{"title":"`+strings.Repeat("a", 10<<20)+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer editor")
		r.Header.Set("Content-Type", "application/json")
		if !declared {
			r.ContentLength = -1
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("length declared %v: status %d, want 413", declared, resp.StatusCode)
		}
	}
}

func TestFieldsOfAProblemAreBounded(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	var body strings.Builder
	body.WriteString(`{"title":"a"`)
	for i := range 1000 {
		body.WriteString(`,"` + strings.Repeat("x", 500+i) + `":1`)
	}
	body.WriteString(`}`)
	w := call{method: "POST", target: "/api/v1/things", as: "editor", body: body.String()}.do(t, a.Handler())
	if w.Code != 422 || w.Body.Len() > 64<<10 {
		t.Fatalf("status %d with %d bytes", w.Code, w.Body.Len())
	}
	locations := readProblem(t, w).locations()
	if len(locations) != 20 || !slices.IsSorted(locations) {
		t.Errorf("%d fields are listed", len(locations))
	}
}

// Errors and memory end long before a hostile body does.
func TestHostileBodiesAreCheap(t *testing.T) {
	a, _ := newTestAPI(t, httpapi.Config{MaxBody: 8 << 20})
	h := a.Handler()
	for name, tt := range map[string]struct {
		body   string
		status int
		fields int
	}{
		"wrong items":     {`{"title":"a","tags":[` + strings.Repeat("0,", 4_000_000) + `0]}`, 422, 4},
		"unknown fields":  {`{"title":"a"` + manyMembers(500_000) + `}`, 422, 20},
		"free values":     {`{"title":"a","meta":{"x":[` + strings.Repeat("[],", 2_600_000) + `[]]}}`, 413, 0},
		"wrong and deep":  {`{"title":[` + strings.Repeat("{},", 2_600_000) + `{}]}`, 413, 0},
		"a choice of all": {`{"title":"a","either":[` + strings.Repeat("0,", 4_000_000) + `0]}`, 413, 0},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/things", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer editor")
		w := httptest.NewRecorder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		h.ServeHTTP(w, r)
		runtime.ReadMemStats(&after)
		if fields := len(readProblem(t, w).Errors); w.Code != tt.status || fields != tt.fields {
			t.Errorf("%s: status %d with %d fields, want %d with %d", name, w.Code, fields, tt.status, tt.fields)
		}
		// The buffer of the body doubles as it grows: at most four times its 8 MB in all.
		if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
			t.Errorf("%s: %d MB for a body of %d MB", name, used>>20, len(tt.body)>>20)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	return b.String()
}

// Rules are told in words; a regular expression that has none is not told.
func TestRulesAreToldInWords(t *testing.T) {
	t.Parallel()
	type input struct {
		Plain string `query:"plain" pattern:"^[a-z]+$"`
		Told  string `query:"told" pattern:"^[a-z]+$" patternDescription:"small letters"`
		Of    string `query:"of" enum:"red,green"`
	}
	a, _ := newTestAPI(t, httpapi.Config{})
	httpapi.Register(a, httpapi.Route{ID: "patterns", Method: "GET", Path: "/api/v1/patterns", Access: httpapi.Public},
		func(context.Context, *input) (*struct{}, error) { return &struct{}{}, nil })
	w := call{method: "GET", target: "/api/v1/patterns?plain=A&told=A&of=blue"}.do(t, a.Handler())
	p := readProblem(t, w)
	var got []string
	for _, f := range p.Errors {
		got = append(got, f.Field+" "+f.Message)
	}
	if diff := cmp.Diff([]string{"of must be one of red, green", "plain is not written as it has to be", "told must be small letters"}, got); diff != "" {
		t.Error(diff)
	}
}
