package app

import (
	"context"
	"math"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// registerMetrics adds the figures of the process itself. The parts add their own.
func (a *App) registerMetrics() {
	reads, writes := "read", "write"
	if a.DB.Dialect() == sqldb.Postgres {
		reads, writes = "requests", "queue" // reads and writes share a pool; the other one is that of the job queue
	}
	if a.cfg.Metrics == nil { // else the process is the application's
		a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	a.registry.MustRegister(
		collectors.NewDBStatsCollector(a.DB.Reader(), reads), collectors.NewDBStatsCollector(a.DB.SQL(), writes),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "callboard_build_info", Help: "Always 1; its labels tell what runs.",
			ConstLabels: prometheus.Labels{"version": a.cfg.Version, "go_version": runtime.Version()},
		}, func() float64 { return 1 }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "callboard_disk_free_bytes",
			Help: "Room on the disk of the data folder, or on that of the SQLite file where that is less; NaN when it is not known.",
		}, a.health.freeBytes),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "callboard_test_write_age_seconds", Help: "Since the test write last succeeded, which is made every 3 seconds.",
		}, a.health.writeAge),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "callboard_backup_last_timestamp_seconds", Help: "When the last backup that is noted ended; 0 when none is, NaN when it is not known.",
		}, a.lastBackup),
	)
}

// registerNotices adds the figures of what nodes on PostgreSQL tell each other.
func (a *App) registerNotices() {
	counter := func(name, help string, of func(sqldb.NoticeStats) int64) {
		a.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "callboard_notices_" + name, Help: help},
			func() float64 { return float64(of(a.Notices.Stats())) }))
	}
	counter("sent_total", "Notices sent to other nodes, those that show that this one lives included.", func(s sqldb.NoticeStats) int64 { return s.Sent })
	counter("received_total", "Notices received, those of this node included.", func(s sqldb.NoticeStats) int64 { return s.Received })
	counter("dropped_total", "Notices that were not sent because too many were waiting.", func(s sqldb.NoticeStats) int64 { return s.Dropped })
	counter("gaps_total", "How often some may have been lost, which receivers then make good; 1 at the start.", func(s sqldb.NoticeStats) int64 { return s.Gaps })
	a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "callboard_notices_nodes", Help: "Nodes that were heard in the last ten seconds, with this one.",
	}, func() float64 { return float64(a.Notices.Stats().Nodes) }))
}

// publishMetrics gives the figures to the application's registry too, all at once: there they are, or are not.
func (a *App) publishMetrics() error {
	if a.cfg.Metrics == nil {
		return nil
	}
	if err := a.cfg.Metrics.Register(a.registry); err != nil {
		return callboard.Wrap(err, callboard.CodeConflict, "Metrics has figures of these names already; give each server of a process "+
			"a registry of its own, such as of prometheus.WrapRegistererWith")
	}
	a.life.unregister = func() { a.cfg.Metrics.Unregister(a.registry) }
	return nil
}

// lastBackup returns when the last backup ended, in Unix seconds.
func (a *App) lastBackup() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	_, at, err := installation(ctx, a.DB)
	switch {
	case err != nil:
		return math.NaN()
	case at.IsZero():
		return 0
	}
	return float64(at.Unix())
}

// writeAge returns how long ago the last test write succeeded, in seconds.
func (h *health) writeAge() float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Since(h.wroteAt).Seconds()
}

// freeBytes returns the room on the disk at the last test, which a disk that hangs cannot hold up.
func (h *health) freeBytes() float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.freeErr != nil {
		return math.NaN()
	}
	return float64(h.free)
}
