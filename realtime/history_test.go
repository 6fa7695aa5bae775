package realtime

import (
	"fmt"
	"testing"
	"time"
)

func TestHistoriesAreBoundedInBytes(t *testing.T) {
	t.Parallel()
	const size = 1000 - messageOverhead
	h := newHistories(10_000, time.Minute)
	now := time.Now()
	for n := 1; n <= 30; n++ {
		if got, want := h.fit("a", size, 20, now), min(n, 10); got != want {
			t.Fatalf("message %d: %d are kept, want %d", n, got, want)
		}
	}
	if got := h.fit("a", 1, 3, now); got != 3 {
		t.Errorf("%d are kept, want the limit of 3", got)
	}
	if got := h.fit("a", 20_000, 20, now); got != 1 {
		t.Errorf("%d are kept with a message beyond the limit, want it alone", got)
	}
	h.inAll = 50_000
	for n := range 100 {
		h.fit(fmt.Sprint("room:", n), size, 20, now)
	}
	if got := h.fit("room:0", size, 20, now); got != 1 {
		t.Errorf("%d are kept where all is full, want 1", got)
	}
	later := now.Add(2 * time.Minute)
	if h.fit("b", size, 20, later); len(h.channels) != 1 || h.bytes != size+messageOverhead {
		t.Errorf("%d channels with %d bytes are noted after the others have lapsed", len(h.channels), h.bytes)
	}
}
