package realtime

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

type metrics struct {
	published prometheus.Counter
	refused   prometheus.Counter
	lag       prometheus.Histogram
}

// newMalformed counts what the library's log would tell, so it is there before the rest.
func newMalformed() prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{
		Name: "callboard_socket_malformed_total", Help: "Requests to the emulation endpoint that name no session, or are no protocol."})
}

// newMetrics registers the package's metrics with to; a nil to keeps them private.
func newMetrics(to prometheus.Registerer, s *Service, malformed prometheus.Counter) (*metrics, error) {
	m := &metrics{
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "callboard_socket_published_total", Help: "Messages published to a channel."}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "callboard_socket_refused_total", Help: "Connections refused: origin, credential or limit."}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "callboard_socket_lag_seconds", Help: "From the time of an event until it was handed to the connections that listen, or to Redis for those of other nodes.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 300}}),
	}
	if to == nil {
		return m, nil
	}
	gauge := func(name, help string, of func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "callboard_socket_" + name, Help: help}, of)
	}
	return m, errors.Join(
		to.Register(m.published), to.Register(m.refused), to.Register(m.lag), to.Register(malformed),
		to.Register(gauge("open", "Open sockets of this node, signed in or not.",
			func() float64 { return float64(s.open.Load()) })),
		to.Register(gauge("connections", "Signed-in connections of this node.",
			func() float64 { return float64(s.node.Hub().NumClients()) })),
		to.Register(gauge("subscriptions", "Subscriptions of this node's connections.",
			func() float64 { return float64(s.node.Hub().NumSubscriptions()) })),
	)
}

func (m *metrics) sent(channels int, age time.Duration) {
	m.published.Add(float64(channels))
	m.lag.Observe(age.Seconds())
}

// LibraryMetrics returns the figures of the socket library, centrifuge_*, under the names that Prometheus asks for: counters end
// in _total, and a histogram takes the place of the summary of the same.
func (s *Service) LibraryMetrics() prometheus.Gatherer {
	const histogram = "_histogram"
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := s.library.Gather()
		named := map[string]bool{}
		for _, f := range families {
			named[f.GetName()] = true
		}
		families = slices.DeleteFunc(families, func(f *dto.MetricFamily) bool { return named[f.GetName()+histogram] })
		for _, f := range families {
			switch name := f.GetName(); {
			case strings.HasSuffix(name, histogram):
				f.Name = new(strings.TrimSuffix(name, histogram))
			case f.GetType() == dto.MetricType_COUNTER && !strings.HasSuffix(name, "_total"):
				f.Name = new(strings.TrimSuffix(name, "_count") + "_total")
			}
		}
		return families, err
	})
}
