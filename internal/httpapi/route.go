package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/callboard/callboard"
)

// Access says who may call an operation. It is enforced before the body is read. The zero Access is not one: a route
// without access does not register.
type Access int

// The kinds of access.
const (
	Public         Access = iota + 1 // anybody, signed in or not; the caller is not looked up
	SignedIn                         // any user
	Editor                           // editors and admins
	Admin                            // admins
	AdminOrService                   // admins, and applications with a service token
)

// String returns the name of the access as it stands in the OpenAPI document.
func (a Access) String() string {
	names := [...]string{"unset", "public", "signed-in", "editor", "admin", "admin-or-service"}
	if a < 0 || int(a) >= len(names) {
		return names[0]
	}
	return names[a]
}

// Check returns nil when the actor may, and else an error with CodeUnauthenticated or CodeForbidden.
func (a Access) Check(actor callboard.Actor) error {
	switch {
	case a == Public:
		return nil
	case actor.IsZero():
		return callboard.Errorf(callboard.CodeUnauthenticated, "sign in first")
	case a == SignedIn,
		a == Editor && actor.Role.Includes(callboard.RoleEditor),
		a == Admin && actor.Role.Includes(callboard.RoleAdmin),
		a == AdminOrService && actor.CanSpeakForAll():
		return nil
	}
	needs := "the admin role"
	switch a {
	case Editor:
		needs = "the editor role"
	case AdminOrService:
		needs = "the admin role or a service token"
	}
	return callboard.Errorf(callboard.CodeForbidden, "this needs %s", needs)
}

// Route describes one operation.
type Route struct {
	ID          string // unique, in kebab-case: "create-episode"
	Method      string // empty on a raw route: all methods
	Path        string // in full: "/api/v1/shows/{id}"
	Summary     string
	Description string
	Tag         string // in lower case, with - for a space, it is the service that scopes name; none is "system"
	Access      Access
	Status      int      // of success; 0 means 200, or 204 where there is no body
	Message     string   // of success, for people: "Show created successfully"; only reads, and what answers without a body, have none
	Example     string   // of a JSON body, for the document; a test sends it
	Errors      []int    // statuses of refusals that do not follow from the rest of the route
	Emits       []string // names of the events that a success may emit
	// MaxBody is the largest JSON body in bytes; 0 means that of Config. A raw route bounds its body by itself; there it is how
	// much of a repeat with the same Idempotency-Key is read.
	MaxBody int64
	// AnyScope marks an operation that every credential may call, whatever its scopes.
	AnyScope bool
	// SecretAnswer marks an operation whose answer holds a secret: it is never stored for Idempotency-Key.
	SecretAnswer bool
	// Lasting marks an operation whose body or answer may take long: the rights of its caller are looked at again meanwhile.
	Lasting bool
	// Heavy marks an operation that takes much work, such as an export: few run at the same time, and one of a user.
	Heavy bool
	// Probe marks an operation that tells how the server is: its 503 is an answer, and not logged as a failure each time. AllOthers is no limit of it.
	Probe bool
	// PerUser is how many a user may have under way of an operation that holds something for long, such as an upload; 429 for
	// more. 0 is no limit.
	PerUser int
	// Rate is how often one caller may call the operation within a minute, unless Config.Rates says otherwise; 429 for more. 0 is no limit.
	Rate int
	// ExtraQuery passes over query parameters that the route does not have: what comes from another system may bring any.
	ExtraQuery bool
	// Hidden keeps the route out of the OpenAPI document: pages and assets.
	Hidden bool
	// Document, when set, may complete the OpenAPI operation: the bodies of raw routes are unknown otherwise.
	Document func(*huma.Operation)
}

// scope returns the service of the operation, and whether it changes something there.
func (r Route) scope() (service string, write bool) {
	service = strings.ReplaceAll(strings.ToLower(cmp.Or(r.Tag, "system")), " ", "-")
	return service, r.Method != http.MethodGet && r.Method != http.MethodHead
}

// checkScope returns nil when the credential of the actor is not limited to something else, and else an error with CodeForbidden.
func (r Route) checkScope(actor callboard.Actor) error {
	if r.Access == Public || r.AnyScope || actor.Scopes == "" {
		return nil
	}
	if service, write := r.scope(); actor.Scopes.Allows(service, write) {
		return nil
	}
	return callboard.Errorf(callboard.CodeForbidden, "the token is limited to other scopes; this needs %s", r.scopeName())
}

// scopeName returns the least scope that lets the operation through.
func (r Route) scopeName() string {
	service, write := r.scope()
	if write {
		return service + ":write"
	}
	return service + ":read"
}

// routeKey is where an operation carries its endpoint from Register to the adapter.
const routeKey = "endpoint"

// Register adds an operation whose input and output huma reads and writes. It panics on a route that is not complete.
func Register[I, O any](api huma.API, r Route, h func(ctx context.Context, in *I) (*O, error)) {
	a := own(api)
	e := a.endpoint(r)
	op := e.operation()
	setMessage := messageSetter[O](r)
	a.packageOf = path.Base(reflect.TypeFor[I]().PkgPath())
	aliasOptionals(a.OpenAPI().Components.Schemas, reflect.TypeFor[I]())
	huma.Register(a.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.answer(ctx, err)
		}
		if setMessage != nil && out != nil {
			setMessage(out)
		}
		return out, nil
	})
	if r.Method == http.MethodGet && !r.Hidden {
		documentConditional(a.OpenAPI().Paths[r.Path].Get, reflect.TypeFor[O]())
	}
}

// messageSetter returns what puts the message of a route into its output, or nil when the route has none.
func messageSetter[O any](r Route) func(*O) {
	if r.Message == "" {
		return nil
	}
	body, ok := reflect.TypeFor[O]().FieldByName("Body")
	message, found := reflect.StructField{}, false
	if ok && body.Type.Kind() == reflect.Struct {
		message, found = body.Type.FieldByName("Message")
	}
	if !found {
		panic("httpapi: route " + r.ID + " has a message, and no place for it in its answer")
	}
	index := slices.Concat(body.Index, message.Index)
	return func(out *O) { reflect.ValueOf(out).Elem().FieldByIndex(index).SetString(r.Message) }
}

// adapter hands huma's operations to the multiplexer as endpoints.
type adapter struct{ api *API }

// Handle registers the operation. Body size, read time and validation are the endpoint's work, so huma's own are off.
func (ad *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	e := op.Metadata[routeKey].(*endpoint)
	e.query = queryNames(op)
	if op.RequestBody != nil {
		media := op.RequestBody.Content["application/json"]
		if media == nil {
			panic("httpapi: route " + e.ID + " takes a body that is not JSON; make it a raw route")
		}
		e.schema, e.bodyRequired = media.Schema, op.RequestBody.Required
		op.SkipValidateBody, op.MaxBodyBytes, op.BodyReadTimeout = true, 0, 0
	}
	e.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(humago.NewContext(op, r, conditional(w, r)))
	})
	if op.Method == http.MethodGet && !hasETag(op) {
		e.next = compressed(e.next)
	}
	ad.api.mux.Handle(op.Method+" "+ad.api.cfg.PathPrefix+op.Path, e)
}

// ServeHTTP serves the routes without middleware; huma's own test tools use it.
func (ad *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { ad.api.mux.ServeHTTP(w, r) }

func queryNames(op *huma.Operation) (names []string) {
	for _, p := range op.Parameters {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return names
}

// Raw adds a handler that reads and writes by itself, under the same access rules. It appears in the OpenAPI document
// unless it is Hidden. Its request body is neither limited nor checked. Below /api/ it takes the query parameters that Document names.
func Raw(api huma.API, r Route, h http.Handler) {
	a := own(api)
	e := a.endpoint(r)
	e.raw, e.next = true, h
	if !r.Hidden {
		op := e.operation()
		e.query = queryNames(&op)
		op.Method = cmp.Or(op.Method, http.MethodGet) // all methods; the document lists one
		if op.Responses == nil {
			op.Responses = map[string]*huma.Response{"200": {Description: "See the description."}}
		}
		a.OpenAPI().AddOperation(&op)
	}
	for _, method := range r.methods() {
		a.mux.Handle(method+" "+a.cfg.PathPrefix+r.Path, e)
	}
}

// methods lists the methods to register. All of them are spelt out, because a pattern without a method would conflict
// with the board's "GET /".
func (r Route) methods() []string {
	if r.Method != "" {
		return []string{r.Method}
	}
	return []string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	}
}

// endpoint makes the endpoint of a route, which has to be complete.
func (a *API) endpoint(r Route) *endpoint {
	switch {
	case r.ID == "":
		panic("httpapi: a route without ID at " + r.Path)
	case r.Access < Public || r.Access > AdminOrService:
		panic("httpapi: route " + r.ID + " does not say who may call it")
	case !strings.HasPrefix(r.Path, "/"):
		panic("httpapi: route " + r.ID + " needs a path from the root")
	}
	r.MaxBody = cmp.Or(r.MaxBody, a.cfg.MaxBody)
	if limit, ok := a.cfg.Rates[r.ID]; ok {
		r.Rate = limit
	} else if limit, ok := a.cfg.Rates[AllOthers]; ok && r.Rate == 0 && !r.Hidden && !r.Probe {
		r.Rate = limit
	}
	e := &endpoint{Route: r, api: a.core, off: a.off, rate: callRate{limit: r.Rate}}
	for _, wildcard := range regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`).FindAllStringSubmatch(r.Path, -1) {
		e.params = append(e.params, wildcard[1])
	}
	a.routes = append(a.routes, r)
	return e
}

// aliasOptionals gives the fields of a PATCH body, which may be absent, the schemas of their values.
func aliasOptionals(schemas huma.Registry, input reflect.Type) {
	body, ok := input.FieldByName("Body")
	if !ok || body.Type.Kind() != reflect.Struct {
		return
	}
	for i := range body.Type.NumField() {
		if t := body.Type.Field(i).Type; t.PkgPath() == vocabulary && strings.HasPrefix(t.Name(), "Optional[") {
			value, _ := t.FieldByName("Value")
			schemas.RegisterTypeAlias(t, value.Type)
		}
	}
}
