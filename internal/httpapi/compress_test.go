package httpapi_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/callboard/callboard/internal/httpapi"
)

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	a := httpapi.New(httpapi.Config{})
	type input struct {
		Length int `query:"length"`
	}
	type output struct{ Body httpapi.Data[string] }
	httpapi.Register(a, httpapi.Route{ID: "words", Method: http.MethodGet, Path: "/api/v1/words", Access: httpapi.Public},
		func(_ context.Context, in *input) (*output, error) {
			return &output{Body: httpapi.Data[string]{Data: strings.Repeat("word ", in.Length)}}, nil
		})
	type tagged struct {
		ETag string `header:"ETag"`
		Body httpapi.Data[string]
	}
	httpapi.Register(a, httpapi.Route{ID: "version", Method: http.MethodGet, Path: "/api/v1/version", Access: httpapi.Public},
		func(context.Context, *struct{}) (*tagged, error) {
			return &tagged{ETag: httpapi.ETag(1), Body: httpapi.Data[string]{Data: strings.Repeat("word ", 2000)}}, nil
		})
	for _, tt := range []struct {
		target, accept string
		encoding       string
		words          int
	}{
		{"/api/v1/words?length=2000", "gzip, br", "gzip", 2000},
		{"/api/v1/words?length=2000", "gzip;q=0, br", "", 2000},
		{"/api/v1/words?length=2000", "", "", 2000},
		{"/api/v1/words?length=2", "gzip", "", 2},
		{"/api/v1/version", "gzip", "", 2000},
	} {
		w := call{method: http.MethodGet, target: tt.target, header: http.Header{"Accept-Encoding": {tt.accept}}}.do(t, a.Handler())
		if got := w.Header().Get("Content-Encoding"); w.Code != http.StatusOK || got != tt.encoding {
			t.Errorf("%s for %q: status %d, encoding %q, want %q", tt.target, tt.accept, w.Code, got, tt.encoding)
			continue
		}
		body := io.Reader(w.Body)
		if tt.encoding == "gzip" {
			if w.Body.Len() > 1000 {
				t.Errorf("%s: %d bytes with gzip", tt.target, w.Body.Len())
			}
			reader, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = reader
		}
		var answer struct{ Data string }
		if err := json.NewDecoder(body).Decode(&answer); err != nil {
			t.Fatalf("%s for %q: %v", tt.target, tt.accept, err)
		}
		if got := strings.Count(answer.Data, "word"); got != tt.words {
			t.Errorf("%s for %q: %d words, want %d", tt.target, tt.accept, got, tt.words)
		}
	}
}
