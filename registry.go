package callboard

import (
	"context"
	"reflect"
	"slices"
)

// EventType is one line of the registry: all that follows from an event of this name.
type EventType struct {
	Name string
	// Action is the action of its activity entry; empty when it leaves none.
	Action string
	// Channels says who hears of it live. "{resource}" stands for the resource's own channel, "{parent}" for that of the
	// resource it belongs to, and "{owner}" for the owner's own; the last two are left out where there is none. Anything else is
	// the name of a channel: "broadcast", "room:writers", "board:main".
	Channels []string
	// Notify says who is notified. "{watchers}" stands for the watchers of the resource, "{parent watchers}" for those of the
	// resource it belongs to, and "{owner}" for its owner. Anything else is an audience as ParseAudience
	// reads it. The actor never is.
	Notify []string
	// Message is the text of the notification. {actor} and {resource} stand for their names, and {data.title} for the field title
	// of the payload.
	Message string
	// Once is set when the event is meant to happen to a resource once at most, so that there is no earlier notification to join and
	// none is looked for. Nothing enforces it: one that happens again has a notification of its own.
	Once bool
	// Watch is set when the event makes its actor a watcher of the resource.
	Watch bool
	// Ephemeral events go straight to the sockets: no position, no history, no catching up.
	Ephemeral bool
	// Private events are about a user, and only for that user and admins: also their entries in the log, which else all may read.
	Private bool
	// Summary tells people what happened.
	Summary string
	// Payload is the zero value of the type of its data, for the catalog; nil where Schema describes it, or nothing does.
	Payload any
	// Schema describes the data of a type that is not defined in Go.
	Schema *Schema
}

// EventDef is an event type that knows the Go type of its payload.
type EventDef[P any] struct{ EventType }

// Define returns an event type whose data are of type P. It registers nothing: NewRegistry does.
func Define[P any](t EventType) EventDef[P] {
	var zero P
	t.Payload = zero
	return EventDef[P]{t}
}

// Relations is what a resource belongs to. Both may be zero.
type Relations struct {
	Parent Resource // the episode of a job
	Owner  string   // ID of a user
}

// New returns the event of this type about res, by the actor of ctx.
func (d EventDef[P]) New(ctx context.Context, res Resource, data P) Event {
	return d.Event(ctx, res, Relations{}, data)
}

// NewRelated is New for a resource that belongs to a user or to another resource.
func (d EventDef[P]) NewRelated(ctx context.Context, res Resource, around Relations, data P) Event {
	return d.Event(ctx, res, around, data)
}

// Event returns an event of this type about res, by the actor of ctx, whose data are not known to Go. Who knows them uses
// EventDef.New.
func (t EventType) Event(ctx context.Context, res Resource, around Relations, data any) Event {
	e := NewEvent(ctx, t.Name, res, data)
	e.Channels = t.channelsOf(res, around)
	e.Audience = t.audienceOf(res, around)
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
			if res.ID != "" {
				channels = append(channels, res.Channel())
			}
		case parentChannel:
			if around.Parent.ID != "" {
				channels = append(channels, around.Parent.Channel())
			}
		case owner:
			if ValidUserID(around.Owner) {
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
			if res.ID != "" {
				audience = append(audience, AudienceWatchers(res))
			}
		case parentWatchers:
			if around.Parent.ID != "" {
				audience = append(audience, AudienceWatchers(around.Parent))
			}
		case owner:
			if ValidUserID(around.Owner) {
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
	Old any `json:"old" doc:"Value before; null when there was none."`
	New any `json:"new" doc:"Value after; null when there is none."`
}

// Changes maps the names of the fields that differ to their old and new values.
type Changes map[string]Change

// Compare notes field when old and new differ. Pointers are compared by what they point at.
func (c Changes) Compare(field string, old, new any) {
	if !reflect.DeepEqual(old, new) {
		c[field] = Change{Old: old, New: new}
	}
}

// Registry knows all event types of a process: Callboard's own, and those of the application that it is part of. It never
// changes, so it may be used from any number of goroutines.
type Registry struct {
	types         []EventType // Callboard's own first
	byName        map[string]EventType
	ours          map[string]bool
	publicActions []string
}

// NewRegistry returns the registry of Callboard's own event types and those given. One that cannot work is CodeInvalid, with
// a field for each fault that begins with the name of the type: "cut_approved.message".
func NewRegistry(own ...EventType) (*Registry, error) {
	r := &Registry{byName: map[string]EventType{}, ours: map[string]bool{}}
	for _, t := range builtIn() {
		r.ours[t.Name] = true
		r.add(t)
	}
	var v Validator
	for i, faults := range CheckTypes(own) {
		for _, f := range faults {
			v.Add(fieldPrefix(i, own[i].Name)+f.Field, "%s", f.Message)
		}
		r.add(own[i])
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Registry) add(t EventType) {
	r.types = append(r.types, t)
	r.byName[t.Name] = t
	if t.Action != "" && !t.Private {
		r.publicActions = append(r.publicActions, t.Action)
	}
}

// builtIn returns Callboard's own event types.
func builtIn() []EventType {
	return []EventType{
		ShowCreated.EventType, ShowUpdated.EventType, ShowDeleted.EventType,
		EpisodeCreated.EventType, EpisodeUpdated.EventType, EpisodePublished.EventType, EpisodeArchived.EventType,
		EpisodeDeleted.EventType, EpisodeRestored.EventType,
		SavedViewCreated.EventType, SavedViewUpdated.EventType, SavedViewDeleted.EventType,
		FileCreated.EventType, FileUpdated.EventType, FileDeleted.EventType,
		JobQueued.EventType, JobStarted.EventType, JobProgress.EventType, JobCompleted.EventType, JobRetry.EventType,
		JobFailed.EventType, JobCancelled.EventType,
		ActivityLogged.EventType, NotificationCreated.EventType,
		ViewerJoined.EventType, ViewerLeft.EventType, PresenceStatusChanged.EventType,
		UserCreated.EventType, UserUpdated.EventType, UserDisabled.EventType, CredentialRevoked.EventType,
		ConnectionsEnded.EventType, TokenCreated.EventType, SignedIn.EventType, SignInFailed.EventType,
		Canary.EventType,
	}
}

// Types returns every event type, Callboard's own first.
func (r *Registry) Types() []EventType { return slices.Clone(r.types) }

// Lookup returns the event type with the given name, and whether there is one. Of an event, ask TypeOf.
func (r *Registry) Lookup(name string) (EventType, bool) {
	t, ok := r.byName[name]
	return t, ok
}

// BuiltIn reports whether name is an event of Callboard itself.
func (r *Registry) BuiltIn(name string) bool { return r.ours[name] }

// TypeOf returns what follows from e, and false where nothing does: e is a message of the socket calls, or of a type that
// this process does not know.
func (r *Registry) TypeOf(e *Event) (EventType, bool) {
	if e.Direct {
		return EventType{}, false
	}
	return r.Lookup(e.Name)
}

// PublicAction reports whether all may read the entries that events with this action leave in the log. Those of a private type
// are for the user that they are about and admins, and so are those of a type that is no longer known.
func (r *Registry) PublicAction(action string) bool { return slices.Contains(r.publicActions, action) }

// PublicActions returns all actions of which PublicAction is true.
func (r *Registry) PublicActions() []string { return slices.Clone(r.publicActions) }

// ClientEvents returns the names that clients use for what is no event: messages to one user, lists of viewers, and what
// they tell of the connection itself. No caller may use them for a message of its own.
func ClientEvents() []string {
	return []string{
		"notification", "unread_count", "viewers",
		"event", "connected", "disconnected", "subscribed", "unsubscribed", "gap", "caught-up", "reset", "error",
	}
}
