package outbox

import (
	"slices"

	"github.com/callboard/callboard"
)

// The log of a database may hold events of a type that this process does not know: of an application that has removed it, or of
// a process of another version. Consumers pass them over. They stay in the feed for those who may hear their channels.

// knows reports whether consumers have anything to do with e: it is a message, or its type is known.
func (l *Log) knows(e *callboard.Event) bool {
	if e.Direct {
		return true
	}
	_, known := l.cfg.Events.Lookup(e.Name)
	return known
}

// Known returns the events without those of a type that this process does not know, which leave no consequences.
func (l *Log) Known(events []callboard.Event) []callboard.Event {
	unknown := func(e callboard.Event) bool { return !l.knows(&e) }
	if !slices.ContainsFunc(events, unknown) {
		return events
	}
	return slices.DeleteFunc(slices.Clone(events), unknown)
}

// warnOfUnknown warns of types that are not known, once for each name.
func (l *Log) warnOfUnknown(events []callboard.Event) {
	for i := range events {
		e := &events[i]
		if l.knows(e) {
			continue
		}
		if _, warned := l.warned.LoadOrStore(e.Name, true); !warned {
			l.log.Warn("the log has events of a type that is not registered; nothing follows from them", "event", e.Name, "pos", e.Pos)
		}
	}
}
