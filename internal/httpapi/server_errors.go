package httpapi

import (
	"context"
	"log/slog"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// ServerErrors returns the handler of what an http.Server complains of, for its ErrorLog. What any stranger can cause is counted, and
// shown with debug only: it could fill the log, and nobody has to do anything about it.
func ServerErrors(logger *slog.Logger, reg prometheus.Registerer) slog.Handler {
	noise := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "callboard_http_malformed_total", Help: "Handshakes and requests of strangers that net/http complained of.",
	})
	if reg != nil {
		reg.MustRegister(noise)
	}
	return &serverErrors{logger.Handler(), noise}
}

type serverErrors struct {
	slog.Handler
	noise prometheus.Counter
}

// Handle takes one entry of net/http.
func (h *serverErrors) Handle(ctx context.Context, entry slog.Record) error {
	if strings.HasPrefix(entry.Message, "http: TLS handshake error") || strings.HasPrefix(entry.Message, "http2: ") {
		h.noise.Inc()
		entry.Level = slog.LevelDebug
		if !h.Enabled(ctx, entry.Level) {
			return nil
		}
	}
	return h.Handler.Handle(ctx, entry)
}
