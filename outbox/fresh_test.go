package outbox

import (
	"encoding/json"
	"testing"

	"callboard"
)

func TestFresh(t *testing.T) {
	t.Parallel()
	batch := func(first, last int64) (events []callboard.Event) {
		for pos := first; pos <= last; pos++ {
			events = append(events, callboard.Event{Pos: pos, Data: json.RawMessage(`{}`)})
		}
		return events
	}
	var f fresh
	want := func(after int64, limit int, first int64, n int, known bool) {
		t.Helper()
		events, ok := f.after(after, limit)
		if ok != known || len(events) != n || n > 0 && events[0].Pos != first {
			t.Errorf("after %d: %d events, %v", after, len(events), ok)
		}
	}
	want(0, 10, 0, 0, false) // nothing is held: only the table can tell
	f.add(batch(1, 5))
	f.add(batch(6, 8))
	want(0, 10, 1, 8, true)
	want(3, 2, 4, 2, true)
	want(8, 10, 0, 0, true)  // there is nothing newer
	want(9, 10, 0, 0, false) // others may know more
	f.add(batch(20, 21))
	want(8, 10, 0, 0, false) // a gap: what is in it is in the table
	want(19, 10, 20, 2, true)
	f.add(batch(22, 22+maxFresh))
	want(20, 10, 0, 0, false) // too long ago
	want(22, 1, 23, 1, true)
	f.forget()
	want(22, 10, 0, 0, false)
}

func TestFreshIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	var f fresh
	for pos := int64(1); pos <= 100; pos++ {
		f.add([]callboard.Event{{Pos: pos, Data: make(json.RawMessage, MaxPayload)}})
	}
	if f.size > maxFreshSize || len(f.events) == 0 || f.events[len(f.events)-1].Pos != 100 {
		t.Errorf("%d events of %d bytes are held", len(f.events), f.size)
	}
}
