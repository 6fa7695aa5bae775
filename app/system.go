package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// readyTimeout bounds how long a readiness check may take.
const readyTimeout = 2 * time.Second

// maxReadyLag is how old the oldest event may be that a consumer has not taken before a consumer counts as degraded.
const maxReadyLag = 10 * time.Second

// systemRoutes adds health, readiness and metrics.
func (a *App) systemRoutes(api *httpapi.API) {
	httpapi.Raw(api, httpapi.Route{
		ID: "health", Method: http.MethodGet, Path: "/healthz", Tag: "System", Access: httpapi.Public, Probe: true,
		Summary: "Is the process alive?", Document: httpapi.Answers(api, reflect.TypeFor[liveness](), http.StatusOK),
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, liveness{Status: "ok", Installation: a.id})
	}))
	httpapi.Raw(api, httpapi.Route{
		ID: "ready", Method: http.MethodGet, Path: "/readyz", Tag: "System", Access: httpapi.Public, Probe: true,
		Summary:     "Can it serve?",
		Description: "503 when a required part is away. A degraded part delays effects and loses none.",
		Document:    httpapi.Answers(api, reflect.TypeFor[readiness](), http.StatusOK, http.StatusServiceUnavailable),
	}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ready := a.readiness(r.Context())
		if r.Context().Err() == nil { // else the caller has gone away, and nothing was found out
			a.logReadiness(r.Context(), ready)
		}
		status := http.StatusOK
		if ready.Status == statusUnavailable {
			status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "1")
		}
		writeJSON(w, status, ready)
	}))
	httpapi.Raw(api, httpapi.Route{
		ID: "metrics", Method: http.MethodGet, Path: "/metrics", Tag: "System", Access: httpapi.AdminOrService,
		Summary: "Figures for Prometheus", Description: "Scrape it with an API token of an admin, or a service token.",
		Document: httpapi.Streamed("callboard_http_requests_total{route=\"list-shows\",status=\"200\"} 42\n", "text/plain"),
	}, promhttp.HandlerFor(prometheus.Gatherers{a.registry, a.Realtime.LibraryMetrics()}, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
}

// The states of a part, and of the whole.
const (
	statusReady       = "ready"
	statusDegraded    = "degraded"    // effects are delayed
	statusUnavailable = "unavailable" // requests fail
	statusOff         = "off"         // by its switch
)

// liveness is the answer of /healthz.
type liveness struct {
	Status       string `json:"status" enum:"ok" doc:"Always ok: a process that is not alive does not answer."`
	Installation string `json:"installation" doc:"Tells this installation from others. It is no secret." example:"0f8fad5bd9cb469fa16570867728950e"`
}

// readiness is the answer of /readyz.
type readiness struct {
	Status string          `json:"status" doc:"ready, degraded (effects are delayed) or unavailable (requests fail): that of the worst part." example:"ready"`
	Parts  map[string]part `json:"parts" doc:"By name." example:"{\"database\":{\"status\":\"ready\",\"required\":true}}"`
}

type part struct {
	Status    string   `json:"status" doc:"ready, degraded, unavailable, or off by its switch."`
	Required  bool     `json:"required" doc:"Requests fail while it is away."`
	Detail    string   `json:"detail,omitempty" doc:"Why it is not ready."`
	FreeBytes *uint64  `json:"free_bytes,omitempty" doc:"Room on the disk of the data."`
	LagEvents *int     `json:"lag_events,omitempty" doc:"Events that the slowest consumer has not taken."`
	LagTime   *float64 `json:"lag_seconds,omitempty" doc:"Age of the oldest of them."`
	Letters   *int     `json:"dead_letters,omitempty" doc:"Events that failed alone, and are retried."`
	Leading   *bool    `json:"leading,omitempty" doc:"This process runs the consumers."`

	Consumers map[string]consumer `json:"consumers,omitempty" doc:"Those of the log, by name."`
}

// consumer is a consumer of the log.
type consumer struct {
	Status    string  `json:"status" doc:"ready or degraded."`
	Stalled   bool    `json:"stalled" doc:"It fails, and stands at its cursor."`
	Pos       int64   `json:"pos" doc:"Position up to which it has come."`
	LagEvents int     `json:"lag_events" doc:"Events that it has not taken."`
	LagTime   float64 `json:"lag_seconds" doc:"Age of the oldest of them."`
	Letters   int     `json:"dead_letters" doc:"Events that failed alone, and are retried."`
}

// readiness asks the parts, and the tests that run in the background. The whole is as bad as its worst part.
func (a *App) readiness(ctx context.Context) readiness {
	if a.requests.leaving.Load() { // said at once: asking a busy database would use up the time that the proxy has to notice
		leaves := part{Status: statusUnavailable, Required: true, Detail: "it has been told to stop; send nobody here any more"}
		return readiness{Status: statusUnavailable, Parts: map[string]part{"server": leaves}}
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	writes, disk := a.health.parts(a.DB.Dialect() == sqldb.SQLite)
	parts := map[string]part{
		"database":      {Status: statusReady, Required: true},
		"writes":        writes,
		"disk":          disk,
		"activity":      {Status: onOff(!a.cfg.DisableActivity)},
		"notifications": {Status: onOff(!a.cfg.DisableNotifications)},
		"presence":      {Status: onOff(!a.cfg.DisablePresence)},
		"storage":       {Status: statusReady},
		"jobs":          {Status: statusReady},
	}
	if a.clustered() {
		parts["nodes"] = a.nodesPart()
	}
	if detail := a.Presence.Degraded(); detail != "" && !a.cfg.DisablePresence {
		parts["presence"] = part{Status: statusDegraded, Detail: detail}
	}
	if stats, err := a.Outbox.Stats(ctx); err != nil {
		parts["database"] = part{Status: statusUnavailable, Required: true, Detail: "the log of events could not be read" + reason(err)}
	} else {
		log := outboxPart(stats)
		parts["outbox"] = log
		if log.Consumers[activity.ConsumerName].Status == statusDegraded {
			parts["activity"] = part{Status: statusDegraded}
		}
		if log.Consumers[notification.ConsumerInbox].Status == statusDegraded {
			parts["notifications"] = part{Status: statusDegraded}
		}
		if err := a.Files.Ready(ctx); callboard.CodeOf(err) == callboard.CodeSwitchedOff {
			parts["storage"] = part{Status: statusOff}
		} else if err != nil { // the board goes on; files have to wait
			parts["storage"] = part{Status: statusDegraded, Detail: "a test file could not be written" + reason(err)}
		}
		if detail := a.pausedJobs(ctx); detail != "" { // never unavailable: a probe must not take away a server whose jobs are to rest
			parts["jobs"] = part{Status: statusDegraded, Detail: detail}
		}
	}
	r := readiness{Status: statusReady, Parts: parts}
	for _, p := range parts {
		if p.Status == statusUnavailable || p.Status == statusDegraded && r.Status == statusReady {
			r.Status = p.Status
		}
	}
	return r
}

// nodesPart reports whether this node hears the others. Changes need none of it.
func (a *App) nodesPart() part {
	switch different := a.secrets.different(); {
	case different > 0:
		return part{Status: statusDegraded, Detail: fmt.Sprintf("%d of the other nodes have another JWT_SECRET: what one has signed, the other refuses; give all nodes the same", different)}
	case !a.Realtime.Keeps():
		return part{Status: statusDegraded, Detail: "Redis answers and takes no writes, as a replica and a full one do: sockets hear of changes once it does"}
	case a.Realtime.Linked():
		return part{Status: statusReady}
	case a.cfg.RedisURL != "":
		return part{Status: statusDegraded, Detail: "Redis does not answer this node: its sockets hear of changes once it does"}
	}
	return part{Status: statusDegraded, Detail: "this node does not hear the others: messages without a position do not reach their sockets"}
}

// pausedJobs says which kinds of jobs wait because an admin has paused them, or nothing.
func (a *App) pausedJobs(ctx context.Context) string {
	kinds, err := a.Jobs.Paused(ctx)
	switch {
	case err != nil:
		return "whether jobs are paused is not known"
	case len(kinds) == 0:
		return ""
	}
	return "paused by an admin, until resumed at " + a.cfg.PathPrefix + "/admin/jobs/queues: " + strings.Join(kinds, ", ")
}

func outboxPart(stats outbox.Stats) part {
	lagEvents, lagTime, letters := stats.LagEvents(), stats.Lag().Seconds(), stats.DeadLetters()
	p := part{
		Status: statusReady, LagEvents: &lagEvents, LagTime: &lagTime, Letters: &letters, Leading: &stats.Leading,
		Consumers: map[string]consumer{},
	}
	if stats.DepthLag > maxReadyLag {
		p.Status = statusDegraded
	}
	for _, c := range stats.Consumers {
		status := statusReady
		if c.Failures > 0 || c.DeadLetters > 0 || c.Lag > maxReadyLag {
			status, p.Status = statusDegraded, statusDegraded
		}
		p.Consumers[c.Name] = consumer{
			Status: status, Stalled: c.Failures > 0, Pos: c.Pos, LagEvents: c.LagEvents, LagTime: c.Lag.Seconds(), Letters: c.DeadLetters,
		}
	}
	return p
}

func onOff(on bool) string {
	if on {
		return statusReady
	}
	return statusOff
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // fails only when the client has gone away
}

// OpenAPI returns the OpenAPI 3.1 document of all routes, as JSON.
func (a *App) OpenAPI() ([]byte, error) {
	a.api.Handler() // completes the document
	return json.MarshalIndent(a.api.OpenAPI(), "", "  ")
}
