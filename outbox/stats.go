package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"callboard"
	"callboard/sqldb"
)

// Stats is the state of the relay, as the database and this process know it.
type Stats struct {
	Depth        int            // events that have no position yet
	LastPos      int64          // the newest position
	PublishedPos int64          // the newest position that is known to be published
	Lag          time.Duration  // age of the oldest event that is not published; 0 when all are
	Parked       map[string]int // events that are owed, per handler
	Leading      bool           // whether this process does the work
}

// LagEvents returns how many events are not published yet.
func (s Stats) LagEvents() int { return s.Depth + int(max(0, s.LastPos-s.PublishedPos)) }

// Stats reads the state of the relay. It costs a few index look-ups.
func (r *Relay) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Leading: r.Leading()}
	var oldest sqldb.Time
	// The depth comes first: an event that gets its position in between is then counted twice, and never not at all.
	err := r.cfg.DB.QueryRowContext(ctx, `SELECT count(*), min(appended_at) FROM outbox WHERE `+waiting(r.cfg.DB)).
		Scan(&s.Depth, &oldest)
	if err != nil {
		return s, fmt.Errorf("count events: %w", err)
	}
	stored, err := readState(ctx, r.cfg.DB, "")
	if err != nil {
		return s, err
	}
	s.LastPos, s.PublishedPos = stored.last, stored.published
	if s.Leading {
		s.PublishedPos = max(s.PublishedPos, r.publishedPos())
	}
	if s.LastPos > s.PublishedPos {
		if oldest, err = appendedAfter(ctx, r.cfg.DB, s.PublishedPos); err != nil {
			return s, err
		}
	}
	if !oldest.IsZero() {
		s.Lag = max(0, callboard.Now().Sub(oldest.Time))
	}
	s.Parked, err = parkedCounts(ctx, r.cfg.DB)
	return s, err
}

func appendedAfter(ctx context.Context, q sqldb.Querier, pos int64) (sqldb.Time, error) {
	var t sqldb.Time
	err := q.QueryRowContext(ctx, `SELECT min(appended_at) FROM outbox WHERE `+posColumn(q)+` = $1`, pos+1).Scan(&t)
	if err != nil {
		return t, fmt.Errorf("read age of event: %w", err)
	}
	return t, nil
}

// metrics are the figures of the relay: those of handlers are counted as they happen, the others read when scraped.
type metrics struct {
	relay    *Relay
	duration *prometheus.HistogramVec
	depth    *prometheus.Desc
	lag      *prometheus.Desc
	lagTime  *prometheus.Desc
	parked   *prometheus.Desc
	leading  *prometheus.Desc
}

func newMetrics(r *Relay) *metrics {
	m := &metrics{
		relay: r,
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "callboard_relay_handler_seconds",
			Help:    "Time a handler took for one batch, redo included.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9),
		}, []string{"handler"}),
		depth:   prometheus.NewDesc("callboard_outbox_depth", "Events that have no position yet.", nil, nil),
		lag:     prometheus.NewDesc("callboard_relay_lag_events", "Events that are not published yet.", nil, nil),
		lagTime: prometheus.NewDesc("callboard_relay_lag_seconds", "Age of the oldest event that is not published.", nil, nil),
		parked:  prometheus.NewDesc("callboard_relay_parked", "Events that a handler still owes.", []string{"handler"}, nil),
		leading: prometheus.NewDesc("callboard_relay_leading", "1 when this process leads the relay.", nil, nil),
	}
	if r.cfg.Metrics != nil {
		r.cfg.Metrics.MustRegister(m.duration, m)
	}
	return m
}

func (m *metrics) observe(handler string, d time.Duration) {
	m.duration.WithLabelValues(handler).Observe(d.Seconds())
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.depth, m.lag, m.lagTime, m.parked, m.leading} {
		descs <- d
	}
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s, err := m.relay.Stats(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.depth, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(m.depth, float64(s.Depth))
	gauge(m.lag, float64(s.LagEvents()))
	gauge(m.lagTime, s.Lag.Seconds())
	for _, h := range m.relay.cfg.Handlers {
		gauge(m.parked, float64(s.Parked[h.Name()]), h.Name())
	}
	leading := 0.0
	if s.Leading {
		leading = 1
	}
	gauge(m.leading, leading)
}
