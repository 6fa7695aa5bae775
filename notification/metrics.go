package notification

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of large audiences, read when scraped.
type metrics struct {
	service *Service
	count   *prometheus.Desc
	age     *prometheus.Desc
}

func newMetrics(s *Service) *metrics {
	return &metrics{
		service: s,
		count: prometheus.NewDesc("callboard_notification_deliveries",
			"Events that are on their way to large audiences.", nil, nil),
		age: prometheus.NewDesc("callboard_notification_delivery_seconds",
			"Age of the oldest event that is on its way to a large audience.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(descs chan<- *prometheus.Desc) {
	descs <- m.count
	descs <- m.age
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	d, err := m.service.Deliveries(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.count, err)
		return
	}
	out <- prometheus.MustNewConstMetric(m.count, prometheus.GaugeValue, float64(d.Count))
	out <- prometheus.MustNewConstMetric(m.age, prometheus.GaugeValue, d.Oldest.Seconds())
}
