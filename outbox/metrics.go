package outbox

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
)

// metrics are the figures of the log: batches and events are observed as they are taken, the others are read when scraped.
type metrics struct {
	log     *Log
	age     *prometheus.HistogramVec
	batch   *prometheus.HistogramVec
	depth   *prometheus.Desc
	leading *prometheus.Desc
	lag     *prometheus.Desc
	lagTime *prometheus.Desc
	letters *prometheus.Desc
	stalled *prometheus.Desc
}

func newMetrics(l *Log) *metrics {
	ofConsumer := []string{"consumer"}
	m := &metrics{
		log: l,
		batch: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "callboard_consumer_batch_seconds",
			Help:    "Time that a consumer took for one batch, with its commit.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
		}, ofConsumer),
		age: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "callboard_consumer_event_age_seconds",
			Help:    "Age of events when the consumer had taken them: what follows is committed, or handed to the sockets.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 300},
		}, ofConsumer),
		depth:   prometheus.NewDesc("callboard_outbox_depth", "Events that have no position yet.", nil, nil),
		leading: prometheus.NewDesc("callboard_outbox_leading", "1 when this process runs the consumers.", nil, nil),
		lag:     prometheus.NewDesc("callboard_consumer_lag_events", "Events that the consumer has not taken yet.", ofConsumer, nil),
		lagTime: prometheus.NewDesc("callboard_consumer_lag_seconds", "Age of the oldest event that the consumer has not taken yet.", ofConsumer, nil),
		letters: prometheus.NewDesc("callboard_consumer_dead_letters", "Events that the consumer failed to take and retries.", ofConsumer, nil),
		stalled: prometheus.NewDesc("callboard_consumer_stalled", "1 when the consumer fails and stands at its cursor.", ofConsumer, nil),
	}
	if l.cfg.Metrics != nil {
		l.cfg.Metrics.MustRegister(m.batch, m.age, m)
	}
	return m
}

// took notes that a batch was tried.
func (c *consumer) took(since time.Time) { c.batchTime.Observe(time.Since(since).Seconds()) }

// taken notes that events are done with, but for those that failed.
func (c *consumer) taken(events []callboard.Event, failed ...failure) {
	c.traced(events, failed)
	for i := range events {
		e := &events[i]
		if c.measures(e) && !slices.ContainsFunc(failed, func(f failure) bool { return f.event.Pos == e.Pos }) {
			c.age.Observe(e.Age().Seconds())
		}
	}
}

func (c *consumer) measures(e *callboard.Event) bool {
	switch {
	case c.Measures != nil:
		return c.Measures(e)
	case c.Wants != nil:
		return c.Wants(e)
	}
	return true
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.depth, m.leading, m.lag, m.lagTime, m.letters, m.stalled} {
		descs <- d
	}
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s, err := m.log.Stats(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.depth, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(m.depth, float64(s.Depth))
	gauge(m.leading, oneIf(s.Leading))
	for _, c := range s.Consumers {
		gauge(m.lag, float64(c.LagEvents), c.Name)
		gauge(m.lagTime, c.Lag.Seconds(), c.Name)
		gauge(m.letters, float64(c.DeadLetters), c.Name)
		gauge(m.stalled, oneIf(c.Failures > 0), c.Name)
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
