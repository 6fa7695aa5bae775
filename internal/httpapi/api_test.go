package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// thing is what the tests' own small API is about.
type thing struct {
	Title  string         `json:"title" minLength:"1" maxLength:"20"`
	Count  int64          `json:"count,omitempty"`
	Small  int8           `json:"small,omitempty"`
	Ratio  float64        `json:"ratio,omitempty"`
	Kind   string         `json:"kind,omitempty" enum:"red,green"`
	Tags   []string       `json:"tags,omitempty" maxItems:"3"`
	Email  string         `json:"email,omitempty" format:"email"`
	Site   string         `json:"site,omitempty" format:"uri"`
	At     *time.Time     `json:"at,omitempty"`
	Nested *nested        `json:"nested,omitempty"`
	Meta   map[string]any `json:"meta,omitempty"`
	Either either         `json:"either,omitzero"`
}

type nested struct {
	Name string `json:"name" maxLength:"5"`
}

// either is a string or a list of strings.
type either struct{ any }

func (e *either) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &e.any) }

func (either) Schema(huma.Registry) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	return &huma.Schema{OneOf: []*huma.Schema{text, {Type: huma.TypeArray, Items: text}}}
}

type createInput struct {
	Body thing
}

type getInput struct {
	httpapi.IDInput
	Word string `query:"word" maxLength:"8"`
}

// actors by their bearer token.
func actors() map[string]callboard.Actor {
	return map[string]callboard.Actor{
		"admin":   {ID: "a0000000-0000-7000-8000-000000000001", Name: "Ada", Role: callboard.RoleAdmin},
		"editor":  {ID: "a0000000-0000-7000-8000-000000000002", Name: "Eve", Role: callboard.RoleEditor},
		"viewer":  {ID: "a0000000-0000-7000-8000-000000000003", Name: "Vic", Role: callboard.RoleViewer},
		"service": {ID: "a0000000-0000-7000-8000-000000000004", Name: "App", Role: callboard.RoleViewer, Service: true},
	}
}

func authenticate(r *http.Request) (callboard.Actor, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if cookie, err := r.Cookie("as"); err == nil {
			header = "Bearer " + cookie.Value
		}
	}
	if header == "" {
		return callboard.Actor{}, nil
	}
	actor, ok := actors()[strings.TrimPrefix(header, "Bearer ")]
	if !ok {
		return callboard.Actor{}, callboard.Errorf(callboard.CodeUnauthenticated, "the credential is not valid")
	}
	return actor, nil
}

// newTestAPI returns an API whose routes show each trait of the package. Logs go to the returned buffer.
func newTestAPI(t *testing.T, cfg httpapi.Config) (*httpapi.API, *bytes.Buffer) {
	t.Helper()
	logs := &bytes.Buffer{}
	cfg.Authenticate = authenticate
	cfg.Logger = slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := httpapi.New(cfg)
	registerThings(a)
	registerFailures(a)
	return a, logs
}

func registerThings(a *httpapi.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "create-thing", Method: http.MethodPost, Path: "/api/v1/things", Access: httpapi.Editor, Status: 201,
		Tag: "things", Summary: "Create a thing", Emits: []string{"thing_created"},
	}, func(_ context.Context, in *createInput) (*httpapi.Body[thing], error) {
		return httpapi.OK(in.Body), nil
	})
	httpapi.Register(a, httpapi.Route{
		ID: "get-thing", Method: http.MethodGet, Path: "/api/v1/things/{id}", Access: httpapi.SignedIn,
	}, func(_ context.Context, in *getInput) (*httpapi.Body[string], error) { return httpapi.OK(in.ID), nil })
	httpapi.Register(a, httpapi.Route{
		ID: "list-things", Method: http.MethodGet, Path: "/api/v1/things", Access: httpapi.Public,
	}, func(_ context.Context, in *httpapi.PageInput) (*httpapi.ListBody[thing], error) {
		return httpapi.ListOf(callboard.List[thing]{}, in.Page()), nil
	})
}

type failInput struct {
	How string `path:"how"`
}

func registerFailures(a *httpapi.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "fail", Method: http.MethodGet, Path: "/api/v1/fail/{how}", Access: httpapi.Public,
	}, func(ctx context.Context, in *failInput) (*struct{}, error) { return nil, failure(ctx, in.How) })
	httpapi.Register(a, httpapi.Route{
		ID: "admin-only", Method: http.MethodGet, Path: "/api/v1/admin", Access: httpapi.Admin,
	}, func(context.Context, *struct{}) (*struct{}, error) { return &struct{}{}, nil })
	httpapi.Raw(a, httpapi.Route{ID: "speak", Method: http.MethodGet, Path: "/api/v1/speak", Access: httpapi.AdminOrService},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			httpapi.WriteProblem(w, r, callboard.NotFound("voice"))
		}))
	httpapi.Raw(a, httpapi.Route{ID: "shout", Method: http.MethodPost, Path: "/api/v1/shout", Access: httpapi.AdminOrService},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	httpapi.Register(a, httpapi.Route{
		ID: "probe", Method: http.MethodGet, Path: "/api/v1/probe/{how}", Access: httpapi.Public, Probe: true,
	}, func(ctx context.Context, in *failInput) (*struct{}, error) { return nil, failure(ctx, in.How) })
	off := httpapi.Off(a, "things are switched off")
	httpapi.Register(off, httpapi.Route{
		ID: "off", Method: http.MethodPost, Path: "/api/v1/off", Access: httpapi.SignedIn,
	}, func(context.Context, *createInput) (*struct{}, error) { panic("must not be called") })
	httpapi.Raw(a, httpapi.Route{ID: "board", Method: http.MethodGet, Path: "/", Access: httpapi.Public, Hidden: true},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the board") }))
}

const internalText = "password=hunter2 in /var/lib"

func failure(ctx context.Context, how string) error {
	switch how {
	case "plain":
		return errors.New(internalText)
	case "internal":
		return callboard.Wrap(errors.New(internalText), callboard.CodeInternal, internalText)
	case "panic":
		panic(internalText)
	case "rate":
		return &callboard.Error{Code: callboard.CodeRateLimited, Message: "slow down", RetryAfter: 90 * time.Second}
	case "away":
		return callboard.Wrap(errors.New(internalText), callboard.CodeUnavailable, "the database is away")
	case "deadline":
		return context.DeadlineExceeded
	case "gone":
		return callboard.Errorf(callboard.CodeGone, "no longer kept")
	case "fields":
		var v callboard.Validator
		v.Add("title", "must not be empty")
		return v.Err()
	default:
		return ctx.Err()
	}
}

// call is one request to the test API.
type call struct {
	method, target, as, body, contentType string
	header                                http.Header
}

func (c call) do(t *testing.T, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(c.method, c.target, body)
	for name, values := range c.header {
		r.Header[name] = values
	}
	if c.as != "" {
		r.Header.Set("Authorization", "Bearer "+c.as)
	}
	if c.contentType == "" && c.body != "" {
		c.contentType = "application/json"
	}
	if c.contentType != "" && c.contentType != "none" {
		r.Header.Set("Content-Type", c.contentType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problem is an error answer as a client reads it.
type problem struct {
	Type, Title, Detail, Error string
	Status                     int
	Errors                     []struct{ Field, Location, Message string }
}

func (p problem) locations() []string {
	var all []string
	for _, e := range p.Errors {
		all = append(all, e.Location)
	}
	return all
}

func readProblem(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q, body %s", got, w.Body)
	}
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("not a problem: %v: %s", err, w.Body)
	}
	if p.Status != w.Code || p.Detail == "" || p.Error != p.Detail || p.Title == "" || p.Type == "" {
		t.Errorf("an incomplete problem for status %d: %s", w.Code, w.Body)
	}
	return p
}
