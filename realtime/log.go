package realtime

import (
	"context"
	"log/slog"
	"slices"

	"github.com/centrifugal/centrifuge"
)

// logLevel has the library log only what logger will keep. Its debug and trace levels repeat what clients send.
func logLevel(logger *slog.Logger) centrifuge.LogLevel {
	if logger.Enabled(context.Background(), slog.LevelDebug) {
		return centrifuge.LogLevelInfo
	}
	return centrifuge.LogLevelWarn
}

// logTo hands the library's entries on. It keeps only fields that cannot hold what a client sent.
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
		logger.LogAttrs(context.Background(), slogLevel(e.Level), "sockets: "+e.Message, slices.Clip(attrs)...)
	}
}

// slogLevel maps levels. The library's info entries tell of clients that misbehave: debugging for whoever runs a server.
func slogLevel(l centrifuge.LogLevel) slog.Level {
	switch l {
	case centrifuge.LogLevelError:
		return slog.LevelError
	case centrifuge.LogLevelWarn:
		return slog.LevelWarn
	default:
		return slog.LevelDebug
	}
}
