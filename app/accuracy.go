package app

import (
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/presence"
	"github.com/callboard/callboard/realtime"
)

const (
	// maxCompared bounds how much a scrape compares in either direction, so that it costs milliseconds with however many sockets.
	maxCompared = 2000
	// settles is for how long a difference is none: presence hears of a connection a moment after the socket library.
	settles = 2 * time.Second
)

// accuracy compares, at each scrape, whom presence has by a socket of this node with the sockets that there are.
type accuracy struct {
	presence *presence.Service
	sockets  *realtime.Service
	compared *prometheus.Desc
	wrong    *prometheus.Desc

	mu    sync.Mutex
	since map[presence.Socket]time.Time // since when each difference is known
}

func newAccuracy(p *presence.Service, sockets *realtime.Service) *accuracy {
	return &accuracy{
		presence: p, sockets: sockets, since: map[presence.Socket]time.Time{},
		compared: prometheus.NewDesc("callboard_presence_compared",
			"Viewers and online users by a socket of this node that this scrape compared with its connections, 2,000 in each direction at most.", nil, nil),
		wrong: prometheus.NewDesc("callboard_presence_wrong",
			"Those of them that differ for longer than two seconds: shown without a connection (ghost), or connected and not shown (missing).",
			[]string{"what"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (a *accuracy) Describe(descs chan<- *prometheus.Desc) {
	descs <- a.compared
	descs <- a.wrong
}

// Collect implements prometheus.Collector.
func (a *accuracy) Collect(out chan<- prometheus.Metric) {
	compared, ghosts, missing := a.compare(time.Now())
	out <- prometheus.MustNewConstMetric(a.compared, prometheus.GaugeValue, float64(compared))
	out <- prometheus.MustNewConstMetric(a.wrong, prometheus.GaugeValue, float64(ghosts), "ghost")
	out <- prometheus.MustNewConstMetric(a.wrong, prometheus.GaugeValue, float64(missing), "missing")
}

// compare looks at other sockets each time, and again at those that differed.
func (a *accuracy) compare(now time.Time) (compared, ghosts, missing int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	shown := a.presence.Sockets(maxCompared) // before the connections: what has just come is then on both sides
	there := a.sockets.Watchers()
	differ := map[presence.Socket]bool{} // whether it is shown
	for _, s := range shown {
		if !has(there, s) {
			differ[s] = true
		}
	}
	connected := connectedSockets(there, maxCompared)
	for _, s := range connected {
		if !a.presence.Counts(s) {
			differ[s] = false
		}
	}
	for s := range a.since {
		if is, counts := has(there, s), a.presence.Counts(s); is != counts {
			differ[s] = counts
		}
	}
	since := make(map[presence.Socket]time.Time, len(differ))
	for s, isShown := range differ {
		first, known := a.since[s]
		if !known {
			first = now
		}
		since[s] = first
		switch {
		case now.Sub(first) < settles:
		case isShown:
			ghosts++
		default:
			missing++
		}
	}
	a.since = since
	return max(len(shown)+len(connected), ghosts+missing), ghosts, missing
}

// has reports whether the connection is there, and counts for what s is about.
func has(there map[string]realtime.Watcher, s presence.Socket) bool {
	w, found := there[s.Session]
	return found && w.UserID == s.UserID && (s.Resource == callboard.Resource{} || slices.Contains(w.Watching, s.Resource))
}

func connectedSockets(there map[string]realtime.Watcher, limit int) []presence.Socket {
	var found []presence.Socket
	for id, w := range there {
		for _, res := range append(w.Watching, callboard.Resource{}) {
			if len(found) == limit {
				return found
			}
			found = append(found, presence.Socket{Resource: res, UserID: w.UserID, Session: id})
		}
	}
	return found
}
