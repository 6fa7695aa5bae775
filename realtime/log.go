package realtime

import (
	"context"
	"log/slog"
	"sync"
	"time"

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

// repeatEvery is how often the log has the same complaint: while Redis is away the library has eight a second.
const repeatEvery = 10 * time.Second

// complaints is what the library has complained of, by its words, which are constants.
type complaints struct {
	mu   sync.Mutex
	said map[string]*complaint
}

type complaint struct {
	at     time.Time
	silent int // how often it came since, and was not logged
}

// hear reports whether a complaint is logged now, and how often it came since it last was.
func (c *complaints) hear(words string) (logged bool, silent int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.said[words]
	if known == nil {
		known = &complaint{}
		c.said[words] = known
	}
	if time.Since(known.at) < repeatEvery {
		known.silent++
		return false, 0
	}
	silent = known.silent
	*known = complaint{at: time.Now()}
	return true, silent
}

// logTo writes the library's entries to logger, and counts those that any stranger can cause: they could fill the log. It keeps
// only fields that cannot hold what a client sent, and what repeats itself is logged every now and then.
func logTo(logger *slog.Logger, malformed prometheus.Counter) centrifuge.LogHandler {
	safe := []string{"client", "transport", "limit", "max", "reason", "duration", "node"}
	heard := complaints{said: map[string]*complaint{}}
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
		if level > slog.LevelDebug {
			logged, silent := heard.hear(e.Message)
			if !logged {
				level = slog.LevelDebug
			} else if silent > 0 {
				attrs = append(attrs, slog.Int("repeated", silent))
			}
		}
		logger.LogAttrs(context.Background(), level, "sockets: "+e.Message, attrs...)
	}
}
