package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/callboard/callboard/internal/httpapi"
)

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func BenchmarkRequest(b *testing.B) {
	a := httpapi.New(httpapi.Config{Authenticate: authenticate})
	registerThings(a)
	h := a.Handler()
	for name, c := range map[string]call{
		"get":  {method: "GET", target: "/api/v1/things?limit=7"},
		"post": {method: "POST", target: "/api/v1/things", body: `{"title":"one","count":3,"tags":["a","b"],"meta":{"k":"v"}}`},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
				r.Header["Content-Type"] = []string{"application/json"}
				r.Header["Authorization"] = []string{"Bearer editor"}
				h.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}
