package outbox

import (
	"slices"
	"sort"
	"sync"

	"callboard"
)

// Limits of what is kept in memory for stage 2.
const (
	maxFresh     = 2048    // events
	maxFreshSize = 8 << 20 // bytes of payload
)

// fresh holds the newest events that stage 1 has committed, in the order of their positions, so that stage 2 need not read
// back what was just written. What it does not hold (any more) is in the table.
type fresh struct {
	mu     sync.Mutex
	events []callboard.Event
	size   int
}

// add appends events that were committed. Events that do not follow on the last one replace all.
func (f *fresh) add(events []callboard.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.events); n > 0 && len(events) > 0 && f.events[n-1].Pos+1 != events[0].Pos {
		f.events, f.size = nil, 0
	}
	for i := range events {
		f.size += len(events[i].Data)
	}
	f.events = append(f.events, events...)
	drop := 0
	for len(f.events)-drop > maxFresh || f.size > maxFreshSize {
		f.size -= len(f.events[drop].Data)
		drop++
	}
	f.events = slices.Delete(f.events, 0, drop)
}

// forget drops everything: what was committed is not known for sure.
func (f *fresh) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events, f.size = nil, 0
}

// after returns a copy of up to limit events from the one after pos; none when pos is that of the newest. It reports false
// when it cannot tell. Only the leader may ask: others do not hear of what is committed.
func (f *fresh) after(pos int64, limit int) ([]callboard.Event, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := sort.Search(len(f.events), func(i int) bool { return f.events[i].Pos > pos })
	if i == len(f.events) {
		return nil, i > 0 && f.events[i-1].Pos == pos
	}
	if f.events[i].Pos != pos+1 {
		return nil, false
	}
	return slices.Clone(f.events[i:min(i+limit, len(f.events))]), true
}
