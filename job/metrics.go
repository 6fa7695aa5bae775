package job

import (
	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what happens to jobs, by kind.
type metrics struct {
	running   *prometheus.GaugeVec
	ended     *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	abandoned *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	m := &metrics{
		running: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "callboard_jobs_running", Help: "Attempts of jobs that run in this process.",
		}, []string{"kind"}),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callboard_job_attempts_total", Help: "Attempts that ended, by what the job became.",
		}, []string{"kind", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callboard_job_attempt_seconds", Help: "How long attempts ran.",
			Buckets: []float64{0.01, 0.1, 1, 10, 60, 600, 3600},
		}, []string{"kind"}),
		abandoned: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callboard_jobs_abandoned_total", Help: "Handlers that did not end when they should have, and still run.",
		}, []string{"kind"}),
	}
	if registerer != nil {
		registerer.MustRegister(m.running, m.ended, m.duration, m.abandoned)
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
