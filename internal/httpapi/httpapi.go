// Package httpapi is the HTTP surface that all parts of Callboard share: it registers operations in one OpenAPI
// document, signs callers in, enforces who may call what before a body is read, reads and checks JSON, turns errors into
// RFC 9457 problems, and keeps a POST with an Idempotency-Key from being carried out twice.
//
// Services speak of callboard.Error and never of HTTP; this package alone maps codes to statuses.
package httpapi

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// DefaultMaxBody is the largest JSON body that is read, in bytes, unless Config says otherwise.
const DefaultMaxBody = 1 << 20

// AllOthers is the key of Config.Rates for operations without a limit of their own. Pages and probes never have one.
const AllOthers = "*"

// Authenticator finds out who sends a request. No credential at all is the zero Actor and no error; a credential that
// does not hold is an error with CodeUnauthenticated.
type Authenticator func(*http.Request) (callboard.Actor, error)

// Config sets up an API. The zero value answers, but signs nobody in.
type Config struct {
	// Version is shown in the OpenAPI document; empty means "dev".
	Version string
	// DB keeps the answers to requests with an Idempotency-Key. Without it the header is ignored.
	DB *sqldb.DB
	// Authenticate is asked on every route that is not Public.
	Authenticate Authenticator
	// Logger gets the access log and internal errors; nil discards them.
	Logger *slog.Logger
	// TrustedOrigins may call from a browser page of another origin, with cookies: "https://board.example.org".
	TrustedOrigins []string
	// TrustProxy takes the caller's address from the last entry of X-Forwarded-For, and its scheme from
	// X-Forwarded-Proto. Set it only behind a proxy that overwrites or appends to them.
	TrustProxy bool
	// Registerer receives the request metrics; nil means none.
	Registerer prometheus.Registerer
	// Tracer makes a span of each request, below that of the caller where the request names it; nil: none.
	Tracer trace.Tracer
	// RecheckEvery is how often the rights of the caller of a Lasting route are looked at again; 0 means 5 s.
	RecheckEvery time.Duration
	// MaxBody is the largest JSON body in bytes; 0 means DefaultMaxBody.
	MaxBody int64
	// Rates are how often one caller may call an operation within a minute, by the ID of the operation, in the place of Route.Rate; 0 is
	// no limit. That of AllOthers is for those that have none. A caller is a user, an application, or of a public operation a network.
	Rates map[string]int
	// PathPrefix, such as "/callboard", is before all paths. Routes and the OpenAPI document name theirs without it; see UnderPrefix.
	PathPrefix string
	// NoPage answers browsers that open an address where nothing is; nil, and for all other callers, it is a problem in JSON.
	NoPage http.Handler
}

// API is a set of routes. Register and Raw add to it at start-up; Handler serves it. It is a huma.API, whose OpenAPI document may be
// edited until Handler is called: by that name, packages that others import speak of it.
type API struct {
	*core
	// off, when set, is the answer of every route that is registered through this view.
	off string
}

// core is what all views of one API share.
type core struct {
	huma.API
	cfg         Config
	logger      *slog.Logger
	mux         *http.ServeMux
	routes      []Route
	metrics     *metrics
	idempotency *idempotencyStore
	heavy       *lane    // of the heavy routes
	warnings    warnings // of users who are turned away
	origins     *Origins
	packageOf   string              // of the input type that is being registered: gives unnamed schemas a prefix
	fixed       map[string][]string // headers of every response
	free        huma.Schema         // of what may be anything
	payloads    map[string]Shape    // of events by name
	inputs      []*huma.Schema      // of parts of bodies, which are checked apart
	complete    sync.Once
}

// New returns an API with the system pages /openapi.json and /docs. It panics on a trusted origin that is not one.
func New(cfg Config) *API {
	overrideHuma()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.MaxBody, cfg.RecheckEvery = cmp.Or(cfg.MaxBody, DefaultMaxBody), cmp.Or(cfg.RecheckEvery, recheckEvery)
	trusted, err := NewOrigins(cfg.TrustedOrigins)
	if err != nil {
		panic("httpapi: " + err.Error())
	}
	c := &core{cfg: cfg, logger: cfg.Logger, mux: http.NewServeMux(), metrics: newMetrics(cfg.Registerer), heavy: newLane(), origins: trusted}
	// Pages replace the policy with their own. The lists are shared: a header is replaced, and one that is added to gets a
	// list of its own.
	c.fixed = map[string][]string{
		"X-Content-Type-Options":  {"nosniff"},
		"Referrer-Policy":         {"same-origin"},
		"X-Frame-Options":         {"DENY"},
		"Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
		"Cache-Control":           {"no-store"},
	}
	if cfg.DB != nil {
		c.idempotency = &idempotencyStore{db: cfg.DB}
	}
	a := &API{core: c}
	c.API = huma.NewAPI(humaConfig(c), &adapter{api: a})
	a.documentPages()
	return a
}

// Handler returns the handler of all routes with all middleware. Routes cannot be added after the first call.
func (a *API) Handler() http.Handler {
	a.complete.Do(func() {
		a.completeDocument()
		unknown := http.HandlerFunc(a.unknownRoute)
		a.mux.Handle("/", unknown)
		for _, method := range (Route{}).methods() { // or the board's "GET /" would answer for it
			a.mux.Handle(method+" "+a.cfg.PathPrefix+"/api/", unknown)
		}
	})
	return http.HandlerFunc(a.serve)
}

// own returns the API that New made: routes need more of it than huma has.
func own(api huma.API) *API {
	a, ok := api.(*API)
	if !ok {
		panic("httpapi: routes are registered on what httpapi.New returns")
	}
	return a
}

// Routes returns every registered route, in the order of registration.
func (a *API) Routes() []Route { return slices.Clone(a.routes) }

// Off returns a view of api whose routes, once registered, answer 503 with CodeSwitchedOff and the given message, to those who may
// call them: the routes of a service that is switched off.
func Off(api huma.API, message string) *API { return &API{core: own(api).core, off: message} }

// SweepIdempotency deletes the kept answers that are older than 24 hours and returns how many there were.
func (a *API) SweepIdempotency(ctx context.Context) (int, error) {
	if a.idempotency == nil {
		return 0, nil
	}
	return a.idempotency.sweep(ctx)
}
