package httpapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

func TestIfNoneMatch(t *testing.T) {
	t.Parallel()
	a := httpapi.New(httpapi.Config{})
	type output struct {
		ETag string `header:"ETag"`
		Body httpapi.Data[string]
	}
	type input struct {
		How string `path:"how"`
	}
	httpapi.Register(a, httpapi.Route{ID: "get", Method: http.MethodGet, Path: "/api/v1/versions/{how}", Access: httpapi.Public},
		func(_ context.Context, in *input) (*output, error) {
			switch in.How {
			case "absent":
				return nil, callboard.NotFound("version")
			case "untagged":
				return &output{}, nil
			}
			return &output{ETag: httpapi.ETag(7), Body: httpapi.Data[string]{Data: "seven"}}, nil
		})
	h := a.Handler()
	for _, tt := range []struct {
		how    string
		header []string
		status int
	}{
		{"there", nil, 200},
		{"there", []string{`"v7"`}, 304},
		{"there", []string{`W/"v7"`}, 304},
		{"there", []string{` "v6" , W/"v7"`}, 304},
		{"there", []string{`"v6"`, `"v7"`}, 304},
		{"there", []string{`"a, b","v7"`}, 304},
		{"there", []string{`*`}, 304},
		{"there", []string{`"v6"`}, 200},
		{"there", []string{`v7`}, 200},
		{"there", []string{`"v7`}, 200},
		{"there", []string{`"x" v "v7"`}, 200},
		{"there", []string{``}, 200},
		{"untagged", []string{`*`}, 200},
		{"absent", []string{`*`}, 404},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := call{method: method, target: "/api/v1/versions/" + tt.how, header: http.Header{"If-None-Match": tt.header}}.do(t, h)
			if w.Code != tt.status {
				t.Errorf("%s %s with %q: status %d, want %d", method, tt.how, tt.header, w.Code, tt.status)
			}
			if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") != `"v7"` || w.Header().Get("Content-Type") != "") {
				t.Errorf("%s with %q: headers %v, body %q", method, tt.header, w.Header(), w.Body)
			}
		}
	}
	httpapi.Register(a, httpapi.Route{ID: "put", Method: http.MethodPut, Path: "/api/v1/versions/{how}", Access: httpapi.Public},
		func(context.Context, *input) (*output, error) { return &output{}, nil })
	op := a.OpenAPI().Paths["/api/v1/versions/{how}"].Get
	if op.Responses["304"] == nil || op.Responses["200"] == nil || op.Responses["default"] == nil {
		t.Errorf("documented answers: %v", op.Responses)
	}
	if n := len(op.Parameters); n != 2 { // how, If-None-Match
		t.Errorf("%d parameters are documented", n)
	}
}
