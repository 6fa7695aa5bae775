package realtime

import (
	"testing"
	"time"

	"github.com/centrifugal/centrifuge"
)

func TestHeardKeepsThePlaceNoLongerThanMessages(t *testing.T) {
	t.Parallel()
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		t.Fatal(err)
	}
	h, now := newHeard(node, 10*time.Minute), time.UnixMicro(0)
	h.join("room:green")
	h.join("room:green")
	h.leave("room:green", now)
	if meta, ok := h.keeps("room:green", now.Add(time.Hour)); meta != 10*time.Minute || !ok {
		t.Errorf("with a listener: %v, %v", meta, ok)
	}
	h.leave("room:green", now)
	for after, want := range map[time.Duration]time.Duration{
		0:                           10 * time.Minute,
		4 * time.Minute:             6 * time.Minute,
		10*time.Minute - 1:          time.Second,
		10*time.Minute + 1:          time.Second, // still sent, since places are removed a little late
		10*time.Minute + heardSlack: time.Second,
	} {
		if meta, ok := h.keeps("room:green", now.Add(after)); meta != want || !ok {
			t.Errorf("after %v: %v, %v, want %v", after, meta, ok, want)
		}
	}
	if _, ok := h.keeps("room:green", now.Add(10*time.Minute+heardSlack+1)); ok {
		t.Error("messages are sent long after the last listener has left")
	}
	if _, ok := h.keeps("room:blue", now); ok {
		t.Error("a channel that nobody ever listened to is heard")
	}
	h.join("room:blue")
	h.leave("room:blue", now.Add(time.Hour))
	if len(h.channels) != 1 {
		t.Errorf("%d channels are remembered, want that of the last minutes alone", len(h.channels))
	}
}
