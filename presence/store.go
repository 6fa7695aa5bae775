package presence

import (
	"context"
	"time"

	"callboard"
)

// Store holds sessions until they expire. One store may serve many nodes; every backend passes the same suite.
//
// Resources are identified by Type and ID; Name is empty. A user is a viewer of a resource while any of its sessions
// there lives. The store tells of each change once, in the order in which the changes of a resource happened.
type Store interface {
	// Watch sets who hears of changes, before the store is first used. notify must not block: it may be called with the
	// locks of the store held.
	Watch(notify func(Change))
	// Run expires sessions and statuses until ctx is done.
	Run(ctx context.Context) error

	// Touch begins or extends a session, also one that was leaving. The error has CodeUnavailable when the user is not
	// yet a viewer and a limit is reached.
	Touch(ctx context.Context, res callboard.Resource, user callboard.Ref, session string, ttl time.Duration) error
	// Refresh is Touch, but leaves alone a session that is leaving.
	Refresh(ctx context.Context, res callboard.Resource, user callboard.Ref, session string, ttl time.Duration) error
	// Leave lets a session expire after grace, at once when grace is 0.
	Leave(ctx context.Context, res callboard.Resource, userID, session string, grace time.Duration) error
	// Remove ends the user's session of requests and those that are leaving, at once.
	Remove(ctx context.Context, res callboard.Resource, userID string) error
	// Viewers returns the viewers in the order of Since, then UserID. The answer may be as old as maxAge. The caller does
	// not change it.
	Viewers(ctx context.Context, res callboard.Resource, maxAge time.Duration) ([]Viewer, error)

	// SetStatus keeps the status that a user chose, for ttl.
	SetStatus(ctx context.Context, userID string, status Choice, ttl time.Duration) error
	// Statuses returns the chosen status of each of the users that has one.
	Statuses(ctx context.Context, userIDs []string) (map[string]Choice, error)

	// Stats returns counts; Online counts the viewers of online, and they are not among the others.
	Stats(ctx context.Context) (Stats, error)
}

// Change is a user that became a viewer, or no longer is one. With Status set, it is a user whose chosen status has
// lapsed, and Resource is empty.
type Change struct {
	Resource callboard.Resource
	User     callboard.Ref
	Joined   bool
	Status   bool
}

// online is the resource that every connected user looks at. Its type is not a valid name, so it is nobody else's.
//
//nolint:gochecknoglobals // a constant in all but the language's eyes
var online = callboard.Resource{Type: "@", ID: "online"}
