package realtime

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	published prometheus.Counter
	refused   prometheus.Counter
	lag       prometheus.Histogram
}

// newMetrics registers the package's metrics with to, and the library's own with them; a nil to keeps them private.
func newMetrics(to prometheus.Registerer, library *prometheus.Registry, s *Service) (*metrics, error) {
	m := &metrics{
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "callboard_socket_published_total", Help: "Messages published to a channel."}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "callboard_socket_refused_total", Help: "Connections refused: origin, credential or limit."}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "callboard_socket_lag_seconds", Help: "From the time of an event until it was published to all its channels.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 300}}),
	}
	if to == nil {
		return m, nil
	}
	gauge := func(name, help string, of func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "callboard_socket_" + name, Help: help}, of)
	}
	return m, errors.Join(
		to.Register(m.published), to.Register(m.refused), to.Register(m.lag), to.Register(library),
		to.Register(gauge("open", "Open sockets of this node, signed in or not.",
			func() float64 { return float64(s.open.Load()) })),
		to.Register(gauge("connections", "Signed-in connections of this node.",
			func() float64 { return float64(s.node.Hub().NumClients()) })),
		to.Register(gauge("subscriptions", "Subscriptions of this node's connections.",
			func() float64 { return float64(s.node.Hub().NumSubscriptions()) })),
	)
}

func (m *metrics) sent(channels int, since time.Time) {
	m.published.Add(float64(channels))
	m.lag.Observe(time.Since(since).Seconds())
}
