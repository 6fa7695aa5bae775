package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"callboard/internal/httpapi"
	"callboard/notification"
	"callboard/outbox"
	"callboard/sqldb"
)

// readyTimeout bounds how long a readiness check may take.
const readyTimeout = 2 * time.Second

// maxReadyLag is how old the oldest unpublished event may be before the relay counts as degraded.
const maxReadyLag = 10 * time.Second

// systemRoutes adds health, readiness and metrics.
func (a *App) systemRoutes(api *httpapi.API) {
	api.Raw(httpapi.Route{
		ID: "health", Method: http.MethodGet, Path: "/healthz", Tag: "System", Access: httpapi.Public,
		Summary: "Is the process alive?",
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	}))
	api.Raw(httpapi.Route{
		ID: "ready", Method: http.MethodGet, Path: "/readyz", Tag: "System", Access: httpapi.Public,
		Summary:     "Can it serve?",
		Description: "503 when a required part is away. A degraded part delays effects and loses none.",
	}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ready := a.readiness(r.Context())
		status := http.StatusOK
		if ready.Status == statusUnavailable {
			status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "1")
		}
		writeJSON(w, status, ready)
	}))
	api.Raw(httpapi.Route{
		ID: "metrics", Method: http.MethodGet, Path: "/metrics", Tag: "System", Access: httpapi.AdminOrService,
		Summary: "Figures for Prometheus", Description: "Scrape it with an API token of an admin, or a service token.",
	}, promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
}

// The states of a part, and of the whole.
const (
	statusReady       = "ready"
	statusDegraded    = "degraded"    // effects are delayed
	statusUnavailable = "unavailable" // requests fail
	statusOff         = "off"         // by its switch
)

// readiness is the answer of /readyz.
type readiness struct {
	Status string          `json:"status"`
	Parts  map[string]part `json:"parts"`
}

type part struct {
	Status    string   `json:"status"`
	Required  bool     `json:"required"`
	Detail    string   `json:"detail,omitempty"` // why it is not ready
	FreeBytes *uint64  `json:"free_bytes,omitempty"`
	LagEvents *int     `json:"lag_events,omitempty"`
	LagTime   *float64 `json:"lag_seconds,omitempty"`
	Parked    *int     `json:"parked,omitempty"`
	Leading   *bool    `json:"leading,omitempty"`

	Deliveries   *int     `json:"deliveries,omitempty"` // to large audiences, under way
	DeliveryTime *float64 `json:"delivery_seconds,omitempty"`
}

// readiness asks the parts, and the tests that run in the background. The whole is as bad as its worst part.
func (a *App) readiness(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	parts := map[string]part{
		"database": {Status: statusReady, Required: true},
		"writes":   a.health.writesPart(time.Now()),
		"disk":     a.health.diskPart(a.DB.Dialect() == sqldb.SQLite),
		"activity": {Status: onOff(a.cfg.ActivityEnabled)},
		"presence": {Status: onOff(a.cfg.PresenceEnabled)},
		"storage":  {Status: statusReady},
	}
	stats, err := a.Relay.Stats(ctx)
	deliveries, err2 := a.Notifications.Deliveries(ctx)
	if err := errors.Join(err, err2); err != nil {
		parts["database"] = part{Status: statusUnavailable, Required: true}
	} else {
		parts["relay"], parts["notifications"] = relayPart(stats), a.notificationsPart(deliveries)
		if a.Files.Ready(ctx) != nil {
			parts["storage"] = part{Status: statusDegraded} // the board goes on; files have to wait
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

func (a *App) notificationsPart(d notification.Deliveries) part {
	age := d.Oldest.Seconds()
	p := part{Status: onOff(a.cfg.NotificationEnabled), Deliveries: &d.Count, DeliveryTime: &age}
	if p.Status == statusReady && d.Oldest > maxReadyLag {
		p.Status = statusDegraded
	}
	return p
}

func relayPart(stats outbox.Stats) part {
	lagEvents, lagTime, parked := stats.LagEvents(), stats.Lag.Seconds(), 0
	for _, n := range stats.Parked {
		parked += n
	}
	p := part{Status: statusReady, LagEvents: &lagEvents, LagTime: &lagTime, Parked: &parked, Leading: &stats.Leading}
	if parked > 0 || stats.Lag > maxReadyLag {
		p.Status = statusDegraded
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
	_ = json.NewEncoder(w).Encode(v) // the client has gone away: nobody is left to be told
}
