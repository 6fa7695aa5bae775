package outbox

import (
	"context"
	"slices"
	"sync"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Limits of an event buffer.
const (
	maxBuffered     = 2048    // events
	maxBufferedSize = 8 << 20 // bytes of payload
)

// eventBuffer holds the events that were read last, in one run of positions, so that consumers that are at about the same
// place read and decode each event once. An event at a position never changes.
type eventBuffer struct {
	reading sync.Mutex // one reads from the database, and those who want the same have it then
	mu      sync.Mutex
	events  []callboard.Event
	size    int

	onRead func([]callboard.Event) // called with what comes from the database
}

// read is eventsBetween, with what is in the buffer taken from there.
func (b *eventBuffer) read(ctx context.Context, q sqldb.Querier, after, upTo int64) ([]callboard.Event, error) {
	if events := b.between(after, upTo); int64(len(events)) == upTo-after {
		return events, nil
	}
	b.reading.Lock()
	defer b.reading.Unlock()
	events := b.between(after, upTo) // another consumer may have read them meanwhile
	if n := len(events); n > 0 {
		after = events[n-1].Pos
	}
	if after == upTo {
		return events, nil
	}
	rest, err := eventsBetween(ctx, q, after, upTo)
	if err != nil {
		return nil, err
	}
	b.onRead(rest)
	b.add(rest)
	return append(events, rest...), nil
}

func (b *eventBuffer) between(after, upTo int64) []callboard.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.events) == 0 {
		return nil
	}
	first, last := b.events[0].Pos, b.events[len(b.events)-1].Pos
	if after+1 < first || after >= last {
		return nil
	}
	events := b.events[after+1-first : min(upTo, last)+1-first]
	return append(make([]callboard.Event, 0, upTo-after), events...)
}

// add appends events to the run. Where they are beyond it they begin a new one; where they are before it, who reads them has
// fallen behind, and the others need the run.
func (b *eventBuffer) add(events []callboard.Event) {
	if len(events) == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.events); n > 0 {
		known := b.events[n-1].Pos + 1 - events[0].Pos // another consumer has read them at the same time
		if known >= int64(len(events)) {
			return
		}
		if known < 0 {
			b.events, b.size, known = nil, 0, 0
		}
		events = events[known:]
	}
	b.events = append(b.events, events...)
	for i := range events {
		b.size += len(events[i].Data)
	}
	if len(b.events) <= maxBuffered && b.size <= maxBufferedSize {
		return
	}
	drop := 0 // half of it, so that this is rare
	for len(b.events)-drop > maxBuffered/2 || b.size > maxBufferedSize/2 {
		b.size -= len(b.events[drop].Data)
		drop++
	}
	b.events = slices.Delete(b.events, 0, drop)
}
