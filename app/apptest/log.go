package apptest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Log keeps what a server logs, shows it when the test fails, and lets a test wait for a line.
type Log struct {
	mu      sync.Mutex
	text    bytes.Buffer
	written chan struct{} // closed by the next write
}

func newLog(t testing.TB) *Log {
	l := &Log{written: make(chan struct{})}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of the server:\n%s", l)
		}
	})
	return l
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.written)
	l.written = make(chan struct{})
	return l.text.Write(p)
}

// String returns what was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// after returns the rest of the first line, from byte offset on, that contains mark, and a channel that is closed when
// more is written.
func (l *Log) after(offset int, mark string) (rest string, found bool, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, tail, found := strings.Cut(l.text.String()[offset:], mark)
	rest, _, whole := strings.Cut(tail, "\n")
	return rest, found && whole, l.written
}

func (l *Log) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Len()
}

// await waits for a line that contains mark and returns the rest of it, or false when ended is closed first.
func (l *Log) await(offset int, mark string, ended <-chan struct{}) (string, bool) {
	deadline := time.After(patience)
	for {
		rest, found, more := l.after(offset, mark)
		if found {
			return rest, true
		}
		select {
		case <-more:
		case <-ended:
			rest, found, _ := l.after(offset, mark)
			return rest, found
		case <-deadline:
			return "", false
		}
	}
}
