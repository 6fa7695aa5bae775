package realtime

import (
	"context"
	"log/slog"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"
)

// logLevel has the library log only what logger will keep. Its debug and trace levels repeat what clients send.
func logLevel(logger *slog.Logger) centrifuge.LogLevel {
	if logger.Enabled(context.Background(), slog.LevelDebug) {
		return centrifuge.LogLevelInfo
	}
	return centrifuge.LogLevelWarn
}

// strangersCause reports whether an entry tells of what a client sent to the emulation endpoint, which knows nobody: a node or a
// session that is not there, or data that is no protocol.
func strangersCause(e centrifuge.LogEntry) bool {
	switch e.Message {
	case "error processing emulation request":
		return e.Error != nil && e.Error.Error() == "node not found"
	case "error unmarshal emulation request", "error unmarshal emulation request data":
		return true
	}
	return false
}

// logTo writes the library's entries to logger, and counts those that any stranger can cause: they could fill the log. It keeps
// only fields that cannot hold what a client sent.
func logTo(logger *slog.Logger, malformed prometheus.Counter) centrifuge.LogHandler {
	safe := []string{"client", "transport", "limit", "max", "reason", "duration", "node"}
	return func(e centrifuge.LogEntry) {
		attrs := make([]slog.Attr, 0, len(safe)+1)
		for _, key := range safe {
			if v, ok := e.Fields[key]; ok {
				attrs = append(attrs, slog.Any(key, v))
			}
		}
		if e.Error != nil {
			attrs = append(attrs, slog.String("error", e.Error.Error()))
		}
		level := slog.LevelDebug // also for the library's info: it tells of clients that misbehave
		switch {
		case strangersCause(e):
			malformed.Inc()
		case e.Level == centrifuge.LogLevelError:
			level = slog.LevelError
		case e.Level == centrifuge.LogLevelWarn:
			level = slog.LevelWarn
		}
		logger.LogAttrs(context.Background(), level, "sockets: "+e.Message, attrs...)
	}
}
