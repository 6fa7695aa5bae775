package callboard

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Resource is a thing that can be changed, watched and looked at. Name is what people call it, and may be empty.
type Resource struct {
	Type string
	ID   string
	Name string
}

// Channel returns the name of the channel that carries the resource's own events: "episode:0197…".
func (r Resource) Channel() string { return r.Type + ":" + r.ID }

// UserRef names a user, or an application, as part of an event.
type UserRef struct {
	ID   string `json:"id" doc:"Of a user, of an application (app-…), or system."`
	Name string `json:"name" doc:"Name of the user or application."`
}

// Event is one change, written once, in the same transaction as the change itself. The activity log, the notifications
// and the live messages are all derived from it, and from nothing else.
type Event struct {
	ID        string    // UUIDv7; the idempotency key wherever the event is delivered
	Pos       int64     // gapless position, from 1; 0 until it has got one
	Name      string    // "episode_created", or the caller's own name for a socket call
	CreatedAt time.Time // UTC, to the microsecond
	Actor     UserRef
	Resource  Resource
	Channels  []string        // who hears of it live
	Audience  []string        // who is notified: user IDs, "role:admin", "group:camera", "watchers:episode:<id>", "all"
	Data      json.RawMessage // the payload: a JSON object
	IP        string
	UserAgent string
	Trace     string // traceparent of the request (W3C Trace Context), where that is traced
	// Direct marks a message of the socket calls: its name is its sender's own, though an event may have it too, and nothing of the
	// registry follows from it. Clients are told.
	Direct bool

	err error // of encoding Data; reported by Err, and so by the outbox
}

// Err returns the error of encoding the payload, if there was one. The outbox refuses such an event.
func (e Event) Err() error { return e.err }

// NewEvent returns an event of the given name about res by the actor of ctx, with data encoded as its payload; nil is an empty one. It has
// no channels and no audience: EventDef.New fills those from its definition.
func NewEvent(ctx context.Context, name string, res Resource, data any) Event {
	request := RequestFrom(ctx)
	e := Event{
		ID:        NewID(),
		Name:      name,
		CreatedAt: Now(),
		Actor:     ActorFrom(ctx).Ref(),
		Resource:  res,
		IP:        request.IP,
		UserAgent: request.UserAgent,
		Trace:     request.Trace,
	}
	if e.Data, e.err = json.Marshal(data); e.err != nil {
		e.err = fmt.Errorf("encode payload of %s: %w", name, e.err)
	}
	if string(e.Data) == "null" {
		e.Data = json.RawMessage("{}")
	}
	return e
}

// Age returns how long ago e was made, which its ID tells to the millisecond where a caller gave another CreatedAt.
func (e *Event) Age() time.Duration {
	at := e.CreatedAt
	if id, err := uuid.Parse(e.ID); e.Direct && err == nil && id.Version() == 7 {
		at = time.Unix(id.Time().UnixTime())
	}
	return max(0, time.Since(at))
}

// Now returns the current time as Callboard keeps times: UTC, to the microsecond.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Message is an event as clients see it, on sockets and in GET /events.
type Message struct {
	ID        string          `json:"id" doc:"ID of the event. Deliveries may repeat; drop an ID that was seen."`
	Pos       int64           `json:"pos,omitempty" doc:"Gapless position of the event. Absent on ephemeral messages."`
	Event     string          `json:"event" doc:"Name of the event, as in the catalog, or the caller's own."`
	Timestamp time.Time       `json:"timestamp" doc:"When it happened, in UTC."`
	Actor     UserRef         `json:"actor" doc:"Who did it. Empty strings where nobody did, as in lists of viewers."`
	Resource  MessageResource `json:"resource" doc:"What it happened to. Empty strings where it concerns no resource."`
	Direct    bool            `json:"direct,omitempty" doc:"True on a message that an application or an admin sent by a socket call: its name and data are the sender's own, also where an event of the catalog is called so. Absent on events."`
	Data      json.RawMessage `json:"data" doc:"A JSON object; the catalog has its schema, unless direct is true."`
}

// MessageResource names the resource that a message is about.
type MessageResource struct {
	Type string `json:"type" doc:"Type, such as episode; empty when there is no resource."`
	ID   string `json:"id" doc:"ID within the type."`
}

// Message returns e as clients see it.
func (e Event) Message() Message {
	return Message{
		ID: e.ID, Pos: e.Pos, Event: e.Name, Timestamp: e.CreatedAt, Actor: e.Actor,
		Resource: MessageResource{Type: e.Resource.Type, ID: e.Resource.ID}, Direct: e.Direct, Data: e.Data,
	}
}

// RoomType is the resource type of messages to a room, and of nothing else.
const RoomType = "room"

// Channel names that are not those of a resource.
const (
	BroadcastChannel   = "broadcast" // every signed-in client
	userType           = "user"
	userChannelPrefix  = userType + ":"
	jobChannelPrefix   = "job:"
	roomChannelPrefix  = RoomType + ":"
	viewersChannelName = "viewers:"
)

// ReservedType reports whether typ is the first part of a channel name that means something else, so that nothing of
// that type may be named by a caller: its channel would be a room, or a list of viewers.
func ReservedType(typ string) bool {
	return slices.Contains([]string{BroadcastChannel, RoomType, "viewers"}, typ)
}

// KeptType reports whether Callboard itself keeps the resources of a type. All other types are of applications.
func KeptType(typ string) bool {
	return slices.Contains([]string{userType, "show", "episode", "file", "job", "saved_view"}, typ)
}

// UserChannel returns the channel that only the user with the given ID hears.
func UserChannel(id string) string { return userChannelPrefix + id }

// PrivateChannel reports whether a channel is for one user alone: that of a user, or of a job. All others are open to all
// who are signed in.
func PrivateChannel(channel string) bool {
	return strings.HasPrefix(channel, userChannelPrefix) || strings.HasPrefix(channel, jobChannelPrefix)
}

// RoomChannel returns the channel of a room, which every signed-in client may join.
func RoomChannel(name string) string { return roomChannelPrefix + name }

// ViewersChannel returns the channel that carries the live list of who looks at res.
func ViewersChannel(res Resource) string { return viewersChannelName + res.Channel() }

// Audience names, beside plain user IDs.
const (
	AudienceAll            = "all"
	audienceRolePrefix     = "role:"
	audienceGroupPrefix    = "group:"
	audienceWatchersPrefix = "watchers:"
)

// AudienceRole returns the audience of all users with role r: one of Callboard's, or of an application.
func AudienceRole(r Role) string { return audienceRolePrefix + string(r) }

// AudienceGroup returns the audience of all users in a group of an application.
func AudienceGroup(name string) string { return audienceGroupPrefix + name }

// AudienceWatchers returns the audience of all who watch res.
func AudienceWatchers(res Resource) string { return audienceWatchersPrefix + res.Channel() }

// Audience is one parsed audience. Exactly one of its fields is set.
type Audience struct {
	All     bool
	Role    Role // one of Callboard's, or of an application
	Group   string
	Watched Resource
	UserID  string
}

// AudienceRule says in words what ParseAudience takes.
const AudienceRule = "must be a user ID, role:<role>, group:<name>, watchers:<type>:<id> or all"

// ParseAudience reads an audience: a user ID, "role:<role>", "group:<name>", "watchers:<type>:<id>" or "all". The names of roles and
// groups are 1–128 characters that can be seen, with spaces only between them.
func ParseAudience(s string) (Audience, error) {
	if s == AudienceAll {
		return Audience{All: true}, nil
	}
	if role, ok := strings.CutPrefix(s, audienceRolePrefix); ok && validLabel(role) {
		return Audience{Role: Role(role)}, nil
	}
	if group, ok := strings.CutPrefix(s, audienceGroupPrefix); ok && validLabel(group) {
		return Audience{Group: group}, nil
	}
	if rest, ok := strings.CutPrefix(s, audienceWatchersPrefix); ok {
		if typ, id, ok := strings.Cut(rest, ":"); ok && ValidName(typ) && (ValidResourceID(id) || typ == userType && ValidUserID(id)) {
			return Audience{Watched: Resource{Type: typ, ID: id}}, nil
		}
	}
	if ValidUserID(s) {
		return Audience{UserID: s}, nil
	}
	return Audience{}, Errorf(CodeInvalid, AudienceRule)
}

// Limits of names that callers choose.
const (
	MaxName       = 64  // bytes of an action, a resource type, an event or a room name
	MaxResourceID = 128 // bytes of a resource ID that is not Callboard's own
)

// ValidName reports whether s can be an action, an event name, a resource type or a room: 1–64 of a–z, A–Z, 0–9, and
// _ - . after a letter or digit. Names become parts of channel names, so a colon is not among them.
func ValidName(s string) bool { return validToken(s, MaxName) }

// ValidResourceID reports whether s can be the ID of a resource: 1–128 of the characters of a name. Applications bring
// their own IDs, so it need not be a UUID.
func ValidResourceID(s string) bool { return validToken(s, MaxResourceID) }

// tokenRule says in words what validToken asks for.
const tokenRule = "must be 1 to %d letters, digits, _ - or ., beginning with a letter or digit"

func validToken(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for i := range len(s) {
		c := s[i]
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && (i == 0 || c != '_' && c != '-' && c != '.') {
			return false
		}
	}
	return true
}
