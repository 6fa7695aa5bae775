package presence

import (
	"context"
	"time"

	"github.com/callboard/callboard"
)

// Store holds sessions until they expire. Every backend passes the same suite.
//
// Resources are identified by Type and ID. A user is a viewer of a resource while any of its sessions there lives. The
// store notifies of each change once, in the order in which the changes of a resource happened.
//
// Reads are always current, so none takes the age up to which a caller would accept an answer: a current one satisfies
// any. A store for which reading is expensive keeps a short cache of its own.
type Store interface {
	// Watch sets what is called for each change, before the store is first used. notify must not block: it may be called with the
	// locks of the store held.
	Watch(notify func(Change))
	// Run expires sessions and statuses until ctx is done.
	Run(ctx context.Context) error

	// Touch begins or extends a session; one that is leaving only when revive is set. When the user is not yet a viewer and a
	// limit is reached, the error has CodeRateLimited for that of the user alone, and else CodeUnavailable.
	Touch(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string, ttl time.Duration, revive bool) error
	// Restore takes up a viewer whom a node had according to the record, and tells of no change. Who has not come back when ttl is over
	// leaves, and then the record of that node is of no use (Change.Gone).
	Restore(ctx context.Context, node string, res callboard.Resource, v Viewer, ttl time.Duration) error
	// Own returns the viewers that this node has a session of and others may see: what its record should have.
	Own(ctx context.Context) ([]Recorded, error)
	// Edit notes that a viewer edits a field, for ttl, or no longer does where ttl is 0. Of more than MaxEditing fields those are kept
	// that were edited last. For somebody who is no viewer it does nothing.
	Edit(ctx context.Context, res callboard.Resource, userID, field string, ttl time.Duration) error
	// Leave lets a session expire after grace, at once when grace is 0, and with the last one of a socket also that of requests.
	Leave(ctx context.Context, res callboard.Resource, userID, session string, grace time.Duration) error
	// Remove ends the user's session of requests, those that are leaving and what the user edits, at once.
	Remove(ctx context.Context, res callboard.Resource, userID string) error
	// RemoveUser ends all that is held of the user, at once.
	RemoveUser(ctx context.Context, userID string) error
	// Viewers returns the viewers that follow after in the order of Since, then UserID, those who edit before all others, and how many there are in all, without
	// those who are invisible. The zero Viewer is before the first; a limit of 0 is none. The caller does not change the list.
	Viewers(ctx context.Context, res callboard.Resource, after Viewer, limit int) (viewers []Viewer, total int, err error)
	// Viewer returns one of the viewers, or an error with CodeNotFound.
	Viewer(ctx context.Context, res callboard.Resource, userID string) (Viewer, error)

	// SetStatus keeps the status that a user chose at a time, until another one. With StatusOffline the user is invisible for so long: no
	// viewer to others, and no change tells of it.
	SetStatus(ctx context.Context, userID string, status StatusChoice, at, until time.Time) error
	// Statuses returns the chosen status of each of the users that has one.
	Statuses(ctx context.Context, userIDs []string) (map[string]StatusChoice, error)

	// Sockets returns some of the sockets of this node by which users count, at most limit, and Counts whether a user does by one.
	Sockets(limit int) []Socket
	Counts(socket Socket) bool
	// Stats returns counts; Online counts the viewers of online, and they are not among the others.
	Stats(ctx context.Context) (Stats, error)
	// Degraded says what the store does not know now, and nothing when it knows all.
	Degraded() string
}

// Change is a user that became a viewer, or no longer is one. With Editing set, it is a viewer whom the list shows otherwise than before.
// With Status set, it is a user whose chosen status has lapsed, or was chosen on another node, and Resource is empty.
type Change struct {
	Resource callboard.Resource // without a Name
	User     callboard.UserRef
	Since    time.Time // of a join
	Joined   bool
	Editing  bool
	Status   bool
	// Own is set where it is by a session of this node that the user is a viewer or no longer is one: this node records it. With Unseen
	// set that is all, since the user is also a viewer by what another node has.
	Own, Unseen bool
	Gone        string // a node of which nothing is held any more; then nothing else is set
	Anew        bool   // others may have cleared this node's record: it is to be written anew; then nothing else is set
}

// online is the resource that every connected user looks at. Its type is not a valid name, so it is nobody else's.
//
//nolint:gochecknoglobals // a constant in all but the language's eyes
var online = callboard.Resource{Type: "@", ID: "online"}
