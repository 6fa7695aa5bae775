package httpapi

import (
	"bufio"
	"cmp"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
)

// recorder watches an answer on its way out, for the log and the metrics.
type recorder struct {
	http.ResponseWriter
	api      *core
	route    string // ID of the route that served it
	quiet503 bool   // its 503 is an answer, and no failure
	user     string // ID of who called it, or of the application, once that is known
	admin    bool   // it is for admins, and changes something
	status   int    // 0 until the header is written
	hijacked bool
	span     trace.Span // nil: it is not traced
}

// WriteHeader notes the final status.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	w.status = cmp.Or(w.status, http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush, Hijack and ReadFrom are here for those who ask the writer itself: socket libraries and file downloads.
func (w *recorder) Flush() {
	w.status = cmp.Or(w.status, http.StatusOK)
	_ = http.NewResponseController(w.ResponseWriter).Flush() // nothing to flush is nothing lost
}

// Hijack takes over the connection.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.hijacked = true
		w.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

// ReadFrom keeps the fast way from a file to a socket open.
func (w *recorder) ReadFrom(src io.Reader) (int64, error) {
	w.status = cmp.Or(w.status, http.StatusOK)
	return io.Copy(w.ResponseWriter, src)
}

// recorderOf finds the recorder beneath w, or nil outside of an API's handler.
func recorderOf(w http.ResponseWriter) *recorder {
	for {
		switch v := w.(type) {
		case *recorder:
			return v
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return nil
		}
	}
}

// metrics counts requests by route ID, so that paths with IDs do not multiply the series.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callboard_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callboard_http_request_duration_seconds", Help: "Time from the request's header to its answer, by class of the status: 2xx.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "class"}),
	}
	if reg != nil {
		reg.MustRegister(m.requests, m.duration)
	}
	return m
}

// observe accounts for one answered request. Hijacked connections count, but their length is not a response time.
func (m *metrics) observe(route string, status int, took time.Duration) {
	route = cmp.Or(route, "none")
	status = cmp.Or(status, http.StatusOK)
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	if status != http.StatusSwitchingProtocols {
		m.duration.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
	}
}
