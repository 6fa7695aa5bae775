package callboard

import (
	"context"
	"maps"
	"reflect"
	"slices"
)

// EventType is one line of the registry: all that follows from an event of this name.
type EventType struct {
	Name string
	// Action is the action of its activity entry; empty when it leaves none.
	Action string
	// Channels says who hears of it live. "{resource}" stands for the resource's own channel, "{type}:{id}", "{parent}" for
	// that of the resource it belongs to, and "{owner}" for the owner's own; the last two are left out where there is none.
	Channels []string
	// Notify says who is notified. "{watchers}" stands for the watchers of the resource, "{parent watchers}" for those of the
	// resource it belongs to, and "{owner}" for its owner. The actor never is.
	Notify []string
	// Message is the text of the notification; {actor} and {resource} stand for their names.
	Message string
	// Once is set when the event happens to a resource once at most, so that there can be no earlier notification to join.
	Once bool
	// Watch is set when the event makes its actor a watcher of the resource.
	Watch bool
	// Ephemeral events go straight to the sockets: no position, no history, no catching up.
	Ephemeral bool
	// Private events are about a user, and only for that user and admins: also their entries in the log, which else all may read.
	Private bool
	// Summary tells people what happened.
	Summary string
	// Payload is the zero value of the type of its data, for the catalog.
	Payload any
}

// Kind is an event type that knows the Go type of its payload.
type EventDef[P any] struct{ EventType }

// Relations is what a resource belongs to. Both may be zero.
type Relations struct {
	Parent Resource // the episode of a job
	Owner  string   // ID of a user
}

// New returns the event of this kind about res, by the actor of ctx.
func (k EventDef[P]) New(ctx context.Context, res Resource, data P) Event {
	return k.NewRelated(ctx, res, Relations{}, data)
}

// NewRelated is New for a resource that belongs to a user or to another resource.
func (k EventDef[P]) NewRelated(ctx context.Context, res Resource, around Relations, data P) Event {
	e := NewEvent(ctx, k.Name, res, data)
	e.Channels = k.channelsOf(res, around)
	e.Audience = k.audienceOf(res, around)
	return e
}

const (
	ownChannel     = "{resource}"
	parentChannel  = "{parent}"
	owner          = "{owner}"
	ownWatchers    = "{watchers}"
	parentWatchers = "{parent watchers}"
)

func (t EventType) channelsOf(res Resource, around Relations) []string {
	channels := make([]string, 0, len(t.Channels))
	for _, c := range t.Channels {
		switch c {
		case ownChannel:
			channels = append(channels, res.Channel())
		case parentChannel:
			if around.Parent.ID != "" {
				channels = append(channels, around.Parent.Channel())
			}
		case owner:
			if ValidID(around.Owner) {
				channels = append(channels, UserChannel(around.Owner))
			}
		default:
			channels = append(channels, c)
		}
	}
	return channels
}

func (t EventType) audienceOf(res Resource, around Relations) []string {
	audience := make([]string, 0, len(t.Notify))
	for _, a := range t.Notify {
		switch a {
		case ownWatchers:
			audience = append(audience, AudienceWatchers(res))
		case parentWatchers:
			if around.Parent.ID != "" {
				audience = append(audience, AudienceWatchers(around.Parent))
			}
		case owner:
			if ValidID(around.Owner) {
				audience = append(audience, around.Owner)
			}
		default:
			audience = append(audience, a)
		}
	}
	return audience
}

// Change is the old and the new value of one field.
type Change struct {
	Old any `json:"old"`
	New any `json:"new"`
}

// Changes maps the names of the fields that differ to their old and new values.
type Changes map[string]Change

// Compare notes field when old and new differ. Pointers are compared by what they point at.
func (c Changes) Compare(field string, old, new any) {
	if !reflect.DeepEqual(old, new) {
		c[field] = Change{Old: old, New: new}
	}
}

// catalog holds every event type, as define was called for them, and byName the same by name.
//
//nolint:gochecknoglobals // the registry
var (
	catalog        []EventType
	byName         = map[string]EventType{}
	privateActions = map[string]bool{}
)

// define adds an event type to the registry.
func define[P any](t EventType) EventDef[P] {
	var zero P
	t.Payload = zero
	catalog = append(catalog, t)
	byName[t.Name] = t
	if t.Private {
		privateActions[t.Action] = true
	}
	return EventDef[P]{t}
}

// Catalog returns every event type.
func Catalog() []EventType { return slices.Clone(catalog) }

// LookupEvent returns the event type with the given name, and whether there is one. Events with a caller's own name
// have none: they leave no activity and no notification. Of an event, ask Event.Type.
func LookupEvent(name string) (EventType, bool) {
	t, ok := byName[name]
	return t, ok
}

// PrivateAction reports whether Callboard's own entries of an action are only for the user that they are about, and admins.
func PrivateAction(action string) bool { return privateActions[action] }

// PrivateActions returns all actions of which PrivateAction is true, in order.
func PrivateActions() []string { return slices.Sorted(maps.Keys(privateActions)) }

// ClientEvents returns the names that clients use for what is no event: messages to one user, lists of viewers, and what
// they tell of the connection itself. No caller may use them for a message of its own.
func ClientEvents() []string {
	return []string{
		"notification", "unread_count", "viewers",
		"event", "connected", "disconnected", "subscribed", "unsubscribed", "gap", "caught-up", "reset", "error",
	}
}
