package realtime

import (
	"context"
	"log/slog"

	"github.com/centrifugal/centrifuge"
)

// logLevel has the library log only what logger will keep. Its debug and trace levels repeat what clients send.
func logLevel(logger *slog.Logger) centrifuge.LogLevel {
	if logger.Enabled(context.Background(), slog.LevelDebug) {
		return centrifuge.LogLevelInfo
	}
	return centrifuge.LogLevelWarn
}

// logTo writes the library's entries to logger. It keeps only fields that cannot hold what a client sent.
func logTo(logger *slog.Logger) centrifuge.LogHandler {
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
		switch e.Level {
		case centrifuge.LogLevelError:
			level = slog.LevelError
		case centrifuge.LogLevelWarn:
			level = slog.LevelWarn
		}
		logger.LogAttrs(context.Background(), level, "sockets: "+e.Message, attrs...)
	}
}
