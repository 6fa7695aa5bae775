package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/internal/httpapi"
)

// deadlineWriter notes the deadline of the connection that it stands for.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	read time.Time
}

func (w *deadlineWriter) SetReadDeadline(at time.Time) error {
	w.read = at
	return nil
}

// The server reads what a handler leaves of a body, so a body that nobody wants must have an end too.
func TestBodiesHaveDeadline(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	h := httpapi.PromptBody(a.Handler())
	for name, tt := range map[string]struct {
		method, target, as, body string
		want                     bool
	}{
		"public, takes none": {http.MethodGet, "/docs", "", "x", true},
		"no route":           {http.MethodPost, "/nowhere", "", "x", true},
		"nobody":             {http.MethodPost, "/api/v1/things", "", "{}", true},
		"read to the end":    {http.MethodPost, "/api/v1/things", "editor", `{"title":"x"}`, false},
		"no body":            {http.MethodGet, "/docs", "", "", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, strings.NewReader(tt.body))
		r.Header.Set("Content-Type", "application/json")
		if tt.as != "" {
			r.Header.Set("Authorization", "Bearer "+tt.as)
		}
		w := &deadlineWriter{ResponseRecorder: httptest.NewRecorder()}
		h.ServeHTTP(w, r)
		if got := !w.read.IsZero(); got != tt.want {
			t.Errorf("%s: answer %d, deadline %v, want one: %v", name, w.Code, w.read, tt.want)
		}
	}
}

// sizeOfRead notes how much room the first read was offered.
type sizeOfRead struct {
	io.Reader
	offered int
}

func (r *sizeOfRead) Read(p []byte) (int, error) {
	r.offered = max(r.offered, len(p))
	return r.Reader.Read(p)
}

// A header of a hundred bytes must not cost a megabyte.
func TestAnnouncedLengthTakesNoMemory(t *testing.T) {
	t.Parallel()
	a, _ := newTestAPI(t, httpapi.Config{})
	body := &sizeOfRead{Reader: bytes.NewReader([]byte(`{"title":"x"}`))}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/things", body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer editor")
	r.ContentLength = httpapi.DefaultMaxBody
	a.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if body.offered == 0 || body.offered > 64<<10 {
		t.Errorf("room for %d bytes before any has come, want at most 64 KiB", body.offered)
	}
}
