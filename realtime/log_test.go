package realtime

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"
)

// What the library says again and again is logged once, and what is new at once.
func TestRepeatedComplaints(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	log := logTo(slog.New(slog.NewTextHandler(&text, nil)), prometheus.NewCounter(prometheus.CounterOpts{}))
	for range 100 {
		log(centrifuge.LogEntry{Level: centrifuge.LogLevelError, Message: "no Redis", Error: errors.New("refused")})
	}
	log(centrifuge.LogEntry{Level: centrifuge.LogLevelWarn, Message: "something else"})
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `level=ERROR msg="sockets: no Redis" error=refused`) || !strings.Contains(lines[1], "something else") {
		t.Errorf("logged\n%s", &text)
	}
}
