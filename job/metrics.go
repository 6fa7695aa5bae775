package job

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// metrics counts what happens to jobs, by kind. Those that wait are counted when they are scraped.
type metrics struct {
	db        *sqldb.DB
	kinds     map[string]Kind
	waiting   *prometheus.Desc
	oldest    *prometheus.Desc
	running   *prometheus.GaugeVec
	ended     *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	abandoned *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer, db *sqldb.DB, kinds map[string]Kind) *metrics {
	ofKind := []string{"kind"}
	m := &metrics{
		db: db, kinds: kinds,
		waiting: prometheus.NewDesc("callboard_jobs_pending", "Jobs that wait, also for another attempt, of all nodes.", ofKind, nil),
		oldest:  prometheus.NewDesc("callboard_jobs_oldest_pending_seconds", "Since the first of them was queued; 0 when none waits.", ofKind, nil),
		running: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "callboard_jobs_running", Help: "Attempts of jobs that run in this process.",
		}, ofKind),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callboard_job_attempts_total", Help: "Attempts that ended, by what the job became.",
		}, []string{"kind", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callboard_job_attempt_seconds", Help: "How long attempts ran.",
			Buckets: []float64{0.01, 0.1, 1, 10, 60, 600, 3600},
		}, ofKind),
		abandoned: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callboard_jobs_abandoned_total", Help: "Handlers that did not end when they should have, and still run.",
		}, ofKind),
	}
	if registerer != nil {
		registerer.MustRegister(m.running, m.ended, m.duration, m.abandoned, m)
	}
	return m
}

// expect has the counters of a kind begin at 0: one that is not there before its first count shows Prometheus no increase.
func (m *metrics) expect(kind string) {
	m.abandoned.WithLabelValues(kind)
	for _, status := range []Status{Pending, Completed, Failed, Cancelled} {
		m.ended.WithLabelValues(kind, string(status))
	}
}

// finished counts the end of an attempt.
func (m *metrics) finished(j Job) {
	m.ended.WithLabelValues(j.Kind, string(j.Status)).Inc()
	if j.StartedAt != nil && j.FinishedAt != nil {
		m.duration.WithLabelValues(j.Kind).Observe(j.FinishedAt.Sub(*j.StartedAt).Seconds())
	}
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(descs chan<- *prometheus.Desc) {
	descs <- m.waiting
	descs <- m.oldest
}

// scrapeTimeout bounds how long a scrape waits for the database.
const scrapeTimeout = 2 * time.Second

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	type line struct {
		n      int
		oldest sqldb.Time
	}
	lines := map[string]line{}
	//nolint:rowserrcheck // Each does
	rows, err := m.db.QueryContext(ctx, `SELECT kind, count(*), min(queued_at) FROM callboard_jobs WHERE status = 'pending' GROUP BY kind`)
	err = sqldb.Each(rows, err, "count pending jobs", func(row sqldb.Scanner) error {
		var kind string
		var l line
		err := row.Scan(&kind, &l.n, &l.oldest)
		lines[kind] = l
		return err
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.waiting, err)
		return
	}
	for kind := range m.kinds {
		l, age := lines[kind], 0.0
		if l.n > 0 {
			age = max(0, callboard.Now().Sub(l.oldest.Time).Seconds())
		}
		out <- prometheus.MustNewConstMetric(m.waiting, prometheus.GaugeValue, float64(l.n), kind)
		out <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, age, kind)
	}
}
