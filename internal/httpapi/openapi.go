package httpapi

import (
	"cmp"
	"embed"
	"encoding/json"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/swaggest/swgui/v5emb"

	"github.com/callboard/callboard"
)

const schemaPrefix = "#/components/schemas/"

// Names of the security schemes in the document.
const (
	sessionScheme = "session"
	bearerScheme  = "bearer"
)

func humaConfig(c *core) huma.Config {
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshalInto}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "Callboard",
				Version: cmp.Or(c.cfg.Version, "dev"),
				Contact: &huma.Contact{Name: "Callboard", URL: "https://" + vocabulary},
				License: &huma.License{Name: "MIT", Identifier: "MIT"},
				Description: "Every change is written once; the activity log, the notifications, the presence and the live " +
					"events follow from it. Errors are RFC 9457 problems. Every POST of a signed-in caller takes an " +
					"Idempotency-Key, kept for 24 hours. Answers may gain fields; body fields and query parameters that " +
					"are not known are refused. The sockets are described at /asyncapi.json and in docs/realtime.md.",
			},
			Servers: []*huma.Server{{URL: cmp.Or(c.cfg.PathPrefix, "/"), Description: "The server that this document comes from"}},
			Tags:    documentTags(),
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(schemaPrefix, c.schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					sessionScheme: {Type: "apiKey", In: "cookie", Name: "callboard_session",
						Description: "Session of a browser, from POST /api/v1/auth/login. A page that sends the ID of its user as " +
							userHeader + " gets 401 once somebody else has signed in with that browser."},
					bearerScheme: {Type: "http", Scheme: "bearer", Description: "An API token or a JWT."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
}

// operation describes the route for huma. The endpoint rides along to the adapter.
func (e *endpoint) operation() huma.Operation {
	op := huma.Operation{
		OperationID: e.ID, Method: e.Method, Path: e.Path, DefaultStatus: e.Status,
		Summary: e.Summary, Description: e.Description, Hidden: e.Hidden,
		Metadata:   map[string]any{routeKey: e},
		Extensions: map[string]any{"x-callboard-access": e.Access.String()},
	}
	if e.Tag != "" {
		op.Tags = []string{e.Tag}
	}
	if e.Heavy {
		op.Description = strings.TrimSpace(op.Description + " " + heavyDescription)
	}
	if e.Rate > 0 {
		op.Extensions["x-callboard-rate"] = e.Rate
	}
	if len(e.Emits) > 0 {
		op.Extensions["x-callboard-events"] = e.Emits
	}
	op.Security = []map[string][]string{} // of a public route: none
	if e.Access != Public {
		if !e.AnyScope {
			op.Extensions["x-callboard-scope"] = e.scopeName()
		}
		op.Security = []map[string][]string{{sessionScheme: {}}, {bearerScheme: {}}}
	}
	if e.Document != nil {
		e.Document(&op)
	}
	if e.Method == http.MethodPost && e.Access != Public {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered " +
				"as the first one was, and is not carried out again.",
		})
	}
	return op
}

// schemaName names a schema after its type, with the package before it unless the name begins with it already: Show,
// ShowInput, EpisodeViewer. So packages need not know of each other's names. Unnamed types are named by their place.
func (c *core) schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return prefixed(c.packageOf, pascal(hint))
	}
	// "…/internal/httpapi.Data[…/show.Show]" becomes "DataShow".
	var b strings.Builder
	full := strings.ReplaceAll(t.PkgPath()+"."+t.Name(), "[]", "List[")
	for part := range strings.FieldsFuncSeq(full, func(r rune) bool { return strings.ContainsRune("[],*", r) }) {
		dot := strings.LastIndexByte(part, '.')
		name := pascal(part[dot+1:])
		if dot > 0 {
			name = prefixed(path.Base(part[:dot]), name)
		}
		b.WriteString(name)
	}
	return b.String()
}

// vocabulary is the path of the root package, which is also that of the module.
var vocabulary = reflect.TypeFor[callboard.Error]().PkgPath() //nolint:gochecknoglobals // a constant

// prefixed puts the package before the name. The vocabulary and this package speak for themselves.
func prefixed(pkg, name string) string {
	pkg = strings.TrimSuffix(pkg, "_test")
	if pkg == path.Base(vocabulary) || pkg == "httpapi" || pkg == "." || strings.HasPrefix(strings.ToLower(name), pkg) {
		return name
	}
	return pascal(pkg) + name
}

func pascal(s string) string {
	var b strings.Builder
	upper := true
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			upper = true
			continue
		}
		if upper {
			r = unicode.ToUpper(r)
		}
		upper = false
		b.WriteRune(r)
	}
	return b.String()
}

// docsFiles is the page that starts Swagger UI. It loads nothing from elsewhere, so that it works offline.
//
//go:embed docs
var docsFiles embed.FS

// docsPolicy lets the page run its own script files only. Swagger UI shows icons from data URLs.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// documentPages registers /openapi.json and /docs.
func (a *API) documentPages() {
	doc := sync.OnceValue(func() []byte {
		doc, err := json.MarshalIndent(a.OpenAPI(), "", "  ")
		if err != nil {
			panic("httpapi: an OpenAPI document that does not encode: " + err.Error()) // found by any test that asks for it
		}
		return doc
	})
	a.page("openapi", "/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(doc()) // fails only when the caller has gone away
	})
	a.page("docs", "/docs", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, docsFiles, "docs/index.html")
	})
	a.page("docs/init.js", "/docs/init.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, docsFiles, "docs/init.js")
	})
	a.page("docs/assets", "/docs/{file}", v5emb.New("", "", a.cfg.PathPrefix+"/docs").ServeHTTP)
}

// page registers a public page that is not part of the API.
func (a *API) page(id, path string, serve http.HandlerFunc) {
	Raw(a, Route{ID: id, Method: http.MethodGet, Path: path, Access: Public, Hidden: true},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", docsPolicy)
			w.Header().Set("Cache-Control", "no-cache")
			serve(w, r)
		}))
}
