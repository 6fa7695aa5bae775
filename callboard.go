// Package callboard is the vocabulary that every part of Callboard speaks: who acts (Actor), on what (Resource), what
// happened (Event and the registry of all event types), what went wrong (Error) and how lists are paged (Page, List).
//
// It holds no behaviour that needs a database, a network or a clock of its own, and it imports nothing but the standard
// library and a UUID generator, so that anything may depend on it. The parts themselves live in the packages beside it:
// outbox carries events, activity, notification, presence and realtime are the four services, show and episode the
// production domain, and app wires them together.
package callboard

import (
	"github.com/google/uuid"
)

// NewID returns a new UUIDv7 in its canonical text form. IDs made later sort after those made earlier, to the
// millisecond, which keeps index inserts at the right-hand edge.
func NewID() string {
	return uuid.Must(uuid.NewV7()).String()
}

// ValidID reports whether s is a UUID in canonical lower-case form, the only form that is stored or accepted.
func ValidID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}
