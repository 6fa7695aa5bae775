package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// turning is a body at whose middle something happens.
type turning struct {
	parts []string
	turn  func()
}

func (b *turning) Read(p []byte) (int, error) {
	if len(b.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.parts[0])
	if b.parts[0] = b.parts[0][n:]; b.parts[0] == "" {
		b.parts = b.parts[1:]
		b.turn()
	}
	return n, nil
}

// Whoever is no longer let in when the body has been read changes nothing, on JSON routes and those that stream, with a key or
// without.
func TestAccessAfterBody(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		for name, refusal := range map[string]error{
			"disabled": callboard.Errorf(callboard.CodeUnauthenticated, "the credential is not valid"), "demoted": nil,
		} {
			var turned atomic.Bool
			api := httpapi.New(httpapi.Config{DB: db, Authenticate: func(r *http.Request) (callboard.Actor, error) {
				if turned.Load() {
					return actors()["viewer"], refusal
				}
				return authenticate(r)
			}})
			route := httpapi.Route{ID: "add", Method: "POST", Path: "/api/v1/rows", Access: httpapi.Editor, Status: 201}
			httpapi.Register(api, route, c.add)
			httpapi.Raw(api, httpapi.Route{ID: "upload", Method: "POST", Path: "/api/v1/upload", Access: httpapi.Editor}, http.HandlerFunc(c.upload))
			for _, target := range []string{"/api/v1/rows", "/api/v1/upload"} {
				for _, key := range []string{"", "k"} {
					turned.Store(false)
					body := &turning{[]string{`{"text":`, `"a"}`}, func() { turned.Store(true) }}
					r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, body)
					r.Header.Set("Content-Type", "application/json")
					r.Header.Set("Authorization", "Bearer editor")
					if key != "" {
						r.Header.Set("Idempotency-Key", key)
					}
					w := httptest.NewRecorder()
					api.Handler().ServeHTTP(w, r)
					want := http.StatusForbidden
					if refusal != nil {
						want = http.StatusUnauthorized
					}
					if w.Code != want {
						t.Errorf("%s, %s, key %q: answer %d %s, want %d", name, target, key, w.Code, w.Body, want)
					}
				}
			}
		}
		if n := c.count(t, "counted"); n != 0 {
			t.Errorf("%d rows were added", n)
		}
	}, httpapi.Migrations())
}

// endless is a body that goes on until its reader gives up.
type endless struct{ tick *time.Ticker }

func (b *endless) Read(p []byte) (int, error) {
	<-b.tick.C
	return len(p), nil
}

// A body that is still on its way is not taken any further once the caller may no longer.
func TestAccessAmidBody(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	api := httpapi.New(httpapi.Config{Authenticate: func(*http.Request) (callboard.Actor, error) {
		if reads.Add(1) > 1 {
			return actors()["viewer"], nil
		}
		return actors()["editor"], nil
	}})
	httpapi.Raw(api, httpapi.Route{ID: "upload", Method: "POST", Path: "/api/v1/upload", Access: httpapi.Editor},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			httpapi.WriteProblem(w, r, err)
		}))
	body := &endless{time.NewTicker(time.Millisecond)}
	defer body.tick.Stop()
	w := httptest.NewRecorder()
	api.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/upload", body))
	if w.Code != http.StatusForbidden {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

// The parts of a multipart body make the request, whatever its boundary and in whatever pieces it arrives.
func TestRepeatWithAnotherBoundary(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		c := newCounterAPI(t, db)
		post := func(boundary, content string, whole bool) *httptest.ResponseRecorder {
			text := "--" + boundary + "\r\nA: b\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n"
			body := &turning{strings.SplitAfter(text, ""), func() {}}
			if whole {
				body.parts = []string{text}
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/upload", body)
			r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
			r.Header.Set("Authorization", "Bearer viewer")
			r.Header.Set("Idempotency-Key", "k")
			w := httptest.NewRecorder()
			c.api.Handler().ServeHTTP(w, r)
			return w
		}
		first := post("one", "x\r\n--y--one\r\n-", true)
		for _, tt := range []struct {
			boundary, content string
			status            int
		}{
			{"one", "x\r\n--y--one\r\n-", 200},
			{"other", "x\r\n--y--one\r\n-", 200},
			{"other", "x\r\n--y--two\r\n-", 422},
			{"one", "x\r\n--y--one\r\n", 422},
			{"one", "x\r\n--y--one\n\r-", 422},
		} {
			for _, whole := range []bool{true, false} {
				w := post(tt.boundary, tt.content, whole)
				if w.Code != tt.status || w.Code == 200 && w.Body.String() != first.Body.String() {
					t.Errorf("%q between %q: answer %d %s", tt.content, tt.boundary, w.Code, w.Body)
				}
			}
		}
		if n := c.count(t, "counted"); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	}, httpapi.Migrations())
}

// An answer that cannot be begun is an answer all the same, or proxies take the node for dead; one that has begun breaks.
func TestBreakOff(t *testing.T) {
	t.Parallel()
	api := httpapi.New(httpapi.Config{Authenticate: authenticate})
	for _, sent := range []int{0, 100, 100_000} {
		httpapi.Register(api, httpapi.Route{ID: fmt.Sprint("stream", sent), Method: "GET", Path: fmt.Sprint("/api/v1/stream/", sent), Access: httpapi.Public},
			func(context.Context, *struct{}) (*huma.StreamResponse, error) {
				return &huma.StreamResponse{Body: func(out huma.Context) {
					out.SetHeader("Content-Type", "text/csv")
					out.SetHeader("Content-Disposition", `attachment; filename="rows.csv"`)
					buffered := bufio.NewWriterSize(out.BodyWriter(), 4096)
					_, _ = buffered.Write(make([]byte, sent)) // a recorder takes everything
					httpapi.BreakOff(callboard.Errorf(callboard.CodeUnavailable, "the database is away"))
				}}, nil
			})
	}
	server := httptest.NewServer(api.Handler())
	t.Cleanup(server.Close)
	for _, sent := range []int{0, 100, 100_000} {
		res, err := server.Client().Get(fmt.Sprint(server.URL, "/api/v1/stream/", sent)) //nolint:noctx // a test
		if err == nil {
			defer res.Body.Close()
			_, err = io.ReadAll(res.Body)
		}
		switch {
		case sent > 4096 && err == nil:
			t.Errorf("after %d bytes the answer looks whole", sent)
		case sent <= 4096 && (err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Content-Disposition") != ""):
			t.Errorf("after %d bytes that were not sent yet: %v, %v", sent, res, err)
		}
	}
}
