package notification

import (
	"sync"
	"time"

	"callboard"
)

// handed is what Handle has made of a batch of events, for Publish to tell without reading it back.
type handed struct {
	at      time.Time
	entries map[int64][]*entry // new entries, by position of their newest event
	joined  map[int64]bool     // events that were added to entries of earlier batches: what those say by now is in the table
	later   map[int64]bool     // events with large audiences, of which Run makes the entries and tells
	gone    []resourceKey      // resources that nobody can watch any more
	events  []int64
	size    int
}

func newHanded(events []callboard.Event, at time.Time) *handed {
	h := &handed{at: at, entries: map[int64][]*entry{}, joined: map[int64]bool{}, later: map[int64]bool{}}
	for i := range events {
		if len(events[i].Audience) > 0 {
			h.events = append(h.events, events[i].Pos)
		}
	}
	h.size = len(h.events)
	return h
}

// note adds entries that a round has made or changed.
func (h *handed) note(changed []*entry) {
	for _, e := range changed {
		switch {
		case e.fresh:
			h.entries[e.newest] = append(h.entries[e.newest], e)
			h.size++
		default:
			h.joined[e.newest] = true
		}
	}
}

// Limits of what is kept in memory for Publish.
const (
	maxHanded = 4096            // events and entries
	handedFor = 2 * time.Second // after that the table knows better: on other nodes entries may have been read
)

// handedBatches holds what the newest batches have made. What it does not hold (any more) is in the table.
type handedBatches struct {
	mu     sync.Mutex
	events map[int64]*handed
	size   int
}

func (b *handedBatches) add(h *handed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size += h.size; b.size > maxHanded || b.events == nil {
		b.events, b.size = map[int64]*handed{}, h.size
	}
	for _, pos := range h.events {
		b.events[pos] = h
	}
}

// look returns the new entries of the events, in the order of the positions, and which events are told of later. It reports
// false when it cannot tell of all.
func (b *handedBatches) look(events []callboard.Event, now time.Time) (entries []*entry, later map[int64]bool, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	later, ok = map[int64]bool{}, true
	for i := range events {
		pos := events[i].Pos
		if len(events[i].Audience) == 0 {
			continue
		}
		h := b.events[pos]
		if h == nil || h.joined[pos] || now.Sub(h.at) > handedFor {
			ok = false
		}
		if h != nil && h.later[pos] {
			later[pos] = true
		} else if h != nil {
			entries = append(entries, h.entries[pos]...)
		}
	}
	return entries, later, ok
}

// drop forgets events, which have been told.
func (b *handedBatches) drop(events []callboard.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range events {
		b.remove(events[i].Pos)
	}
}

func (b *handedBatches) remove(pos int64) {
	if h := b.events[pos]; h != nil {
		delete(b.events, pos)
		b.size -= 1 + len(h.entries[pos])
	}
}

// forget has the table asked for what was made for the user, since it has changed.
func (b *handedBatches) forget(userID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for pos, h := range b.events {
		for _, e := range h.entries[pos] {
			if e.userID == userID {
				b.remove(pos)
				break
			}
		}
	}
}
