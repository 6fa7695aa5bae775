package httpapi

import (
	"log"
	"log/slog"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// ServerLog returns the error log of an http.Server. What any stranger can cause is counted, and shown with debug only: it could
// fill the log, and nobody has to do anything about it.
func ServerLog(logger *slog.Logger, reg prometheus.Registerer) *log.Logger {
	noise := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "callboard_http_malformed_total", Help: "Handshakes and requests of strangers that net/http complained of.",
	})
	if reg != nil {
		reg.MustRegister(noise)
	}
	return log.New(&serverLog{logger, noise}, "", 0)
}

type serverLog struct {
	logger *slog.Logger
	noise  prometheus.Counter
}

// Write takes one entry of net/http.
func (l *serverLog) Write(p []byte) (int, error) {
	text := strings.TrimSpace(string(p))
	for _, prefix := range []string{"http: TLS handshake error", "http2: "} {
		if strings.HasPrefix(text, prefix) {
			l.noise.Inc()
			l.logger.Debug("malformed request", "reason", text)
			return len(p), nil
		}
	}
	l.logger.Warn("http server", "error", text)
	return len(p), nil
}
